"""Multigrid on aggregates: the answer, few iterations under jumps, the same bits for any number of threads, and
failure."""

import hashlib

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import spsolve
from scipy.spatial import Delaunay
from tests.numerics.threads import digests

from oxycell.errors import NotConverged
from oxycell.numerics.aggregation import krylov as aggregation_krylov
from oxycell.numerics.aggregation import levels as aggregation_levels
from oxycell.numerics.aggregation.levels import LANES, row_slots
from oxycell.numerics.aggregation.multigrid import Aggregation
from oxycell.numerics.linear import solve
from oxycell.numerics.operators import Operator


def tetrahedra(n, sigma=None, seed=0):
    """Network of the tetrahedra between n random points of the unit cube, two-point conductances of the conductivity
    sigma(centres).

    Returns
    -------
    centre : (m, 3); a, b, conductance : inner faces; cell, face_centre, outer : boundary faces, their conductance to
        the half cell
    """
    rng = np.random.default_rng(seed)
    inside = rng.random((n, 3))
    sides = np.concatenate(
        [np.insert(rng.random((int(n ** (2 / 3)), 2)), axis, side, 1) for axis in range(3) for side in (0.0, 1.0)]
    )
    mesh = Delaunay(np.r_[inside, sides, [[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)]])
    corners, points = mesh.simplices, mesh.points
    centre = points[corners].mean(1)
    conductivity = np.ones(len(centre)) if sigma is None else sigma(centre)
    parts = []
    for k in range(4):
        face = points[np.delete(corners, k, 1)]
        area = 0.5 * np.linalg.norm(np.cross(face[:, 1] - face[:, 0], face[:, 2] - face[:, 0]), axis=1)
        half = area * conductivity / np.linalg.norm(face.mean(1) - centre, axis=1)
        parts.append((np.arange(len(centre)), mesh.neighbors[:, k], half, face.mean(1)))
    cell, other, half, face_centre = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((np.maximum(cell, other), np.minimum(cell, other)))
    order = order[np.minimum(cell, other)[order] >= 0].reshape(-1, 2)
    outer = other < 0
    conductance = 1.0 / (1.0 / half[order]).sum(1)
    return centre, cell[order[:, 0]], cell[order[:, 1]], conductance, cell[outer], face_centre[outer], half[outer]


def cell(n=4000, contrast=1e12):
    """Metal below, bath above it, rods into the bath through insulation worse by `contrast`; the rods end in one
    terminal."""

    def sigma(x):
        rod = ((x[:, 0] * 2 % 1 - 0.5) ** 2 + (x[:, 1] * 2 % 1 - 0.5) ** 2 < 0.06) & (x[:, 2] > 0.35)
        return np.where(rod, 1e7, np.select([x[:, 2] < 0.2, x[:, 2] < 0.5], [3e6, 2e2], 3e6 / contrast))

    centre, a, b, conductance, outside, face, half = tetrahedra(n, sigma)
    m = len(centre)
    top = (face[:, 2] > 1.0 - 1e-9) & (sigma(centre[outside]) > 1e6)
    operator = Operator(m + 1, np.r_[a, outside[top]], np.r_[b, np.full(top.sum(), m)])
    operator.conductance[:] = np.r_[conductance, half[top]]
    bottom = face[:, 2] < 1e-9
    np.add.at(operator.shift, outside[bottom], half[bottom])
    operator.refresh()
    source = np.zeros(m + 1)
    source[m] = 1.0
    return operator, source


