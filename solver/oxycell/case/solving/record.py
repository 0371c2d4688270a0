"""The record of a state: every term of every balance as an array, from which the report sums and nothing else."""

import numpy as np

from oxycell.case.building.limits import limits_record
from oxycell.case.solving.balance_record import balance_record
from oxycell.case.solving.masses import masses_record
from oxycell.case.solving.melting import melting
from oxycell.case.solving.process import limiting_densities
from oxycell.physics.charge.gas import conductivity_ratio
from oxycell.physics.evaluation import Evaluation

_POTENTIAL_LAWS = ("equilibrium",)
_LEAST_OPEN = 0.01  # share of a face that a ledge leaves open from which on what is frozen there has a thickness
_OF_THEIR_OWN = ("charge", "heat")  # balances with groups of their own


def make_record(built, state, evaluation, status):
    """Nested dict of arrays, of the model [SI]; its keys are listed in docs/formats.md.

    Parameters
    ----------
    built : Built
    state : State
    evaluation : Evaluation at that state
    status : dict, how the solve ended

    Returns
    -------
    dict
    """
    mesh, problem, case = built.mesh, built.problem, built.case
    record = {
        "status": status,
        "multiplicity": mesh.multiplicity,
        "names": {
            "regions": list(mesh.region_names),
            "materials": list(mesh.material_names),
            "parts": built.parts,
            "anodes": built.anodes,
            "terminals": [t.name for t in problem.electric.terminals] if problem.electric else [],
            "supplies": problem.electric.boundary_currents.names
            if problem.electric and problem.electric.boundary_currents
            else [],
            "paths": built.paths,
            "lumps": [lump.name for lump in case.lumps],
            "interfaces": [spec.name for spec in case.interfaces],
        },
        "cells": {
            "electric_potential": problem.electric.cell_values(state.potential)
            if problem.electric
            else np.full(mesh.n_cells, np.nan),
            "temperature": _temperature(problem, state, evaluation),
            "volume": mesh.cell_volume,
            "region": mesh.region,
            "part": built.cell_part,
            "anode": built.cell_anode,
        },
        "faces": {"owner": mesh.owner, "neighbour": mesh.neighbour, "area": mesh.area},
        "floor": floors(evaluation),
        "limits": limits_record(mesh, built.materials),
        **built.selected,
    }
    if problem.electric:
        record["electric"] = _electric(problem, case, state, evaluation)
        if problem.electric.ideal is not None:
            electric = problem.electric
            record["cells"]["ideal_body"] = np.where(electric.ideal, electric.cells[electric.row], -1)
        record["electrodes"] = _electrodes(built, evaluation)
        record |= _limiting(built, state, evaluation)
        record["process"] = {"cathode_area": float(np.sum(evaluation.currents.area(problem.electric.reaction.cathode)))}
        if evaluation.currents.gas_fraction is not None:
            record["cells"]["gas_fraction"] = evaluation.currents.gas_fraction
            record["cells"]["gas_conductivity_ratio"] = conductivity_ratio(evaluation.currents.gas_fraction)
    if problem.thermal:
        record["thermal"] = _thermal(built, state, evaluation)
        record["melting"] = melting(built, evaluation)
        if problem.thermal.ledge is not None:
            record["ledge"] = _ledge(built, evaluation)
        if problem.thermal.shells is not None:
            record["shells"] = _shells(built, evaluation)
        if built.stored is not None and built.stored.pools.bath >= 0:
            record["masses"] = masses_record(built.stored, state, evaluation)
    further = [balance for balance in problem.balances if balance.name not in _OF_THEIR_OWN]
    if further:
        record["balances"] = {balance.name: balance_record(evaluation, balance) for balance in further}
        record["cells"] |= {balance.field: balance.cell_values(state[balance.field]) for balance in further}
    if evaluation.front is not None:
        record["cells"]["liquid_fraction"] = liquid = np.ones(mesh.n_cells)
        liquid[problem.thermal.ledge.cell] = 1.0 - evaluation.front.solid
    return record


