"""Heat generated, taken up by the process, dissipated outside, stored and lost, each from its own terms."""

import numpy as np

from oxycell.report.figure import FINE_VOLT, Figure, Tree
from oxycell.report.masses import dissolved_beyond_use
from oxycell.report.productivity import bath_temperature, process_of
from oxycell.report.solved import Solved
from oxycell.report.sums import by_name, multiplicity, number, sources, spent_power, total

PATHS = ("lid", "rods", "side_bath", "side_metal", "side_lower", "deck", "bottom", "bars")


def made(solved: Solved) -> dict[str, float]:
    """Heat generated in the whole cell, name of the source → W; those of a name together."""
    found: dict[str, float] = {}
    for name, terms in sources(solved.record):
        found[name] = found.get(name, 0.0) + multiplicity(solved.record) * total(terms)
    return found


def equivalent_voltage(solved: Solved) -> float:
    """V_eq of the process at the electrolyte's temperature [V]; without a process what the equilibrium potentials take
    up stands for it."""
    process = solved.once(process_of)
    if process is not None:
        return float(process.equivalent_voltage(bath_temperature(solved.case, solved.record))[0])
    return spent_power(solved.record)[1] / solved.current if solved.current else 0.0


def taken(solved: Solved) -> float:
    """Power that the process takes up [W]; without current what equilibrium potentials of electrodes take from each
    other."""
    if solved.current or "electric" not in solved.record:
        return float(solved.current * solved.once(equivalent_voltage))
    return spent_power(solved.record)[1]


def losses(record: Tree) -> Tree:
    """Heat to the surroundings by loss path [W], of the whole cell; what has no path is reported under `other`."""
    thermal, scale = record["thermal"], multiplicity(record)
    boundary = record["faces"]["neighbour"][thermal["face"]] < 0
    path, lost = thermal["path"][boundary], scale * thermal["heat_neighbour"][boundary]
    sums = by_name(record["names"]["paths"], path, lost)
    if (path < 0).any() and (other := total(lost[path < 0])) != 0.0:
        sums["other"] = sums.get("other", 0.0) + other
    return {name: number(sums[name]) for name in sorted(sums, key=_rank)}


def pool_losses(record: Tree) -> Tree:
    """Heat that lumps give to what they wet, by loss path [W], of the whole cell."""
    thermal = record["thermal"]
    at = np.flatnonzero(thermal["pool_path"] >= 0)
    given = multiplicity(record) * np.where(
        thermal["pool_sign"][at] > 0, thermal["heat_owner"][at], -thermal["heat_neighbour"][at]
    )
    sums = by_name(record["names"]["paths"], thermal["pool_path"][at], given)
    return {name: number(sums[name]) for name in sorted(sums, key=_rank)}


def _rank(path):
    """Order of loss paths: those of a cell from the top down, then the others in their order."""
    return PATHS.index(path) if path in PATHS else len(PATHS)


FIGURES = (
    Figure(
        "heat.generated_W",
        "W",
        "heat generated",
        "Σ heat.sources_W",
        ("heat",),
        lambda solved: number(sum(solved.once(made).values())),
        absent=0.0,
    ),
    Figure(
        "heat.process_W",
        "W",
        "taken by the process",
        "I × heat.equivalent_voltage_V (without [process]: Σ I_f E_rev); where alumina is counted, what it takes to "
        "warm and dissolve by masses/dissolved, not by what is used",
        (),
        lambda solved: number(taken(solved) + dissolved_beyond_use(solved)),
        note="I·V_eq",
    ),
    Figure(
        "heat.external_W",
        "W",
        "external",
        "I × voltage.external_V",
        (),
        lambda solved: number(solved.current * (solved["voltage.external_V"] or 0.0)),
    ),
    Figure(
        "heat.given_W",
        "W",
        "given by sources",
        "Σ heat.sources_W of the names in thermal/given",
        ("heat",),
        lambda solved: number(sum(solved.once(made)[name] for name in solved.record["thermal"].get("given", ()))),
        absent=0.0,
        note="of `[[sources]]` and of lumps of prescribed temperature",
        views=(),
    ),
    Figure(
        "heat.stored_W",
        "W",
        "stored",
        "multiplicity × thermal/stored",
        ("heat",),
        lambda solved: number(multiplicity(solved.record) * float(np.sum(solved.record["thermal"]["stored"]))),
        absent=0.0,
    ),
    Figure(
        "heat.losses.*",
        "W",
        "lost by {}",
        "multiplicity × Σ thermal/heat_neighbour over boundary faces by thermal/path",
        ("heat",),
        lambda solved: losses(solved.record),
        absent={},
        note="by loss path; what has none under `other`",
    ),
    Figure(
        "heat.pool_W.*",
        "W",
        "from pools by {}",
        "multiplicity × Σ pool_sign × heat on the lump's side (heat_owner or heat_neighbour) by thermal/pool_path",
        ("heat",),
        lambda solved: pool_losses(solved.record),
        absent={},
        note="the same paths, on the pools' side",
        views=("html",),
    ),
    Figure(
        "heat.equivalent_voltage_V",
        "V",
        "equivalent voltage",
        "V_eq(current efficiency, electrolyte temperature), feed cold and products at that temperature, from NASA "
        "polynomials (McBride et al., TM-4513); the heat of dissolution cancels in it",
        (),
        lambda solved: number(solved.once(equivalent_voltage)),
        shown=FINE_VOLT,
        views=("html",),
    ),
    Figure(
        "heat.sources_W.*",
        "W",
        "{}",
        "multiplicity × Σ thermal/sources/*/heat and thermal/face_sources/*/heat",
        ("heat",),
        lambda solved: {name: number(value) for name, value in solved.once(made).items()},
        absent={},
        note="by the name of the source",
        views=("html",),
    ),
    Figure(
        "heat.lump_temperatures_K.*",
        "K",
        "{}",
        "thermal/lump_temperature",
        ("heat",),
        lambda solved: {
            name: number(T)
            for name, T in zip(
                solved.record["names"]["lumps"], solved.record["thermal"]["lump_temperature"], strict=True
            )
        },
        absent={},
        note="of pools and gas spaces",
        table="bath and ledge",
    ),
)
