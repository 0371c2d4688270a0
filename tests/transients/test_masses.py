"""A pot that is fed and tapped over time, from the command line: what its history says, that it goes on bitwise, that
its ledgers open where a mass or its heat is lost, and what is refused."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from tests.transients.pot import write_pot
from tests.transients.tank import differences

import oxycell
from oxycell.cell.electrochemistry import Process
from oxycell.cli import main
from oxycell.io.checkpoint import latest_checkpoint
from oxycell.physics.current_heat import CurrentHeat
from oxycell.physics.heat.masses import MassBalance
from oxycell.physics.heat.stored import HeatStored
from oxycell.transients.folder import FolderSink

H, MINUTE = 3600.0, 60.0
USED = 0.887 * 11e3 * 0.101961276 / (6 * 96485.33212) * H  # kg/h
SHORT = '\n[transient]\nend = "6 min"\nfirst_step = "3 min"\n'
BOTH = (
    SHORT
    + '[transient.feed]\nrelative = 3.0\n[transient.tapping]\nmass = "100 kg"\ntimes = ["0 h"]\nduration = "6 min"\n'
)
MASSES = {"bath", "excess_alf3", "caf2", "alumina", "stock", "metal", "aluminium"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(over_time, folder="out", code=0):
    """Run the pot; its rows as columns, name → (n,)."""
    case = write_pot(Path("pot.toml"), over_time)
    assert main(["run", case, "-o", folder, "-q"]) == code
    return columns(folder)


def columns(folder):
    with open(Path(folder) / "history.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name] or "nan") for row in rows]) for name in rows[0]}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Folder of a run of two hours: not fed in the first, 40 % too much in the second, 50 kg tapped after half an
    hour."""
    place = tmp_path_factory.mktemp("whole")
    assert main(["run", write_pot(place / "pot.toml"), "-o", str(place / "run"), "-q"]) == 0
    return place / "run"


def test_history_of_what_is_fed_and_tapped(whole):
    found = columns(whole)
    time, after = found["time"], {name: values[-1] for name, values in found.items()}
    assert {0.5 * H, 0.5 * H + 600.0, H, 2 * H} <= {*time}, "each event ends a step"
    assert after["sums.used_kg"] == pytest.approx(2 * USED, rel=1e-9)
    assert after["sums.fed_kg"] == pytest.approx(1.4 * USED, rel=1e-9)
    assert after["sums.tapped_kg"] == pytest.approx(50.0, rel=1e-12)
    made = 2 * 0.887 * 11e3 * 0.0269815385 / (3 * 96485.33212) * H
    assert after["metal_kg"] == pytest.approx(found["metal_kg"][0] + made - 50.0, rel=1e-12)
    dissolved = 0.01 * found["bath.alumina"] * found["bath_kg"]
    assert np.diff(dissolved + found["stock_kg"]) == pytest.approx(
        np.diff(found["sums.fed_kg"] - found["sums.used_kg"])
    )
    hour = int(np.flatnonzero(time == H)[0])
    goes_on = np.diff(time)[:hour] > 0.0  # not to the second row at a jump
    assert (np.diff(found["bath.alumina"])[:hour][goes_on] < 0.0).all() and found["bath.alumina"][-1] > found[
        "bath.alumina"
    ][hour]
    assert found["stock_kg"][hour] < 0.01 * found["stock_kg"][0], "what lay there has dissolved"


def test_report_of_what_is_fed_and_tapped(whole):
    figures, found = json.loads((whole / "report.json").read_text()), columns(whole)
    masses, totals = figures["masses"], figures["transient"]["totals"]
    for key, column in (("bath_kg",) * 2, ("frozen_kg",) * 2, ("metal_kg",) * 2, ("stock_kg",) * 2):
        assert masses[key] == pytest.approx(found[column][-1], rel=1e-12)
    assert masses["alumina_wt_percent"] == pytest.approx(found["bath.alumina"][-1], rel=1e-12)
    assert masses["fed_kg_per_h"] == pytest.approx(1.4 * USED, rel=1e-9) and masses["tapped_kg_per_h"] == 0.0
    assert totals["alumina_fed_kg"] == found["sums.fed_kg"][-1] and totals["metal_tapped_kg"] == pytest.approx(50.0)
    ledger = figures["transient"]["ledger"]
    assert {f"mass_of_{name}" for name in MASSES} | {"use_of_alumina", "energy_of_a_step"} <= {*ledger}
    assert all(member["closed"] for member in ledger.values())
    said = " ".join(figures["transient"]["statements"])
    assert "kg of alumina were fed" in said and "50.0 kg tapped" in said
    assert "Course over time" in (whole / "report.html").read_text()


