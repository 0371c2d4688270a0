"""The model problem: a slice of a reduction cell on a graded tensor-product grid, as a conductance network.

Two rows of anodes over an electrolyte film, a metal pad, carbon blocks with steel bars between thin joints, in brick
and lining. Electric: insulators keep a floor of conductivity, anode tops and bar ends are held. Thermal: Robin walls
all round, heat sources.
"""

from dataclasses import dataclass

import numpy as np

from oxycell.numerics.operators import LatticeRows

# Orders of magnitude of the materials [E]: electrical conductivity [S/m], thermal conductivity [W/m/K], heat source
# [W/m³].
MATERIALS = {
    "lining": (1e-10, 0.18, 0.0),
    "brick": (1e-10, 1.2, 0.0),
    "side": (1e-1, 25.0, 0.0),
    "crust": (1e-6, 0.4, 0.0),
    "gas": (1e-10, 0.1, 0.0),
    "steel": (1e6, 38.0, 1.2e4),
    "joint": (5e2, 8.0, 4e3),
    "carbon": (5e4, 18.0, 8e3),
    "paste": (2e4, 9.0, 6e3),
    "metal": (3.3e6, 80.0, 1e2),
    "bath": (2.2e2, 5.0, 3e5),
    "anode": (2e4, 5.5, 1.5e4),
}
_NUMBER = {name: i for i, name in enumerate(MATERIALS)}

_FILM, _AMBIENT, _VOLTAGE = 12.0, 300.0, 4.2  # [W/m²/K], [K], [V]
_SIDE, _SEAM, _JOINT, _BAR = 0.25, 0.04, 0.003, 0.16  # [m] thicknesses and width of a bar
_BLOCKS, _BLOCK, _ANODES, _ANODE, _GAP = 5, 0.55, 4, 0.70, 0.04  # numbers and [m] widths along x
_ANODE_LENGTH, _CENTRE, _CHANNEL = 1.25, 0.12, 0.30  # [m] along y
_LENGTH = 2 * _SIDE + _BLOCKS * _BLOCK + (_BLOCKS - 1) * _SEAM + 0.2
_WIDTH = 2 * _SIDE + 2 * _ANODE_LENGTH + _CENTRE + 2 * _CHANNEL
_Z = {
    "bottom": 0.0,
    "lining": 0.22,
    "brick": 0.32,
    "bar": 0.36,
    "bar_top": 0.52,
    "cathode": 0.78,
    "pad": 0.96,
    "film": 1.005,
    "bath": 1.16,
    "crust": 1.28,
    "top": 1.60,
}  # [m] upper ends, but for the bar
_THIN = 0.012  # [m] an interval that needs few cells


@dataclass(frozen=True)
class Variant:
    """What a model problem is of.

    Attributes
    ----------
    electric : bool, else thermal
    floor : [S/m], least electrical conductivity
    grading : ratio of the widths in the middle and at the ends of an interval
    stretch : factor on the lengths along x
    """

    electric: bool
    floor: float = 1e-3
    grading: float = 6.0
    stretch: float = 1.0


VARIANTS = {"electric": Variant(True), "thermal": Variant(False), "harsh": Variant(True, 1e-10, 17.0, 4.4)}
"""At a million cells diagonals differ by 2e11 and aspect ratios reach 50; harsh: conductivities differ by 3e16, aspect
ratios reach 500."""


@dataclass(frozen=True)
class Network:
    """Rows joined by conductances; names as in `Operator`."""

    n: int
    a: np.ndarray
    b: np.ndarray
    conductance: np.ndarray
    shift: np.ndarray
    lattice: LatticeRows | None


def model_problem(cells, variant):
    """Network and right-hand side of about that many cells.

    Parameters
    ----------
    cells : int
    variant : Variant

    Returns
    -------
    Network, (n,) rhs [A or W]
    """
    edges = _edges(cells, variant.grading)
    material = _materials([0.5 * (e[1:] + e[:-1]) for e in edges])
    edges[0] = variant.stretch * edges[0]
    widths = [np.diff(e) for e in edges]
    table = np.array(list(MATERIALS.values()))
    value = np.maximum(table[:, 0], variant.floor)[material] if variant.electric else table[:, 1][material]
    shape, row = material.shape, np.arange(material.size).reshape(material.shape)
    spread = [w.reshape([-1 if i == axis else 1 for i in range(3)]) for axis, w in enumerate(widths)]
    shift, rhs = np.zeros(shape), np.zeros(shape)
    if not variant.electric:
        rhs += table[:, 2][material] * spread[0] * spread[1] * spread[2]
    a, b, conductance = [], [], []
    for axis in range(3):
        area = np.broadcast_to(spread[(axis + 1) % 3] * spread[(axis + 2) % 3], shape)
        half = spread[axis] / (2 * value)  # [m²/S or m² K/W] resistance times area
        low, high = _cut(axis, slice(None, -1)), _cut(axis, slice(1, None))
        a.append(row[low].ravel())
        b.append(row[high].ravel())
        conductance.append((area[low] / (half[low] + half[high])).ravel())
        for end in (0, -1):
            at = _cut(axis, end)
            if variant.electric:
                held = {(2, -1): "anode", (1, 0): "steel", (1, -1): "steel"}.get((axis, end))
                g = np.where(material[at] == _NUMBER[held], area[at] / half[at], 0.0) if held else 0.0
                outside = _VOLTAGE if held == "anode" else 0.0
            else:
                g, outside = area[at] / (1 / _FILM + half[at]), _AMBIENT
            shift[at] += g
            rhs[at] += g * outside
    lattice = LatticeRows(tuple(edges), row)
    return Network(
        row.size, *(np.concatenate(parts) for parts in (a, b, conductance)), shift.ravel(), lattice
    ), rhs.ravel()


