"""How far a balance may be from closing: the limits of a converged solve and of the report's ledger, all of them."""

CHARGE_LIMIT = 1e-10
"""Largest relative residual of the charge balance, of any row and of the sum."""

HEAT_LIMIT = 1e-8
"""Largest relative residual of the heat balance, of any row and of the sum."""

BALANCE_LIMIT = 1e-8
"""The same of any further balance that states no limit of its own."""

LEDGER_LIMITS = {
    "charge": CHARGE_LIMIT,
    "electric_power": 1e-8,
    "heat": HEAT_LIMIT,
    "voltage": 1e-9,
    "energy": 1e-8,
}
"""Largest relative residual of each member of the ledger: balances, and identities between their sums."""

STAGE_LIMIT = 1e-6
"""Largest relative residual of the heat balance at a stage of a time step; what is left over is made up for in the next
one."""

MASS_LIMIT = 1e-10
"""Largest relative change, over a run in time, of a mass that nothing enters or leaves."""

WIDEST = 1e-6
"""Share of what flows up to which round-off may widen a limit."""

ROUND_OFF = 10.0
"""Estimated round-offs that a residual may have; where they exceed a limit they take its place."""
