"""Bytes by content: written once, as a whole, and never outside the storage."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from storage import blobs, folders


@pytest.fixture(autouse=True)
def storage_root(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGE_ROOT = tmp_path / "storage"
    settings.IMPORT_ROOTS = [tmp_path / "import"]
    (tmp_path / "import").mkdir()
    return tmp_path / "storage"


def test_it_works(tmp_path: Path) -> None:
    blob = blobs.put_bytes(b"some bytes", suffix=".bin")
    assert blob.sha256 == hashlib.sha256(b"some bytes").hexdigest()
    assert blob.key == f"blobs/{blob.sha256[:2]}/{blob.sha256}.bin"
    assert blobs.read(blob.key) == b"some bytes"
    (tmp_path / "file").write_bytes(b"some bytes")
    assert blobs.put_file(tmp_path / "file", suffix=".bin") == blob
    blobs.delete(blob.key)
    assert not blobs.exists(blob.key)


def test_nothing_unfinished_is_left(storage_root: Path) -> None:
    blobs.put_bytes(b"one")
    blobs.put_bytes(b"one")
    assert [path.name for path in storage_root.rglob("*") if path.is_file()] == [hashlib.sha256(b"one").hexdigest()]


@pytest.mark.parametrize("location", ["../secret", "blobs/../../secret", "/etc/passwd", "blobs/ab/none", ""])
def test_it_rejects_what_is_not_in_the_storage(location: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(FileNotFoundError):
        blobs.local_path(location)


def test_a_file_left_in_place_is_read_only_under_an_import_root(tmp_path: Path, settings: Any) -> None:
    allowed, secret = tmp_path / "import" / "ünder 1%.jpg", tmp_path / "secret"
    allowed.write_bytes(b"fine")
    secret.write_bytes(b"secret")
    assert blobs.read(blobs.in_place(allowed)) == b"fine"
    assert not blobs.exists(blobs.in_place(secret))
    (tmp_path / "import" / "link").symlink_to(secret)
    assert not blobs.exists(blobs.in_place(tmp_path / "import" / "link"))
    blobs.delete(blobs.in_place(allowed))
    assert allowed.exists()
    settings.IMPORT_ROOTS = []
    assert not blobs.exists(blobs.in_place(allowed))


@pytest.mark.parametrize("path", ["..", "../storage", "/", "nowhere", "link/x"])
def test_it_rejects_folders_outside_the_roots(path: str, tmp_path: Path) -> None:
    (tmp_path / "import" / "link").symlink_to(tmp_path)
    (tmp_path / "x").mkdir()
    with pytest.raises(folders.FolderRefused, match="may be imported"):
        folders.allowed_path(path, folders.any_root)


def test_a_relative_folder_is_looked_for_under_the_roots(tmp_path: Path) -> None:
    (tmp_path / "import" / "set").mkdir()
    assert (
        folders.allowed_path("set", folders.any_root)
        == folders.allowed_path(tmp_path / "import" / "set", folders.any_root)
        == tmp_path / "import" / "set"
    )


def test_what_is_stored_is_its_owners_alone(storage_root: Path, tmp_path: Path) -> None:
    """Also where other users may pass through the folders above."""
    (tmp_path / "file").write_bytes(b"other bytes")
    for blob in (blobs.put_bytes(b"some bytes"), blobs.put_file(tmp_path / "file")):
        assert blobs.local_path(blob.key).stat().st_mode & 0o077 == 0
