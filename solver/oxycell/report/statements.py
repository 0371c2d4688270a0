"""What is said of each published statement about a cell: numbers, a verdict, and the reason in words made of the
numbers."""

from dataclasses import dataclass

from oxycell.case.emissions import AnodeWear
from oxycell.case.published import grids
from oxycell.constants import MOLAR_MASS, faraday_rate
from oxycell.report.emissions import break_even
from oxycell.report.productivity import DAY, YEAR, anode_current_density, impurity

HOLDS, IN_PART, ON_ONE_BOUNDARY = "holds", "holds in part", "depends on the boundary"
FAILS, SILENT, UNKNOWN = "does not hold", "not stated", "cannot be checked"
VERDICTS = (HOLDS, IN_PART, ON_ONE_BOUNDARY, FAILS, SILENT, UNKNOWN)


@dataclass(frozen=True)
class Run:
    """What comparisons read of a run: its case and blocks of its report."""

    case: object
    made: dict
    gases: dict
    anodes: dict
    current: float
    voltage: float


@dataclass(frozen=True)
class Finding:
    """Outcome of a comparison: verdict, what the run says, the reason, and the numbers behind it."""

    verdict: str
    computed: str
    why: str
    numbers: dict


def verdict(agreements, some):
    """`holds` if all agree, `some` if not all do, else `does not hold`."""
    return HOLDS if all(agreements) else some if any(agreements) else FAILS


def metal_per_day(stated, run):
    """Metal a day at a current: the current efficiency it implies, and the run's."""
    ideal = faraday_rate(stated["current_A"], MOLAR_MASS["Al"], 3.0) * DAY
    implied, about = stated["aluminium_kg_per_day"] / ideal, stated["about"]
    low, high = implied * (1.0 - about), implied * (1.0 + about)
    efficiency, kiloamperes = run.made["current_efficiency"], stated["current_A"] / 1e3
    scaled, inside = efficiency * ideal, low <= efficiency <= high
    model = run.made.get("current_efficiency_model") or "given"
    basis = "as its case states" if model == "given" else f"by {model}"
    why = (
        f"{text(kiloamperes)} kA produce {text(ideal, 5)} kg/day at most, so {text(stated['aluminium_kg_per_day'])} "
        f"kg/day imply a current efficiency of {percent(implied)}, {percent(low)} to {percent(high)} if about means "
        f"±{percent(about)}. This run has {percent(efficiency)} {basis}, {'inside' if inside else 'outside'} that "
        f"band, which gives {text(scaled, 4)} kg/day at {text(kiloamperes)} kA."
    )
    if abs(run.current - stated["current_A"]) > 1e-6 * run.current:
        why += (
            f" The run itself produces {text(run.made['aluminium_kg_per_day'], 4)} kg/day at "
            f"{text(run.current / 1e3, 4)} kA."
        )
    return Finding(
        HOLDS if inside else FAILS,
        f"{text(scaled, 4)} kg/day at {text(kiloamperes)} kA",
        why,
        {
            "implied_current_efficiency": implied,
            "lowest_current_efficiency": low,
            "highest_current_efficiency": high,
            "aluminium_kg_per_day": scaled,
            "limit_kg_per_day": ideal,
        },
    )


