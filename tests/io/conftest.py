"""Lets the tests of this folder import what several share, and the hand-made stack, which stands beside the tests of
the report."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "report")]
