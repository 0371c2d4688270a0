"""How many seeded faults the verification suite notices: `python -m tests.verification.seed_faults [NAME…]
[--publish]`.

Each fault is put into a copy of the package, where the quick checks run, those on one mesh first, until one fails. A
copy without a fault has to pass them all. `--publish` writes each result to docs/seeded-faults.md.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from fnmatch import filter as fitting
from pathlib import Path

from tests.verification.faults import FAULTS

import oxycell
from oxycell.runtime import hash_sources
from oxycell.verification import select

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "seeded-faults.md"
_TIMEOUT = 600.0  # [s] for all checks on one copy
_CHILD = """
import sys
from oxycell.verification import CHECKS
for name in sys.argv[1:]:
    result = CHECKS[name].run()
    if not result.passed:
        print(name, "|", "; ".join(result.failures))
        sys.exit(6)
"""


class Copy:
    """A copy of the package that carries one fault at a time, and its compiled kernels.

    Kernels are kept from fault to fault where sources are equal. Numba compiles anew what stands in a changed file;
    what calls it from another file of its folder is dropped here.
    """

    def __init__(self, folder):
        self.package, self.cache, self.kept = folder / "oxycell", folder / "cache" / "oxycell", folder / "kept"
        shutil.copytree(oxycell.__path__[0], self.package, ignore=shutil.ignore_patterns("__pycache__"))
        self.kept.mkdir()

    def run(self, checks, fault=None):
        """Run checks by name, stop at the first that fails: its name and what it says; None where all pass."""
        if fault is None:
            found = self._run(checks)
            shutil.rmtree(self.kept)
            shutil.copytree(self._kernels, self.kept)
            return found
        name, before, after = FAULTS[fault]
        file = self.package / name
        text, stamp = file.read_text(encoding="utf-8"), file.stat()
        places = places_of(text, before)
        if len(places) != 1:
            raise SystemExit(f"seeded fault {fault!r}: its text stands {len(places)} times in {name}; allowed: once")
        file.write_text(seeded(text, places[0], after), encoding="utf-8")
        stale = callers(file)
        shutil.copytree(
            self.kept, self._kernels, ignore=lambda _, names: [name for name in names if name.split(".")[0] in stale]
        )
        found = self._run(checks)
        shutil.rmtree(self._kernels, ignore_errors=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        return found

    @property
    def _kernels(self):
        return self.cache / hash_sources(self.package)

    def _run(self, checks):
        env = {
            **os.environ,
            "PYTHONPATH": str(self.package.parent),
            "XDG_CACHE_HOME": str(self.cache.parent),
            "NUMBA_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "NUMBA_CACHE_DIR": "",
        }
        try:
            done = subprocess.run(
                [sys.executable, "-c", _CHILD, *checks],
                cwd=self.package.parent,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT,
                env=env,
            )
        except subprocess.TimeoutExpired:
            return "no answer", f"after {_TIMEOUT:.0f} s"
        if done.returncode == 0:
            return None
        if done.returncode == 6:
            name, _, what = done.stdout.strip().splitlines()[-1].partition(" | ")
            return name, what
        raise SystemExit(
            f"a copy of the package does not run: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"
        )


def places_of(text, before):
    """Where a text stands in a source, however that is broken into lines: list of (begin, end)."""
    words = re.findall(r"\w+|[^\w\s]", before)
    begin = r"[ \t]*" if before[0] == " " else r"\b" if words[0][0].isalnum() else ""
    pattern = begin + r"\s*".join(f",?\\s*{re.escape(word)}" if word in ")]}" else re.escape(word) for word in words)
    end = r"[ \t]*\n" if before.endswith("\n") else ""
    return [match.span() for match in re.finditer(pattern + end, text)]


def seeded(text, place, after):
    """A source with another text at a place of it, (begin, end)."""
    return text[: place[0]] + after + text[place[1] :]


def callers(file):
    """Last names of a module and of all modules that import it, directly or not."""
    package = next(folder for folder in file.parents if folder.name == "oxycell")
    texts = {dotted(package, path): path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    found, before = {dotted(package, file)}, set()
    while found != before:
        before = set(found)
        found |= {name for name, text in texts.items() if any(f"{one} import" in text for one in before)}
    return {name.rpartition(".")[2] for name in found}


def dotted(package, file):
    """Name of a module by its file."""
    return ".".join(["oxycell", *file.relative_to(package).with_suffix("").parts])


def ordered():
    """Names of the quick checks, those on one mesh first."""
    return [check.name for check in sorted(select(quick=True), key=lambda check: len(check.meshes))]


def score(faults, checks, report=lambda name, found: None, noticed=None):
    """Insert faults into a copy one by one: name → what detected it, see `Copy.run`; `report` is called for each.

    `noticed`: name → the check that detected it before, or None; it is tried first.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy, found = Copy(Path(folder)), {}
        failing = copy.run(checks)
        if failing is not None:
            raise SystemExit(f"a check fails without a fault: {failing[0]}: {failing[1]}; allowed: none")
        for name in faults:
            before = (noticed or {}).get(name)
            found[name] = copy.run(sorted(checks, key=lambda check: check != before), name)
            report(name, found[name])
    return found


