"""Balances beyond charge and heat: each is a module, named here once; docs/adding-a-balance.md shows one."""

from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from oxycell.arrays import Ints
from oxycell.mesh.mesh import Mesh
from oxycell.options import Options
from oxycell.physics.varying import Fields, Places

BALANCES: dict[str, str] = {}
"""Section of a case → module that has `Section`, the options of that section; `LAWS`, kind → class, its conditions on
surfaces; and `build(section, site)`, which returns a Balance."""


_Options = TypeVar("_Options", bound=Options)


class Site(NamedTuple):
    """Where a balance is built.

    Attributes
    ----------
    mesh : Mesh
    conditions : list of (faces (n,) int, laws), of its own registry, with arrays (n,) where they vary
    fields : Fields
    """

    mesh: Mesh
    conditions: list[tuple[Ints, tuple[Any, ...]]]
    fields: Fields

    def placed(self, options: _Options, cells: Ints, what: str) -> _Options:
        """Options with arrays over cells (n,) int, or properties of temperature, where they vary; `what`: str, for
        messages."""
        return Places(self.mesh, cells, False, self.fields).placed(options, what)


def modules() -> dict[str, ModuleType]:
    """Section of a case → module, of all that are named."""
    return {section: import_module(name) for section, name in BALANCES.items()}
