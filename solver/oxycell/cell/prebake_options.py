"""The parts of a prebake cell that differ from those of other cells: carbon anodes with stubs, yoke and rod; crust and
cover.

Defaults are the 140 kA cell of cases/prebake-140ka, scaled from a published 175 kA cell [L: Davey & Gravy course
notes]; all sizes without another tag are engineering estimates [E].
"""

from typing import Literal

from oxycell.cell.options import Bars, Cathode, Lining, Pools, Side, SlopeStep, VesselMesh
from oxycell.options import Options, Quantity, defaults, fraction, non_negative, option, positive


@defaults(length=6.85, width=3.90, metal_depth=0.17, bath_depth=0.20, film_bath_wall=900.0, film_metal_wall=1000.0)
class PrebakePools(Pools):
    """The two melts between the side walls, and the films on what they wet."""


class CarbonKinetics(Options):
    """What the current meets on a carbon face, after Haupin, Light Metals 1998; left out: from alumina and ratio of the
    bath."""

    exchange_current_density: Quantity["A/m2"] | None = option(
        "reaction limit i_r, 0.0029 w^0.56 A/cm2 at w wt % alumina", None, gt=0.0
    )
    transfer_number: float = option("number n_α in the slope R T/(n_α F) [L]", 1.08, gt=0.0)
    coverage_factor: float = option(
        "factor on the share of the bottom that bubbles cover [L: a plant tool has 0.9]", 1.0, gt=0.0
    )
    anode_effect_alumina: float = option("alumina at which the anode effect occurs, wt % [L: 1.8 to 2.2]", 1.8, gt=0.0)


class CarbonAnodes(Options):
    """Prebaked blocks in rows along x over the metal pad."""

    rows: Literal[1, 2] = option("number of rows", 2)
    per_row: int = option("anodes in a row", 8, ge=1)
    material: str = option("the blocks", "carbon_prebaked_anode")
    pitch: Quantity["m"] = positive("distance of anode centres along x", 0.75)
    width: Quantity["m"] = positive("block along x", 0.71)
    length: Quantity["m"] = positive("block along y", 1.45)
    height: Quantity["m"] = positive("block along z, the mean over its life", 0.40)
    centre_channel: Quantity["m"] = non_negative("gap between the two rows", 0.20)
    gap: Quantity["m"] = positive("anode-cathode distance, from the metal surface to the anode bottom", 0.049)
    raised: dict[str, Quantity["m"]] = option("anode name → how much higher it hangs than the others (< 0: lower)", {})
    disconnected: tuple[str, ...] = option("anodes whose rod is not clamped to the beam", ())
    kinetics: CarbonKinetics = option("overvoltages and bubbles", CarbonKinetics())


class Rods(Options):
    """What carries an anode and its current: stubs cast into holes of the block, a yoke across them, a rod on it."""

    stubs: int = option("stubs of an anode, in line along y", 4, ge=1)
    stub_diameter: Quantity["m"] = positive("round stub; drawn as a square of the same area", 0.15)
    stub_pitch: Quantity["m"] = positive("distance of the stubs' centres", 0.36)
    stub_length: Quantity["m"] = positive("stub from the top of the block to the yoke", 0.20)
    hole_depth: Quantity["m"] = positive("depth of the stub hole", 0.11)
    cast_iron: Quantity["m"] = positive(
        "thickness of the cast iron around a stub [L: Dupuis, Light Metals 2010]", 0.014
    )
    contact: Quantity["ohm m2"] = non_negative(
        "contact of cast iron and carbon [L: Dupuis 2010; 0.5e-6 to 5e-6]", 2.0e-6
    )
    contact_thermal: Quantity["K m2/W"] = non_negative(
        "thermal resistance of that contact, and under the stub [E: 2e-4 to 2e-3]", 1.0e-3
    )
    steel: str = option("material of stubs and yoke", "steel_low_carbon")
    yoke_height: Quantity["m"] = positive("yoke along z; as wide as a stub", 0.12)
    material: str = option("material of the rod", "aluminium_conductor")
    side: Quantity["m"] = positive(
        "true side of the square rod; drawn as wide as a stub, conductivities scaled by area", 0.14
    )
    length: Quantity["m"] = positive("length of the rod above the yoke", 2.2)
    clamp_resistance: Quantity["ohm"] = non_negative("clamp of rod and beam, each (10 mV at 8.75 kA)", 0.010 / 8750.0)
    clamp_temperature: Quantity["K"] = positive("temperature of the rod top", 333.15)


@defaults(blocks=12, pitch=0.545, width=0.50, length=3.40, seam=0.15, seam_ends=0.0775)
class PrebakeCathode(Cathode):
    """Carbon blocks across the cell, the paste between and around them."""

    slope: tuple[SlopeStep, ...] = option(
        "steps of the paste slope, from the lowest",
        (SlopeStep.in_si(width=0.10, top=0.10), SlopeStep.in_si(width=0.05, top=0.15)),
    )


@defaults(width=0.18, height=0.20, centre_gap=0.40, flex_resistance=0.020 / 5833.0, end_conductance=1.44)
class PrebakeBars(Bars):
    """Collector half-bars, two for each block, cast into its slot."""


@defaults(slab="calcium_silicate", slab_thickness=0.025)
class PrebakeLining(Lining):
    """Refractory and insulation below and around the blocks."""


@defaults(top=0.45, shell_thickness=0.012, shell_top=0.50)
class PrebakeSide(Side):
    """The wall of the melts, from the melt outwards, and the steel shell around everything."""


class Cover(Options):
    """What closes the cell: a crust over the channels with a gas space below it, crushed bath on it and on the
    anodes."""

    cavity: Quantity["m"] = positive("height of the gas space between bath and crust", 0.05)
    rim: Quantity["m"] = non_negative("width of frozen bath on the walls of that space; 0: none", 0.125)
    crust: str = option("material of crust and rim", "crust")
    crust_thickness: Quantity["m"] = positive("crust over the channels, wall to wall", 0.12)
    material: str = option("material of the cover, and of the filling above the side walls", "anode_cover_crushed_bath")
    thickness: Quantity["m"] = positive("cover on the anodes, and as high between them", 0.12)
    step: Quantity["m"] = non_negative(
        "how much lower it lies over the side and end channels, at most its thickness", 0.11
    )
    film: Quantity["W/m2/K"] = positive("convection on the cover under the hood [E: 8 to 25]", 12.0)
    emissivity: float = fraction("emissivity of the cover [M: 0.3 to 0.5]", 0.4)
    film_gas: Quantity["W/m2/K"] = positive("convection in the gas space [E: 5 to 15]", 8.0)
    emissivity_gas: float = fraction("effective emissivity of radiation across the gas space [E]", 0.8)


class PrebakeMesh(VesselMesh):
    """How fine the mesh of the cell is where its physics asks for it; `[mesh]` says the rest."""

    gap_cells: int = option("minimum number of cells between metal surface and anode bottom", 5, ge=1)
    bath_cells: int = option("minimum number of cells between anode bottom and bath surface", 4, ge=1)
