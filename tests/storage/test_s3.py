"""The storage in S3: everything that the folder does, against a server on a loopback port."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command

from storage import blobs, copies, s3
from storage.s3 import StorageUnavailable
from storage.thumbnails import thumbnail
from tests import s3 as server
from tests.factories import jpeg
from tests.processes import PATIENCE


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with server.running() as address:
        yield address


@pytest.fixture
def outside(endpoint: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The storage is in the bucket "halfday" below "team"; a client of the test's own looks at the bucket."""
    for name, value in server.KEYS.items():
        monkeypatch.setenv(name, value)
    settings.STORAGE_ROOT, settings.CACHE_ROOT = tmp_path / "storage", tmp_path / "cache"
    settings.S3_BUCKET, settings.S3_PREFIX, settings.S3_ENDPOINT = "halfday", "team", endpoint
    s3.opened.cache_clear()
    with closing(server.client(endpoint)) as client:
        client.create_bucket(Bucket="halfday")
        yield client
        for key in keys_in(client):
            client.delete_object(Bucket="halfday", Key=key)


def keys_in(client: Any) -> list[str]:
    return [entry["Key"] for entry in client.list_objects_v2(Bucket="halfday").get("Contents", ())]


def test_it_works(outside: Any, tmp_path: Path) -> None:
    blob = blobs.put_bytes(b"some bytes", suffix=".bin")
    assert keys_in(outside) == [f"team/{blob.key}"]
    assert outside.get_object(Bucket="halfday", Key=f"team/{blob.key}", Range="bytes=5-9")["Body"].read() == b"bytes"
    assert blobs.exists(blob.key)
    assert blobs.read(blob.key) == b"some bytes"
    (tmp_path / "file").write_bytes(b"some bytes")
    assert blobs.put_file(tmp_path / "file", suffix=".bin") == blob
    local = blobs.local_path(blob.key)
    assert (local.read_bytes(), local.suffix) == (b"some bytes", ".bin")
    assert not [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]
    blobs.delete(blob.key)
    assert not blobs.exists(blob.key)
    assert not local.exists()


