"""Rows come back to the last bit; a history that goes on has the rows up to then and no others."""

import csv

import numpy as np
import pytest

from oxycell.errors import FileError
from oxycell.io.history import HistoryFile


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.csv"


def numbers(path):
    with open(path, newline="") as file:
        return [{key: float(text) for key, text in row.items()} for row in csv.DictReader(file)]


def test_numbers_come_back_to_the_last_bit(path):
    random = np.random.default_rng(3)
    history, given = HistoryFile(path), []
    for k in range(50):
        row = {"time": k / 7, "value": np.float64(random.normal() * 10.0 ** random.integers(-300, 300)), "count": k}
        history.append(row)
        given.append({name: float(value) for name, value in row.items()})
        assert numbers(path) == given and history.rows == k + 1
    history.append({"time": 99.0, "value": float("inf"), "count": np.int64(3)})
    assert path.read_text().splitlines()[-1] == "99.0,inf,3"


def test_first_row_is_the_header(path):
    history = HistoryFile(path, time="time_s")
    assert path.read_text() == ""
    history.append({"time_s": 0.0, "note": 'a, "b"', "none": None})
    history.append({"none": True, "time_s": 1.0})
    assert path.read_text() == 'time_s,note,none\n0.0,"a, ""b""",\n1.0,,True\n'


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"time": 2.0, "other": 1.0}, "other: allowed: time, note"),
        ({"note": "a"}, "time: allowed: time, note"),
        ({"time": 2.0, "note": "a\nb"}, "several lines"),
        ({"time": 2.0, "note": "a\rb"}, "several lines"),
    ],
)
def test_what_does_not_fit_is_refused(path, row, message):
    history = HistoryFile(path)
    history.append({"time": 1.0, "note": ""})
    before = path.read_bytes()
    with pytest.raises(ValueError, match=message):
        history.append(row)
    assert path.read_bytes() == before and history.rows == 1


def filled(path):
    history = HistoryFile(path)
    for at, note in ((0.0, "a, b"), (10.0, '"'), (20.0, "before"), (20.0, "after"), (30.0, None)):
        history.append({"time": at, "third": at / 3, "note": note})
    return path.read_bytes()


@pytest.mark.parametrize(
    ("until", "rows", "left"), [(20.0, None, 4), (20.0, 3, 3), (19.0, None, 2), (1e9, None, 5), (0.0, 1, 1)]
)
def test_rows_after_the_checkpoint_are_cut(path, until, rows, left):
    """What stays is what was there, byte for byte, and so is the whole once the same rows have come again."""
    whole = filled(path)
    given = list(csv.reader(whole.decode().splitlines()))
    history = HistoryFile.resumed(path, until, rows)
    assert path.read_bytes() == b"".join(whole.splitlines(keepends=True)[: left + 1]) and history.rows == left
    for at, third, note in given[left + 1 :]:
        history.append({"time": float(at), "third": float(third), "note": note})
    assert path.read_bytes() == whole


@pytest.mark.parametrize("lost", [1, 3, 17])
def test_a_row_cut_off_by_death_is_dropped(path, lost):
    whole = filled(path)
    path.write_bytes(whole[:-lost])
    HistoryFile.resumed(path, 1e9)
    assert path.read_bytes() == b"".join(whole.splitlines(keepends=True)[: -1 if lost < 17 else -2])


def test_going_on_before_the_first_row(path):
    filled(path)
    history = HistoryFile.resumed(path, -1.0)
    assert path.read_bytes() == b""
    history.append({"time": 0.0, "x": 1})
    assert path.read_text() == "time,x\n0.0,1\n"
    path.write_text("")
    HistoryFile.resumed(path, 5.0).append({"time": 0.0})
    assert path.read_text() == "time\n0.0\n"


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "time,b\nx,2\n", "time,b\n1\n", 'time,b\n1,"2\n', "time\n1.0\n\n2.0\n"])
def test_other_tables_are_refused(path, text):
    path.write_text(text)
    with pytest.raises(FileError, match=r"history.csv: is no history"):
        HistoryFile.resumed(path, 5.0)
    assert path.read_text() == text


def test_missing_rows_and_files_are_named(path):
    with pytest.raises(FileError, match=r"history.csv: cannot be read"):
        HistoryFile.resumed(path, 5.0)
    filled(path)
    with pytest.raises(FileError, match="has 2 rows up to 10.0 s where the checkpoint says 3"):
        HistoryFile.resumed(path, 10.0, 3)
    with pytest.raises(FileError, match="nowhere"):
        HistoryFile(path.parent / "nowhere" / "history.csv")
    history = HistoryFile(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        history.append({"time": 0.0})
