"""A small pot with bath, metal and a ledge, run over time in seconds while it is fed and tapped."""

POT = """\
schema = "oxycell-case/1"
title = "a pot that is fed and tapped"
boxes = [
    { name = "block", material = "carbon", x = ["0 m", "2 m"], y = ["0 m", "1 m"], z = ["-0.2 m", "0 m"] },
    { name = "metal", material = "aluminium", x = ["0 m", "2 m"], y = ["0 m", "1 m"], z = ["0 m", "0.2 m"] },
    { name = "bath", material = "bath", x = ["0 m", "2 m"], y = ["0 m", "1 m"], z = ["0.2 m", "0.25 m"] },
    { name = "anode", material = "carbon", x = ["0 m", "2 m"], y = ["0 m", "1 m"], z = ["0.25 m", "0.45 m"] },
    { name = "side", material = "brick", x = ["2 m", "2.2 m"], y = ["0 m", "1 m"], z = ["0 m", "0.25 m"] },
]
surfaces = [
    { name = "top", of = "anode", sides = ["z+"] },
    { name = "bottom", of = "block", sides = ["z-"] },
    { name = "cold", of = "side", sides = ["x+"] },
]
lumps = [
    { name = "bath", regions = ["bath"], films = { side = "500 W/m2/K", "*" = "1000 W/m2/K" } },
    { name = "metal", regions = ["metal"], films = { side = "500 W/m2/K", "*" = "1000 W/m2/K" } },
]
terminals = [
    { name = "beam", surfaces = ["top"], current = "11 kA" },
    { name = "bar", surfaces = ["bottom"], potential = "0 V" },
]
conditions = [
    { on = ["top"], laws = [{ kind = "convection", coefficient = "3 W/m2/K", fluid = "300 K" }] },
    { on = ["bottom"], laws = [{ kind = "convection", coefficient = "3 W/m2/K", fluid = "300 K" }] },
    { on = ["cold"], laws = [{ kind = "convection", coefficient = "20 W/m2/K", fluid = "300 K" }] },
]

[[interfaces]]
name = "anode"
between = ["anode", "bath"]
laws = [{ kind = "equilibrium" }, { kind = "reversible_heat", share = 0.8 }]

[[interfaces]]
name = "cathode"
between = ["bath", "metal"]
laws = [{ kind = "reversible_heat", share = 0.2, heat = "second" }]

[mesh]
size_x = "50 mm"
size_z = "50 mm"
size = "1 m"

[materials.carbon]
thermal_conductivity = "20 W/m/K"
electrical_conductivity = "5e4 S/m"
heat_capacity = "1500 J/kg/K"
density = "1600 kg/m3"

[materials.aluminium]
thermal_conductivity = "90 W/m/K"
electrical_conductivity = "4e6 S/m"
heat_capacity = "1180 J/kg/K"
density = "2300 kg/m3"

[materials.brick]
thermal_conductivity = "5 W/m/K"
heat_capacity = "1000 J/kg/K"
density = "2000 kg/m3"

[physics]
temperature = "1190 K"

[process]
current_efficiency = 0.887

[bath]
excess_alf3 = 20
caf2 = 4
alumina = 4

[ledge]
pools = ["bath", "metal"]
walls = ["side"]
conductivity = "1.5 W/m/K"
reach = "0.4 m"
"""

OVER_TIME = """
[transient]
end = "2 h"
outputs = "1 h"

[transient.feed]
relative = 1.0

[transient.tapping]
mass = "50 kg"
times = ["30 min"]

[transient.schedule]
"transient.feed.relative" = { time = ["0 h", "0 h", "1 h", "1 h"], value = [1.0, 0.0, 0.0, 1.4] }
"""


def write_pot(path, over_time=OVER_TIME):
    """Write the case; `over_time`: its last sections."""
    path.write_text(POT + over_time, encoding="utf-8")
    return str(path)