def footprint_below(stated, run):
    """Scope 1 and 2 below a limit: the grid factor it needs, and the total by what is counted of the electricity."""
    limit, direct, energy = stated["scope_1_and_2_t_per_t"], run.gases["scope1_t"], run.gases["ac_energy_kWh_per_kg"]
    needed, table = (limit - direct) / energy, grids()
    factor, source, name = run.case.emissions.electricity()
    cleanest = min(grid.life_cycle for grid in table.values())
    plant, cycle = (table[name].at_plant, table[name].life_cycle) if name else (factor, max(factor, cleanest))
    totals = {
        key: direct + value * energy
        for key, value in (
            ("at_plant", plant),
            ("life_cycle", cycle),
            ("hydro_zero", table["hydro_zero"].factor),
            ("hydro_life_cycle", table["hydro_lifecycle"].factor),
        )
    }
    outcome = verdict([totals["at_plant"] < limit, totals["life_cycle"] < limit], ON_ONE_BOUNDARY)
    reason = {
        HOLDS: "It holds whether upstream emissions of the electricity are counted or not.",
        ON_ONE_BOUNDARY: "It holds only while what is emitted upstream of the power station is left out: "
        f"{text(totals['at_plant'])} t/t without, {text(totals['life_cycle'])} t/t with it.",
        FAILS: f"This run's electricity, {text(1e3 * factor)} g/kWh, makes it {text(run.gases['total_t'])} t/t.",
    }[outcome]
    demand = (
        f"needs electricity below {text(1e3 * needed, 2)} g/kWh"
        if needed > 0.0
        else "is out of reach of any electricity"
    )
    why = (
        f"The run uses {text(energy, 4)} kWh/kg (AC) and emits {text(direct)} t/t itself, so a total below "
        f"{text(limit)} t/t {demand}. Hydro counted as zero gives {text(totals['hydro_zero'])} t/t, hydro by life "
        f"cycle ({text(1e3 * table['hydro_lifecycle'].factor)} g/kWh) {text(totals['hydro_life_cycle'])} t/t, "
        f"{text(totals['hydro_life_cycle'] / limit, 2)} times the statement. {reason}"
    )
    return Finding(
        outcome,
        f"{text(run.gases['total_t'])} t/t at {text(1e3 * factor)} g/kWh",
        why,
        {
            "needed_grid_factor_kg_per_kWh": needed,
            "total_t": run.gases["total_t"],
            **{f"{key}_t": value for key, value in totals.items()},
        },
    )


def times_below_average(stated, run):
    """A ratio to the industry's average: what it means for the stated figure, and the run's ratio on each boundary."""
    times, averages = (
        stated["times"],
        {name: stated[f"{name}_t_per_t"] for name in ("direct", "scope_1_and_2", "cradle_to_gate")},
    )
    own = {"direct": run.gases["scope1_t"], "scope_1_and_2": run.gases["total_t"]}
    ratios = {name: averages[name] / value if value > 0.0 else None for name, value in own.items()}
    agree = [
        ratio is not None and times / stated["within"] <= ratio <= times * stated["within"] for ratio in ratios.values()
    ]
    outcome = verdict(agree, ON_ONE_BOUNDARY)
    words = {"direct": "direct", "scope_1_and_2": "Scope 1 + 2", "cradle_to_gate": "cradle to gate"}
    listed = ", ".join(f"{text(value)} t/t {words[name]}" for name, value in averages.items())
    multiples = ", ".join(text(value / stated["stated_t_per_t"]) for value in averages.values())
    mine = "; ".join(
        f"{words[name]} {text(value)} t/t, "
        + (f"{text(ratios[name], 2)} times below" if ratios[name] else "no ratio to zero")
        for name, value in own.items()
    )
    why = (
        f"{text(times)} times {text(stated['stated_t_per_t'])} t/t is an average of "
        f"{text(times * stated['stated_t_per_t'])} t/t. "
        f"Published averages are {listed}: {multiples} times the stated figure. This run: {mine}. "
        f"A ratio between {text(times / stated['within'])} and {text(times * stated['within'])} would count."
    )
    ratio = ratios["scope_1_and_2"]
    return Finding(
        outcome,
        f"{text(ratio, 2)} times, Scope 1 + 2" if ratio else "no ratio: Scope 1 + 2 is zero",
        why,
        {
            "average_implied_t_per_t": times * stated["stated_t_per_t"],
            **{f"times_stated_{name}": value / stated["stated_t_per_t"] for name, value in averages.items()},
            **{f"times_run_{name}": ratio for name, ratio in ratios.items()},
        },
    )