def test_feed_that_equals_use_is_a_run_without_feed(place):
    """And what is not stated is not counted."""
    default = run(SHORT)
    feed = run(SHORT + '[transient.feed]\nrelative = 1.0\nfast_share = 1.0\nfast_time = "0 s"\n', "fed")
    assert "stock_kg" not in default and "masses" in json.loads(Path("out/report.json").read_text())
    for name in ("heat.lump_temperatures_K.bath", "liquidus_K", "frozen_kg", "sums.process_J", "bath.alumina"):
        assert feed[name] == pytest.approx(default[name], rel=1e-9), name


def test_goes_on_bitwise_with_doses(place, monkeypatch):
    """Each dose is an event with a checkpoint, and is fed once."""
    doses = '[transient.feed]\ndose = "0.2 kg"\ninterval = "100 s"\n'
    found = run(SHORT + doses, "whole")
    assert {100.0, 200.0, 300.0} <= {*found["time"]} and found["sums.fed_kg"][-1] == pytest.approx(0.6, rel=1e-12)
    steady = 0.4 * 0.2 / 100.0 / (0.003 * (1.0 - found["bath.alumina"][0] / found["saturation"][0]))
    assert found["stock_kg"][0] == pytest.approx(steady + 0.6 * 0.2 / 100.0 * 20.0, rel=1e-9)
    write, stops = FolderSink.checkpoint, []

    def checkpoint(sink, content):
        write(sink, content)
        if not content["ended"]:
            stops.append(content["time"])
            raise KeyboardInterrupt

    monkeypatch.setattr(FolderSink, "checkpoint", checkpoint)
    assert main(["run", "pot.toml", "-o", "out", "-q"]) == 130
    while main(["run", "--resume", "out", "-q"]) == 130:
        pass
    assert stops == [0.0, 100.0, 200.0, 300.0]
    assert latest_checkpoint("out").content["amounts"]["stock"].size == 2
    assert differences(Path("whole"), Path("out")) == []


def lost(monkeypatch, capsys, owner, name, wrong):
    """Message of the pot fed and tapped, with one function of it that is wrong."""
    before = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *given: wrong(before(*given)))
    case = write_pot(Path("pot.toml"), BOTH)
    capsys.readouterr()
    assert main(["run", case, "-o", "out", "-q"]) == 3
    return capsys.readouterr().err


def _changed(**more):
    """Masses with some of them times a factor."""
    return lambda masses: masses._replace(**{name: factor * getattr(masses, name) for name, factor in more.items()})


@pytest.mark.parametrize(
    ("wrong", "opened"),
    [
        (_changed(pools=np.array([1.0 - 1e-6, 1.0])), "mass of bath"),
        (_changed(pools=np.array([1.0, 1.0 - 1e-6])), "mass of metal"),
        (_changed(solutes=1.0 - 1e-6), "mass of excess alf3"),
        (_changed(stock=1.0 - 1e-6), "mass of stock"),
        (_changed(used=1.0 - 1e-6), "use of alumina"),
        (_changed(dissolved=1.0 - 1e-3), "mass of alumina"),
        (_changed(made=1.0 - 1e-3), "mass of metal"),
    ],
    ids=["bath", "metal", "solutes", "stock", "use", "dissolved", "made"],
)
def test_a_mass_that_is_lost_opens_a_ledger(place, monkeypatch, capsys, wrong, opened):
    assert f"{opened} does not close" in lost(monkeypatch, capsys, MassBalance, "at", wrong)


def test_metal_of_no_alumina_opens_a_ledger(place, monkeypatch, capsys):
    said = lost(monkeypatch, capsys, Process, "aluminium_rate", lambda rate: 1.001 * rate)
    assert "mass of aluminium does not close" in said


def test_heat_that_is_lost_opens_a_ledger(place, monkeypatch, capsys):
    """Masses that carry none; alumina that takes none."""
    with monkeypatch.context() as patch:
        said = lost(patch, capsys, HeatStored, "carried", lambda carried: 0.999 * carried)
    assert "energy of the run does not close" in said

    def without_feed(terms):
        return tuple(term._replace(value=0.999 * term.value) if term.name == "feed" else term for term in terms)

    said = lost(monkeypatch, capsys, CurrentHeat, "in_rows", without_feed)
    assert "energy does not close" in said


def fails(capsys, over_time, code, *more):
    case = write_pot(Path("pot.toml"), over_time)
    capsys.readouterr()
    assert main(["run", case, "-o", "out", "-q", *more]) == code
    err = capsys.readouterr().err
    assert err.startswith("error: ") and len(err.splitlines()) == 1, err
    return err


