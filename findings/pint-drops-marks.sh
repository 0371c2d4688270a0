#!/usr/bin/env bash
# pint 0.25.3: marks that are no part of its grammar vanish from a unit text without a word, and with a comma gone two units become one.
# A good guess is an UndefinedUnitError or a parse error. Seen:
#   "140 kA?"   -> 140 kiloampere          "5 V!" -> 5 volt          "3 $ m" -> 3 meter
#   "2 m,s"     -> 2 millisecond, not 2 metre second and no error
# Whoever passes text of users to Quantity() has to check the marks first.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/env"
"$place/env/bin/pip" install -q pint==0.25.3
"$place/env/bin/python" - <<'PYTHON'
import pint

Q = pint.UnitRegistry().Quantity
assert pint.__version__ == "0.25.3"
seen = {text: str(Q(text)) for text in ("140 kA?", "5 V!", "3 $ m", "2 m,s")}
print(seen)
assert seen == {"140 kA?": "140 kiloampere", "5 V!": "5 volt", "3 $ m": "3 meter", "2 m,s": "2 millisecond"}, "behaviour changed"
PYTHON
