"""Blocks `probes` and `lines`: values at points and along lines, each from its own side of every interface."""

import csv
import io

import numpy as np

from oxycell.report.figure import TEXT, Figure, Shown
from oxycell.report.sums import number
from oxycell.report.values import SCALARS, fluxes_at, scalars_at

UNITS = {"temperature": "K", "electric_potential": "V", "current_density": "A_m2", "heat_flux": "W_m2"}


def probes(mesh, record):
    """Block `probes`: name → region, point and values; a point on a face of one region takes the mean of the cells that
    touch it."""
    block, asked = {}, record.get("probes", {})
    for (name, chosen), values in zip(asked.items(), _values(mesh, record, list(asked.values())), strict=True):
        block[name] = {
            "at_m": chosen["at"][0].tolist(),
            "region": record["names"]["regions"][mesh.region[chosen["cell"][0]]],
        }
        block[name] |= {f"{quantity}_{UNITS[quantity]}": _plain(column.mean(0)) for quantity, column in values.items()}
        if "liquid_fraction" in record["cells"]:
            block[name]["liquid_fraction"] = number(record["cells"]["liquid_fraction"][chosen["cell"]].mean())
    return block


def lines(mesh, record):
    """Block `lines`: name → {start_m, end_m, region (n,), and columns (n,)}; two rows where a line passes from region
    to region."""
    block, asked, regions = {}, record.get("lines", {}), record["names"]["regions"]
    for (name, chosen), values in zip(asked.items(), _values(mesh, record, list(asked.values())), strict=True):
        block[name] = {
            "start_m": chosen["at"][0].tolist(),
            "end_m": chosen["at"][-1].tolist(),
            "region": [regions[i] for i in mesh.region[chosen["cell"]]],
            "distance_m": chosen["distance"].tolist(),
        }
        block[name] |= {f"{axis}_m": chosen["at"][:, i].tolist() for i, axis in enumerate("xyz")}
        for quantity, column in values.items():
            parts = [("", column)] if column.ndim == 1 else [(f"_{axis}", column[:, i]) for i, axis in enumerate("xyz")]
            block[name] |= {f"{quantity}{axis}_{UNITS[quantity]}": _plain(part) for axis, part in parts}
    return block


def _values(mesh, record, asked):
    """For each of several selections, quantity → values (n,) or (n, 3) of those requested; all points of a quantity at
    once."""
    found = [{} for _ in asked]
    for quantity in UNITS:
        at = [i for i, chosen in enumerate(asked) if quantity in chosen["quantities"]]
        if at:
            points, cells = (np.concatenate([asked[i][key] for i in at]) for key in ("at", "cell"))
            values = (scalars_at if quantity in SCALARS else fluxes_at)(mesh, record, quantity, points, cells)
            ends = np.cumsum([len(asked[i]["cell"]) for i in at])
            for i, part in zip(at, np.split(values, ends[:-1]), strict=True):
                found[i][quantity] = part
    return found


def _plain(values):
    """Python's own numbers, None for what is not finite."""
    return number(values) if np.ndim(values) == 0 else [number(value) for value in values]


def line_table(line):
    """CSV text of one line of the block `lines`; a value that does not exist is left empty."""
    columns = [key for key in line if key not in ("start_m", "end_m")]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(line[key] for key in columns), strict=True))
    return text.getvalue()


_SCALARS = "the cell's value and the slopes from its centre to its own side of its faces"
_FORMULAS = {
    "temperature": f"{_SCALARS} (thermal/surface_temperature)",
    "electric_potential": f"{_SCALARS} (electric/drop_owner, drop_neighbour)",
    "current_density": "electric/current over faces/area of the faces around",
    "heat_flux": "thermal/heat_owner and heat_neighbour over faces/area of the faces around",
}
_SHOWN = {
    "temperature": None,
    "electric_potential": Shown("V"),
    "current_density": Shown("A/m²"),
    "heat_flux": Shown("W/m²"),
}


def _quantities(block, views):
    """Figures of the quantities of a block of points, fluxes by `` and by component."""
    for quantity, formula in _FORMULAS.items():
        unit = UNITS[quantity].replace("_", "/")
        words = quantity.replace("_", " ")
        yield Figure(
            f"{block}.*.{quantity}_{UNITS[quantity]}", unit, words, formula, shown=_SHOWN[quantity], views=views
        )


FIGURES = (
    Figure(
        "probes",
        "",
        "values at points",
        f"{_SCALARS} (potential: drop_owner, drop_neighbour; temperature: surface_temperature); flux densities from "
        "electric/current, thermal/heat_owner and heat_neighbour over area",
        compute=lambda solved: probes(solved.mesh, solved.record),
        note="by name; flux densities are x, y, z",
        views=(),
    ),
    Figure("probes.*.at_m", "m", "point", "probes/NAME/at", shown=Shown("m"), views=("html",)),
    Figure("probes.*.region", TEXT, "region", "of probes/NAME/cell", views=()),
    *_quantities("probes", ("html",)),
    Figure(
        "probes.*.liquid_fraction",
        "",
        "liquid share",
        "mean of cells/liquid_fraction over probes/NAME/cell",
        note="with a ledge",
        views=(),
    ),
)

LINE_FIGURES = (
    Figure(
        "lines",
        "",
        "values along lines",
        "as probes, at even steps and on both sides where the line passes from region to region",
        compute=lambda solved: lines(solved.mesh, solved.record),
        note="by name; every key but `start_m` and `end_m` is a column",
        views=(),
    ),
    Figure("lines.*.start_m", "m", "start", "first of lines/NAME/at", views=()),
    Figure("lines.*.end_m", "m", "end", "last of lines/NAME/at", views=()),
    Figure("lines.*.region", TEXT, "region", "of lines/NAME/cell", views=()),
    Figure("lines.*.distance_m", "m", "distance from the start", "lines/NAME/distance", views=()),
    *(Figure(f"lines.*.{axis}_m", "m", axis, "lines/NAME/at", views=()) for axis in "xyz"),
    *(
        Figure(
            f"lines.*.{quantity}_{component}{UNITS[quantity]}".replace("__", "_"),
            UNITS[quantity].replace("_", "/"),
            f"{quantity.replace('_', ' ')} {component.strip('_')}".strip(),
            formula,
            views=(),
        )
        for quantity, formula in _FORMULAS.items()
        for component in (("",) if quantity in SCALARS else ("x_", "y_", "z_"))
    ),
)
