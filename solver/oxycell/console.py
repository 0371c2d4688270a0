"""What the command line shows: live progress, the summary of a run, tables. Formatting only."""

import sys
import time

from rich.console import Console
from rich.table import Table
from rich.text import Text

from oxycell.report.error_bars import bar_text

ZERO_CELSIUS = 273.15
_BALANCES = (("charge", "charge"), ("electric_power", "electric power"), ("heat", "heat"))


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

    def say(self, text):
        """Show what is going on."""
        if self.live is not None:
            self.live.update(Text(text))
        elif not self.quiet:
            print(text, file=sys.stderr, flush=True)


class Progress(_Live):
    """Callback of a solve: a line a step."""

    first = "building the mesh"

    def __init__(self, quiet=False):
        super().__init__(quiet)
        self.history = []

    def __call__(self, step):
        """Take one step of the solve, a dict of its numbers."""
        self.history.append(dict(step))
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


def _rows(figures, liquidus):
    yield "status", _status(figures["status"])
    asked = figures.get("operating_point")
    if asked:
        found = _figure(asked["value"]) + bar_text(figures, "operating_point.value")
        yield (
            "operating point",
            (
                f"{asked['unknown']} = {found} {asked['unknown_unit']}".rstrip()
                + f" gives {asked['target']} = {_figure(asked['reached'])} {asked['target_unit']}".rstrip()
                + f", after {len(asked['evaluations'])} solves"
            ),
        )
    yield "balances", ", ".join(_balance(label, figures["balance"][key]) for key, label in _BALANCES)
    volts = figures["voltage"]
    if volts.get("cell_V") is not None:
        yield "cell voltage", f"{volts['cell_V']:.4f}{bar_text(figures, 'voltage.cell_V')} V"
        parts = {name: value for name, value in volts["parts"].items() if value}
        yield "", _list(parts, lambda name, value: f"{value:.4f}{bar_text(figures, f'voltage.parts.{name}')}")
    yield from _heat(figures, liquidus)
    ledge = figures["ledge"]
    if ledge.get("mean_m") is not None:
        low, high, mean = (
            f"{1e3 * ledge[key]:.0f}{bar_text(figures, f'ledge.{key}', 1e3)}" for key in ("min_m", "max_m", "mean_m")
        )
        yield "ledge", f"{mean} mm mean, {low} to {high} mm"
    if figures["anodes"].get("list"):
        yield "anodes", _anodes(figures)
    made = figures["productivity"]
    if made.get("aluminium_kg_per_day") is not None:
        made_of = (
            ("aluminium_kg_per_day", "aluminium"),
            ("oxygen_kg_per_day", "oxygen"),
            ("alumina_kg_per_day", "alumina fed"),
            ("carbon_kg_per_day", "carbon"),
        )
        yield (
            "production per day",
            ", ".join(
                f"{made[key]:.0f}{bar_text(figures, f'productivity.{key}')} kg {name}"
                for key, name in made_of
                if made.get(key) or name == "aluminium"
            ),
        )
    if made.get("specific_energy_kWh_per_kg") is not None:
        bar = bar_text(figures, "productivity.specific_energy_kWh_per_kg")
        text = f"{made['specific_energy_kWh_per_kg']:.2f}{bar} kWh/kg"
        if made.get("energy_efficiency") is not None:
            text += f", {100 * made['energy_efficiency']:.1f} % of it needed by the reaction"
        yield "energy (DC)", text
    gases = figures["emissions"]
    if gases.get("total_t") is not None:
        yield (
            "CO2e per t Al",
            (
                f"{gases['scope1_t']:.3f} t scope 1, "
                f"{gases['scope2_t']:.3f}{bar_text(figures, 'emissions.scope2_t')} t scope 2 at "
                f"{1e3 * gases['grid_factor_kg_per_kWh']:g} g/kWh"
                + (f" ({gases['grid']})" if gases.get("grid") else "")
            ),
        )
    yield from _section(figures.get("section"))
    yield from _claims(figures.get("claims"))
    if figures.get("error_bars"):
        yield "±", _bars(figures["error_bars"])
    for warning in figures.get("warnings", []):
        yield "warning", warning


def _anodes(figures):
    listed, spread = figures["anodes"]["list"], figures["anodes"].get("non_uniformity")
    currents = [entry["current_A"] / 1e3 for entry in listed]
    low, high = (
        f"{current:.3f}{bar_text(figures, f'anodes.list.{currents.index(current)}.current_A', 1e-3)}"
        for current in (min(currents), max(currents))
    )
    text = f"{len(currents)} modelled, {low} to {high} kA each"
    return text + (
        f", spread {100 * spread:.2f}{bar_text(figures, 'anodes.non_uniformity', 100.0)} %"
        if spread is not None
        else ""
    )


def _bars(block):
    """What ± in the rows above stands for."""
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


def _section(block):
    if block:
        yield (
            f"section of {block['cells']}",
            (
                f"{block['line_voltage_V']:.1f} V, {block['ac_power_W'] / 1e3:,.0f} kW AC; a year: "
                f"{block['aluminium_t_per_year']:,.0f} t "
                f"aluminium, {block['oxygen_t_per_year']:,.0f} t oxygen, "
                f"{block['scope1_t_per_year'] + block['scope2_t_per_year']:,.0f} t CO2e"
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


def _balance(label, member):
    if not member.get("solved", True):
        return f"{label} not solved"
    limit = member.get("limit")
    text = f"{label} {member['relative']:.1e}" if member["relative"] is not None else f"{label} no number"
    return text if limit is None else f"{text} (limit {limit:.0e})"


def _heat(figures, liquidus):
    heat = figures["heat"]
    if heat.get("losses"):
        lost = sum(heat["losses"].values())
        scale, unit = (1e3, "kW") if max(abs(heat["generated_W"]), abs(lost)) >= 1e4 else (1.0, "W")
        yield (
            "heat generated",
            f"{heat['generated_W'] / scale:.1f}{bar_text(figures, 'heat.generated_W', 1.0 / scale)} {unit}",
        )
        yield "heat lost", f"{lost / scale:.1f} {unit}"
        yield (
            "",
            _list(
                heat["losses"],
                lambda name, value: f"{value / scale:.1f}{bar_text(figures, f'heat.losses.{name}', 1.0 / scale)}",
            ),
        )
    if heat.get("process_W"):
        yield "taken by the process", f"{heat['process_W'] / 1e3:.1f} kW ({heat['equivalent_voltage_V']:.4f} V)"
    for name, kelvin in heat.get("lump_temperatures_K", {}).items():
        text = f"{kelvin - ZERO_CELSIUS:.1f}{bar_text(figures, f'heat.lump_temperatures_K.{name}')} °C"
        if name == "bath" and liquidus is not None:
            text += f", {kelvin - liquidus:.1f} K above the liquidus"
        yield name.replace("_", " "), text


def _list(values, form):
    return ", ".join(f"{name} {form(name, value)}" for name, value in values.items())


def plain_table(titles, rows, title=None):
    """A table of texts."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(titles):
        table.add_column(heading, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    return table
