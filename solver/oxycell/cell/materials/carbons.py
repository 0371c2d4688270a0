"""Carbons: the prebaked anode, cathode blocks, ramming paste."""

from oxycell.cell.materials.tabulated import conductivity, constant, limit, table
from oxycell.material import Material

_HULSE = "M: Hulse, Anode Manufacture, R&D Carbon (2000)"
_SORLIE = "M: Sørlie & Øye, Cathodes in Aluminium Electrolysis, 3rd ed. (2010)"
_BAKED = limit("service", 1200.0, "M: blocks are baked at about 1200 °C, shrink on when hotter; Sørlie & Øye (2010)")


def _carbon(name, electric, thermal, density, source, treated, note=""):
    """A carbon: (°C, Ω·m, ±), (°C, W/m/K, ±), kg/m³, limit of use; heat capacity of graphite.

    Carbon burns from about 400 to 500 °C on where air reaches it [M], which no limit of the library watches.
    """
    return Material(
        name,
        conductivity(table(electric[0], electric[1], "ohm*m", f"{source}, {electric[2]}")),
        table(thermal[0], thermal[1], "W/m/K", f"{source}, {thermal[2]}"),
        constant(density, "kg/m3", source),
        table(
            [27, 327, 627, 960], [715.0, 1402.0, 1731.0, 1899.0], "J/kg/K", "L: graphite, McBride et al., NASA TM-4513"
        ),
        note,
        limits=(treated,),
    )


CARBON_PREBAKED_ANODE = _carbon(
    "carbon_prebaked_anode",
    ([20, 400, 960], [5.6e-5, 5.0e-5, 4.4e-5], "±12 %"),
    ([20, 400, 960], [4.0, 3.8, 4.5], "±25 %"),
    1570.0,
    _HULSE,
    limit("service", 1100.0, "M: baked at 1100 to 1200 °C, shrinks on when hotter; Hulse (2000)"),
)

CATHODE_ANTHRACITIC = _carbon(
    "cathode_anthracitic",
    ([20, 500, 950], [4.2e-5, 3.4e-5, 2.9e-5], "±15 %"),
    ([20, 500, 950], [8.0, 10.0, 12.0], "±20 %"),
    1560.0,
    _SORLIE,
    _BAKED,
    "about 30 % graphite",
)

CATHODE_GRAPHITIC = _carbon(
    "cathode_graphitic",
    ([20, 500, 950], [2.0e-5, 1.8e-5, 1.8e-5], "±20 %"),
    ([20, 500, 950], [40.0, 34.0, 30.0], "±20 %"),
    1600.0,
    _SORLIE,
    _BAKED,
)

CATHODE_GRAPHITIZED = _carbon(
    "cathode_graphitized",
    ([20, 500, 950], [1.10e-5, 0.90e-5, 0.95e-5], "±15 %"),
    ([20, 500, 950], [120.0, 70.0, 50.0], "±15 %"),
    1620.0,
    _SORLIE,
    limit("service", 2500.0, "M: graphitized at 2500 to 3000 °C; Sørlie & Øye (2010)"),
)

RAMMING_PASTE = _carbon(
    "ramming_paste",
    ([20, 950], [6.5e-5, 5.0e-5], "±25 %"),
    ([20, 950], [6.0, 8.0], "±25 %"),
    1500.0,
    _SORLIE,
    _BAKED,
    "baked",
)

CARBONS = (CARBON_PREBAKED_ANODE, CATHODE_ANTHRACITIC, CATHODE_GRAPHITIC, CATHODE_GRAPHITIZED, RAMMING_PASTE)
