"""What a run over time adds up: energy, metal and emissions from the reports of all stages, and the ledger of it."""

from collections.abc import Mapping
from typing import Any

from oxycell.report.figure import Tree

HOURS, DAY = 3600.0, 86400.0


def flows(figures: Tree) -> dict[str, float]:
    """What is summed over time, per second, by the report of an instant.

    Parameters
    ----------
    figures : dict, the report

    Returns
    -------
    dict name → value: `electric_J`, `given_J`, `process_J`, `external_J`, `stored_J`, `losses_J.PATH` [W];
    `aluminium_kg`, `alumina_kg`, `oxygen_kg` [kg/s], `co2e_kg` [kg/s]
    """
    found: dict[str, float] = {"electric_J": _electric(figures)}
    heat = figures.get("heat") or {}
    for key in ("given", "process", "external", "stored"):
        found[f"{key}_J"] = float(heat.get(f"{key}_W") or 0.0)
    for path, loss in (heat.get("losses") or {}).items():
        found[f"losses_J.{path}"] = float(loss)
    production = figures.get("productivity") or {}
    for what in ("aluminium", "alumina", "oxygen"):
        found[f"{what}_kg"] = float(production.get(f"{what}_kg_per_day") or 0.0) / DAY
    found["co2e_kg"] = float((figures.get("emissions") or {}).get("total_kg_per_hour") or 0.0) / HOURS
    return found


def _electric(figures: Tree) -> float:
    """Electric power that enters [W]: of the terminals."""
    terminals = figures.get("terminals") or {}
    return float(sum(each["current_A"] * each["potential_V"] for each in terminals.values()))


def energy(sums: Mapping[str, float], change: float) -> dict[str, float]:
    """The energy identity of a step or a run.

    Parameters
    ----------
    sums : mapping, of `flows` over the time; empty before the first step
    change : float [J], by which what is stored changed, from the states at both ends

    Returns
    -------
    dict with `in_J`, `out_J`, `stored_J`, `absolute_J`, the residual, and `relative`, over the largest of them or,
        if more, half of what passed the boundary
    """
    put_in = float(sums.get("electric_J", 0.0) + sums.get("given_J", 0.0))
    losses = [value for name, value in sums.items() if name.startswith("losses_J.")]
    lost, passed = sum(losses), 0.5 * sum(abs(value) for value in losses)
    out, change = float(lost + sums.get("external_J", 0.0) + sums.get("process_J", 0.0)), float(change)
    residual = put_in - out - change
    return {
        "in_J": put_in,
        "out_J": out,
        "stored_J": change,
        "absolute_J": abs(residual),
        "relative": abs(residual) / max(abs(put_in), abs(out), abs(change), passed, 1e-300),
    }


def added(sums: Mapping[str, float], more: Mapping[str, float]) -> dict[str, float]:
    """Sums of two, name by name."""
    names = dict.fromkeys([*sums, *more])
    return {name: float(sums.get(name, 0.0) + more.get(name, 0.0)) for name in names}


def row(figures: Tree) -> dict[str, Any]:
    """Scalars of a report that a history keeps: dotted key → number."""
    found: dict[str, Any] = {}
    for key in (
        "voltage.cell_V",
        "voltage.open_circuit_V",
        "heat.generated_W",
        "heat.process_W",
        "heat.external_W",
        "heat.stored_W",
        "ledge.mean_m",
        "ledge.min_m",
        "ledge.max_m",
        "ledge.heat_W",
        "productivity.current_efficiency",
        "productivity.electrolyte_temperature_K",
        "productivity.aluminium_kg_per_day",
        "productivity.specific_energy_kWh_per_kg",
        "emissions.total_t",
        "emissions.total_kg_per_hour",
    ):
        value = _at(figures, key)
        found[key] = value if _number(value) else None
    if "shells" in figures:
        found |= {f"shells.{key}": figures["shells"][key] for key in ("mean_m", "max_m", "frozen_area_m2", "volume_m3")}
    for block in ("voltage.parts", "heat.losses", "heat.lump_temperatures_K", "terminals"):
        for name, value in (_at(figures, block) or {}).items():
            if isinstance(value, dict):
                found |= {f"{block}.{name}.{key}": number for key, number in value.items()}
            else:
                found[f"{block}.{name}"] = value
    for anode in _at(figures, "anodes.list") or []:
        found[f"anodes.{anode['name']}.current_A"] = anode["current_A"]
        found[f"anodes.{anode['name']}.max_temperature_K"] = anode["max_temperature_K"]
    return found


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _at(tree: Tree, key: str) -> Any:
    for part in key.split("."):
        if not isinstance(tree, dict) or part not in tree:
            return None
        tree = tree[part]
    return tree
