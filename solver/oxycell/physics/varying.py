"""Values that vary: by a table over temperature, time or along an axis, or by a function or array given from Python."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

import numpy as np
from annotated_types import Ge, Gt
from pydantic import AfterValidator, model_validator
from pydantic.fields import FieldInfo

from oxycell.arrays import Floats, Ints
from oxycell.errors import CaseError
from oxycell.material import Property, Tabulated
from oxycell.mesh.mesh import AXES, Mesh, nearest_name
from oxycell.options import Options, Quantity, option

_Options = TypeVar("_Options", bound=Options)

Points = tuple[Quantity["m"], ...]


class Varying(Options):
    """A value that varies: linear interpolation between the points of a table, constant beyond them, or a field given
    from Python."""

    value: tuple[float, ...] | None = option("values in SI, one for each point", None)
    temperature: tuple[Quantity["K"], ...] | None = option("temperatures of the values, in increasing order", None)
    time: tuple[Quantity["s"], ...] | None = option(
        "times of the values, in increasing order; the one at the case's time is used", None
    )
    x: Points | None = option("positions of the values along x, in increasing order", None)
    y: Points | None = option("positions of the values along y, in increasing order", None)
    z: Points | None = option("positions of the values along z, in increasing order", None)
    field: str | None = option(
        "name of what Python gives: oxycell.solve(case, fields={name: function of position, or array})", None
    )

    @model_validator(mode="after")
    def _one_table(self):
        over = [name for name in ("temperature", "time", *AXES) if getattr(self, name) is not None]
        if self.field is not None:
            if over or self.value is not None:
                raise ValueError("states a field and a table; allowed: one of them")
            return self
        if len(over) != 1 or self.value is None:
            raise ValueError("a table needs value and one of temperature, time, x, y, z; allowed: that, or field")
        points = getattr(self, over[0])
        if len(points) < 2 or len(points) != len(self.value):
            raise ValueError(
                f"{len(points)} points and {len(self.value)} values; allowed: as many of both, at least two"
            )
        if not all(a < b for a, b in pairwise(points)) or not np.isfinite(self.value).all():
            raise ValueError(f"{over[0]} must increase and every value must be finite")
        return self

    @property
    def numbers(self) -> tuple[float, ...]:
        """Values of a table, which has some."""
        assert self.value is not None
        return self.value


def _by_position(value: Varying) -> Varying:
    if value.temperature is not None:
        raise ValueError("cannot vary with temperature; allowed: time, x, y, z or field")
    return value


def _by_time(value: Varying) -> Varying:
    if value.time is None:
        raise ValueError("is the same at all positions and temperatures; allowed: a number or a table over time")
    return value


if TYPE_CHECKING:
    ByPosition = Any  # a number or an array by the time a formula sees it
else:
    ByPosition = Annotated[Varying, AfterValidator(_by_position)]
ByTime = Annotated[Varying, AfterValidator(_by_time)]


def at_instant(value: Any, time: float, what: str) -> Any:
    """Options as they are at an instant: every table over time in them is the number it gives then.

    Parameters
    ----------
    value : Options, or a tuple of them
    time : float [s]
    what : str, the key of it, for messages

    Returns
    -------
    the same, with numbers in place of those tables

    Raises
    ------
    CaseError
        A value of a table lies outside what the option allows.
    """
    if isinstance(value, tuple):
        return tuple(at_instant(part, time, f"{what}.{number}") for number, part in enumerate(value))
    if not isinstance(value, Options):
        return value
    found = {}
    for name, declared in type(value).model_fields.items():
        stated = getattr(value, name)
        if not isinstance(stated, Varying):
            found[name] = at_instant(stated, time, f"{what}.{name}")
        elif stated.time is not None:
            _check_limits(declared, np.array(stated.value), f"{what}.{name}")
            found[name] = float(np.interp(time, stated.time, stated.numbers))
    return value.model_copy(update=found)


@dataclass(frozen=True)
class Fields:
    """Functions and arrays of position given from Python.

    Attributes
    ----------
    given : mapping name → function (x, y, z), each (n,) [m], to (n,) or a number; or an array, one value for each cell
        or mesh face
    used : set of the names a case has asked for
    """

    given: Mapping[str, Callable[..., Any] | Floats] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def check_used(self) -> None:
        """CaseError for a field that the case asks for nowhere."""
        for name in self.given:
            if name not in self.used:
                raise CaseError(f"fields: the case uses no field {name!r}; {nearest_name(name, sorted(self.used))}")


@dataclass(frozen=True)
class Places:
    """Points that values are wanted at: cell centres, or centres of faces.

    Attributes
    ----------
    mesh : Mesh
    index : (n,) int, cells or faces
    on_faces : bool
    fields : Fields
    """

    mesh: Mesh
    index: Ints
    on_faces: bool
    fields: Fields

    def values(self, value: float | Varying, what: str) -> float | Floats | Property:
        """A value at these places.

        Parameters
        ----------
        value : float or Varying, not with time
        what : str, what it is, for messages

        Returns
        -------
        float, (n,) where it varies with position, or Property where it varies with temperature

        Raises
        ------
        CaseError
            A field is not given, or gives something else than a finite number for each place.
        """
        if not isinstance(value, Varying):
            return value
        if value.temperature is not None:
            return Tabulated(value.temperature, value.numbers, "SI")
        points = np.asarray((self.mesh.face_centre if self.on_faces else self.mesh.cell_centre)[self.index])
        for axis, name in enumerate(AXES):
            if getattr(value, name) is not None:
                return np.interp(points[:, axis], getattr(value, name), value.numbers)
        return self._field(str(value.field), points, what)

    def _field(self, name: str, points: Floats, what: str) -> Floats:
        if name not in self.fields.given:
            raise CaseError(
                f"{what}: field {name!r} is not given; {nearest_name(name, list(self.fields.given))}; "
                "allowed: from Python, oxycell.solve(case, fields={name: function or array})"
            )
        self.fields.used.add(name)
        given = self.fields.given[name]
        if callable(given):
            found = np.asarray(given(*points.T), float)
            wanted, count = "one for each position", len(points)
        else:
            found = np.asarray(given, float)
            wanted = "one for each mesh face" if self.on_faces else "one for each cell"
            count = self.mesh.n_faces if self.on_faces else self.mesh.n_cells
            if found.shape == (count,):
                found, count = found[self.index], self.index.size
        if found.shape not in ((), (count,)):
            raise CaseError(f"fields: {name!r} has the shape {found.shape}; allowed: {count} values, {wanted}")
        found = np.broadcast_to(found, points.shape[:1]).copy()
        if not np.isfinite(found).all():
            x, y, z = points[np.flatnonzero(~np.isfinite(found))[0]]
            raise CaseError(f"fields: {name!r} is not a finite number at ({x:.6g}, {y:.6g}, {z:.6g}) m")
        return found

    def placed(self, options: _Options, what: str) -> _Options:
        """The same options with everything that varies in them as arrays or properties of temperature.

        Raises
        ------
        CaseError
            As `values`, and where a value lies outside what the option allows.
        """
        found = {}
        for name, declared in type(options).model_fields.items():
            value = getattr(options, name)
            if isinstance(value, Varying):
                found[name] = placed = self.values(value, f"{what}.{name}")
                numbers = np.asarray(placed.values if isinstance(placed, Tabulated) else placed)
                _check_limits(declared, numbers, f"{what}.{name}")
        return options.model_copy(update=found) if found else options


def _check_limits(declared: FieldInfo, values: Floats, what: str) -> None:
    """CaseError where a value (n,) lies outside what an option allows."""
    for limit in _limits(declared.annotation):
        if not _within(limit, values):
            raise CaseError(f"{what}: {values.min():.6g} is out of range; allowed: {_text(limit)}")


def _limits(annotation: Any) -> Iterator[Gt | Ge]:
    """Lower limits declared anywhere in a type."""
    for part in get_args(annotation):
        yield from (limit for limit in getattr(part, "metadata", ()) if isinstance(limit, Gt | Ge))
        yield from _limits(part)


def _within(limit: Gt | Ge, values: Floats) -> bool:
    bound: Any = limit.gt if isinstance(limit, Gt) else limit.ge
    return bool(np.all(values > bound) if isinstance(limit, Gt) else np.all(values >= bound))


def _text(limit: Any) -> str:
    return f"> {limit.gt:g}" if isinstance(limit, Gt) else f"≥ {limit.ge:g}"


def value_and_slope(value: Any, T: Floats) -> tuple[float | Floats, float | Floats]:
    """A number, array or Property at temperatures T (n,) [K]: its value and its slope over temperature, number or (n,)
    each."""
    return value(T) if callable(value) else (value, 0.0)
