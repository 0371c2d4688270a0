"""`python -m benchmarks.validation [--quick] [--publish]`: published numbers compared with those of oxycell, comparison
error and its uncertainty."""

import argparse
import sys

from benchmarks.validation import cells, properties
from benchmarks.validation.cathode import cathode, graphitized
from benchmarks.validation.report import KINDS, blocks, publish

CHEAP = (
    properties.liquidus,
    properties.conductivity,
    properties.fusion,
    properties.thermochemistry,
    cells.energy_balance,
    cells.production,
    cells.current_efficiency,
    cells.back_emf,
)


def main():
    """Compute all rows, print them, and put them into the page if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="leave out cathode block and carbon cell: seconds in place of three minutes",
    )
    parser.add_argument("--publish", action="store_true", help="put the tables into docs/validation.md")
    chosen = parser.parse_args()
    if chosen.quick and chosen.publish:
        parser.error("--publish needs all rows; leave out --quick")
    found, details = [one for rows in CHEAP for one in rows()], None
    if not chosen.quick:
        found += graphitized()
        rows, details = cathode(_say)
        found += rows
        rows, details["voltage"] = cells.voltage(_say)
        found += rows
    tables = blocks(found, details)
    for name, text in tables.items():
        print(f"{KINDS.get(name, f'cathode-block: {name}')}\n\n{text}\n")
    missed = [one.name for one in found if one.verdict == "missed"]
    print(f"{len(found)} rows, {len(found) - len(missed)} within u_val; missed: {', '.join(missed) or 'none'}")
    if chosen.publish:
        publish(tables)


def _say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
