"""Tables of a comparison: the figures of a report that are shown side by side."""

from functools import reduce

from oxycell.case.published import grids
from oxycell.constants import ZERO_CELSIUS


def at(report, key):
    """Figure behind a dotted key of a report, None where it has none."""
    return reduce(lambda block, part: block.get(part) if isinstance(block, dict) else None, key.split("."), report)


def _row(reports, figure, unit, digits, read, factor=1.0, shift=0.0):
    """One line of a table; `read` is a dotted key or a function of a report."""
    values = [at(report, read) if isinstance(read, str) else read(report) for report in reports]
    values = [None if value is None else factor * value + shift for value in values]
    first = values[0]
    return {
        "figure": figure,
        "unit": unit,
        "digits": digits,
        "values": values,
        "differences": [None if value is None or first is None else value - first for value in values],
    }


def shown(rows):
    """Rows in which some run has a figure that is not zero."""
    return [row for row in rows if any(row["values"])]


def _names(reports, key):
    """Names of a block of all reports, in the order they come up."""
    return list(dict.fromkeys(name for report in reports for name in at(report, key) or {}))


def _words(name):
    return name.replace("_", " ")


def _voltage(reports):
    yield _row(reports, "cell voltage", "V", 3, "voltage.cell_V")
    for name in _names(reports, "voltage.parts"):
        yield _row(
            reports, _words(name), "V", 3, lambda report, name=name: (at(report, "voltage.parts") or {}).get(name)
        )


def _energy(reports):
    yield _row(reports, "current", "kA", 2, _current, 1e-3)
    yield _row(reports, "current efficiency", "%", 2, "productivity.current_efficiency", 100.0)
    for figure, key in (("aluminium", "aluminium"), ("oxygen", "oxygen"), ("carbon, net", "carbon")):
        yield _row(reports, figure, "kg/day", 1, f"productivity.{key}_kg_per_day")
    yield _row(reports, "energy, DC", "kWh/kg", 3, "productivity.specific_energy_kWh_per_kg")
    yield _row(reports, "energy, AC", "kWh/kg", 3, "emissions.ac_energy_kWh_per_kg")
    yield _row(reports, "least energy", "kWh/kg", 3, "productivity.minimum_energy_kWh_per_kg")
    yield _row(reports, "energy efficiency", "%", 2, "productivity.energy_efficiency", 100.0)


def _heat(reports):
    yield _row(reports, "heat generated", "kW", 1, "heat.generated_W", 1e-3)
    for name in _names(reports, "heat.losses"):
        yield _row(
            reports,
            f"lost by {_words(name)}",
            "kW",
            1,
            lambda report, name=name: (at(report, "heat.losses") or {}).get(name),
            1e-3,
        )
    yield _row(reports, "taken by the process", "kW", 1, "heat.process_W", 1e-3)
    yield _row(reports, "spent outside", "kW", 1, "heat.external_W", 1e-3)


def _state(reports):
    for name in _names(reports, "heat.lump_temperatures_K"):
        yield _row(
            reports,
            _words(name),
            "°C",
            1,
            lambda report, name=name: (at(report, "heat.lump_temperatures_K") or {}).get(name),
            1.0,
            -ZERO_CELSIUS,
        )
    for name in ("mean", "min", "max"):
        yield _row(reports, f"ledge, {name}", "mm", 1, f"ledge.{name}_m", 1e3)


def _emissions(reports):
    for figure, key in (
        ("Scope 1", "scope1_t"),
        ("of which perfluorocarbons", "pfc_t"),
        ("Scope 2", "scope2_t"),
        ("Scope 1 + 2", "total_t"),
    ):
        yield _row(reports, figure, "t/t", 3, f"emissions.{key}")
    yield _row(reports, "electricity", "g/kWh", 1, "emissions.grid_factor_kg_per_kWh", 1e3)
    for name in ("hydro_lifecycle", "world", "coal"):
        yield _row(reports, f"on {grids()[name].label}", "t/t", 2, f"emissions.by_grid.{name}.total_t")


def _anodes(reports):
    def over(key, reduction):
        return lambda report: reduction(
            (anode[key] for anode in at(report, "anodes.list") or () if anode.get(key) is not None), default=None
        )

    def number(report):
        return sum(anode.get("count", 1) for anode in at(report, "anodes.list") or ()) or None

    def mean(report):
        listed = at(report, "anodes.list") or ()
        return sum(anode.get("count", 1) * anode["current_A"] for anode in listed) / number(report) if listed else None

    yield _row(reports, "anodes", "", 0, number)
    yield _row(reports, "mean current", "kA", 3, mean, 1e-3)
    yield _row(reports, "largest current", "kA", 3, over("current_A", max), 1e-3)
    yield _row(reports, "smallest current", "kA", 3, over("current_A", min), 1e-3)
    yield _row(reports, "spread of currents", "%", 2, "anodes.non_uniformity", 100.0)
    yield _row(reports, "largest mean density", "A/cm²", 3, over("mean_current_density_A_m2", max), 1e-4)
    yield _row(reports, "largest peak density", "A/cm²", 3, over("peak_current_density_A_m2", max), 1e-4)
    yield _row(reports, "hottest point", "°C", 1, over("max_temperature_K", max), 1.0, -ZERO_CELSIUS)


TABLES = {
    "voltage": _voltage,
    "energy": _energy,
    "heat": _heat,
    "bath and ledge": _state,
    "emissions": _emissions,
    "anodes": _anodes,
}


def _current(report):
    terminals = at(report, "terminals") or {}
    return sum(abs(entry["current_A"]) for entry in terminals.values()) / 2.0 if terminals else None
