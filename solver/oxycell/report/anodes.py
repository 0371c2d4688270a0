"""What each anode carries: current, current density, temperature."""

import numpy as np

from oxycell.report.sums import number, total

_PEAK = 0.99  # area fraction below the peak current density


def anodes(mesh, record):
    """Block `anodes`; an anode cut by a symmetry plane is reported whole, `count` of them are alike in the whole
    cell."""
    if "electrodes" not in record or not len(record["electrodes"]["index"]):
        return {"list": [], "non_uniformity": None}
    listed = [_anode(mesh, record, index, name) for index, name in enumerate(record["names"]["anodes"])]
    listed = [entry for entry in listed if entry is not None]
    currents = np.array([entry["current_A"] for entry in listed])
    counts = np.array([entry["count"] for entry in listed])
    mean = total(currents * counts) / total(counts)
    spread = number((currents.max() - currents.min()) / mean) if mean else None
    return {"list": listed, "non_uniformity": spread}


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


def area_percentile(values, area, share):
    """Value (n,) below which a share of the area lies."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(area[order])
    return values[order][min(int(np.searchsorted(below, share * below[-1])), values.size - 1)]
