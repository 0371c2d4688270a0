"""Newton's method with line search, and the step that only knows the tangent by differences."""

import numpy as np
import pytest

from oxycell.errors import NotConverged
from oxycell.numerics.newton import decreases, descends, krylov_direction, newton


def size(r):
    return float(np.linalg.norm(r))


SMALLER = decreases(lambda: 1.0)


def solve(residual, slope, u, limit=1e-12, bounded=lambda u, step: step, max_iterations=40, accepts=SMALLER, **more):
    return newton(
        residual,
        lambda u, r: -np.linalg.solve(slope(u), r),
        np.asarray(u, float),
        accepts,
        lambda u, r: size(r) <= limit,
        bounded,
        max_iterations,
        **more,
    )


def circle(u):
    """Unit circle and the parabola y = x²: a root at x² = (√5 − 1)/2."""
    x, y = u
    return np.array([x * x + y * y - 1.0, y - x * x])


def circle_slope(u):
    x, y = u
    return np.array([[2 * x, 2 * y], [-2 * x, 1.0]])


ROOT = np.array([np.sqrt((np.sqrt(5.0) - 1.0) / 2.0), (np.sqrt(5.0) - 1.0) / 2.0])


def test_converges_quadratically():
    errors = []
    u, iterations = solve(
        circle, circle_slope, [2.0, 1.0], report=lambda i, u, r: errors.append(np.abs(u - ROOT).max())
    )
    assert u == pytest.approx(ROOT, abs=1e-13) and iterations == len(errors) <= 8
    near = [e for e in errors if 1e-13 < e < 0.1]
    assert all(b < 3.0 * a * a for a, b in zip(near, near[1:], strict=False)) and len(near) >= 2


def test_half_a_slope_is_seen_in_the_iterations():
    """Counter-test of the one before: a tangent off by a half converges linearly."""
    errors = []
    solve(
        circle,
        lambda u: 2.0 * circle_slope(u),
        [2.0, 1.0],
        max_iterations=80,
        report=lambda i, u, r: errors.append(np.abs(u - ROOT).max()),
    )
    assert len(errors) > 20


def test_line_search_where_full_steps_diverge():
    steps = []
    u, iterations = solve(
        np.arctan, lambda u: np.diag(1.0 / (1.0 + u * u)), [20.0], report=lambda i, u, r: steps.append(size(r))
    )
    assert abs(u[0]) < 1e-12 and iterations < 15
    assert np.all(np.diff(steps) < 0.0)
    full = 20.0 - np.arctan(20.0) * 401.0
    assert abs(full) > 20.0  # the full step leaves


def electrodes(u):
    """Minus the gradient of a convex function: 1 A into a plate that two laws with tiny slopes at rest join to
    earth."""
    return np.array(
        [1.0 - 1e-9 * np.sinh(40.0 * u[0]) - 1e-3 * (u[0] - u[1]), 1e-3 * (u[0] - u[1]) - 1e-9 * np.sinh(30.0 * u[1])]
    )


def electrodes_slope(u):
    a, b = 4e-8 * np.cosh(40.0 * u[0]), 3e-8 * np.cosh(30.0 * u[1])
    return -np.array([[a + 1e-3, -1e-3], [-1e-3, b + 1e-3]])


def test_descent_finds_the_root_of_a_convex_function():
    """From rest the tangent is 1e7 times too flat: judged along the step, Newton's method needs few steps; judged by
    the norm, many."""

    def bounded(u, step):
        return step / max(1.0, np.abs(step).max() / 3.0)

    u, iterations = solve(
        electrodes, electrodes_slope, [0.0, 0.0], bounded=bounded, accepts=descends, max_iterations=60
    )
    assert np.abs(electrodes(u)).max() < 1e-12 and iterations <= 30


def test_what_a_step_is_judged_by():
    step, r = np.array([1.0, 2.0]), np.array([2.0, 1.0])
    assert descends(step, 1.0, r, -0.4 * r) and not descends(step, 1.0, r, -0.6 * r) and descends(step, 1.0, r, 5.0 * r)
    norm = decreases(lambda: np.array([1.0, 0.0]))
    assert norm(step, 1.0, r, np.array([1.9, 9.0])) and not norm(step, 1.0, r, np.array([2.0, 0.0]))
    assert norm(step, 1e-3, r, 0.9999999 * r) and not norm(step, 1.0, r, 0.9999999 * r)


def test_starts_at_the_root():
    u, iterations = solve(circle, circle_slope, ROOT)
    assert iterations == 0 and u is not None


