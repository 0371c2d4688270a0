"""Published statements against runs: the dossier's numbers, and verdicts that follow the run."""

import pytest
from synthetic import PROCESS_TEXT, stack_solution

from oxycell.case.case import Case
from oxycell.case.messages import Source, validate
from oxycell.case.published import statement_sets, statements
from oxycell.constants import MOLAR_MASS, faraday_rate
from oxycell.errors import CaseError
from oxycell.report import report
from oxycell.report.claims import claims
from oxycell.report.emissions import emissions
from oxycell.report.render import html
from oxycell.report.statements import COMPARISONS, VERDICTS, text


def found(name, current=140e3, efficiency=0.887, energy=16.6, density=6010.0, reaction="oxygen", **sections):
    """The claim `name` of a cell like case A with some figures of its own."""
    case = validate(
        Case,
        {"claims": statement_sets(), "process": {"reaction": reaction, "current_efficiency": efficiency}, **sections},
        Source(),
    )
    metal = efficiency * faraday_rate(current, MOLAR_MASS["Al"], 3.0) * 86400.0
    made = {
        "current_efficiency": efficiency,
        "aluminium_kg_per_day": metal,
        "oxygen_kg_per_day": 0.889464 * metal,
        "specific_energy_kWh_per_kg": energy,
        "carbon_kg_per_day": 0.41 * metal if reaction == "carbon" else 0.0,
    }
    anode = {
        "count": 1,
        "current_A": current,
        "active_area_m2": current / density,
        "wetted_area_m2": 2.5 * current / density,
    }
    listed = claims(
        case,
        {
            "productivity": made,
            "emissions": emissions(case, made),
            "anodes": {"list": [anode]},
            "terminals": {"beam": {"current_A": current}, "ground": {"current_A": -current}},
            "voltage": {"cell_V": energy * efficiency / 2.97998},
        },
    )
    return next(claim for claim in listed if claim["name"] == name)


DC_ONLY = {"rectifier_efficiency": 1.0, "auxiliary_energy": "0 kWh/kg"}


def test_registries_fit():
    assert {statement.about for statement in statements().values()} == set(COMPARISONS)
    for statement in statements().values():
        assert (
            statement.sets
            and statement.source
            and statement.date
            and statement.tag in ("L", "M")
            and statement.published
        )


def test_every_claim_is_complete_and_plain():
    for name in statements():
        claim = found(name)
        assert claim["verdict"] in VERDICTS and claim["text"] and claim["source"] and claim["computed"]
        assert any(character.isdigit() for character in claim["why"]) and claim["why"].endswith(".")
        assert "e-0" not in claim["why"] + claim["computed"] and "e+" not in claim["why"] + claim["computed"]


def test_a_tonne_a_day():
    claim = found("metal_per_day")
    numbers = claim["numbers"]
    assert numbers["limit_kg_per_day"] == pytest.approx(1127.5, abs=0.05)
    assert numbers["implied_current_efficiency"] == pytest.approx(0.887, abs=5e-4)
    assert (numbers["lowest_current_efficiency"], numbers["highest_current_efficiency"]) == pytest.approx(
        (0.84, 0.93), abs=0.005
    )
    assert claim["verdict"] == "holds" and "88.7 %" in claim["why"] and "as its case states" in claim["why"]
    better = found("metal_per_day", efficiency=0.95)
    assert better["verdict"] == "does not hold" and "95 %" in better["why"]
    assert found("metal_per_day", efficiency=0.84)["verdict"] == "does not hold"


def test_a_tonne_a_day_is_judged_at_the_stated_current():
    claim = found("metal_per_day", current=200e3)
    assert claim["verdict"] == "holds" and claim["numbers"]["aluminium_kg_per_day"] == pytest.approx(1000.1, abs=0.1)
    assert "1429 kg/day at 200 kA" in claim["why"]


@pytest.mark.parametrize(("energy", "grams", "lifecycle"), [(16.6, 0.6, 0.40), (12.8, 0.8, 0.31)])
def test_footprint_needs_the_printed_grid_factor(energy, grams, lifecycle):
    claim = found("carbon_footprint", energy=energy, emissions=DC_ONLY)
    assert 1e3 * claim["numbers"]["needed_grid_factor_kg_per_kWh"] == pytest.approx(grams, abs=0.05)
    assert claim["numbers"]["hydro_life_cycle_t"] == pytest.approx(lifecycle, abs=0.005)
    assert 30 < claim["numbers"]["hydro_life_cycle_t"] / 0.01 < 40
    assert claim["numbers"]["hydro_zero_t"] == 0.0 and claim["verdict"] == "depends on the boundary"


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ({"grid": "hydro_lifecycle"}, "depends on the boundary"),
        ({"grid": "hydro_zero"}, "depends on the boundary"),
        ({"grid": "wind"}, "depends on the boundary"),
        ({"grid": "world"}, "does not hold"),
        ({"grid": "coal"}, "does not hold"),
        ({"grid_factor": "0 kg/kWh"}, "depends on the boundary"),
        ({"grid_factor": "1 kg/MWh"}, "does not hold"),
        ({"fuel": "20 kg/t"}, "does not hold"),
    ],
)
def test_footprint_follows_the_electricity(options, verdict):
    claim = found("carbon_footprint", emissions=options)
    assert claim["verdict"] == verdict
    if "fuel" in options:
        assert (
            claim["numbers"]["needed_grid_factor_kg_per_kWh"] < 0.0
            and "out of reach of any electricity" in claim["why"]
        )


