"""A check: one problem with a known answer, posed on one mesh or several, and the judgement of what the solver
answers."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import oxycell
from oxycell.errors import Interrupted
from oxycell.verification.answer import Answer

PHYSICS = ("thermal", "electric", "coupled", "time")
SECOND_ORDER = (1.9, 2.3)
IN_TIME = (1.9, 2.1)


@dataclass(frozen=True)
class Posed:
    """A problem on one mesh, or in one number of steps.

    Attributes
    ----------
    case : dict, the parts of a case file
    exact : float, the answer, found by what shares nothing with the solver
    measured : Answer → float, what the solver's answer is
    scale : float or None, what the error is relative to; None: the exact answer
    mesh_file : function that writes the case's mesh file to a path, or None
    fields : what the case takes from Python, see `oxycell.solve`, or None
    limit : float or None, what the answer has to approach with the observed order: in problems in time the exact answer
        of the equations on the mesh; None: the exact answer
    """

    case: dict
    exact: float
    measured: Callable[[Answer], float]
    scale: float | None = None
    mesh_file: Callable[[Path], None] | None = None
    fields: dict[str, Callable] | None = None
    limit: float | None = None

    def answer(self):
        """Solve it; raises what the solver raises. Problems that differ in what is measured alone are solved once."""
        if self.mesh_file is None and self.fields is None:
            return solved_once(json.dumps(self.case))
        if self.mesh_file is None:
            return Answer(oxycell.solve(oxycell.Case.model_validate(self.case), fields=self.fields))
        with TemporaryDirectory() as folder:
            path = Path(folder) / "mesh.msh"
            self.mesh_file(path)
            mesh = self.case.get("mesh", {}) | {"file": str(path)}
            return Answer(oxycell.solve(oxycell.Case.model_validate(self.case | {"mesh": mesh}), fields=self.fields))


@lru_cache(maxsize=16)
def solved_once(case: str) -> Answer:
    """Answer of a case, its parts as JSON."""
    return Answer(oxycell.solve(oxycell.Case.model_validate(json.loads(case))))


@dataclass(frozen=True)
class Check:
    """A problem with a known answer.

    Attributes
    ----------
    pose : mesh number → Posed
    name : of the function that poses it, with hyphens
    title : first line of that function's docstring
    physics : one of `PHYSICS`
    kind : class of problems it belongs to
    source : where the exact answer comes from
    unit : of the answer
    tolerance : largest error on the last mesh, over the problem's scale
    meshes : numbers `pose` takes: cells along a typical length, in problems in time steps over the run; rising; one
        where the scheme is exact
    order : least and largest observed order of convergence between the last two meshes, where there are several
    slow : whether the quick set leaves it out
    successive : whether the order is that of the differences of successive answers, at least three: where the answer
        they approach is not known otherwise
    """

    pose: Callable[[int], Posed]
    name: str
    title: str
    physics: str
    kind: str
    source: str
    unit: str
    tolerance: float
    meshes: tuple[int, ...] = (1,)
    order: tuple[float, float] = SECOND_ORDER
    slow: bool = False
    successive: bool = False

    def run(self):
        """Solve it on all its meshes and judge; a solve that fails is a failure of the check, not an error."""
        start, exact, measured = time.perf_counter(), float("nan"), float("nan")
        errors, apart, before = [], [], None
        try:
            for mesh in self.meshes:
                posed = self.pose(mesh)
                exact, measured = posed.exact, float("nan")
                measured = float(posed.measured(posed.answer()))
                scale = abs(exact if posed.scale is None else posed.scale)
                errors.append(abs(measured - exact) / scale)
                limit = before if self.successive else exact if posed.limit is None else posed.limit
                if limit is not None:
                    apart.append(abs(measured - limit) / scale)
                before = measured
            failures = self.judge(errors, apart)
        except Interrupted:
            raise
        except Exception as error:  # a fault of any kind is what a check is there to find
            failures = [f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"]
        took = time.perf_counter() - start
        return Result(self, exact, measured, tuple(errors), tuple(failures), took, tuple(apart))

    def judge(self, errors, apart: Any = None):
        """What is wrong with the errors on the meshes, list of str; `apart`: how far the answers are from what they
        have to approach, None: the errors."""
        failures = []
        if not errors[-1] <= self.tolerance:
            failures.append(f"error {errors[-1]:.1e}, allowed {self.tolerance:.1e}")
        if len(self.meshes) > 1:
            found = self.order_of(errors if apart is None else apart)
            if not self.order[0] <= found <= self.order[1]:
                failures.append(f"order {found:.2f}, allowed {self.order[0]:g} to {self.order[1]:g}")
        return failures

    def order_of(self, apart: Any) -> Any:
        """Observed order between the last two meshes, or three where it is that of successive differences; NaN with
        fewer."""
        if len(apart) < 2:
            return float("nan")
        return float(observed_orders(1.0 / np.array(self.meshes[: len(apart)], float), apart)[-1])


@dataclass(frozen=True)
class Result:
    """What came of a check: exact and measured answer on the last mesh, errors on all, failures (none: it passed),
    seconds, how far the answers are from what they have to approach (none: the errors)."""

    check: Check
    exact: float
    measured: float
    errors: tuple[float, ...]
    failures: tuple[str, ...]
    seconds: float
    apart: tuple[float, ...] = ()

    @property
    def passed(self):
        """Whether the solver's answer is right."""
        return not self.failures

    @property
    def order(self):
        """Observed order between the last two meshes, None on a single one."""
        whole = 1 < len(self.errors) == len(self.check.meshes)
        return self.check.order_of(self.apart or self.errors) if whole else None


def observed_orders(sizes, errors):
    """Orders of convergence between successive meshes.

    Parameters
    ----------
    sizes, errors : (n,), both > 0

    Returns
    -------
    (n − 1,); NaN or infinite where an error is 0 or no number
    """
    sizes, errors = np.asarray(sizes, float), np.asarray(errors, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(errors[1:] / errors[:-1]) / np.log(sizes[1:] / sizes[:-1])


def title_of(function):
    """First paragraph of a docstring as one line."""
    return " ".join(function.__doc__.split("\n\n")[0].split())


def check(physics, kind, source, unit, tolerance, **more) -> Any:
    """Decorator that makes a Check of a function mesh number → Posed; its docstring's first paragraph is the title."""

    def made(pose):
        return Check(
            pose,
            pose.__name__.replace("_", "-"),
            title_of(pose),
            physics,
            kind,
            source,
            unit,
            tolerance,
            **more,
        )

    return made
