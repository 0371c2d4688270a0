"""Case → thermochemistry of its cell reaction."""

from oxycell.cell.current_efficiency import Dewing, Given, MassTransfer
from oxycell.cell.electrochemistry import REACTIONS, Process, saturated
from oxycell.errors import CaseError


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
