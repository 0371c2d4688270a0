#!/usr/bin/env bash
# gmsh 4.15.2: gmsh.initialize() sets SIGPIPE back to its default at C level and leaves it so after gmsh.finalize().
# Python starts with SIGPIPE ignored, so that a write to a closed pipe raises BrokenPipeError. From initialize() on, the
# same write kills the process without a word (status 141 in a shell), although signal.getsignal(SIGPIPE) still says
# SIG_IGN: Python does not know. A good guess is that a mesh library leaves signals alone; `interruptible=False`, which
# keeps it from SIGINT, changes nothing here. Seen:
#   at start          Python says SIG_IGN, the kernel ignores it: True
#   import gmsh       Python says SIG_IGN, the kernel ignores it: True
#   initialize()      Python says SIG_IGN, the kernel ignores it: False
#   finalize()        Python says SIG_IGN, the kernel ignores it: False
#   set again         Python says SIG_IGN, the kernel ignores it: True
#   a write to a closed pipe after finalize() ends the process with status 141; without Gmsh it raises BrokenPipeError
# Whoever uses Gmsh in a process that writes to pipes says afterwards signal.signal(SIGPIPE, signal.getsignal(SIGPIPE)),
# or blocks the signal around its writes.
# Gmsh's library needs libglu1-mesa libgl1 libxcursor1 libxft2 libxinerama1 libxrender1 libxfixes3 of the system.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/env"
"$place/env/bin/pip" install -q gmsh==4.15.2
cat > "$place/signals.py" <<'PYTHON'
import signal

seen = []


def look(when):
    with open("/proc/self/status", encoding="ascii") as status:
        ignored = int(next(line for line in status if line.startswith("SigIgn:")).split()[1], 16)
    seen.append(bool(ignored >> (signal.SIGPIPE - 1) & 1))
    print(f"{when:<17} Python says {signal.Handlers(signal.getsignal(signal.SIGPIPE)).name}, the kernel ignores it: {seen[-1]}")
    assert signal.getsignal(signal.SIGPIPE) == signal.SIG_IGN, "behaviour changed"


look("at start")
import gmsh

assert gmsh.__version__ == "4.15.2"
look("import gmsh")
gmsh.initialize(interruptible=False)
look("initialize()")
gmsh.finalize()
look("finalize()")
signal.signal(signal.SIGPIPE, signal.getsignal(signal.SIGPIPE))
look("set again")
assert seen == [True, True, False, False, True], "behaviour changed"
PYTHON
cat > "$place/pipe.py" <<'PYTHON'
import os
import sys

if sys.argv[1:] == ["gmsh"]:
    import gmsh

    gmsh.initialize(interruptible=False)
    gmsh.finalize()
reader, writer = os.pipe()
os.close(reader)
try:
    os.write(writer, b"a")
except BrokenPipeError:
    print("BrokenPipeError, caught")
PYTHON
"$place/env/bin/python" "$place/signals.py"
for what in none gmsh; do
    status=0
    "$place/env/bin/python" "$place/pipe.py" "$what" > "$place/said" || status=$?
    echo "a write to a closed pipe, library $what: status $status $(cat "$place/said")"
    echo "$status" >> "$place/statuses"
done
test "$(paste -sd ' ' "$place/statuses")" = "0 141" || { echo "behaviour changed" >&2; exit 1; }