def test_a_large_file_goes_up_and_comes_down_in_parts(outside: Any, tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(bytes(range(256)) * 80_000)  # 20 MB
    blob = blobs.put_file(tmp_path / "weights.pt", suffix=".pt")
    assert "-" in outside.head_object(Bucket="halfday", Key=f"team/{blob.key}")["ETag"]  # made of parts
    assert blobs.local_path(blob.key).read_bytes() == (tmp_path / "weights.pt").read_bytes()


def test_what_is_not_there_is_said(outside: Any) -> None:
    for act in (blobs.read, blobs.local_path, blobs.open_blob):
        with pytest.raises(FileNotFoundError, match="is not in the bucket halfday"):
            act("blobs/no/nothing.jpg")
    with pytest.raises(FileNotFoundError):
        blobs.read("../other/secret")
    assert blobs.local_paths(["blobs/no/nothing.jpg"]) == [None]
    blobs.delete("blobs/no/nothing.jpg")


def test_what_is_wrong_is_said(outside: Any, settings: Any) -> None:
    settings.S3_BUCKET = "elsewhere"
    with pytest.raises(StorageUnavailable, match="There is no bucket elsewhere at http"):
        blobs.put_bytes(b"x")
    settings.S3_ENDPOINT = "http://127.0.0.1:9"  # nobody listens
    with pytest.raises(StorageUnavailable, match=r"The storage at http://127\.0\.0\.1:9 does not answer"):
        blobs.read("blobs/x")


def test_the_command_tries_the_storage(outside: Any, settings: Any, capsys: Any) -> None:
    settings.S3_BUCKET = "new"
    with pytest.raises(CommandError, match="There is no bucket new"):
        call_command("check_storage")
    for _ in range(2):
        call_command("check_storage", "--create")
        assert capsys.readouterr().out == f"The bucket new at {settings.S3_ENDPOINT} can be written and read.\n"
    settings.S3_BUCKET = ""
    call_command("check_storage")
    assert capsys.readouterr().out == f"The folder {settings.STORAGE_ROOT} can be written and read.\n"


def test_an_address_that_anybody_can_read_for_a_while(outside: Any) -> None:
    blob = blobs.put_bytes(jpeg(), suffix=".jpg")
    address = blobs.address(blob.key, "image/jpeg")
    assert address is not None
    assert "X-Amz-Signature=" in address
    assert "X-Amz-Expires=43200" in address
    answer = httpx.get(address, timeout=PATIENCE)
    assert answer.content == blobs.read(blob.key)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    time.sleep(1.1)  # a signature of another second would be another
    assert blobs.address(blob.key, "image/jpeg") == address  # or the browser's cache would never find it
    with pytest.raises(FileNotFoundError):
        blobs.address("blobs/no/nothing.jpg", "image/jpeg")


def test_browsers_may_know_the_bucket_by_another_name(outside: Any, settings: Any) -> None:
    settings.S3_PUBLIC_ENDPOINT = "https://bytes.example.org"
    blob = blobs.put_bytes(jpeg(63), suffix=".jpg")
    assert str(blobs.address(blob.key, "image/jpeg")).startswith("https://bytes.example.org/halfday/team/blobs/")
    settings.S3_REDIRECT = False
    assert blobs.address(blob.key, "image/jpeg") is None


def test_thumbnails_lie_there_too(outside: Any) -> None:
    blob = blobs.put_bytes(jpeg(640, 480), suffix=".jpg")
    key = thumbnail(sha256=blob.sha256, location=blob.key, size=160)
    assert f"team/{key}" in keys_in(outside)
    blobs.delete(blob.key)
    assert thumbnail(sha256=blob.sha256, location=blob.key, size=160) == key


def stored(count: int, size: int = 1000) -> list[str]:
    return [blobs.put_bytes(bytes([number]) * size, suffix=".bin").key for number in range(count)]


def test_local_copies_have_a_limit(outside: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were not used for longest go."""
    monkeypatch.setattr(copies, "JUST_USED", -1)
    settings.CACHE_BYTES = 5500
    keys = stored(12)
    paths = []
    for key in keys:
        paths.append(blobs.local_path(key))
        time.sleep(0.005)
    there = [path.exists() for path in paths]
    assert there == sorted(there)
    assert 4 <= sum(there) <= 6
    assert blobs.local_path(keys[0]).read_bytes() == bytes(1000)


def test_what_a_running_job_uses_stays(outside: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "JUST_USED", -1)
    settings.CACHE_BYTES = 4500
    keys = stored(12)
    with copies.leasing():
        mine = blobs.local_paths(keys[:4])
        used = copies.leased()
        assert used == {path.name for path in mine if path}
        with pytest.raises(StorageUnavailable, match="more local copies of images than the 4500 bytes"):
            blobs.local_paths(keys[4:])
        assert all(path and path.exists() for path in mine)
    assert copies.leased() == set()


def test_a_draft_that_goes_while_room_is_made_is_no_lost_object(
    outside: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread's draft becomes a copy between the listing and the look at it."""
    settings.CACHE_BYTES = 1000
    (key,) = stored(1)
    listed = copies.entries

    def entries() -> Iterator[Any]:
        draft = settings.CACHE_ROOT / "ab" / ".draft-of-another-thread"
        draft.parent.mkdir(exist_ok=True)
        draft.touch()
        found = list(listed())
        draft.unlink()
        yield from found

    monkeypatch.setattr(copies, "entries", entries)
    assert blobs.local_paths([key]) != [None]


def test_a_killed_job_gives_its_lease_up(outside: Any, settings: Any) -> None:
    leases = settings.CACHE_ROOT / "leases"
    leases.mkdir(parents=True)
    (leases / "held-by-nobody").write_text("something.jpg\n")
    copies.leased()
    assert copies.leased() == set()


def test_many_threads_may_ask_for_the_same(outside: Any) -> None:
    (key,) = stored(1, 100_000)
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(blobs.local_path(key).read_bytes())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [bytes(100_000)] * 8


def test_uploads_are_kept_there_until_they_are_taken_in(outside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = blobs.work_folder() / "draft"
    draft.write_bytes(b"PK")
    location = blobs.keep_upload(draft, "7/0001")
    assert keys_in(outside) == ["team/work/uploads/7/0001"]
    assert blobs.local_path(location).read_bytes() == b"PK"
    blobs.forget_old_uploads()
    assert blobs.exists(location)
    monkeypatch.setattr(blobs, "UPLOADS_KEPT", -5)
    blobs.forget_old_uploads()
    assert keys_in(outside) == []
