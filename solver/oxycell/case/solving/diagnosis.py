"""Why no steady state was found: the balance and the location with the largest residual, and what to check."""

import numpy as np

from oxycell.limits import ROUND_OFF, WIDEST
from oxycell.physics.heat import scales
from oxycell.solvers.criteria import sizes

_SPAN = 1e20  # largest over smallest conductance from which on it is worth naming
_NAMED = {"A/V": "S"}  # units with a name of their own


def explained(built, evaluation, failure):
    """Why a solve ended without an answer, in one line.

    Parameters
    ----------
    built : Built
    evaluation : Evaluation of the last state
    failure : str, what the solver says

    Returns
    -------
    str: `failure`, then equation, place and size of the largest residual, then what to check
    """
    problem, found = built.problem, sizes(evaluation)
    if not np.isfinite(list(found.values())).all():
        return (
            f"{failure}; the last state contains values that are not numbers; "
            "hint: check the values of materials and laws"
        )
    balance = max(problem.balances, key=lambda balance: found[balance.name] / balance.limit)
    residual, flow = evaluation.of(balance, "residual"), evaluation.of(balance, "flow")
    row = int(np.argmax(np.abs(residual)))
    return (
        f"{failure}; the {balance.name} balance has its largest residual in "
        f"{_place(built, balance, row)}, {abs(residual[row]):.3g} {balance.unit} where {flow:.3g} {balance.unit} "
        f"flow (relative {found[balance.name]:.1e}); "
        f"hint: {_hint(built, evaluation, failure, balance)}"
    )


def unresolved(built, evaluation):
    """What double precision does not resolve to 1e-6, of a state that closes: list of str."""
    found = []
    for balance in built.problem.balances:
        floor, flow, unit = evaluation.of(balance, "floor"), evaluation.of(balance, "flow"), balance.unit
        field, passes = f"{balance.field}s", balance.passes
        worst = int(np.argmax(floor.rows))
        if ROUND_OFF * floor.outside > WIDEST * flow > 0.0:
            found.append(
                f"{balance.name}: round-off of {field} moves up to {ROUND_OFF * floor.outside:.1e} {unit} across the "
                f"boundary, where {flow:.3g} {unit} flow; {passes} through surfaces and terminals are accurate to that"
            )
        elif ROUND_OFF * floor.rows[worst] > WIDEST * flow > 0.0:
            found.append(
                f"{balance.name}: round-off of {field} moves up to {ROUND_OFF * floor.rows[worst]:.1e} {unit} in "
                f"{_place(built, balance, worst)}, where {flow:.3g} {unit} flow; {field} and sums mean what they say, "
                f"{passes} from cell to cell there does not"
            )
    return found


def _place(built, balance, row):
    """Where a row of a balance is, in words."""
    shared = np.flatnonzero(balance.shared_rows == row)
    if shared.size:
        return balance.shared_names[int(shared[0])]
    return _cell_place(built.mesh, balance.cell_of_row(row))


def _cell_place(mesh, cell):
    x, y, z = mesh.cell_centre[cell]
    return f"{mesh.region_names[mesh.region[cell]]!r} at x, y, z = {x:.4g}, {y:.4g}, {z:.4g} m"


def _hint(built, evaluation, failure, balance):
    thermal, mesh = built.problem.thermal, built.mesh
    if thermal is not None:
        T = np.where(thermal.real, evaluation.state.temperature, 0.0)
        hottest = int(np.argmax(T))
        if T[hottest] > built.case.solver.controls.steps.hottest:
            made = sum(float(np.sum(amounts)) for amounts in scales.made(evaluation.heat, evaluation.heat_reactions))
            taken = float(np.sum(evaluation.heat.shift[:, 0]))
            return (
                f"{T[hottest]:.3g} K in {_place(built, thermal, hottest)}: {mesh.multiplicity * made:.3g} W are "
                f"generated and surfaces remove {mesh.multiplicity * taken:.3g} W/K; check their coefficients, the "
                "current and units"
            )
    if "linear solve" in failure:
        slope = evaluation[balance.terms_name].slope
        finite = slope[(slope > 0.0) & np.isfinite(slope)]
        if finite.size and finite.max() > _SPAN * finite.min():
            unit = f"{balance.unit}/{balance.field_unit}"
            return (
                f"conductances of faces span {finite.min():.1e} to {finite.max():.1e} {_NAMED.get(unit, unit)}; "
                "check the largest and smallest conductivities, contact resistances and cell sizes"
            )
    rows, flow = evaluation.of(balance, "floor").rows, evaluation.of(balance, "flow")
    worst = int(np.argmax(rows))
    if ROUND_OFF * rows[worst] > WIDEST * flow:
        other = ", or materials.NAME.ideal_conductor, gives" if balance.name == "charge" else " gives"
        return (
            f"round-off of {balance.field}s alone moves {rows[worst]:.1e} {balance.unit} in "
            f"{_place(built, balance, worst)}; a smaller conductivity{other} the same solution"
        )
    first = (
        "physics.temperature as an initial guess" if thermal is not None else "potentials or currents that differ less"
    )
    return f"check the values there; {first} or solver.outer_iterations may help"
