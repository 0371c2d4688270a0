"""Masses of bath, alumina and metal in a run over time: what there is, and what is fed, used, made and tapped."""

from collections.abc import Callable, Iterator
from typing import Any

from oxycell.report.figure import ABSENT, Figure, Shown, Tree
from oxycell.report.productivity import process_of, temperature
from oxycell.report.solved import Solved
from oxycell.report.sums import multiplicity, number

HOUR = 3600.0
_KG, _RATE, _SHARE = Shown("kg", digits=1), Shown("kg/h", digits=2), Shown("wt %", digits=2)


def dissolved_beyond_use(solved: Solved) -> float:
    """Heat that alumina takes [W] to warm and dissolve beyond what is used, of the whole cell; 0 where that is not
    counted."""
    found = solved.record.get("masses", {})
    if "dissolved" not in found:
        return 0.0
    beyond = multiplicity(solved.record) * (found["dissolved"] - found["used"])
    return float(beyond * solved.once(process_of).alumina_heat(solved.once(temperature)))


def _carried(solved: Solved) -> float | None:
    found = solved.record["masses"]
    watts = (found["dissolved"] - found["used"]) * found["bath_enthalpy"]
    if "metal" in found:
        watts += found["made"] * found["made_enthalpy"] - found["tapped"] * found["metal_enthalpy"]
    return number(multiplicity(solved.record) * watts)


def _alumina(solved: Solved) -> float | None:
    found = solved.record["masses"]
    return number(100.0 * found["alumina"] / found["bath"])


def _of(key: str, factor: float = 1.0) -> Callable[[Solved], Any]:
    return lambda solved: number(factor * multiplicity(solved.record) * solved.record["masses"][key])


def beyond_saturation(record: Tree) -> Iterator[Tree]:
    """Alert of a bath with more alumina than it can dissolve."""
    found = record.get("masses", {})
    if "saturation" not in found:
        return
    share, most = 100.0 * found["alumina"] / found["bath"], found["saturation"]
    if share > most:
        yield {
            "kind": "saturation",
            "times": float(share / most),
            "message": (
                f"the bath holds {share:.2f} wt % of alumina and can dissolve {most:.2f}: what is fed beyond that "
                "settles, which the model does not follow"
            ),
        }


def _figure(
    key: str, unit: str, label: str, formula: str, compute: Callable[[Solved], Any], need: str, **more: Any
) -> Figure:
    return Figure(f"masses.{key}", unit, label, formula, (need,), compute, absent=ABSENT, **more)


_RATES = (
    ("fed", "alumina fed", "without single doses"),
    ("dissolved", "alumina that dissolves", ""),
    ("used", "alumina used", ""),
    ("made", "metal made", ""),
    ("tapped", "metal tapped", "what is made where no tapping is stated"),
)

FIGURES = (
    _figure("bath_kg", "kg", "liquid bath", "multiplicity × masses/bath", _of("bath"), "masses", shown=_KG),
    _figure("frozen_kg", "kg", "frozen bath", "multiplicity × masses/frozen", _of("frozen"), "masses", shown=_KG),
    _figure(
        "frozen_kg_per_h",
        "kg/h",
        "bath that freezes",
        "multiplicity × masses/freezing × 3600 s",
        _of("freezing", HOUR),
        "masses",
        note="in the last stage of the step; < 0 what melts",
        shown=_RATE,
        views=("html",),
    ),
    _figure("metal_kg", "kg", "metal", "multiplicity × masses/metal", _of("metal"), "tapping", shown=_KG),
    _figure(
        "alumina_wt_percent", "wt %", "alumina", "100 × masses/alumina / masses/bath", _alumina, "feed", shown=_SHARE
    ),
    _figure(
        "saturation_wt_percent",
        "wt %",
        "alumina at saturation",
        "masses/saturation, of the bath as it is",
        lambda solved: number(solved.record["masses"]["saturation"]),
        "feed",
        shown=_SHARE,
    ),
    _figure("stock_kg", "kg", "alumina not dissolved", "multiplicity × masses/stock", _of("stock"), "feed", shown=_KG),
    *(
        _figure(
            f"{key}_kg_per_h",
            "kg/h",
            label,
            f"multiplicity × masses/{key} × 3600 s",
            _of(key, HOUR),
            "feed",
            note=note,
            shown=_RATE,
            views=("html",),
        )
        for key, label, note in _RATES
    ),
    _figure(
        "carried_W",
        "W",
        "carried by masses",
        "multiplicity × ((dissolved − used) bath_enthalpy + made made_enthalpy − tapped metal_enthalpy) of masses/",
        _carried,
        "feed",
        note="enthalpy of what comes into the pools, less that of what leaves them",
        views=("html",),
    ),
)
