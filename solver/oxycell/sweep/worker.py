"""A process that runs cases one after the other: names come in, one line each; a line goes out when a case is over.

It ends when whoever feeds it goes away, whatever it is doing, and leaves the case in hand waiting.
"""

import faulthandler
import os
import sys
import threading
from queue import SimpleQueue


def main():
    """Work until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    faulthandler.enable()
    names: SimpleQueue = SimpleQueue()
    folder, keep = sys.argv[1:3]

    def listen():
        for line in sys.stdin:
            names.put(line.strip())
        _leave(folder, current)

    current: list = []
    threading.Thread(target=listen, daemon=True).start()
    from oxycell import runtime

    runtime.prepare()
    import oxycell.case.solving.solve
    import oxycell.report  # noqa: F401  before a case is begun, so that its time is its own
    from oxycell.sweep.work import run_case

    while True:
        current[:] = [names.get()]
        state = run_case(folder, current[0], keep)
        current.clear()
        answers.write(f"{state}\n")
        answers.flush()


def _leave(folder, current):
    """End at once; the case in hand did not die by its own fault."""
    from oxycell.sweep.store import STARTED, WAITING, Store

    try:
        store = Store(folder)
        for name in current:
            if store.state(name)["state"] == STARTED:
                store.set_state(name, WAITING)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
