"""A reduction cell as its parameters, of one of several kinds, and its expansion into the generic vocabulary of a
case."""

from typing import Annotated, Union

from pydantic import Discriminator, Tag

from oxycell.cell import horizontal, prebake, vertical

CELLS = {
    "horizontal": (horizontal.HorizontalCell, horizontal.expand),
    "vertical": (vertical.VerticalCell, vertical.expand),
    "prebake": (prebake.PrebakeCell, prebake.expand),
}
"""Kinds of cells, by what `cell.electrodes` calls them: options, expansion. The first is meant where the key is left
out."""


def kind_of(cell):
    """What `electrodes` says of a cell, given as options or as the table of a case file."""
    return cell.get("electrodes", next(iter(CELLS))) if isinstance(cell, dict) else getattr(cell, "electrodes", None)


Cell = Annotated[
    Union[tuple(Annotated[model, Tag(kind)] for kind, (model, _) in CELLS.items())],  # noqa: UP007, built from the registry
    Discriminator(kind_of),
]


def expand(cell, operation, process, bath):
    """Generic sections of a case that a cell stands for.

    Parameters
    ----------
    cell : a cell of one of the CELLS
    operation : Operation, with `line_current` and `ambient_temperature`
    process : Process, with `anode_heat_fraction`
    bath : Bath, with `cryolite_ratio`

    Returns
    -------
    dict : "boxes", "surfaces", "interfaces", "lumps", "terminals", "conditions" (tuples of their models), "ledge"
        (Ledge), "materials" (name → dict of their options, in SI), "gas" where there is some, and "mesh" (MeshOptions
        with further planes, refinements, widths and symmetry)

    Raises
    ------
    CaseError
        The anode material has no kinetics and the case gives none.

    Notes
    -----
    Boxes are of the whole cell whatever the symmetry; surfaces only of the modelled part.
    """
    return CELLS[cell.electrodes][1](cell, operation, process, bath)
