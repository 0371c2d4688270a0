"""What holds between the parts every cell has: electrode laws of the metal, bars, films, terminals, losses to the
potroom."""

from fnmatch import fnmatchcase

from oxycell.cell.heights import SYMMETRY
from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.physics.charge.terminals import Terminal
from oxycell.physics.conditions import Condition
from oxycell.physics.electrode.interfaces import Interface
from oxycell.physics.electrode.laws import Concentration, Contact, Insulation, Resistance, ReversibleHeat
from oxycell.physics.heat.boundaries import Convection, FixedTemperature, NaturalConvection, Radiation
from oxycell.physics.heat.lumps import Lump
from oxycell.physics.ledge.options import Ledge

CATHODE_THRESHOLD = 2570.0
"""Current density [A/m²] above which the cathode polarises: 0.257 A/cm², Haupin, Light Metals 1998, eq. 28 [L]."""


def sections(cell, operation, process, bath, boxes, laws, clamp_resistance):
    """Generic sections of a case that a cell of any kind stands for; as `geometry.expand`.

    Parameters
    ----------
    cell, operation, process, bath : as `geometry.expand`
    boxes, laws : modules of the kind, with `boxes`, `surfaces`, `mesh` and with `interfaces`, `lumps`, `conditions`,
        `materials`
    clamp_resistance : [ohm], of one anode
    """
    symmetry = SYMMETRY[cell.symmetry]
    surfaces = boxes.surfaces(cell, symmetry)
    return {
        "boxes": boxes.boxes(cell),
        "surfaces": surfaces,
        "interfaces": laws.interfaces(cell, process, bath),
        "lumps": laws.lumps(cell),
        "ledge": ledge(cell),
        "terminals": terminals(cell, operation, clamp_resistance),
        "conditions": laws.conditions(cell, operation, surfaces),
        "materials": laws.materials(cell),
        "mesh": boxes.mesh(cell, symmetry),
    }


def wall_materials(cell):
    """Materials of every cell that the library does not have: name → its options, in SI."""
    return {
        "gas": insulator(0.07, 0.35, 1090.0),  # oxygen at 800 °C [M]; its conductivity has no effect in a lump
        "side_joint": insulator(cell.side.joint_conductivity, 2000.0, 1000.0),  # mortar [E]
    }


def materials(cell):
    """`wall_materials`, and those of a closed top."""
    return wall_materials(cell) | {
        "fibre_board": insulator(cell.top.board_conductivity, 300.0, 1000.0),  # density and heat capacity of boards [E]
    }


def insulator(conductivity, density, heat_capacity):
    """An electric insulator with these thermal properties, in SI."""
    return {
        "insulator": True,
        "thermal_conductivity": conductivity,
        "density": density,
        "heat_capacity": heat_capacity,
    }


def scaled_rod(material, true_side, drawn_side):
    """Rod material for a section drawn wider than it is."""
    return {"like": material, "area_factor": (true_side / drawn_side) ** 2}


def cathode_laws(process, bath):
    """Laws from the bath to the metal: concentration overvoltage (Haupin, Light Metals 1998, eq. 28 [L]), reversible
    heat."""
    slope = GAS_CONSTANT / (1.5 * FARADAY) * max(0.0, 1.375 - 0.25 * bath.cryolite_ratio)
    return (
        Concentration.in_si(slope=slope, threshold=CATHODE_THRESHOLD, heat="second"),
        ReversibleHeat(share=1.0 - process.anode_heat_fraction, heat="second"),
    )


def interface(name, first, second, laws, temperature_side="second"):
    """Interface between two sets of regions."""
    return Interface(name=name, between=(first, second), laws=laws, temperature_side=temperature_side)


def thermal(resistance):
    """Resistance to heat alone [K m²/W]."""
    return Contact.in_si(thermal=resistance)


def insulated(resistance):
    """No current, and a resistance to heat [K m²/W]."""
    return Insulation(), thermal(resistance)


def melt_interfaces(cell, process, bath):
    """From the bath to the metal, and to the paste slope where it reaches above the metal."""
    laws = cathode_laws(process, bath)
    found = [interface("bath_metal", "bath", "metal", laws, "first")]
    if any(step.top > cell.pools.metal_depth - 1e-9 for step in cell.cathode.slope):
        found.append(interface("bath_slope", "bath", "cathode.slope", laws, "first"))
    return found


def bar_interfaces(cell):
    """Contacts of the bars: current through the cast iron only, collars through seam and shell."""
    bars = cell.bars
    iron = (
        Resistance.in_si(resistance=bars.contact_sides, facing="side", part="contacts", heat="half"),
        Resistance.in_si(resistance=bars.contact_top, facing="up", part="contacts", heat="half"),
        *((thermal(bars.contact_thermal),) if bars.contact_thermal else ()),
    )
    return [
        interface("cast_iron_block", "cast_iron_*", "cathode.block_*", iron),
        interface("cast_iron_seam", "cast_iron_*", "cathode.seam", (Insulation(),)),
        interface("bar_block", "bar_*", "cathode.block_*", (Insulation(),)),
        interface("bar_seam", "bar_*", "cathode.seam", (Insulation(),)),
        interface("bar_shell", "bar_*", "shell.side", insulated(bars.seal_resistance)),
    ]


