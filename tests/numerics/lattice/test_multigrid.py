"""Multigrid on a lattice: the answer, few iterations under jumps, the same bits for any number of threads, and
failure."""

import hashlib

import numpy as np
import pytest
from scipy.sparse.linalg import spsolve
from tests.numerics.threads import digests

from oxycell.errors import NotConverged
from oxycell.numerics.lattice import levels as lattice_levels
from oxycell.numerics.lattice import merging as lattice_merging
from oxycell.numerics.lattice.kernels import WEIGHTS, cycle
from oxycell.numerics.lattice.multigrid import Hierarchy
from oxycell.numerics.lattice.strips import NONE
from oxycell.numerics.linear import solve
from oxycell.numerics.operators import LatticeRows, Operator


def on_grid(edges, sigma, lumps=0, lump_of=None):
    """Operator of a conductor of conductivity sigma (nx, ny, nz), 0: empty; `lump_of` (nx, ny, nz): global row of a
    cell, −1 none.

    Cells of a global row touch the others by their half cells; there are `lumps` global rows, the last rows.
    """
    shape = sigma.shape
    lump_of = np.full(shape, -1) if lump_of is None else lump_of
    row = np.full(shape, -1)
    free = (sigma > 0.0) & (lump_of < 0)
    row[free] = np.arange(np.count_nonzero(free))
    n = np.count_nonzero(free) + lumps
    of_cell = np.where(lump_of >= 0, n - lumps + lump_of, row)
    widths = np.meshgrid(*(np.diff(e) for e in edges), indexing="ij")
    a, b, g = [], [], []
    for axis in range(3):
        area = np.prod([widths[other] for other in range(3) if other != axis], 0)
        half = widths[axis] / (2.0 * np.where(sigma > 0.0, sigma, 1.0) * area)
        low = tuple(slice(None, -1) if d == axis else slice(None) for d in range(3))
        high = tuple(slice(1, None) if d == axis else slice(None) for d in range(3))
        here = (of_cell[low] >= 0) & (of_cell[high] >= 0)
        a.append(of_cell[low][here])
        b.append(of_cell[high][here])
        g.append(1.0 / (half[low] + half[high])[here])
    operator = Operator(n, np.concatenate(a), np.concatenate(b), LatticeRows(tuple(edges), row))
    operator.conductance[:] = np.concatenate(g)
    operator.refresh()
    return operator


def random_case(seed):
    """A small lattice with voids, jumps, three global rows joined to each other, and a cell that nothing touches."""
    rng = np.random.default_rng(seed)
    shape = (9, 14, 11)
    edges = [np.r_[0.0, np.cumsum(10.0 ** rng.uniform(-2, 0, n))] for n in shape]
    sigma = 10.0 ** rng.uniform(-3, 3, shape) * (rng.random(shape) > 0.2)
    sigma[0, 1, 0] = sigma[1, 0, 0] = sigma[0, 0, 1] = 0.0
    sigma[0, 0, 0] = 1.0
    lump_of = np.full(shape, -1)
    lump_of[:, -2, :], lump_of[:, -1, :], lump_of[-1, :3, :] = 0, 1, 2
    sigma[lump_of >= 0] = 1.0
    operator = on_grid(edges, sigma, 3, lump_of)
    operator.shift[rng.random(operator.n) < 0.05] = 1.0
    operator.shift[operator.lattice.row[0, 0, 0]] = 0.0
    operator.refresh()
    return operator, rng.standard_normal(operator.n)


