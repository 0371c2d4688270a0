"""What holds between the parts of a cell with horizontal plates: electrode laws, sleeves, films, losses to the
potroom."""

from oxycell.cell import connections
from oxycell.cell.connections import area_over_perimeter, insulated, interface
from oxycell.cell.electrochemistry import KINETICS
from oxycell.cell.heights import LiddedHeights
from oxycell.errors import CaseError
from oxycell.physics.electrode.laws import Asinh, Contact, Equilibrium, Resistance, ReversibleHeat
from oxycell.physics.heat.lumps import Lump

KINETICS_OF = {
    "inert_fe_ni_cu": "inert_fe_alloy",
    "inert_nife2o4_17cu_cermet": "inert_nife2o4_cermet",
    "inert_nife2o4_5cu": "inert_nife2o4_cermet",
    "inert_sno2": "inert_sno2",
    "inert_cu10al": "inert_cu_al",
}
"""Anode material → entry of the library of kinetics."""


def materials(cell):
    """Materials the library does not have: name → its options, in SI."""
    return connections.materials(cell) | {
        "lid_board": connections.insulator(cell.top.lid_board_conductivity, 300.0, 1000.0),  # as boards [E]
        "rod": connections.scaled_rod(cell.stems.rod_material, cell.stems.rod_side, cell.stems.side),
    }


def anode_laws(cell, process):
    """Laws of an anode face towards the bath, in series: rest potential, activation, scale, bubbles, reversible
    heat."""
    own = cell.anodes.kinetics
    name = own.like or KINETICS_OF.get(cell.anodes.material)
    if name is not None and name not in KINETICS:
        raise CaseError(
            f'cell.anodes.kinetics.like: there is no entry called "{name}"; allowed: {", ".join(sorted(KINETICS))}'
        )
    numbers = {}
    for key in ("exchange_current_density", "transfer_number", "film_resistance"):
        given = getattr(own, key)
        if given is None and name is None:
            raise CaseError(
                f'cell.anodes.material: the library has no kinetics for "{cell.anodes.material}"; allowed: '
                f"{', '.join(sorted(KINETICS_OF))}, or another material with cell.anodes.kinetics given"
            )
        numbers[key] = getattr(KINETICS[name], key) if given is None else given
    return (
        Equilibrium(),
        Asinh.in_si(
            exchange_current_density=numbers["exchange_current_density"],
            transfer_number=numbers["transfer_number"],
        ),
        Resistance.in_si(resistance=numbers["film_resistance"], part="anode_film"),
        Resistance.in_si(resistance=own.bubble_resistance, facing="down", part="bubbles", heat="pool"),
        ReversibleHeat(share=process.anode_heat_fraction, heat="first"),
    )


def interfaces(cell, process, bath):
    """Interfaces in the order they are tried; the first that matches a face is used."""
    return (
        interface("anode_bath", "anode_*.plate", "bath", anode_laws(cell, process)),
        *connections.melt_interfaces(cell, process, bath),
        *stem_interfaces(cell.stems),
        *connections.bar_interfaces(cell),
    )


def stem_interfaces(stems):
    """Sleeves of the stems in bath and gas, their seals in the lid, and their joints with the rods."""
    sleeve, seal = insulated(stems.sleeve_resistance), insulated(stems.seal_resistance)
    joint = Contact.in_si(electric=stems.joint_resistance * stems.side**2)
    return [
        interface("stem_bath", "anode_*.stem", "bath", sleeve),
        interface("stem_gas", "anode_*.stem", "gas", sleeve),
        interface("stem_lid", "anode_*.stem", "lid.*", seal),
        interface("rod_stem", "anode_*.rod", "anode_*.stem", (joint,)),
    ]


def lumps(cell):
    """Bath, metal and the gas space under the lid, each with one temperature."""
    return (
        *connections.pools(cell, {"freeboard.*": "deck", "anode_*": "rods"}),
        Lump.in_si(
            name="gas",
            regions=("gas",),
            films={"*": cell.top.film_gas},
            emissivity=cell.top.emissivity_gas,
            paths={"lid.*": "lid", "anode_*": "rods", "*": "deck"},
        ),
    )


def conditions(cell, operation, surfaces):
    """Heat given to the potroom, reported under the loss paths of a cell.

    Parameters
    ----------
    cell : HorizontalCell, or another with stems and a lid
    operation : Operation
    surfaces : tuple of Surface, all outer surfaces of the cell

    Returns
    -------
    tuple of Condition
    """
    at, stems = LiddedHeights(cell), cell.stems
    steel, rod = cell.surroundings.emissivity_steel, cell.surroundings.emissivity_rod
    outside = {
        "lid_top": ("lid", area_over_perimeter(2 * at.lid[0], 2 * at.lid[1]), steel),
        "lid_edges": ("lid", at.lid_top - at.lid_bottom, steel),
        "skirt": ("deck", at.lid_bottom - at.deck_top, steel),
        **connections.vessel_losses(cell, at, at.lid[1]),
        "rod_sides": ("rods", stems.rod_length, rod),
        "stem_sides": ("rods", stems.top - at.lid_top, steel),
        "rod_open_*": ("rods", stems.side / 4, rod),
    }
    return (
        *connections.losses(outside, surfaces, operation),
        *connections.end_losses(cell, surfaces, stems.clamp_temperature),
    )
