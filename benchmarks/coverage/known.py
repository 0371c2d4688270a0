"""A problem whose figures are known exactly, posed on any mesh."""

from collections.abc import Callable
from dataclasses import dataclass, field

from oxycell.verification.check import title_of

KINDS = ("smooth", "singular edge", "front", "kinetics", "layers and films")


@dataclass(frozen=True)
class Posed:
    """A problem on one mesh.

    Attributes
    ----------
    case : dict, the parts of a case file
    exact : dict, dotted key of the report → exact value
    fields : what the case takes from Python, see `oxycell.solve`, or None
    """

    case: dict
    exact: dict[str, float]
    fields: dict[str, Callable] | None = None


@dataclass(frozen=True)
class Known:
    """A problem with exact answers.

    Attributes
    ----------
    pose : mesh number n → Posed; every width of the mesh of 2n is half of that of n
    name : of the function that poses it, with hyphens
    title : first line of that function's docstring
    kind : one of `KINDS`
    source : where the exact answers come from
    bases : mesh numbers of the coarsest meshes
    halvings : how often each of them is halved
    """

    pose: Callable[[int], Posed]
    name: str
    title: str
    kind: str
    source: str
    bases: tuple[int, ...] = field(default=(4, 6))
    halvings: int = 3

    @property
    def numbers(self):
        """Mesh numbers of each sequence, coarse to fine."""
        return [[base * 2**i for i in range(self.halvings + 1)] for base in self.bases]


def known(kind, source, **more):
    """Decorator that makes a Known of a function mesh number → Posed."""
    if kind not in KINDS:
        raise ValueError(f"{kind} is none of {KINDS}")

    def made(pose):
        return Known(pose, pose.__name__.replace("_", "-"), title_of(pose), kind, source, **more)

    return made


def borrowed(check, kind, key, bases, halvings=3, **more):
    """A check of `oxycell verify` as a Known.

    Parameters
    ----------
    check : Check
    key : str, dotted key of the report that its answer is
    bases, halvings : see `Known`
    more : entries to add to the case
    """

    def pose(n):
        posed = check.pose(n)
        return Posed(posed.case | more, {key: posed.exact}, posed.fields)

    return Known(pose, check.name, check.title, kind, check.source, tuple(bases), halvings)
