"""Which laws each balance allows on outer surfaces: one registry for each."""

from oxycell.physics.balances import modules
from oxycell.physics.charge.boundary_currents import CHARGE_LAWS
from oxycell.physics.heat.boundaries import HEAT_LAWS

BOUNDARY_LAWS = {"heat": HEAT_LAWS, "charge": CHARGE_LAWS} | {name: module.LAWS for name, module in modules().items()}
"""Balance → its registry, kind → class. A balance takes the laws of its own registry and passes over all others."""
