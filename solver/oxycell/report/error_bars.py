"""Block `error_bars`: what the mesh leaves open in each figure of a report, from the same case on two or three meshes.

Grid convergence index after Roache (1994), J. Fluids Eng. 116, 405, and (1998), Verification and Validation in Computational
Science and Engineering; procedure for three meshes after Celik et al. (2008), J. Fluids Eng. 130, 078001.
"""

import math

BLOCKS = ("operating_point", "terminals", "voltage", "heat", "anodes", "ledge", "productivity", "emissions", "section", "probes",
          "integrals")
RATIO = 2.0  # of the cell widths of one mesh and the next
FORMAL_ORDER = 2.0
LEAST_ORDER, MOST_ORDER = 0.5, 3.0  # observed orders that count as convergence
FACTOR_ASSUMED, FACTOR_OBSERVED = 3.0, 1.25
ROUND_OFF = 1e-9  # relative differences below which the solver's tolerance speaks, not the mesh

METHOD = {
    2: "grid convergence index of two meshes: 3 |f_h - f_(h/2)| / (2^p - 1) with the formal order p = 2, so it covers the error "
       "where the true order is 1 or more (Roache 1994, 1998)",
    3: "grid convergence index of three meshes: 1.25 |f_(h/2) - f_(h/4)| / (2^p - 1) with the observed order p, at most 2; flagged "
       "figures: 3 times the larger difference (Celik et al. 2008; Roache 1998)",
}


def error_bars(reports, subdivisions):
    """Uncertainty of every figure that all meshes have and that changes with them.

    Parameters
    ----------
    reports : list of two or three report dicts, from coarse to fine; cell widths halve from each to the next
    subdivisions : list of int, `mesh.subdivisions` of each

    Returns
    -------
    dict with `method`, `meshes` and `figures`: dotted key → `values` (coarse to fine), `uncertainty` (± of the last value, same
    unit), `order` (observed, None where it was assumed) and `flag` (why the figure does not converge, None where it does)
    """
    found = [_figures(report) for report in reports]
    shared = [key for key, value in found[-1].items() if all(key in one for one in found) and any(one[key] != value for one in found)]
    meshes = [{"cells": report["status"]["cells"], "subdivisions": n} for report, n in zip(reports, subdivisions, strict=True)]
    return {"method": METHOD[len(reports)], "meshes": meshes,
            "figures": {key: _entry([one[key] for one in found]) for key in shared}}


def renewed(block, report):
    """The block with the values of its finest mesh taken from a report that was made again."""
    now = _figures(report)
    figures = {key: _entry([*entry["values"][:-1], now[key]]) for key, entry in block["figures"].items() if key in now}
    return block | {"figures": figures}


def _entry(values):
    uncertainty, order, flag = convergence(values)
    return {"values": values, "uncertainty": uncertainty, "order": order, "flag": flag}


def convergence(values):
    """What the mesh leaves open in the last of two or three values from coarse to fine.

    Parameters
    ----------
    values : list of float, on cell widths that halve from each to the next

    Returns
    -------
    uncertainty : float, ≥ 0
    order : float or None, observed
    flag : str or None, why the values do not converge
    """
    differences = [a - b for a, b in zip(values, values[1:], strict=False)]
    last = abs(differences[-1])
    size = max(map(abs, values))
    if len(differences) == 1 or max(map(abs, differences)) <= ROUND_OFF * size:
        return FACTOR_ASSUMED * last / (RATIO**FORMAL_ORDER - 1.0), None, None
    first, widest = differences[0], FACTOR_ASSUMED * max(map(abs, differences))
    if first * differences[-1] < 0.0:
        return widest, None, "oscillates from mesh to mesh"
    if last >= abs(first):
        return widest, None, "differences do not shrink"
    order = math.log(abs(first) / last) / math.log(RATIO) if last else math.inf
    if not LEAST_ORDER <= order <= MOST_ORDER:
        return widest, order if math.isfinite(order) else None, f"observed order outside {LEAST_ORDER:g} to {MOST_ORDER:g}"
    return FACTOR_OBSERVED * last / (RATIO ** min(order, FORMAL_ORDER) - 1.0), order, None


def _figures(report):
    """Dotted key → number, of the blocks that hold results."""
    return dict(item for block in BLOCKS if block in report for item in _numbers(report[block], block))


def _numbers(node, key):
    if isinstance(node, dict | list):
        for name, entry in node.items() if isinstance(node, dict) else enumerate(node):
            if name not in _GIVEN:
                yield from _numbers(entry, f"{key}.{name}")
    elif isinstance(node, float):
        yield key, node


_GIVEN = ("at_m", "by_grid", "profile", "evaluations", "asked", "tolerance", "faces_off_m")
"""What is stated, follows from figures beside it, or has other rows on each mesh."""
