"""The record of a balance that has no group of its own: its terms, by their names, for the ledger of the report."""

from typing import Any

import numpy as np

from oxycell.physics.balance import RowTerm
from oxycell.physics.evaluation import Evaluation


def balance_record(evaluation: Evaluation, balance: Any) -> dict[str, Any]:
    """Group `balances/NAME` of a record, of the model in the unit of the balance; see docs/formats.md.

    Parameters
    ----------
    evaluation : Evaluation
    balance : Balance, whose terms are of `RowTerm` and `FaceTerm`

    Returns
    -------
    dict ; what keeps rows at a prescribed value is the source `prescribed`
    """
    faces, sources = {}, {}
    for number, term in enumerate(evaluation[balance.terms_name].terms):
        name = f"{number:02d} {term.name}"
        if isinstance(term, RowTerm):
            inside = np.asarray(term.rows) >= 0
            sources[name] = {"row": np.asarray(term.rows)[inside], "value": np.asarray(term.value)[inside]}
        else:
            faces[name] = {
                "row_owner": np.asarray(term.a),
                "row_neighbour": np.asarray(term.b),
                "leaving": term.leaving,
                "entering": term.entering,
            }
    if len(balance.fixed_rows):
        prescribed = {"row": balance.fixed_rows, "value": evaluation.of(balance, "reactions")}
        sources[f"{len(faces) + len(sources):02d} prescribed"] = prescribed
    floor = evaluation.of(balance, "floor")
    return {
        "unit": balance.unit,
        "field": balance.field,
        "field_unit": balance.field_unit,
        "n_rows": balance.n_rows,
        "limit": balance.limit,
        "floor": float(np.max(floor.rows, initial=0.0)),
        "floor_sum": floor.outside,
        "stored": 0.0,
        "faces": faces,
        "sources": sources,
    }
