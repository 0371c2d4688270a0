"""A cell with horizontal inert plates over a metal pad: its parameters, and their expansion."""

from typing import Literal

from pydantic import model_validator

from oxycell.cell import connections, horizontal_boxes, horizontal_laws
from oxycell.cell.options import (
    Anodes,
    Bars,
    Busbars,
    Cathode,
    CellMesh,
    Lining,
    Pools,
    Side,
    Stems,
    Surroundings,
    Top,
)
from oxycell.cell.preheat import Preheat, emptied
from oxycell.options import Options, option


class HorizontalCell(Options):
    """A cell with horizontal anodes over a metal pad; x along the cell, y across, z = 0 at the top of the cathode
    blocks."""

    electrodes: Literal["horizontal"] = option("arrangement of the electrodes", "horizontal")
    symmetry: Literal["full", "half", "quarter"] = option(
        "part of the cell that is modelled; totals are for the whole cell", "quarter"
    )
    pools: Pools = option("metal and bath", Pools())
    anodes: Anodes = option("anode plates", Anodes())
    stems: Stems = option("stems and rods", Stems())
    cathode: Cathode = option("carbon blocks and paste", Cathode())
    bars: Bars = option("collector bars", Bars())
    lining: Lining = option("lining below and around the cathode", Lining())
    side: Side = option("side walls and shell", Side())
    top: Top = option("gas space, boards, lid", Top())
    surroundings: Surroundings = option("heat exchange with the potroom", Surroundings())
    busbars: Busbars = option("busbars upstream of the beam", Busbars())
    preheat: Preheat | None = option("hot gas instead of melts, in a cell that is heated up before its start", None)
    mesh: CellMesh = option("minimum numbers of mesh cells", CellMesh())

    @model_validator(mode="after")
    def _fits(self):
        horizontal_boxes.check(self)
        return self


def expand(cell, operation, process, bath):
    """Generic sections of a case that the cell stands for; as `geometry.expand`."""
    parts = connections.sections(
        cell, operation, process, bath, horizontal_boxes, horizontal_laws, cell.stems.clamp_resistance
    )
    return parts if cell.preheat is None else emptied(parts, cell.preheat, operation.line_current)
