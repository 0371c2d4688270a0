"""docs/adding-an-electrode-law.md as it stands: a class, a branch and a line in a copy of the package make a law; a
class and a line from Python do on a branch that is there."""

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
from oxycell.constants import GAS_CONSTANT

PAGE = (Path(__file__).parents[1] / "docs" / "adding-an-electrode-law.md").read_text("utf-8")
CLASS, SCRIPT = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
CASE = re.search(r"^```toml\n(.*?)^```$", PAGE, re.M | re.S)[1]
STATED = re.search(r"^laws = .*$", CASE, re.M)[0]
FILM = re.search(r"`(laws = .*)`", PAGE)[1]
SCALE = 2e-5 * np.exp(6e4 / GAS_CONSTANT * (1.0 / 1173.15 - 1.0 / 1233.15))  # [ohm m²]
HALVES = 0.1 / 1e6 + 0.02 / 200.0  # [ohm m²]
SOLVE = """
import json
import oxycell
from oxycell.physics.electrode.drops import SCALE, drop

report = oxycell.report(oxycell.solve(oxycell.load("case.toml")))
numbers = (2e-5, 1233.15, 6e4, 0.0)
drops = [[drop(SCALE, numbers, J, T) for J in (-3e3, 1.0, 2e4)] for T in (900.0, 1233.15)]
print(json.dumps([report["voltage"], report["balance"], drops]))
"""


def edits():
    """Of every edit the page tells: file of the package, text it finds, text it leaves."""
    found, file = [], None
    for name, text in re.findall(r"`solver/(\S+\.py)`|^```diff\n(.*?)^```$", PAGE, re.M | re.S):
        file = name or file
        if text:
            lines = text.splitlines(keepends=True)
            before, after = ("".join(line[1:] for line in lines if line[0] != other) for other in "+-")
            found.append((file, before, after))
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Folder with a copy of the package that has the law of the page, and its case."""
    folder = tmp_path_factory.mktemp("scale")
    shutil.copytree(oxycell.__path__[0], folder / "oxycell", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "oxycell/physics/electrode/scale.py").write_text(CLASS, "utf-8")
    for file, before, after in edits():
        text = (folder / file).read_text("utf-8")
        assert text.count(before) == 1, before
        (folder / file).write_text(text.replace(before, after), "utf-8")
    (folder / "case.toml").write_text(CASE, "utf-8")
    return folder


def run(folder, *arguments, package=None):
    """A command of Python that imports the package of a folder."""
    env = {**os.environ, "PYTHONPATH": str(package or folder)}
    if package is None:
        env |= {"XDG_CACHE_HOME": str(folder / "cache"), "NUMBA_CACHE_DIR": ""}
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True)


def test_a_class_a_branch_and_a_line():
    """Beside the new file: a number, a branch, an import and a line of the registry, in two files."""
    found = edits()
    assert {file.rpartition("/")[2] for file, _, _ in found} == {"drops.py", "laws.py"}
    assert sum(after.count("\n") - before.count("\n") for _, before, after in found) == 5


@pytest.mark.slow
def test_it_is_solved_and_reported(copy):
    done = run(copy, "-c", SOLVE)
    assert done.returncode == 0, done.stderr
    voltage, balance, drops = json.loads(done.stdout)
    assert voltage["cell_V"] == pytest.approx(5e3 * (HALVES + SCALE), rel=1e-9)
    assert voltage["interfaces"]["front"]["overpotential_V"] == pytest.approx(5e3 * SCALE, rel=1e-9)
    assert f"{SCALE * 1e6:.1f} µΩ m²" in PAGE and f"{voltage['cell_V']:.3f} V" in PAGE
    assert balance["electric_power"]["relative"] <= 1e-8 and balance["charge"]["relative"] <= 1e-10
    for row, T in zip(drops, (900.0, 1233.15), strict=True):
        resistance = 2e-5 * np.exp(6e4 / GAS_CONSTANT * (1.0 / T - 1.0 / 1233.15))
        for (value, slope), J in zip(row, (-3e3, 1.0, 2e4), strict=True):
            assert value == pytest.approx(resistance * J, rel=1e-13) and slope == pytest.approx(resistance, rel=1e-13)


def test_it_stands_in_explain_schema_and_messages(copy):
    done = run(copy, "-m", "oxycell", "explain", "interfaces.laws.activation")
    assert done.returncode == 0 and "J/mol" in done.stdout and "activation energy" in done.stdout, done.stderr
    done = run(copy, "-m", "oxycell", "schema")
    assert done.returncode == 0 and "Scale" in json.loads(done.stdout)["$defs"], done.stderr
    (copy / "wrong.toml").write_text(CASE.replace("60 kJ/mol", "60 kJ"), "utf-8")
    done = run(copy, "-m", "oxycell", "run", "wrong.toml")
    assert done.returncode == 2, done.stderr
    assert re.match(r"error: wrong.toml:\d+: interfaces.0.laws.0.activation: .*J/mol", done.stderr), done.stderr
    (copy / "wrong.toml").write_text(CASE.replace(STATED, STATED.replace("[{", "[{ kind = 'scale' }, {")), "utf-8")
    done = run(copy, "-m", "oxycell", "run", "wrong.toml")
    assert done.returncode == 2 and ".0.laws.0.resistance: missing" in done.stderr, done.stderr


def test_the_package_as_it_is_refuses_the_law(tmp_path):
    """Counter-test: without class, branch and line there is no such kind."""
    (tmp_path / "case.toml").write_text(CASE, "utf-8")
    with pytest.raises(oxycell.CaseError, match="scale"):
        oxycell.load(tmp_path / "case.toml")


def test_a_class_and_a_line_from_python(tmp_path):
    """The page's script; without its registering line the case is refused."""
    (tmp_path / "case.toml").write_text(CASE.replace(STATED, FILM), "utf-8")
    package = Path(oxycell.__path__[0]).parent
    done = run(tmp_path, "-c", SCRIPT, package=package)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.removesuffix(" V\n")) == pytest.approx(5e3 * (HALVES + 5e-4 / 20.0), rel=1e-9)
    assert f"{5e3 * (HALVES + 5e-4 / 20.0):.3f} V" in PAGE
    done = run(tmp_path, "-c", SCRIPT.replace('LAWS["film"] = Film\n', ""), package=package)
    assert done.returncode != 0 and '"film"' in done.stderr