def cell(n=1, contrast=1e12):
    """Metal and bath, rods through a void into the bath, thin contacts between, walls worse by `contrast`; rods end in
    one terminal."""

    def axis(*pieces):
        return np.r_[
            0.0, np.cumsum(np.concatenate([np.full(n * count, length / (n * count)) for count, length in pieces]))
        ]

    x = axis((3, 0.5), *([(4, 0.3), (2, 0.08), (4, 0.3), (1, 0.01)] * 4), (3, 0.5))
    y = axis((3, 0.4), (6, 1.0), (3, 0.4))
    z = axis((3, 0.3), (1, 0.002), (3, 0.2), (4, 0.05), (3, 0.1), (1, 0.001), (9, 1.5), (1, 0.1))
    X, Y, Z = np.meshgrid(*(0.5 * (e[1:] + e[:-1]) for e in (x, y, z)), indexing="ij")
    wall = (X < 0.5) | (X > x[-1] - 0.5) | (Y < 0.4) | (Y > 1.4)
    sigma = np.select([0.302 > Z, 0.502 > Z, 0.552 > Z, 0.652 > Z], [1e4, 3e6, 2e2, 2e6], 0.0)
    sigma[(Z > 0.3) & (Z < 0.302)] = 10.0
    place = (X - 0.5) % 0.69
    rod = (place > 0.3) & (place < 0.38) & (Y > 0.8) & (Y < 1.0) & (Z > 0.652)
    sigma[rod] = np.where(Z[rod] < 0.653, 50.0, 1e7)
    plate = (Z > 0.552) & (Z < 0.652)
    sigma[plate & (place > 0.68)] = 0.0
    sigma[wall] = np.where(Z[wall] < 0.652, 3e6 / contrast, 0.0)
    lump_of = np.where((z[-2] < Z) & rod, 0, -1)
    sigma[lump_of >= 0] = 1e7
    operator = on_grid((x, y, z), sigma, 1, lump_of)
    bottom = operator.lattice.row[:, :, 0]
    operator.shift[bottom[bottom >= 0]] = 1e3
    operator.refresh()
    source = np.zeros(operator.n)
    source[-1] = 1.0
    return operator, source


@pytest.mark.parametrize("bottom", [40, 2500])
@pytest.mark.parametrize("seed", range(4))
def test_answer_is_that_of_a_direct_solver(monkeypatch, seed, bottom):
    monkeypatch.setattr(lattice_levels, "_BOTTOM", bottom)
    operator, b = random_case(seed)
    x = solve(operator, b, tolerance=1e-13)
    exact = spsolve(operator.to_csr().tocsc(), b)
    assert np.abs(x - exact).max() <= 1e-10 * np.abs(exact).max()
    lone = operator.lattice.row[0, 0, 0]
    assert x[lone] == b[lone]


def test_operator_of_the_iteration_is_the_operator():
    """Scatter, couplings and global rows: one multiplication on the grid against the sparse rows."""
    operator, b = random_case(7)
    h = Hierarchy(operator)
    h.refresh(operator)
    step, F, V = h.iteration(operator, np.zeros(operator.n)), h._finest, h._vectors.search
    position, row = places(h)
    V.x[position], F.x_lump[:] = b[row], b[F.lump_row]
    expected = operator.apply(b)
    lone = operator.lattice.row[0, 0, 0]
    expected[lone] = 0.0
    step.renew()
    got = np.empty(operator.n)
    got[row], got[F.lump_row] = -V.r[position] / h._scale, -F.r_lump / h._scale
    assert got == pytest.approx(expected, rel=1e-12, abs=1e-9)
    b[lone] = 0.0
    xAx = step.apply(V.x, F.x_lump) / h._scale
    assert xAx == pytest.approx(b @ expected)
    got[row], got[F.lump_row] = V.q[position] / h._scale, F.q_lump / h._scale
    size = operator.diagonal * np.abs(b).max()
    assert np.abs((got - expected) / size).max() < 1e-6  # conductances in single precision


def places(hierarchy):
    """Flat positions of the finest level that hold a row, and the rows."""
    row = hierarchy._finest.row
    return np.flatnonzero(row != NONE), row[row != NONE]


def preconditioner(operator):
    """The cycle as a dense matrix."""
    h = Hierarchy(operator)
    h.refresh(operator)
    h.iteration(operator, np.zeros(operator.n))
    L, n, lump_row = h._levels, operator.n, h._finest.lump_row
    position, row = places(h)
    matrix = np.empty((n, n))
    for i in range(n):
        e = np.zeros(n)
        e[i] = 1.0
        L.b[position], L.b_lump[:] = e[row], e[lump_row]
        cycle(L, h._chains, WEIGHTS)
        matrix[row, i], matrix[lump_row, i] = L.y[position], L.x_lump
    return matrix


