"""What the tests of the core share: observed orders, slopes, geometry that must close, and small cases made of boxes."""

import numpy as np

import oxycell
from oxycell.case.case import Case
from oxycell.case.solve import solve_case


def observed_orders(sizes, errors):
    """Orders of convergence between successive meshes; sizes and errors (n,), both > 0, give (n − 1,)."""
    sizes, errors = np.asarray(sizes, float), np.asarray(errors, float)
    return np.log(errors[1:] / errors[:-1]) / np.log(sizes[1:] / sizes[:-1])


def check_slope(function, x, steps, noise=0.0):
    """Taylor test: the remainder |f(x + h) − f(x) − h f'(x)| falls with h², or is lost in round-off from the start.

    Parameters
    ----------
    function : x → (value, slope), floats
    x : float
    steps : three steps, each half of the one before
    noise : round-off of the value, beside that of its last digits
    """
    value, slope = function(x)
    remainder = np.array([abs(function(x + h)[0] - value - h * slope) for h in steps])
    rounding = noise + 64 * np.finfo(float).eps * (abs(value) + abs(x * slope))
    if remainder[0] <= rounding:
        return
    orders = np.log2(remainder[:-1] / np.maximum(remainder[1:], 1e-300))
    kept = remainder[1:] > 100 * rounding
    assert np.all(orders[kept] > 1.85), f"remainders {remainder} at {x}: orders {orders}; a slope is wrong"
    assert kept.any() or remainder[-1] <= 100 * rounding, f"remainders {remainder} at {x} do not fall"


def check_geometry(mesh):
    """Cells are closed, their volumes follow from their faces, faces lie between the cells they join."""
    inside = mesh.neighbour >= 0
    assert np.all(inside[: mesh.n_internal]) and not inside[mesh.n_internal :].any(), "internal faces come first"
    vector = mesh.area[:, None] * mesh.normal
    cone = np.einsum("ij,ij->i", vector, mesh.face_centre) / 3.0
    gap, volume, whole = np.zeros((mesh.n_cells, 3)), np.zeros(mesh.n_cells), np.zeros(mesh.n_cells)
    for cells, sign, chosen in ((mesh.owner, 1.0, slice(None)), (mesh.neighbour[inside], -1.0, inside)):
        np.add.at(gap, cells, sign * vector[chosen])
        np.add.at(volume, cells, sign * cone[chosen])
        np.add.at(whole, cells, mesh.area[chosen])
    assert np.all(np.abs(gap) <= 1e-12 * whole[:, None]), "a cell is not closed"
    assert np.allclose(volume, mesh.cell_volume, rtol=1e-9, atol=1e-9 * mesh.cell_volume.min()), "a volume is not that of its faces"
    line = mesh.cell_centre[mesh.neighbour[inside]] - mesh.cell_centre[mesh.owner[inside]]
    across = np.einsum("ij,ij->i", line, mesh.normal[inside])
    assert np.allclose(mesh.distance[inside].sum(1), across, rtol=1e-9), "distances do not add up to that of the centres"
    assert np.all(mesh.distance[~inside, 1] == 0.0) and np.all(mesh.distance[:, 0] > 0.0)


def check_ledger(solution):
    """Every ledger of the report closes; returns the report."""
    figures = oxycell.report(solution)
    failures = oxycell.report.closed(figures)
    assert not failures, "; ".join(failures)
    return figures


def case_of(**parts):
    """A Case from the parts of a case file."""
    return Case.model_validate(parts)


def solved(**parts):
    """Solution of the case made of these parts."""
    return solve_case(case_of(**parts))


def box(name, material, x, y=(0.0, 1.0), z=(0.0, 1.0), **more):
    """A box as a case file states it; extents in metres."""
    return {"name": name, "material": material, **more} | {
        axis: [f"{low!r} m", f"{high!r} m"] for axis, (low, high) in zip("xyz", (x, y, z), strict=True)
    }


def layers(*stack, axis="x", side=1.0):
    """Boxes (name, material, thickness [m]) one behind the other along an axis, `side` wide across, from 0 on."""
    boxes, place = [], 0.0
    for name, material, thickness in stack:
        extent = {a: (0.0, side) for a in "xyz"} | {axis: (place, place + thickness)}
        boxes.append(box(name, material, **extent))
        place += thickness
    return boxes


def material(sigma=None, k=1.0):
    """A material as a case file states it; σ [S/m] and k [W/m/K], numbers or tables as two lists."""

    def stated(value, unit):
        if isinstance(value, tuple):
            return {"temperature": [f"{T!r} K" for T in value[0]], "value": list(value[1])}
        return f"{value!r} {unit}"

    found = {"thermal_conductivity": stated(k, "W/m/K")}
    return found | ({"electrical_conductivity": stated(sigma, "S/m")} if sigma is not None else {})


def surface(name, of, *sides, **extents):
    """A named surface as a case file states it; extents in metres."""
    return {"name": name, "of": of, "sides": list(sides)} | {axis: [f"{low!r} m", f"{high!r} m"] for axis, (low, high) in extents.items()}


def convection(h, fluid):
    """Law of a condition: h [W/m²/K], fluid [K]."""
    return {"kind": "convection", "coefficient": f"{h!r} W/m2/K", "fluid": f"{fluid!r} K"}


def fixed(T):
    """Law of a condition: a surface temperature [K]."""
    return {"kind": "fixed_temperature", "temperature": f"{T!r} K"}


def boundary_heat(solution, name):
    """Heat that leaves through a loss path [W], summed here from the record, of the model."""
    thermal = solution.record["thermal"]
    path = solution.record["names"]["paths"].index(name)
    return float(thermal["heat_neighbour"][thermal["path"] == path].sum())


def terminal_potential(solution, name):
    """Potential of a terminal, behind its external resistance [V]."""
    record = solution.record
    return float(record["electric"]["terminal_node_potential"][record["names"]["terminals"].index(name)])


def terminal_current(solution, name):
    """Current into the model at a terminal [A], summed here from the record."""
    electric = solution.record["electric"]
    return -float(electric["current"][electric["terminal"] == solution.record["names"]["terminals"].index(name)].sum())
