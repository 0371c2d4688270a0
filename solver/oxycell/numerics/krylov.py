"""Conjugate gradients whose passes over the rows are given: one iteration for the multigrid of lattices and of mesh
files."""

from typing import Protocol

import numpy as np

CONVERGED, STALLED, INDEFINITE = range(3)
"""How the iteration ended."""

ROUGH = 1e-3
"""Tolerances from here on are met by the residual carried along: products in single precision change it by less than
1e-6 of the flows."""

ROUNDING = 2.0 * np.finfo(np.float64).eps
"""Of a row's sum, relative to its largest term."""


class Passes(Protocol):
    """Passes over the rows for one system A x = b; z is the result of the cycle."""

    def start(self) -> float:
        """x = 0, r = b, p and q finite; r·D⁻¹r."""

    def cycle(self) -> None:
        """z from the cycle's right-hand side."""

    def dots(self) -> tuple[float, float]:
        """z·r and z·q."""

    def direct(self, beta: float) -> None:
        """p = z + β p."""

    def curvature(self) -> float:
        """q = A p; p·q."""

    def update(self, alpha: float, scale: float) -> float:
        """x += α p, r −= α q, the cycle's right-hand side is scale · r; r·D⁻¹r."""

    def renew(self) -> tuple[float, float]:
        """r = b − A x recomputed; r·D⁻¹r and the part of it that rounding of x explains."""


def conjugate_gradients(step: Passes, tolerance: float, max_iterations: int) -> tuple[int, int, float]:
    """Solve A x = b from zero.

    The residual is recomputed before it is accepted, but for rough tolerances. What rounding of x alone makes of it
    counts as met.

    Parameters
    ----------
    step : Passes, over the rows of the system
    tolerance : largest ‖b − A x‖ / ‖b‖ weighted with 1/diagonal
    max_iterations : int

    Returns
    -------
    status : CONVERGED, STALLED or INDEFINITE
    iterations : int
    reached : ‖b − A x‖ / ‖b‖ weighted with 1/diagonal

    Notes
    -----
    Polak–Ribière form of β, tolerant of a preconditioner in single precision that changes: Notay (2000), SIAM J. Sci.
    Comput. 22, 1444.
    """
    status, iterations, size = STALLED, 0, step.start()
    rr, alpha, zr_old = size, 0.0, 1.0
    if size == 0.0:
        status, max_iterations, size = CONVERGED, 0, 1.0
    scale, target = 1.0 / np.sqrt(size), size * tolerance * tolerance
    step.update(0.0, scale)
    while iterations < max_iterations:
        step.cycle()
        zr, zq = step.dots()
        step.direct(-alpha * zq / zr_old)
        curvature = step.curvature()
        if not (zr > 0.0 and curvature > 0.0):
            status = INDEFINITE
            break
        alpha, zr_old = zr / curvature, zr
        rr = step.update(alpha, scale)
        iterations += 1
        if rr <= target:
            if tolerance >= ROUGH:
                status = CONVERGED
                break
            rr, rounded = step.renew()
            if rr <= max(target, rounded):
                status = CONVERGED
                break
            step.update(0.0, scale)
            alpha = 0.0
    return status, iterations, np.sqrt(rr / size)
