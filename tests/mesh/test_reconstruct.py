"""Flux densities of cells from fluxes through their faces: exact for constant ones on every kind of mesh."""

import numpy as np
import pytest
from tests.mesh.samples import block_of_tetrahedra, graded_lattice

from oxycell.mesh.reconstruct import cell_vectors

CONSTANT = np.array([1.0, -2.0, 3.0])


@pytest.fixture(params=["lattice", "lattice with holes", "tetrahedra"])
def mesh(request, tmp_path):
    if request.param == "tetrahedra":
        return block_of_tetrahedra(tmp_path / "block.vtu", 3)
    return graded_lattice(np.random.default_rng(5), hole=request.param == "lattice with holes")


def fluxes(mesh, vector):
    return mesh.area * (mesh.normal @ vector)


def test_exact_for_constant_fields(mesh):
    flux = fluxes(mesh, CONSTANT)
    found = cell_vectors(mesh, np.arange(mesh.n_faces), flux, flux)
    np.testing.assert_allclose(found, np.tile(CONSTANT, (mesh.n_cells, 1)), rtol=1e-9, atol=1e-9)


def test_what_enters_counts_against_what_leaves(mesh):
    """Counter-test: with the other sign on the neighbour's side it is not the constant field."""
    flux = fluxes(mesh, CONSTANT)
    assert not np.allclose(cell_vectors(mesh, np.arange(mesh.n_faces), flux, -flux), CONSTANT)


def test_each_side_has_its_own_flux(mesh):
    """What is made on a face leaves one side only: the mean over both is that of the mean flux."""
    random = np.random.default_rng(11)
    leaving, entering = random.normal(size=(2, mesh.n_faces))
    faces = np.arange(mesh.n_faces)
    both = cell_vectors(mesh, faces, leaving, entering)
    apart = cell_vectors(mesh, faces, leaving, 0.0 * entering) + cell_vectors(mesh, faces, 0.0 * leaving, entering)
    np.testing.assert_allclose(both, apart, rtol=1e-9, atol=1e-9 * np.abs(both).max())


def test_faces_left_out_carry_nothing(mesh):
    flux = fluxes(mesh, CONSTANT)
    chosen = np.flatnonzero(np.random.default_rng(3).random(mesh.n_faces) < 0.5)
    alone = np.zeros(mesh.n_faces)
    alone[chosen] = flux[chosen]
    found = cell_vectors(mesh, chosen, flux[chosen], flux[chosen])
    np.testing.assert_allclose(found, cell_vectors(mesh, np.arange(mesh.n_faces), alone, alone), rtol=1e-12, atol=1e-12)
