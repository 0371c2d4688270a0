"""Lets the tests of this folder import the hand-made stack, which stands beside the tests of the report."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
