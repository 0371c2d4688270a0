"""The ledger: charge, electric power, heat and further balances, each the sum of its own stored terms, compared with
its limit."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oxycell.limits import BALANCE_LIMIT, LEDGER_LIMITS
from oxycell.report.figure import STATED, TEXT, TRUTH, Figure, Tree, entry
from oxycell.report.solved import Solved
from oxycell.report.sums import (
    at_open_circuit,
    cell_current,
    circulating,
    entering,
    greatest,
    judged,
    multiplicity,
    number,
    spent_power,
    total,
)
from oxycell.report.terms import Terms, face_residual, heat_terms, row_residual, terms_of
from oxycell.report.transient import open_over_time


@dataclass(frozen=True)
class Member:
    """A member of the ledger that every report has.

    Attributes
    ----------
    unit : str
    needs : tuple of str, see Figure
    found : function of a `Solved` → residuals of the balance in each way, then what flows
    floors : function of a `Solved` → estimated round-off of each way
    formula : str
    """

    unit: str
    needs: tuple[str, ...]
    found: Callable
    floors: Callable
    formula: str


def ledger(solved: Solved) -> Tree:
    """Block `balance`: name → {absolute, relative, floor, limit, closed, unit, solved}.

    Parameters
    ----------
    solved : Solved

    Returns
    -------
    dict with charge [A], electric_power [W], heat [W], voltage [V] (parts against cell voltage), energy [W] (electric
    input against losses, external heat, stored heat and process uptake), then each of the record's `balances`
    """
    block = {}
    for name, member in LEDGER.items():
        there = all(solved.has(need) for need in member.needs)
        there = there and ("current" not in member.needs or solved["voltage.cell_V"] is not None)
        block[name] = (
            _member(LEDGER_LIMITS[name], member.found(solved), member.floors(solved), member.unit)
            if there
            else _absent(member.unit)
        )
    for name, group in solved.record.get("balances", {}).items():
        scale = multiplicity(solved.record)
        rough = scale * float(group["floor_sum"]), scale * float(group["floor"])
        limit = float(group.get("limit", BALANCE_LIMIT))
        block[name] = _member(limit, balance_of(terms_of(group), scale), rough, group["unit"])
    return block


def _member(limit, found, floors, unit):
    """A member of the block.

    Parameters
    ----------
    limit : float, largest relative residual
    found : tuple of float, residuals of the balance in each way, then what flows; floors : estimated round-off of
        each way
    """
    *offs, flows = found
    relative, floor, limit = judged(offs, flows, floors, limit)
    return {
        "absolute": number(greatest(*offs)),
        "relative": number(relative),
        "floor": number(floor),
        "limit": limit,
        "closed": bool(relative <= limit),
        "unit": unit,
        "solved": True,
    }


def _absent(unit):
    return {
        "absolute": 0.0,
        "relative": 0.0,
        "floor": 0.0,
        "limit": None,
        "closed": True,
        "unit": unit,
        "solved": False,
    }


def closed(report: Tree) -> list[str]:
    """Failures of the ledger, of a run over time also of that since its start, one line each; an empty list means that
    it closes."""
    failures = [
        f"{name} does not close: residual {_text(member['absolute'])} {member['unit']}, relative "
        f"{_text(member['relative'])}, limit {member['limit']:.1e}"
        for name, member in report["balance"].items()
        if not member["closed"]
    ]
    return failures + open_over_time(report)


def _text(value):
    return "no number" if value is None else f"{value:.3e}"


def charge(record: Tree) -> tuple[float, float, float]:
    """|Σ currents into the body| and the largest of the cells' charge residuals [A], and half the sum of the sizes of
    those currents [A], without any the largest through a face with laws.

    A body of ideal conductor counts as one cell.
    """
    electric, faces = record["electric"], record["faces"]
    owner, neighbour = faces["owner"][electric["face"]], faces["neighbour"][electric["face"]]
    inside, cells = neighbour >= 0, len(record["cells"]["volume"])
    residual = np.bincount(owner, electric["current"], cells)
    residual -= np.bincount(neighbour[inside], electric["current"][inside], cells)
    # Current that ends at a boundary face with neither a terminal nor a boundary current has left the ledger.
    lost = ~inside & (electric["terminal"] < 0)
    if "supplies" in electric:
        lost[electric["supplies"]["index"]] = False
    for name in sorted(electric.get("sources", {})):
        source = electric["sources"][name]
        residual -= np.bincount(source["cell"], source["current"], cells)
    if "ideal_body" in record["cells"]:
        body = record["cells"]["ideal_body"]
        residual = np.bincount(np.where(body >= 0, body, np.arange(cells)), residual, cells)
    worst = max(_largest(residual), _largest(electric["current"][lost]))
    flows = cell_current(record)
    if at_open_circuit(record):
        flows = max(flows, circulating(record))
    return abs(total(entering(record)[0])), worst, flows


def power(record: Tree) -> tuple[float, float]:
    """|Σ I φ − Σ dissipation − Σ I_f E_rev| over what enters, and the larger of Σ |I φ| and |Σ I_f E_rev|; both [W], of
    the whole cell."""
    currents, potentials = entering(record)
    fed = currents * potentials
    dissipated, reversible = spent_power(record)
    return abs(total(fed) - dissipated - reversible), max(total(np.abs(fed)), abs(reversible))


def balance_of(terms: Terms, copies: int) -> tuple[float, float, float]:
    """|Σ sources − Σ out − stored|, the largest of the rows' and the faces' residuals, and what they are relative to;
    of `copies` of the model.

    That is Σ |sources|, or half of all that crosses the boundary or is stored where that is more: it may also come in
    from outside, or from other rows.

    Parameters
    ----------
    terms : Terms
    copies : int
    """
    made = [values for _, values in (*terms.sources, *terms.face_sources)]
    stored = terms.stored if np.ndim(terms.stored) == 0 else total(terms.stored)
    balance = copies * (sum(total(values) for values in made) - total(terms.out) - stored)
    worst = copies * _largest(face_residual(terms))
    if np.ndim(terms.stored) or stored == 0.0:
        worst = greatest(worst, copies * _largest(row_residual(terms)))
    crossing = 0.5 * max(total(np.abs(terms.out)), total(np.abs(np.atleast_1d(terms.stored))))
    return abs(balance), worst, copies * max(sum(total(np.abs(values)) for values in made), crossing)


def _largest(values):
    """Largest magnitude; NaN if there is one, 0 for none."""
    return float(np.max(np.abs(values))) if len(values) else 0.0


def _heat(solved):
    return balance_of(heat_terms(solved.record), multiplicity(solved.record))


def _voltage(solved):
    """Gap between the parts and the cell voltage, and the largest of them: a cell shorted has parts, and no voltage."""
    parts, cell = solved["voltage.parts.*"], solved["voltage.cell_V"]
    return abs(sum(parts.values()) - cell), max(abs(part) for part in (cell, *parts.values()))


def _energy(solved):
    given, process = solved["heat.given_W"], solved["heat.process_W"]
    spent = sum(solved["heat.losses.*"].values()) + solved["heat.external_W"] + solved["heat.stored_W"] + process
    electric = solved.current * (solved["voltage.cell_V"] or 0.0)
    return abs(electric + given - spent), max(abs(electric), abs(given), abs(process), solved.once(_heat)[-1])


def _floors(*names):
    """Function of a `Solved` → estimated round-off of the whole cell by names of the record's `floor`."""
    return lambda solved: tuple(_floor(solved.record, name) for name in names)


