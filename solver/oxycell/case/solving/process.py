"""What a state has to say about the bath, the current efficiency and the limiting current."""

import numpy as np

from oxycell.cell.electrochemistry import limiting_current_density
from oxycell.physics.electrode.carbon import COVERED_UP_TO, LINEAR_ABOVE
from oxycell.physics.electrode.drops import BUBBLE_LAYER, LIMITING_CURRENT

RISK = 0.8
"""Share of the limiting current above which an inert anode is at risk: it fluorinates and dissolves [E]."""


def electrolyte_temperature(case, problem, state):
    """Temperature of the electrolyte [K] at a state; with [process]."""
    lumps = (
        {lump.name: row for lump, row in zip(problem.thermal.lumps, problem.thermal.shared_rows, strict=True)}
        if problem.thermal
        else {}
    )
    row = lumps.get(case.process.electrolyte)
    return case.physics.temperature if row is None else float(state.temperature[row])


def limiting_densities(case, problem, state, evaluation):
    """Limiting current densities at a state (k,) [A/m²], of the faces with laws, NaN for none.

    That of a limiting_current law, and on inert anodes that of alumina's transfer to them.
    """
    laws = problem.electric.laws
    limit = laws.limiting_current(evaluation.currents.conduction.laws.temperature)
    found = np.where(limit > 0.0, limit, np.nan)
    if case.process is not None and case.bath is not None and case.process.reaction == "oxygen":
        density = float(case.bath.density(electrolyte_temperature(case, problem, state))[0])
        found[laws.reacting] = limiting_current_density(case.process.alumina_transfer, density, case.bath.alumina)
    return found


def process_warnings(case, problem, state, evaluation):
    """What the user should know about bath, current efficiency and anodes at a state: list of text."""
    if case.process is None:
        return []
    thermal, mesh = problem.thermal, problem.mesh
    if thermal and case.process.electrolyte not in [*(lump.name for lump in thermal.lumps), *mesh.region_names]:
        return []  # the cell is empty
    T = electrolyte_temperature(case, problem, state)
    transfer = case.process.current_efficiency_model == "mass_transfer"
    found = []
    if case.bath is not None:
        found += case.bath.warnings(T, without=() if transfer else ("density", "dissolved aluminium"))
    if problem.electric is not None:
        process = problem.electric.reaction.process_at(evaluation.currents)
        found += process.current_efficiency.warnings(T, process.cathode_density)
        if case.bath is not None and case.process.reaction == "oxygen":
            found += _overloaded(case, problem, evaluation.currents, T)
        found += _beyond_laws(problem.electric.laws, evaluation.currents)
    return found


def _overloaded(case, problem, currents, T):
    """One line with the share of the inert anodes' area that carries more than `RISK` of the limiting current."""
    laws = problem.electric.laws
    face, sign = laws.face[laws.reacting], laws.sign[laws.reacting]
    limit = limiting_current_density(case.process.alumina_transfer, float(case.bath.density(T)[0]), case.bath.alumina)
    area, over = currents.area(face), sign * currents.density(face) > RISK * limit
    if not over.any():
        return []
    share = 100.0 * float(area[over].sum()) / float(area.sum())
    return [
        f"anodes: {share:.2g} % of their area in the bath carries more than {RISK:g} of the limiting current density "
        f"({limit / 1e4:.2g} A/cm2 at {case.bath.alumina:g} wt % alumina): anode-failure risk"
    ]


def _beyond_laws(laws, currents):
    """Lines with the area of carbon anodes beyond the limiting current, or the range of the bubble layer's law."""
    J, area = laws.sign * currents.density(laws.face), currents.area(laws.face)
    limit = laws.limiting_current(currents.conduction.laws.temperature)
    limited, covered = laws.has(LIMITING_CURRENT), laws.has(BUBBLE_LAYER)
    checks = [
        (
            "anode_concentration",
            limited,
            RISK * limit,
            "{:g} of the limiting current density: the anode effect is near",
        ),
        (
            "anode_concentration",
            limited,
            LINEAR_ABOVE * limit,
            "{:g} of the limiting current density, where the law is continued linearly",
        ),
        ("bubbles", covered, np.full(limit.size, COVERED_UP_TO), "{:g} A/cm2, where the law is continued linearly"),
    ]
    found = []
    for (part, has, top, text), number in zip(checks, (RISK, LINEAR_ABOVE, COVERED_UP_TO / 1e4), strict=True):
        over = has & (J > top)
        if over.any():
            share, most = 100.0 * float(area[over].sum()) / float(area[has].sum()), float((J[over] / top[over]).max())
            found.append(
                f"{part}: {share:.3g} % of the faces of this law carry more than {text.format(number)}; "
                f"at most {most:.3g} times it"
            )
    return found