@pytest.mark.parametrize("bottom", [40, 2500])
def test_cycle_is_symmetric_and_positive(monkeypatch, bottom):
    monkeypatch.setattr(lattice_levels, "_BOTTOM", bottom)
    operator, _ = random_case(1)
    M = np.delete(preconditioner(operator), operator.lattice.row[0, 0, 0], 0)
    M = np.delete(M, operator.lattice.row[0, 0, 0], 1)
    size = 1.0 / np.sqrt(np.diag(M))
    M = size[:, None] * M * size
    assert np.abs(M - M.T).max() < 1e-4
    assert np.linalg.eigvalsh(0.5 * (M + M.T)).min() > 0.0


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("contrast", [1e4, 1e12])
def test_few_iterations_whatever_size_and_jumps(n, contrast):
    operator, source = cell(n, contrast)
    x = solve(operator, source, 1e-8)
    assert operator.iterations <= 25
    r = source - operator.apply(x)
    assert np.sqrt(np.sum(r * r / operator.diagonal)) <= 1.001e-8 * np.sqrt(np.sum(source**2 / operator.diagonal))
    assert operator.shift @ x == pytest.approx(1.0, rel=1e-6)


def test_counter_without_barriers_the_layers_merge(monkeypatch):
    monkeypatch.setattr(lattice_levels, "_BOTTOM", 200)
    operator, source = cell()
    solve(operator, source, 1e-8)
    good = operator.iterations
    monkeypatch.setattr(lattice_merging, "_SLOPE", 0.0)
    operator.solver = None
    solve(operator, source, 1e-8)
    assert operator.iterations > good


@pytest.mark.parametrize("fault", ["transfer", "conductance", "coupling"])
def test_counter_wrong_level_costs_iterations(monkeypatch, fault):
    monkeypatch.setattr(lattice_levels, "_BOTTOM", 500)
    operator, source = cell(2)
    solve(operator, source, 1e-8)
    good, hierarchy = operator.iterations, operator.solver
    L = hierarchy._levels
    if fault == "transfer":
        fine = slice(*hierarchy._grids[0].bounds[[0, -1]])
        L.parent[fine] = np.roll(L.parent[fine], 7)
    elif fault == "conductance":
        for t in L.network[:3]:
            t[hierarchy._grids[1].bounds[0] :] *= 50.0
    else:
        L.couplings.conductance[:] = 0.0
    solve(operator, source, 1e-8)
    assert (
        operator.solver is not hierarchy or operator.iterations > 1.5 * good
    )  # aggregates take over where the lattice fails


def columns(n=12, lines=40, loose=1e-3):
    """A wall with columns of n cells in front that touch the wall and not each other, as frozen ledge does."""
    shape = (n + 4, lines, lines)
    edges = [np.arange(m + 1.0) for m in shape]
    operator = on_grid(edges, np.ones(shape))
    i = np.argwhere(operator.lattice.row >= 0)[:, 0]
    operator.conductance[(i[operator.a] == i[operator.b]) & (i[operator.a] >= 4)] = 0.0
    operator.conductance *= 10.0 ** np.random.default_rng(1).uniform(-0.5, 0.5, operator.conductance.size)
    operator.shift[i == 0] = loose
    operator.refresh()
    return operator, np.random.default_rng(2).standard_normal(operator.n)


def test_lines_side_by_side_cost_no_iterations():
    operator, b = columns()
    x = solve(operator, b, 1e-10)
    assert operator.iterations <= 25
    r = b - operator.apply(x)
    assert np.sqrt(np.sum(r * r / operator.diagonal)) <= 1.001e-10 * np.sqrt(np.sum(b * b / operator.diagonal))


def test_counter_lines_smoothed_like_all_cells_are_slow(monkeypatch):
    from oxycell.numerics.lattice import chains as lattice_chains
    from oxycell.numerics.lattice import multigrid as lattice_multigrid

    operator, b = columns()
    solve(operator, b, 1e-8)
    good = operator.iterations

    def none(*arguments):
        found = lattice_chains.find_chains(*arguments)
        return lattice_chains.Chains(np.zeros_like(found[0]), *(array[:0] for array in found[1:]))

    monkeypatch.setattr(lattice_multigrid, "find_chains", none)
    operator.solver = None
    solve(operator, b, 1e-8)
    assert operator.iterations > 1.5 * good