def below_full_scope(stated, run):
    """A share below the cradle-to-gate average: what the run's Scope 1 and 2 leave for everything else."""
    allowed, total = (1.0 - stated["lower"]) * stated["cradle_to_gate_t_per_t"], run.gases["total_t"]
    rest = (
        f"which leaves {text(allowed - total)} t/t for alumina, anodes and transport, all outside the model"
        if total < allowed
        else "more than all of it"
    )
    why = (
        f"{percent(stated['lower'])} below the cradle-to-gate average of {text(stated['cradle_to_gate_t_per_t'])} t/t "
        f"are {text(allowed)} t/t. This run's Scope 1 + 2 is {text(total)} t/t, {rest}."
    )
    return Finding(
        UNKNOWN if total < allowed else FAILS,
        f"{text(total)} t/t, Scope 1 + 2 only",
        why,
        {"allowed_t_per_t": allowed, "left_for_the_rest_t_per_t": allowed - total},
    )


def forest(stated, run):
    """Oxygen as that of an area of forest: the yield by area it implies, against published yields."""
    per_year = run.made["oxygen_kg_per_day"] * YEAR / DAY / 1e3
    implied = per_year / stated["area_ha"]
    yields = {
        "growing": stated["growing_t_per_ha_year"],
        "mature": stated["mature_t_per_ha_year"],
        "in_leaf": stated["in_leaf_kg_per_ha_day"] * YEAR / DAY / 1e3,
    }
    agree = {name: abs(implied - value) <= stated["about"] * value for name, value in yields.items()}
    areas = {name: per_year / value for name, value in yields.items() if value > 0.0}
    near = [name.replace("_", " ") for name, agrees in agree.items() if agrees]
    why = (
        f"{text(run.made['oxygen_kg_per_day'])} kg of oxygen a day over {text(stated['area_ha'])} ha are "
        f"{text(implied)} t per ha and year. Forest gives {text(yields['growing'])} while growing "
        f"({text(areas['growing'])} ha of it equal this cell), {text(yields['in_leaf'])} in full leaf "
        f"({text(areas['in_leaf'], 2)} ha), {text(yields['mature'])} net when mature; within "
        f"{percent(stated['about'])} of what is implied: {', '.join(near) or 'none'}."
    )
    return Finding(
        verdict(agree.values(), ON_ONE_BOUNDARY),
        f"{text(areas['growing'])} ha of growing forest",
        why,
        {"implied_t_per_ha_year": implied, **{f"area_{name}_ha": area for name, area in areas.items()}},
    )


def oxygen_per_tonne(stated, run):
    """Oxygen per tonne of aluminium, net of what the back reaction takes."""
    ratio = 1e3 * run.made["oxygen_kg_per_day"] / run.made["aluminium_kg_per_day"]
    off = stated["oxygen_kg_per_t"] / ratio - 1.0
    near = abs(off) <= stated["about"]
    why = (
        f"The run gives {text(ratio, 4)} kg of oxygen per tonne, 1.5 mol for 2 mol of aluminium whatever the current "
        f"efficiency; the stated {text(stated['oxygen_kg_per_t'])} kg is {percent(abs(off))} "
        f"{'more' if off > 0.0 else 'less'}, {'within' if near else 'beyond'} the {percent(stated['about'])} of a "
        "rounded figure."
    )
    return Finding(HOLDS if near else FAILS, f"{text(ratio, 4)} kg O2 per t Al", why, {"oxygen_kg_per_t": ratio})


