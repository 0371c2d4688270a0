"""From the record's face terms to what a viewer shows: fields of cells, and values on both sides of surfaces."""

from typing import Any

import numpy as np

from oxycell.io.vtkhdf import Fields, write_grid
from oxycell.mesh.mesh import Mesh
from oxycell.mesh.reconstruct import cell_vectors

Record = dict[str, Any]

_QUAD, _TRIANGLE = 9, 5


def at_rest(law):
    """Whether a law is an equilibrium potential, which generates no heat; records without kinds tell by the part."""
    return law["kind"] == "equilibrium" if "kind" in law else law["part"] == "reversible"


def resists(law):
    """Whether a law is a contact, by its kind or its part, or a terminal's resistance: neither rest nor
    overpotential."""
    return law.get("kind") in ("contact", "terminal") or law["part"] in ("contacts", "external")


def current_density(mesh, record):
    """Current density of each cell (n_cells, 3) [A/m²]; NaN outside the electric domain and in ideal conductors."""
    if "electric" not in record:
        return np.full((mesh.n_cells, 3), np.nan)
    electric = record["electric"]
    vectors = cell_vectors(mesh, electric["face"], electric["current"], electric["current"])
    vectors[
        ~np.isfinite(record["cells"]["electric_potential"]) | (record["cells"].get("ideal_body", np.int64(-1)) >= 0)
    ] = np.nan
    return vectors


def joule_heat(mesh, record):
    """Joule heat of each cell (n_cells,) [W/m³]: each half-face drop times its current; NaN outside the electric
    domain."""
    if "electric" not in record:
        return np.full(mesh.n_cells, np.nan)
    electric = record["electric"]
    owner, neighbour = mesh.owner[electric["face"]], mesh.neighbour[electric["face"]]
    inside = neighbour >= 0
    heat = np.bincount(owner, electric["current"] * electric["drop_owner"], mesh.n_cells)
    heat += np.bincount(neighbour[inside], (electric["current"] * electric["drop_neighbour"])[inside], mesh.n_cells)
    heat /= mesh.cell_volume
    heat[~np.isfinite(record["cells"]["electric_potential"])] = np.nan
    return heat


def lump_of_cell(record):
    """Index of the lump each cell belongs to, −1 for none; (n_cells,) int."""
    row = record["thermal"]["row_of_cell"]
    lump_of_row = np.full(record["thermal"]["n_rows"] + 1, -1, np.int64)
    lump_of_row[record["thermal"]["lump_row"]] = np.arange(len(record["thermal"]["lump_row"]))
    return np.where(row >= 0, lump_of_row[row], -1)


def heat_flux(mesh, record):
    """Conductive heat flux of each cell (n_cells, 3) [W/m²]; NaN in lumps and where temperature is not solved."""
    if "thermal" not in record:
        return np.full((mesh.n_cells, 3), np.nan)
    thermal = record["thermal"]
    vectors = cell_vectors(mesh, thermal["face"], thermal["heat_owner"], thermal["heat_neighbour"])
    vectors[(lump_of_cell(record) >= 0) | (thermal["row_of_cell"] < 0)] = np.nan
    return vectors


def liquid_fraction(record):
    """Share of each cell that is not frozen (n_cells,): with a ledge, and in materials that melt."""
    found = np.array(record["cells"].get("liquid_fraction", np.ones(len(record["cells"]["volume"]))))
    for melts in record.get("melting", {}).values():
        found[melts["cell"]] = melts["liquid_fraction"]
    return found


def static_fields(mesh: Mesh, record: Record) -> Fields:
    """Fields of the volume grid that no step changes: name → (array, attributes)."""
    names = record["names"]
    return {
        "material": (mesh.material, {"names": list(names["materials"])}),
        "region": (mesh.region, {"names": list(names["regions"])}),
        "anode": (record["cells"]["anode"], {"names": list(names["anodes"]), "none": -1}),
    }


def state_fields(mesh: Mesh, record: Record) -> Fields:
    """Fields of the volume grid that a step changes: name → (array, attributes)."""
    fields = {"temperature": (record["cells"]["temperature"], {"units": "K"})}
    if "liquid_fraction" in record["cells"] or record.get("melting"):
        fields["liquid_fraction"] = liquid_fraction(record), {"units": "1"}
    if "gas_fraction" in record["cells"]:
        fields["gas_fraction"] = record["cells"]["gas_fraction"], {"units": "1"}
    if "electric" in record:
        fields["electric_potential"] = record["cells"]["electric_potential"], {"units": "V"}
        fields["current_density"] = current_density(mesh, record), {"units": "A/m2"}
        fields["joule_heat"] = joule_heat(mesh, record), {"units": "W/m3"}
    if "thermal" in record:
        fields["heat_flux"] = heat_flux(mesh, record), {"units": "W/m2"}
    if "temperature_gradient" in record["cells"]:
        fields["temperature_gradient"] = record["cells"]["temperature_gradient"], {"units": "K/m"}
    for group in record.get("balances", {}).values():
        fields[group["field"]] = record["cells"][group["field"]], {"units": group["field_unit"]}
    return fields


def volume_fields(mesh: Mesh, record: Record) -> Fields:
    """All fields of the volume grid: name → (array, attributes)."""
    return static_fields(mesh, record) | state_fields(mesh, record)


