"""What a run over time adds up: energy, metal and emissions from the reports of all stages, and the ledger of it."""

from collections.abc import Mapping
from typing import Any

from oxycell.case.solving.record import floors
from oxycell.limits import HEAT_LIMIT, LEDGER_LIMITS, STAGE_LIMIT
from oxycell.numerics.reductions import largest, largest_size, total
from oxycell.report.figure import Tree
from oxycell.report.sums import judged
from oxycell.solvers.transient.stages import Solved

HOURS, DAY = 3600.0, 86400.0

BLOCKS = "heat", "terminals", "productivity", "emissions", "masses"
"""Those of a report that `flows` reads."""


def flows(figures: Tree) -> dict[str, float]:
    """What is summed over time, per second, by the report of an instant.

    Parameters
    ----------
    figures : dict, the report, or its `BLOCKS`

    Returns
    -------
    dict name → value: `electric_J`, `given_J`, `process_J`, `external_J`, `stored_J`, `losses_J.PATH` [W];
    `aluminium_kg`, `alumina_kg`, `oxygen_kg` [kg/s], `co2e_kg` [kg/s]; with masses of their own `frozen_kg`, and where
    they are counted `fed_kg`, `dissolved_kg`, `used_kg`, `made_kg`, `tapped_kg` [kg/s] and `carried_J` [W]
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
    masses = figures.get("masses") or {}
    for name, rate in masses.items():
        if name.endswith("_kg_per_h"):
            found[name.removesuffix("_per_h")] = float(rate) / HOURS
    if "carried_W" in masses:
        found["carried_J"] = float(masses["carried_W"])
    return found


def _electric(figures: Tree) -> float:
    """Electric power that enters [W]: of the terminals."""
    terminals = figures.get("terminals") or {}
    return float(sum(each["current_A"] * each["potential_V"] for each in terminals.values()))


def energy(sums: Mapping[str, float], change: float, floor: float = 0.0) -> dict[str, float]:
    """The energy identity of a step or a run.

    Parameters
    ----------
    sums : mapping, of `flows` over the time; empty before the first step
    change : float [J], by which the enthalpy changed, from the amounts at both ends
    floor : float [J], estimated round-off, see `round_off`

    Returns
    -------
    dict with `in_J`, `out_J`, `stored_J`, the change less what masses brought that came and left, `absolute_J`, the
        residual, `relative`, over the largest of them, of half of what passed the boundary or of what round-off allows
        to tell, and its `limit`
    """
    change -= sums.get("carried_J", 0.0)
    put_in = float(sums.get("electric_J", 0.0) + sums.get("given_J", 0.0))
    losses = [value for name, value in sums.items() if name.startswith("losses_J.")]
    lost, passed = sum(losses), 0.5 * sum(abs(value) for value in losses)
    out, change = float(lost + sums.get("external_J", 0.0) + sums.get("process_J", 0.0)), float(change)
    residual = abs(put_in - out - change)
    flows = max(abs(put_in), abs(out), abs(change), passed)
    relative, _, limit = judged((residual,), flows, (floor,), LEDGER_LIMITS["energy"])
    return {
        "in_J": put_in,
        "out_J": out,
        "stored_J": change,
        "absolute_J": residual,
        "relative": relative,
        "limit": limit,
    }


def round_off(solved: Solved, seconds: float) -> float:
    """Estimated round-off [J] of the energy of a step of so many seconds: of what passes, and of what is stored."""
    rough = floors(solved.evaluation)
    return float(solved.evaluation.problem.mesh.multiplicity) * seconds * (rough["power"] + rough["heat_sum"])


def left_over(solved: Solved) -> dict[str, tuple[float, float]]:
    """What iterations left over at the end of a step: what its state holds, against what passed.

    Returns
    -------
    dict name → relative residual of any row or of the sum, over what flows while the stage lasts, and its limit; one
    for each balance that stores
    """
    found, evaluation = {}, solved.evaluation
    for balance in evaluation.problem.balances:
        stored = evaluation.of(balance, "storage")
        if stored is None:
            continue
        left = evaluation.stage.rate * (solved.amounts[balance.name] - stored.amounts[balance.name])
        floor, limit = evaluation.of(balance, "floor"), STAGE_LIMIT / HEAT_LIMIT * balance.limit
        offs, rough = (abs(total(left)), largest_size(left)), (floor.outside, largest(floor.rows))
        relative, _, limit = judged(offs, evaluation.of(balance, "flow"), rough, limit)
        found[f"{balance.name}_left_over"] = relative, limit
    return found


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
