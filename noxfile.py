"""The tests on every supported Python, and with the oldest and the newest dependencies.

`nox -l` lists the sessions, `nox -s quick` runs one, `nox -s tests-3.12 -- tests/mesh` hands arguments to pytest. A
Python that is not installed is skipped; with `--error-on-missing-interpreters` that is an error.
"""

import re
import tomllib
from pathlib import Path

import nox

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
PROJECT = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# h5py 3.7 has no wheel for Python 3.11; as a package of Debian 12 it serves.
FIRST_WHEELS = {"h5py": "3.8"}
nox.options.sessions = ["style", "quick"]
nox.options.reuse_existing_virtualenvs = True


def oldest(requirements):
    """Requirements "name>=version" as "name==version", exactly the lower bounds that pyproject.toml states."""
    pinned = []
    for text in requirements:
        name, bound = re.fullmatch(r"([A-Za-z0-9_.-]+)>=([0-9.]+)", text).groups()
        pinned.append(f"{name}=={FIRST_WHEELS.get(name, bound)}")
    return pinned


@nox.session
def style(session):
    """Format, lint and types, as tests/test_style.py and the hooks of .pre-commit-config.yaml check them."""
    session.install(".[dev]")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")


@nox.session(python=PYTHONS)
def quick(session):
    """The quick suite."""
    session.install(".[dev,mesh]")
    session.run("python", "-m", "pytest", "@tests/quick.txt", *session.posargs)


@nox.session(python=PYTHONS)
def tests(session):
    """The whole suite, with the newest dependencies that pip finds."""
    session.install("--upgrade", "--upgrade-strategy", "eager", ".[dev,mesh]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=PYTHONS[0], name="oldest")
def tests_with_oldest(session):
    """The quick suite on the oldest Python with the oldest dependencies, the lower bounds in pyproject.toml."""
    pinned = oldest([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["mesh"]])
    session.install("--only-binary", ":all:", *pinned, "pytest", "pytest-xdist", "hypothesis", "vtk", "hatchling")
    session.install("--no-deps", "--no-build-isolation", ".")
    session.run("python", "-m", "pytest", *(session.posargs or ["@tests/quick.txt"]))


@nox.session
def coverage(session):
    """Line coverage of the whole suite; CONTRIBUTING.md says what the number leaves out."""
    session.install(".[dev,mesh]")
    session.run("python", "-m", "pytest", "--cov", "--cov-report=term", *session.posargs)
