"""Terms of a balance as its record holds them, and what they leave over in each row and on each face."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Terms:
    """Terms of a balance of the model, in its unit; r rows, n faces.

    Attributes
    ----------
    n_rows : int
    owner, neighbour : (n,) int, rows; neighbour −1 outside
    out_of_owner, into_neighbour : (n,), what leaves the row `owner` into the face and enters `neighbour` or what is
        outside
    boundary : (n,) bool, faces that lie on the boundary
    sources : list of (rows (m,) int, made in them (m,))
    face_sources : list of (positions (m,) int among the faces, made on them (m,))
    links : list of (rows (k,) int, rows (k,) int, what passes from one to the other (k,))
    stored : float, or (r,)
    """

    n_rows: int
    owner: np.ndarray
    neighbour: np.ndarray
    out_of_owner: np.ndarray
    into_neighbour: np.ndarray
    boundary: np.ndarray
    sources: list
    face_sources: list
    links: list
    stored: object


def heat_terms(record):
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
        record["faces"]["neighbour"][thermal["face"]] < 0,
        _listed(thermal["sources"], "row", "heat"),
        _listed(thermal["face_sources"], "index", "heat"),
        links,
        float(thermal["stored"]),
    )


def terms_of(group):
    """Terms of a group `balances/NAME` of a record, see docs/formats.md."""
    return Terms(
        int(group["n_rows"]),
        group["row_owner"],
        group["row_neighbour"],
        group["out_of_owner"],
        group["into_neighbour"],
        group["row_neighbour"] < 0,
        _listed(group.get("sources", {}), "row", "rate"),
        _listed(group.get("face_sources", {}), "index", "rate"),
        [],
        group.get("stored", 0.0),
    )


def _listed(groups, at, value):
    return [(groups[name][at], groups[name][value]) for name in sorted(groups)]


def row_residual(terms):
    """Σ sources − Σ out − stored of each row (n_rows,)."""
    inside = terms.neighbour >= 0
    residual = -np.bincount(terms.owner, terms.out_of_owner, terms.n_rows)
    residual += np.bincount(terms.neighbour[inside], terms.into_neighbour[inside], terms.n_rows)
    for one, other, passed in terms.links:
        residual -= np.bincount(one, passed, terms.n_rows)
        residual += np.bincount(other, passed, terms.n_rows)
    for row, made in terms.sources:
        residual += np.bincount(row, made, terms.n_rows)
    return residual if np.ndim(terms.stored) == 0 else residual - terms.stored


def face_residual(terms):
    """What enters the neighbour − what leaves the owner − what is made on the face (n,)."""
    residual = terms.into_neighbour - terms.out_of_owner
    for index, made in terms.face_sources:
        face, place = np.unique(index, return_inverse=True)
        residual[face] -= np.bincount(place, made, face.size)
    return residual
