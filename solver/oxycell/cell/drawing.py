"""Boxes drawn about the axis of a cell: intervals, slabs, rings."""

from typing import Any

from oxycell.mesh.options import Box

Interval = tuple[float, float]
Half = tuple[float, float]
"""Half extents of a rectangle about the axis, along x and y [m]."""

DIGITS = 9
"""Decimals [m] planes are rounded to, so that planes meant to coincide are the same number."""


def wider(half: Half, by: float) -> Half:
    """A rectangle, by its half extents, grown on all sides."""
    return half[0] + by, half[1] + by


def lengths(*values: float) -> tuple[float, ...]:
    """Lengths [m] as options state them: rounded, and without a negative zero."""
    return tuple(round(float(value), DIGITS) + 0.0 for value in values)


def box(name: str, material: str, x: Interval, y: Interval, z: Interval, **more: Any) -> list[Box]:
    """The box, in a list; no box where a thickness is zero."""
    if any(high - low < 0.5 * 10.0**-DIGITS for low, high in (x, y, z)):
        return []
    return [Box.in_si(name=name, material=material, x=lengths(*x), y=lengths(*y), z=lengths(*z), **more)]


def slab(name: str, material: str, half: Half, z: Interval, **more: Any) -> list[Box]:
    """A box centred on the cell's axis."""
    return box(name, material, (-half[0], half[0]), (-half[1], half[1]), z, **more)


def ring(name: str, material: str, inner: Half, outer: Half, z: Interval, **more: Any) -> list[Box]:
    """Four boxes between two rectangles centred on the cell's axis."""
    (a, b), (c, d) = inner, outer
    boxes: list[Box] = []
    for sign in (-1, 1):
        boxes += box(name, material, span(sign, a, c), (-d, d), z, **more)
        boxes += box(name, material, (-a, a), span(sign, b, d), z, **more)
    return boxes


def span(sign: float, near: float, far: float) -> Interval:
    """The interval from `near` to `far`, or its mirror image at the negative side."""
    return (near, far) if sign > 0 else (-far, -near)


def around(centre: float, half: float) -> Interval:
    """The interval of this half width around a centre."""
    return centre - half, centre + half
