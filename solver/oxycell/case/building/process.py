"""Case → thermochemistry of its cell reaction; what a run has to say about its bath, current efficiency and limiting
current."""

import numpy as np

from oxycell.cell.current_efficiency import Dewing, Given, MassTransfer
from oxycell.cell.electrochemistry import REACTIONS, Process, limiting_current_density, saturated
from oxycell.errors import CaseError
from oxycell.physics.electrode.carbon import COVERED_UP_TO, LINEAR_ABOVE

RISK = 0.8
"""Share of the limiting current above which an inert anode is at risk: it fluorinates and dissolves [E]."""


def process_model(case):
    """The `Process` that [process] and [bath] of a case describe, or None without [process]; without [bath], alumina is
    saturated."""
    spec = case.process
    if spec is None:
        return None
    return Process(
        REACTIONS[spec.reaction],
        _efficiency_model(case),
        saturated if case.bath is None else case.bath.activity,
        spec.gas_pressure,
        spec.dissolution_enthalpy,
        spec.feed_temperature,
        spec.anode_heat_fraction,
        spec.cathode_area,
    )


def _efficiency_model(case):
    spec, bath = case.process, case.bath
    if spec.current_efficiency_model == "given":
        return Given(spec.current_efficiency)
    if bath is None:
        raise CaseError(
            f"process.current_efficiency_model: {spec.current_efficiency_model} needs [bath]; allowed: given"
        )
    if spec.current_efficiency_model == "dewing1991":
        liquidus = case.ledge.liquidus if case.ledge and case.ledge.liquidus else bath.liquidus()
        return Dewing(liquidus, bath.excess_alf3, bath.lif, spec.dewing_constant)
    return MassTransfer(spec.metal_transfer, bath.dissolved_aluminium, bath.density)


def check_process(case, problem):
    """Raise CaseError where the current efficiency needs a current density that the case cannot give."""
    spec = case.process
    if spec is None or spec.current_efficiency_model != "mass_transfer" or spec.cathode_area is not None:
        return
    if problem.electric is None or not problem.electric.reaction.cathode.size:
        raise CaseError(
            "process.cathode_area: is needed; allowed: an area, or an interface of bath and metal with electrode laws"
        )


def electrolyte_temperature(case, problem, state):
    """Temperature of the electrolyte [K] at a state; with [process]."""
    lumps = (
        {lump.name: row for lump, row in zip(problem.thermal.lumps, problem.thermal.lump_row, strict=True)}
        if problem.thermal
        else {}
    )
    row = lumps.get(case.process.electrolyte)
    return case.physics.temperature if row is None else float(state.temperature[row])


def limiting_densities(case, problem, state, evaluation):
    """Limiting current densities at a state (k,) [A/m²], of the faces with laws, NaN for none.

    That of a limiting_current law, and on inert anodes that of alumina's transfer to them.
    """
    laws, limit = problem.electric.laws, evaluation.currents.conduction.limiting[:, 1]
    found = np.where(limit > 0.0, limit, np.nan)
    if case.process is not None and case.bath is not None and case.process.reaction == "oxygen":
        reacting = np.isnan(laws.equilibrium)
        density = float(case.bath.density(electrolyte_temperature(case, problem, state))[0])
        found[reacting] = limiting_current_density(case.process.alumina_transfer, density, case.bath.alumina)
    return found


def process_warnings(case, problem, state, evaluation):
    """What the user should know about bath, current efficiency and anodes at a state: list of text."""
    if case.process is None:
        return []
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
    reacting = np.isnan(laws.equilibrium)
    face, sign = laws.face[reacting], laws.sign[reacting]
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
    limit = currents.conduction.limiting[:, 1]
    limited, covered = limit > 0.0, laws.coverage_factor > 0.0
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
