"""Block `integrals`: totals and means over surfaces, regions, interfaces and planes, from the stored terms of their
faces and cells."""

import numpy as np

from oxycell.io.fields import at_rest, joule_heat, lump_of_cell, resists
from oxycell.mesh.locate import faces_of
from oxycell.mesh.mesh import SAME
from oxycell.report.figure import TEXT, Figure, Shown
from oxycell.report.sums import number, total
from oxycell.report.values import SCALARS, scalars_at, sides

_UNITS = {"temperature": "K", "electric_potential": "V", "rest_potential": "V", "overpotential": "V"}


def integrals(mesh, record):
    """Block `integrals`: name → its kind and its figures; totals are of the whole cell, `copies` says of how many
    alike."""
    makers = {"region": _region, "surface": _surface, "interface": _interface, "plane": _plane}
    return {
        name: {"kind": chosen["kind"], "copies": chosen["copies"], **makers[chosen["kind"]](mesh, record, chosen)}
        for name, chosen in record.get("integrals", {}).items()
    }


def _region(mesh, record, chosen):
    """Volume, Joule heat, and means by volume; extrema over the cells and their own sides of their faces."""
    cell, copies = chosen["cell"], chosen["copies"]
    volume, face = mesh.cell_volume[cell], faces_of(mesh, cell)
    found = {"volume_m3": copies * total(volume)}
    if "electric" in record:
        found["joule_heat_W"] = number(copies * total(np.nan_to_num(joule_heat(mesh, record)[cell] * volume)))
    distinct, back = np.unique(face[1], return_inverse=True)
    for field in _fields(record):
        values = record["cells"][field][cell]
        at_faces = sides(mesh, record, field, distinct)[back, face[2]]
        found |= _summary(field, values, volume, np.concatenate([values, at_faces]))
    return found


def _surface(mesh, record, chosen):
    """Area, what leaves through it, and values at the surface itself."""
    face, copies = chosen["face"], chosen["copies"]
    found = {"area_m2": copies * total(mesh.area[face])}
    if "electric" in record:
        found["current_A"] = number(copies * total(_through(mesh, record, "electric", "current", face)))
    if "thermal" in record:
        found["heat_W"] = number(copies * total(_through(mesh, record, "thermal", "heat_neighbour", face)))
    for field in _fields(record):
        found |= _summary(field, sides(mesh, record, field, face)[:, 0], mesh.area[face])
    return found


def _interface(mesh, record, chosen):
    """Area, current from the first to the second side, and on each side heat and values; the jump of their means."""
    face, forward, copies = chosen["face"], chosen["sign"] > 0, chosen["copies"]
    found = {"area_m2": copies * total(mesh.area[face])}
    if "electric" in record:
        found["current_A"] = number(
            copies * total(chosen["sign"] * _through(mesh, record, "electric", "current", face))
        )
    leaving, entering = _heat(mesh, record, face, forward)
    jump = {}
    for side, name, heat in ((0, "first", leaving), (1, "second", entering)):
        found[name] = {} if heat is None else {"heat_W": number(copies * total(heat))}
        for field in _fields(record):
            values = sides(mesh, record, field, face)
            found[name] |= _summary(field, np.where(forward, values[:, side], values[:, 1 - side]), mesh.area[face])
    for key in found["first"]:
        if key != "heat_W":
            ends = found["first"][key]["mean"], found["second"][key]["mean"]
            jump[key] = None if None in ends else ends[0] - ends[1]
    return found | {"jump": jump} | _laws(mesh, record, chosen)


def _laws(mesh, record, chosen):
    """Equilibrium potential and overpotential from the first to the second side, by area, where there are such laws."""
    found, sign, area = {}, chosen["sign"], mesh.area[chosen["face"]]
    for name, belongs in (
        ("rest_potential", at_rest),
        ("overpotential", lambda law: not (at_rest(law) or resists(law))),
    ):
        drops = np.full(mesh.n_faces, np.nan)
        for law in (law for law in record.get("electric", {"laws": {}})["laws"].values() if belongs(law)):
            face = record["electric"]["face"][law["index"]]
            drops[face] = np.nan_to_num(drops[face]) + law["drop"]
        values = sign * drops[chosen["face"]]
        if np.isfinite(values).any():
            found |= _summary(name, values, area)
    return found


