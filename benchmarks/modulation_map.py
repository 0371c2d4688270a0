"""Superheat over the duration of a modulation, from a sweep of the study modulation-map: a table, and a figure.

python -m benchmarks.modulation_map runs/modulation-map [-o figures.png]
"""

import argparse
import csv
import json
import re
import tomllib
from pathlib import Path

import numpy as np

from oxycell.units import parse_quantity

HOURS = (0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0)
FULL = 140e3
_LINE = re.compile(r"^time (\S+) .*superheat (\S+)")


def read_log(text):
    """Times [s] and superheat [K] of the steps in a run.log, two lists."""
    found = [match.groups() for match in map(_LINE.match, text.splitlines()) if match]
    return [float(time) for time, _ in found], [float(superheat) for _, superheat in found]


def read_history(path):
    """Times [s], superheat [K] and frozen mass [kg] of a history.csv, three lists."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return tuple([float(row[key]) for row in rows] for key in ("time", "superheat_K", "frozen_kg"))


def read_case(folder, state):
    """What a case of the sweep says: dict with `share` of the full current, `composition`, `time`, `superheat`,
    `frozen` (None where the sweep kept no history, as of cases that froze), `message` (None where it ran to its end).
    """
    data = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))["transient"]
    current = parse_quantity(data["schedule"]["operation.line_current"]["value"][-1], "A")
    found = {"share": current / FULL, "composition": data.get("composition", "coupled"), "message": None}
    if state["state"] == "finished":
        time, superheat, frozen = read_history(folder / "history.csv")
    else:
        time, superheat = read_log((folder / "run.log").read_text(encoding="utf-8"))
        found["message"], frozen = state["message"], None
    return found | {"time": np.array(time), "superheat": np.array(superheat), "frozen": frozen}


def read_sweep(folder):
    """All cases that have run, by composition and depth."""
    cases = []
    for path in sorted((Path(folder) / "states").glob("*.json")):
        state = json.loads(path.read_text(encoding="utf-8"))
        if state["state"] in ("finished", "failed"):
            cases.append(read_case(Path(folder) / "cases" / path.stem, state))
    return sorted(cases, key=lambda case: (case["composition"], -case["share"]))


def superheat_after(case, hours):
    """Superheat of the coldest pool [K] after a duration, between steps; None once the bath has frozen."""
    if hours * 3600.0 > case["time"][-1] * (1.0 + 1e-9):
        return None
    return float(np.interp(hours * 3600.0, case["time"], case["superheat"]))


def table(cases):
    """The table: superheat after each duration, time at which it freezes."""
    lines = [
        "| current | liquidus | " + " | ".join(f"{hours:g} h" for hours in HOURS) + " | freezes |",
        "|---|---|" + "---|" * (len(HOURS) + 1),
    ]
    for case in cases:
        values = [superheat_after(case, hours) for hours in HOURS]
        cells = ["–" if value is None or value <= 0.0 else f"{value:.1f}" for value in values]
        end = "no" if case["message"] is None else f"{freezes(case) / 3600.0:.2g} h"
        depth = f"{100.0 * (case['share'] - 1.0):+.0f} %".replace("-", "− ").replace("+", "+ ")
        lines.append(f"| {depth} | {case['composition']} | " + " | ".join(cells) + f" | {end} |")
    return "\n".join(lines)


def freezes(case):
    """Time [s] at which the superheat passes 0, between the last two steps."""
    time, superheat = case["time"][-2:], case["superheat"][-2:]
    if superheat[1] >= 0.0:
        return float(time[1])
    return float(time[0] + (time[1] - time[0]) * superheat[0] / (superheat[0] - superheat[1]))


def draw(cases, path):
    """The figure: superheat over time, a panel for each composition, a colour for each depth."""
    import matplotlib as mpl

    from oxycell.report.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, RC, YELLOW, canvas, open_axes

    with mpl.rc_context(RC):
        figure, place = canvas(
            3.1, "Superheat of the coldest pool", "kraz-140ka at less current from 0 h on, 65 thousand mesh cells"
        )
        for number, composition in enumerate(("coupled", "fixed")):
            axes = place(0.6 + 3.35 * number, 0.5, 3.0, 2.3)
            open_axes(axes)
            shown = [case for case in cases if case["composition"] == composition]
            for case, colour in zip(shown, (BLUE, ORANGE, GREEN, PINK, YELLOW, INK), strict=False):
                label = f"{100.0 * (case['share'] - 1.0):+.0f} %".replace("-", "−")
                axes.plot(
                    case["time"] / 3600.0, case["superheat"], color=colour, label=label, marker="o", markersize=2.0
                )
            axes.axhline(0.0, color=GREY, linewidth=0.8)
            axes.set(xlim=(0.0, 12.0), ylim=(-0.5, 8.5), xlabel="duration (h)")
            axes.set_title(f"composition {composition}", fontsize=9)
            if number == 0:
                axes.set_ylabel("superheat (K)")
                axes.legend(ncols=2, loc="upper right")
        figure.savefig(path)


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sweep")
    parser.add_argument("-o", "--output")
    given = parser.parse_args()
    cases = read_sweep(given.sweep)
    print(table(cases))
    for case in cases:
        if case["message"]:
            print(f"{100.0 * (case['share'] - 1.0):+.0f} % {case['composition']}: {case['message']}")
    if given.output:
        draw(cases, given.output)


if __name__ == "__main__":
    main()
