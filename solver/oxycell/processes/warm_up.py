"""Compiling the kernels ahead, for `oxycell warmup`."""

import time
import tomllib

from oxycell.processes.compiling import compile_kernel, compiling, missing

_WARM_UP = """
title = "warm-up"
boxes = [
  { name = "plate", material = "steel_low_carbon", x = ["0 m", "1 m"], y = ["0 m", "1 m"], z = ["0 m", "0.2 m"] },
  { name = "block", material = "steel_low_carbon", x = ["0 m", "1 m"], y = ["0 m", "1 m"], z = ["0.2 m", "0.4 m"] },
]
surfaces = [{ name = "top", of = "block", sides = ["z+"] }, { name = "bottom", of = "plate", sides = ["z-"] }]
[mesh]
size = "0.1 m"
[[interfaces]]
name = "contact"
between = ["block", "plate"]
laws = [{ kind = "contact", electric = "1e-6 ohm m2" }]
[[terminals]]
name = "in"
surfaces = ["top"]
current = "1 kA"
[[terminals]]
name = "out"
surfaces = ["bottom"]
potential = "0 V"
[[conditions]]
on = ["top", "bottom"]
laws = [{ kind = "convection", coefficient = "10 W/m2/K", fluid = "300 K" }]
"""


def warm_up():
    """Compile the kernels into the cache: those of cells from their list, the others by solving a small case, two of
    non-orthogonal cells, and one large operator; seconds it took."""
    started = time.monotonic()
    with compiling() as wait:
        from oxycell.case.case import Case
        from oxycell.case.load import load
        from oxycell.numerics.linear import load_kernels
        from oxycell.run import solve

        solve(Case.model_validate(tomllib.loads(_WARM_UP)))
        for name in ("hull-cell", "sloped-wall"):
            solve(load(name))
        load_kernels()
        for kernel in missing():
            compile_kernel(*kernel)
        wait()
    return time.monotonic() - started
