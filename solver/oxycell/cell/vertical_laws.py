"""What holds between the parts of a cell with vertical plates: electrode laws, gas in the gaps, films, losses to the
potroom."""

from oxycell.cell import connections, horizontal_laws
from oxycell.cell.connections import interface
from oxycell.physics.charge.gas import Gas

conditions = horizontal_laws.conditions
materials = horizontal_laws.materials


def interfaces(cell, process, bath):
    """Interfaces in the order they are tried; the first that matches a face is used. Plates touch metal and blocks
    without resistance."""
    return (
        interface("anode_bath", "anode_*.plate", "bath", horizontal_laws.anode_laws(cell, process)),
        interface("bath_plate", "bath", "cathode_plate_*", connections.cathode_laws(process, bath), "first"),
        *connections.melt_interfaces(cell, process, bath),
        *horizontal_laws.stem_interfaces(cell.stems),
        *connections.bar_interfaces(cell),
    )


def gas(cell):
    """Oxygen of the anodes' vertical faces, between them and the cathode plates."""
    options = cell.anodes.gas
    return (
        Gas.in_si(
            electrolyte="bath",
            anodes=("anode_*.plate",),
            cathodes=("cathode_plate_*",),
            slip_velocity=options.slip_velocity,
            open_width=options.open_width,
        ),
    )


def lumps(cell):
    """Bath, metal and the gas space under the lid, each with one temperature; heat to the cathode plates goes out by
    the bottom."""
    bath, metal, gas_space = horizontal_laws.lumps(cell)
    pools = cell.pools

    def beside_plates(lump, film):
        films, paths = {"cathode_plate_*": film, **lump.films}, {"cathode_plate_*": "bottom", **lump.paths}
        return lump.model_copy(update={"films": films, "paths": paths})

    return beside_plates(bath, pools.film_bath_plate), beside_plates(metal, pools.film_metal_plate), gas_space
