"""Published figures with which a report is compared: grids, and statements about cells; the data are in
published.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Grid:
    """Electricity of one origin.

    Attributes
    ----------
    label : str
    factor : float [kg CO2e/kWh]
    year : int, of the source's data or edition
    source, tag : str
    at_plant : float [kg CO2e/kWh], what leaves the power station: 0 where `factor` is upstream and reservoirs only
    life_cycle : float [kg CO2e/kWh], with all that `factor` leaves out
    """

    label: str
    factor: float
    year: int
    source: str
    tag: str
    at_plant: float
    life_cycle: float


@dataclass(frozen=True)
class Statement:
    """What somebody published about a cell, in our words.

    Attributes
    ----------
    name, text, published, source, date, tag : str
    sets : tuple of str, the lists a case asks for it by
    about : str, the comparison made with a run
    values : dict name → published number, units in the name
    """

    name: str
    sets: tuple[str, ...]
    about: str
    text: str
    published: str
    source: str
    date: str
    tag: str
    values: dict[str, float]


@cache
def _tables():
    return tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))


@cache
def grids():
    """dict name → Grid."""
    return {
        name: Grid(
            entry["label"],
            entry["factor"] / 1e3,
            entry["year"],
            entry["source"],
            entry["tag"],
            entry.get("at_plant", entry["factor"]) / 1e3,
            entry.get("life_cycle", entry["factor"]) / 1e3,
        )
        for name, entry in _tables()["grids"].items()
    }


@cache
def statements():
    """dict name → Statement."""
    return {
        name: Statement(name=name, **{**entry, "sets": tuple(entry["sets"])})
        for name, entry in _tables()["statements"].items()
    }


def statement_sets():
    """Names of the sets of statements, sorted."""
    return sorted({name for statement in statements().values() for name in statement.sets})