def _plane(mesh, record, chosen):
    """Area, current and heat along the axis, and values on the plane; heat is None where stirring carries some of
    it."""
    face, forward, copies = chosen["face"], chosen["sign"] > 0, chosen["copies"]
    axis, place = chosen["axis"], chosen["place"]
    centre = mesh.face_centre[face]
    off = place - centre[:, axis]
    projected = mesh.area[face] * mesh.normal[face][:, axis] * chosen["sign"]
    found = {
        "axis": "xyz"[axis],
        "at_m": place,
        "faces_off_m": float(np.max(np.abs(off))),
        "area_m2": copies * total(projected),
    }
    if "electric" in record:
        found["current_A"] = number(
            copies * total(chosen["sign"] * _through(mesh, record, "electric", "current", face))
        )
    leaving, entering = _heat(mesh, record, face, forward)
    if leaving is not None:
        stirred = _stirred(mesh, record, face)
        found["heat_W"] = None if stirred else number(copies * total(leaving))
        found["heat_made_W"] = None if stirred else number(copies * total(entering - leaving))
    # Each face is moved along the axis onto the plane, with the values of the cell on the plane's side of it.
    centre[:, axis] = place
    inner = mesh.neighbour[face] >= 0
    beyond = inner & ((off > 0.0) == forward)
    cell = np.where(beyond, mesh.neighbour[face], mesh.owner[face])
    for field in _fields(record):
        at_faces = sides(mesh, record, field, face)
        values = np.where(np.abs(off) > SAME, scalars_at(mesh, record, field, centre, cell), _middle(at_faces))
        found |= _summary(field, values, projected)
    return found


def _middle(at_faces):
    """Mean of both sides (n, 2), of one where there is one."""
    one, other = at_faces.T
    return 0.5 * (np.where(np.isnan(one), other, one) + np.where(np.isnan(other), one, other))


def _stirred(mesh, record, face):
    """Whether faces lie within a stirred lump, where no term says what passes."""
    inner = face[mesh.neighbour[face] >= 0]
    row = record["thermal"]["row_of_cell"]
    same = row[mesh.owner[inner]] == row[mesh.neighbour[inner]]
    return bool(np.any(same & (lump_of_cell(record)[mesh.owner[inner]] >= 0)))


def _through(mesh, record, block, term, face):
    """A stored term of faces (n,) of the model, 0 where a face carries none; from owner to neighbour, outwards at a
    boundary."""
    found = np.zeros(mesh.n_faces)
    found[record[block]["face"]] = record[block][term]
    return found[face]


def _heat(mesh, record, face, forward):
    """Heat that leaves the first side and that enters the second (n,) [W], both; None without a heat balance."""
    if "thermal" not in record:
        return None, None
    left, entered = (_through(mesh, record, "thermal", term, face) for term in ("heat_owner", "heat_neighbour"))
    return np.where(forward, left, -entered), np.where(forward, entered, -left)


def _fields(record):
    return [name for name in SCALARS if name == "temperature" or "electric" in record]


def _summary(field, values, weight, extremes=None):
    """{field_unit: {mean, min, max}} by weight; places where the field is not defined do not count."""
    there = np.isfinite(values)
    extremes = values if extremes is None else extremes
    extremes = extremes[np.isfinite(extremes)]
    if not there.any():
        return {f"{field}_{_UNITS[field]}": {"mean": None, "min": None, "max": None}}
    mean = total((values * weight)[there]) / total(weight[there])
    return {
        f"{field}_{_UNITS[field]}": {"mean": number(mean), "min": number(extremes.min()), "max": number(extremes.max())}
    }


