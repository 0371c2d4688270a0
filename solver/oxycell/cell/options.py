"""The parts of a reduction cell and their numbers, in the order one walks through it: melt, anodes, cathode, walls,
top.

Defaults are the KrAZ-like 140 kA retrofit of cases/kraz-140ka, whose geometry is an engineering estimate [E] built so
that areas, voltages and heat close; only the current and the production of that cell are public. Other origins are
tagged where they occur: [L] looked up, [M] from memory, [D] derived.
"""

from typing import Literal

from oxycell.options import Name, Options, Quantity, non_negative, option, positive


class Pools(Options):
    """The two melts between the side walls, and the films on what they wet."""

    length: Quantity["m"] = positive("distance between the side walls along x", 9.30)
    width: Quantity["m"] = positive("distance between the side walls along y", 3.70)
    metal_depth: Quantity["m"] = positive("depth of the metal pad; the cathode surface is z = 0", 0.22)
    bath_depth: Quantity["m"] = positive("depth of the bath above the metal", 0.22)
    film_bath_wall: Quantity["W/m2/K"] = positive("film between bath and side wall or ledge [L: 300 to 1200]", 600.0)
    film_metal_wall: Quantity["W/m2/K"] = positive("film between metal and side wall or ledge [E: 500 to 2000]", 700.0)
    film_bath_anode: Quantity["W/m2/K"] = positive("film between bath and anodes [L: 500 to 2000]", 1100.0)
    film_metal_cathode: Quantity["W/m2/K"] = positive("film between metal and cathode floor [L: 500 to 3000]", 1250.0)
    film_bath_metal: Quantity["W/m2/K"] = positive("film between bath and metal [E: 500 to 3000]", 1200.0)
    film_bath_gas: Quantity["W/m2/K"] = positive("film under the bath surface [E], in series with the gas space", 600.0)
    ledge_conductivity: Quantity["W/m/K"] = positive("thermal conductivity of the frozen ledge [L: 1.0 to 2.5]", 1.5)
    shells: tuple[Literal["anodes", "floor"], ...] = option(
        "where bath can freeze in thin shells that insulate: on the anodes, on the cathode floor", ()
    )


class AnodeKinetics(Options):
    """What the current meets on a wetted anode face; left out: the estimates of the library for the anode's
    material."""

    like: Name | None = option(
        "entry of the library of anode kinetics (default: the one of the anode's material)", None
    )
    exchange_current_density: Quantity["A/m2"] | None = option("exchange current density J0", None, gt=0.0)
    transfer_number: float | None = option("number n_α in the slope R T/(n_α F)", None, gt=0.0)
    film_resistance: Quantity["ohm m2"] | None = option("resistance of the oxide scale", None, ge=0.0)
    bubble_resistance: Quantity["ohm m2"] = non_negative(
        "resistance of the bubble layer under downward faces [E: 0.8e-5 to 3.3e-5; 0.10 V at 0.6 A/cm2]", 1.67e-5
    )


class AnodeCore(Options):
    """Metal inside a ceramic plate, which takes the current from the stem and spreads it; the plate is then a shell
    around it."""

    material: str = option("material of the core", "ni_alloy_stem")
    cover: Quantity["m"] = positive("thickness of the shell on all sides [E]", 0.025)


class Anodes(Options):
    """Horizontal plates in rows along x over the metal pad."""

    rows: Literal[1, 2] = option("number of rows", 2)
    per_row: int = option("anodes in a row", 16, ge=1)
    material: str = option(
        "the plates: inert_fe_ni_cu, inert_nife2o4_17cu_cermet, inert_sno2, inert_cu10al …", "inert_fe_ni_cu"
    )
    pitch: Quantity["m"] = positive("distance of anode centres along x", 0.56)
    width: Quantity["m"] = positive("plate along x", 0.52)
    length: Quantity["m"] = positive("plate along y", 1.40)
    thickness: Quantity["m"] = positive("plate along z", 0.10)
    core: AnodeCore | None = option("metal core of the plates; default: none", None)
    centre_channel: Quantity["m"] = non_negative("gap between the two rows", 0.20)
    gap: Quantity["m"] = positive("anode-cathode distance, from the metal surface to the anode bottom", 0.065)
    raised: dict[str, Quantity["m"]] = option("anode name → how much higher it hangs than the others (< 0: lower)", {})
    disconnected: tuple[str, ...] = option("anodes whose rod is not clamped to the beam", ())
    kinetics: AnodeKinetics = option("overvoltage, scale and bubbles", AnodeKinetics())


