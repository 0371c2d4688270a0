"""Block `melting`: where the fronts of materials that melt lie, and how much of them is liquid."""

from oxycell.mesh.mesh import AXES
from oxycell.report.sums import multiplicity, number, total


def melting(mesh, record):
    """Block `melting`: name of the material → its front; empty without one.

    `front` is None where all of it is solid or liquid; else the least, greatest and mean place along each axis (by area
    of the faces that the front lies before), and the area it has as seen along each axis.
    """
    return {name: _material(mesh, record, found) for name, found in record.get("melting", {}).items()}


def _material(mesh, record, found):
    volume, scale = record["cells"]["volume"][found["cell"]], multiplicity(record)
    liquid = total(found["liquid_fraction"] * volume)
    block = {
        "temperature_K": float(found["temperature"]),
        "liquid_m3": number(scale * liquid),
        "solid_m3": number(scale * (total(volume) - liquid)),
        "front": None,
    }
    point, area = found["point"], found["area"]
    if len(area):
        normal = abs(mesh.normal[found["face"]])
        block["front"] = {
            f"{name}_m": {
                "min": number(point[:, axis].min()),
                "mean": number(total(area * point[:, axis]) / total(area)),
                "max": number(point[:, axis].max()),
            }
            for axis, name in enumerate(AXES)
        }
        block["front"] |= {
            f"area_along_{name}_m2": number(scale * total(area * normal[:, axis])) for axis, name in enumerate(AXES)
        }
    return block
