"""Reductions over a mesh: what they give, and that the solve path reduces nowhere else; the rule is shown to catch what
breaks it."""

import ast
from pathlib import Path

import numpy as np
import pytest

from oxycell.numerics import reductions
from oxycell.numerics.reductions import (
    anywhere,
    dot,
    everywhere,
    largest,
    largest_size,
    largest_where,
    norm,
    smallest,
    span,
    total,
    totals,
)

PACKAGE = Path(reductions.__file__).parents[1]
SOLVE_PATH = ("numerics/*.py", "physics/**/*.py", "solvers/*.py")
"""Linear solvers, `numerics/lattice` and `numerics/aggregation`, add up in the order of their own blocks."""

REDUCING = {
    "sum", "nansum", "prod", "mean", "average", "median", "max", "min", "amax", "amin", "nanmax", "nanmin", "ptp",
    "argmax", "argmin", "all", "any", "dot", "vdot", "inner", "norm",
}  # fmt: skip
WHOLE = {"dot", "vdot", "inner", "norm"}  # a second argument of these is no axis

EXCUSED = {
    ("numerics.reductions", "*"): "this is where it is done",
    ("numerics.anderson", "next"): "products of the few changes kept, (k, k)",
    ("physics.varying", "_one_table"): "points of a table, as a case is read",
    ("physics.varying", "_field"): "what is given from Python, as a case is built",
    ("physics.varying", "_check_limits"): "options, as a case is built",
    ("physics.varying", "_within"): "options, as a case is built",
    ("physics.heat.boundaries", "check"): "options, as a case is built",
    ("physics.charge.resistivity", "_table"): "points of a table of a material, weighted",
    ("physics.heat.thermal", "transformed"): "whether any material varies",
    ("physics.heat.thermal", "change"): "whether any material varies",
    ("physics.heat.step_units", "at"): "whether any material varies",
    ("physics.current_heat", "in_rows"): "whether there is anything to do here",
    ("physics.ledge.columns", "_walked"): "how many cells columns have, as a case is built",
    ("physics.ledge.ledge", "_covered"): "how many groups of columns there are",
    ("physics.ledge.ledge", "_smoothing"): "products of sparse matrices of one front",
}
"""(module, function) → why what it reduces is not spread over a mesh; "*": the whole module."""


def reductions_in(source):
    """(function, line, text) of every expression outside kernels that reduces an array to a number, or multiplies
    arrays: a numpy function or method that does, without an axis, and `@`."""
    tree = ast.parse(source)
    kernels, inside = set(), {}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        compiled = any("kernel" in ast.unparse(decorator) for decorator in function.decorator_list)
        for node in ast.walk(function):
            inside[node] = function.name
            if compiled:
                kernels.add(node)
    for node in ast.walk(tree):
        if node in kernels:
            continue
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult) or _reduces(node):
            yield inside.get(node, ""), node.lineno, ast.unparse(node)