def test_chains_are_solved_exactly():
    from oxycell.numerics.lattice.chains import solve_chains, solve_chains_parallel

    operator, b = columns(7, 9)
    h = Hierarchy(operator)
    h.iteration(operator, b)
    chains, L = h._chains, h._levels
    position, row = places(h)
    assert chains.at.size == 7 * 81 and chains.group[-1] == chains.at.size
    L.b[position], L.y[position] = b[row], b[row]
    x = L.y.copy()
    solve_chains(chains, L.b, x)
    y = L.y.copy()
    solve_chains_parallel(chains, L.b, y)
    assert np.array_equal(x, y)
    full = np.zeros(operator.n)
    full[row] = x[position]
    inside = np.isin(position, chains.at)
    r = b - h._scale * operator.apply(full)
    assert np.abs(r[row[inside]]).max() < 1e-4 * np.abs(full).max()
    assert np.array_equal(full[row[~inside]], np.float32(b[row[~inside]]))


@pytest.mark.parametrize("far", ["void", "held", "insulator"])
def test_what_does_not_conduct_changes_no_answer(far):
    """A conductor in empty space, among rows that nothing touches, or in an insulator worse by 1e16: the same
    potentials and currents."""
    rng = np.random.default_rng(4)
    shape = (12, 15, 18)
    inside = np.zeros(shape, bool)
    inside[3:9, 2:13, 4:] = True
    inside[5, 5:8, 6:9] = False
    sigma = np.where(inside, 10.0 ** rng.uniform(0, 3, shape), {"void": 0.0, "held": 1.0, "insulator": 1e-14}[far])
    operator = on_grid([np.cumsum(rng.uniform(0.01, 0.5, n + 1)) for n in shape], sigma)
    cell = np.argwhere(operator.lattice.row >= 0)
    within = inside[tuple(cell.T)]
    if far == "held":
        operator.conductance[~(within[operator.a] & within[operator.b])] = 0.0
    operator.shift[within & (cell[:, 2] == 4)] = 100.0
    operator.refresh()
    b = np.where(within, rng.standard_normal(operator.n), 0.0)
    rows, both = np.flatnonzero(within), within[operator.a] & within[operator.b]
    new = np.cumsum(within) - 1
    alone = Operator(rows.size, new[operator.a[both]], new[operator.b[both]])
    alone.conductance[:], alone.shift[:] = operator.conductance[both], operator.shift[rows]
    alone.refresh()
    exact = spsolve(alone.to_csr().tocsc(), b[rows])
    x = solve(operator, b, 1e-13)
    assert np.abs(x[rows] - exact).max() <= 1e-10 * np.abs(exact).max()
    if far == "held":
        assert np.array_equal(x[~within], b[~within])


def test_counter_a_poorer_insulator_changes_the_answer():
    """What the test before would see if the solver put a floor of 1e-6 under conductances."""
    shape = (6, 6, 12)
    answers = []
    for floor in (1e-16, 1e-6):
        sigma = np.full(shape, floor)
        sigma[1:3, 1:3], sigma[4:, 4:] = 1.0, 1.0
        operator = on_grid([np.arange(n + 1.0) for n in shape], sigma)
        operator.shift[operator.lattice.row[1, 1, 0]] = operator.shift[operator.lattice.row[5, 5, 0]] = 1.0
        operator.refresh()
        b = np.zeros(operator.n)
        b[operator.lattice.row[1, 1, -1]] = 1.0
        answers.append(solve(operator, b, 1e-13))
    assert np.abs(answers[0] - answers[1]).max() > 1e-8 * np.abs(answers[0]).max()


def test_refresh_takes_new_coefficients():
    operator, b = random_case(2)
    solve(operator, b, 1e-12)
    kept = operator.solver
    operator.conductance *= 10.0 ** np.random.default_rng(0).uniform(-2, 2, operator.conductance.size)
    operator.refresh()
    x = solve(operator, b, 1e-13)
    assert operator.solver is kept
    exact = spsolve(operator.to_csr().tocsc(), b)
    assert np.abs(x - exact).max() <= 1e-10 * np.abs(exact).max()


