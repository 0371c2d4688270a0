"""A checkpoint comes back bit for bit or is found to be damaged, and then the one before it counts."""

import struct

import h5py
import numpy as np
import pytest

from oxycell.errors import FileError
from oxycell.io import checkpoint as module
from oxycell.io.checkpoint import latest_checkpoint, read_checkpoint, write_checkpoint
from oxycell.run_folder import clear

ODD_NAN = np.array([struct.unpack("<d", b"\x01\x02\x03\x04\x05\x06\xf8\x7f")[0], -0.0, np.inf])
CONTENT = {
    "time": 0.1 + 0.2,
    "step": 7,
    "large": 2**80,
    "flag": True,
    "none": None,
    "text": 'grün\n"β"\0',
    "nan": float("-inf"),
    "single": np.float32(0.1),
    "whole": np.int64(-3),
    "truth": np.bool_(False),
    "list": [1, 2.0, None, "a", [True, []], {"x": np.arange(2)}],
    "pair": (1.5, (2, "b")),
    "empty": {},
    "a/b.c%|": {".": {"": np.float64(1.0), "%": 2}},
    "arrays": {
        "f8": np.random.default_rng(1).normal(size=(200, 3)),
        "odd": ODD_NAN,
        "f4": np.arange(5, dtype="f4"),
        "big": np.arange(5, dtype=">f8"),
        "i4": np.arange(5, dtype="i4"),
        "u1": np.arange(5, dtype="u1"),
        "bool": np.array([[True, False]]),
        "complex": np.array([1 + 2j]),
        "none": np.empty((0, 3)),
        "point": np.array(4.0),
        "strided": np.arange(12.0).reshape(3, 4)[::2, ::-1],
    },
}


