"""A part of what regions or surfaces have in common with others: by location and orientation."""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import AfterValidator

from oxycell.arrays import Bools, Floats, Ints
from oxycell.mesh.mesh import AXES, SAME, Mesh
from oxycell.options import Options, Quantity, option

Span = tuple[Quantity["m"], Quantity["m"]]
Way = Literal["any", "down", "up", "side"]


def _long(vector: tuple[float, float, float]) -> tuple[float, float, float]:
    if not np.isfinite(vector).all() or not np.any(vector):
        raise ValueError("is not a direction; allowed: three finite numbers, not all 0")
    return vector


Facing = Way | Annotated[tuple[float, float, float], AfterValidator(_long)]


class Where(Options):
    """Faces, or cells, in a box; faces that face a given direction, out of the region or body that is named first."""

    x: Span | None = option("only faces or cells with their centre in this extent along x", None)
    y: Span | None = option("only faces or cells with their centre in this extent along y", None)
    z: Span | None = option("only faces or cells with their centre in this extent along z", None)
    facing: Facing = option(
        "only faces that face this way out of the body named first, for a film out of the body it wets: up, down, "
        "side, any, or a vector",
        "any",
    )
    within: Quantity["deg"] = option(
        "largest angle to that direction; side: neither up nor down", 60.0, gt=0.0, le=180.0
    )

    def contains(self, points: Floats) -> Bools:
        """Whether points (k, 3) [m] lie in the box: (k,) bool."""
        inside = np.ones(len(points), bool)
        for axis, name in enumerate(AXES):
            if getattr(self, name) is not None:
                low, high = getattr(self, name)
                inside &= (points[:, axis] > low - SAME) & (points[:, axis] < high + SAME)
        return inside

    def faces(self, mesh: Mesh, faces: Ints, sign: ArrayLike) -> Bools:
        """Which mesh faces are meant.

        Parameters
        ----------
        mesh : Mesh
        faces : (k,) int
        sign : (k,) or a number, +1 where the face's normal leaves the body it is to face out of, −1 where it enters it

        Returns
        -------
        (k,) bool
        """
        chosen = self.contains(np.asarray(mesh.face_centre[faces]))
        if self.facing != "any":
            outwards = np.asarray(mesh.normal[faces]) * np.reshape(sign, (-1, 1))
            chosen &= looks(self.facing, outwards, float(np.cos(np.radians(self.within))))
        return chosen


def looks(facing: str | Sequence[float], outwards: Floats, least: float = 0.5) -> Bools:
    """Where faces face a given direction.

    Parameters
    ----------
    facing : "any", "down", "up", "side", or a vector of any length
    outwards : (k, 3), unit normals
    least : cosine of the greatest angle to the direction; 0.5: 60 degrees

    Returns
    -------
    (k,) bool
    """
    if isinstance(facing, str):
        return facing_mask(facing, outwards[:, 2], least)
    return outwards @ (np.array(facing) / np.linalg.norm(facing)) > least - SAME


def facing_mask(facing: str, upward: Floats, least: float = 0.5) -> Bools:
    """Where a face whose normal has this upward component faces the stated way; (k,) bool. Every face faces one of
    down, up, side."""
    match facing:
        case "down":
            return upward < -least
        case "up":
            return upward > least
        case "side":
            return abs(upward) <= least
    return np.ones(upward.size, bool)
