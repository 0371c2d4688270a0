"""No compiled function takes more than twelve arguments: arrays that belong together go as a named tuple. Loops take
nothing out of one: numba counts references to an array each time it is taken out."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "solver" / "oxycell"
MOST = 12
OF_ARRAYS = {"size", "shape", "dtype", "type"}
DECORATORS = {"kernel", "inner_kernel", "njit", "jit", "vectorize", "guvectorize", "stencil"}


def signatures(source):
    """Compiled functions of a source text, wherever they stand: {name: number of arguments}; `*rest` counts as more
    than any."""
    found = {}
    for node in _compiled(source):
        arguments = node.args
        count = len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)
        found[node.name] = max(count, found.get(node.name, 0)) if not arguments.vararg else 10**6
    return found


def taken_in_loops(source):
    """What the loops of compiled functions of a source text take out of tuples: ["function: tuple.field", …]."""
    imports = (node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom))
    modules = {name.asname or name.name for node in imports for name in node.names}
    found = set()
    for function in _compiled(source):
        loops = (node for node in ast.walk(function) if isinstance(node, ast.For | ast.While))
        for node in (node for loop in loops for part in loop.body for node in ast.walk(part)):
            if (
                isinstance(node, ast.Attribute)
                and node.attr not in OF_ARRAYS
                and ast.unparse(node.value) not in modules
            ):
                found.add(f"{function.name}: {ast.unparse(node)}")
    return sorted(found)


def _compiled(source):
    """Compiled functions of a source text, wherever they stand."""
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    return [function for function in functions if any(map(_compiles, function.decorator_list))]


def _compiles(decorator):
    """Whether a decorator, plain or called, or one that `partial` makes of it, compiles."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in DECORATORS


def of_package(root=PACKAGE):
    """Kernels of the package: {module: {name: number of arguments}}."""
    return {
        ".".join(path.relative_to(root).with_suffix("").parts): signatures(path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.py"))
    }


def too_long(kernels):
    """Those of more arguments than allowed, one line each."""
    return [
        f"{module}.{name}: {count} arguments"
        for module, names in kernels.items()
        for name, count in names.items()
        if count > MOST
    ]


def test_no_kernel_takes_more_than_twelve_arguments(capsys):
    kernels = of_package()
    count, name = max((count, f"{module}.{name}") for module in kernels for name, count in kernels[module].items())
    with capsys.disabled():
        print(f"\n{sum(map(len, kernels.values()))} kernels; longest signature: {name}, {count} arguments")
    assert too_long(kernels) == []


TWELVE = ", ".join("abcdefghijkl")


@pytest.mark.parametrize("decorator", ["kernel", "inner_kernel", "kernel(parallel=True)", "numba.njit", "numba.njit()"])
def test_counter_a_long_signature_is_found(decorator):
    good = f"@{decorator}\ndef good({TWELVE}):\n    return a\n"
    assert signatures(good) == {"good": 12} and too_long({"a": signatures(good)}) == []
    bad = f"{good}\nclass A:\n    @{decorator}\n    def bad({TWELVE}, *, m=0):\n        return a\n"
    assert too_long({"a": signatures(bad)}) == ["a.bad: 13 arguments"]
    assert too_long({"a": signatures(f"@{decorator}\ndef any(*rest):\n    return rest\n")})


def test_plain_functions_may_take_more():
    assert signatures(f"@cached\ndef plain({TWELVE}, m):\n    return a\n") == {}


def test_no_loop_of_a_kernel_takes_an_array_out_of_a_tuple():
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    assert {path.name: taken_in_loops(text) for path, text in texts.items() if taken_in_loops(text)} == {}


GOOD_LOOP = """import numpy as np
@kernel
def good(runs):
    end = runs.end
    for i in range(runs.n):
        f(end[i], np.inf, end.size)
"""
BAD_LOOP = """@inner_kernel(fastmath=True)
def bad(L):
    while True:
        for p in range(L.runs.end[0]):
            L.x[p]
"""


def test_counter_what_a_loop_takes_out_is_found():
    assert taken_in_loops(GOOD_LOOP) == []
    assert taken_in_loops(GOOD_LOOP + BAD_LOOP) == ["bad: L.runs", "bad: L.runs.end", "bad: L.x"]
