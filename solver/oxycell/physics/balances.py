"""Balances beyond charge and heat: each is a module, named here once; docs/adding-a-balance.md shows one."""

from importlib import import_module
from typing import NamedTuple

from oxycell.physics.varying import Places

BALANCES: dict[str, str] = {}
"""Section of a case → module that has `Section`, the options of that section; `LAWS`, kind → class, its conditions on
surfaces; and `build(section, site)`, which returns a Balance."""


class Site(NamedTuple):
    """Where a balance is built.

    Attributes
    ----------
    mesh : Mesh
    conditions : list of (faces (n,) int, laws), of its own registry, with arrays (n,) where they vary
    fields : Fields
    """

    mesh: object
    conditions: list
    fields: object

    def placed(self, options, cells, what):
        """Options with arrays over cells (n,) int, or properties of temperature, where they vary; `what`: str, for
        messages."""
        return Places(self.mesh, cells, False, self.fields).placed(options, what)


def modules():
    """Section of a case → module, of all that are named."""
    return {section: import_module(name) for section, name in BALANCES.items()}
