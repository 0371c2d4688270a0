"""What holds between the parts of a horizontal cell: electrode laws, contacts, films, terminals, losses to the potroom."""

from oxycell.cell.electrochemistry import KINETICS
from oxycell.cell.horizontal import Levels, anode_names
from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.errors import CaseError
from oxycell.physics.boundaries import Convection, FixedTemperature, NaturalConvection, Radiation
from oxycell.physics.electric import Terminal
from oxycell.physics.interfaces import (
    Asinh,
    Concentration,
    Contact,
    Equilibrium,
    Insulation,
    Interface,
    Resistance,
    ReversibleHeat,
)
from oxycell.physics.ledge import Ledge
from oxycell.physics.pools import Lump
from oxycell.physics.thermal import Condition
from oxycell.units import format_quantity

KINETICS_OF = {
    "inert_fe_ni_cu": "inert_fe_alloy",
    "inert_nife2o4_17cu_cermet": "inert_nife2o4_cermet",
    "inert_nife2o4_5cu": "inert_nife2o4_cermet",
    "inert_sno2": "inert_sno2",
    "inert_cu10al": "inert_cu_al",
}
"""Anode material → entry of the library of kinetics."""

CATHODE_THRESHOLD = 2570.0
"""Current density [A/m²] above which the cathode polarises: 0.257 A/cm², Haupin, Light Metals 1998, eq. 28 [L]."""


def materials(cell):
    """Materials the library does not have, as `[materials]` of a case states them."""
    area = (cell.stems.rod_side / cell.stems.side) ** 2
    return {
        "gas": _insulator(0.07, 0.35, 1090.0),  # oxygen at 800 °C [M]; its conductivity has no effect in a lump
        "side_joint": _insulator(cell.side.joint_conductivity, 2000.0, 1000.0),  # mortar [E]
        "fibre_board": _insulator(cell.top.board_conductivity, 300.0, 1000.0),  # density and heat capacity of boards [E]
        "lid_board": _insulator(cell.top.lid_board_conductivity, 300.0, 1000.0),
        "rod": {"like": cell.stems.rod_material, "area_factor": area},
    }


def _insulator(conductivity, density, heat_capacity):
    return {
        "insulator": True,
        "thermal_conductivity": format_quantity(conductivity, "W/m/K"),
        "density": format_quantity(density, "kg/m3"),
        "heat_capacity": format_quantity(heat_capacity, "J/kg/K"),
    }


def anode_laws(cell, process):
    """Laws of an anode face towards the bath, in series: rest potential, activation, scale, bubbles, reversible heat."""
    own = cell.anodes.kinetics
    name = own.like or KINETICS_OF.get(cell.anodes.material)
    if name is not None and name not in KINETICS:
        raise CaseError(f'cell.anodes.kinetics.like: nothing is called "{name}"; allowed: {", ".join(sorted(KINETICS))}')
    numbers = {}
    for key in ("exchange_current_density", "transfer_number", "film_resistance"):
        given = getattr(own, key)
        if given is None and name is None:
            raise CaseError(
                f'cell.anodes.material: the library has no kinetics for "{cell.anodes.material}"; allowed: '
                f"{', '.join(sorted(KINETICS_OF))}, or another material with cell.anodes.kinetics given")
        numbers[key] = getattr(KINETICS[name], key) if given is None else given
    return (
        Equilibrium(),
        Asinh(
            exchange_current_density=format_quantity(numbers["exchange_current_density"], "A/m2"),
            transfer_number=numbers["transfer_number"]),
        Resistance(resistance=format_quantity(numbers["film_resistance"], "ohm m2"), part="anode_film"),
        Resistance(resistance=format_quantity(own.bubble_resistance, "ohm m2"), facing="down", part="bubbles", heat="pool"),
        ReversibleHeat(share=process.anode_heat_fraction, heat="first"),
    )