def same(a, b):
    """Whether two contents are equal to the last bit, types and order of keys included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray | np.generic):
        return (a.dtype.str, a.shape, a.tobytes()) == (b.dtype.str, b.shape, b.tobytes())
    return a == b


def test_content_comes_back_bit_for_bit(tmp_path):
    path = write_checkpoint(tmp_path, 3, CONTENT)
    assert path == tmp_path / "checkpoint-3.h5"
    assert same(read_checkpoint(path), CONTENT)
    found = latest_checkpoint(tmp_path)
    assert found.number == 3 and same(found.content, CONTENT) and found.damaged == ()


def test_the_comparison_sees_what_differs():
    for other in ({"x": 1}, {"x": np.float64(1.0)}, {"x": np.array(1.0)}, {"y": 1.0}, {"x": [1.0]}, {"x": -0.0}):
        assert not same({"x": 1.0}, other)
    assert not same({"x": np.array([0.0])}, {"x": np.array([-0.0])})
    assert not same({"x": np.array([0.0])}, {"x": np.array([0.0], "f4")})
    assert not same({"x": 1, "y": 2}, {"y": 2, "x": 1})


def test_other_programs_read_the_arrays(tmp_path):
    path = write_checkpoint(tmp_path, 0, CONTENT)
    with h5py.File(path) as file:
        assert file["arrays/content/arrays/f8"][...].tobytes() == CONTENT["arrays"]["f8"].tobytes()
    assert path.read_bytes().startswith(b"oxycell-checkpoint/1\nsha256 ")


def test_equal_contents_are_equal_files(tmp_path):
    one = write_checkpoint(tmp_path, 1, CONTENT).read_bytes()
    assert write_checkpoint(tmp_path, 2, CONTENT).read_bytes() == one


@pytest.mark.parametrize("value", [{1, 2}, np.array(["a"]), np.array([None]), object(), {1: 2}, b"a", np.str_("a")])
def test_what_cannot_be_stored_is_refused(tmp_path, value):
    with pytest.raises(TypeError, match="x"):
        write_checkpoint(tmp_path, 0, {"a": {"x": value}})
    assert list(tmp_path.iterdir()) == []


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_two_are_kept(tmp_path):
    (tmp_path / "checkpoint-x.h5").write_text("of somebody else")
    for number in range(8, 12):
        write_checkpoint(tmp_path, number, {"n": number})
        assert latest_checkpoint(tmp_path).content == {"n": number}
    assert names(tmp_path) == ["checkpoint-10.h5", "checkpoint-11.h5", "checkpoint-x.h5"]


def test_a_run_that_goes_back_leaves_no_later_ones(tmp_path):
    for number in (4, 5):
        write_checkpoint(tmp_path, number, {"n": number})
    write_checkpoint(tmp_path, 4, {"n": "again"})
    assert names(tmp_path) == ["checkpoint-4.h5"] and latest_checkpoint(tmp_path).content == {"n": "again"}


def test_what_a_killed_process_leaves_is_removed(tmp_path):
    (tmp_path / ".checkpoint-1.h5.abc.part").write_text("half")
    write_checkpoint(tmp_path, 1, {})
    assert names(tmp_path) == ["checkpoint-1.h5"]


def damage(path, kind):
    data = path.read_bytes()
    if kind == "cut":
        path.write_bytes(data[:-1])
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "longer":
        path.write_bytes(data + b"\0")
    elif kind == "other version":
        path.write_bytes(data.replace(b"checkpoint/1", b"checkpoint/9", 1))
    else:
        at = data.index(CONTENT["arrays"]["f8"].tobytes()) if kind == "bit of an array" else 90
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


@pytest.mark.parametrize("kind", ["cut", "empty", "longer", "other version", "bit of an array", "bit of the front"])
def test_a_damaged_one_falls_back_to_the_one_before(tmp_path, kind):
    write_checkpoint(tmp_path, 1, {"n": 1})
    path = write_checkpoint(tmp_path, 2, CONTENT)
    damage(path, kind)
    with pytest.raises(FileError, match=r"checkpoint-2.h5: is (damaged|no checkpoint of this version)"):
        read_checkpoint(path)
    found = latest_checkpoint(tmp_path)
    assert (found.number, found.content) == (1, {"n": 1})
    assert len(found.damaged) == 1 and str(path) in found.damaged[0]


def test_any_bit_of_the_content_counts(tmp_path):
    path = write_checkpoint(tmp_path, 1, CONTENT)
    data = path.read_bytes()
    for at in np.random.default_rng(5).integers(0, len(data), 300):
        path.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
        with pytest.raises(FileError):
            read_checkpoint(path)
    path.write_bytes(data)
    assert same(read_checkpoint(path), CONTENT)


def test_without_the_digest_damage_would_pass(tmp_path, monkeypatch):
    """Counter-test: HDF5 alone does not notice."""
    path = write_checkpoint(tmp_path, 1, CONTENT)
    damage(path, "bit of an array")
    front = path.read_bytes()[:512]
    monkeypatch.setattr(module, "_front", lambda image: front)
    assert not same(read_checkpoint(path), CONTENT)


def test_none_and_none_whole(tmp_path):
    assert latest_checkpoint(tmp_path) is None
    for number in (1, 2):
        damage(write_checkpoint(tmp_path, number, CONTENT), "cut")
    with pytest.raises(FileError, match=r"checkpoint-2.h5: is damaged.*; .*checkpoint-1.h5: is damaged"):
        latest_checkpoint(tmp_path)
    with pytest.raises(FileError, match="checkpoint-9.h5: cannot be read"):
        read_checkpoint(tmp_path / "checkpoint-9.h5")


def test_a_new_run_starts_without_checkpoints(tmp_path):
    write_checkpoint(tmp_path, 1, CONTENT)
    (tmp_path / "checkpoint-x.h5").write_text("of somebody else")
    clear(tmp_path)
    assert names(tmp_path) == ["checkpoint-x.h5"]


def test_a_failure_leaves_those_before(tmp_path, monkeypatch):
    for number in (1, 2):
        write_checkpoint(tmp_path, number, {"n": number})

    def fail(*names):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("oxycell.io.files.os.replace", fail)
    with pytest.raises(FileError, match="checkpoint-3.h5: cannot be written: No space left"):
        write_checkpoint(tmp_path, 3, {"n": 3})
    assert names(tmp_path) == ["checkpoint-1.h5", "checkpoint-2.h5"]
    assert latest_checkpoint(tmp_path).content == {"n": 2}
