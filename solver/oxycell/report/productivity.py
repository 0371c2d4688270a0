"""What the cell makes and what it takes, by Faraday's law and the cell voltage."""

from oxycell.case.process import process_model
from oxycell.report.sums import cell_current, lump_temperature, number

DAY = 86400.0  # s
KWH = 3.6e6  # J


def bath_temperature(case, record):
    """Temperature of the electrolyte [K] that thermochemistry takes; None without a process."""
    if case.process is None:
        return None
    found = lump_temperature(record, case.process.electrolyte)
    return case.physics.temperature if found is None else found


def productivity(case, record, voltage):
    """Block `productivity`, of the whole cell; None where the case says nothing about it."""
    process = process_model(case)
    keys = ("current_efficiency", "aluminium_kg_per_day", "oxygen_kg_per_day", "alumina_kg_per_day", "carbon_kg_per_day",
            "specific_energy_kWh_per_kg", "minimum_energy_kWh_per_kg", "energy_efficiency", "anode_wear_m_per_year",
            "metal_impurity_wt_percent")
    block = dict.fromkeys(keys)
    if process is None or "electric" not in record:
        return block
    current, T = cell_current(record), bath_temperature(case, record)
    gases = process.gas_rates(current)
    block.update({
        "current_efficiency": process.current_efficiency,
        "aluminium_kg_per_day": number(process.aluminium_rate(current) * DAY),
        "oxygen_kg_per_day": number(gases.get("O2", 0.0) * DAY),
        "alumina_kg_per_day": number(process.alumina_rate(current) * DAY),
        "carbon_kg_per_day": number(process.carbon_rate(current) * DAY),
        "minimum_energy_kWh_per_kg": number(process.minimum_energy(T) / KWH),
        "gas_kg_per_day": {gas: number(rate * DAY) for gas, rate in gases.items()},
        "electrolyte_temperature_K": number(T),
        "reversible_potential_V": number(process.reversible_potential(T)[0]),
    })
    if voltage["cell_V"] is not None and current > 0.0 and process.current_efficiency > 0.0:
        specific = process.specific_energy(voltage["cell_V"]) / KWH
        block["specific_energy_kWh_per_kg"] = number(specific)
        block["energy_efficiency"] = number(block["minimum_energy_kWh_per_kg"] / specific)
    return block
