"""What the heat balance gives to others, as named quantities."""

from functools import partial
from typing import Any

from oxycell.arrays import Floats
from oxycell.physics.balance import Quantity
from oxycell.physics.ledge.ledge import Front
from oxycell.physics.sources import generated


def heat_quantities(thermal: Any) -> dict[str, Quantity]:
    """Temperatures of cells, the ledge's front, heat through faces, surface temperatures; `thermal`: Thermal."""
    state = ("temperature", "transformed_temperature", "temperature_correction")
    found = {
        "cell_temperature": Quantity(("temperature",), lambda T: T[thermal.row]),
        "transformed_temperature": Quantity(("temperature",), thermal.transformed),
        "volumetric_heat": Quantity(("cell_temperature",), partial(generated, thermal.sources, thermal.row)),
        "heat": Quantity(
            (
                "temperature",
                "transformed_temperature",
                "front?",
                "heat_sources",
                "heat_face_sources",
                "temperature_correction",
                "liquidus?",
                "ledge_melting?",
                "shells?",
            ),
            thermal.evaluate,
            lambda heat: heat.surface,
        ),
        "surface_temperature": Quantity(
            ("temperature", "heat", "front?", "temperature_correction"), thermal.surface_temperatures
        ),
    }
    liquidus = thermal.liquidus
    if liquidus is None:
        return found
    found["liquidus"] = Quantity(("bath_liquidus?",), lambda of_bath: liquidus if of_bath is None else of_bath)
    if thermal.shells is not None:
        found["shells"] = Quantity(
            ("temperature", "temperature_correction", "front?", "liquidus", "shells_before?"),
            partial(_shells, thermal),
        )
    if thermal.ledge is None:
        return found
    return found | {
        "own_front": Quantity((*state, "liquidus"), thermal.front),
        "front": Quantity(("own_front",), lambda front: front),
        "heat_counted": Quantity(("front",), lambda front: thermal.real),
        "heat_weights": Quantity(("front",), partial(_weights, thermal)),
    }


def _weights(thermal: Any, front: Front) -> Floats:
    """How much a change of each row counts (n_rows,): temperatures of bodies, and of frozen bath by its share."""
    weights: Floats = thermal.real.astype(float)
    weights[thermal.own[thermal.ledge.cell]] = front.solid
    return weights


def _shells(
    thermal: Any,
    T: Floats,
    rise: Floats | None,
    front: Front | None,
    liquidus: float,
    before: tuple[float, Floats] | None,
) -> Any:
    """Shelled; `before`: heat of melting and what shells hold in a time step, see `Shells.shelled`, None: steady."""
    return thermal.shells.shelled(thermal, T, rise, front, liquidus, *(before or ()))
