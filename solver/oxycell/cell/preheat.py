"""An empty cell that hot gas heats up: its parameters, and what becomes of the parts of a cell."""

from typing import Any

from oxycell.errors import CaseError
from oxycell.mesh.options import Box
from oxycell.options import Options, Quantity, fraction, positive
from oxycell.physics.heat.lumps import Lump

_MELTS = ("bath", "metal")
_OF_MELTS = ("freeboard.lip",)  # frozen bath at the surface of the melts


class Preheat(Options):
    """Hot gas in place of the melts, before the cell starts: no melt, no ledge, no current."""

    temperature: Quantity["K"] = positive("temperature of the gas; over time by [transient.schedule]")
    film: Quantity["W/m2/K"] = positive("convection to all that the gas touches [E: 10 to 30 with burners]", 20.0)
    emissivity: float = fraction("effective emissivity of radiation between gas and walls [E: 0.3 to 0.8]", 0.5)


def emptied(parts: dict[str, Any], preheat: Preheat, current: float) -> dict[str, Any]:
    """Sections of a cell with a lid (see `geometry.expand`) whose melts have given way to hot gas.

    Parameters
    ----------
    parts : dict, of the filled cell
    preheat : Preheat
    current : float [A], of the line

    Raises
    ------
    CaseError
        There is a current.
    """
    if current:
        raise CaseError(
            f"operation.line_current: {current:.6g} A, but nothing conducts in an empty cell; allowed with "
            "[cell.preheat]: 0 A"
        )
    gas = Lump.in_si(
        name="gas",
        regions=("gas",),
        films={"*": preheat.film},
        emissivity=preheat.emissivity,
        temperature=preheat.temperature,
        paths={
            "lid.*": "lid",
            "anode_*": "rods",
            "side.*": "side_bath",
            "cathode.slope": "side_bath",
            "cathode.*": "bottom",
            "*": "deck",
        },
    )
    return parts | {
        "boxes": tuple(_with_gas(box) for box in parts["boxes"] if box.name not in _OF_MELTS),
        "interfaces": tuple(spec for spec in parts["interfaces"] if not {*spec.between} & {*_MELTS}),
        "lumps": (gas,),
        "ledge": None,
        "terminals": (),
        "physics": {"electric": False},
    }


def _with_gas(box: Box) -> Box:
    """The box, of gas where it is one of the melts."""
    if box.name not in _MELTS:
        return box
    return box.model_copy(update={"name": "gas", "material": "gas", "part": None})
