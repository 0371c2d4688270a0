"""The source keeps the settings of ruff and mypy in pyproject.toml; what hooks and CONTRIBUTING.md name is there."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CHECKS = {"format": ["ruff", "format", "--check", "."], "ruff": ["ruff", "check", "."], "mypy": ["mypy"]}
QUICK = ROOT / "tests" / "quick.txt"


def passes(*command, cwd=ROOT):
    """What a command of this Python says, None if it is content."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True)
    return None if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.slow
def test_source_passes(check):
    assert passes(*CHECKS[check]) is None


@pytest.mark.parametrize(
    ("check", "text", "finding"),
    [
        ("format", "x = 'a'\n", "reformat"),
        ("format", f"x = [{'1, ' * 45}]\n", "reformat"),
        ("ruff", "import os\n", "F401"),
        ("ruff", f'x = "{"a" * 120}"\n', "E501"),
    ],
)
def test_ruff_finds_what_it_should(tmp_path, check, text, finding):
    """Counter-tests: a file in another format, or with an unused import, does not pass; one that is right does."""
    (tmp_path / "a.py").write_text('x = "a"\n')
    command = [*CHECKS[check][:-1], "--config", str(ROOT / "pyproject.toml"), str(tmp_path)]
    assert passes(*command) is None
    (tmp_path / "a.py").write_text(text)
    assert finding in passes(*command)


def undefined(root):
    """Names that nothing defines, as ruff finds them, "FILE:LINE: NAME". Units of `Quantity["W/m2/K"]`, which it takes
    for names, are left out: for their sake the rule is off in pyproject.toml."""
    command = ["ruff", "check", "--isolated", "--select", "F821", "--output-format", "concise", str(root)]
    said = subprocess.run([sys.executable, "-m", *command], cwd=root, capture_output=True, text=True).stdout
    found = []
    for file, line, name in re.findall(r"^(\S.*?):(\d+):\d+: F821 .*`(.*)`", said, re.MULTILINE):
        if "Quantity[" not in (root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]:
            found.append(f"{file}:{line}: {name}")
    return found


def test_every_name_is_defined():
    assert undefined(ROOT / "solver") == []


def test_a_name_that_nothing_defines_is_found(tmp_path):
    """Counter-test, in a signature, where mypy has to take it for a unit, too."""
    (tmp_path / "a.py").write_text('def f(a: Mesh, b: Quantity["m"]) -> int:\n    return wrong\n')
    assert undefined(tmp_path) == ["a.py:2: wrong"]
    (tmp_path / "a.py").write_text("def f(a: Mesh) -> int:\n    return 1\n")
    assert undefined(tmp_path) == ["a.py:1: Mesh"]


@pytest.mark.slow
def test_mypy_looks_into_functions_of_the_annotated_folders(tmp_path):
    """Counter-test: a wrong type within a function without annotations is found there, by the project's settings."""
    for folder, text in {
        "mesh": "def f():\n    return 1 + 'a'\n",
        "report": "def f():\n    return 1 + 'a'\n",
    }.items():
        (tmp_path / "oxycell" / folder).mkdir(parents=True)
        (tmp_path / "oxycell" / folder / "a.py").write_text(text)
    settings = str(ROOT / "pyproject.toml")
    said = passes("mypy", "--config-file", settings, "--cache-dir", str(tmp_path / "c"), "oxycell", cwd=tmp_path)
    assert said is not None and "mesh/a.py:2" in said.replace("\\", "/")
    assert "report/a.py" not in said


def modules_run(entry):
    """The module that a hook's command runs, "python -m MODULE …"."""
    return re.match(r"python -m ([\w.]+)", entry).group(1)


def test_hooks_are_of_the_project_itself():
    """Nothing is fetched, and each is a tool of the extra [dev]; the checks of this file are among them."""
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    values = {key: re.findall(rf"^[ -]*{key}: (.*)$", text, re.MULTILINE) for key in ("repo", "language", "entry")}
    assert {*values["repo"]} == {"local"} and {*values["language"]} == {"system"}
    assert len(values["language"]) == len(values["entry"]) == text.count("- id: ")
    tools = {re.match(r"[\w-]+", text).group(0) for text in PROJECT["project"]["optional-dependencies"]["dev"]}
    assert {modules_run(entry) for entry in values["entry"]} <= tools
    for command in CHECKS.values():
        plain = " ".join(part for part in command if part not in (".", "--check"))
        assert any(entry.startswith(f"python -m {plain}") for entry in values["entry"])


def test_paths_of_the_quick_suite_are_there():
    lines = QUICK.read_text(encoding="utf-8").split()
    paths = [line for line in lines if line.startswith("tests/")]
    assert len(paths) > 10 and all((ROOT / path).exists() for path in paths)


def test_supported_pythons_are_those_of_nox():
    text = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    pythons = re.search(r"^PYTHONS = \[(.*)\]", text, re.MULTILINE).group(1).replace('"', "").split(", ")
    assert PROJECT["project"]["requires-python"] == f">={pythons[0]}"
    stated = [text.rpartition(" ")[2] for text in PROJECT["project"]["classifiers"] if "Python :: 3." in text]
    assert stated and {*stated} <= {*pythons}


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "README.md"])
def test_files_that_are_named_exist(name):
    """Links and paths in `code` of the pages that a newcomer reads first."""
    text = (ROOT / name).read_text(encoding="utf-8")
    paths = re.findall(r"\]\(([\w./-]+?)(?:#[\w-]+)?\)", text)
    paths += re.findall(r"`((?:solver|tests|docs|cases|findings|benchmarks)/[\w./-]+)`", text)
    assert paths and [path for path in paths if not (ROOT / path).exists()] == []
