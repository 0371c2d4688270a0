"""Inert anodes (cermets, tin oxide, alloys) and wetted cathodes (TiB2)."""

from oxycell.cell.materials.tabulated import activated, conductivity, constant, limit, single, table
from oxycell.material import Material

_WEYAND = "M: Weyand et al., DOE/CS/40158-20 (1986)"
_MUNRO = "M: Munro, J. Res. NIST 105 (2000) 709"
_CERMET_LIMITS = (
    limit(
        "solidus",
        1084.62,
        "E: melting point of its copper; 80 Cu and 20 Ni melt at about 1160 °C, J. Am. Ceram. Soc. (2012)",
    ),
    limit("melting", 1660.0, "M: nickel ferrite"),
)

INERT_NIFE2O4_17CU_CERMET = Material(
    "inert_nife2o4_17cu_cermet",
    conductivity(activated([20, 960], [1.0e-2, 1.1e-4], "ohm*m", f"{_WEYAND}, about 90 S/cm at 960 °C, ±50 %")),
    table([20, 960], [9.0, 6.0], "W/m/K", "E: ferrite with copper, ±40 %"),
    constant(6050.0, "kg/m3", _WEYAND),
    table([20, 960], [650.0, 880.0], "J/kg/K", "E: spinel ferrite"),
    limits=_CERMET_LIMITS,
)

INERT_NIFE2O4_5CU = Material(
    "inert_nife2o4_5cu",
    conductivity(single(960, 3.0e-4, "ohm*m", "M: Lai, Tian, Li et al., 20 to 60 S/cm, ±60 %")),
    single(960, 5.0, "W/m/K", "E: ferrite, ±40 %"),
    constant(5600.0, "kg/m3", "M: Lai, Tian, Li et al."),
    constant(870.0, "J/kg/K", "E: spinel ferrite"),
    limits=_CERMET_LIMITS,
)

INERT_SNO2 = Material(
    "inert_sno2",
    conductivity(single(960, 5.0e-5, "ohm*m", "M: SnO2-2Sb2O3-2CuO, 20 to 80 µΩ·m reported, ±60 %")),
    table([20, 960], [15.0, 6.0], "W/m/K", "M: SnO2 electrode data sheets, ±40 %"),
    constant(6500.0, "kg/m3", "M: SnO2 electrode data sheets"),
    constant(500.0, "J/kg/K", "M: SnO2 electrode data sheets"),
    limits=(limit("melting", 1630.0, "M: CRC Handbook"),),
)

INERT_CU10AL = Material(
    "inert_cu10al",
    conductivity(
        table(
            [20, 500, 750, 900],
            [1.2e-7, 2.1e-7, 2.8e-7, 3.2e-7],
            "ohm*m",
            "E: aluminium bronze handbook value and slope, ±15 %",
        )
    ),
    table([20, 500, 750], [60.0, 80.0, 90.0], "W/m/K", "E: consistent with Wiedemann-Franz, ±20 %"),
    constant(7600.0, "kg/m3", "M: handbook"),
    table([20, 750], [420.0, 520.0], "J/kg/K", "M: handbook"),
    limits=(limit("solidus", 1040.0, "L: data sheet of CuAl10, melts from 1040 to 1060 °C"),),
)

INERT_FE_NI_CU = Material(
    "inert_fe_ni_cu",
    conductivity(
        table(
            [20, 500, 900], [4.0e-7, 9.0e-7, 1.17e-6], "ohm*m", "E: iron-rich, between low-alloy steel and Fe-Ni, ±15 %"
        )
    ),
    table([20, 500, 900], [28.0, 27.0, 28.0], "W/m/K", "E: consistent with Wiedemann-Franz, ±15 %"),
    constant(7900.0, "kg/m3", "E: rule of mixtures"),
    table([20, 500, 900], [460.0, 600.0, 650.0], "J/kg/K", "E: alloy"),
    "65 to 96 wt % Fe, up to 35 Cu and 20 Ni, for baths below 930 °C (RU 2570149, AU 2013398387)",
    limits=(
        limit("service", 930.0, "L: baths it is claimed for, RU 2570149, AU 2013398387"),
        limit(
            "solidus",
            1084.62,
            "E: melting point of its copper, which dissolves iron and nickel and then melts a little higher",
        ),
    ),
)

TIB2_DENSE = Material(
    "tib2_dense",
    conductivity(table([20, 1000], [1.2e-7, 6.0e-7], "ohm*m", f"{_MUNRO} and other TiB2 literature, ±30 %")),
    table([20, 1000], [96.0, 78.0], "W/m/K", _MUNRO),
    constant(4450.0, "kg/m3", _MUNRO),
    table([20, 1000], [617.0, 1073.0], "J/kg/K", _MUNRO),
    limits=(limit("melting", 3225.0, "M: CRC Handbook"),),
)

TIB2_CARBON_COMPOSITE = Material(
    "tib2_carbon_composite",
    conductivity(
        table(
            [20, 960],
            [2.6e-5, 4.5e-5],
            "ohm*m",
            "L: Li et al., J. Cent. South Univ. 2006, 20 to 87 µΩ·m at 960 °C by filler",
        )
    ),
    constant(25.0, "W/m/K", "E: carbon-bonded, 10 to 40"),
    constant(2600.0, "kg/m3", "E: half and half"),
    constant(1200.0, "J/kg/K", "E: mixture"),
    limits=(limit("service", 1200.0, "E: heat treatment of its carbon bond"),),
)

INERT_ELECTRODES = (
    INERT_NIFE2O4_17CU_CERMET,
    INERT_NIFE2O4_5CU,
    INERT_SNO2,
    INERT_CU10AL,
    INERT_FE_NI_CU,
    TIB2_DENSE,
    TIB2_CARBON_COMPOSITE,
)
