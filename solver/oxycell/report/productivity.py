"""What the cell produces and consumes, by Faraday's law and the cell voltage."""

from typing import Any

from oxycell.case.building.process import process_model
from oxycell.cell.electrochemistry import Process
from oxycell.constants import FARADAY, MOLAR_MASS
from oxycell.report.figure import ABSENT, PERCENT, TEXT, Figure, Tree
from oxycell.report.solved import Solved
from oxycell.report.sums import lump_temperature, multiplicity, number

DAY = 86400.0  # s
YEAR = 365.25 * DAY  # s, Julian year
KWH = 3.6e6  # J


def bath_temperature(case: Any, record: Tree) -> float | None:
    """Temperature of the electrolyte [K] that thermochemistry takes; None without a process."""
    if case.process is None:
        return None
    found = lump_temperature(record, case.process.electrolyte)
    return case.physics.temperature if found is None else found


def process_of(solved: Solved) -> Process | None:
    """The `Process` of a case at the run's current density on the cathode; None without a process."""
    process, record = process_model(solved.case), solved.record
    if process is None or "electric" not in record:
        return process
    return process.at(solved.current, multiplicity(record) * record.get("process", {}).get("cathode_area", 0.0))


def temperature(solved: Solved) -> float | None:
    """Temperature of the electrolyte [K]."""
    return bath_temperature(solved.case, solved.record)


def efficiency(solved: Solved) -> float:
    """Current efficiency of the state."""
    return float(solved.once(process_of).efficiency(solved.once(temperature))[0])


def gases(solved: Solved) -> dict[str, float]:
    """Gas evolved, name → kg/s."""
    return solved.once(process_of).gas_rates(solved.current, solved.once(temperature))


def aluminium(solved: Solved) -> float:
    """Aluminium produced [kg/s]."""
    return solved.once(process_of).aluminium_rate(solved.current, solved.once(temperature))


def net_carbon(solved: Solved) -> float | None:
    """Carbon consumed, airburn and dust included [kg/s]; None where no metal is produced."""
    made = solved.once(aluminium)
    if not made:
        return None
    return solved.case.emissions.carbon_consumed(solved.once(process_of).carbon_rate(solved.current) / made) * made


def specific_energy(solved: Solved) -> float | None:
    """DC energy for a kilogram of aluminium [kWh/kg]; None where there is no voltage or no metal."""
    volts = solved["voltage.cell_V"]
    if volts is None or not solved.once(efficiency) > 0.0:
        return None
    return solved.once(process_of).specific_energy(volts, solved.once(temperature)) / KWH


def energy_efficiency(solved: Solved) -> float | None:
    """Least energy over specific energy; None where there is none."""
    specific = solved.once(specific_energy)
    return None if specific is None else number(solved["productivity.minimum_energy_kWh_per_kg"] / specific)


def metal_impurity(solved: Solved) -> float | None:
    """Anode metal in the aluminium [wt %]; None without wear, anodes or metal."""
    wear, made = solved.case.anode_wear, solved.once(efficiency)
    density = None if wear is None else anode_current_density(solved.block("anodes"), wear.surface)
    if not density or not made > 0.0:
        return None
    return number(impurity(wear.rate, density, made, wear.density, wear.metal_share))


def anode_current_density(anodes: Tree, surface: str) -> float | None:
    """Current of all anodes over their area of that kind, "active" or "wetted" [A/m²]; None without anodes."""
    area = sum(anode["count"] * anode[f"{surface}_area_m2"] for anode in anodes["list"])
    current = sum(anode["count"] * anode["current_A"] for anode in anodes["list"])
    return current / area if area and current else None


def impurity(
    wear: float, current_density: float, current_efficiency: float, density: float, metal_share: float
) -> float:
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


def _per_day(rate):
    """What a figure takes of a rate, a function of a `Solved` → kg/s or None."""

    def compute(solved):
        found = solved.once(rate)
        return None if found is None else number(found * DAY)

    return compute


def _number_or_none(value):
    return None if value is None else number(value)


_MADE = ("charge", "process")
"""Needs of figures of production."""

