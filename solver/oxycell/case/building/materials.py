"""Materials of a case: the library, the bath, and what the case states itself; and which cells they fill."""

from dataclasses import fields

import numpy as np

from oxycell.case.building.limits import stated_limits
from oxycell.case.case import Table
from oxycell.case.messages import dotted
from oxycell.cell.materials import MATERIALS
from oxycell.errors import CaseError
from oxycell.material import Constant, Material, Reciprocal, Scaled, Tabulated, joined, polynomial
from oxycell.mesh.connected import places_of
from oxycell.mesh.mesh import nearest_name


def build_materials(case, names, key=None):
    """Materials the mesh names: the library, the bath, and what the case states.

    Parameters
    ----------
    case : Case
    names : list of str
    key : str or None, what of the case names them; None: its boxes or regions

    Returns
    -------
    dict name → Material
    """
    library = dict(MATERIALS)
    if case.bath is not None:
        library["bath"] = case.bath.material()
    found = {}
    for name in names:
        if name in case.materials:
            found[name] = _stated_material(name, case.materials[name], library)
        elif name in library:
            found[name] = library[name]
        else:
            known = sorted({*library, *case.materials})
            key = key or ("regions" if case.regions else "boxes")
            raise CaseError(f'{key}: no material is called "{name}"; {nearest_name(name, known)}')
    return found


_UNITS = {
    "electrical_conductivity": "S/m",
    "electrical_resistivity": "ohm m",
    "thermal_conductivity": "W/m/K",
    "density": "kg/m3",
    "heat_capacity": "J/kg/K",
}


def _stated_material(name, spec, library):
    """A material of the case file: what it states, over what it is like."""
    base, key = {}, dotted(("materials", name))
    like = spec.like or (name if name in library else None)
    if like is not None:
        if like not in library:
            raise CaseError(f'{key}.like: no material is called "{like}"; {nearest_name(like, sorted(library))}')
        base = {field.name: getattr(library[like], field.name) for field in fields(Material)}
    stated = {
        what: _property(getattr(spec, what), unit) for what, unit in _UNITS.items() if getattr(spec, what) is not None
    }
    if "electrical_resistivity" in stated:
        if "electrical_conductivity" in stated:
            raise CaseError(f"{key}: states conductivity and resistivity; allowed: one of them")
        stated["electrical_conductivity"] = Reciprocal(stated.pop("electrical_resistivity"), "S/m")
    if spec.melting is not None:
        stated |= _melted(key, spec, stated)
        base["melting"] = spec.melting.temperature
    base |= stated
    if spec.insulator + spec.ideal_conductor + ("electrical_conductivity" in stated) > 1:
        raise CaseError(
            f"{key}: states more than one of insulator, ideal_conductor and a conductivity; allowed: one of them"
        )
    if spec.ideal_conductor:
        base["electrical_conductivity"] = Constant(np.inf, "S/m")
    elif spec.insulator or "electrical_conductivity" not in base:
        base["electrical_conductivity"] = None
    base.setdefault("thermal_conductivity", None)
    base.setdefault("density", None)
    if spec.area_factor != 1.0:
        for what in ("electrical_conductivity", "thermal_conductivity", "density"):
            base[what] = base[what] and Scaled(base[what], spec.area_factor)
    for what in ("electrical_anisotropy", "thermal_anisotropy"):
        if what in spec.model_fields_set:
            base[what] = getattr(spec, what)
    known = [
        limit
        for limit in base.pop("limits", ())
        if spec.melting is None or limit.kind not in ("freezing", "solidus", "melting")
    ]
    limits = stated_limits(spec.limits, known)
    return Material(**base | {"name": name, "limits": limits})


def _melted(key, spec, stated):
    """Conductivities of a material that melts, by the name of the property; `key` is that of the material."""
    found, melting = {}, spec.melting
    for what in type(melting.solid).model_fields:
        if getattr(melting.solid, what) is None:
            continue
        if what in stated:
            raise CaseError(
                f"{key}.{what}: is stated in addition to those of solid and liquid; allowed: one or the other"
            )
        below, above = (_property(getattr(phase, what), _UNITS[what]) for phase in (melting.solid, melting.liquid))
        found[what] = joined(below, above, melting.temperature, melting.width)
    return found


def _property(value, unit):
    if isinstance(value, Table):
        if value.polynomial is not None:
            return polynomial(value.polynomial, unit, *value.between, reference=value.reference)
        return Tabulated(np.array(value.temperature), np.array(value.value), unit)
    return Constant(value, unit)


def by_material(mesh, materials, chosen, key):
    """(cells, Property) for each material among the chosen cells (n_cells,) bool; CaseError where one does not state
    it."""
    cells, first = places_of(np.where(chosen, mesh.material, np.int32(-1)), len(mesh.material_names))
    return tuple(
        (cells[first[i] : first[i + 1]], needed(materials[name], key))
        for i, name in enumerate(mesh.material_names)
        if first[i] < first[i + 1]
    )


def needed(material, key):
    """A Property of a material; CaseError where it states none."""
    found = getattr(material, key)
    if found is None:
        where = dotted(("materials", material.name, key))
        raise CaseError(
            f'{where}: is needed for the balances that are solved; allowed: a number with a unit such as "1 '
            f'{_UNITS[key]}", a table, '
            "a polynomial, or like = a library material"
        )
    return found


def is_ideal(material):
    """Whether a material is an ideal conductor."""
    return isinstance(material.electrical_conductivity, Constant) and material.electrical_conductivity.value == np.inf


def direction_factors(mesh, materials, key):
    """Factors (n_cells, 3) on a conductivity along x, y, z, None where all are 1; `key` is the attribute of Material
    that has them."""
    found = np.array([getattr(materials[name], key) for name in mesh.material_names], float).reshape(-1, 3)
    return None if np.all(found == 1.0) else found[mesh.material]
