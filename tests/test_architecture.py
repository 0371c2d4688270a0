"""The floors of the package: imports go down, never up, never in a circle; each rule is shown to catch what breaks
it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "solver" / "oxycell"
LONGEST = 400

# Longest matching prefix decides.
FLOORS = {
    "runtime": 0,
    "arrays": 0,
    "errors": 0,
    "kernel": 0,
    "units": 0,
    "options": 0,
    "quantities": 0,
    "constants": 0,
    "limits": 0,
    "mesh": 1,
    "state": 1,
    "solution": 1,
    "material": 1,
    "tabulation": 1,
    "numerics": 2,
    "physics": 3,
    "solvers": 4,
    "cell": 4,
    "case": 5,
    "io": 6,
    "report": 6,
    "operating_point": 7,
    "transients": 7,
    "refinement": 7,
    "processes": 7,
    "run": 7,
    "run_folder": 7,
    "sweep": 7,
    "cli": 7,
    "console": 7,
    "comparison": 7,
    "doctor": 7,
    "inspection": 7,
    "sensitivity": 7,
    "verification": 7,
    "__main__": 7,
}

# Rooms of one floor: each imports from itself and from those before it.
ROOMS = (("case", "case.building", "case.solving"),)

# Each with its reason.
EXCUSED_IMPORTS: dict[tuple[str, str], str] = {}
EXCUSED_LENGTHS: dict[str, str] = {}
ONLY_IN = {"pint": {"units"}, "petsc4py": {"numerics.petsc"}, "click": set()}


def read_package(root):
    """Dotted module name below the package → source text; a package's own file is named by its folder."""
    sources = {}
    for path in sorted(root.rglob("*.py")):
        parts = list(path.relative_to(root).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        sources[".".join(parts)] = path.read_text(encoding="utf-8")
    return sources


def imports_of(source, modules):
    """Modules of the package and top-level names of others that a source imports, wherever the statement stands."""
    inner, outer = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [
                f"{node.module}.{alias.name}"
                if f"{node.module}.{alias.name}".removeprefix("oxycell.") in modules
                else node.module
                for alias in node.names
            ]
        else:
            continue
        for name in names:
            top, _, rest = name.partition(".")
            if top == "oxycell":
                while rest and rest not in modules:
                    rest = rest.rpartition(".")[0]
                inner.add(rest)
            else:
                outer.add(top)
    return inner, outer


def floor_of(module):
    """Floor of a module, None if nobody gave it one; the package itself stands on top."""
    if module == "":
        return max(FLOORS.values())
    return FLOORS.get(module.split(".")[0])


def room_of(module, rooms):
    """Which of the rooms of a floor a module stands in, None for none of them; the longest name that fits decides."""
    fitting = [room for room in rooms if module == room or module.startswith(f"{room}.")]
    return rooms.index(max(fitting, key=len)) if fitting else None


def wrong_rooms(module, imported):
    """Rooms that a module imports from and that come after its own, one line each."""
    found = []
    for rooms in ROOMS:
        own = room_of(module, rooms)
        for name in sorted(imported):
            other = room_of(name, rooms)
            if None not in (own, other) and other > own:
                found.append(f"{module}: imports {name} from {rooms[other]}, which comes after {rooms[own]}")
    return found


def violations(sources):
    """Every breach of the rules, one line each."""
    found, graph = [], {}
    for module, source in sources.items():
        inner, outer = imports_of(source, sources)
        graph[module] = {name for name in inner if name != module}
        floor = floor_of(module)
        if floor is None:
            found.append(f"{module}: stands on no floor")
            continue
        if module.rpartition(".")[2] == "utils":
            found.append(f"{module}: there is no utils.py")
        if source.strip() and ast.get_docstring(ast.parse(source)) is None:
            found.append(f"{module}: has no docstring")
        lines = source.count("\n") + 1
        if lines > LONGEST and module not in EXCUSED_LENGTHS:
            found.append(f"{module}: has {lines} lines")
        for name in graph[module]:
            above = floor_of(name)
            if module == "" and name == "runtime":
                continue
            if above is not None and above > floor and (module, name) not in EXCUSED_IMPORTS:
                found.append(f"{module}: imports {name or 'oxycell'} from a floor above")
        found += wrong_rooms(module, graph[module])
        for name, homes in ONLY_IN.items():
            if name in outer and module not in homes:
                found.append(f"{module}: imports {name}")
        if module.startswith("solution") and any(name.startswith("case") for name in graph[module]):
            found.append(f"{module}: knows Case")
    return found + [f"circle: {' -> '.join(circle)}" for circle in circles(graph)]


def circles(graph):
    """One circle of imports for each that a walk in depth meets."""
    state, found = {}, []

    def visit(module, path):
        state[module] = "open"
        for name in sorted(graph.get(module, ())):
            if state.get(name) == "open":
                found.append([*path[path.index(name) :], name])
            elif name not in state:
                visit(name, [*path, name])
        state[module] = "done"

    for module in sorted(graph):
        if module not in state:
            visit(module, [module])
    return found


def test_package_keeps_the_rules():
    assert violations(read_package(PACKAGE)) == []


def test_excuses_are_needed():
    sources = read_package(PACKAGE)
    for module, reason in EXCUSED_LENGTHS.items():
        assert reason and sources[module].count("\n") + 1 > LONGEST
    for (module, name), reason in EXCUSED_IMPORTS.items():
        assert reason and name in imports_of(sources[module], sources)[0]


GOOD = {
    "errors": '"""a"""\n',
    "mesh.mesh": '"""a"""\nfrom oxycell.errors import X\n',
    "cell": "",
    "cell.a": '"""a"""\n',
    "case.case": '"""a"""\nfrom oxycell.cell.a import X\n',
    "case.building.b": '"""a"""\nfrom oxycell.case.case import X\n',
    "case.solving.c": '"""a"""\nfrom oxycell.case.building.b import X\nfrom oxycell.case.case import Y\n',
}


def test_made_up_package_is_fine():
    assert violations(GOOD) == []


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"errors": '"""a"""\nfrom oxycell.mesh.mesh import Mesh\n'}, "from a floor above"),
        ({"errors": '"""a"""\ndef f():\n    import oxycell.mesh.mesh\n'}, "from a floor above"),
        ({"mesh.mesh": '"""a"""\nfrom oxycell import load\n'}, "imports oxycell from a floor above"),
        (
            {"physics.a": '"""a"""\nfrom oxycell.solvers.b import X\n', "solvers.b": '"""b"""\n'},
            "from a floor above",
        ),
        (
            {"case.a": '"""a"""\nfrom oxycell.case.building.b import X\n', "case.building.b": '"""b"""\n'},
            "from case.building, which comes after case",
        ),
        (
            {"case.a": '"""a"""\nimport oxycell.case.solving\n', "case.solving": '"""b"""\n'},
            "from case.solving, which comes after case",
        ),
        (
            {"case.building.a": '"""a"""\ndef f():\n    from oxycell.case.solving import b\n', "case.solving.b": ""},
            "from case.solving, which comes after case.building",
        ),
        ({"cell.a": '"""a"""\nfrom oxycell.cell import b\n', "cell.b": '"""b"""\nimport oxycell.cell.a\n'}, "circle"),
        ({"cell.a": '"""a"""\n' + "x = 1\n" * 400}, "lines"),
        ({"cell.a": '"""a"""\nimport click\n'}, "imports click"),
        ({"cell.a": '"""a"""\nfrom click.core import Command\n'}, "imports click"),
        ({"cell.a": '"""a"""\nimport pint\n'}, "imports pint"),
        ({"numerics.linear": '"""a"""\nfrom petsc4py import PETSc\n'}, "imports petsc4py"),
        ({"cell.utils": '"""a"""\n'}, "no utils.py"),
        ({"cell.a": "x = 1\n"}, "has no docstring"),
        ({"somewhere": '"""a"""\n'}, "stands on no floor"),
        ({"solution": '"""a"""\nfrom oxycell.case.case import Case\n', "case.case": '"""a"""\n'}, "knows Case"),
    ],
)
def test_each_rule_catches_its_breach(extra, message):
    assert any(message in line for line in violations({**GOOD, **extra}))


def test_one_breach_is_one_line():
    assert violations({**GOOD, "cell.a": '"""a"""\nimport pint\n'}) == ["cell.a: imports pint"]
