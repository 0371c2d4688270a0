"""Metals: the aluminium pad, conductors, steel, cast iron, the heat-resisting stem."""

import numpy as np

from oxycell.cell.materials.tabulated import conductivity, constant, limit, linear, table
from oxycell.constants import ZERO_CELSIUS
from oxycell.material import Formula, Material

_ALLOY_600 = "M: data sheet of alloy 600"
_BISRA = "M: BISRA 1953, steel with 0.08 % C"
_FIXED_POINT = "L: fixed point of the International Temperature Scale of 1990"


def steel_heat_capacity(T):
    """Heat capacity of carbon steel [J/kg/K] and slope; T (n,) [K]. EN 1993-1-2, 3.4.1.2; peak at 735 °C."""
    t = T - ZERO_CELSIUS
    below = np.minimum(t, 735.0)
    above = np.maximum(t, 735.0)
    where = [t < 600.0, t < 735.0, t < 900.0]
    values = [
        425.0 + t * (0.773 + t * (-1.69e-3 + 2.22e-6 * t)),
        666.0 + 13002.0 / (738.0 - below),
        545.0 + 17820.0 / (above - 731.0),
    ]
    slopes = [
        0.773 + t * (-3.38e-3 + 6.66e-6 * t),
        13002.0 / (738.0 - below) ** 2,
        -17820.0 / (above - 731.0) ** 2,
    ]
    return np.select(where, values, 650.0), np.select(where, slopes, 0.0)


ALUMINIUM_LIQUID = Material(
    "aluminium_liquid",
    conductivity(
        linear(2.425e-7, 1.45e-10, 660.35, 660, 1000, "ohm*m", "M: Brandes & Brook, Smithells Metals Reference Book")
    ),
    table([660, 960], [91.0, 104.0], "W/m/K", "M: Mills et al. 1996"),
    linear(
        2377.23,
        -0.311,
        660.32,
        660,
        900,
        "kg/m3",
        "M: Assael et al., J. Phys. Chem. Ref. Data 35 (2006) 285",
        (660, 1050),
    ),
    constant(1177.0, "J/kg/K", "L: McBride et al., NASA TM-4513 (1993)"),
    limits=(limit("freezing", 660.32, _FIXED_POINT), limit("boiling", 2519.0, "M: CRC Handbook")),
)

ALUMINIUM_CONDUCTOR = Material(
    "aluminium_conductor",
    conductivity(linear(2.80e-8, 1.12e-10, 20, 0, 500, "ohm*m", "M: EC-grade aluminium, 0.4 %/K at 20 °C")),
    table([20, 200, 400], [228.0, 230.0, 222.0], "W/m/K", "M: handbook"),
    constant(2700.0, "kg/m3", "M: handbook"),
    table([20, 200, 400], [897.0, 985.0, 1080.0], "J/kg/K", "M: handbook"),
    "hardened tempers lose strength from 93 °C on, the slower the cooler [L: Florea et al., CMDM 2021]",
    limits=(
        limit("softening", 343.0, "M: temperature alloy 1350 is annealed soft at, Aluminum Association"),
        limit("solidus", 646.0, "M: alloy 1350 melts from 646 to 657 °C, Aluminum Association"),
    ),
)

COPPER = Material(
    "copper",
    conductivity(
        table(
            [20, 200, 400, 600, 800, 950],
            [1.70e-8, 2.90e-8, 4.2e-8, 5.5e-8, 6.9e-8, 8.0e-8],
            "ohm*m",
            "M: Matula, J. Phys. Chem. Ref. Data 8 (1979) 1147",
        )
    ),
    table([20, 327, 527, 727, 927], [400.0, 379.0, 366.0, 352.0, 339.0], "W/m/K", "M: CRC Handbook"),
    constant(8900.0, "kg/m3", "M: handbook"),
    table([20, 500, 950], [385.0, 430.0, 480.0], "J/kg/K", "M: handbook"),
    limits=(limit("melting", 1084.62, _FIXED_POINT),),
)

STEEL_LOW_CARBON = Material(
    "steel_low_carbon",
    conductivity(
        table(
            [20, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
            [1.42e-7, 1.90e-7, 2.63e-7, 3.52e-7, 4.58e-7, 5.84e-7, 7.34e-7, 9.05e-7, 1.081e-6, 1.130e-6, 1.165e-6],
            "ohm*m",
            _BISRA,
        )
    ),
    table(
        [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
        [59.5, 57.8, 53.2, 49.4, 45.6, 41.0, 36.8, 33.1, 28.5, 27.6, 27.6],
        "W/m/K",
        _BISRA,
    ),
    constant(7850.0, "kg/m3", "M: handbook"),
    Formula(
        steel_heat_capacity,
        "J/kg/K",
        20 + ZERO_CELSIUS,
        1200 + ZERO_CELSIUS,
        "EN 1993-1-2 (steps below 0.1 % at its joints)",
        "M",
    ),
    "collector bars, stubs and shell; scales from about 570 °C on where oxygen reaches it [M: stability of "
    "wüstite], which no limit "
    "of the library watches, since bars and stubs are mostly enclosed",
    limits=(limit("solidus", 1493.0, "M: peritectic temperature of iron with 0.1 to 0.5 % C"),),
)

CAST_IRON = Material(
    "cast_iron",
    conductivity(
        table([20, 500, 900], [8.0e-7, 1.10e-6, 1.45e-6], "ohm*m", "E: range of grey iron in handbooks, ±20 %")
    ),
    table([20, 500, 900], [48.0, 38.0, 28.0], "W/m/K", "M: handbook, grey iron"),
    constant(7100.0, "kg/m3", "M: handbook"),
    table([20, 500, 900], [490.0, 600.0, 750.0], "J/kg/K", "M: handbook"),
    "with 1 % phosphorus some of it melts from about 950 °C on [M: phosphide eutectic]",
    limits=(limit("solidus", 1147.0, "M: eutectic of iron and carbon"),),
)

NI_ALLOY_STEM = Material(
    "ni_alloy_stem",
    conductivity(table([20, 500, 900], [1.03e-6, 1.12e-6, 1.14e-6], "ohm*m", _ALLOY_600)),
    table([20, 500, 900], [14.9, 22.1, 28.9], "W/m/K", _ALLOY_600),
    constant(8430.0, "kg/m3", _ALLOY_600),
    table([20, 500, 900], [444.0, 536.0, 625.0], "J/kg/K", _ALLOY_600),
    "heat-resisting stem, class of alloy 600",
    limits=(
        limit("oxidation", 1095.0, "L: bulletin of alloy 600, Special Metals: used to above 2000 °F"),
        limit("solidus", 1354.0, "L: bulletin of alloy 600, Special Metals: melts from 1354 to 1413 °C"),
    ),
)

METALS = (ALUMINIUM_LIQUID, ALUMINIUM_CONDUCTOR, COPPER, STEEL_LOW_CARBON, CAST_IRON, NI_ALLOY_STEM)
