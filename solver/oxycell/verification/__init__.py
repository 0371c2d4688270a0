"""Problems with known answers, posed in the vocabulary of case files: the table that `oxycell verify` makes.

A check is a function from a mesh number to a case, its exact answer and what to read off; a new one is found by being
written in a module of `MODULES`; several made alike may stand there as a tuple.
"""

from fnmatch import fnmatchcase

from oxycell.errors import CaseError
from oxycell.mesh.mesh import nearest_name
from oxycell.verification import (
    air,
    alumina,
    cooling,
    curved,
    distribution,
    electrodes,
    feeding,
    freezing,
    freezing_pools,
    fronts,
    gradients,
    imposed,
    joule,
    kinetics,
    linear,
    manufactured,
    melting,
    moving_boxes,
    places,
    plates,
    pools,
    production,
    readings,
    shells,
    slush,
    smelting,
    sources,
    stacks,
    steep,
    toes,
    walls,
    warming,
    waves,
)
from oxycell.verification.check import Check

MODULES = (
    walls,
    air,
    steep,
    plates,
    pools,
    fronts,
    stacks,
    kinetics,
    distribution,
    joule,
    electrodes,
    smelting,
    production,
    sources,
    curved,
    readings,
    imposed,
    manufactured,
    places,
    melting,
    toes,
    linear,
    alumina,
    cooling,
    warming,
    waves,
    gradients,
    freezing,
    freezing_pools,
    shells,
    slush,
    moving_boxes,
    feeding,
)

CHECKS = {
    check.name: check
    for module in MODULES
    for value in vars(module).values()
    for check in (value if isinstance(value, tuple) else (value,))
    if isinstance(check, Check)
}


def select(patterns=(), quick=False):
    """Checks by name.

    Parameters
    ----------
    patterns : sequence of str, names or patterns; none: all
    quick : bool, leave out those marked slow

    Returns
    -------
    list of Check

    Raises
    ------
    CaseError
        A pattern fits no check.
    """
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in CHECKS):
            raise CaseError(f"oxycell verify: no check is called {pattern!r}; {nearest_name(pattern, list(CHECKS))}")
    return [
        check
        for name, check in CHECKS.items()
        if (not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)) and not (quick and check.slow)
    ]
