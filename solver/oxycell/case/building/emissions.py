"""Whether what a case says of emissions, wear and its section goes with the rest of it."""

from oxycell.case.building.process import process_model
from oxycell.errors import CaseError


def check_emissions(case):
    """Raise CaseError where [emissions], [anode_wear] or [section] contradict the rest of a case."""
    stated, process = case.emissions, case.process
    if case.section is not None and case.section.auxiliary_power is not None and stated.auxiliary_energy is not None:
        raise CaseError("section.auxiliary_power: contradicts emissions.auxiliary_energy; allowed: one of them")
    if process is None:
        for name in ("anode_wear", "section"):
            if getattr(case, name) is not None:
                raise CaseError(f"{name}: states the fate of the metal; allowed: with [process]")
        return
    if process.reaction == "carbon" and case.anode_wear is not None:
        raise CaseError('anode_wear: carbon leaves as gas; allowed: with process.reaction = "oxygen"')
    if process.reaction == "oxygen":
        for name in ("net_carbon", "anode_effects", "cf4", "c2f6"):
            if getattr(stated, name):
                raise CaseError(
                    f'emissions.{name}: an oxygen-evolving anode has none; allowed: with process.reaction = "carbon"'
                )
        for name in ("cf4_warming", "c2f6_warming"):
            if stated.changed(name):
                raise CaseError(
                    f"emissions.{name}: an oxygen-evolving anode emits no such gas; allowed: with "
                    f'process.reaction = "carbon"'
                )
    elif process.current_efficiency:  # a model of it is checked at the state, by the report
        model = process_model(case)
        stated.carbon_consumed(model.carbon_rate(1.0) / float(model.aluminium_rate(1.0, case.physics.temperature)))