def floors(evaluation: Evaluation) -> dict[str, float]:
    """Estimated round-off of the balances, of the model: dict with charge, charge_sum [A], power, heat, heat_sum
    [W]."""
    problem, found = evaluation.problem, dict.fromkeys(("charge", "charge_sum", "power", "heat", "heat_sum"), 0.0)
    for balance in filter(None, (problem.electric, problem.thermal)):
        floor = evaluation.of(balance, "floor")
        found |= {balance.name: float(np.max(floor.rows, initial=0.0)), f"{balance.name}_sum": floor.outside}
    if problem.electric:
        n = problem.electric.cells.size
        rows, phi = evaluation.charge_floor.rows[:n], evaluation.state.potential[:n]
        found["power"] = float(np.sqrt(np.sum((rows * phi) ** 2)))
    return found


def _temperature(problem, state, evaluation):
    """Temperature of every cell (n_cells,) [K]; where a ledge takes up a share of a pool's cell, the mean of frozen and
    liquid bath."""
    if evaluation.front is None:
        return evaluation.cell_temperature
    ledge, mean = problem.thermal.ledge, evaluation.cell_temperature.copy()
    frozen = np.minimum(state.temperature[problem.thermal.own[ledge.cell]], evaluation.liquidus)
    mean[ledge.cell] += evaluation.front.solid * (frozen - mean[ledge.cell])
    return mean


def _electric(problem, case, state, evaluation):
    electric, currents = problem.electric, evaluation.currents
    drops = currents.drops
    laws = {}
    for number, law in enumerate(evaluation.law_drops):
        laws[f"{number:02d} {law.part}"] = {
            "part": law.part,
            "kind": law.kind,
            "stated": int(law.stated),
            "index": law.faces,
            "drop": law.drop,
            "interface": np.full(law.faces.size, law.interface, np.int64),
        }
    found = {} if electric.boundary_currents is None else {"supplies": _boundary_currents(electric, drops, state)}
    if electric.sources:
        found["sources"] = {
            source.name: {"cell": source.cells, "current": source.made(electric.mesh.cell_volume)[0]}
            for source in electric.sources
        }
    return found | {
        "face": electric.face,
        "current": currents.current,
        "drop_owner": drops[:, 0],
        "drop_neighbour": drops[:, 1],
        "terminal": electric.terminal,
        "terminal_node_potential": state.potential[electric.cells.size :].copy(),
        "terminal_held": np.array([t.given_potential is not None for t in case.terminals], np.int8),
        "terminal_external_resistance": np.array([t.external_resistance for t in case.terminals]),
        "laws": laws,
    }


def _boundary_currents(electric, drops, state):
    index = electric.boundary_currents.index
    return {
        "index": index,
        "surface": electric.boundary_currents.surface,
        "potential": state.potential[electric.a[index]] - drops[index, 0],
    }


def _electrodes(built, evaluation):
    """Faces through which anodes carry the cell reaction."""
    electric = built.problem.electric
    laws, mesh = electric.laws, built.mesh
    owner = mesh.owner[electric.face[laws.face]]
    neighbour = mesh.neighbour[electric.face[laws.face]]
    anode_cell = np.where(laws.sign > 0, owner, neighbour)
    chosen = (built.cell_anode[anode_cell] >= 0) & _has_law(built.case.interfaces, _POTENTIAL_LAWS)[laws.interface]
    active = laws.sign * mesh.normal[electric.face[laws.face], 2] < -0.5
    if electric.gas is not None:
        active = np.isin(laws.face, electric.gas.face[electric.gas.closed])
    return {
        "index": laws.face[chosen],
        "anode": built.cell_anode[anode_cell[chosen]],
        "active": active[chosen].astype(np.int64),
        "sign": laws.sign[chosen],
    }


def _limiting(built, state, evaluation):
    """Group `limiting`: faces with a limiting current density, with their laws' first region; none: no group."""
    problem, mesh = built.problem, built.mesh
    limit = limiting_densities(built.case, problem, state, evaluation)
    at = np.flatnonzero(~np.isnan(limit))
    if not at.size:
        return {}
    laws, electric = problem.electric.laws, problem.electric
    face, sign = laws.face[at], laws.sign[at]
    cell = np.where(sign > 0, *electric.sides(face))
    return {
        "limiting": {
            "index": face,
            "sign": sign,
            "area": evaluation.currents.area(face),
            "density": limit[at],
            "region": mesh.region[cell].astype(np.int64),
        }
    }


def _has_law(interfaces, kinds):
    return np.array([any(law.kind in kinds for law in spec.laws) for spec in interfaces], bool)


