"""Linings, covers and the frozen ledge: everything that carries heat and no current."""

from oxycell.cell.materials.tabulated import constant, limit, table
from oxycell.material import Material

_SIC = "M: supplier data sheets"
_CHAMOTTE = "M: refractory data sheets"
_MOLER = "M: diatomite brick data sheets"
_CALCIUM_SILICATE = "M: board data sheets, 240 kg/m³"
_VERMICULITE = "M: board data sheets, 475 kg/m³"
_CRYOLITE = limit("melting", 1011.0, "M: cryolite; what else is in bath melts it lower")

SIC_SI3N4 = Material(
    "sic_si3n4",
    None,
    table([100, 200, 500, 1000], [38.0, 36.0, 26.0, 19.0], "W/m/K", f"{_SIC}, ±20 %"),
    constant(2650.0, "kg/m3", _SIC),
    table([20, 500, 1000], [700.0, 1050.0, 1200.0], "J/kg/K", _SIC),
    "semiconducting, 1e3 to 1 ohm*m from 20 to 950 °C (estimate, uncertain tenfold); hot it still has 200 times the "
    "resistivity of the bath, and the ledge covers it where it is hot, hence an insulator",
    limits=(limit("service", 1400.0, f"{_SIC}, 1400 to 1550 °C"),),
)

CHAMOTTE_BRICK = Material(
    "chamotte_brick",
    None,
    table([20, 400, 800, 1000], [1.1, 1.2, 1.3, 1.4], "W/m/K", f"{_CHAMOTTE}, ±15 %"),
    constant(2150.0, "kg/m3", _CHAMOTTE),
    table([20, 500, 1000], [850.0, 1000.0, 1100.0], "J/kg/K", _CHAMOTTE),
    limits=(limit("softening", 1300.0, f"{_CHAMOTTE}, under load at 1300 to 1400 °C"),),
)

MOLER_BRICK = Material(
    "moler_brick",
    None,
    table([200, 400, 600, 800], [0.15, 0.17, 0.19, 0.21], "W/m/K", f"{_MOLER}, ±15 %"),
    constant(750.0, "kg/m3", _MOLER),
    table([20, 500], [850.0, 1000.0], "J/kg/K", _MOLER),
    limits=(limit("service", 900.0, f"{_MOLER}, 900 to 950 °C"),),
)

CALCIUM_SILICATE = Material(
    "calcium_silicate",
    None,
    table([200, 400, 600, 800], [0.085, 0.105, 0.13, 0.17], "W/m/K", f"{_CALCIUM_SILICATE}, ±15 %"),
    constant(240.0, "kg/m3", _CALCIUM_SILICATE),
    table([20, 500], [840.0, 1030.0], "J/kg/K", _CALCIUM_SILICATE),
    limits=(limit("service", 927.0, "L: ASTM C656 boards, up to 1700 °F"),),
)

VERMICULITE_SLAB = Material(
    "vermiculite_slab",
    None,
    table([200, 400, 600, 800], [0.13, 0.15, 0.18, 0.21], "W/m/K", f"{_VERMICULITE}, ±15 %"),
    constant(475.0, "kg/m3", _VERMICULITE),
    table([20, 500], [900.0, 1100.0], "J/kg/K", _VERMICULITE),
    limits=(limit("service", 1100.0, "L: vermiculite boards of kilns, up to 1100 °C"),),
)

ALUMINA_COVER_LOOSE = Material(
    "alumina_cover_loose",
    None,
    table([100, 600, 900], [0.12, 0.25, 0.35], "W/m/K", "M: powder literature, ±40 %"),
    constant(1000.0, "kg/m3", "M: powder literature"),
    table([27, 327, 627, 960], [779.0, 1104.0, 1204.0, 1263.0], "J/kg/K", "L: α-alumina, McBride et al., NASA TM-4513"),
    limits=(limit("melting", 2054.0, "M: CRC Handbook"),),
)

ANODE_COVER_CRUSHED_BATH = Material(
    "anode_cover_crushed_bath",
    None,
    table(
        [100, 500, 900],
        [0.35, 0.60, 1.0],
        "W/m/K",
        "M: anode-cover studies, Zhang, Taylor, Chen et al., Light Metals 2012 to 2014, ±40 %",
    ),
    constant(1500.0, "kg/m3", "E: packed grains"),
    constant(1150.0, "J/kg/K", "E: mixture of bath and alumina"),
    limits=(_CRYOLITE,),
)

CRUST = Material(
    "crust",
    None,
    table([300, 700, 900], [1.0, 1.5, 2.0], "W/m/K", "M: Rye, Thonstad & Liu, Light Metals 1995, ±40 %"),
    constant(1900.0, "kg/m3", "E: porous"),
    constant(1200.0, "J/kg/K", "E: mixture of bath and alumina"),
    limits=(_CRYOLITE,),
)

LEDGE = Material(
    "ledge",
    None,
    constant(
        1.5,
        "W/m/K",
        "L: 1.07, 1.5, 2.0 and 2.5 in public models; industrial ledge measured at 423 to 873 K by Gheribi et al., "
        "J. Chem. Phys. 146 (2017) 114701; ±40 %, 1.0 to 2.5",
    ),
    constant(2800.0, "kg/m3", "L: 3000 in a public model, solid cryolite 2900 from memory; 2600 to 3000"),
    table([227, 527, 927], [1188.0, 1387.0, 1519.0], "J/kg/K", "L: cryolite, JANAF"),
    "frozen bath, of the order of 1 ohm*m (estimate): 200 times the resistivity of the melt it adjoins, hence "
    "an insulator",
    limits=(_CRYOLITE,),
)

REFRACTORIES = (
    SIC_SI3N4,
    CHAMOTTE_BRICK,
    MOLER_BRICK,
    CALCIUM_SILICATE,
    VERMICULITE_SLAB,
    ALUMINA_COVER_LOOSE,
    ANODE_COVER_CRUSHED_BATH,
    CRUST,
    LEDGE,
)