def cathode_laws(process, bath):
    """Laws from the bath to the metal: concentration overvoltage (Haupin, Light Metals 1998, eq. 28 [L]), reversible heat."""
    slope = GAS_CONSTANT / (1.5 * FARADAY) * max(0.0, 1.375 - 0.25 * bath.cryolite_ratio)
    return (
        Concentration(
            slope=format_quantity(slope, "V/K"), threshold=format_quantity(CATHODE_THRESHOLD, "A/m2"), heat="second"),
        ReversibleHeat(share=1.0 - process.anode_heat_fraction, heat="second"),
    )


def interfaces(cell, process, bath):
    """Interfaces in the order they are tried; the first that fits a face counts."""
    stems, bars = cell.stems, cell.bars
    sleeve = (Insulation(), _thermal(stems.sleeve_resistance))
    seal = (Insulation(), _thermal(stems.seal_resistance))
    joint = Contact(electric=format_quantity(stems.joint_resistance * stems.side**2, "ohm m2"))
    iron = (
        Resistance(resistance=format_quantity(bars.contact_sides, "ohm m2"), facing="side", part="contacts", heat="half"),
        Resistance(resistance=format_quantity(bars.contact_top, "ohm m2"), facing="up", part="contacts", heat="half"),
        *((_thermal(bars.contact_thermal),) if bars.contact_thermal else ()),
    )
    metal = cathode_laws(process, bath)
    found = [
        ("anode_bath", "anode_*.plate", "bath", anode_laws(cell, process), "second"),
        ("bath_metal", "bath", "metal", metal, "first"),
        ("stem_bath", "anode_*.stem", "bath", sleeve, "second"),
        ("stem_gas", "anode_*.stem", "gas", sleeve, "second"),
        ("stem_lid", "anode_*.stem", "lid.*", seal, "second"),
        ("rod_stem", "anode_*.rod", "anode_*.stem", (joint,), "second"),
        ("cast_iron_block", "cast_iron_*", "cathode.block_*", iron, "second"),
        ("cast_iron_seam", "cast_iron_*", "cathode.seam", (Insulation(),), "second"),
        ("bar_block", "bar_*", "cathode.block_*", (Insulation(),), "second"),
        ("bar_seam", "bar_*", "cathode.seam", (Insulation(),), "second"),
        ("bar_shell", "bar_*", "shell.side", (Insulation(), _thermal(bars.seal_resistance)), "second"),
    ]
    if any(step.top > cell.pools.metal_depth for step in cell.cathode.slope):
        found.insert(2, ("bath_slope", "bath", "cathode.slope", metal, "first"))
    return tuple(Interface(name=n, between=(a, b), laws=laws, temperature_side=side) for n, a, b, laws, side in found)


def _thermal(resistance):
    return Contact(thermal=format_quantity(resistance, "K m2/W"))


def lumps(cell):
    """Bath, metal and the gas space under the lid, each with one temperature."""
    pools = cell.pools
    bath = {
        "anode_*": pools.film_bath_anode,
        "metal": pools.film_bath_metal,
        "gas": pools.film_bath_gas,
        "*": pools.film_bath_wall,
    }
    metal = {
        "bath": None,
        "cathode.slope": pools.film_metal_wall,
        "cathode.*": pools.film_metal_cathode,
        "*": pools.film_metal_wall,
    }
    return (
        Lump(name="bath", regions=("bath",), films=_films(bath),
             paths={"side.*": "side_bath", "cathode.*": "side_bath", "freeboard.*": "deck", "anode_*": "rods"}),
        Lump(name="metal", regions=("metal",), films=_films(metal),
             paths={"side.*": "side_metal", "cathode.slope": "side_metal", "cathode.*": "bottom"}),
        Lump(name="gas", regions=("gas",), films=_films({"*": cell.top.film_gas}), emissivity=cell.top.emissivity_gas,
             paths={"lid.*": "lid", "anode_*": "rods", "*": "deck"}),
    )


def _films(coefficients):
    return {name: None if value is None else format_quantity(value, "W/m2/K") for name, value in coefficients.items()}


