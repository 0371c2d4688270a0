"""One published number and the one oxycell computes: comparison error and validation uncertainty."""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path

PUBLISHED = Path(__file__).parents[1] / "published"
EVENLY_LIKELY = 1.0 / math.sqrt(3.0)
"""Standard uncertainty of a value that lies anywhere between two bounds, over half their distance."""


@dataclass(frozen=True)
class Published:
    """A value of `benchmarks/published/NAME/published.toml`.

    Attributes
    ----------
    quantity, unit : str
    value : float or None, None where a formula stands for a set of measurements
    uncertainty : float, standard uncertainty u_D, same unit
    kind : "measured", "compiled" (tables that others made of measurements) or "model" (what another program computes)
    source, basis : str, where the value is from, and where its uncertainty
    more : dict, what else the file says of it
    """

    quantity: str
    unit: str
    value: float | None
    uncertainty: float
    kind: str
    source: str
    basis: str
    more: dict


@dataclass(frozen=True)
class Comparison:
    """Simulation S and data D: E = S − D, u_val² = u_num² + u_input² + u_D² (ASME V&V 20-2009, eqs. 1-5-1 and
    1-5-10).

    Attributes
    ----------
    name : str
    published : Published
    simulated, data : float; of a set of points those of the worst one
    u_num : float, standard uncertainty of the mesh; 0 for closed formulas
    u_input : float, of the inputs that the source does not specify
    rms : float or None, root mean square of E over a set of points, which then counts as E
    points : int, of the set
    where : str, the worst point
    digits : int, decimals that are shown
    """

    name: str
    published: Published
    simulated: float
    data: float
    u_num: float = 0.0
    u_input: float = 0.0
    rms: float | None = None
    points: int = 1
    where: str = ""
    digits: int = 3

    @property
    def error(self):
        """Comparison error E = S − D, of a set of points at the worst one."""
        return self.simulated - self.data

    @property
    def uncertainty(self):
        """Validation uncertainty u_val, standard."""
        return math.hypot(self.u_num, self.u_input, self.published.uncertainty)

    @property
    def ratio(self):
        """|E| over u_val, of a set of points its root mean square."""
        return (abs(self.error) if self.rms is None else self.rms) / self.uncertainty

    @property
    def verdict(self):
        """ "within" where |E| ≤ u_val, else "missed"."""
        return "within" if self.ratio <= 1.0 else "missed"


def published(name):
    """Values of `benchmarks/published/NAME/published.toml` by name.

    Returns
    -------
    dict of str → Published
    """
    with open(PUBLISHED / name / "published.toml", "rb") as file:
        data = tomllib.load(file)
    own = ("quantity", "unit", "value", "uncertainty", "kind", "source", "basis")
    return {
        key: Published(
            entry["quantity"],
            entry["unit"],
            entry.get("value"),
            entry["uncertainty"],
            entry.get("kind", data["kind"]),
            entry.get("source", data["source"]),
            entry["basis"],
            {k: v for k, v in entry.items() if k not in own},
        )
        for key, entry in data["values"].items()
    }


def against(name, entry, simulated, **more):
    """Comparison with one published value."""
    return Comparison(name, entry, simulated, entry.value, **more)


def against_set(name, entry, points, **more):
    """Comparison with a set of points, shown by its worst.

    Parameters
    ----------
    points : list of (where, simulated, data), a text and two values in the unit of the entry
    """
    where, simulated, data = max(points, key=lambda point: abs(point[1] - point[2]))
    rms = math.sqrt(sum((s - d) ** 2 for _, s, d in points) / len(points))
    return Comparison(name, entry, simulated, data, rms=rms, points=len(points), where=where, **more)


def study(figure, inputs, nominal):
    """Standard uncertainty of a figure due to unspecified inputs, each varied alone.

    Parameters
    ----------
    figure : function (changes) → float, or dict of name → float
    inputs : list of (low, high, share): changes at the lower and upper bound, and what half the difference counts
        (`EVENLY_LIKELY` for bounds, 1 for one standard uncertainty either way)
    nominal : dict, changes that always hold

    Returns
    -------
    effects : list of (float or dict), half the difference times its share, signed, one for each input
    """
    effects = []
    for low, high, share in inputs:
        a, b = figure(nominal | low), figure(nominal | high)
        if isinstance(a, dict):
            effects.append({key: 0.5 * share * (b[key] - a[key]) for key in a})
        else:
            effects.append(0.5 * share * (b - a))
    return effects
