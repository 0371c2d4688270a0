"""What is said of a run over time in sentences, made of its numbers."""

from collections.abc import Callable

from oxycell.constants import ZERO_CELSIUS
from oxycell.report.figure import Tree

_CHANGED = 1e-4  # share of a quantity from which on it counts as changed
_NO_CURRENT = 1e-6  # [A], more than what round-off makes of none


def sentences(course: Tree, totals: Tree, found: Tree, whole: Tree, worst: tuple[str, Tree] | None) -> list[str]:
    """Sentences on a run.

    Parameters
    ----------
    course : dict, `course` of a record
    totals : dict, block transient.totals
    found : dict, block transient.course
    whole : dict, the energy identity of the run in block transient.ledger
    worst : name and entry of the step's ledger farthest from its limit, None without steps
    """
    start = float(course["start"])
    said = [_length(course), _energy(totals), _supply(found, start), _bath(found, start)]
    said += [_ledge(found, start), _composition(found), _masses(totals, found, start), _anodes(found, start)]
    said += [_closes(whole, worst)]
    return [sentence for sentence in said if sentence]


def _length(course: Tree) -> str:
    rejected = int(course["rejected"])
    attempts = f"; {rejected} attempt{_s(rejected)} at a step {_was(rejected)} rejected" if rejected else ""
    steps = int(course["steps"])
    return f"The run covers {hours(course['end'] - course['start'])} in {steps} step{_s(steps)}{attempts}."


def _energy(totals: Tree) -> str:
    put_in = (totals["electric_kWh"] or 0.0) + (totals["given_kWh"] or 0.0)
    lost = sum(value or 0.0 for value in totals["losses_kWh"].values())
    stored = totals["stored_kWh"] or 0.0
    parts = [f"{text(lost)} kWh were lost to the surroundings"]
    if totals["process_kWh"]:
        parts.append(f"{text(totals['process_kWh'])} kWh taken up by the process")
    if totals["external_kWh"]:
        parts.append(f"{text(totals['external_kWh'])} kWh dissipated outside")
    words = (
        f"It took {text(put_in)} kWh; {', '.join(parts)}, and what the cell holds "
        f"{'rose' if stored >= 0.0 else 'fell'} by {text(abs(stored))} kWh."
    )
    if totals.get("specific_energy_kWh_per_kg") is not None:
        words += (
            f" It produced {text(totals['aluminium_kg'])} kg of aluminium at "
            f"{totals['specific_energy_kWh_per_kg']:.2f} kWh/kg"
        )
        gases = totals.get("co2e_kg")
        words += f", with {text(gases)} kg of CO2 equivalent." if gases is not None else "."
    return words


def _supply(found: Tree, start: float) -> str:
    if "current_A" not in found:
        return ""
    current, volts = found["current_A"], found.get("cell_V")
    words = f"The current {_between(current, start, _amperes)}"
    if volts is not None and None not in volts.values():  # of a cell at rest with more than two terminals
        words += f"; the cell voltage {_between(volts, start, _volts)}"
    return f"{words}."


def _bath(found: Tree, start: float) -> str:
    parts = []
    if "bath_K" in found:
        parts.append(f"the bath {_between(found['bath_K'], start, celsius)}")
    if "liquidus_K" in found:
        parts.append(f"its liquidus {_between(found['liquidus_K'], start, celsius)}")
    if "superheat_K" in found:
        heat = found["superheat_K"]
        parts.append(
            f"the superheat of the coldest pool was least {_when(heat['least_at_s'], start)}, "
            f"{heat['least']:.2f} K, and is {heat['last']:.2f} K at the end"
        )
    return f"{_capital('; '.join(parts))}." if parts else ""


def _ledge(found: Tree, start: float) -> str:
    if "ledge_mean_m" not in found:
        return ""
    words = f"The ledge {_between(found['ledge_mean_m'], start, lambda value: f'{1e3 * value:.1f} mm')} in the mean"
    frozen = found.get("frozen_kg")
    if frozen is not None:
        change = frozen["last"] - frozen["first"]
        words += (
            f"; {text(abs(change))} kg of bath {'froze' if change >= 0.0 else 'melted'} from start to end, "
            f"{text(frozen['most'] - frozen['least'])} kg lie between most and least"
        )
    return f"{words}."


