"""The types that public functions still lack, counted folder by folder: the count may fall, never grow.

`python tests/test_annotations.py` prints what `tests/unannotated.toml` has to hold.
"""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "solver" / "oxycell"
STATED = Path(__file__).with_name("unannotated.toml")
_COMPILED = {"kernel", "inner_kernel", "njit"}  # numba finds the types of their arguments


def missing(source):
    """Arguments and results of public functions without a type: list of "function: argument".

    Public is what has no leading underscore in its name or in that of a class around it, and what `__init__` and its
    like take. Compiled functions, functions within functions, `self` and `cls` do not count.
    """
    found = []

    def visit(body, path):
        for node in body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                visit(node.body, (*path, node.name))
            elif isinstance(node, ast.FunctionDef) and not _private(node.name) and not _compiled(node):
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                arguments += [extra for extra in (node.args.vararg, node.args.kwarg) if extra]
                if path and "staticmethod" not in _decorators(node):
                    arguments = arguments[1:]
                name = ".".join((*path, node.name))
                found.extend(f"{name}: {argument.arg}" for argument in arguments if argument.annotation is None)
                if node.returns is None and not (node.name == "__init__" and arguments):
                    found.append(f"{name}: result")
            elif isinstance(node, ast.If | ast.Try | ast.With):
                visit(node.body, path)

    visit(ast.parse(source).body, ())
    return found


def _private(name):
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def _decorators(node):
    """Names of a function's decorators, without what they are called with."""
    outer = (part.func if isinstance(part, ast.Call) else part for part in node.decorator_list)
    return {part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", "") for part in outer}


def _compiled(node):
    return bool(_decorators(node) & _COMPILED)


def counts(root):
    """Folder of the package → number of missing types, of its files alone; "." is the package's own folder."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        folder = path.parent.relative_to(root).as_posix()
        found[folder] = found.get(folder, 0) + len(missing(path.read_text(encoding="utf-8")))
    return {folder: count for folder, count in found.items() if count}


def grown(found, stated):
    """One line for each folder with more missing types than stated."""
    return [
        f"{folder}: {count} types are missing, {stated.get(folder, 0)} are allowed"
        for folder, count in found.items()
        if count > stated.get(folder, 0)
    ]


def test_no_folder_lacks_more_types_than_stated():
    assert grown(counts(PACKAGE), tomllib.loads(STATED.read_text(encoding="utf-8"))["missing"]) == []


def test_stated_folders_are_there():
    assert all((PACKAGE / folder).is_dir() for folder in tomllib.loads(STATED.read_text(encoding="utf-8"))["missing"])


def test_users_of_the_package_see_its_types():
    assert (PACKAGE / "py.typed").is_file()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(a, b: int) -> None: ...", ["f: a"]),
        ("def f(a: int): ...", ["f: result"]),
        ("def f(*a, k, **b) -> int: ...", ["f: k", "f: a", "f: b"]),
        ("class A:\n def f(self, a) -> int: ...", ["A.f: a"]),
        ("class A:\n @staticmethod\n def f(a) -> int: ...", ["A.f: a"]),
        ("class A:\n def __init__(self, a): ...", ["A.__init__: a"]),
        ("class A:\n def __init__(self, a: int): ...", []),
        ("if True:\n def f(a) -> int: ...", ["f: a"]),
        ("def f() -> int:\n def g(a): ...", []),
        ("def _f(a): ...", []),
        ("class _A:\n def f(self, a): ...", []),
        ("@kernel\ndef f(a): ...", []),
        ("@kernel(parallel=True)\ndef f(a): ...", []),
        ("@other\ndef f(a) -> int: ...", ["f: a"]),
    ],
)
def test_what_counts(source, names):
    assert missing(source) == names


def test_growth_is_caught(tmp_path):
    """Counter-test: one more argument in a folder, or a folder that nobody stated."""
    (tmp_path / "mesh").mkdir()
    (tmp_path / "mesh" / "a.py").write_text("def f(a, b) -> int: ...")
    assert grown(counts(tmp_path), {"mesh": 2}) == []
    assert grown(counts(tmp_path), {"mesh": 1}) == ["mesh: 2 types are missing, 1 are allowed"]
    assert grown(counts(tmp_path), {"numerics": 9}) == ["mesh: 2 types are missing, 0 are allowed"]


if __name__ == "__main__":
    head = STATED.read_text(encoding="utf-8").split("[missing]")[0] if STATED.is_file() else ""
    print(f"{head}[missing]")
    for folder, count in counts(PACKAGE).items():
        print(f'"{folder}" = {count}')
