"""A prebake cell, carbon anodes under crust and cover: its parameters, and their expansion."""

from typing import Literal

from pydantic import model_validator

from oxycell.cell import connections, prebake_boxes, prebake_laws
from oxycell.cell.options import Busbars, Surroundings
from oxycell.cell.prebake_options import (
    CarbonAnodes,
    Cover,
    PrebakeBars,
    PrebakeCathode,
    PrebakeLining,
    PrebakeMesh,
    PrebakePools,
    PrebakeSide,
    Rods,
)
from oxycell.errors import CaseError
from oxycell.options import Options, option


class PrebakeCell(Options):
    """A cell with prebaked carbon anodes; x along the cell, y across, z = 0 at the top of the cathode blocks."""

    electrodes: Literal["prebake"] = option("arrangement of the electrodes", "prebake")
    symmetry: Literal["full", "half", "quarter"] = option(
        "part of the cell that is modelled; totals are for the whole cell", "quarter"
    )
    pools: PrebakePools = option("metal and bath", PrebakePools())
    anodes: CarbonAnodes = option("carbon blocks", CarbonAnodes())
    rods: Rods = option("stubs, yokes and rods", Rods())
    cathode: PrebakeCathode = option("carbon blocks and paste", PrebakeCathode())
    bars: PrebakeBars = option("collector bars", PrebakeBars())
    lining: PrebakeLining = option("lining below and around the cathode", PrebakeLining())
    side: PrebakeSide = option("side walls and shell", PrebakeSide())
    cover: Cover = option("crust and cover", Cover())
    surroundings: Surroundings = option("heat heat heat exchange with the potroom", Surroundings())
    busbars: Busbars = option("busbars upstream of the beam", Busbars())
    mesh: PrebakeMesh = option("minimum numbers of mesh cells", PrebakeMesh())

    @model_validator(mode="after")
    def _fits(self):
        prebake_boxes.check(self)
        return self


def expand(cell, operation, process, bath):
    """Generic sections of a case that the cell stands for; as `geometry.expand`."""
    if process.reaction != "carbon":
        raise CaseError(f"process.reaction: {process.reaction} is not possible with carbon anodes; allowed: carbon")
    return connections.sections(cell, operation, process, bath, prebake_boxes, prebake_laws, cell.rods.clamp_resistance)