def wear_and_purity(stated, run):
    """Purity against the loss of the anodes: what the lost metal comes to in the aluminium."""
    wear = run.case.anode_wear or AnodeWear(rate="1 cm/year")  # only density, metal share and surface matter here
    density, wetted = (anode_current_density(run.anodes, surface) for surface in (wear.surface, "wetted"))
    efficiency = run.made["current_efficiency"]
    if density is None or wear.metal_share == 0.0:
        return Finding(
            UNKNOWN, "nothing", "The case gives the anodes no area that wears, or no metal in what they lose.", {}
        )
    each = impurity(0.01, density, efficiency, wear.density, wear.metal_share)
    least, most = (100.0 * stated[key] * each for key in ("least_m_per_year", "most_m_per_year"))
    limit, commodity = stated["impurity_wt_percent"], stated["commodity_wt_percent"]
    why = (
        f"With {text(wear.density)} kg/m³ and {text(1e-4 * density)} A/cm² on the {wear.surface} faces at a current "
        f"efficiency of {percent(efficiency)}, each cm/year puts {text(each)} wt % of anode metal into the aluminium: "
        f"{text(least)} to {text(most)} wt % at {text(100 * stated['least_m_per_year'])} to "
        f"{text(100 * stated['most_m_per_year'])} cm/year, against {text(limit)} wt % for the stated purity, which "
        f"allows {text(limit / each)} cm/year; commodity metal ({text(commodity)} wt %) allows "
        f"{text(commodity / each)} cm/year."
    )
    if density > 1.01 * wetted:
        why += f" If every wetted face wears alike, the impurity is {text(density / wetted, 2)} times as much."
    if run.case.anode_wear is not None:
        why += f" The case's own {text(100.0 * wear.rate)} cm/year come to {text(100.0 * wear.rate * each)} wt %."
    outcome = verdict([least < limit, most < limit], IN_PART)
    return Finding(
        outcome,
        f"{text(least)} to {text(most)} wt % from the anodes",
        why,
        {
            "wt_percent_per_cm_per_year": each,
            "least_wt_percent": least,
            "most_wt_percent": most,
            "wear_for_stated_purity_m_per_year": 0.01 * limit / each,
            "wear_for_commodity_metal_m_per_year": 0.01 * commodity / each,
        },
    )


def energy_left_out(stated, run):
    """A statement without energy: what the run needs, against a carbon cell, and the electricity on which it still
    saves CO2."""
    energy, carbon = run.made["specific_energy_kWh_per_kg"], stated["carbon_cell_kWh_per_kg"]
    more, gases = energy - carbon, run.gases
    reference = gases["ac_energy_kWh_per_kg"] - more / run.case.emissions.rectifier_efficiency
    factor, better = break_even(
        (gases["scope1_t"], gases["ac_energy_kWh_per_kg"]), (stated["carbon_cell_scope1_t_per_t"], reference)
    )
    share = (
        f"emits less only below {text(1e3 * factor)} g/kWh"
        if factor is not None and better == 0
        else f"emits less only above {text(1e3 * factor)} g/kWh"
        if factor is not None
        else f"emits {'less' if better == 0 else 'no less'} on any electricity"
    )
    why = (
        f"The run needs {text(energy, 4)} kWh/kg (DC, {text(run.voltage, 4)} V), {text(abs(more))} "
        f"{'more' if more > 0.0 else 'less'} "
        f"than a carbon cell with {text(carbon, 4)}. Against one that emits "
        f"{text(stated['carbon_cell_scope1_t_per_t'])} t/t directly "
        f"it {share}."
    )
    return Finding(
        SILENT,
        f"{text(energy, 4)} kWh/kg, {'+' if more > 0.0 else '−'}{text(abs(more))} on carbon",
        why,
        {"specific_energy_kWh_per_kg": energy, "above_carbon_cell_kWh_per_kg": more, "break_even_kg_per_kWh": factor},
    )


def text(value, digits=3):
    """A number with so many significant digits, whole digits kept, never as a power of ten."""
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0.0:
        return "0"
    behind = max(0, digits - 1 - int(f"{abs(rounded):e}".partition("e")[2]))
    shown = f"{value if abs(value) >= 10**digits else rounded:.{behind}f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace("-", "−")


def percent(value):
    """A share in per cent, three digits."""
    return f"{text(100.0 * value)} %"


COMPARISONS = {
    "metal_per_day": metal_per_day,
    "footprint_below": footprint_below,
    "times_below_average": times_below_average,
    "below_full_scope": below_full_scope,
    "forest": forest,
    "oxygen_per_tonne": oxygen_per_tonne,
    "wear_and_purity": wear_and_purity,
    "energy_left_out": energy_left_out,
}