def _reduces(node):
    """Whether a node calls a numpy function, or any method, of a name in REDUCING, without an axis."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in REDUCING:
        return False
    of_numpy = ast.unparse(node.func.value) in ("np", "numpy", "np.linalg", "numpy.linalg")
    positional = len(node.args) > int(of_numpy) and node.func.attr not in WHOLE
    return not positional and not any(keyword.arg == "axis" for keyword in node.keywords)


def sources():
    """Dotted module name below the package → source text, of the solve path."""
    paths = sorted({path for pattern in SOLVE_PATH for path in PACKAGE.glob(pattern)})
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path.read_text("utf-8") for path in paths}


def found_in(texts):
    """One line for each reduction that has no excuse."""
    return [
        f"{module}:{line}: {text}"
        for module, source in texts.items()
        for function, line, text in reductions_in(source)
        if not {(module, function), (module, "*")} & EXCUSED.keys()
    ]


def test_solve_path_reduces_in_one_place():
    assert len(sources()) > 50
    assert found_in(sources()) == []


def test_excuses_are_needed():
    used = {(module, function) for module, source in sources().items() for function, _, _ in reductions_in(source)}
    used |= {(module, "*") for module, _ in used}
    assert set(EXCUSED) - used == set() and all(EXCUSED.values())


@pytest.mark.parametrize(
    "line",
    [
        "np.sum(r)",
        "np.sum(np.abs(r))",
        "float(np.max(r, initial=0.0))",
        "np.linalg.norm(w * r)",
        "np.dot(r, w)",
        "r @ w",
        "r.sum()",
        "np.abs(r).max()",
        "r.dot(w)",
        "np.isfinite(r).all()",
        "np.any(r > 1.0)",
        "np.ptp(r)",
        "r[:, 0].mean()",
        "numpy.min(r)",
    ],
)
def test_rule_catches_reductions(line):
    """Wherever it stands: in a module, a function, a method, a lambda."""
    places = (
        line,
        f"def f(r, w):\n    return {line}\n",
        f"class A:\n    def f(self):\n        return lambda: {line}\n",
    )
    for number, source in enumerate(places, 1):
        assert found_in({"solvers.made_up": source}) == [f"solvers.made_up:{number}: {caught(line)}"]


def caught(line):
    """The part of a line that reduces."""
    return line.removeprefix("float(").removesuffix(")") if line.startswith("float(") else line


@pytest.mark.parametrize(
    "line",
    [
        "r.sum(1)",
        "np.sum(r, axis=1)",
        "np.any(r, 1)",
        "np.bincount(a, r, n)",
        "total(r)",
        "max(a, b)",
        "np.maximum(r, w)",
    ],
)
def test_rule_lets_pass_what_is_local(line):
    assert found_in({"solvers.made_up": f"def f(r, w):\n    return {line}\n"}) == []


def test_rule_lets_kernels_pass():
    kernel = "@kernel(parallel=True)\ndef f(r):\n    return np.sum(r)\n"
    assert found_in({"solvers.made_up": kernel}) == []
    assert len(found_in({"solvers.made_up": kernel.replace("@kernel(parallel=True)\n", "")})) == 1


VALUES = np.random.default_rng(2).normal(size=1001) * 10.0 ** np.random.default_rng(3).integers(-8, 8, 1001)
OTHERS = np.random.default_rng(4).normal(size=1001)


def test_bits_are_those_of_numpy():
    assert total(VALUES) == np.sum(VALUES) and total(VALUES.reshape(7, 143)) == np.sum(VALUES.reshape(7, 143))
    assert largest(VALUES) == np.max(VALUES) and smallest(VALUES) == np.min(VALUES)
    assert largest_size(VALUES) == np.max(np.abs(VALUES)) and span(VALUES) == np.ptp(VALUES)
    assert dot(VALUES, OTHERS) == VALUES @ OTHERS and norm(VALUES) == np.linalg.norm(VALUES)
    group = np.random.default_rng(5).integers(0, 9, 1001)
    assert np.array_equal(totals(group, VALUES, 12), np.bincount(group, VALUES, 12))


def test_they_are_plain_numbers():
    numbers = total(VALUES), largest(VALUES), smallest(VALUES), largest_size(VALUES), dot(VALUES, OTHERS), norm(VALUES)
    assert all(type(number) is float for number in (*numbers, span(VALUES), largest_where(VALUES, OTHERS > 0.0)))
    assert type(everywhere(VALUES > 0.0)) is bool and type(anywhere(VALUES > 0.0)) is bool


def test_of_nothing():
    """A part of a mesh may be empty."""
    nothing = np.zeros(0)
    assert total(nothing) == dot(nothing, nothing) == norm(nothing) == 0.0
    assert largest(nothing) == smallest(nothing) == largest_size(nothing) == 0.0
    assert largest(nothing, 3.0) == largest_size(nothing, 3.0) == 3.0 and smallest(nothing, -3.0) == -3.0
    assert largest_where(nothing, nothing > 0.0) == 0.0
    assert everywhere(nothing > 0.0) and not anywhere(nothing > 0.0)


def test_bounds_count():
    assert largest(np.array([-4.0, -2.0])) == 0.0 and largest(np.array([-4.0, -2.0]), -9.0) == -2.0
    assert smallest(np.array([4.0, 2.0])) == 0.0 and smallest(np.array([4.0, 2.0]), 9.0) == 2.0
    assert largest_size(np.array([1.0, -3.0])) == 3.0


def test_where():
    assert largest_where(np.array([1.0, -3.0, 9.0]), np.array([True, True, False])) == 3.0
    assert largest_where(np.array([1.0, -3.0, 9.0]), np.zeros(3, bool)) == 0.0


def test_what_is_not_a_number_is_seen():
    bad = np.array([1.0, np.nan])
    assert not everywhere(np.isfinite(bad)) and np.isnan(total(bad)) and np.isnan(largest(bad)) and np.isnan(norm(bad))