def test_bounded_steps_are_taken_as_bounded():
    """The argument of a root never leaves where it is real."""
    seen = []

    def residual(u):
        seen.append(u[0])
        assert u[0] > 0.0
        return np.sqrt(u) - 0.1

    def bounded(u, step):
        return np.maximum(step, -0.9 * u)

    u, _ = solve(residual, lambda u: np.diag(0.5 / np.sqrt(u)), [9.0], bounded=bounded)
    assert u[0] == pytest.approx(0.01, rel=1e-10) and min(seen) > 0.0


def test_residual_that_is_no_number_shortens_the_step():
    with np.errstate(invalid="ignore", divide="ignore"):
        u, _ = solve(lambda u: np.log(u), lambda u: np.diag(1.0 / u), [20.0])
    assert u[0] == pytest.approx(1.0, abs=1e-11)


def test_wrong_direction_is_told():
    with pytest.raises(NotConverged, match="no length of the Newton step") as error:
        solve(circle, lambda u: -circle_slope(u), [2.0, 1.0])
    assert error.value.state.tolist() == [2.0, 1.0]


def test_too_few_iterations_are_told():
    with pytest.raises(NotConverged, match="after 3 Newton steps") as error:
        solve(circle, circle_slope, [2.0, 1.0], max_iterations=3)
    assert size(circle(error.value.state)) < size(circle(np.array([2.0, 1.0])))


def test_last_allowed_iteration_counts():
    _, iterations = solve(circle, circle_slope, [2.0, 1.0])
    assert solve(circle, circle_slope, [2.0, 1.0], max_iterations=iterations)[1] == iterations


def test_renewed_part_follows_the_state():
    """x = cos x with the right side held within a step: only the renewed residual may count as found."""
    held = [0.0]

    def renew(u):
        held[0] = np.cos(u[0])

    u, iterations = newton(
        lambda u: u - held[0],
        lambda u, r: -r,
        np.array([0.5]),
        SMALLER,
        lambda u, r: size(r) < 1e-12,
        lambda u, step: step,
        200,
        renew,
    )
    assert u[0] == pytest.approx(0.7390851332151607, abs=1e-11) and iterations > 5


@pytest.fixture
def coupled():
    """A nonsymmetric matrix with rows of very different size, and its residual with a mild nonlinearity."""
    rng = np.random.default_rng(7)
    n = 40
    scale = 10.0 ** rng.uniform(-4, 4, n)
    core = np.diag(np.full(n, 4.0)) - np.eye(n, k=1) - np.eye(n, k=-1) + 0.3 * rng.standard_normal((n, n)) / np.sqrt(n)
    A, b = scale[:, None] * core, scale * rng.standard_normal(n)
    return A, scale, lambda u: b - A @ u


@pytest.mark.parametrize("tolerance", [1e-1, 1e-3, 1e-6])
def test_krylov_direction_is_the_newton_step(coupled, tolerance):
    A, scale, residual = coupled
    u = np.full(scale.size, 0.3)
    r = residual(u)
    step = krylov_direction(residual, u, r, lambda v: v / (4.0 * scale), np.full(u.size, 1e-3), 1.0 / scale, tolerance)
    assert np.linalg.norm((A @ step - r) / scale) <= 1.01 * tolerance * np.linalg.norm(r / scale)
    exact = np.linalg.solve(A, r)
    assert np.linalg.norm(step - exact) <= 3.0 * tolerance * np.linalg.norm(exact)


def test_krylov_direction_sees_what_the_preconditioner_does_not(coupled):
    """The tangent is that of the residual: a preconditioner of the wrong size or shape changes the work, not the
    answer."""
    A, scale, residual = coupled
    u = np.zeros(scale.size)
    exact = np.linalg.solve(A, residual(u))
    for factor in (0.1, -3.0):
        step = krylov_direction(
            residual,
            u,
            residual(u),
            lambda v, factor=factor: factor * v / scale,
            np.full(u.size, 1e-3),
            1.0 / scale,
            1e-6,
        )
        assert step == pytest.approx(exact, abs=1e-4 * np.abs(exact).max())
    other = krylov_direction(
        lambda u: residual(2.0 * u),
        u,
        residual(u),
        lambda v: v / (4.0 * scale),
        np.full(u.size, 1e-3),
        1.0 / scale,
        1e-6,
    )
    assert other == pytest.approx(0.5 * exact, abs=1e-4 * np.abs(exact).max())


def test_krylov_direction_of_nothing_is_nothing(coupled):
    _, scale, _ = coupled
    step = krylov_direction(
        lambda u: -u,
        np.zeros(scale.size),
        np.zeros(scale.size),
        lambda v: v,
        np.ones(scale.size),
        np.ones(scale.size),
        1e-3,
    )
    assert not step.any()
