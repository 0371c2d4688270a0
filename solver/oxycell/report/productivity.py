"""What the cell produces and consumes, by Faraday's law and the cell voltage."""

from oxycell.case.building.process import process_model
from oxycell.constants import FARADAY, MOLAR_MASS
from oxycell.report.sums import cell_current, lump_temperature, multiplicity, number

DAY = 86400.0  # s
YEAR = 365.25 * DAY  # s, Julian year
KWH = 3.6e6  # J


def bath_temperature(case, record):
    """Temperature of the electrolyte [K] that thermochemistry takes; None without a process."""
    if case.process is None:
        return None
    found = lump_temperature(record, case.process.electrolyte)
    return case.physics.temperature if found is None else found


def process_of(case, record):
    """The `Process` of a case at the run's current density on the cathode; None without a process."""
    process = process_model(case)
    if process is None or "electric" not in record:
        return process
    return process.at(cell_current(record), multiplicity(record) * record.get("process", {}).get("cathode_area", 0.0))


def productivity(case, record, voltage, anodes):
    """Block `productivity`, of the whole cell; None where the case says nothing about it.

    Parameters
    ----------
    case : Case
    record : dict
    voltage, anodes : the blocks of these names
    """
    process = process_of(case, record)
    keys = (
        "current_efficiency",
        "current_efficiency_model",
        "aluminium_kg_per_day",
        "oxygen_kg_per_day",
        "alumina_kg_per_day",
        "carbon_kg_per_day",
        "carbon_theoretical_kg_per_day",
        "specific_energy_kWh_per_kg",
        "minimum_energy_kWh_per_kg",
        "energy_efficiency",
        "anode_wear_m_per_year",
        "metal_impurity_wt_percent",
    )
    block = dict.fromkeys(keys)
    if process is None or "electric" not in record:
        return block
    current, T = cell_current(record), bath_temperature(case, record)
    gases, efficiency = process.gas_rates(current, T), float(process.efficiency(T)[0])
    made, burnt = process.aluminium_rate(current, T), process.carbon_rate(current)
    block.update(
        {
            "current_efficiency": efficiency,
            "current_efficiency_model": case.process.current_efficiency_model,
            "cathode_current_density_A_m2": number(process.cathode_density),
            "aluminium_kg_per_day": number(made * DAY),
            "oxygen_kg_per_day": number(gases.get("O2", 0.0) * DAY),
            "alumina_kg_per_day": number(process.alumina_rate(current, T) * DAY),
            "carbon_kg_per_day": number(case.emissions.carbon_consumed(burnt / made) * made * DAY) if made else None,
            "carbon_theoretical_kg_per_day": number(burnt * DAY),
            "minimum_energy_kWh_per_kg": number(process.minimum_energy(T) / KWH),
            "gas_kg_per_day": {gas: number(rate * DAY) for gas, rate in gases.items()},
            "electrolyte_temperature_K": number(T),
            "reversible_potential_V": number(process.reversible_potential(T)[0]),
        }
    )
    if voltage["cell_V"] is not None and current > 0.0 and efficiency > 0.0:
        specific = process.specific_energy(voltage["cell_V"], T) / KWH
        block["specific_energy_kWh_per_kg"] = number(specific)
        block["energy_efficiency"] = number(block["minimum_energy_kWh_per_kg"] / specific)
    wear, density = case.anode_wear, None
    if wear is not None:
        density = anode_current_density(anodes, wear.surface)
        block["anode_wear_m_per_year"] = wear.rate
    if density and efficiency > 0.0:
        block["metal_impurity_wt_percent"] = number(
            impurity(wear.rate, density, efficiency, wear.density, wear.metal_share)
        )
    return block


def anode_current_density(anodes, surface):
    """Current of all anodes over their area of that kind, "active" or "wetted" [A/m²]; None without anodes."""
    area = sum(anode["count"] * anode[f"{surface}_area_m2"] for anode in anodes["list"])
    current = sum(anode["count"] * anode["current_A"] for anode in anodes["list"])
    return current / area if area and current else None


def impurity(wear, current_density, current_efficiency, density, metal_share):
    """Anode metal in the aluminium where all that wears off ends in the pad [wt %].

    Parameters
    ----------
    wear : float [m/year]
    current_density : float [A/m²], on the area that wears
    current_efficiency : float
    density : float [kg/m³], of the anode
    metal_share : float, of the lost mass

    Notes
    -----
    100 · f_M · ρ · v / (CE · i · M_Al/3F): metal lost over aluminium produced, for each area of anode.
    """
    per_charge = MOLAR_MASS["Al"] / (3.0 * FARADAY)
    return 100.0 * metal_share * density * wear / YEAR / (current_efficiency * current_density * per_charge)
