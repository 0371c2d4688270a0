"""Every number of the solver that is not a criterion: when it does what, and how far it goes; options of
`[solver.controls]`.

They have been found by trial on the shipped cells, on refined meshes and on the hard cases of the tests; changing them
changes how many iterations a solve takes and which hard cases it gets through, not the answer.
"""

from oxycell.options import Options, Quantity, fraction, option, positive


class Acceleration(Options):
    """Anderson acceleration of staggered iterations."""

    iterations: int = option("maximum number of staggered iterations before Newton's method takes over", ge=1)
    depth: int = option("earlier iterations that the acceleration uses; 0: none", ge=0)
    patience: int = option("iterations without progress that count as stalled", ge=1)


class StaggeredControls(Options):
    """Staggered iteration: the charge balance solved at lagged temperatures, then one linear step of every other
    balance."""

    two_point: Acceleration = option("with two-point fluxes alone", Acceleration(iterations=60, depth=8, patience=8))
    linear_flux: Acceleration = option(
        "with linear fluxes on boxes", Acceleration(iterations=150, depth=8, patience=12)
    )
    non_orthogonal: Acceleration = option(
        "with the non-orthogonal correction of mesh files", Acceleration(iterations=200, depth=15, patience=30)
    )
    first_iterations: int = option(
        "maximum number of iterations with lumps at the temperature of the initial guess", 8, ge=0
    )
    first_residual: float = positive("relative residual of the other rows at which lumps are released", 0.1)
    loosest_charge: float = positive("largest relative charge residual that an iteration leaves", 1e-2)
    charge_share: float = fraction("fraction of the initial charge residual that an iteration may leave", 0.1)
    charge_steps: int = option("maximum number of Newton steps of the charge balance in one iteration", 8, ge=1)
    linear_tolerance: float = positive("relative tolerance of the linear solve of a step", 1e-2)
    accelerate_below: float = positive("relative residual below which iterations are accelerated", 2e-2)
    progress: float = fraction("ratio of the residual to the best one before that counts as progress", 0.3)
    restart_above: float = option(
        "ratio of the residual to the previous one at which the acceleration restarts", 3.0, gt=1.0
    )
    damping: float = fraction("relaxation factor once iterations stall", 0.5)


class NewtonControls(Options):
    """Newton–Krylov method on all balances, which takes over where staggered iterations stall."""

    near: float = positive("relative residual below which the ledge follows within a step", 1e-3)
    steps: int = option("steps of a round in which the ledge follows within a step or lags behind", 16, ge=1)
    rounds: int = option("rounds of either before the last one", 2, ge=0)
    damped_rounds: int = option("times as many steps a round has in which the ledge follows damped", 3, ge=1)
    follow: float = fraction("relaxation factor of the ledge after a damped step", 0.3)
    loose_tolerance: float = positive("relative tolerance of the linear solve far from the solution", 1e-1)
    linear_tolerance: float = positive("the same near the solution", 1e-2)
    block_tolerance: float = positive("the same of each balance alone, within the preconditioner", 1e-2)
    polishing_steps: int = option(
        "steps of the charge balance that bring its residual to round-off at the end", 3, ge=0
    )
    polishing_tolerance: float = positive("relative tolerance of their linear solve", 1e-6)


class ChargeControls(Options):
    """Newton's method on the charge balance alone."""

    loose_tolerance: float = positive("relative tolerance of its linear solves within staggered iterations", 1e-2)
    linear_tolerance: float = positive("the same where the balance has to close", 1e-3)
    at_rest: float = positive(
        "ratio of the conductance of an electrode to that of its half cells below which secants replace the tangent",
        1e-8,
    )
    far: float = positive("relative residual below which a state is accepted as an initial guess", 0.1)
    chords: int = option("maximum number of secant iterations for an initial guess", 6, ge=0)
    faint: float = positive(
        "current density relative to the largest one below which a secant is no longer followed", 1e-9
    )
    linear_steps: int = option("maximum number of steps where currents are linear in potentials", 30, ge=1)


class StepControls(Options):
    """How far one step may move the fields."""

    longest_potential: Quantity["V"] = positive(
        "largest change of a potential in a step, where laws are not linear", 3.0
    )
    longest_temperature: Quantity["K"] = positive("largest change of a temperature in a step", 400.0)
    growth: float = option("growth factor of the limit of a potential step after one that was shortened", 2.0, ge=1.0)
    coldest: Quantity["K"] = positive("minimum temperature", 200.0)
    run_away: Quantity["K"] = positive("temperature above which an iteration does not recover", 2e4)
    hottest: Quantity["K"] = positive(
        "temperature above which an iteration without progress is ended: no body is left, carbon sublimes near "
        "3900 K [M]",
        4000.0,
    )
    iteration_loses: float = positive(
        "fraction of the superheat of a pool by which a staggered iteration may reduce it", 0.5
    )
    iteration_gains: float = positive("fraction of the superheat of a pool by which it may increase it", 4.0)
    newton_loses: float = positive("fraction of the superheat of a pool by which a Newton step may reduce it", 0.2)
    newton_gains: float = positive("fraction of the superheat of a pool by which it may increase it", 1.0)
    freezing: float = fraction(
        "fraction of the superheat of the initial guess below which a pool that lacks heat counts as freezing", 0.2
    )


class CorrectionControls(Options):
    """Deferred corrections: what two-point fluxes leave out, lagged from one iteration to the next."""

    linear_flux: float = positive(
        "largest change of a converged run over the span of the field, on boxes: two-point fluxes are second "
        "order there",
        3e-9,
    )
    non_orthogonal: float = positive(
        "the same with the non-orthogonal correction, without which fluxes are not exact", 1e-10
    )


class Controls(Options):
    """Numbers of the solver."""

    staggered: StaggeredControls = option("staggered iteration", StaggeredControls())
    newton: NewtonControls = option("Newton–Krylov method on all balances", NewtonControls())
    charge: ChargeControls = option("Newton's method on the charge balance alone", ChargeControls())
    steps: StepControls = option("how far one step may go", StepControls())
    corrections: CorrectionControls = option("deferred corrections", CorrectionControls())