def _floor(record, name):
    value = float(record["floor"].get(name, 0.0))
    if not value and name.endswith("_sum"):  # records of earlier versions hold no floor of the sum
        value = float(record["floor"].get(name.removesuffix("_sum"), 0.0))
    return multiplicity(record) * value


LEDGER = {
    "charge": Member(
        "A",
        ("charge",),
        lambda solved: charge(solved.record),
        _floors("charge_sum", "charge"),
        "largest of |Σ terminals.current_A| and, cell by cell, |Σ electric/current|; over ½ Σ |terminals.current_A|",
    ),
    "electric_power": Member(
        "W",
        ("charge",),
        lambda solved: power(solved.record),
        _floors("power"),
        "|Σ I_t φ_t − Σ I_f (drop_owner + drop_neighbour + law drops) − Σ R I_t²|, laws of the part 'reversible' "
        "summed apart; over Σ |I_t φ_t|",
    ),
    "heat": Member(
        "W",
        ("heat",),
        lambda solved: solved.once(_heat),
        _floors("heat_sum", "heat"),
        "largest of |Σ sources + Σ face_sources − Σ boundary heat_neighbour − stored|, each balance row's and each "
        "face's own residual; over Σ |sources|",
    ),
    "voltage": Member(
        "V",
        ("charge", "current"),
        _voltage,
        lambda solved: (_floor(solved.record, "power") / solved.current,),
        "|Σ voltage.parts − voltage.cell_V| over cell_V",
    ),
    "energy": Member(
        "W",
        ("charge", "heat"),
        _energy,
        lambda solved: (_floor(solved.record, "power") + _floor(solved.record, "heat"),),
        "|I · cell_V − Σ heat.losses − external_W − stored_W − process_W| over I · cell_V",
    ),
}
"""What every report balances, and from what; the limits are in `oxycell.limits`."""


def _of_ledger(key):
    return lambda solved: entry(solved.once(ledger), ["*", key])


def _figure(key, unit, label, formula, **more):
    return Figure(f"balance.*.{key}", unit, label, formula, compute=_of_ledger(key), views=(), **more)


FIGURES = (
    *(
        Figure(
            f"balance.{name}",
            member.unit,
            f"balance of {name.replace('_', ' ')}",
            member.formula,
            member.needs,
            views=(),
        )
        for name, member in LEDGER.items()
    ),
    _figure(
        "absolute",
        STATED,
        "residual",
        "by the formula of balance.charge and the others; of further balances the largest of |Σ sources − Σ out "
        "at the boundary − stored|, each row's and each face's own residual",
        note="in the unit named by `unit`",
    ),
    _figure("relative", "", "relative residual", "absolute over what flows, each in its own way"),
    _figure("floor", "", "round-off", "multiplicity × /oxycell/floor over the same scale"),
    _figure("limit", "", "limit", "10 · floor, up to 1e-6, where that exceeds the limit of the balance"),
    _figure("closed", TRUTH, "closed", "relative ≤ limit"),
    _figure("unit", TEXT, "unit of absolute", "of the balance"),
    _figure("solved", TRUTH, "solved", "whether the record has the balance"),
)
