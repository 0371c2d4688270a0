"""Balances of a case → the problem they make: couplings between them, and the initial guess."""

import numpy as np

from oxycell.errors import CaseError
from oxycell.mesh.mesh import nearest_name
from oxycell.physics.balance import Coupling
from oxycell.physics.charge.resistivity import VaryingHalves
from oxycell.physics.current_heat import CurrentHeat
from oxycell.physics.heat.stored import HeatStored
from oxycell.physics.ledge.cover import LedgeCover
from oxycell.physics.problem import Problem


def assemble(case, mesh, electric, thermal, temperature, more=(), stored: HeatStored | None = None):
    """The problem of balances and their couplings.

    Parameters
    ----------
    case : Case, expanded; mesh : Mesh
    electric : Electric or None; thermal : Thermal or None
    temperature : float or (n_cells,) [K], where it is not solved; initial guess where it is
    more : sequence of Balance, beyond charge and heat
    stored : HeatStored or None, what the heat balance stores in a transient

    Returns
    -------
    Problem
    """
    electrolyte = electrolyte_lump(case)
    couplings: list[Coupling] = []
    balances = [balance for balance in (electric, thermal, *more) if balance is not None]
    if thermal is None:
        return Problem(mesh, balances, given={"cell_temperature": np.full(mesh.n_cells, temperature)})
    if stored is not None:
        couplings.append(stored)
    if electric is not None:
        couplings.append(CurrentHeat(electric, thermal, electrolyte))
        if thermal.liquidus is not None:
            couplings.append(LedgeCover(electric, thermal))
        if any(electric.varying):
            couplings.append(VaryingHalves(electric, thermal))
    if case.bath is not None:
        temperature = case.bath.liquidus() + 10.0
    return Problem(mesh, balances, couplings, start={"temperature": start(case, thermal, temperature)})


def electrolyte_lump(case):
    """Number of the lump the cell reaction acts on, −1 without one."""
    names = [lump.name for lump in case.lumps]
    if case.process is None or not (case.physics.thermal and case.physics.electric):
        return -1
    if not names:
        raise CaseError(
            "process.electrolyte: feed and recombination heat need a lump; allowed: a [[lumps]] of this name, "
            "or physics.thermal = false"
        )
    name = case.process.electrolyte
    if name not in names:
        raise CaseError(f"process.electrolyte: no lump is called {name!r}; {nearest_name(name, names)}")
    return names.index(name)


def start(case, thermal, temperature):
    """Temperatures (n_rows,) [K] of a first state: those of the lumps, else `temperature`, a number or one for each
    cell."""
    found = np.empty(thermal.n_rows)
    if np.ndim(temperature):
        found[thermal.row] = temperature
    else:
        found[:] = temperature
    if thermal.ledge is not None:
        found[thermal.own[thermal.ledge.cell]] = found[thermal.row[thermal.ledge.cell]]
    for row, lump in zip(thermal.shared_rows, case.lumps, strict=True):
        found[row] = lump.temperature or lump.start or found[row]
    if thermal.ledge is not None:
        found[thermal.own[thermal.ledge.cell]] = thermal.ledge.first_guess(case.ledge.start)
    return found