def surface_faces(mesh, record):
    """Mesh faces worth showing: those with a law, wetted by a lump, with a loss path, a terminal, a ledge or shells;
    sorted."""
    parts = [np.empty(0, np.int64)]
    if "electric" in record:
        electric = record["electric"]
        parts += [electric["face"][law["index"]] for law in electric["laws"].values()]
        parts.append(electric["face"][electric["terminal"] >= 0])
    if "thermal" in record:
        thermal = record["thermal"]
        owner, neighbour = mesh.owner[thermal["face"]], mesh.neighbour[thermal["face"]]
        lump = lump_of_cell(record)
        beside = np.where(neighbour >= 0, lump[neighbour], lump[owner])
        parts += [thermal["face"][lump[owner] != beside], thermal["face"][thermal["path"] >= 0]]
    if "ledge" in record:
        parts.append(record["ledge"]["face"])
    if "shells" in record:
        parts.append(record["shells"]["face"])
    return np.unique(np.concatenate(parts))


def surface_fields(mesh, record):
    """Faces of `surface_faces` and their fields: (face, dict name → (array, attributes)); NaN or −1 where nothing
    applies."""
    names, face = record["names"], surface_faces(mesh, record)
    position = np.full(mesh.n_faces, -1, np.int64)
    position[face] = np.arange(face.size)
    fields = {}

    def put(name, index, value, **attributes):
        value = np.asarray(value)
        whole = value.dtype.kind in "iu"
        array = np.full(face.size, -1 if whole else np.nan, np.int64 if whole else float)
        at = position[index]
        array[at[at >= 0]] = value[at >= 0]
        fields[name] = array, attributes

    put("region_owner", face, mesh.region[mesh.owner[face]], names=list(names["regions"]))
    beside = mesh.neighbour[face]
    put("region_neighbour", face, np.where(beside >= 0, mesh.region[beside], -1), names=list(names["regions"]))
    if "electric" in record:
        _electric_surface(mesh, record, put, face, fields, position)
    if "thermal" in record:
        thermal = record["thermal"]
        index, area = thermal["face"], mesh.area[thermal["face"]]
        put("path", index, thermal["path"], names=list(names["paths"]))
        put("temperature_owner", index, thermal["surface_temperature"][:, 0], units="K")
        put("temperature_neighbour", index, thermal["surface_temperature"][:, 1], units="K")
        put("heat_flux_owner", index, thermal["heat_owner"] / area, units="W/m2")
        put("heat_flux_neighbour", index, thermal["heat_neighbour"] / area, units="W/m2")
    if "ledge" in record:
        put("ledge_thickness", record["ledge"]["face"], record["ledge"]["thickness"], units="m")
        put(
            "ledge_heat_flux",
            record["ledge"]["face"],
            record["ledge"]["heat"] / mesh.area[record["ledge"]["face"]],
            units="W/m2",
        )
    if "shells" in record:
        put("shell_thickness", record["shells"]["face"], record["shells"]["thickness"], units="m")
    return face, fields


def _electric_surface(mesh, record, put, face, fields, position):
    """Add what the electric faces know: both potentials, current density, each law's drop, ids."""
    names, electric, potential = record["names"], record["electric"], record["cells"]["electric_potential"]
    index, current = electric["face"], electric["current"]
    owner, neighbour, terminal = mesh.owner[index], mesh.neighbour[index], electric["terminal"]
    node = np.append(electric["terminal_node_potential"], np.nan)[terminal]
    behind = np.where(neighbour >= 0, potential[neighbour] + electric["drop_neighbour"], node)
    interface, overpotential, rest = (
        np.full(index.size, -1, np.int64),
        np.full(index.size, np.nan),
        np.full(index.size, np.nan),
    )
    drops = {}
    for law in electric["laws"].values():
        at = law["index"]
        interface[at] = np.where(law["interface"] >= 0, law["interface"], interface[at])
        drop = drops.setdefault(law["part"], np.full(index.size, np.nan))
        drop[at] = np.where(np.isnan(drop[at]), 0.0, drop[at]) + law["drop"]
        if at_rest(law):
            rest[at] = law["drop"]
        elif not resists(law):
            along = law["drop"] * np.where(current[at] < 0, -1.0, 1.0)
            overpotential[at] = np.where(np.isnan(overpotential[at]), 0.0, overpotential[at]) + along
    put("interface", index, interface, names=list(names["interfaces"]))
    put("terminal", index, terminal, names=list(names["terminals"]))
    anode = np.full(index.size, -1, np.int64)
    if "electrodes" in record:
        anode[record["electrodes"]["index"]] = record["electrodes"]["anode"]
    put("anode", index, anode, names=list(names["anodes"]))
    put("potential_owner", index, potential[owner] - electric["drop_owner"], units="V")
    put("potential_neighbour", index, behind, units="V")
    put("current_density", index, current / mesh.area[index], units="A/m2")
    put("overpotential", index, overpotential, units="V")
    put("rest_potential", index, rest, units="V")
    for part, drop in drops.items():
        put(f"drop_{part}", index, drop, units="V")


def write_surfaces(mesh, record, path):
    """Write surfaces.hdf: every face of `surface_faces` as a quad or triangle with its fields."""
    face, fields = surface_fields(mesh, record)
    corners = mesh.face_points[face]
    there = corners >= 0
    used, renumbered = np.unique(corners[there], return_inverse=True)
    offsets = np.concatenate([[0], np.cumsum(there.sum(1))])
    types = np.where(there[:, 3], _QUAD, _TRIANGLE) if face.size else np.empty(0, np.uint8)
    write_grid(path, mesh.points[used], renumbered, offsets, types, fields)