def test_alumina_that_is_used_up(place, capsys):
    starved = SHORT + '[transient.feed]\nrate = "0 kg/h"\nstock = "0 kg"\n'
    said = fails(capsys, starved, 3, "--set", "bath.alumina=0.1")
    assert "the alumina is used up: after 0.0" in said
    assert columns("out")["bath.alumina"][-1] <= 0.0 < columns("out")["bath.alumina"][-2]


def test_metal_that_is_used_up(place, capsys):
    tapping = SHORT + '[transient.tapping]\nmass = "1 t"\ntimes = ["0 h"]\nduration = "4 min"\n'
    assert "the metal is used up: after 0.0" in fails(capsys, tapping, 3)


def test_alumina_beyond_saturation_is_an_alert(place):
    run(SHORT + '[transient.feed]\nrate = "100 kg/h"\nfast_share = 1.0\nfast_time = "0 s"\n')
    figures = json.loads(Path("out/report.json").read_text())
    alert = next(entry for entry in figures["alerts"] if entry["kind"] == "saturation")
    masses = figures["masses"]
    assert 1.0 < alert["times"] == pytest.approx(masses["alumina_wt_percent"] / masses["saturation_wt_percent"])
    assert "of alumina and can dissolve" in alert["message"]


FEED, TAP = "[transient.feed]\n", '[transient.tapping]\nmass = "1 kg"\n'
TABLE = '\n[transient.schedule]\n"transient.feed.rate" = { time = ["0 s", "1 min"], value = [%s] }\n'


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (FEED, "transient.feed: states none of rate, relative and dose; allowed: one of them"),
        (FEED + 'rate = "1 kg/h"\nrelative = 1\n', "states rate and relative of rate, relative and dose"),
        (FEED + 'dose = "1 kg"\n', "dose and interval go together"),
        (FEED + 'dose = "1 kg"\ninterval = "1 h"\n', "transient.feed.interval: 3600 s is not within the run"),
        (FEED + "relative = -1\n", "transient.feed.relative: -1"),
        (FEED + 'rate = "1 kg"\n', "transient.feed.rate: "),
        (TAP + 'times = ["7 min"]\n', "transient.tapping.times.0: 420 s is outside the run; allowed: from 0"),
        (TAP + 'times = ["0 s", "5 min"]\n', "transient.tapping.times.1: 300 s is before the tapping at 0 s has ended"),
        (TAP + 'times = []\npool = "pad"\n', 'transient.tapping.pool: no lump of metal is called "pad"; nearest is'),
        (TAP + 'times = []\npool = "bath"\n', 'transient.tapping.pool: no lump of metal is called "bath"'),
        (TABLE % '"1 kg/h", "2 kg/h"', "there is no [transient.feed]"),
        (FEED + "relative = 1\n" + TABLE % '"1 kg/h", "2 kg/h"', "transient.feed states no rate"),
        (FEED + 'rate = "1 kg/h"\n' + TABLE % '"1 kg/h", "2 m"', 'transient.feed.rate".value.1: '),
    ],
)
def test_refused(place, capsys, stated, said):
    assert said in fails(capsys, SHORT + stated, 2)
    assert not Path("out").exists()


def test_refused_without_what_it_needs(place, capsys):
    for change, said in (
        ('terminals.0={name="beam",surfaces=["top"],potential="4 V"}', "terminals of given current, but for one"),
        ('process={current_efficiency_model="mass_transfer"}', "process.cathode_area: is needed where alumina is"),
        ("physics.electric=false", "transient.feed: needs currents and heat"),
    ):
        assert said in fails(capsys, SHORT + FEED + "relative = 1\n", 2, "--set", change)


def test_history_has_what_the_schedule_feeds(tmp_path):
    solution = oxycell.solve(oxycell.load(write_pot(tmp_path / "pot.toml")))
    times, fed = (solution.course[name] for name in ("time", "schedule.transient.feed.relative"))
    assert list(fed[times == 0.0]) == [1.0, 0.0]
    assert list(fed[times == 3600.0]) == [0.0, 1.4]


@pytest.mark.parametrize("end", ["1 h", "61 min"])
def test_metal_that_falls_at_once_beside_a_ledge(tmp_path, end):
    steep = f"""
[transient]
end = "2 h"

[transient.schedule]
"boxes.1.z.1" = {{ time = ["0 h", "1 h", "{end}"], value = ["200 mm", "215 mm", "200 mm"] }}
"boxes.2.z.0" = {{ time = ["0 h", "1 h", "{end}"], value = ["200 mm", "215 mm", "200 mm"] }}
"""
    path = write_pot(tmp_path / "pot.toml", steep)
    assert main(["run", path, "--quiet", "-o", str(tmp_path / "run")]) == 0
