"""Terms of a balance as its record holds them, and what they leave over in each row and on each face."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from oxycell.arrays import Floats
from oxycell.report.figure import Tree


@dataclass(frozen=True)
class Terms:
    """Terms of a balance of the model, in its unit; r rows, n faces.

    Attributes
    ----------
    n_rows : int
    owner, neighbour : (n,) int, rows; −1 outside
    leaving, entering : (n,), what leaves the owner into the face and enters the neighbour
    out : (k,), what leaves the model through its boundary
    sources : list of (rows (m,) int, generated in them (m,))
    face_sources : list of (positions (m,) int among the faces, generated on them (m,))
    links : list of (rows (k,) int, rows (k,) int, what passes from one to the other (k,))
    stored : float, or (r,)
    """

    n_rows: int
    owner: np.ndarray
    neighbour: np.ndarray
    leaving: np.ndarray
    entering: np.ndarray
    out: np.ndarray
    sources: list
    face_sources: list
    links: list
    stored: Any


def heat_terms(record: Tree) -> Terms:
    """Terms of the heat balance of a record [W]."""
    thermal, links = record["thermal"], []
    if "ledge" in record:
        ledge = record["ledge"]
        links.append((ledge["link_from"], ledge["link_to"], ledge["link_heat"]))
    return Terms(
        thermal["n_rows"],
        thermal["row_owner"],
        thermal["row_neighbour"],
        thermal["heat_owner"],
        thermal["heat_neighbour"],
        thermal["heat_neighbour"][record["faces"]["neighbour"][thermal["face"]] < 0],
        _listed(thermal["sources"], "row", "heat"),
        _listed(thermal["face_sources"], "index", "heat"),
        links,
        thermal["stored"],
    )


def terms_of(group: Tree) -> Terms:
    """Terms of a group `balances/NAME` of a record, see docs/formats.md."""
    faces = [group["faces"][name] for name in sorted(group.get("faces", {}))]
    owner, neighbour, leaving, entering = (
        np.concatenate([part[key] for part in faces] or [np.zeros(0, dtype)])
        for key, dtype in (("row_owner", int), ("row_neighbour", int), ("leaving", float), ("entering", float))
    )
    return Terms(
        int(group["n_rows"]),
        owner,
        neighbour,
        leaving,
        entering,
        np.concatenate([entering[neighbour < 0], -leaving[owner < 0]]),
        _listed(group.get("sources", {}), "row", "value"),
        _listed(group.get("face_sources", {}), "index", "value"),
        [],
        group.get("stored", 0.0),
    )


def _listed(groups, at, value):
    return [(groups[name][at], groups[name][value]) for name in sorted(groups)]


def row_residual(terms: Terms) -> Floats:
    """Σ sources − Σ out − stored of each row (n_rows,)."""
    residual: Floats = -_sums(terms.owner, terms.leaving, terms.n_rows)
    residual += _sums(terms.neighbour, terms.entering, terms.n_rows)
    for one, other, passed in terms.links:
        residual -= np.bincount(one, passed, terms.n_rows)
        residual += np.bincount(other, passed, terms.n_rows)
    for row, made in terms.sources:
        residual += np.bincount(row, made, terms.n_rows)
    return residual if np.ndim(terms.stored) == 0 else residual - terms.stored


def _sums(rows, values, n_rows):
    """Sums of values (n,) by row (n_rows,); those of rows < 0 are left out."""
    inside = rows >= 0
    return np.bincount(rows, values, n_rows) if inside.all() else np.bincount(rows[inside], values[inside], n_rows)


def face_residual(terms: Terms) -> Floats:
    """What enters the neighbour − what leaves the owner − what is generated on the face (n,)."""
    residual = terms.entering - terms.leaving
    for index, made in terms.face_sources:
        face, place = np.unique(index, return_inverse=True)
        residual[face] -= np.bincount(place, made, face.size)
    return residual