_SHELLS = {"anodes": "anode_*", "floor": "cathode.*"}  # regions


def pools(cell, above):
    """Bath and metal, each with one temperature.

    Parameters
    ----------
    cell : options with `pools`
    above : dict, region name or pattern over the bath → loss path its heat is reported under at the bath
    """
    options = cell.pools
    bath = {
        "anode_*": options.film_bath_anode,
        "metal": options.film_bath_metal,
        "gas": options.film_bath_gas,
        "*": options.film_bath_wall,
    }
    metal = {
        "bath": None,
        "cathode.slope": options.film_metal_wall,
        "cathode.*": options.film_metal_cathode,
        "*": options.film_metal_wall,
    }
    return [
        Lump.in_si(
            name="bath",
            regions=("bath",),
            films=bath,
            paths={"side.*": "side_bath", "cathode.*": "side_bath", **above},
        ),
        Lump.in_si(
            name="metal",
            regions=("metal",),
            films=metal,
            paths={"side.*": "side_metal", "cathode.slope": "side_metal", "cathode.*": "bottom"},
        ),
    ]


def ledge(cell):
    """Frozen bath on the vertical faces of side blocks and paste slope, and in shells where they are asked for."""
    walls = ("side.block", "cathode.slope") if cell.cathode.slope else ("side.block",)
    shells = tuple(_SHELLS[where] for where in cell.pools.shells)
    return Ledge.in_si(pools=("bath", "metal"), walls=walls, shells=shells, conductivity=cell.pools.ledge_conductivity)


def terminals(cell, operation, clamp_resistance):
    """The beam, at one unknown potential for all clamped rods, and the collectors at zero."""
    return (
        Terminal.in_si(
            name="beam",
            surfaces=("rod_top_*",),
            current=operation.line_current,
            part="contacts",
            surface_resistance=clamp_resistance,
            external_resistance=cell.busbars.resistance,
        ),
        Terminal.in_si(
            name="collectors",
            surfaces=("bar_end_*",),
            potential=0.0,
            part="external",
            surface_resistance=cell.bars.flex_resistance,
        ),
    )


def vessel_losses(cell, at, deck_inside):
    """Outer surfaces of deck, shell and bars: name → (loss path, length for natural convection [m], emissivity).

    The length is the height, or the area over the perimeter; `deck_inside` half the width at which the deck begins [m].
    """
    shell_height = cell.side.shell_top - at.shell_bottom
    steel, bars = cell.surroundings.emissivity_steel, cell.bars
    return {
        "deck_top": ("deck", (at.shell_outside[1] - deck_inside) / 2, steel),
        "deck_edges": ("deck", at.deck_top - cell.side.shell_top, steel),
        "shell_upper": ("deck", shell_height, steel),
        "shell_bath": ("side_bath", shell_height, steel),
        "shell_metal": ("side_metal", shell_height, steel),
        "shell_lower": ("side_lower", shell_height, steel),
        "shell_bottom": ("bottom", area_over_perimeter(2 * at.shell_outside[0], 2 * at.shell_outside[1]), steel),
        "bar_sides": ("bars", bars.height, steel),
        "bar_flats": ("bars", area_over_perimeter(bars.width, at.bar_end - at.shell_outside[1]), steel),
    }


def losses(outside, surfaces, operation):
    """Natural convection and radiation on those of the outer surfaces that a cell has.

    Parameters
    ----------
    outside : dict, as `vessel_losses` gives it; a name may be a pattern
    surfaces : sequence of Surface, all outer surfaces of the cell
    operation : Operation

    Returns
    -------
    list of Condition
    """
    air = operation.ambient_temperature
    found = []
    for name, (path, length, emissivity) in outside.items():
        if not any(fnmatchcase(surface.name, name) for surface in surfaces):
            continue
        convection = NaturalConvection.in_si(fluid=air, length=length)
        laws = (convection, Radiation.in_si(emissivity=emissivity, surroundings=air))
        found.append(Condition(on=(name,), laws=laws, path=path))
    return found


def end_losses(cell, surfaces, clamp_temperature):
    """Heat into the flexibles of the bars, and into the beam through the rods clamped to it."""
    bars = cell.bars
    end = Convection.in_si(coefficient=bars.end_conductance / (bars.width * bars.height), fluid=bars.end_temperature)
    found = [Condition(on=("bar_end_*",), laws=(end,), path="bars")]
    if any(surface.name.startswith("rod_top_") for surface in surfaces):
        clamp = FixedTemperature.in_si(temperature=clamp_temperature)
        found.append(Condition(on=("rod_top_*",), laws=(clamp,), path="rods"))
    return found


def area_over_perimeter(a, b):
    """Of a rectangle with these sides [m]."""
    return a * b / (2.0 * (a + b))