FIGURES = (
    Figure(
        "productivity.current_efficiency",
        "",
        "current efficiency",
        "by process.current_efficiency_model, at the electrolyte's temperature and cathode_current_density_A_m2",
        (*_MADE, "current"),
        lambda solved: solved.once(efficiency),
        note="of the state",
        shown=PERCENT,
        table="energy",
    ),
    Figure(
        "productivity.current_efficiency_model",
        TEXT,
        "model of the current efficiency",
        "process.current_efficiency_model of the case",
        _MADE,
        lambda solved: solved.case.process.current_efficiency_model,
        views=(),
    ),
    Figure(
        "productivity.aluminium_kg_per_day",
        "kg/day",
        "aluminium",
        "CE · I · M_Al/(3 F) · 86400 s",
        _MADE,
        _per_day(aluminium),
        table="energy",
    ),
    Figure(
        "productivity.oxygen_kg_per_day",
        "kg/day",
        "oxygen",
        "1.5 mol O2 per mol Al2O3, less what the back reaction takes",
        _MADE,
        _per_day(lambda solved: solved.once(gases).get("O2", 0.0)),
        table="energy",
    ),
    Figure(
        "productivity.alumina_kg_per_day",
        "kg/day",
        "alumina used",
        "CE · I · M_Al2O3/(6 F) · 86400 s",
        _MADE,
        _per_day(lambda solved: solved.once(process_of).alumina_rate(solved.current, solved.once(temperature))),
        table="energy",
    ),
    Figure(
        "productivity.carbon_kg_per_day",
        "kg/day",
        "carbon, net",
        "emissions.net_carbon of the case · aluminium; by default carbon_theoretical + 0.051 kg per kg",
        _MADE,
        _per_day(net_carbon),
        note="airburn and dust included",
        table="energy",
    ),
    Figure(
        "productivity.carbon_theoretical_kg_per_day",
        "kg/day",
        "carbon of the electrode reaction",
        "1.5 · I · M_C/(6 F) · 86400 s: the electrode reaction, no airburn, no dust",
        _MADE,
        _per_day(lambda solved: solved.once(process_of).carbon_rate(solved.current)),
        views=("html",),
    ),
    Figure(
        "productivity.specific_energy_kWh_per_kg",
        "kWh/kg",
        "specific energy, DC",
        "cell_V over aluminium per charge (DC)",
        (*_MADE, "current"),
        lambda solved: _number_or_none(solved.once(specific_energy)),
        table="energy",
    ),
    Figure(
        "productivity.minimum_energy_kWh_per_kg",
        "kWh/kg",
        "minimum energy",
        "V_eq at CE = 1 and the electrolyte's temperature, over aluminium per charge",
        _MADE,
        lambda solved: number(solved.once(process_of).minimum_energy(solved.once(temperature)) / KWH),
        note="of the case's own reaction",
        table="energy",
    ),
    Figure(
        "productivity.energy_efficiency",
        "",
        "energy efficiency",
        "minimum_energy over specific_energy",
        (*_MADE, "current"),
        energy_efficiency,
        shown=PERCENT,
        table="energy",
    ),
    Figure(
        "productivity.anode_wear_m_per_year",
        "m/year",
        "anode wear",
        "anode_wear.rate of the case",
        _MADE,
        lambda solved: None if solved.case.anode_wear is None else solved.case.anode_wear.rate,
        note="`null` without `[anode_wear]`",
        views=("html",),
    ),
    Figure(
        "productivity.metal_impurity_wt_percent",
        "wt %",
        "impurity of the metal",
        "100 · metal_share · density · wear/(CE · i · M_Al/3F), i = Σ anodes.current_A over Σ active_area_m2 or "
        "wetted_area_m2",
        _MADE,
        metal_impurity,
        note="`null` without `[anode_wear]`",
        views=("html",),
    ),
    Figure(
        "productivity.cathode_current_density_A_m2",
        "A/m2",
        "current density on the cathode",
        "I over multiplicity × process/cathode_area, or over process.cathode_area of the case",
        _MADE,
        lambda solved: number(solved.once(process_of).cathode_density),
        absent=ABSENT,
        views=(),
    ),
    Figure(
        "productivity.gas_kg_per_day.*",
        "kg/day",
        "{}",
        "gas of the cell reaction at the current and current efficiency, by species · 86400 s",
        _MADE,
        lambda solved: {gas: number(rate * DAY) for gas, rate in solved.once(gases).items()},
        absent=ABSENT,
        note="gas evolved, by species",
        views=(),
    ),
    Figure(
        "productivity.electrolyte_temperature_K",
        "K",
        "electrolyte",
        "thermal/lump_temperature of process.electrolyte, or Σ cells/temperature × cells/volume over Σ cells/volume of "
        "its region",
        _MADE,
        lambda solved: number(solved.once(temperature)),
        absent=ABSENT,
        views=(),
    ),
    Figure(
        "productivity.reversible_potential_V",
        "V",
        "reversible potential",
        "E° − RT/6F ln a + ν RT/6F ln(p/1 bar) of the cell reaction at the electrolyte's temperature, ν moles of gas "
        "per mole of alumina",
        _MADE,
        lambda solved: number(solved.once(process_of).reversible_potential(solved.once(temperature))[0]),
        absent=ABSENT,
        views=(),
    ),
)
