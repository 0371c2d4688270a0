"""Conjugate gradients whose passes over the rows are given: one iteration for the multigrid of lattices and of mesh
files."""

import numpy as np

CONVERGED, STALLED, INDEFINITE = range(3)
"""How the iteration ended."""

ROUGH = 1e-3
"""Tolerances from here on are met by the residual carried along: products in single precision change it by less than
1e-6 of the flows."""

ROUNDING = 2.0 * np.finfo(np.float64).eps
"""Of a row's sum, relative to its largest term."""


def conjugate_gradients(step, tolerance, max_iterations):
    """Solve A x = b from zero.

    The residual is recomputed before it is accepted, but for rough tolerances. What rounding of x alone makes of it
    counts as met.

    Parameters
    ----------
    step : passes over the rows, with z the cycle's result: start() makes x = 0 and r = b, and p and q finite, and
        gives r·D⁻¹r; cycle();
        dots() gives z·r and z·q; direct(β) makes p = z + β p; curvature() makes q = A p and gives p·q; update(α, scale)
        makes x += α p, r −= α q and the cycle's right-hand side scale · r, and gives r·D⁻¹r; renew() recomputes r
        and gives r·D⁻¹r and the part of it that rounding of x explains
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
