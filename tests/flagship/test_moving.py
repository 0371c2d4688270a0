"""The gap of the flagship on a coarse mesh over time: it closes as metal is made, until the metal is tapped."""

import numpy as np
import pytest
from tests.flagship.conftest import COARSE

import oxycell

HOUR = 3600.0
RISES = 13.7e-3 / 24.0
"""Metal surface [m/h] under plates that stand still, a tonne a day [dossier: 1 t is 13.7 mm]."""


@pytest.mark.slow
def test_gap_that_closes_until_the_metal_is_tapped():
    """The voltage falls by what the electrolyte of the gap takes, I d/(κA) and what spreads at the plates' edges, and
    is back at once; the ledger closes."""
    tables = {}
    for key, first, sign in (("anodes.gap", 65.0, -1), ("pools.metal_depth", 220.0, 1), ("top.lip_height", 60.0, -1)):
        last = first + sign * 6.0 * 1e3 * RISES
        tables[f"cell.{key}"] = {"time": ["0 h", "6 h", "6 h"], "value": [f"{v!r} mm" for v in (first, last, first)]}
    case = oxycell.load("kraz-140ka").replaced(
        COARSE | {"transient": {"end": "6.5 h", "outputs": "6 h", "schedule": tables}}
    )
    solution = oxycell.solve(case)
    report, course = oxycell.report(solution), solution.course
    ledger = report["transient"]["ledger"]
    assert all(member["closed"] for member in ledger.values()), ledger
    gap, volts = course["schedule.cell.anodes.gap"], course["voltage.parts.bath_ohmic"]
    closes = course["time"] <= 6 * HOUR
    assert gap[closes] == pytest.approx(65e-3 - RISES * course["time"][closes] / HOUR, abs=2e-9)
    plates = 32 * 0.52 * 1.40  # m²
    slope = np.polyfit(gap[closes], volts[closes], 1)[0]
    uniform = volts[0] / gap[0]  # V/m, were all of it between plates and metal
    assert 0.75 * uniform < slope < uniform and 15.0 < slope < 140e3 / (150.0 * plates)
    assert volts[~closes] == pytest.approx(volts[0], rel=3e-3)
    bath = course["bath_kg"] + course["frozen_kg"]
    assert bath == pytest.approx(bath[0], rel=1e-10)
    assert course["heat.lump_temperatures_K.bath"][closes][-1] < course["heat.lump_temperatures_K.bath"][0]
