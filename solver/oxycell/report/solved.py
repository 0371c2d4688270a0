"""A solved case as figures see it: case, mesh, record, sums that several figures share, and the figures themselves."""

from collections.abc import Callable, Iterable
from typing import Any

from oxycell.mesh.mesh import Mesh
from oxycell.report.figure import Figure, Tree, find, put
from oxycell.report.sums import at_open_circuit, cell_current

NEEDS = {
    "charge": ("the charge balance is solved", lambda solved: "electric" in solved.record),
    "heat": ("the heat balance is solved", lambda solved: "thermal" in solved.record),
    "process": ("the case has a `[process]`", lambda solved: solved.case.process is not None),
    "current": ("a current passes the cell", lambda solved: solved.current != 0.0),
    "anodes": (
        "electrodes carry the reaction",
        lambda solved: len(solved.record.get("electrodes", {}).get("index", ())),
    ),
    "course": ("the case runs over time", lambda solved: "course" in solved.record),
    "masses": ("the case runs over time with pools of masses of their own", lambda solved: "masses" in solved.record),
    "feed": (
        "alumina and metal are counted over time",
        lambda solved: "dissolved" in solved.record.get("masses", {}),
    ),
    "tapping": ("metal is tapped", lambda solved: "metal" in solved.record.get("masses", {})),
    "ledge": ("there is a frozen ledge", lambda solved: len(solved.record.get("ledge", {}).get("face", ()))),
    "shells": ("bath can freeze in shells", lambda solved: "shells" in solved.record),
}
"""What figures may need: name → (in words, test of a `Solved`); any other name is that of a balance of the record."""


class Solved:
    """What figures are computed from.

    Parameters
    ----------
    case : Case
    mesh : Mesh
    record : dict, of the model; see docs/formats.md
    provenance : dict
    warnings : sequence of str
    figures : sequence of Figure, all of the report; `solved[key]` is the value of one of them
    """

    def __init__(
        self,
        case: Any,
        mesh: Mesh,
        record: Tree,
        provenance: Tree | None = None,
        warnings: Iterable[str] = (),
        figures: Iterable[Figure] = (),
    ):
        self.case, self.mesh, self.record = case, mesh, record
        self.provenance, self.warnings = provenance or {}, list(warnings)
        self.figures = {figure.key: figure for figure in figures}
        self._found: dict[Callable, Any] = {}
        self._values: Tree = {}
        self._blocks: Tree = {}
        self._open: list[str] = []

    @property
    def current(self) -> float:
        """Current through the whole cell [A]; exactly 0 where none enters, and where charge is not solved."""
        return self.once(_current)

    def once(self, function: Callable[["Solved"], Any]) -> Any:
        """What a function of a `Solved` returns; it is called once."""
        if function not in self._found:
            self._found[function] = function(self)
        return self._found[function]

    def has(self, need: str) -> bool:
        """Whether a need of a figure is there."""
        if need in NEEDS:
            return bool(NEEDS[need][1](self))
        return need in self.record.get("balances", {})

    def __getitem__(self, key: str) -> Any:
        """Value of a figure by its key as it is registered; computed once, when it is first needed.

        Raises
        ------
        KeyError
            There is no such figure.
        RuntimeError
            It is computed from itself.
        """
        if key not in self._values:
            figure = self.figures[key]
            if figure.compute is None:
                raise KeyError(key)
            if key in self._open:
                raise RuntimeError(f"figure {key} is computed from itself: {' -> '.join([*self._open, key])}")
            self._open.append(key)
            there = all(self.has(need) for need in figure.needs)
            self._values[key] = figure.compute(self) if there else figure.absent
            self._open.pop()
        return self._values[key]

    @property
    def blocks(self) -> list[str]:
        """Names of the blocks of the report, in order."""
        return list(dict.fromkeys(figure.parts[0] for figure in self.figures.values()))

    def unit_of(self, key: str) -> str:
        """Unit of a figure by its dotted key in the report; empty for a pure number and for none of its figures."""
        found = find(self.figures, key)
        return "" if found is None else found.fixed_unit

    def tree(self, *blocks: str) -> Tree:
        """Nested dict of the figures of these blocks of the report, of all of them for none."""
        found: Tree = {}
        for figure in self.figures.values():
            if figure.compute is not None and (not blocks or figure.parts[0] in blocks):
                put(found, figure.parts, self[figure.key])
        return found

    def block(self, name: str) -> Tree:
        """One block of the report, made once; empty where it has none."""
        if name not in self._blocks:
            self._blocks[name] = self.tree(name).get(name, {})
        return self._blocks[name]


def _current(solved):
    if "electric" not in solved.record or at_open_circuit(solved.record):
        return 0.0
    return cell_current(solved.record)