def ledge(cell):
    """Frozen bath on the upright faces of side blocks and paste slope."""
    walls = ("side.block", "cathode.slope") if cell.cathode.slope else ("side.block",)
    return Ledge(pools=("bath", "metal"), walls=walls, conductivity=format_quantity(cell.pools.ledge_conductivity, "W/m/K"))


def terminals(cell, operation):
    """The beam, at one unknown potential for all clamped rods, and the collectors at zero."""
    return (
        Terminal(
            name="beam", surfaces=("rod_top_*",), current=format_quantity(operation.line_current, "A"), part="contacts",
            surface_resistance=format_quantity(cell.stems.clamp_resistance, "ohm"),
            external_resistance=format_quantity(cell.busbars.resistance, "ohm")),
        Terminal(
            name="collectors", surfaces=("bar_end_*",), potential=format_quantity(0.0, "V"), part="external",
            surface_resistance=format_quantity(cell.bars.flex_resistance, "ohm")),
    )


def conditions(cell, operation, surfaces):
    """Heat given to the potroom, booked under the loss paths of a cell.

    Parameters
    ----------
    cell : Cell
    operation : Operation
    surfaces : tuple of Surface, as `horizontal.surfaces` gives them

    Returns
    -------
    tuple of Condition
    """
    at, air = Levels(cell), format_quantity(operation.ambient_temperature, "K")
    bars, stems = cell.bars, cell.stems
    bar_outside = at.bar_end - at.shell_outside[1]
    shell_height = cell.side.shell_top - at.shell_bottom
    deck_width = at.shell_outside[1] - at.lid[1]
    steel, rod = cell.surroundings.emissivity_steel, cell.surroundings.emissivity_rod
    # surface → loss path, length for natural convection (height, or area over perimeter), emissivity
    outside = {
        "lid_top": ("lid", _area_over_perimeter(2 * at.lid[0], 2 * at.lid[1]), steel),
        "lid_edges": ("lid", at.lid_top - at.lid_bottom, steel),
        "skirt": ("deck", at.lid_bottom - at.deck_top, steel),
        "deck_top": ("deck", deck_width / 2, steel),
        "deck_edges": ("deck", at.deck_top - cell.side.shell_top, steel),
        "shell_upper": ("deck", shell_height, steel),
        "shell_bath": ("side_bath", shell_height, steel),
        "shell_metal": ("side_metal", shell_height, steel),
        "shell_lower": ("side_lower", shell_height, steel),
        "shell_bottom": ("bottom", _area_over_perimeter(2 * at.shell_outside[0], 2 * at.shell_outside[1]), steel),
        "bar_sides": ("bars", bars.height, steel),
        "bar_flats": ("bars", _area_over_perimeter(bars.width, bar_outside), steel),
        "rod_sides": ("rods", stems.rod_length, rod),
        "stem_sides": ("rods", stems.top - at.lid_top, steel),
        "rod_open_*": ("rods", stems.side / 4, rod),
    }
    if not any(surface.name == "skirt" for surface in surfaces):
        del outside["skirt"]
    if not any(surface.name.startswith("rod_open_") for surface in surfaces):
        del outside["rod_open_*"]
    found = []
    for name, (path, length, emissivity) in outside.items():
        convection = NaturalConvection(fluid=air, length=format_quantity(length, "m"))
        laws = (convection, Radiation(emissivity=emissivity, surroundings=air))
        found.append(Condition(on=(name,), laws=laws, path=path))
    end = Convection(
        coefficient=format_quantity(bars.end_conductance / (bars.width * bars.height), "W/m2/K"),
        fluid=format_quantity(bars.end_temperature, "K"))
    found.append(Condition(on=("bar_end_*",), laws=(end,), path="bars"))
    if any(name not in cell.anodes.disconnected for name in anode_names(cell)):
        clamp = FixedTemperature(temperature=format_quantity(stems.clamp_temperature, "K"))
        found.append(Condition(on=("rod_top_*",), laws=(clamp,), path="rods"))
    return tuple(found)


def _area_over_perimeter(a, b):
    return a * b / (2.0 * (a + b))