def random_case(seed, n=300):
    """Tetrahedra with jumps, faces twice and to themselves, a hub in the middle of the numbers, two joined hubs, rows
    nothing touches."""
    rng = np.random.default_rng(seed)
    centre, a, b, conductance, *_ = tetrahedra(n, seed=seed)
    m = len(centre)
    hubs = np.array([m // 2, m + 2, m + 3])
    ties = [(rng.choice(m, 150, replace=False), hub) for hub in hubs]
    a = np.r_[a, a[:20], 5, *(rows for rows, _ in ties), m + 2]
    b = np.r_[b, b[:20], 5, *(np.full(150, hub) for _, hub in ties), m + 3]
    operator = Operator(m + 4, a, b)
    operator.conductance[:] = 10.0 ** rng.uniform(-3, 3, a.size)
    operator.conductance[: conductance.size] *= conductance
    operator.shift[rng.random(m + 4) < 0.05] = 1.0
    operator.shift[m] = 2.0  # alone, with a shift; row m + 1 is touched by nothing
    operator.shift[m + 1] = 0.0
    held = rng.choice(m, 30, replace=False)
    for row in held:
        operator.conductance[(a == row) | (b == row)] = 0.0
        operator.shift[row] = 0.0
    operator.refresh()
    return operator, rng.standard_normal(m + 4), np.r_[np.setdiff1d(held, hubs), m + 1]


def weighted(operator, r):
    return np.sqrt(np.sum(r * r / operator.diagonal))


@pytest.fixture
def many_levels(monkeypatch):
    monkeypatch.setattr(aggregation_levels, "_BOTTOM", 20)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("bottom", [20, 5000])
def test_answer_is_that_of_a_direct_solver(monkeypatch, seed, bottom):
    monkeypatch.setattr(aggregation_levels, "_BOTTOM", bottom)
    operator, b, held = random_case(seed)
    x = solve(operator, b, tolerance=1e-13)
    exact = spsolve(operator.to_csr().tocsc(), b)
    assert np.abs(x - exact).max() <= 1e-10 * np.abs(exact).max()
    assert held.size > 20 and (x[held] == b[held]).all()
    assert operator.solver._topology.n_hubs == 3


def test_operator_of_the_iteration_is_the_operator():
    operator, b, held = random_case(5)
    h = Aggregation(operator)
    h.refresh(operator)
    F, position, scale = h._finest, h._topology.position, h._iteration.scale
    F.x[position] = b
    energy = h._iteration._apply(F.x) / scale
    expected = operator.apply(b)
    expected[held] = 0.0
    assert F.q[position] / scale == pytest.approx(expected, rel=1e-12, abs=1e-9)
    assert energy == pytest.approx(b @ expected)
    F.rest[:] = 0.0
    h._iteration._apply(F.x)
    assert F.q[position] / scale != pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("unit", [2.0**-60, 2.0**60])
def test_unit_of_the_coefficients_changes_nothing(unit):
    """Nor does it what counts as rounding: the tolerance is below it."""
    operator, source = cell()
    x, iterations = solve(operator, source, 1e-17), operator.iterations
    operator.conductance *= unit
    operator.shift *= unit
    operator.refresh()
    operator.solver = None
    assert (unit * solve(operator, source, 1e-17) == x).all()
    assert operator.iterations == iterations


def level_matrix(L, level):
    """A level's operator as a sparse matrix over all its positions."""
    begin, end = LANES * L.slices[level], LANES * L.slices[level + 1]
    rows, columns, values = [], [], []
    for r in range(begin, end):
        for p in range(*row_slots(r, L.entries.wide, L.entries.start)):
            rows += [r - begin, r - begin]
            columns += [r - begin, int(L.entries.column[p]) - begin]
            values += [L.value[p], -L.value[p]]
        rows.append(r - begin)
        columns.append(r - begin)
        values.append(L.shift[r])
    return csr_matrix((np.array(values, float), (rows, columns)), shape=(end - begin,) * 2)


def test_every_level_is_the_sum_of_the_finer_one(many_levels):
    operator, _, _ = random_case(6)
    h = Aggregation(operator)
    h.refresh(operator)
    L = h._levels
    assert L.n >= 4
    for level in range(L.n - 1):
        fine, coarse = level_matrix(L, level), level_matrix(L, level + 1)
        begin, middle = LANES * L.slices[level], LANES * L.slices[level + 1]
        inside = [
            np.arange(L.first[c], L.last[c]) - begin
            for c in np.arange(middle, LANES * L.slices[level + 2]) - LANES * L.slices[1]
        ]
        transfer = csr_matrix(
            (np.ones(sum(map(len, inside))), np.concatenate(inside), np.cumsum([0, *map(len, inside)])),
            shape=(len(inside), fine.shape[0]),
        )
        assert transfer.sum(0).max() == 1.0
        assert abs(transfer @ fine @ transfer.T - coarse).max() <= 1e-5 * abs(fine).max()
        diagonal = coarse.diagonal()
        assert L.inverse[middle : LANES * L.slices[level + 2]][diagonal > 0.0] == pytest.approx(
            1.0 / diagonal[diagonal > 0.0], rel=1e-5
        )


@pytest.mark.parametrize("n", [1000, 12000])
@pytest.mark.parametrize("contrast", [1e4, 1e16])
def test_few_iterations_whatever_size_and_jumps(n, contrast):
    operator, source = cell(n, contrast)
    x = solve(operator, source, 1e-8)
    assert operator.iterations <= 30
    assert weighted(operator, source - operator.apply(x)) <= 1.001e-8 * weighted(operator, source)
    assert operator.shift @ x == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize("fault", ["transfer", "conductance", "hub"])
def test_counter_wrong_level_costs_iterations(fault):
    operator, source = cell()
    solve(operator, source, 1e-8)
    good, L = operator.iterations, operator.solver._levels
    coarse = slice(LANES * (L.slices[2] - L.slices[1]))
    if fault == "transfer":
        L.first[coarse], L.last[coarse] = np.roll(L.first[coarse], 7), np.roll(L.last[coarse], 7)
    elif fault == "conductance":
        L.value[L.entries.start[L.slices[1]] :] *= 50.0
    else:
        L.bottom.factor[:, -1] = 0.0
    try:
        solve(operator, source, 1e-8)
        assert operator.iterations > 1.5 * good
    except NotConverged:
        pass


def test_refresh_takes_new_coefficients(many_levels):
    operator, b, _ = random_case(2)
    solve(operator, b, 1e-12)
    kept = operator.solver
    operator.conductance *= 10.0 ** np.random.default_rng(0).uniform(-2, 2, operator.conductance.size)
    operator.refresh()
    x = solve(operator, b, 1e-13)
    assert operator.solver is kept
    exact = spsolve(operator.to_csr().tocsc(), b)
    assert np.abs(x - exact).max() <= 1e-10 * np.abs(exact).max()


def test_aggregates_are_kept_while_they_serve_and_made_anew_where_cells_froze():
    operator, source = cell()
    solve(operator, source, 1e-8)
    good, first = operator.iterations, operator.solver._topology
    rng = np.random.default_rng(1)
    operator.conductance *= rng.uniform(0.8, 1.2, operator.conductance.size)
    operator.refresh()
    solve(operator, source, 1e-8)
    assert operator.solver._topology is first and operator.iterations <= 1.3 * good
    frozen = rng.random(operator.n) < 0.1
    frozen[-1] = False
    operator.conductance[frozen[operator.a] | frozen[operator.b]] *= 1e-6
    for _ in range(2):
        operator.refresh()
        x = solve(operator, source, 1e-8)
        assert weighted(operator, source - operator.apply(x)) <= 1.001e-8 * weighted(operator, source)
    assert operator.solver._topology is not first and operator.iterations <= 1.5 * good


def test_bodies_in_a_field_of_insulation_still_coarsen():
    """Single good conductors that many poor ones hang on: gathered level by level in steps of half or less."""
    operator, _ = cell(3000, 1e4)
    rng = np.random.default_rng(2)
    good = 10.0 ** (6 * (rng.random(operator.n) < 0.1))
    operator.conductance[:] /= 1.0 / good[operator.a] + 1.0 / good[operator.b]
    operator.refresh()
    h = Aggregation(operator)
    sizes = np.diff(h._levels.slices)
    assert (sizes[1:] <= 0.55 * sizes[:-1] + 1).all()


def test_single_row_long_chain_and_star():
    single = Operator(1, [], [])
    single.shift[:] = 4.0
    single.refresh()
    assert solve(single, np.ones(1)) == pytest.approx([0.25])
    for a, b in ((np.arange(2999), np.arange(1, 3000)), (np.zeros(2999, int), np.arange(1, 3000))):
        operator = Operator(3000, a, b)
        operator.conductance[:], operator.shift[-1] = 1.0, 1.0
        operator.refresh()
        x = solve(operator, np.ones(3000), 1e-12)
        assert x == pytest.approx(spsolve(operator.to_csr().tocsc(), np.ones(3000)), rel=1e-8)


def test_unsolvable_is_an_error():
    operator, source = cell(500)
    operator.shift[:] = 0.0
    operator.refresh()
    with pytest.raises(NotConverged):
        solve(operator, source, 1e-8)


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
@pytest.mark.parametrize("what", ["conductance", "shift"])
def test_bad_coefficient_is_an_error(what, value):
    operator, source = cell(500)
    solve(operator, source, 1e-8)
    getattr(operator, what)[5] = value
    operator.refresh()
    with pytest.raises(NotConverged, match="negative or not a number"):
        solve(operator, source)


def digest():
    """Hash of an answer, every level in parallel loops."""
    aggregation_krylov._LARGE = 0
    operator, source = cell(3000)
    return hashlib.sha256(solve(operator, source, 1e-9).tobytes()).hexdigest()


def test_same_bits_for_one_and_two_threads():
    answers = digests(__file__)
    assert len(answers) == 1 and answers.pop().strip()