class Stems(Options):
    """What carries the anodes and their current: a stem through the lid, a rod above it."""

    material: str = option("material of the stem", "steel_low_carbon")
    side: Quantity["m"] = positive("side of the square section of stem and rod", 0.133)
    top: Quantity["m"] = positive("height of the joint of stem and rod above the cathode surface", 0.83)
    sleeve_resistance: Quantity["K m2/W"] = non_negative(
        "thermal resistance of the insulating sleeve, plate to lid", 0.2
    )
    seal_resistance: Quantity["K m2/W"] = non_negative("thermal resistance of the insulating seal in the lid", 0.1)
    joint_resistance: Quantity["ohm"] = non_negative("joint of stem and rod, each (22 mV at 4.375 kA)", 5.0e-6)
    rod_material: str = option("material of the rod", "aluminium_conductor")
    rod_side: Quantity["m"] = positive(
        "true side of the rod; drawn as wide as the stem, conductivities scaled by area", 0.13
    )
    rod_length: Quantity["m"] = positive("length of the rod above the joint", 2.0)
    clamp_resistance: Quantity["ohm"] = non_negative("clamp of rod and beam, each (10 mV at 4.375 kA)", 2.29e-6)
    clamp_temperature: Quantity["K"] = positive("temperature of the rod top", 333.15)


class SlopeStep(Options):
    """One step of the paste slope along the foot of the side walls."""

    width: Quantity["m"] = positive("how far the step reaches in from the side wall")
    top: Quantity["m"] = positive("height of its top above the cathode surface")


class Cathode(Options):
    """Carbon blocks across the cell, the paste between and around them."""

    blocks: int = option("number of blocks", 16, ge=1)
    material: str = option("material of the blocks", "cathode_graphitic")
    paste: str = option("material of joints, seam and slope", "ramming_paste")
    pitch: Quantity["m"] = positive("distance of block centres along x", 0.56)
    width: Quantity["m"] = positive("block along x", 0.52)
    length: Quantity["m"] = positive("block along y", 3.30)
    height: Quantity["m"] = positive("block along z", 0.45)
    seam: Quantity["m"] = non_negative("width of the paste seam along the two sides, along y", 0.10)
    seam_ends: Quantity["m"] = non_negative("width of the paste seam at the two ends along x", 0.09)
    slope: tuple[SlopeStep, ...] = option(
        "steps of the paste slope, from the lowest",
        (SlopeStep.in_si(width=0.10, top=0.10), SlopeStep.in_si(width=0.05, top=0.20)),
    )


class Bars(Options):
    """Collector half-bars, two for each block, cast into its slot."""

    material: str = option("material of the bars", "steel_low_carbon")
    width: Quantity["m"] = positive("bar along x", 0.115)
    height: Quantity["m"] = positive("bar along z, from the bottom of the block", 0.230)
    centre_gap: Quantity["m"] = positive("carbon left between the two half-bars of a block", 0.30)
    outside: Quantity["m"] = positive("length of the bar beyond the block", 0.50)
    cast_iron: Quantity["m"] = positive("thickness of the cast iron on the two sides and the top", 0.012)
    contact_sides: Quantity["ohm m2"] = non_negative(
        "contact of cast iron and carbon, vertical faces [L: Dupuis 2011]", 4.0e-6
    )
    contact_top: Quantity["ohm m2"] = non_negative("contact of cast iron and carbon, top face [L: Dupuis 2011]", 8.0e-6)
    contact_thermal: Quantity["K m2/W"] = non_negative("thermal contact resistance of cast iron and carbon", 0.0)
    seal_resistance: Quantity["K m2/W"] = non_negative("thermal resistance of the insulating collar in the shell", 0.05)
    flex_resistance: Quantity["ohm"] = non_negative("flexible of a bar end, each (20 mV at 4.375 kA)", 0.020 / 4375.0)
    end_conductance: Quantity["W/K"] = positive("heat conductance of a bar end to its flexible", 1.06)
    end_temperature: Quantity["K"] = positive("temperature of the flexible", 353.15)


