"""CASE → validated `Case`: a .toml file, a folder with a case.toml, or the name of a shipped case."""

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path

from oxycell.case.case import Case
from oxycell.case.lines import key_lines
from oxycell.case.messages import Source, validate
from oxycell.case.overrides import changed, parse_override
from oxycell.errors import CaseError, FileError

_PLACE = re.compile(r"(.*) \(at line (\d+), column \d+\)", re.DOTALL)


def load(case, overrides=()):
    """Read and check a case.

    Parameters
    ----------
    case : str or Path, a .toml file, a folder with a case.toml, or the name of a shipped case
    overrides : sequence of str, each KEY=VALUE as after `--set`

    Returns
    -------
    Case

    Raises
    ------
    CaseError
        One line: FILE:LINE: key: what is wrong; what is allowed.
    FileError
        The file cannot be read.
    """
    return load_with_source(case, overrides)[0]


def load_with_source(case, overrides=()):
    """As `load`, with the `Source` that places errors of later stages in the file."""
    return load_changed(case, [parse_override(override) for override in overrides], "--set")


def load_changed(case, changes, label):
    """As `load_with_source`, with changes (path, value); `label` is what messages call the place they come from."""
    path = find_case(case)
    text = read_text(path)
    data = parse_toml(path, text)
    paths = []
    for key, value in changes:
        try:
            data, place = changed(data, key, value)
        except CaseError as error:
            raise CaseError(f"{label}: {'.'.join(key)}: {error}") from None
        paths.append(place)
    source = Source(name=str(path), lines=key_lines(text), overrides=tuple(paths), label=label)
    return validate(Case, data, source, {"folder": str(path.parent)}), source


def load_text(text, name="case", model=Case):
    """A case, or other options, from the text of a whole file called `name`; what it names is found from the working
    folder."""
    return validate(model, parse_toml(Path(name), text), Source(name=name, lines=key_lines(text)), {"folder": "."})


def find_case(case):
    """Path of the case file that a user's CASE means."""
    path = Path(case)
    if path.is_dir():
        if (path / "case.toml").is_file():
            return path / "case.toml"
        if path.parent != Path() or str(path) not in shipped_cases():
            raise CaseError(
                f"{path}: the folder contains no case.toml; allowed: a .toml file, a case folder, a shipped case"
            )
    if path.is_file():
        return path
    shipped = shipped_cases()
    if str(case) in shipped:
        return shipped[str(case)]
    if path.suffix == ".toml" or len(path.parts) > 1:
        raise CaseError(
            f"{path}: there is no such file or folder; allowed: a .toml file, a case folder, a shipped case"
        )
    close = get_close_matches(str(case), shipped, 1, 0.4)
    hint = f", nearest is {close[0]}" if close else ""
    raise CaseError(f"{case}: no file, folder or shipped case{hint}; allowed: {', '.join(shipped) or 'a .toml file'}")


def shipped_cases():
    """Cases that come with oxycell: name → case file."""
    return {path.parent.name: path for path in sorted(shipped_folder("cases").glob("*/case.toml"))}


def shipped_folder(name):
    """Folder "cases" or "meshes" that comes with oxycell, in an installed package or a working copy."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "shipped" / name
    return installed if installed.is_dir() else package.parent.parent / name


def read_text(path):
    """Text of a file."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CaseError(f"{path}: is not text in UTF-8; allowed: a TOML file") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from None


def parse_toml(path, text):
    """Data of a TOML text; errors name the file and the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.fullmatch(str(error))
        line = match[2] if match else max(1, text.count("\n") + (not text.endswith("\n")))
        what = match[1] if match else re.sub(r" \(at end of document\)$", "", str(error))
        raise CaseError(f"{path}:{line}: not valid TOML: {what}; allowed: key = value, [table], [[table]]") from None
