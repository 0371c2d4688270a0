"""What cases are handed to: processes of this machine, Slurm, Dask; anything with `submit` that gives futures."""

import logging
from importlib.util import find_spec

from oxycell import runtime
from oxycell.errors import CaseError
from oxycell.sweep.local import LocalExecutor

NAMES = ("local", "slurm", "dask")


def make_executor(name, study, folder, processes, threads):
    """An executor.

    Parameters
    ----------
    name : one of `NAMES`
    study : Study; folder : path of the sweep
    processes, threads : int, of the local one

    Returns
    -------
    object with `submit(function, *arguments)` → future (`done()`, `exception()`), and `shutdown()`
    """
    if name == "local":
        return LocalExecutor(folder, study.keep, processes, threads, study.time_limit)
    if name == "slurm":
        return _slurm(study, folder)
    if name == "dask":
        return _dask(study, processes)
    raise CaseError(f"--executor {name}: there is none of that name; allowed: {', '.join(NAMES)}")


def _needed(module, extra):
    if find_spec(module) is None:
        raise CaseError(
            f"--executor {extra}: needs {module}, which is not installed; allowed: pip install 'oxycell[{extra}]'"
        )


def _slurm(study, folder):
    _needed("submitit", "slurm")
    import submitit

    logging.getLogger("submitit").setLevel(
        logging.ERROR
    )  # without accounting it warns at every look; the store knows how cases end

    executor = submitit.SlurmExecutor(folder=folder / "slurm")
    parameters = {"time": max(1, int(study.time_limit // 60)), "job_name": "oxycell"} | study.slurm
    try:
        executor.update_parameters(**parameters)
    except (TypeError, ValueError, NameError) as error:
        raise CaseError(f"slurm: {' '.join(str(error).split())[:300]}") from None
    executor.shutdown = lambda: None  # jobs go on without whoever submitted them
    return executor


def _dask(study, processes):
    _needed("distributed", "dask")
    from distributed import Client

    own = (
        {}
        if study.dask
        else {"n_workers": processes, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    )
    client = Client(**(study.dask or own))
    executor = client.get_executor(pure=False, retries=0)
    executor.shutdown = client.close
    return executor


def share(processes):
    """Processes and threads of each: the cores of this process divided."""
    cores = runtime.available_cores()
    processes = processes or cores
    return processes, max(1, cores // processes)