def _composition(found: Tree) -> str:
    if "excess_alf3" not in found or not _changes(found["excess_alf3"]):
        return ""
    salt = found["excess_alf3"]
    return (
        f"Excess AlF3 in the liquid bath was {salt['first']:.2f} wt % at the start and {salt['last']:.2f} wt % at the "
        f"end, {salt['least']:.2f} to {salt['most']:.2f} wt % on the way."
    )


def _masses(totals: Tree, found: Tree, start: float) -> str:
    if "alumina_fed_kg" not in totals or "alumina" not in found:
        return ""
    words = (
        f"{text(totals['alumina_fed_kg'])} kg of alumina were fed, {text(totals['alumina_dissolved_kg'])} kg dissolved "
        f"and {text(totals['alumina_kg'])} kg used; alumina in the bath {_between(found['alumina'], start, _percent)}"
    )
    if found.get("stock_kg", {}).get("most"):
        words += f", what is not dissolved {_between(found['stock_kg'], start, _kilograms)}"
    if "metal_kg" in found:
        words += (
            f". {text(totals['aluminium_kg'])} kg of metal were made and {text(totals['metal_tapped_kg'])} kg tapped; "
            f"the metal {_between(found['metal_kg'], start, _kilograms)}"
        )
    return f"{words}."


def _anodes(found: Tree, start: float) -> str:
    if "hottest_anode_K" not in found:
        return ""
    hottest = found["hottest_anode_K"]
    return f"The hottest place of any anode reached {celsius(hottest['most'])} {_when(hottest['most_at_s'], start)}."


def _closes(whole: Tree, worst: tuple[str, Tree] | None) -> str:
    words = (
        f"The energy of the whole run {'closes' if whole['closed'] else 'DOES NOT CLOSE'}: residual "
        f"{_power(whole['relative'])} of what flowed, limit {_power(whole['limit'])}"
    )
    if worst is not None:
        name, member = worst
        words += (
            f"; of the ledgers of single steps, {name} comes nearest to its limit"
            if member["closed"]
            else f"; of the ledgers of single steps, {name} IS BEYOND ITS LIMIT"
        )
        words += f", {_power(member['relative'])} against {_power(member['limit'])}"
    return f"{words}."


def _between(found: Tree, start: float, shown: Callable[[float], str]) -> str:
    """Where a quantity began and ended, and where it was farthest from both: words after its name."""
    if not _changes(found):
        return f"stayed at {shown(found['first'])}"
    words = f"was {shown(found['first'])} at the start and {shown(found['last'])} at the end"
    reach = found["most"] - found["least"]
    low = min(found["first"], found["last"]) - found["least"] > 0.02 * reach
    high = found["most"] - max(found["first"], found["last"]) > 0.02 * reach
    beyond = [f"least {_when(found['least_at_s'], start)}, {shown(found['least'])}"] if low else []
    beyond += [f"most {_when(found['most_at_s'], start)}, {shown(found['most'])}"] if high else []
    return f"{words} ({'; '.join(beyond)})" if beyond else words


def _changes(found: Tree) -> bool:
    return bool(found["most"] - found["least"] > _CHANGED * max(abs(found["most"]), abs(found["least"])))


def _when(time: float, start: float) -> str:
    return "at the start" if time == start else f"after {hours(time - start)}"


def hours(seconds: float) -> str:
    """A time of a run as a person reads it."""
    if abs(seconds) < 60.0:
        return f"{seconds:.3g} s"
    if abs(seconds) < 3600.0:
        return f"{seconds / 60.0:.3g} min"
    return f"{seconds / 3600.0:.3g} h"


def celsius(kelvin: float) -> str:
    """A temperature as a person reads it."""
    return f"{kelvin - ZERO_CELSIUS:.1f} °C"


def _percent(share: float) -> str:
    return f"{share:.2f} wt %"


def _kilograms(mass: float) -> str:
    return f"{text(mass)} kg"


def _amperes(current: float) -> str:
    if abs(current) < _NO_CURRENT:
        return "0 A"
    return f"{text(current / 1e3)} kA" if abs(current) >= 1e3 else f"{current:.4g} A"


def _volts(potential: float) -> str:
    return f"{potential:.3f} V" if abs(potential) >= 1.0 else f"{1e3 * potential:.4g} mV"


def text(value: float) -> str:
    """A number with four digits at least, thousands apart."""
    digits = max(0, 3 - len(f"{abs(value):.0f}")) if abs(value) >= 1.0 else 3
    return f"{value:,.{digits}f}".replace(",", "\u202f").replace("-", "−")


def _power(value: float | None) -> str:
    return "no number" if value is None else f"{value:.1e}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