class Lining(Options):
    """Refractory and insulation below and around the blocks."""

    refractory: str = option("material directly below and around the cathode", "chamotte_brick")
    refractory_thickness: Quantity["m"] = positive("its thickness under the blocks", 0.130)
    insulation: str = option("material of the insulating bricks below and outside it", "moler_brick")
    insulation_thickness: Quantity["m"] = positive("their thickness under the refractory", 0.130)
    slab: str = option("material of the lowest layer", "vermiculite_slab")
    slab_thickness: Quantity["m"] = positive("its thickness, on the shell bottom", 0.045)


class Side(Options):
    """The wall of the melts, from the melt outwards, and the steel shell around everything."""

    material: str = option("material of the side blocks", "sic_si3n4")
    thickness: Quantity["m"] = positive("side blocks", 0.075)
    top: Quantity["m"] = positive("height of their top above the cathode surface", 0.50)
    joint_thickness: Quantity["m"] = positive("joint between side blocks and shell", 0.010)
    joint_conductivity: Quantity["W/m/K"] = positive("thermal conductivity of that joint", 2.5)
    shell: str = option("material of shell and deck", "steel_low_carbon")
    shell_thickness: Quantity["m"] = positive("steel of shell and deck", 0.016)
    shell_top: Quantity["m"] = positive("height of the shell's top above the cathode surface", 0.555)


class Top(Options):
    """What closes the cell: gas space, boards along the walls, frozen lip, lid."""

    lid_length: Quantity["m"] = positive("lid along x; the deck begins at its edge", 9.4)
    lid_width: Quantity["m"] = positive("lid along y", 3.8)
    lid_height: Quantity["m"] = positive("height of the lid's underside above the cathode surface", 0.60)
    lid_board: Quantity["m"] = positive("thickness of the insulating board of the lid", 0.08)
    lid_board_conductivity: Quantity["W/m/K"] = positive("thermal conductivity of that board", 0.12)
    lid_steel: Quantity["m"] = positive("thickness of the steel plate on it", 0.02)
    board: Quantity["m"] = non_negative("thickness of the fibre board on the walls of the gas space; 0: none", 0.06)
    board_conductivity: Quantity["W/m/K"] = positive(
        "thermal conductivity of fibre board, also of skirt and filling", 0.2
    )
    lip_width: Quantity["m"] = non_negative("width of the frozen lip at the bath surface; 0: none", 0.10)
    lip_height: Quantity["m"] = positive("height of the frozen lip", 0.06)
    film_gas: Quantity["W/m2/K"] = positive("convection in the gas space [E: 5 to 15]", 8.0)
    emissivity_gas: float = option("effective emissivity of radiation across the gas space [E]", 0.8, ge=0.0, le=1.0)


class Surroundings(Options):
    """How the outside of the cell meets the potroom; natural convection follows from the size and orientation of each
    face."""

    emissivity_steel: float = option("emissivity of oxidised steel and of boards [M: 0.7 to 0.9]", 0.8, ge=0.0, le=1.0)
    emissivity_rod: float = option("emissivity of the rods [M: 0.1 to 0.3]", 0.2, ge=0.0, le=1.0)


class Busbars(Options):
    """The conductors ahead of the beam, as one resistance; their heat is lost outside the model."""

    resistance: Quantity["ohm"] = non_negative("busbars of one cell (0.20 V at 140 kA)", 0.20 / 140e3)


class VesselMesh(Options):
    """How fine the mesh of every cell is where its physics asks for it; `[mesh]` says the rest."""

    edge: Quantity["m"] = positive("width of the cells on both sides of the anodes' ends, where current crowds", 0.02)
    floor: Quantity["m"] = positive(
        "width of the cells directly below the floor of the melts, where the toe of the ledge cools it", 0.015
    )
    side: Quantity["m"] = positive(
        "largest width of the cells between anodes and side walls, and over the height of the melts", 0.05
    )


class CellMesh(VesselMesh):
    """How fine the mesh of the cell is where its physics asks for it; `[mesh]` says the rest."""

    gap_cells: int = option("minimum number of cells between metal surface and anode bottom", 4, ge=1)
    plate_cells: int = option("minimum number of cells through an anode plate", 6, ge=1)
    cover_cells: int = option("minimum number of cells in the bath above the plates", 2, ge=1)
