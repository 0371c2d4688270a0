"""A tank of bath that freezes on its wall, run over time in a second, and how two of its run folders differ."""

import json

import h5py
import numpy as np

from oxycell.io.temporal import read_fields, read_times

TANK = """\
schema = "oxycell-case/1"
title = "a tank of bath that freezes on its wall"
boxes = [
    { name = "plate", material = "plate", x = ["-0.1 m", "0 m"], y = ["0 m", "1 m"], z = ["0 m", "1 m"] },
    { name = "bath", material = "bath", x = ["0 m", "0.4 m"], y = ["0 m", "1 m"], z = ["0 m", "1 m"] },
    { name = "side", material = "wall", x = ["0.4 m", "0.6 m"], y = ["0 m", "1 m"], z = ["0 m", "1 m"] },
]
surfaces = [{ name = "hot", of = "plate", sides = ["x-"] }, { name = "cold", of = "side", sides = ["x+"] }]
lumps = [{ name = "bath", regions = ["bath"], films = { plate = "100 W/m2/K", side = "200 W/m2/K" } }]
conditions = [
    { on = ["hot"], laws = [{ kind = "fixed_temperature", temperature = "1380 K" }] },
    { on = ["cold"], laws = [{ kind = "convection", coefficient = "100 W/m2/K", fluid = "300 K" }] },
]

[mesh]
size_x = "40 mm"
size = "1 m"

[materials.plate]
thermal_conductivity = "20 W/m/K"
heat_capacity = "600 J/kg/K"
density = "7000 kg/m3"

[materials.wall]
thermal_conductivity = "3 W/m/K"
heat_capacity = "1000 J/kg/K"
density = "1500 kg/m3"

[bath]
excess_alf3 = 10
alumina = 3

[physics]
electric = false
temperature = "1200 K"

[ledge]
pools = ["bath"]
walls = ["side"]
conductivity = "1.5 W/m/K"
reach = "0.4 m"
"""

OVER_TIME = """
[transient]
end = "4 h"
outputs = "1 h"

[transient.schedule]
"conditions.0.laws.0.temperature" = { time = ["0 h", "0 h", "2 h", "3 h"], value = ["1380 K", "HOT", "HOT", "1385 K"] }
"""


def write_tank(path, hot="1340 K", steady=False):
    """Write the case; `hot`: how hot its plate is from the start to 2 h, after it was in balance at 1380 K."""
    path.write_text(TANK if steady else TANK + OVER_TIME.replace("HOT", hot), encoding="utf-8")
    return str(path)


def differences(one, other):
    """What differs between two run folders, but for when and how fast they were made; one line each."""
    found = []
    if (one / "history.csv").read_bytes() != (other / "history.csv").read_bytes():
        found.append("history.csv")
    times = read_times(one / "fields.hdf")
    if times != read_times(other / "fields.hdf"):
        return [*found, f"times {times} and {read_times(other / 'fields.hdf')}"]
    for step, time in enumerate(times):
        here, there = (read_fields(folder / "fields.hdf", step) for folder in (one, other))
        found += [f"{name} at {time} s" for name in here if here[name].tobytes() != there[name].tobytes()]
    reports = [json.loads((folder / "report.json").read_text()) for folder in (one, other)]
    for report in reports:
        for key in ("wall_seconds", "peak_memory_bytes"):
            del report["status"][key]
        del report["provenance"]["created"]
    if reports[0] != reports[1]:
        found.append("report.json")
    records = [_record(folder / "fields.hdf") for folder in (one, other)]
    return found + [f"record {key}" for key in records[0] | records[1] if records[0].get(key) != records[1].get(key)]


def _record(path):
    """Every value of the record, by its path."""
    found = {}

    def take(name, item):
        if isinstance(item, h5py.Dataset) and name.startswith("run/") is False:
            found[name] = np.asarray(item[()]).tobytes() if item.dtype.kind != "O" else repr(item[()])
        for key, value in item.attrs.items():
            if key not in ("wall_seconds", "peak_memory_bytes", "created"):
                found[f"{name}@{key}"] = repr(value)

    with h5py.File(path) as file:
        file["oxycell"].visititems(take)
    return found
