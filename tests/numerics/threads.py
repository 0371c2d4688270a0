"""Answers of a test module in processes of their own, with one and two threads."""

import os
import subprocess
import sys
from pathlib import Path

import oxycell


def digests(file):
    """What `digest()` of a test module prints with 1, 2 and again 2 threads: set of str; `file`: path of the module."""
    folder, name = str(Path(file).parent), Path(file).stem
    program = f"import sys; sys.path.insert(0, {folder!r}); import {name} as t; print(t.digest())"
    path, answers = os.pathsep.join([str(Path(oxycell.__file__).parents[1]), str(Path(__file__).parents[2])]), set()
    for threads in ("1", "2", "2"):
        environment = {**os.environ, "NUMBA_NUM_THREADS": threads, "PYTHONPATH": path}
        run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        answers.add(run.stdout)
    return answers
