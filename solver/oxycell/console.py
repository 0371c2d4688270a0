"""What the command line shows: live progress, the summary of a run, tables. Formatting only."""

import sys
import time
from functools import partial

from rich.console import Console
from rich.table import Table
from rich.text import Text

from oxycell.constants import ZERO_CELSIUS
from oxycell.report.error_bars import bar_text
from oxycell.report.figure import Shown
from oxycell.report.registry import figure_of
from oxycell.report.showing import at, bar_shown, listed, unit_shown, value_shown, words_of
from oxycell.units import format_duration


def output():
    """Console on standard output, plain text where that is no terminal."""
    console = Console(highlight=False, markup=False, soft_wrap=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=120)


class _Live:
    """One live line on a terminal, one plain line a step elsewhere, nothing when quiet.

    Everything goes to standard error; standard output stays free for results.
    """

    first = ""  # what it says before anything has happened

    def __init__(self, quiet=False):
        self.quiet = quiet
        self.started = time.monotonic()
        self.console = Console(stderr=True, highlight=False, markup=False)
        self.live = None

    def __enter__(self):
        if not self.quiet and self.console.is_terminal:
            self.live = self.console.status(Text(self.first), spinner="dots")
            self.live.start()
        return self

    def __exit__(self, *error):
        if self.live is not None:
            self.live.stop()

    def say(self, text, hint=""):
        """Show what is going on; on a terminal with a hint below it."""
        if self.live is not None:
            self.live.update(Text(f"{text}\n{hint}" if hint else text))
        elif not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def note(self, text):
        """Show a line that stays."""
        if not self.quiet:
            (self.console.print if self.live is not None else partial(print, file=sys.stderr, flush=True))(text)


class Progress(_Live):
    """Callback of a solve: a line a step."""

    first = "building the mesh"

    def __init__(self, quiet=False):
        super().__init__(quiet)
        self.history = []

    def __call__(self, step):
        """Take one step of the solve or of time, a dict of its numbers."""
        self.history.append(dict(step))
        if "end" in step:
            self.say(time_line(step, time_left(self.history)), STOP_HINT)
        else:
            self.say(step_line(step, time.monotonic() - self.started))


class SweepProgress(_Live):
    """Callback of a sweep: how many cases are over, and the time left by their pace; a line a case."""

    first = "reading the study"
    before = None  # cases that were over already; they say nothing about the pace

    def __call__(self, over, number, name, state):
        """Take a case that is over."""
        if self.before is None:
            self.before = over - 1
        seconds = time.monotonic() - self.started
        left = seconds / (over - self.before) * (number - over)
        self.say(f"{over} of {number}  {name} {state}  {seconds:.0f} s, about {left:.0f} s left")


def step_line(step, seconds):
    """One line about one step of a solve; numbers it does not have are left out."""
    number = [f"solve {step['solve']:<2}"] if "solve" in step else []
    if "tried" in step:
        return "  ".join([*number, step["tried"]])
    words = [*number, f"{step.get('stage', 'solve'):<10}", f"{step.get('iteration', 0):>3}"]
    for key, label in (("charge", "charge"), ("electric_power", "power"), ("heat", "heat")):
        if _is_number(step.get(key)):
            words.append(f"{label} {step[key]:.1e}")
    if _is_number(step.get("cell_voltage")):
        words.append(f"{step['cell_voltage']:.4f} V")
    if _is_number(step.get("bath_temperature")):
        words.append(f"bath {step['bath_temperature'] - ZERO_CELSIUS:.1f} °C")
    return "  ".join([*words, f"{step.get('seconds', seconds):.1f} s"])


STOP_HINT = "Ctrl-C stops here; the message it ends with says how to continue"
_PACE_STEPS = 4  # of a run over time from which on their pace says something about those to come


def time_line(step: dict, left: float | None = None) -> str:
    """One line about one step of a run over time; numbers it does not have are left out.

    Parameters
    ----------
    step : dict of `time` and `end` [s]; `step` [s], its size; `error`, relative to the tolerance; `rejected` and
        `steps`, numbers of steps so far; `superheat` [K]; `temperatures`, lump → [K]; `seconds`, wall time of the run
    left : float or None, seconds until the end
    """
    words = [f"{format_duration(step['time'])} of {format_duration(step['end'])}"]
    if _is_number(step.get("step")):
        words.append(f"step {format_duration(step['step'])}")
    if _is_number(step.get("error")):
        words.append(f"error {step['error']:.2g}")
    for name, kelvin in (step.get("temperatures") or {}).items():
        words.append(f"{name} {kelvin - ZERO_CELSIUS:.1f} °C")
    if _is_number(step.get("superheat")):
        words.append(f"superheat {step['superheat']:.1f} K")
    if _is_number(step.get("steps")):
        rejected = f", {step['rejected']} rejected" if step.get("rejected") else ""
        words.append(f"{step['steps']} step{'' if step['steps'] == 1 else 's'}{rejected}")
    if _is_number(step.get("seconds")):
        pace = "" if left is None else f", about {format_duration(round(left))} left"
        words.append(f"{format_duration(round(step['seconds'], 1))}{pace}")
    return "  ".join(words)


