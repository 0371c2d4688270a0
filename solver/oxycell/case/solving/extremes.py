"""The maximum principle, watched where fluxes are corrected for non-orthogonal cells: corrected fluxes need not obey
it."""

import numpy as np

_NOTED = 1e-3  # of the range of values in a region: its surfaces are known at the middle of their faces only
_MADE = 1e-6  # of the largest flux: what a cell generates less than that counts as nothing


def beyond_surfaces(built, evaluation):
    """Notes about regions with values beyond those of all their surfaces, though nothing is generated in them that
    could raise or lower them.

    Parameters
    ----------
    built : Built; evaluation : Evaluation, converged

    Returns
    -------
    list of str
    """
    found = []
    electric, thermal = built.problem.electric, built.problem.thermal
    if electric is not None and electric.skew is not None:
        values = electric.cell_values(evaluation.state.potential)
        currents, drops = evaluation.currents, evaluation.currents.drops
        neighbour = built.mesh.neighbour[electric.face]
        surface = np.stack(
            [
                values[built.mesh.owner[electric.face]] - drops[:, 0],
                np.where(neighbour < 0, np.nan, values[neighbour] + drops[:, 1]),
            ],
            1,
        )
        flux = np.stack([currents.current, currents.current], 1)
        found += _notes(built.mesh, electric.face, values, surface, flux, "electric potential", "V")
    if thermal is not None and thermal.skew is not None:
        found += _notes(
            built.mesh,
            thermal.face,
            evaluation.cell_temperature,
            evaluation.surface_temperature,
            evaluation.heat.through,
            "temperature",
            "K",
        )
    return found


def _notes(mesh, face, values, surface, flux, name, unit):
    """Notes of one balance: values (n_cells,), NaN outside it; surface and flux (m, 2) of its faces, from owner to
    neighbour."""
    owner, neighbour = mesh.owner[face], mesh.neighbour[face]
    inner = neighbour >= 0
    made = np.bincount(owner, flux[:, 0], mesh.n_cells) - np.bincount(neighbour[inner], flux[inner, 1], mesh.n_cells)
    none = _MADE * float(np.max(np.abs(flux), initial=0.0))
    between = ~inner | (mesh.region[owner] != mesh.region[neighbour])
    found = []
    for i, region in enumerate(mesh.region_names):
        cells = (mesh.region == i) & ~np.isnan(values)
        sides = [
            surface[between & (mesh.region[owner] == i), 0],
            surface[between & inner & (mesh.region[neighbour] == i), 1],
        ]
        around = np.concatenate(sides)
        if not cells.any() or not around.size:
            continue
        span = float(np.ptp(values[cells]))
        for sign, word in ((1.0, "above"), (-1.0, "below")):
            beyond = float(np.max(sign * values[cells]) - np.max(sign * around))
            if beyond > _NOTED * span and np.all(sign * made[cells] <= none):
                found.append(
                    f"{region}: {name} up to {beyond:.2g} {unit} {word} that of all its surfaces, "
                    f"{100 * beyond / span:.2g} % of "
                    "its range, without a source: the mesh is too coarse or its cells too flat there"
                )
    return found