INTRODUCTION = """\
# Seeded faults

How effective are the checks? Small errors are inserted into the physics of a copy of the package, one at a time: a
sign, a factor, a mean, a unit, a side, an omission. The {n_checks} quick checks of [the verification
suite](verification.md) are run on the copy, those on one mesh first, and the first check that fails is named; a solve
without a solution also counts as a failure. Without a fault all checks pass. Written by `python -m
tests.verification.seed_faults --publish`; the faults are in `tests/verification/faults.py`.

The score is not a blind one: some thirty checks were written together with these faults, or after a fault was missed,
three of them for the last three that were missed. The table shows what is covered, not how an unforeseen fault would
fare. The 40 faults of the first list were run on 115 older checks, which detected 37.
"""


def page(detected, n_checks):
    """The score as a page of the documentation; `detected`: name → the check that detects it, or None."""
    missed = [name for name, check in detected.items() if check is None]
    rows = [
        f"| {name} | `{FAULTS[name][0]}` | {'**missed**' if check is None else f'`{check}`'} |"
        for name, check in detected.items()
    ]
    verdict = f"**{len(rows) - len(missed)} of {len(rows)} detected.**"
    if missed:
        verdict += f" Missed: {'; '.join(missed)}."
    head = INTRODUCTION.format(n_checks=n_checks)
    return "\n".join([head, verdict, "", "| fault | in | detected by |", "|---|---|---|", *rows, ""])


def published():
    """What the page says: name → check or None, of the faults that are still stated, in their order."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    rows = {
        name: check
        for name, _, check in re.findall(r"^\| (.+?) \| `(\S+)` \| (?:`(\S+)`|\*\*missed\*\*) \|$", text, re.MULTILINE)
    }
    return {name: rows[name] or None for name in FAULTS if name in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="faults to try, or patterns (default: all)")
    parser.add_argument("--publish", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    asked = parser.parse_args()
    names = (
        list(dict.fromkeys(name for pattern in asked.names for name in fitting(FAULTS, pattern)))
        if asked.names
        else list(FAULTS)
    )
    if not names:
        raise SystemExit(f"no fault {asked.names[0]!r}; allowed: {', '.join(FAULTS)}")
    checks = ordered()

    def heard(name, result):
        print(f"{name:55} {': '.join(result or ('MISSED',))}"[:170], flush=True)
        if asked.publish:
            known = published() | {name: result and result[0]}
            PAGE.write_text(
                page({fault: known[fault] for fault in FAULTS if fault in known}, len(checks)), encoding="utf-8"
            )

    found = score(names, checks, heard, published())
    print(f"{sum(result is not None for result in found.values())} of {len(found)} detected by {len(checks)} checks")


if __name__ == "__main__":
    main()