def time_left(history: list[dict]) -> float | None:
    """Seconds until a run over time ends, by the pace of the later half of its steps; None before there are enough."""
    steps = [step for step in history if "end" in step and _is_number(step.get("seconds"))]
    if len(steps) <= _PACE_STEPS:
        return None
    last, first = steps[-1], steps[-1 - max(_PACE_STEPS, len(steps) // 2)]
    advance = last["time"] - first["time"]
    return (last["end"] - last["time"]) * (last["seconds"] - first["seconds"]) / advance if advance > 0.0 else None


def _is_number(value):
    return isinstance(value, int | float) and value == value


def summary(figures, folder=None, liquidus=None):
    """Table of the main figures of a report.

    Parameters
    ----------
    figures : dict, as in report.json
    folder : Path or None, where the files are
    liquidus : float or None [K], of the bath

    Returns
    -------
    rich Table
    """
    table = Table(title=figures.get("title") or None, title_justify="left", show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for alert in figures.get("alerts", []):  # first of all
        table.add_row(Text("ALERT", style="bold red"), Text(alert["message"], style="red"))
    for label, text in _rows(figures, liquidus):
        table.add_row(label, Text(text))
    if folder is not None:
        table.add_row("files", Text(str(folder)))
    return table


def _text(figures, key, digits=None, unit=True):
    """A figure with its error bar and its unit as its entry says, `digits` other than those of it."""
    digits = figure_of(key).display.digits if digits is None else digits
    value = value_shown(figures, key)
    number = f"{value:.{digits}f}" if digits is not None else _figure(value)
    return f"{number}{bar_shown(figures, key)}" + (f" {unit_shown(key)}" if unit else "").rstrip()


def _rows(figures, liquidus):
    yield "status", _status(figures["status"])
    asked = figures.get("operating_point")
    if asked:
        found = _text(figures, "operating_point.value", unit=False)
        yield (
            "operating point",
            (
                f"{asked['unknown']} = {found} {asked['unknown_unit']}".rstrip()
                + f" gives {asked['target']} = {_figure(asked['reached'])} {asked['target_unit']}".rstrip()
                + f", after {len(asked['evaluations'])} solves"
            ),
        )
    for number, sentence in enumerate(figures.get("transient", {}).get("statements", ())):
        yield "" if number else "over time", sentence
    yield "balances", ", ".join(_balance(name, member) for name, member in _balances(figures))
    if at(figures, "voltage.cell_V") is not None:
        yield words_of("voltage.cell_V"), _text(figures, "voltage.cell_V", 4)
        parts = [name for name, value in figures["voltage"]["parts"].items() if value]
        yield "", _list({name: _text(figures, f"voltage.parts.{name}", 4, unit=False) for name in parts})
    yield from _heat(figures, liquidus)
    if at(figures, "ledge.mean_m") is not None:
        mean, low, high = (_text(figures, f"ledge.{key}", 0, unit=False) for key in ("mean_m", "min_m", "max_m"))
        unit = unit_shown("ledge.mean_m")
        yield "ledge", f"{mean} {unit} mean, {low} to {high} {unit}"
    if figures["anodes"].get("list"):
        yield "anodes", _anodes(figures)
    yield from _made(figures)
    if at(figures, "emissions.total_t") is not None:
        scopes = [f"{_text(figures, f'emissions.scope{n}_t', unit=False)} t scope {n}" for n in (1, 2)]
        factor, name = value_shown(figures, "emissions.grid_factor_kg_per_kWh"), at(figures, "emissions.grid")
        on = f" at {factor:g} {unit_shown('emissions.grid_factor_kg_per_kWh')}" + (f" ({name})" if name else "")
        yield "CO2e per t Al", ", ".join(scopes) + on
    yield from _section(figures)
    for key in listed(figures, "console"):
        yield words_of(key), _text(figures, key)
    yield from _claims(figures.get("claims"))
    if figures.get("error_bars"):
        yield "±", _bars(figures["error_bars"])
    for warning in figures.get("warnings", []):
        yield "warning", warning


def _made(figures):
    if at(figures, "productivity.aluminium_kg_per_day") is not None:
        amounts = [
            f"{_text(figures, key, 0, unit=False)} kg {words_of(key)}"
            for key in (f"productivity.{name}_kg_per_day" for name in ("aluminium", "oxygen", "alumina", "carbon"))
            if at(figures, key) or key == "productivity.aluminium_kg_per_day"
        ]
        yield "production per day", ", ".join(amounts)
    if at(figures, "productivity.specific_energy_kWh_per_kg") is not None:
        text = _text(figures, "productivity.specific_energy_kWh_per_kg", 2)
        if at(figures, "productivity.energy_efficiency") is not None:
            text += f", {_text(figures, 'productivity.energy_efficiency', 1)} of it needed by the reaction"
        yield words_of("productivity.specific_energy_kWh_per_kg"), text


def _anodes(figures):
    currents = [entry["current_A"] for entry in figures["anodes"]["list"]]
    low, high = (
        _text(figures, f"anodes.list.{currents.index(current)}.current_A", 3, unit=False)
        for current in (min(currents), max(currents))
    )
    text = f"{len(currents)} modelled, {low} to {high} {unit_shown('anodes.list.*.current_A')} each"
    spread = at(figures, "anodes.non_uniformity")
    return text + ("" if spread is None else f", spread {_text(figures, 'anodes.non_uniformity')}")


def _bars(block):
    """Meaning of ± in the rows above."""
    cells = " and ".join(f"{mesh['cells']:,}" for mesh in block["meshes"][-2:])
    cells = ", ".join([*(f"{mesh['cells']:,}" for mesh in block["meshes"][:-2]), cells])
    flagged = sum(entry["flag"] is not None for entry in block["figures"].values())
    if len(block["meshes"]) == 2:
        told = "; two give no order, so a low one is assumed: --meshes 3 is sharper for most"
    else:
        told = (
            f"; values of {flagged} of {len(block['figures'])} figures follow no order, marked (!)" if flagged else ""
        )
    return f"discretisation error, from meshes of {cells} cells{told}"


def _section(figures):
    if figures.get("section"):
        per_year = ", ".join(
            f"{value_shown(figures, key):,.0f} t {words_of(key)}"
            for key in ("section.aluminium_t_per_year", "section.oxygen_t_per_year")
        )
        emitted = sum(value_shown(figures, f"section.scope{n}_t_per_year") for n in (1, 2))
        line, power = value_shown(figures, "section.line_voltage_V"), value_shown(figures, "section.ac_power_W")
        yield (
            f"section of {figures['section']['cells']}",
            (
                f"{line:.1f} {unit_shown('section.line_voltage_V')}, {power:,.0f} {unit_shown('section.ac_power_W')} "
                f"AC; a year: {per_year}, {emitted:,.0f} t CO2e"
            ),
        )


def _claims(listed):
    for number, claim in enumerate(listed or ()):
        yield "" if number else "claims", f"{claim['verdict']}: {claim['published']}; run: {claim['computed']}"


def _figure(value):
    return "no value" if value is None else f"{value:.6g}"


def _status(status):
    words = ["converged" if status["converged"] else "NOT CONVERGED"]
    for key, text in (("outer_iterations", "{} steps"), ("cells", "{:,} cells"), ("wall_seconds", "{:.1f} s")):
        if status.get(key) is not None:
            words.append(text.format(status[key]))
    if status.get("peak_memory_bytes"):
        words.append(f"{status['peak_memory_bytes'] / 1e9:.2f} GB")
    return ", ".join(words)


def _balances(figures):
    """The members of the ledger that are balances of their own, and in words; identities between them are left out."""
    return [
        (name.replace("_", " "), member)
        for name, member in figures["balance"].items()
        if name not in ("voltage", "energy")
    ]


def _balance(label, member):
    if not member.get("solved", True):
        return f"{label} not solved"
    limit = member.get("limit")
    text = f"{label} {member['relative']:.1e}" if member["relative"] is not None else f"{label} no number"
    return text if limit is None else f"{text} (limit {limit:.0e})"


_WATT, _SMALL = Shown("W"), 1e4  # heat below it is shown in watt


def _heat(figures, liquidus):
    heat = figures["heat"]
    if heat.get("losses"):
        lost = sum(heat["losses"].values())
        small = max(abs(heat["generated_W"]), abs(lost)) < _SMALL

        def power(key, value):
            display = _WATT if small else figure_of(key).display
            return f"{display.value(value):.1f}{bar_text(figures, key, display.factor)}", display.unit

        made, unit = power("heat.generated_W", heat["generated_W"])
        yield words_of("heat.generated_W"), f"{made} {unit}"
        yield "heat lost", f"{(_WATT if small else figure_of('heat.generated_W').display).value(lost):.1f} {unit}"
        yield "", _list({name: power(f"heat.losses.{name}", value)[0] for name, value in heat["losses"].items()})
    if heat.get("process_W"):
        volts = _text(figures, "heat.equivalent_voltage_V")
        yield words_of("heat.process_W"), f"{_text(figures, 'heat.process_W')} ({volts})"
    for name, kelvin in heat.get("lump_temperatures_K", {}).items():
        key = f"heat.lump_temperatures_K.{name}"
        text = _text(figures, key)
        if name == "bath" and liquidus is not None:
            text += f", {kelvin - liquidus:.1f} K above the liquidus"
        yield words_of(key), text


def _list(texts):
    return ", ".join(f"{name} {text}" for name, text in texts.items())


def plain_table(titles, rows, title=None):
    """A table of texts."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(titles):
        table.add_column(heading, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    return table
