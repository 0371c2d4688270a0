"""Seeded faults of runs over time, as `faults.FAULTS`."""

FAULTS_IN_TIME = {
    "steps of TR-BDF2 by unequal shares": (
        "solvers/transient/methods.py",
        "_TR_WEIGHTS = (_WEIGHT, _WEIGHT, DIAGONAL)",
        "_TR_WEIGHTS = (0.5 * _WEIGHT, 1.5 * _WEIGHT, DIAGONAL)",
    ),
    "middle of TR-BDF2 at half the step": (
        "solvers/transient/methods.py",
        "_TR_NODES = (0.0, 2.0 * DIAGONAL, 1.0)",
        "_TR_NODES = (0.0, 0.5, 1.0)",
    ),
    "first step of a run by exchanged shares": (
        "solvers/transient/methods.py",
        "(1.0 - DIAGONAL, DIAGONAL)),",
        "(DIAGONAL, 1.0 - DIAGONAL)),",
    ),
    "value after a jump at the end of the step before": (
        "solvers/transient/integrate.py",
        'self.system.problem(at, "before")',
        'self.system.problem(at, "after")',
    ),
    "sums by the shares of the first stage": (
        "solvers/transient/integrate.py",
        "weights = method.weights[-1]",
        "weights = method.weights[0]",
    ),
    "error of a step not filtered": (
        "solvers/transient/integrate.py",
        "change = self.solver.step(last, residual)",
        "change = np.where(stored.slope > 0.0, residual / np.maximum(stored.slope, 1e-300), 0.0)",
    ),
    "kink missed by a step": (
        "transients/solve.py",
        "for time in self.timeline.events if",
        "for time in self.timeline.outputs if",
    ),
    "prescribed temperature as at the start": (
        "solvers/transient/stages.py",
        "temperature[thermal.fixed_rows] = problem.initial_guess(thermal)[thermal.fixed_rows]",
        "temperature[thermal.fixed_rows] += 0.0",
    ),
    "heat capacity times temperature for the enthalpy": (
        "physics/heat/storage.py",
        "return before[low] + 0.5 * (values[low] + value) * (T - points[low]), value",
        "return value * (T - 298.15), value",
    ),
    "enthalpy by rectangles": (
        "physics/heat/storage.py",
        "0.5 * (values[low] + value) *",
        "values[low] *",
    ),
    "what freezes takes no enthalpy from its pool": (
        "physics/ledge/freezing.py",
        "found[self.row] -= liquid *",
        "found[self.row] -= 0.0 *",
    ),
    "heat of melting does not follow the liquidus": (
        "physics/ledge/freezing.py",
        "at = np.array([liquidus])",
        "at = np.array([self.bath.at])",
    ),
    "frozen bath as warm as the centre of its cell": (
        "physics/ledge/freezing.py",
        "temperature = T[self.rows] - front.colder",
        "temperature = T[self.rows]",
    ),
    "heat of melting lagged": (
        "physics/heat/stored.py",
        "latent = stage.rate * self.freezing.bath.density *",
        "latent = 0.0 *",
    ),
    "frozen bath warms and cools with its pool": (
        "physics/heat/stored.py",
        "liquid[pools.bath] -= total(frozen.mass)",
        "liquid[pools.bath] -= 0.0",
    ),
    "shell that conducts as if it were bare": (
        "physics/heat/face_heat.py",
        "behind = contact + half if liquidus <= solid[1] else resistance + contact + half",
        "behind = contact + half",
    ),
    "heat of melting of shells forgotten": (
        "physics/heat/stored.py",
        "return latent or _HELD,",
        "return 1e-3 * latent or _HELD,",
    ),
    "what is frozen in shells warms and cools with the bath": (
        "physics/heat/stored.py",
        "liquid[pools.bath] -= on_faces",
        "liquid[pools.bath] -= 0.0",
    ),
    "current through shells": (
        "physics/ledge/cover.py",
        "1.0 - shells.thickness[place] / INSULATES",
        "1.0 - 0.0 * shells.thickness[place]",
    ),
    "solutes freeze with the bath": (
        "physics/heat/stored.py",
        "of(masses.solutes, liquid_bath(float(masses.pools[self.pools.bath]), frozen))",
        "of(masses.solutes, float(masses.pools[self.pools.bath]))",
    ),
    "last of a ledge melts for ever": (
        "physics/ledge/ledge.py",
        "/ (film + behind) + melting",
        "/ (film + behind)",
    ),
    "pool without what is frozen of it": (
        "case/building/storage.py",
        "mass[pools.bath] += frozen",
        "mass[pools.bath] += 0.0",
    ),
    "gradient of a cell's mean alone": (
        "physics/heat/gradient.py",
        "size, along = across[f, side] ** 2, 0.0",
        "size, along = 0.0, 0.0",
    ),
    "gradient across a face alone": (
        "physics/heat/gradient.py",
        "size += mean[cell, axis] ** 2",
        "size += 0.0",
    ),
    "gradient by the conductivity of the other side": (
        "physics/heat/gradient.py",
        "surface[f, 0], k)",
        "surface[f, 0] + 200.0, k)",
    ),
    "heating rate over the whole run": (
        "transients/regions.py",
        "self._before = solved.state",
        "self._before = self._before or solved.state",
    ),
    "power of electrodes at rest left out": (
        "report/heat.py",
        "return spent_power(solved.record)[1]\n",
        "return 0.0\n",
    ),
    "alumina that is counted dissolves without heat": (
        "physics/current_heat.py",
        "taken = masses.dissolved *",
        "taken = 0.0 *",
    ),
    "metal tapped without its heat": (
        "physics/heat/stored.py",
        "masses.made * comes - masses.tapped * goes",
        "masses.made * comes - 0.0 * goes",
    ),
    "dissolved alumina is no bath": (
        "physics/heat/masses.py",
        "pools[self.bath] += (dissolved - used) / rate",
        "pools[self.bath] += 0.0",
    ),
    "slow alumina dissolves as in a bath without any": (
        "physics/heat/masses.py",
        "decay = self.slow_rate * lacking",
        "decay = self.slow_rate",
    ),
    "fast alumina dissolves by the stock before": (
        "physics/heat/masses.py",
        "fast = fast_stock / self.fast_time",
        'fast = known["stock"][0] / self.fast_time',
    ),
    "cells as heavy as they are large now": (
        "physics/heat/storage.py",
        "volume = self.mesh.cell_volume if self.volume is None else self.volume",
        "volume = self.mesh.cell_volume",
    ),
    "frozen bath as heavy as its cells are large now": (
        "physics/ledge/columns.py",
        "volume = mesh.cell_volume if volume is None else volume",
        "volume = mesh.cell_volume",
    ),
    "boxes move the other way": (
        "mesh/moving.py",
        "edges + np.interp(edges, self.planes, self.by)",
        "edges - np.interp(edges, self.planes, self.by)",
    ),
}
