"""docs/adding-a-balance.md as it stands: its files and lines in a copy of the package make a third balance."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import oxycell

PAGE = Path(__file__).parents[1] / "docs" / "adding-a-balance.md"
LENGTH, SOURCE, INFLOW, AT_LEFT = 1.0, 2e-6, 1e-6, 30.0
D_LEFT, D_RIGHT = 1e-9, 4e-9
SOLVE = """
import json, sys
import numpy as np
import oxycell
from oxycell.io.fields import volume_fields
case = oxycell.load(sys.argv[1])
found = []
for size in sys.argv[2:]:
    solution = oxycell.solve(case.replaced({"mesh.size_x": size}))
    report = oxycell.report(solution)
    cells = solution.record["cells"]
    field, attributes = volume_fields(solution.mesh, solution.record)["concentration"]
    assert np.array_equal(field, cells["concentration"]) and attributes == {"units": "mol/m3"}
    found.append({"x": solution.mesh.cell_centre[:, 0].tolist(), "c": field.tolist(), "ledger": report["balance"],
                  "mean": report["tracer"]["mean_mol_per_m3"], "formula": report["sources"]["tracer.mean_mol_per_m3"]})
print(json.dumps(found))
"""


def blocks(kind):
    """Code blocks of one kind in the page, each with the name of the file that is mentioned last before it."""
    found, file = [], None
    for name, language, text in re.findall(
        r"^`(\S+\.py)`$|^```(\w+)\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S
    ):
        file = name or file
        if language == kind:
            found.append((file, text))
    return found


def changed(text, sign):
    """Lines of a diff with a sign, without it, as one text."""
    return "\n".join(line[1:] for line in text.splitlines() if line[0] == sign)


def exact(x):
    """Concentration [mol/m³] at x (n,) [m], the closed form of the page."""
    alpha = (D_RIGHT - D_LEFT) / (LENGTH * D_LEFT)
    log = np.log1p(alpha * x)
    return AT_LEFT + ((SOURCE * LENGTH + INFLOW) * log / alpha - SOURCE * (x / alpha - log / alpha**2)) / D_LEFT


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Folder with the copy of the package, and the case of the page."""
    folder = tmp_path_factory.mktemp("third")
    shutil.copytree(oxycell.__path__[0], folder / "oxycell", ignore=shutil.ignore_patterns("__pycache__"))
    for file, text in blocks("python"):
        target = folder / file.removeprefix("solver/")
        assert not target.exists()
        target.write_text(text, "utf-8")
    for file, text in blocks("diff"):
        target = folder / file.removeprefix("solver/")
        before, after = (changed(text, sign) for sign in "-+")
        source = target.read_text("utf-8")
        assert source.count(f"{before}\n") == 1, before
        target.write_text(source.replace(f"{before}\n", f"{after}\n"), "utf-8")
    (folder / "case.toml").write_text(blocks("toml")[0][1], "utf-8")
    return folder


def run(folder, *arguments):
    """A command of Python that imports the copy; what it printed."""
    env = {**os.environ, "PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), "NUMBA_CACHE_DIR": ""}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=600
    )
    return done.returncode, done.stdout, done.stderr


def test_two_files_and_three_lines():
    assert len(blocks("python")) == 2 and len(blocks("diff")) == 3
    for _, text in blocks("diff"):
        assert len(set(changed(text, "+").split("\n")) - set(changed(text, "-").split("\n"))) == 1


@pytest.mark.slow
def test_it_is_solved_with_order_two_and_stands_in_record_ledger_and_report(copy):
    code, printed, wrong = run(copy, "-c", SOLVE, "case.toml", "50 mm", "25 mm", "12.5 mm")
    assert code == 0, wrong
    errors = []
    for one in json.loads(printed):
        x, c = np.array(one["x"]), np.array(one["c"])
        errors.append(np.max(np.abs(c - exact(x))))
        assert one["mean"] == pytest.approx(np.mean(c), rel=1e-12) and "volume mean" in one["formula"]
        ledger = one["ledger"]["tracer"]
        assert ledger["closed"] and ledger["solved"] and ledger["unit"] == "mol/s" and ledger["relative"] < 1e-8
        assert one["ledger"]["heat"]["closed"]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all(np.abs(orders - 2.0) < 0.1), (errors, orders)
    spread = np.ptp(exact(np.linspace(0.0, LENGTH, 11)))
    assert errors[-1] < 1e-3 * spread


def test_it_stands_in_explain_schema_and_messages(copy):
    code, printed, wrong = run(copy, "-m", "oxycell", "explain", "tracer")
    assert code == 0 and "tracer.diffusivity" in printed and "m2/s" in printed, wrong
    code, printed, _ = run(copy, "-m", "oxycell", "schema")
    schema = json.loads(printed)
    assert code == 0 and "tracer" in schema["properties"] and "fixed_concentration" in printed
    text = (copy / "case.toml").read_text("utf-8")
    (copy / "wrong.toml").write_text(text.replace('source = "2e-6 mol/m3/s"', 'source = "2e-6 mol/s"'), "utf-8")
    code, _, wrong = run(copy, "-m", "oxycell", "run", "wrong.toml")
    assert code == 2 and re.match(r"error: wrong.toml:\d+: tracer.source: .*mol/m3/s", wrong), wrong


def test_without_its_lines_there_is_no_such_section(tmp_path):
    """Counter-test: the package as it is refuses the case, naming the section."""
    (tmp_path / "case.toml").write_text(blocks("toml")[0][1], "utf-8")
    with pytest.raises(oxycell.CaseError, match="tracer"):
        oxycell.load(tmp_path / "case.toml")
