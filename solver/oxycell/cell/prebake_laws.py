"""What holds between the parts of a prebake cell: laws of carbon anodes, stubs, films, losses to the potroom."""

from oxycell.cell import connections
from oxycell.cell.connections import area_over_perimeter, insulated, interface, thermal
from oxycell.cell.prebake_boxes import MEAN_SHARE, PrebakeHeights
from oxycell.errors import CaseError
from oxycell.physics.conditions import Condition
from oxycell.physics.electrode.laws import (
    Asinh,
    BubbleLayer,
    Equilibrium,
    LimitingCurrent,
    Resistance,
    ReversibleHeat,
)
from oxycell.physics.heat.boundaries import Convection, Radiation
from oxycell.physics.heat.lumps import Lump

LIMIT_AT = 1323.0
"""Temperature [K] at which the limiting current's formula has its constant."""


def reaction_limit(alumina):
    """Current density [A/m²] above which the surface overvoltage increases, at w wt % alumina.

    i_r = 0.0029 w^0.56 A/cm² (Haupin, Light Metals 1998, eq. 26 [L]); η = R T/(1.08 F) ln(i/i_r).
    """
    return 29.0 * alumina**0.56


def limiting_current(alumina, anode_area):
    """Limiting current density of a carbon anode and its slope.

    Parameters
    ----------
    alumina : [wt %]
    anode_area : [m²], bottom of one anode

    Returns
    -------
    (value at 1323 K [A/m²], slope [A/m²/K]) of i_c = 1e-4 (5.5e5 + 1800 (T − 1323)) (√(w/100) − 0.04) A^−0.1 A/cm², A
    in cm² (Haupin, Light Metals 1998 [L: a public implementation])

    Raises
    ------
    CaseError
        So little alumina that no current could pass.
    """
    root = (alumina / 100.0) ** 0.5 - 0.04
    if root <= 0.0:
        raise CaseError(
            f"bath.alumina: at {alumina:g} wt % the anodes' limiting current is zero; allowed: more than 0.16"
        )
    share = root * (1e4 * anode_area) ** -0.1
    return 5.5e5 * share, 1800.0 * share


def coverage_offset(weight_ratio, alumina, anode_effect_alumina):
    """What the bath adds to the share of an anode's bottom that CO2 bubbles cover.

    (0.4322 − 0.3781 BR)/(1 + 1.637 BR) + (0.431 − 0.1437 Δw)/(1 + 7.353 Δw), BR the weight ratio NaF/AlF3 and Δw how
    many wt % of alumina are left before the anode effect (Haupin, Light Metals 1998, eq. 31 [L]).
    """
    left = alumina - anode_effect_alumina
    if left <= 0.0:
        raise CaseError(
            f"bath.alumina: {alumina:g} wt % is not above that of the anode effect; "
            f"allowed: more than cell.anodes.kinetics.anode_effect_alumina, {anode_effect_alumina:g}"
        )
    return (0.4322 - 0.3781 * weight_ratio) / (1.0 + 1.637 * weight_ratio) + (0.431 - 0.1437 * left) / (
        1.0 + 7.353 * left
    )


def anode_laws(cell, process, bath):
    """Laws of a carbon face towards the bath: rest potential, activation, limiting current, bubbles below, reversible
    heat.

    On vertical faces there is no layer: bubbles are smaller there and leave one by one [L: Stanic et al., Metals 11
    (2021) 965].
    """
    own, anodes = cell.anodes.kinetics, cell.anodes
    exchange = own.exchange_current_density or reaction_limit(bath.alumina)
    limit, slope = limiting_current(bath.alumina, anodes.width * anodes.length)
    return (
        Equilibrium(),
        Asinh.in_si(exchange_current_density=exchange, transfer_number=own.transfer_number),
        LimitingCurrent.in_si(limit=limit, at=LIMIT_AT, slope=slope),
        BubbleLayer(
            coverage_offset=coverage_offset(bath.cryolite_ratio / 2.0, bath.alumina, own.anode_effect_alumina),
            coverage_factor=own.coverage_factor,
        ),
        ReversibleHeat(share=process.anode_heat_fraction, heat="first"),
    )


def materials(cell):
    """Materials the library does not have: name → its options, in SI."""
    drawn = MEAN_SHARE * cell.rods.stub_diameter
    return connections.wall_materials(cell) | {"rod": connections.scaled_rod(cell.rods.material, cell.rods.side, drawn)}


def interfaces(cell, process, bath):
    """Interfaces in the order they are tried; the first that matches a face is used."""
    rods = cell.rods
    iron = (  # a square has more circumference than the round hole it stands for
        Resistance.in_si(resistance=rods.contact / MEAN_SHARE, facing="side", part="contacts", heat="half"),
        Resistance.in_si(resistance=rods.contact, facing="down", part="contacts", heat="half"),
        thermal(rods.contact_thermal),
    )
    return (
        interface("anode_bath", "anode_*.carbon", "bath", anode_laws(cell, process, bath)),
        *connections.melt_interfaces(cell, process, bath),
        interface("iron_carbon", "anode_*.iron", "anode_*.carbon", iron),
        interface("stub_carbon", "anode_*.stub", "anode_*.carbon", insulated(rods.contact_thermal)),
        *connections.bar_interfaces(cell),
    )


def lumps(cell):
    """Bath, metal and the gas space under the crust, each with one temperature."""
    cover = cell.cover
    return (
        *connections.pools(cell, {"cover.*": "deck", "anode_*": "rods"}),
        Lump.in_si(
            name="gas",
            regions=("gas",),
            films={"*": cover.film_gas},
            emissivity=cover.emissivity_gas,
            paths={"cover.rim": "deck", "cover.*": "lid", "anode_*": "rods", "*": "deck"},
        ),
    )


def conditions(cell, operation, surfaces):
    """Heat given to the potroom, reported under the loss paths of a cell; crust and cover count as its lid.

    Parameters
    ----------
    cell : PrebakeCell
    operation : Operation
    surfaces : tuple of Surface, as `prebake_boxes.surfaces` gives them

    Returns
    -------
    tuple of Condition
    """
    at, rods, cover = PrebakeHeights(cell), cell.rods, cell.cover
    air = operation.ambient_temperature
    steel, rod = cell.surroundings.emissivity_steel, cell.surroundings.emissivity_rod
    hood = (
        Convection.in_si(coefficient=cover.film, fluid=air),
        Radiation.in_si(emissivity=cover.emissivity, surroundings=air),
    )
    yoke = (rods.stubs - 1) * rods.stub_pitch + 2 * at.stub
    outside = {
        **connections.vessel_losses(cell, at, at.face[1]),
        "stub_sides": ("rods", at.yoke - at.cover_top, steel),
        "yoke_sides": ("rods", rods.yoke_height, steel),
        "yoke_flats": ("rods", area_over_perimeter(2 * at.stub, yoke), steel),
        "rod_sides": ("rods", rods.length, rod),
        "rod_open_*": ("rods", at.stub / 2, rod),
    }
    return (
        Condition(on=("cover_*",), laws=hood, path="lid"),
        *connections.losses(outside, surfaces, operation),
        *connections.end_losses(cell, surfaces, rods.clamp_temperature),
    )