def test_faces_between_the_same_cells_add_up():
    operator, b = random_case(5)
    rng = np.random.default_rng(6)
    share = rng.uniform(0.1, 0.9, operator.conductance.size)
    order = rng.permutation(3 * share.size)
    parts = np.concatenate([part * operator.conductance for part in (share, 0.3 * (1.0 - share), 0.7 * (1.0 - share))])
    split = Operator(operator.n, np.tile(operator.a, 3)[order], np.tile(operator.b, 3)[order], operator.lattice)
    split.conductance[:], split.shift[:] = parts[order], operator.shift
    split.refresh()
    exact = spsolve(operator.to_csr().tocsc(), b)
    assert np.abs(solve(split, b, 1e-13) - exact).max() <= 1e-10 * np.abs(exact).max()
    assert split.solver._finest.shared.size > operator.a.size


def test_vectors_that_operators_share_carry_nothing_over():
    operator, b = random_case(1)
    alone = solve(operator, b, 1e-11)
    larger, source = cell()
    solve(larger, source, 1e-9)
    assert np.array_equal(solve(operator, b, 1e-11), alone)
    assert operator.solver._vectors is larger.solver._vectors
    with np.errstate(all="ignore"), pytest.raises(NotConverged):
        solve(larger, 1e300 * source, 1e-9)
    assert np.array_equal(solve(operator, b, 1e-11), alone)


def test_nearly_isolated_cells():
    operator, b = random_case(3)
    rng = np.random.default_rng(5)
    operator.conductance[rng.random(operator.conductance.size) < 0.3] *= 1e-8
    operator.refresh()
    x = solve(operator, b, 1e-9)
    r = b - operator.apply(x)
    assert np.sqrt(np.sum(r * r / operator.diagonal)) <= 1e-6 * np.sqrt(np.sum(b * b / operator.diagonal))


def test_single_cell_and_plain_row_of_cells():
    for n in (1, 700):
        operator = on_grid([np.arange(n + 1.0), np.arange(2.0), np.arange(2.0)], np.ones((n, 1, 1)))
        operator.shift[0] = 1.0
        operator.refresh()
        x = solve(operator, np.ones(n), 1e-11)
        assert x == pytest.approx(spsolve(operator.to_csr().tocsc(), np.ones(n)), rel=1e-8)


def test_too_few_iterations_are_an_error():
    operator, source = cell()
    with pytest.raises(NotConverged, match=r"residual .* after 2 iterations; required: 1\.0e-08"):
        solve(operator, source, 1e-8, max_iterations=2)


def test_unsolvable_is_an_error():
    operator = on_grid([np.arange(9.0)] * 3, np.ones((8, 8, 8)))
    with pytest.raises(NotConverged):
        solve(operator, np.ones(operator.n), 1e-8)


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_bad_coefficient_is_an_error(value):
    operator, source = cell()
    operator.conductance[5] = value
    operator.refresh()
    with pytest.raises(NotConverged, match="negative or not a number"):
        solve(operator, source)


def test_face_between_strangers_is_an_error():
    operator = Operator(8, [0], [7], LatticeRows((np.arange(3.0),) * 3, np.arange(8).reshape(2, 2, 2)))
    with pytest.raises(ValueError, match="not neighbours"):
        solve(operator, np.ones(8))


def test_row_in_two_places_is_an_error():
    operator = Operator(
        2, [0], [1], LatticeRows((np.arange(3.0), np.arange(2.0), np.arange(2.0)), np.zeros((2, 1, 1), int))
    )
    with pytest.raises(ValueError, match="one position"):
        solve(operator, np.ones(2))


def digest():
    """Hash of an answer, every level in parallel loops."""
    lattice_levels._LARGE, lattice_levels._BOTTOM = 0, 200
    operator, source = cell()
    return hashlib.sha256(solve(operator, source, 1e-9).tobytes()).hexdigest()


def test_same_bits_for_one_and_two_threads():
    answers = digests(__file__)
    assert len(answers) == 1 and answers.pop().strip()
