"""Case → conditions on outer surfaces: which faces the conditions of a balance are stated for, and its laws there.

A balance takes the laws of its own registry (`physics/boundary_laws.py`); `stated_conditions` serves all of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from oxycell.arrays import Ints
from oxycell.errors import CaseError
from oxycell.mesh.build import find_names
from oxycell.mesh.mesh import Mesh
from oxycell.options import Options
from oxycell.physics.conditions import Condition
from oxycell.physics.heat.boundaries import HEAT_LAWS, Law
from oxycell.physics.varying import Fields, Places

if TYPE_CHECKING:
    from oxycell.case.case import Case

Stated: TypeAlias = tuple[tuple[Condition, str, str], ...]
"""What is stated for some faces: each condition with its loss path and the surface it names."""

Placed: TypeAlias = tuple[Ints, Ints, tuple[Any, ...]]
"""Faces (n,) int, their orientation (n,) int, and laws with arrays over them where they vary."""


def stated_conditions(
    case: "Case", mesh: Mesh, surfaces: Mapping[str, Ints], registry: Mapping[str, type[Options]]
) -> tuple[list[tuple[Ints, Stated]], list[str]]:
    """Outer faces by the conditions that are stated for them, of one balance.

    Parameters
    ----------
    case : Case; mesh : Mesh
    surfaces : dict name → (n,) int, faces
    registry : mapping kind → class, the laws of the balance; conditions with laws of others alone are passed over

    Returns
    -------
    list of (faces, stated), faces (n,) int of which the same is stated, tuple of (condition, path, surface)
    paths : list of str, of all surfaces, those without outer faces among them

    Raises
    ------
    CaseError
        A surface that does not exist.
    """
    stacks: list[Stated] = [()]
    number: dict[tuple[int, int, str], int] = {}
    paths: dict[str, None] = {}
    at = np.zeros(mesh.n_faces, np.int32)
    for spec in case.conditions:
        if not spec.concerns(registry):
            continue
        for name in find_names(spec.on, surfaces, "conditions"):
            entry, before = (spec, spec.path or name, name), at[surfaces[name]]
            paths[entry[1]] = None
            for old in np.unique(before):
                if any(other is spec for other, _, _ in stacks[old]):
                    continue
                key = int(old), id(spec), entry[1]
                if key not in number:
                    number[key] = len(stacks)
                    stacks.append((*stacks[old], entry))
                at[surfaces[name][before == old]] = number[key]
    order = np.argsort(at[mesh.outside], kind="stable")
    faces = mesh.outside[order]
    ends = np.searchsorted(at[faces], np.arange(len(stacks) + 1))
    found = [(faces[ends[i] : ends[i + 1]], stack) for i, stack in enumerate(stacks) if i and ends[i] < ends[i + 1]]
    return found, list(paths)


def placed_laws(
    mesh: Mesh, faces: Ints, stated: Stated, registry: Mapping[str, type[Options]], fields: Fields
) -> tuple[Any, ...]:
    """Laws of one balance on faces (n,) int, with what varies in them as arrays over these.

    Parameters
    ----------
    stated : tuple of (condition, path, surface), from `stated_conditions`
    registry : mapping kind → class; fields : Fields

    Returns
    -------
    tuple of laws

    Raises
    ------
    CaseError
        A value is out of range somewhere, a field is not given, or a law's own check fails.
    """
    places = Places(mesh, faces, True, fields)
    found: list[Any] = []
    for spec, _, surface in stated:
        for law in spec.laws_of(registry):
            what = f"conditions: surface {surface!r}: {law.kind}"
            found.append(places.placed(law, what))
            if isinstance(law, Law):
                found[-1].check(what)
    return tuple(found)


def heat_conditions(
    case: "Case", mesh: Mesh, surfaces: Mapping[str, Ints], fields: Fields
) -> tuple[list[Placed], Ints, list[str]]:
    """Conditions of the heat balance.

    Parameters
    ----------
    case : Case; mesh : Mesh; fields : Fields
    surfaces : dict name → (n,) int, faces

    Returns
    -------
    conditions : list of (faces, orientation, laws), each (n,) int, (n,) int and a tuple; orientation 0 vertical, +1
        facing up, −1 facing down
    path : (n_outer,) int, path of each outer face, −1 without a condition
    paths : list of str, names of the loss paths

    Raises
    ------
    CaseError
        Conditions that contradict each other, or a law out of its range.
    """
    stacked, paths = stated_conditions(case, mesh, surfaces, HEAT_LAWS)
    conditions, path = [], np.full(mesh.n_faces - mesh.n_internal, -1, np.int16)
    for faces, stated in stacked:
        laws = placed_laws(mesh, faces, stated, HEAT_LAWS, fields)
        surface, labels = stated[0][2], list(dict.fromkeys(label for _, label, _ in stated))
        if len(labels) > 1:
            names = " and ".join(map(repr, labels))
            raise CaseError(f"conditions: surface {surface!r} is reported under {names}; allowed: one path")
        _check_apart(case, stated)
        if len(laws) > 1 and any(law.kind == "fixed_temperature" for law in laws):
            raise CaseError(
                f"conditions: surface {surface!r} has a fixed temperature and another law; allowed: one or the other"
            )
        path[faces - mesh.n_internal] = paths.index(labels[0])
        upwards = mesh.normal[faces, 2]
        conditions.append((faces, np.rint(upwards * (abs(upwards) > 0.5)).astype(np.int64), laws))
    return conditions, path, paths


def _check_apart(case, stated):
    """CaseError where faces are under two conditions as part of two surfaces; those of conditions on one surface are
    meant to add up.

    stated : tuple of (spec, path, surface), what is stated for some faces
    """
    number = {id(spec): i for i, spec in enumerate(case.conditions)}
    first, _, surface = stated[0]
    for spec, path, name in stated:
        if name != surface:
            raise CaseError(
                f"conditions.{number[id(spec)]}.on: surface {name!r} has faces in common with {surface!r} of condition "
                f"{number[id(first)]}, both reported under {path!r}; allowed: surfaces without faces in common"
            )


def merged(conditions: Iterable[Placed]) -> Iterator[Placed]:
    """Conditions with laws of the same kinds as one, their numbers by face; those that vary with temperature stay
    alone."""
    groups: dict[Any, list[Any]] = {}
    for number, (faces, orientation, laws) in enumerate(conditions):
        values = [{name: getattr(law, name) for name in type(law).model_fields if name != "kind"} for law in laws]
        plain = all(isinstance(value, float | np.ndarray) for each in values for value in each.values())
        kinds = tuple(law.kind for law in laws) if plain else number
        groups.setdefault(kinds, []).append((faces, orientation, laws, values))
    for group in groups.values():
        faces, orientation, laws, values = group[0]
        if len(group) > 1:
            laws = tuple(
                law.model_copy(
                    update={
                        name: np.concatenate([np.broadcast_to(each[n][name], at.size) for at, _, _, each in group])
                        for name in values[n]
                    }
                )
                for n, law in enumerate(laws)
            )
            faces, orientation = (np.concatenate([each[i] for each in group]) for i in (0, 1))
        yield faces, orientation, laws
