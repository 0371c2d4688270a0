"""Limits of use of materials: what a case states over what the library knows, and the record of those in use."""

import numpy as np

from oxycell.material import LIMITS, Limit


def stated_limits(spec, known):
    """Limits of a material of the case file: what it states (LimitOptions), over those known (of Limit); in the order
    of `LIMITS`."""
    found = {limit.kind: limit for limit in known if limit.kind not in spec.ignore}
    found |= {kind: Limit(kind, getattr(spec, kind), spec.source) for kind in LIMITS if getattr(spec, kind) is not None}
    return tuple(found[kind] for kind in LIMITS if kind in found)


def limits_record(mesh, materials):
    """Limits of the materials of a mesh as lists of equal length: material, kind, temperature [K], basis, source."""
    listed = [(name, limit) for name in mesh.material_names for limit in materials[name].limits]
    return {
        "material": [name for name, _ in listed],
        "temperature": np.array([limit.temperature for _, limit in listed]),
        **{key: [getattr(limit, key) for _, limit in listed] for key in ("kind", "basis", "source")},
    }