_SIDES = ("", "*.")  # of all but interfaces, of interfaces by side
_FIELDS = {
    "temperature_K": "temperature",
    "electric_potential_V": "electric potential",
}
_LAWS = {"rest_potential_V": "equilibrium potential", "overpotential_V": "overpotential"}
_SUMMARY = {"mean": "by faces/area or cells/volume", "min": "minimum", "max": "maximum"}
_OF_FIELD = "surface values of faces, or values of cells: cells/"


def _figure(key, unit, label, formula, **more):
    return Figure(f"integrals.*.{key}", unit, label, formula, **{"views": ("html",), **more})


FIGURES = (
    Figure(
        "integrals",
        "",
        "totals and means over surfaces, regions, interfaces and planes",
        "copies × Σ of stored terms over integrals/NAME/face or cell",
        compute=lambda solved: integrals(solved.mesh, solved.record),
        note="by name; totals are of the whole cell",
        views=(),
    ),
    _figure("kind", TEXT, "kind", "integrals/NAME/kind", views=()),
    _figure(
        "copies", "", "copies", "integrals/NAME/copies", note="how many alike there are in the whole cell", views=()
    ),
    _figure(
        "volume_m3",
        "m3",
        "volume",
        "copies × Σ cells/volume over integrals/NAME/cell",
        note="of regions",
        shown=Shown("m³"),
    ),
    _figure(
        "area_m2",
        "m2",
        "area",
        "copies × Σ faces/area over integrals/NAME/face, of planes projected on the plane",
        note="of surfaces, interfaces and planes",
        shown=Shown("m²"),
    ),
    _figure(
        "joule_heat_W",
        "W",
        "Joule heat",
        "copies × Σ electric/current × drop_owner, drop_neighbour of integrals/NAME/cell",
        note="of regions",
        shown=Shown("W"),
    ),
    _figure(
        "current_A",
        "A",
        "current",
        "copies × Σ sign × electric/current over integrals/NAME/face",
        note="outwards, from the first side to the second, along the axis",
        shown=Shown("A"),
    ),
    *(
        _figure(
            f"{side}heat_W",
            "W",
            "heat",
            "copies × Σ sign × thermal/heat_owner or heat_neighbour over integrals/NAME/face, on the side named",
            note="of interfaces, by side"
            if side
            else "of surfaces outwards, of planes along the axis; `null` where a plane cuts a stirred lump",
            shown=Shown("W"),
        )
        for side in _SIDES
    ),
    _figure(
        "heat_made_W",
        "W",
        "heat generated on the faces",
        "copies × Σ sign × (heat_neighbour − heat_owner) over integrals/NAME/face",
        note="of planes",
        views=(),
    ),
    _figure("axis", TEXT, "axis", "integrals/NAME/axis", note="of planes", views=()),
    _figure("at_m", "m", "place of the plane", "integrals/NAME/place", note="of planes", views=()),
    _figure(
        "faces_off_m",
        "m",
        "distance of the faces from the plane",
        "largest |face centre − at_m|",
        note="of planes",
        views=(),
    ),
    *(
        _figure(
            f"{side}{key}.{name}",
            key.rpartition("_")[2],
            f"{label}, {name}",
            f"{words} of {_OF_FIELD}{label.replace(' ', '_')}",
            note="of interfaces, by side" if side else "",
            views=("html",) if name == "mean" or key == "temperature_K" else (),
        )
        for key, label in _FIELDS.items()
        for side in _SIDES
        for name, words in _SUMMARY.items()
    ),
    *(
        _figure(
            f"{key}.{name}",
            "V",
            f"{label}, {name}",
            f"{words} of sign × electric/laws/*/drop",
            note="of interfaces with such laws, from the first side to the second",
            views=(),
        )
        for key, label in _LAWS.items()
        for name, words in _SUMMARY.items()
    ),
    *(
        _figure(
            f"jump.{key}",
            key.rpartition("_")[2],
            f"jump of {label}",
            "mean of the first side − mean of the second",
            note="of interfaces",
            views=(),
        )
        for key, label in _FIELDS.items()
    ),
)