def _cut(axis, where):
    return tuple(where if i == axis else slice(None) for i in range(3))


def _spans(number, width, between, start):
    return [(start + i * (width + between), start + i * (width + between) + width) for i in range(number)]


_BLOCKS_X = _spans(_BLOCKS, _BLOCK, _SEAM, _SIDE + 0.10)
_BARS_X = [(0.5 * (low + high - _BAR), 0.5 * (low + high + _BAR)) for low, high in _BLOCKS_X]
_ANODES_X = _spans(_ANODES, _ANODE, _GAP, 0.5 * (_LENGTH - _ANODES * _ANODE - (_ANODES - 1) * _GAP))
_ANODES_Y = _spans(2, _ANODE_LENGTH, _CENTRE, _SIDE + _CHANNEL)


def _edges(cells, grading):
    """Edges along x, y, z [m]; all material planes are among them."""
    x = [0.0, _SIDE, _LENGTH - _SIDE, _LENGTH, *np.ravel(_BLOCKS_X), *np.ravel(_ANODES_X)]
    x += [end for low, high in _BARS_X for end in (low - _JOINT, low, high, high + _JOINT)]
    y = [0.0, _SIDE, _SIDE + 0.10, _WIDTH - _SIDE - 0.10, _WIDTH - _SIDE, _WIDTH, *np.ravel(_ANODES_Y)]
    z = [*_Z.values(), _Z["bar"] - _JOINT, _Z["bar_top"] + _JOINT]
    share = np.array([1.25, 0.95, 0.85])
    numbers = np.round(share * (cells / share.prod()) ** (1 / 3)).astype(int)

    def across(length):
        return lambda low, high: 0.5 if low < _SIDE / 2 or high > length - _SIDE / 2 else 1.0

    def upwards(low, high):
        return 4.0 if abs(low - _Z["pad"]) < 1e-9 else 0.5 if high <= _Z["brick"] + 1e-9 else 1.0

    return [
        _graded(planes, n, weight, grading)
        for planes, n, weight in zip((x, y, z), numbers, (across(_LENGTH), across(_WIDTH), upwards), strict=True)
    ]


def _graded(planes, cells, weight, grading):
    """Edges of that many cells, spread over the intervals by weighted length and graded to both ends of each."""
    planes = np.unique(np.round(planes, 9))
    lengths = np.diff(planes)
    weighted = lengths * [
        0.15 if high - low < _THIN else weight(low, high) for low, high in zip(planes[:-1], planes[1:], strict=True)
    ]
    numbers = np.where(lengths < _THIN, 1, 2)
    while numbers.sum() < cells:
        numbers[np.argmax(weighted / numbers)] += 1
    edges = [planes[:1]]
    for start, length, n in zip(planes[:-1], lengths, numbers, strict=True):
        widths = grading ** -np.abs(np.linspace(-1, 1, n)) if n > 2 else np.ones(n)
        edges.append(start + length * np.cumsum(widths) / widths.sum())
    return np.concatenate(edges)


def _materials(centres):
    """Number of the material at each position (nx, ny, nz)."""
    x, y, z = np.meshgrid(*centres, indexing="ij", sparse=True)
    material = np.full((x.size, y.size, z.size), _NUMBER["lining"], np.int8)

    def put(name, where, low, high):
        material[np.broadcast_to(where & (z > low) & (z < high), material.shape)] = _NUMBER[name]

    def within(u, spans):
        return np.any([(u > low) & (u < high) for low, high in spans], axis=0)

    everywhere = np.array(True)
    inner = within(x, [(_SIDE, _LENGTH - _SIDE)]) & within(y, [(_SIDE, _WIDTH - _SIDE)])
    under = within(y, [(_SIDE + 0.10, _WIDTH - _SIDE - 0.10)])
    beside = [(low - _JOINT, high + _JOINT) for low, high in _BARS_X]
    put("brick", everywhere, _Z["lining"], _Z["cathode"])
    put("paste", inner, _Z["brick"], _Z["cathode"])
    put("carbon", within(x, _BLOCKS_X) & under, _Z["brick"], _Z["cathode"])
    put("joint", within(x, beside) & under, _Z["bar"] - _JOINT, _Z["bar_top"] + _JOINT)
    put("steel", within(x, _BARS_X) & within(y, [(-1.0, _WIDTH + 1.0)]), _Z["bar"], _Z["bar_top"])
    put("side", everywhere, _Z["cathode"], _Z["bath"])
    put("crust", everywhere, _Z["bath"], _Z["top"])
    put("metal", inner, _Z["cathode"], _Z["pad"])
    put("bath", inner, _Z["pad"], _Z["bath"])
    put("gas", inner, _Z["crust"], _Z["top"])
    put("anode", within(x, _ANODES_X) & within(y, _ANODES_Y), _Z["film"], _Z["top"])
    return material
