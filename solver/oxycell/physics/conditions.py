"""Conditions on outer surfaces, as a case states them, with the laws of all balances. The registries are read here,
once, when this module is first imported."""

from collections.abc import Mapping
from typing import Any

from oxycell.options import Name, Options, option, union_of
from oxycell.physics.boundary_laws import BOUNDARY_LAWS

BoundaryLaw = union_of(*BOUNDARY_LAWS.values())


class Condition(Options):
    """What passes surfaces; several laws on one surface add up. Without one a surface is adiabatic, without a terminal
    insulating."""

    on: tuple[str, ...] = option("surfaces, as names or patterns", min_length=1)
    laws: tuple[BoundaryLaw, ...] = option("laws that add up")
    path: Name | None = option("loss path the heat is reported under (default: the surface's name)", None)

    def laws_of(self, registry: Mapping[str, type[Options]]) -> tuple[Any, ...]:
        """Those of its laws that are in a registry, kind → class: what it means for one balance."""
        laws: tuple[Any, ...] = self.laws
        return tuple(law for law in laws if law.kind in registry)

    def concerns(self, registry: Mapping[str, type[Options]]) -> bool:
        """Whether it says something to the balance of a registry; without any law it says that nothing passes."""
        return not self.laws or bool(self.laws_of(registry))
