"""One measurement in a process of its own: `python -m benchmarks.child JSON`; its last line of output is the result."""

import json
import sys


def bandwidths(sizes):
    """Bandwidth [B/s] for each size of working set [B]."""
    from benchmarks.machine import bandwidth

    return {str(size): bandwidth(size) for size in sizes}


def flagship(mesh, rounds, compared, peers, patience, skip):
    """The coupled solve on one mesh, and if `compared` its linear problems; kernels are loaded first."""
    from benchmarks.flagship import linear_problems, solve_flagship, warm_up
    from benchmarks.linear import compare
    from benchmarks.meshes import MESHES

    warm_up()
    solved = solve_flagship(MESHES[mesh])
    found = {"coupled": solved.figures}
    if compared:
        found["linear"] = {name: compare(operator, b, rounds, peers, patience, skip.get(name, ()))
                           for name, operator, b in linear_problems(solved.problem, solved.state)}
    return found


TASKS = {"bandwidths": bandwidths, "flagship": flagship}


def main():
    """Do what the argument says."""
    task = json.loads(sys.argv[1])
    print(json.dumps(TASKS[task.pop("task")](**task)))


if __name__ == "__main__":
    main()
