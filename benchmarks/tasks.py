"""Single measurements and the making of systems, each in a process of its own."""


class Contestant:
    """Commands of the worker."""

    rank = 0

    def bandwidths(self, sizes):
        """Bandwidth [B/s] for each size of working set [B]."""
        from benchmarks.machine import bandwidth

        return [bandwidth(size) for size in sizes]

    def model(self, cells, variant, folder, with_matrix):
        """Store a model problem; its rows."""
        from benchmarks.model_problem import VARIANTS, model_problem
        from benchmarks.systems import save_system

        network, rhs = model_problem(cells, VARIANTS[variant])
        save_system(folder, network, rhs, with_matrix)
        return network.n

    def tetrahedra(self, cells, variant, folder, with_matrix):
        """Store a system on tetrahedra, of "kuhn" or "gmsh"; its rows."""
        from benchmarks import tetrahedra
        from benchmarks.systems import save_system

        made, rhs = tetrahedra.network(getattr(tetrahedra, f"{variant}_mesh")(cells))
        save_system(folder, made, rhs, with_matrix)
        return made.n
