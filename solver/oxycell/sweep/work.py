"""One case of a sweep, run by whichever process has it in hand."""

import json
import time
import traceback

from oxycell.errors import FileError, Interrupted, OxycellError, one_line
from oxycell.sweep.store import FAILED, FINISHED, OVER, STARTED, WAITING, Claimed, Store


def run_case(folder, name, keep="report"):
    """Run a case of a sweep unless it is over or in other hands; its state says what came of it.

    Parameters
    ----------
    folder : path of the sweep
    name : str
    keep : "report" or "fields"

    Returns
    -------
    str, its state; "elsewhere" where another process has it
    """
    store = Store(folder)
    try:
        with store.claim(name):
            if (before := store.state(name)["state"]) in OVER:
                return before
            store.clear(name)
            store.set_state(name, STARTED)
            try:
                message = _solve(store, name, keep)
                store.set_state(name, FINISHED, message)
            except (KeyboardInterrupt, Interrupted):
                store.clear(name)
                store.set_state(name, WAITING)
                raise
            except OxycellError as error:
                store.set_state(name, FAILED, one_line(error), error.exit_code)
            except MemoryError:
                store.set_state(name, FAILED, "memory ran out; a coarser mesh needs less", FileError.exit_code)
            except Exception as error:
                store.run_folder(name).mkdir(exist_ok=True)
                with open(store.run_folder(name) / "run.log", "a", encoding="utf-8") as log:
                    log.write(traceback.format_exc())
                store.set_state(name, FAILED, f"internal error: {one_line(f'{type(error).__name__}: {error}')}", 1)
            return store.state(name)["state"]
    except Claimed:
        return "elsewhere"


def _solve(store, name, keep):
    from oxycell.case.load import load_text
    from oxycell.run import solve_with_report
    from oxycell.run_folder import log_text, write_folder

    text = store.case_file(name).read_text(encoding="utf-8")
    folder, steps = store.run_folder(name), []
    folder.mkdir()
    (folder / "case.toml").write_text(text, encoding="utf-8")
    started = time.monotonic()
    try:
        solution, figures = solve_with_report(
            load_text(text, str(store.case_file(name))), lambda step: steps.append(_line(step))
        )
    except OxycellError as error:
        (folder / "run.log").write_text(
            log_text({"state": "failed", "message": one_line(error)}, steps), encoding="utf-8"
        )
        raise
    (folder / "run.log").write_text(
        log_text(solution.status | {"seconds": round(time.monotonic() - started, 2)}, steps), encoding="utf-8"
    )
    if keep == "fields":
        write_folder(solution, folder, figures)
    else:
        (folder / "report.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return "; ".join(figures["warnings"])


def _line(step):
    return "  ".join(
        f"{key} {value:.6g}" if isinstance(value, float) else f"{key} {value}" for key, value in step.items()
    )
