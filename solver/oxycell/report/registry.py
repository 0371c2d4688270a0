"""All figures of a report, in its order; a further one is one entry in the tuple of its file, or `register`."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from oxycell.report import (
    alerts,
    anodes,
    balances,
    claims,
    emissions,
    error_bars,
    heat,
    integrals,
    ledge,
    masses,
    melting,
    operating_point,
    overview,
    probes,
    productivity,
    shells,
    transient,
    voltage,
)
from oxycell.report.figure import STATED, Figure, find

TABLES = (
    overview.HEAD,
    alerts.FIGURES,
    balances.FIGURES,
    transient.FIGURES,
    voltage.FIGURES,
    heat.FIGURES,
    anodes.FIGURES,
    ledge.FIGURES,
    shells.FIGURES,
    melting.FIGURES,
    masses.FIGURES,
    productivity.FIGURES,
    emissions.FIGURES,
    emissions.SECTION_FIGURES,
    claims.FIGURES,
    probes.FIGURES,
    probes.LINE_FIGURES,
    integrals.FIGURES,
    overview.TAIL,
    operating_point.FIGURES,
    error_bars.FIGURES,
)

"""Figures of each file, in the order of the report."""

FIGURES = {figure.key: figure for table in TABLES for figure in table}
"""Key → Figure."""


_REMEMBERED = 4096  # keys whose figure is not looked for again


def register(*figures: Figure) -> None:
    """Add figures behind those that are there.

    Raises
    ------
    ValueError
        There is a figure of that key.
    """
    for figure in figures:
        if figure.key in FIGURES:
            raise ValueError(f"figure {figure.key} is there already")
        FIGURES[figure.key] = figure
    figure_of.cache_clear()


def unregister(*keys: str) -> None:
    """Take figures away again."""
    for key in keys:
        del FIGURES[key]
    figure_of.cache_clear()


@contextmanager
def registered(*figures: Figure) -> Iterator[None]:
    """Figures that are there for a while, such as those of an example or a test."""
    register(*figures)
    try:
        yield
    finally:
        unregister(*(figure.key for figure in figures))


@lru_cache(_REMEMBERED)
def figure_of(key: str) -> Figure | None:
    """The figure that a dotted key of report.json is of; None for a key of no figure."""
    return find(FIGURES, key)


def unit_of(key: str) -> str:
    """Unit of a number by its dotted key in report.json or by the name of a target; empty for a pure number."""
    if key in operating_point.NAMED:
        return operating_point.NAMED[key]
    found = figure_of(key)
    return "" if found is None else found.fixed_unit


def is_stated(key: str) -> bool:
    """Whether the unit of a figure is given next to it in the report."""
    found = figure_of(key)
    return found is not None and found.unit == STATED
