"""A cell with vertical inert anodes between wettable cathode plates that stand in the metal: its parameters, and their
expansion."""

from typing import Literal

from pydantic import model_validator

from oxycell.cell import connections, vertical_boxes, vertical_laws
from oxycell.cell.options import (
    AnodeKinetics,
    Bars,
    Busbars,
    Cathode,
    Lining,
    Pools,
    Side,
    Stems,
    Surroundings,
    Top,
    VesselMesh,
)
from oxycell.options import Options, Quantity, defaults, non_negative, option, positive


@defaults(length=2.53, width=2.78, metal_depth=0.10, bath_depth=0.70, film_bath_anode=800.0)
class VerticalPools(Pools):
    """The metal sump and the bath over it, and the films on what they wet."""

    film_bath_plate: Quantity["W/m2/K"] = positive(
        "film between bath and cathode plates, stirred by gas [E: 400 to 2000]", 800.0
    )
    film_metal_plate: Quantity["W/m2/K"] = positive("film between metal and cathode plates [E: 500 to 3000]", 1250.0)


class GapGas(Options):
    """The gas that rises in the gaps between the plates."""

    slip_velocity: Quantity["m/s"] = positive("velocity of bubbles against the bath [E: 0.15 to 0.4]", 0.25)
    open_width: Quantity["m"] = non_negative(
        "width of the gas layer at faces with no cathode plate opposite, above and next to the plates; 0: "
        "the gas leaves there",
        0.025,
    )


class VerticalAnodes(Options):
    """Vertical plates in rows along x, each between two cathode plates."""

    rows: Literal[1, 2] = option("number of rows", 2)
    per_row: int = option("anodes in a row; a row has one cathode plate more", 14, ge=1)
    material: str = option(
        "the plates: inert_fe_ni_cu, inert_nife2o4_17cu_cermet, inert_sno2, inert_cu10al …", "inert_fe_ni_cu"
    )
    thickness: Quantity["m"] = positive("plate along x", 0.045)
    length: Quantity["m"] = positive("plate along y, also of the cathode plates", 1.00)
    height: Quantity["m"] = positive("plate along z", 0.60)
    clearance: Quantity["m"] = positive("from the metal surface to the bottom of the plates", 0.10)
    centre_channel: Quantity["m"] = non_negative("gap between the two rows", 0.20)
    gap: Quantity["m"] = positive("anode-cathode distance", 0.030)
    disconnected: tuple[str, ...] = option("anodes whose rods are not clamped to the beam", ())
    kinetics: AnodeKinetics = option("overvoltage, scale, and bubbles under the plates' lower edges", AnodeKinetics())
    gas: GapGas = option("gas in the gaps", GapGas())


class CathodePlates(Options):
    """Wettable plates that stand on the cathode blocks, with their feet in the metal."""

    material: str = option("material of the plates", "tib2_dense")
    thickness: Quantity["m"] = positive("plate along x", 0.025)
    height: Quantity["m"] = positive("plate along z, from the cathode blocks", 0.70)


@defaults(
    material="copper",
    side=0.0354491,
    top=1.25,
    joint_resistance=8.0e-6,
    rod_side=0.07,
    rod_length=0.5,
    clamp_resistance=6.8e-6,
    clamp_temperature=393.15,
)
class Studs(Stems):
    """What carries the anodes and their current: copper-cored studs through the lid, each with a rod above it."""

    per_anode: int = option("studs of an anode, evenly along it", 2, ge=1)
    set_in: Quantity["m"] = non_negative("length of the stud cast into the plate", 0.10)


@defaults(
    blocks=6,
    material="cathode_graphitized",
    pitch=0.40,
    width=0.36,
    length=2.70,
    height=0.35,
    seam=0.04,
    seam_ends=0.085,
    slope=(),
)
class VerticalCathode(Cathode):
    """Carbon blocks across the cell, the paste between and around them."""


@defaults(
    width=0.16,
    height=0.18,
    outside=0.24,
    cast_iron=0.0125,
    contact_sides=2.5e-6,
    contact_top=2.5e-6,
    flex_resistance=0.010 / 11667.0,
)
class InsertBars(Bars):
    """Collector half-bars, two for each block, cast into its slot, with a copper insert along their axis."""

    insert: str = option("material of the insert", "copper")
    insert_width: Quantity["m"] = positive("insert along x", 0.05)
    insert_height: Quantity["m"] = positive("insert along z, in the middle of the bar", 0.09)


@defaults(top=0.86, shell_top=0.915, joint_thickness=0.025, joint_conductivity=0.3)
class VerticalSide(Side):
    """The wall of the melts, from the melt outwards, and the steel shell around everything."""


@defaults(lid_length=2.63, lid_width=2.88, lid_height=0.96, lid_board=0.12, board=0.10, board_conductivity=0.12)
class VerticalTop(Top):
    """What closes the cell: gas space, boards along the walls, frozen lip, lid."""


@defaults(resistance=0.15 / 140e3)
class VerticalBusbars(Busbars):
    """The conductors ahead of the beam, as one resistance (0.15 V at 140 kA); their heat is lost outside the model."""


class VerticalMesh(VesselMesh):
    """How fine the mesh of the cell is where its physics asks for it; `[mesh]` says the rest."""

    gap_cells: int = option("minimum number of cells across a gap", 4, ge=1)
    plate_cells: int = option("minimum number of cells through an anode plate", 3, ge=1)
    height_cells: int = option("minimum number of cells over the height where anodes face cathodes", 14, ge=1)
    foot_cells: int = option("minimum number of cells between metal and anode bottom", 4, ge=1)
    cover_cells: int = option("minimum number of cells between the tops of cathode plates and bath", 3, ge=1)


class VerticalCell(Options):
    """A cell with vertical anodes between cathode plates; x along the cell, y across, z = 0 at the top of the cathode
    blocks."""

    electrodes: Literal["vertical"] = option("arrangement of the electrodes", "vertical")
    symmetry: Literal["full", "half", "quarter"] = option(
        "part of the cell that is modelled; totals are for the whole cell", "quarter"
    )
    pools: VerticalPools = option("metal and bath", VerticalPools())
    anodes: VerticalAnodes = option("anode plates", VerticalAnodes())
    plates: CathodePlates = option("cathode plates", CathodePlates())
    stems: Studs = option("studs and rods", Studs())
    cathode: VerticalCathode = option("carbon blocks and paste", VerticalCathode())
    bars: InsertBars = option("collector bars", InsertBars())
    lining: Lining = option("lining below and around the cathode", Lining())
    side: VerticalSide = option("side walls and shell", VerticalSide())
    top: VerticalTop = option("gas space, boards, lid", VerticalTop())
    surroundings: Surroundings = option("heat heat heat exchange with the potroom", Surroundings())
    busbars: VerticalBusbars = option("busbars upstream of the beam", VerticalBusbars())
    mesh: VerticalMesh = option("minimum numbers of mesh cells", VerticalMesh())

    @model_validator(mode="after")
    def _fits(self):
        vertical_boxes.check(self)
        return self


def expand(cell, operation, process, bath):
    """Generic sections of a case that the cell stands for; as `geometry.expand`, with "gas"."""
    clamp = cell.stems.clamp_resistance / cell.stems.per_anode
    found = connections.sections(cell, operation, process, bath, vertical_boxes, vertical_laws, clamp)
    return found | {"gas": vertical_laws.gas(cell)}
