"""A stack anode | bath | metal made by hand: every total of its record is known on paper.

Three cubes of 1 m³ on top of each other, metal at the bottom. 100 A come through a busbar of 0.2 V to the terminal
`beam` at the top (3.05 V), pass a clamp of 0.1 V, half drops of 0.05 V in the anode, 2.2 V reversible and 0.1 V
activation at the anode, two of 0.2 V in the bath, 0.01 V at the cathode, two of 0.05 V in the metal, and leave at the
bottom through a flex of 0.04 V to the terminal `ground` (0 V). Heat [W]: 10 in anode and metal, 40 in the bath, 10 in
the clamp and at the anode's face, 1 at the cathode's, 81 in all, of which 18 leave at the top, 11 at the bottom and 52
at the x+ side of the bath, which is a lump.
"""

import tomllib

import numpy as np

from oxycell.case.building.process import process_model
from oxycell.case.case import Case
from oxycell.mesh.build import lattice_mesh
from oxycell.solution import Solution

CURRENT = 100.0
EDGES = [np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([0.0, 1.0, 2.0, 3.0])]
HISTORY = [{"iteration": 1, "residual": 0.1}, {"iteration": 2, "residual": 1e-12, "note": "done"}]
CASE_TEXT = 'schema = "oxycell-case/1"\ntitle = "stack"\n'
PROCESS_TEXT = (
    CASE_TEXT
    + """
[process]
current_efficiency = 0.9

[bath]
excess_alf3 = 20.0
alumina = 4.0
caf2 = 4.0
"""
)


def stack_mesh(symmetry=()):
    """Cells 0 metal, 1 bath, 2 anode, from below."""
    region = np.array([0, 1, 2]).reshape(1, 1, 3)
    return lattice_mesh(EDGES, region, ["metal", "bath", "anode"], ["al", "bath", "steel"], symmetry)


def find(mesh, owner, neighbour, axis=2, side=0.0):
    """Index of the face between two cells, or of a boundary face on one side of a cell."""
    for f in range(mesh.n_faces):
        between = {int(mesh.owner[f]), int(mesh.neighbour[f])} == {owner, neighbour}
        if between and abs(mesh.normal[f, axis]) > 0.5 and (neighbour >= 0 or mesh.normal[f, axis] == side):
            return f
    raise LookupError((owner, neighbour))


