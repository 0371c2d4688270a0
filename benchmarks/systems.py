"""A linear system as a folder of arrays: a conductance network with its right-hand side, and the same as a sparse
matrix."""

from pathlib import Path

import numpy as np

NETWORK = ("a", "b", "conductance", "shift", "rhs")
LATTICE = ("edges_x", "edges_y", "edges_z", "row")
MATRIX = ("indptr", "indices", "data")


def save_system(folder, operator, rhs, with_matrix=True):
    """Write a system.

    Parameters
    ----------
    folder : path, made where it is not
    operator : Operator, or anything with n, a, b, conductance, shift, lattice
    rhs : (n,)
    with_matrix : bool, else peers cannot load it
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: getattr(operator, name) for name in ("a", "b", "conductance", "shift")} | {"rhs": rhs}
    if operator.lattice is not None:
        arrays |= dict(zip(LATTICE, (*operator.lattice.edges, operator.lattice.row), strict=True))
    if with_matrix:
        arrays |= dict(
            zip(MATRIX, matrix(operator.n, operator.a, operator.b, operator.conductance, operator.shift), strict=True)
        )
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)


def matrix(n, a, b, conductance, shift):
    """Sorted sparse rows of a network: indptr, indices (int32), data; the identity where nothing touches a row."""
    from scipy.sparse import coo_matrix

    diagonal = shift + np.bincount(a, conductance, n) + np.bincount(b, conductance, n)
    diagonal[diagonal == 0.0] = 1.0
    own = np.arange(n, dtype=np.int32)
    rows, columns = np.concatenate([a, b, own]).astype(np.int32), np.concatenate([b, a, own]).astype(np.int32)
    A = coo_matrix((np.concatenate([-conductance, -conductance, diagonal]), (rows, columns)), shape=(n, n)).tocsr()
    A.eliminate_zeros()
    A.sort_indices()
    return A.indptr, A.indices, A.data


def load(folder, names, **how):
    """Arrays of a system, dict by name; those that are not there are left out."""
    paths = {name: Path(folder) / f"{name}.npy" for name in names}
    return {name: np.load(path, **how) for name, path in paths.items() if path.exists()}


def relative_residual(folder, x):
    """‖rhs − A x‖₂ / ‖rhs‖₂ of a system, from its network."""
    s = load(folder, NETWORK, mmap_mode="r")
    flux, n = s["conductance"] * (x[s["a"]] - x[s["b"]]), x.size
    diagonal = s["shift"] + np.bincount(s["a"], s["conductance"], n) + np.bincount(s["b"], s["conductance"], n)
    r = (
        s["rhs"]
        - np.where(diagonal == 0.0, 1.0, s["shift"]) * x
        - np.bincount(s["a"], flux, n)
        + np.bincount(s["b"], flux, n)
    )
    return float(np.linalg.norm(r) / np.linalg.norm(s["rhs"]))
