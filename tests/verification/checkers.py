"""What the tests of the core share: observed orders, slopes, geometry that must close, and small cases made of
boxes."""

import numpy as np

import oxycell
from oxycell.case.case import Case
from oxycell.case.solving.solve import solve_case
from oxycell.verification.check import observed_orders
from oxycell.verification.parts import box, convection, fixed, layers, material, surface

__all__ = [
    "boundary_heat",
    "box",
    "case_of",
    "check_geometry",
    "check_ledger",
    "check_slope",
    "convection",
    "fixed",
    "layers",
    "material",
    "observed_orders",
    "solved",
    "surface",
    "terminal_current",
    "terminal_potential",
]


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
    assert np.allclose(volume, mesh.cell_volume, rtol=1e-9, atol=1e-9 * mesh.cell_volume.min()), (
        "a volume is not that of its faces"
    )
    line = mesh.cell_centre[mesh.neighbour[inside]] - mesh.cell_centre[mesh.owner[inside]]
    across = np.einsum("ij,ij->i", line, mesh.normal[inside])
    assert np.allclose(mesh.distance[inside].sum(1), across, rtol=1e-9), (
        "distances do not add up to that of the centres"
    )
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
