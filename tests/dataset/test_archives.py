"""Every entry of an archive is alone in failing: reported by name, without the server's paths; the rest is taken."""

import io
import lzma
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dataset.importing.archives import unpack
from dataset.importing.types import Problems
from jobs.errors import JobFailed
from tests.factories import jpeg

GOOD = {"first.jpg", "last.jpg"}
Change = Callable[[bytearray], None]


def archive(*entries: tuple[str, bytes], kind: int = zipfile.ZIP_STORED) -> bytearray:
    """A zip with a good picture at its begin and its end, and the entries between."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("first.jpg", jpeg())
        for name, data in entries:
            made.writestr(zipfile.ZipInfo(name), data, compress_type=kind)
        made.writestr("last.jpg", jpeg())
    return bytearray(out.getvalue())


def unpacked(data: bytes | bytearray, folder: Path) -> tuple[set[str], list[tuple[str, str]]]:
    """The files that came out, and what was reported."""
    problems = Problems()
    folder.mkdir()
    unpack(io.BytesIO(bytes(data)), folder, problems, lambda *_: None)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return files, [(problem.file, problem.reason) for problem in problems.shown]


def nth(data: bytearray, signature: bytes, number: int) -> int:
    """Where the entry of that number begins: PK\\1\\2 in the table of contents, PK\\3\\4 before the data."""
    at = -1
    for _ in range(number + 1):
        at = data.index(signature, at + 1)
    return at


def set_flags(data: bytearray, flags: int) -> None:
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        struct.pack_into("<H", data, nth(data, signature, 1) + offset, flags)


def wrong_crc(data: bytearray) -> None:
    data[data.index(b"middle middle")] ^= 1


def unknown_packing(data: bytearray) -> None:
    for signature, offset in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        struct.pack_into("<H", data, nth(data, signature, 1) + offset, 97)


def later_version(data: bytearray) -> None:
    struct.pack_into("<H", data, nth(data, b"PK\x01\x02", 1) + 6, 99)
    unknown_packing(data)


def name_that_is_not_utf8(data: bytearray) -> None:
    set_flags(data, 1 << 11)
    for signature, offset in ((b"PK\x01\x02", 46), (b"PK\x03\x04", 30)):
        data[nth(data, signature, 1) + offset] = 0xFF


def offset_to_nowhere(data: bytearray) -> None:
    struct.pack_into("<I", data, nth(data, b"PK\x01\x02", 1) + 42, 0x7FFFFFFF)


@pytest.mark.parametrize(
    ("change", "mentions"),
    [
        (wrong_crc, "damaged"),
        (unknown_packing, "packed in a way"),
        (later_version, "packed in a way"),
        (lambda data: set_flags(data, 1), "encrypted"),
        (lambda data: set_flags(data, 0x20), "packed in a way"),
        (lambda data: set_flags(data, 0x40), "packed in a way"),
        (offset_to_nowhere, "damaged"),
        (name_that_is_not_utf8, "damaged"),
    ],
)
def test_a_broken_entry_costs_itself(tmp_path: Path, change: Change, mentions: str) -> None:
    data = archive(("middle.txt", b"middle middle middle"))
    change(data)
    files, said = unpacked(data, tmp_path / "out")
    assert files == GOOD
    ((name, reason),) = said
    assert name.endswith("iddle.txt")
    assert (mentions in reason, str(tmp_path) in reason) == (True, False), reason


def test_broken_lzma(tmp_path: Path) -> None:
    data = archive(("middle.txt", bytes(5000)), kind=zipfile.ZIP_LZMA)
    at = nth(data, b"PK\x03\x04", 1) + 30 + len("middle.txt")
    data[at + 12 : at + 40] = b"\xff" * 28
    with pytest.raises(lzma.LZMAError), zipfile.ZipFile(io.BytesIO(data)) as opened:
        opened.read("middle.txt")
    files, said = unpacked(data, tmp_path / "out")
    assert (files, said) == (GOOD, [("middle.txt", "it is damaged in the archive")])


@pytest.mark.parametrize("extra", [b"\x01\x00\xff\x00" + bytes(4), b"\x01\x00\x02\x00" + bytes(4)])
def test_an_extra_field_that_is_cut_off(tmp_path: Path, extra: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("first.jpg", jpeg())
        entry = zipfile.ZipInfo("middle.txt")
        entry.extra = b"\x99\x99\x04\x00" + bytes(4)
        made.writestr(entry, b"1")
        made.writestr("last.jpg", jpeg())
    data = bytearray(out.getvalue())
    at = nth(data, b"PK\x01\x02", 1)
    data[at + 46 + len("middle.txt") :][: len(extra)] = extra
    data[at + 46 + len("middle.txt") : at + 46 + len("middle.txt") + len(extra)] = extra
    struct.pack_into("<I", data, at + 20, 0xFFFFFFFF)
    files, said = unpacked(data, tmp_path / "out")
    assert (files, [name for name, _ in said]) == (GOOD, ["middle.txt"])


@pytest.mark.parametrize(
    ("names", "kept", "refused"),
    [
        (["a.txt", "a.txt/b.txt"], "a.txt", "a.txt/b.txt"),
        (["a.txt/b.txt", "a.txt"], "a.txt/b.txt", "a.txt"),
        (["a.txt/b.txt", "a.txt/b.txt/c.txt"], "a.txt/b.txt", "a.txt/b.txt/c.txt"),
    ],
)
def test_a_file_and_a_folder_of_one_name(tmp_path: Path, names: list[str], kept: str, refused: str) -> None:
    files, said = unpacked(archive(*((name, b"1") for name in names)), tmp_path / "out")
    assert files == GOOD | {kept}
    assert said == [(refused, "the archive holds a file and a folder of this name; the first was kept")]


@pytest.mark.parametrize("name", ["x" * 300 + ".txt", "/".join(["x" * 200] * 30) + "/a.txt", "도" * 100 + ".txt"])
def test_a_name_longer_than_the_disk_takes(tmp_path: Path, name: str) -> None:
    files, said = unpacked(archive((name, b"1")), tmp_path / "out")
    assert (files, said) == (GOOD, [(name, "its name is too long")])


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "C:/a.txt", "a/../../b.txt"])
def test_a_name_that_leads_out(tmp_path: Path, name: str) -> None:
    files, said = unpacked(archive((name, b"1")), tmp_path / "out")
    assert files == GOOD
    assert said == [(name, "its path leads out of the archive's folder")]


def test_a_lie_about_its_size_costs_itself(tmp_path: Path) -> None:
    data = archive(("middle.txt", b"1" * 100))
    struct.pack_into("<I", data, nth(data, b"PK\x01\x02", 1) + 24, 0xFFFFFFF0)
    files, said = unpacked(data, tmp_path / "out")
    assert (files, said) == (GOOD, [("middle.txt", "it unpacks to a thousand times its size")])


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    files, said = unpacked(archive(("a.npy", b"1"), ("noext", b"1"), ("__MACOSX/._a.jpg", b"1")), tmp_path / "out")
    assert files >= GOOD
    assert [name for name, _ in said] == ["noext", "a.npy"]


def test_records_of_tensorflow_are_unpacked_too(tmp_path: Path) -> None:
    files, said = unpacked(archive(("train.tfrecord", b"1")), tmp_path / "out")
    assert (files, said) == (GOOD | {"train.tfrecord"}, [])


def test_no_archive_at_all(tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match="table of contents"):
        unpacked(b"PK" + bytes(50), tmp_path / "out")
