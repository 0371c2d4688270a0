"""Conditions on outer surfaces: the laws each balance allows there, from its own registry, and what a case states."""

from oxycell.options import Name, Options, option, union_of
from oxycell.physics.charge.boundary_currents import CHARGE_LAWS
from oxycell.physics.heat.boundaries import HEAT_LAWS

BOUNDARY_LAWS = {"heat": HEAT_LAWS, "charge": CHARGE_LAWS}
"""Balance → its registry, kind → class. A balance takes the laws of its own registry and passes over all others."""

BoundaryLaw = union_of(*BOUNDARY_LAWS.values())


class Condition(Options):
    """What passes surfaces; several laws on one surface add up. Without one a surface is adiabatic, without a terminal
    insulating."""

    on: tuple[str, ...] = option("surfaces, as names or patterns", min_length=1)
    laws: tuple[BoundaryLaw, ...] = option("laws that add up")
    path: Name | None = option("loss path the heat is reported under (default: the surface's name)", None)

    def laws_of(self, registry):
        """Those of its laws that stand in a registry, kind → class: what it means for one balance."""
        return tuple(law for law in self.laws if law.kind in registry)

    def concerns(self, registry):
        """Whether it says something to the balance of a registry; without any law it says that nothing passes."""
        return not self.laws or bool(self.laws_of(registry))
