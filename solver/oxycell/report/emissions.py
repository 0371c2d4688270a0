"""Greenhouse gas of a tonne of aluminium: what leaves the cell, and what its electricity carries."""

from oxycell.constants import MOLAR_MASS
from oxycell.report.sums import number

ANODE_CARBON_CONTENT = 0.985  # carbon in baked anodes [memory: usual assay]
CF4_PER_TONNE = 0.05  # kg CF4 per t Al of a modern carbon cell [memory: International Aluminium Institute surveys]
CF4_WARMING = 7390.0  # 100-year potential, IPCC AR4

BOUNDARY = (
    "Scope 1: CO2 of anode carbon, perfluorocarbons and fuel at the cell. Scope 2: electricity on the AC side, DC energy at the "
    "cell voltage over rectifier efficiency plus auxiliaries, times the grid factor. Alumina, anode making, casting, transport and "
    "construction are outside."
)


def emissions(case, productivity):
    """Block `emissions`, t CO2 equivalent per t aluminium; None without a process."""
    block = dict.fromkeys(("scope1_t", "scope2_t", "total_t", "pfc_t", "grid_factor_kg_per_kWh", "boundary"))
    made, energy = productivity["aluminium_kg_per_day"], productivity["specific_energy_kWh_per_kg"]
    if not made or energy is None:
        return block
    options = case.emissions
    carbon = productivity["carbon_kg_per_day"] / made
    burnt = carbon * ANODE_CARBON_CONTENT * MOLAR_MASS["CO2"] / MOLAR_MASS["C"]
    pfc = CF4_PER_TONNE * CF4_WARMING / 1000.0 if carbon > 0.0 else 0.0
    scope1 = burnt + pfc + options.fuel
    electricity = energy / options.rectifier_efficiency + options.auxiliary_energy
    scope2 = options.grid_factor * electricity
    return {"scope1_t": number(scope1), "scope2_t": number(scope2), "total_t": number(scope1 + scope2), "pfc_t": number(pfc),
            "grid_factor_kg_per_kWh": options.grid_factor, "boundary": BOUNDARY, "ac_energy_kWh_per_kg": number(electricity),
            "grid_source": options.grid_source}
