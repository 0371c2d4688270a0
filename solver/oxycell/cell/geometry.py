"""A reduction cell as its parameters, and their expansion into the generic vocabulary of a case."""

from typing import Literal

from pydantic import model_validator

from oxycell.cell import connections, horizontal
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
from oxycell.options import Options, option


class Cell(Options):
    """A cell with horizontal anodes over a metal pad; x along the cell, y across, z = 0 at the top of the cathode blocks."""

    electrodes: Literal["horizontal"] = option("arrangement of the electrodes", "horizontal")
    symmetry: Literal["full", "half", "quarter"] = option("how much is modelled; totals stay of the whole cell", "quarter")
    pools: Pools = option("metal and bath", Pools())
    anodes: Anodes = option("anode plates", Anodes())
    stems: Stems = option("stems and rods", Stems())
    cathode: Cathode = option("carbon blocks and paste", Cathode())
    bars: Bars = option("collector bars", Bars())
    lining: Lining = option("lining under and beside the cathode", Lining())
    side: Side = option("side walls and shell", Side())
    top: Top = option("gas space, boards, lid", Top())
    surroundings: Surroundings = option("exchange with the potroom", Surroundings())
    busbars: Busbars = option("busbars ahead of the beam", Busbars())
    mesh: CellMesh = option("least numbers of cells", CellMesh())

    @model_validator(mode="after")
    def _fits(self):
        horizontal.check(self)
        return self


def expand(cell, operation, process, bath):
    """Generic sections of a case that a cell stands for.

    Parameters
    ----------
    cell : Cell
    operation : Operation, with `line_current` and `ambient_temperature`
    process : Process, with `anode_heat_fraction`
    bath : Bath, with `cryolite_ratio`

    Returns
    -------
    dict : "boxes", "surfaces", "interfaces", "lumps", "terminals", "conditions" (tuples of their models), "ledge" (Ledge),
        "materials" (name → dict) and "mesh" (dict of further planes, refinements and symmetry, lengths as text with unit)

    Raises
    ------
    CaseError
        The anode material has no kinetics and the case gives none.

    Notes
    -----
    Boxes are of the whole cell whatever the symmetry; surfaces only of the modelled part.
    """
    symmetry = horizontal.SYMMETRY[cell.symmetry]
    surfaces = horizontal.surfaces(cell, symmetry)
    return {
        "boxes": horizontal.boxes(cell),
        "surfaces": surfaces,
        "interfaces": connections.interfaces(cell, process, bath),
        "lumps": connections.lumps(cell),
        "ledge": connections.ledge(cell),
        "terminals": connections.terminals(cell, operation),
        "conditions": connections.conditions(cell, operation, surfaces),
        "materials": connections.materials(cell),
        "mesh": horizontal.mesh(cell, symmetry),
    }
