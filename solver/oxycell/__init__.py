"""oxycell: an open 3-D simulator of inert-anode aluminium cells. The public names and nothing else."""

import sys
from types import ModuleType

from oxycell import runtime

runtime.prepare()

__version__ = runtime.VERSION

_HOME = {
    "Case": "oxycell.case.case",
    "Solution": "oxycell.solution",
    "load": "oxycell.case.load",
    "solve": "oxycell.run",
    "OxycellError": "oxycell.errors",
    "CaseError": "oxycell.errors",
    "NotConverged": "oxycell.errors",
    "FileError": "oxycell.errors",
    "Interrupted": "oxycell.errors",
}

__all__ = [*_HOME, "report", "__version__"]  # noqa: PLE0604


def __getattr__(name):
    """Import a public name when it is first used: the command line answers before numpy is loaded."""
    from importlib import import_module

    if name == "report":
        return import_module("oxycell.report")
    if name not in _HOME:
        raise AttributeError(f"module 'oxycell' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(__all__)


class _CallableModule(ModuleType):
    """The folder `report`, which is called as the public function of the same name."""

    def __call__(self, solution):
        return self.report(solution)


class _Package(ModuleType):
    """This package; makes its subpackage `report` callable when the import system binds it."""

    def __setattr__(self, name, value):
        if name == "report" and isinstance(value, ModuleType):
            value.__class__ = _CallableModule
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