def stack_record(mesh, copies=1, feed=0.0):
    """Record of the stack; current flows down, from cell 2 to cell 0; `feed` [W] is one more source of heat in the
    bath."""
    top, gap = find(mesh, 2, -1, side=1.0), find(mesh, 1, 2)
    interface, bottom = find(mesh, 0, 1), find(mesh, 0, -1, side=-1.0)
    side = find(mesh, 1, -1, axis=0, side=1.0)
    electric_faces = np.array([gap, interface, top, bottom])
    down = np.array([-1.0 if mesh.owner[f] < mesh.neighbour[f] else 1.0 for f in (gap, interface)] + [-1.0, 1.0])
    upper = {
        gap: 0.05,
        interface: 0.2,
        top: 0.0,
        bottom: 0.05,
    }  # half drop in the cell above (below the top face: none)
    lower = {gap: 0.2, interface: 0.05, top: 0.05, bottom: 0.0}
    drop_owner, drop_neighbour = np.zeros(4), np.zeros(4)
    for i, f in enumerate(electric_faces):
        owner_above = mesh.neighbour[f] >= 0 and mesh.owner[f] > mesh.neighbour[f]
        boundary = mesh.neighbour[f] < 0
        drop_owner[i] = down[i] * (upper[f] + lower[f] if boundary else upper[f] if owner_above else lower[f])
        drop_neighbour[i] = 0.0 if boundary else down[i] * (lower[f] if owner_above else upper[f])

    def law(part, position, drop, interface_id):
        return {
            "part": part,
            "index": np.array([position]),
            "drop": np.array([down[position] * drop]),
            "interface": np.array([interface_id]),
        }

    laws = {
        "equilibrium/anode|bath": law("reversible", 0, 2.2, 0),
        "asinh/anode|bath": law("anode_activation", 0, 0.1, 0),
        "concentration": law("cathode_concentration", 1, 0.01, 1),
        "clamp": law("contacts", 2, 0.1, -1),
        "flex": law("external", 3, 0.04, -1),
    }
    thermal_faces = np.array([gap, interface, top, bottom, side])
    along = np.array([1.0 if mesh.owner[f] > mesh.neighbour[f] else -1.0 for f in (gap, interface)] + [1.0, 1.0, 1.0])
    # Downward heat on the upper and the lower side of each inner face; outward heat on the inner and outer side of the
    # rest.
    above, below = np.array([2.0, 0.0, 8.0, 11.0, 52.0 + feed]), np.array([12.0, 1.0, 18.0, 11.0, 52.0 + feed])
    heat_owner = np.where(along > 0, above, -below)
    heat_neighbour = np.where(along > 0, below, -above)
    at_gap, at_interface = 0, 1
    return {
        "status": {
            "converged": True,
            "outer_iterations": 3,
            "cells": 3,
            "lattice_cells": 3,
            "unknowns": 7,
            "wall_seconds": 0.5,
            "peak_memory_bytes": 1000,
            "message": "",
        },
        "multiplicity": copies,
        "cells": {
            "electric_potential": np.array([0.09, 0.35, 2.9]),
            "temperature": np.array([1170.0, 1178.0, 1100.0]),
            "volume": mesh.cell_volume,
            "region": mesh.region,
            "part": np.array([0, 1, 2]),
            "anode": np.array([-1, -1, 0]),
            "liquid_fraction": np.array([1.0, 0.9, 1.0]),
        },
        "names": {
            "regions": ["metal", "bath", "anode"],
            "materials": mesh.material_names,
            "parts": ["cathode_ohmic", "bath_ohmic", "anode_ohmic"],
            "anodes": ["a1"],
            "terminals": ["beam", "ground"],
            "paths": ["rods", "bottom", "side_bath"],
            "lumps": ["bath"],
            "interfaces": ["anode|bath", "bath|metal"],
        },
        "faces": {"owner": mesh.owner, "neighbour": mesh.neighbour, "area": mesh.area},
        "electric": {
            "face": electric_faces,
            "current": down * CURRENT,
            "drop_owner": drop_owner,
            "drop_neighbour": drop_neighbour,
            "terminal": np.array([-1, -1, 0, 1]),
            "terminal_node_potential": np.array([3.05, 0.0]),
            "terminal_external_resistance": np.array([0.2 / (copies * CURRENT), 0.0]),
            "laws": laws,
        },
        "thermal": {
            "row_of_cell": np.array([0, 1, 2]),
            "n_rows": 3,
            "lump_row": np.array([1]),
            "lump_temperature": np.array([1178.0]),
            "face": thermal_faces,
            "row_owner": mesh.owner[thermal_faces],
            "row_neighbour": mesh.neighbour[thermal_faces],
            "heat_owner": heat_owner,
            "heat_neighbour": heat_neighbour,
            "surface_temperature": np.full((5, 2), 1150.0),
            "path": np.array([-1, -1, 0, 1, 2]),
            "pool_path": np.array([-1, 1, -1, -1, 2]),
            "pool_sign": np.array([0, 1 if mesh.owner[interface] == 1 else -1, 0, 0, 1]),
            "sources": {
                "joule": {"row": np.array([0, 1, 2]), "heat": np.array([10.0, 40.0, 10.0])},
                "feed": {"row": np.array([1]), "heat": np.array([feed])},
            },
            "face_sources": {
                "anode_activation": {"index": np.array([at_gap]), "heat": np.array([10.0])},
                "cathode_concentration": {"index": np.array([at_interface]), "heat": np.array([1.0])},
                "contacts": {"index": np.array([2]), "heat": np.array([10.0])},
            },
            "stored": 0.0,
        },
        "electrodes": {
            "index": np.array([0]),
            "anode": np.array([0]),
            "active": np.array([True]),
            "sign": np.array([1 if mesh.owner[gap] == 2 else -1]),
        },
        "ledge": {
            "face": np.array([side]),
            "thickness": np.array([0.1]),
            "heat": np.array([52.0 + feed]),
            "lump": np.array([0]),
            "wall_region": np.array([1]),
            "frozen_through": np.array([0]),
            "link_from": np.empty(0, int),
            "link_to": np.empty(0, int),
            "link_heat": np.empty(0),
            "link_leaves": np.empty(0),
        },
        "floor": {"charge": 1e-14, "power": 1e-13, "heat": 1e-13},
        "ranges": {"messages": ["steel: 2 K above its range"]},
    }


def stack_solution(symmetry=(), text=CASE_TEXT):
    """Solution of the stack; with [process] in the text, the feed sink that thermochemistry asks for comes on top."""
    mesh, case = stack_mesh(symmetry), Case.model_validate(tomllib.loads(text))
    feed = 0.0
    if case.process is not None:
        feed = CURRENT * (2.2 - float(process_model(case).equivalent_voltage(1178.0)[0]))
    record = stack_record(mesh, mesh.multiplicity, feed)
    return Solution(
        case,
        text,
        mesh,
        record,
        record["status"],
        HISTORY,
        ["made by hand"],
        {"version": "0", "case": "stack"},
        "log line\n",
    )
