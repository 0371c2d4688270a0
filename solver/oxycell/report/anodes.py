"""What each anode carries: current, current density, temperature."""

import numpy as np

from oxycell.arrays import Floats
from oxycell.report.figure import PERCENT, PLACE, TEXT, Figure, Shown, Tree
from oxycell.report.solved import Solved
from oxycell.report.sums import number, total

_PEAK = 0.99  # area fraction below the peak current density


def anodes(solved: Solved) -> list[Tree]:
    """Every anode that carries current: list of dict by the last part of its figures' keys; an anode cut by a symmetry
    plane is reported whole, `count` of them are alike in the whole cell."""
    record = solved.record
    listed = [_anode(solved.mesh, record, index, name) for index, name in enumerate(record["names"]["anodes"])]
    return [entry for entry in listed if entry is not None]


def non_uniformity(solved: Solved) -> float | None:
    """(largest − smallest)/mean of the anodes' currents; None where they carry none in sum."""
    currents = np.array([entry["current_A"] for entry in solved.once(anodes)])
    counts = np.array([entry["count"] for entry in solved.once(anodes)])
    mean = total(currents * counts) / total(counts)
    return number((currents.max() - currents.min()) / mean) if mean else None


def _anode(mesh, record, index, name):
    electrodes, electric, cells = record["electrodes"], record["electric"], record["cells"]
    mine = electrodes["anode"] == index
    if not mine.any():
        return None
    position, sign = electrodes["index"][mine], electrodes["sign"][mine]
    face, active = electric["face"][position], electrodes["active"][mine].astype(bool)
    current, area = sign * electric["current"][position], record["faces"]["area"][face]
    inner = np.where(sign > 0, record["faces"]["owner"][face], record["faces"]["neighbour"][face])
    whole = np.flatnonzero(cells["anode"] == index)
    plate = np.union1d(whole[np.isin(cells["region"][whole], np.unique(cells["region"][inner]))], inner)
    copies = _copies(mesh, plate)
    nominal = total(area[active]) if active.any() else total(area)
    temperature, volume, centre = cells["temperature"][plate], cells["volume"][plate], mesh.cell_centre[plate]
    return {
        "name": name,
        "current_A": number(copies * total(current)),
        "count": int(record["multiplicity"]) // copies,
        "mean_current_density_A_m2": number(total(current) / nominal),
        "peak_current_density_A_m2": number(area_percentile(current / area, area, _PEAK)),
        "mean_temperature_K": number(total(temperature * volume) / total(volume)),
        "max_temperature_K": number(temperature.max()),
        "active_area_m2": number(copies * nominal),
        "wetted_area_m2": number(copies * total(area)),
        "x_m": number(total(centre[:, 0] * volume) / total(volume)),
        "y_m": number(total(centre[:, 1] * volume) / total(volume)),
    }


def _copies(mesh, cells):
    """Mirror images of the model that make these cells (n,) int whole: 2 for each symmetry plane that cuts them."""
    planes = mesh.n_internal + np.flatnonzero(~mesh.outer[mesh.n_internal :])
    on_plane = planes[np.isin(mesh.owner[planes], cells)]
    return 2 ** sum(bool((np.abs(mesh.normal[on_plane, "xyz".index(axis)]) > 0.7).any()) for axis in mesh.symmetry)


def area_percentile(values: Floats, area: Floats, share: float) -> float:
    """Value (n,) below which a share of the area lies."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(area[order])
    return values[order][min(int(np.searchsorted(below, share * below[-1])), values.size - 1)]


def _figure(key, unit, label, formula, **more):
    return Figure(
        f"anodes.list.*.{key}",
        unit,
        label,
        formula,
        ("charge", "anodes"),
        lambda solved: [anode[key] for anode in solved.once(anodes)],
        absent=[],
        **{"views": ("html",), **more},
    )


_KILOAMPERE, _DENSITY = Shown("kA", 1e-3, digits=4), Shown("A/cm²", 1e-4, digits=4)
_PLATE = "over the anode's regions that touch the electrolyte"

FIGURES = (
    _figure("name", TEXT, "anode", "names/anodes", views=()),
    _figure(
        "current_A",
        "A",
        "current",
        "Σ electrodes/sign × electric/current over the anode's wetted faces, × 2 for each symmetry plane that cuts the "
        "anode",
        shown=_KILOAMPERE,
    ),
    _figure("count", "", "alike", "multiplicity over the copies that make the anode whole", note="in the whole cell"),
    _figure(
        "mean_current_density_A_m2",
        "A/m2",
        "mean current density",
        "current over the area of the faces marked electrodes/active",
        note="on the nominal area, that which faces down or has a cathode opposite",
        shown=_DENSITY,
    ),
    _figure(
        "peak_current_density_A_m2",
        "A/m2",
        "peak current density",
        "value of electric/current over faces/area that 99 % of the wetted area stays below",
        note="of all wetted faces, so it may lie below the mean",
        shown=_DENSITY,
    ),
    _figure("mean_temperature_K", "K", "mean temperature", f"cells/temperature by cells/volume, {_PLATE}"),
    _figure("max_temperature_K", "K", "highest temperature", f"largest cells/temperature, {_PLATE}"),
    _figure("active_area_m2", "m2", "nominal area", "Σ faces/area of the faces marked electrodes/active", views=()),
    _figure("wetted_area_m2", "m2", "wetted area", "Σ faces/area of electrodes/index", views=()),
    _figure("x_m", "m", "place along x", f"cell centres by cells/volume, {_PLATE}", shown=PLACE, views=()),
    _figure("y_m", "m", "place along y", f"cell centres by cells/volume, {_PLATE}", shown=PLACE, views=()),
    Figure(
        "anodes.non_uniformity",
        "",
        "spread of currents",
        "(largest − smallest)/mean of anodes.list.*.current_A, the mean by count",
        ("charge", "anodes", "current"),
        non_uniformity,
        shown=PERCENT,
    ),
)
