"""How fast oxycell is on this machine, and beside public solvers: `python -m benchmarks` from the repository root."""
