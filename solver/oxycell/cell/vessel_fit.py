"""Whether the parts of a reduction cell fit together and mirror each other."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from oxycell.cell.heights import SYMMETRY, Heights, LiddedHeights, Place

Limits = list[tuple[str, float, str, float]]
"""(option, its value, what is allowed, the limit), lengths in m."""


def vessel_limits(cell: Any, at: Heights) -> Limits:
    """What has to fit in every cell: list of (option, its value, what is allowed, the limit), lengths in m."""
    bars = cell.bars
    reach = bars.cast_iron + bars.width / 2
    return [
        ("cathode.width", cell.cathode.width, "at most cathode.pitch", cell.cathode.pitch),
        ("cathode: half length of the seam", at.seam[0], "at most half of pools.length", at.face[0]),
        ("cathode: half width of the seam", at.seam[1], "at most half of pools.width", at.face[1]),
        ("bars.width with cast iron", 2 * reach, "less than cathode.width", cell.cathode.width),
        ("bars.height with cast iron", bars.height + bars.cast_iron, "less than cathode.height", cell.cathode.height),
        ("bars.centre_gap", bars.centre_gap, "less than cathode.length", cell.cathode.length),
        (
            "half the shell's width",
            at.shell_outside[1],
            "less than the reach of the bars; see bars.outside",
            at.bar_end,
        ),
        ("bath surface", at.bath, "at most side.top", cell.side.top),
        ("side.top", cell.side.top, "at most side.shell_top", cell.side.shell_top),
    ]


def lid_limits(cell: Any, at: LiddedHeights) -> Limits:
    """What has to fit in a cell with a lid, as `vessel_limits`."""
    wall_board = max(cell.top.board, cell.top.lip_width)
    return [
        ("deck top", at.deck_top, "at most top.lid_height", at.lid_bottom),
        ("half of pools.length", at.face[0], "less than half of top.lid_length", at.lid[0]),
        ("half of pools.width", at.face[1], "less than half of top.lid_width", at.lid[1]),
        ("half of top.lid_length", at.lid[0], "less than half the shell's length", at.shell_outside[0]),
        ("half of top.lid_width", at.lid[1], "less than half the shell's width", at.shell_outside[1]),
        ("bath surface with top.lip_height", at.bath + cell.top.lip_height, "at most top.lid_height", at.lid_bottom),
        ("top.board or top.lip_width", wall_board, "less than half of pools.width", at.face[1]),
    ]


def check_limits(limits: Limits) -> None:
    """Raise ValueError for the first of the limits that is passed."""
    for name, value, allowed, limit in limits:
        if value > limit + 1e-9:
            raise ValueError(f"{name} is {value:.6g} m; allowed: {allowed}, {limit:.6g} m")


def check_slope(cell: Any, at: Heights) -> None:
    """Whether the steps of the paste slope rise, and none reaches above the bath."""
    bottom = 0.0
    for step in cell.cathode.slope:
        if step.top <= bottom or step.top > at.bath or step.width >= at.face[1]:
            raise ValueError(
                f"cathode.slope: step to {step.top:.6g} m; allowed: increasing tops, none above the bath surface"
            )
        bottom = step.top


def check_names(key: str, given: Iterable[str], names: Collection[str]) -> None:
    """Whether all anodes an option speaks of exist."""
    for name in given:
        if name not in names:
            raise ValueError(f'{key}: no anode is called "{name}"; allowed: anode_01 to anode_{len(names):02d}')


def check_connected(anodes: Any, names: Collection[str]) -> None:
    """Whether an anode is left on the beam; anodes : options with `disconnected`, names : of all anodes."""
    if len(set(anodes.disconnected)) == len(names):
        raise ValueError("anodes.disconnected: no anode is left on the beam; allowed: all but one")


def check_symmetry(cell: Any, names: Mapping[str, Place], state: Callable[[str], Any]) -> None:
    """Whether the two sides of every symmetry plane are alike.

    Parameters
    ----------
    cell : options with `symmetry`, `anodes` and `cathode`
    names : anode name → (x, y)
    state : function, anode name → what must be the same for anodes that mirror each other
    """
    for axis in SYMMETRY[cell.symmetry]:
        if axis == "x" and (cell.anodes.per_row % 2 or cell.cathode.blocks % 2):
            raise ValueError('symmetry: the plane x = 0 would cut an anode or a block; allowed: "half" or "full"')
        if axis == "y" and cell.anodes.rows == 1:
            raise ValueError('symmetry: the plane y = 0 would cut the anodes; allowed: "full"')
        for name, (x, y) in names.items():
            mirrored = (-x, y) if axis == "x" else (x, -y)
            twin = next(
                n for n, place in names.items() if abs(place[0] - mirrored[0]) + abs(place[1] - mirrored[1]) < 1e-9
            )
            if state(name) != state(twin):
                raise ValueError(
                    f'symmetry: "{cell.symmetry}" needs {name} and {twin} alike; allowed: symmetry = "full"'
                )