def _thermal(built, state, evaluation):
    problem = built.problem
    thermal, heat = problem.thermal, evaluation.heat
    row_of = thermal.shared_rows
    T = state.temperature
    nowhere = np.full(thermal.plain, -1, thermal.path.dtype)
    in_lump = thermal.n_rows - row_of.size  # the first row of a lump
    sources = {term.name: {"row": term.rows, "heat": term.value} for term in heat.sources}
    for name, row, heat_needed in zip(thermal.fixed_names, thermal.fixed_rows, evaluation.heat_reactions, strict=True):
        sources[name] = {"row": np.array([row]), "heat": np.array([heat_needed])}
    leaving = heat.leaving
    entering, row_owner, row_neighbour, face_sources = leaving.copy(), thermal.a.copy(), thermal.b.copy(), {}
    entering[thermal.special], (row_owner[thermal.special], row_neighbour[thermal.special]) = (
        heat.entering,
        thermal.special_rows,
    )
    for number, (name, place, made) in enumerate(heat.face_sources):
        face_sources[f"{number:02d} {name}"] = {"name": name, "index": thermal.plain + place, "heat": made.sum(1)}
    return {
        "row_of_cell": thermal.row,
        "n_rows": thermal.n_rows,
        "lump_row": row_of,
        "lump_temperature": T[row_of].copy(),
        "face": thermal.face,
        "row_owner": row_owner,
        "row_neighbour": row_neighbour,
        "heat_owner": leaving,
        "heat_neighbour": entering,
        "surface_temperature": evaluation.surface_temperature,
        "wetted_area": heat.wetted_area,
        "path": np.r_[nowhere, thermal.path],
        "pool_path": np.r_[nowhere, built.pool_path],
        "pool_sign": np.where(thermal.a >= in_lump, np.int8(1), -(thermal.b >= in_lump).astype(np.int8)),
        "alone": built.alone,
        "sources": sources,
        "given": [*(source.name for source in thermal.sources), *thermal.fixed_names],
        "face_sources": face_sources,
        "stored": _stored(evaluation),
    }


def _stored(evaluation):
    """Heat that each row takes up (n_rows,) [W], what iterations leave over included; 0 in a steady state."""
    stored = evaluation.heat_storage
    if stored is None:
        return 0.0
    rows = np.zeros(evaluation.heat_residual.size)
    for term in stored.terms:
        term.add_to(rows)
    return evaluation.heat_residual - rows


def _lump_of_region(built):
    """Lump of each region (n_regions,) int, −1 without."""
    found = np.full(len(built.mesh.region_names), -1, np.int64)
    for i, lump in enumerate(built.case.lumps):
        found[built.mesh.fitting(*lump.regions)] = i
    return found


def _shells(built, evaluation):
    thermal, mesh, shelled = built.problem.thermal, built.mesh, evaluation.shells
    face = thermal.shells.faces(thermal)
    sides = np.stack([mesh.owner[face], mesh.neighbour[face]])
    pool, solid = np.where(thermal.shells.side == 0, sides, sides[::-1])
    open_to_pool = shelled.area > _LEAST_OPEN * mesh.area[face]
    return {
        "face": face,
        "thickness": np.where(open_to_pool, shelled.thickness, 0.0),
        "area": shelled.area,
        "volume": shelled.volume,
        "lump": _lump_of_region(built)[mesh.region[pool]],
        "region": mesh.region[solid],
        "liquidus": evaluation.liquidus,
    }


def _ledge(built, evaluation):
    thermal, mesh, heat, front = built.problem.thermal, built.mesh, evaluation.heat, evaluation.front
    ledge, tied, pool = thermal.ledge, thermal.links, _lump_of_region(built)
    pool_owns, wall = mesh.owner[ledge.face] == ledge.pool_cell, thermal.ledge_face - thermal.plain
    return {
        "face": ledge.face,
        "thickness": front.thickness,
        "share": front.share,
        "heat": np.where(pool_owns, heat.special_leaving[wall], -heat.entering[wall]),
        "frozen_through": ((ledge.other >= 0) & (front.solid[ledge.last] >= 1.0)).astype(np.int64),
        "lump": pool[mesh.region[ledge.pool_cell]],
        "wall_region": mesh.region[ledge.wall_cell],
        "liquidus": evaluation.liquidus,
        "link_face": tied.face,
        "link_from": tied.a,
        "link_to": tied.b,
        "link_heat": heat.linked,
        "link_leaves": tied.frozen[:, 0].astype(np.int8) - tied.frozen[:, 1],
    }
