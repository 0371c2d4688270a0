"""Case → thermochemistry of its cell reaction."""

from oxycell.cell.electrochemistry import REACTIONS, Process, saturated


def process_model(case):
    """The `Process` that [process] and [bath] of a case describe, or None without [process]; without [bath], alumina is saturated."""
    spec = case.process
    if spec is None:
        return None
    return Process(
        REACTIONS[spec.reaction], spec.current_efficiency, saturated if case.bath is None else case.bath.activity,
        spec.gas_pressure, spec.dissolution_enthalpy, spec.feed_temperature, spec.anode_heat_fraction)