def test_times_below_the_average():
    claim = found("times_below_average")
    numbers = claim["numbers"]
    assert numbers["average_implied_t_per_t"] == pytest.approx(0.1)
    assert [numbers[f"times_stated_{name}"] for name in ("direct", "scope_1_and_2", "cradle_to_gate")] == pytest.approx(
        [196, 1140, 1510]
    )
    assert claim["verdict"] == "does not hold" and "196, 1140, 1510 times" in claim["why"]
    assert numbers["times_run_direct"] is None and numbers["times_run_scope_1_and_2"] == pytest.approx(27.4, abs=0.1)
    assert found("times_below_average", emissions={"grid_factor": "66 kg/MWh"})["verdict"] == "depends on the boundary"
    both = found("times_below_average", emissions={"grid_factor": "50 kg/MWh", "fuel": "196 kg/t"})
    assert both["verdict"] == "holds" and both["numbers"]["times_run_direct"] == pytest.approx(10.0)


def test_full_scope():
    claim = found("full_scope")
    assert (
        claim["numbers"]["allowed_t_per_t"] == pytest.approx(2.4, abs=0.05) and claim["verdict"] == "cannot be checked"
    )
    assert found("full_scope", emissions={"grid": "world"})["verdict"] == "does not hold"


def test_forest():
    claim = found("forest")
    assert claim["numbers"]["implied_t_per_ha_year"] == pytest.approx(4.64, abs=0.005)
    assert claim["numbers"]["area_in_leaf_ha"] == pytest.approx(1.3, abs=0.05)
    assert claim["verdict"] == "depends on the boundary" and "growing." in claim["why"]
    assert found("forest", current=300e3)["verdict"] == "does not hold"


def test_oxygen_per_tonne():
    claim = found("oxygen_per_tonne")
    assert claim["numbers"]["oxygen_kg_per_t"] == pytest.approx(889.5, abs=0.05) and claim["verdict"] == "holds"


@pytest.mark.parametrize(
    ("density", "verdict"), [(8000.0, "holds"), (6010.0, "holds in part"), (4000.0, "does not hold")]
)
def test_wear_and_purity_follow_the_current_density(density, verdict):
    claim = found("anode_wear", density=density)
    assert claim["verdict"] == verdict and f"{density / 1e4:.3g} A/cm²" in claim["why"]
    assert claim["numbers"]["wt_percent_per_cm_per_year"] == pytest.approx(0.5036 * 6010.0 / density, rel=1e-3)
    assert "2.5 times as much" in claim["why"]


def test_wear_takes_the_case_s_anode():
    cermet = found(
        "anode_wear", anode_wear={"rate": "1 cm/year", "density": "6000 kg/m3", "metal_share": 0.7, "surface": "wetted"}
    )
    assert cermet["numbers"]["wt_percent_per_cm_per_year"] == pytest.approx(0.5036 * 2.5 * 6000 / 7900 * 0.7, rel=1e-3)
    assert "wetted faces" in cermet["why"]
    assert f"1 cm/year come to {text(cermet['numbers']['wt_percent_per_cm_per_year'])} wt %" in cermet["why"]
    none = found("anode_wear", anode_wear={"rate": "1 cm/year", "metal_share": 0.0})
    assert none["verdict"] == "cannot be checked"


def test_energy_is_not_stated():
    claim = found("energy", emissions=DC_ONLY)
    assert claim["verdict"] == "not stated" and "2.79 more" in claim["why"]
    assert claim["numbers"]["break_even_kg_per_kWh"] == pytest.approx(0.70, abs=0.005)
    vertical = found("energy", energy=12.6)
    assert "1.21 less" in vertical["why"] and "less on any electricity" in vertical["why"]
    assert vertical["numbers"]["break_even_kg_per_kWh"] is None
    assert "only below" in claim["why"] and "on any" not in claim["why"]


def test_a_carbon_cell_cannot_be_held_against_them():
    assert {found(name, reaction="carbon")["verdict"] for name in statements()} == {"cannot be checked"}


def test_numbers_in_words():
    assert [text(value) for value in (0.0, 1127.5, 0.60241, 16.6, 0.0100, 24.0)] == [
        "0",
        "1128",
        "0.602",
        "16.6",
        "0.01",
        "24",
    ]
    assert text(1e-5) == "0.00001"
    assert text(1127.5, 5) == "1127.5" and text(-2.796) == "−2.8" and text(123456.7) == "123457"


def test_claims_are_asked_for_in_the_case():
    assert report(stack_solution(text=PROCESS_TEXT))["claims"] == []
    asked = stack_solution(text=PROCESS_TEXT.replace("title", 'claims = ["rusal_2021"]\ntitle'))
    figures = report(asked)
    wanted = [name for name, statement in statements().items() if "rusal_2021" in statement.sets]
    assert [claim["name"] for claim in figures["claims"]] == wanted
    page = html(figures, [])
    assert (
        all(claim["why"].split(";")[0].split("'")[0] in page for claim in figures["claims"]) and 'id="claims"' in page
    )
    older = stack_solution(text=PROCESS_TEXT.replace("title", 'claims = ["rusal_2011"]\ntitle'))
    assert [claim["name"] for claim in report(older)["claims"]] == ["oxygen_per_tonne", "anode_wear"]


def test_claims_without_metal_cannot_be_checked():
    solution = stack_solution(text='claims = ["rusal_2021"]\n')
    assert {claim["verdict"] for claim in report(solution)["claims"]} == {"cannot be checked"}


def test_unknown_set():
    with pytest.raises(
        CaseError, match="claims: .*elysis.* is not a set of published statements; allowed: rusal_2011, rusal_2021"
    ):
        validate(Case, {"claims": ["elysis"]}, Source())
