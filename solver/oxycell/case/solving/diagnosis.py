"""Why no steady state was found: the balance and the place that are off most, and what to look at."""

import numpy as np

from oxycell.limits import CHARGE_LIMIT, HEAT_LIMIT, ROUND_OFF, WIDEST
from oxycell.solvers.criteria import sizes
from oxycell.solvers.step_limits import HOT

_SPAN = 1e20  # largest over smallest conductance from which on it is worth naming


def explained(built, evaluation, failure):
    """Why a solve ended without an answer, in one line.

    Parameters
    ----------
    built : Built
    evaluation : Evaluation of the last state
    failure : str, what the solver says

    Returns
    -------
    str: `failure`, then equation, place and size of the largest residual, then what to look at
    """
    problem = built.problem
    charge, heat = sizes(evaluation)
    if not np.isfinite([charge, heat]).all():
        return (
            f"{failure}; the last state holds what is not a number; hint: look for values of materials and "
            f"laws that are far off"
        )
    of_charge = problem.thermal is None or (problem.electric is not None and charge / CHARGE_LIMIT > heat / HEAT_LIMIT)
    r, unit, share = (evaluation.charge, "A", charge) if of_charge else (evaluation.heat_residual, "W", heat)
    row = int(np.argmax(np.abs(r)))
    where = (_electric_place if of_charge else _thermal_place)(built, row)
    flows = evaluation.charge_scale if of_charge else evaluation.heat_scale
    return (
        f"{failure}; the {'charge' if of_charge else 'heat'} balance is off most in {where}, by {abs(r[row]):.3g} "
        f"{unit} "
        f"where {flows:.3g} {unit} flow (relative {share:.1e}); hint: {_hint(built, evaluation, failure, of_charge)}"
    )


def unresolved(built, evaluation):
    """What double precision does not resolve to 1e-6, of a state that closes: list of str."""
    found = []
    for name, of_charge, solved in (("charge", True, built.problem.electric), ("heat", False, built.problem.thermal)):
        if solved is None:
            continue
        rows, outside, flows, unit, what, passes = (
            (
                evaluation.charge_round_off,
                evaluation.charge_round_off_outside,
                evaluation.charge_scale,
                "A",
                "potentials",
                "currents",
            )
            if of_charge
            else (
                evaluation.heat_round_off,
                evaluation.heat_round_off_outside,
                evaluation.heat_scale,
                "W",
                "temperatures",
                "heat",
            )
        )
        worst = int(np.argmax(rows))
        if ROUND_OFF * outside > WIDEST * flows > 0.0:
            found.append(
                f"{name}: round-off of {what} moves up to {ROUND_OFF * outside:.1e} {unit} across the boundary, where "
                f"{flows:.3g} {unit} flow; {passes} through surfaces and terminals are good to that"
            )
        elif ROUND_OFF * rows[worst] > WIDEST * flows > 0.0:
            place = (_electric_place if of_charge else _thermal_place)(built, worst)
            found.append(
                f"{name}: round-off of {what} moves up to {ROUND_OFF * rows[worst]:.1e} {unit} in {place}, where "
                f"{flows:.3g} "
                f"{unit} flow; {what} and sums mean what they say, {passes} from cell to cell there does not"
            )
    return found


def _electric_place(built, row):
    electric = built.problem.electric
    if row >= electric.cells.size:
        return f"terminal {electric.terminals[row - electric.cells.size].name!r}"
    return _cell_place(built.mesh, electric.cells[row])


def _thermal_place(built, row):
    thermal = built.problem.thermal
    lump = row - (thermal.n_rows - len(thermal.lumps))
    if lump >= 0:
        return f"lump {thermal.lumps[lump].name!r}"
    return _cell_place(built.mesh, int(np.flatnonzero((thermal.row == row) | (thermal.own == row))[0]))


def _cell_place(mesh, cell):
    x, y, z = mesh.cell_centre[cell]
    return f"{mesh.region_names[mesh.region[cell]]!r} at x, y, z = {x:.4g}, {y:.4g}, {z:.4g} m"


def _hint(built, evaluation, failure, of_charge):
    problem, mesh = built.problem, built.mesh
    if problem.thermal is not None:
        T = np.where(problem.thermal.real, evaluation.T, 0.0)
        hottest = int(np.argmax(T))
        if T[hottest] > HOT:
            made = sum(float(np.sum(terms)) for terms in evaluation.heat_made())
            taken = float(np.sum(evaluation.heat.shift[:, 0]))
            return (
                f"{T[hottest]:.3g} K in {_thermal_place(built, hottest)}: {mesh.multiplicity * made:.3g} W are "
                f"made and "
                f"surfaces take away {mesh.multiplicity * taken:.3g} W/K; look at their coefficients, at the "
                f"current and at units"
            )
    if "linear solve" in failure:
        slope = evaluation.currents.slope if of_charge else evaluation.heat.slope
        finite = slope[(slope > 0.0) & np.isfinite(slope)]
        if finite.size and finite.max() > _SPAN * finite.min():
            return (
                f"conductances of faces span {finite.min():.1e} to {finite.max():.1e} {'S' if of_charge else 'W/K'}; "
                "look at the largest and smallest conductivities, contact resistances and cell sizes"
            )
    rows, flows = (
        (evaluation.charge_round_off, evaluation.charge_scale)
        if of_charge
        else (evaluation.heat_round_off, evaluation.heat_scale)
    )
    worst = int(np.argmax(rows))
    if ROUND_OFF * rows[worst] > WIDEST * flows:
        what = "potentials" if of_charge else "temperatures"
        other = (
            "; a smaller conductivity, or materials.NAME.ideal_conductor, gives the same answer"
            if of_charge
            else "; a smaller conductivity gives the same answer"
        )
        return (
            f"round-off of {what} alone moves {rows[worst]:.1e} {'A' if of_charge else 'W'} in "
            f"{(_electric_place if of_charge else _thermal_place)(built, worst)}{other}"
        )
    first = (
        "physics.temperature as a first guess"
        if problem.thermal is not None
        else "potentials or currents that differ less"
    )
    return f"look at the values there; {first} or solver.outer_iterations may help"
