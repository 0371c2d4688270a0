"""Block `melting`: where the fronts of materials that melt lie, and how much of them is liquid."""

from oxycell.mesh.mesh import AXES
from oxycell.report.figure import PLACE, Figure, Shown, Tree
from oxycell.report.solved import Solved
from oxycell.report.sums import multiplicity, number, total


def melting(solved: Solved) -> Tree:
    """Block `melting`: name of the material → its front; empty without one.

    `front` is None where all of it is solid or liquid; else minimum, maximum and mean position along each axis (by area
    of the faces that the front lies before), and the area it has as seen along each axis.
    """
    mesh, record = solved.mesh, solved.record
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


FIGURES = (
    Figure(
        "melting",
        "",
        "materials that melt",
        "melting/NAME/point, where ∫ k dT from the centre of a cell to its surface passes the melting point, by "
        "melting/NAME/area; volumes are multiplicity × Σ liquid_fraction × cells/volume",
        compute=melting,
        note="by name; `front` is `null` where all is solid or liquid",
        views=(),
    ),
    Figure("melting.*.temperature_K", "K", "melts", "melting/NAME/temperature", views=("html",)),
    Figure(
        "melting.*.liquid_m3",
        "m3",
        "liquid",
        "multiplicity × Σ melting/NAME/liquid_fraction × cells/volume",
        shown=Shown("m³"),
        views=("html",),
    ),
    Figure(
        "melting.*.solid_m3",
        "m3",
        "solid",
        "multiplicity × Σ (1 − melting/NAME/liquid_fraction) × cells/volume",
        shown=Shown("m³"),
        views=("html",),
    ),
    *(
        figure
        for axis in AXES
        for figure in (
            Figure(
                f"melting.*.front.{axis}_m.min",
                "m",
                f"front, minimum {axis}",
                f"minimum {axis} of melting/NAME/point",
                shown=PLACE,
                views=("html",),
            ),
            Figure(
                f"melting.*.front.{axis}_m.mean",
                "m",
                f"front, mean {axis}",
                f"{axis} of melting/NAME/point by melting/NAME/area",
                shown=PLACE,
                views=(),
            ),
            Figure(
                f"melting.*.front.{axis}_m.max",
                "m",
                f"front, maximum {axis}",
                f"maximum {axis} of melting/NAME/point",
                shown=PLACE,
                views=("html",),
            ),
            Figure(
                f"melting.*.front.area_along_{axis}_m2",
                "m2",
                f"area of the front along {axis}",
                f"multiplicity × Σ melting/NAME/area × |normal of melting/NAME/face along {axis}|",
                views=(),
            ),
        )
    ),
)
