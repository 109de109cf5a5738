"""`./halfday backup` and `restore`: what comes back is what was there, and a damaged file brings nothing."""

import os
import tarfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from commandline import backup, doctor, restore
from embedded.databases import counts
from embedded.failures import Failure
from embedded.home import Home
from embedded.servers import Servers

BLOB = Path("storage/blobs/ab/abcd.jpg")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home with a database that holds something, and its servers running as a platform's."""
    found = fresh(tmp_path / "first", monkeypatch)
    servers = Servers(found.folder, durable=False)
    servers.start()
    monkeypatch.setenv("DATABASE_URL", servers.postgres.url)
    monkeypatch.setenv("REDIS_URL", servers.valkey.url)
    with psycopg.connect(servers.postgres.url) as connection:
        connection.execute("CREATE EXTENSION vector")
        connection.execute("CREATE TABLE image (id int, location text, embedding halfvec(2))")
        connection.execute("INSERT INTO image VALUES (1, %s, '[1,2]')", [BLOB.name])
    write(found, BLOB, b"pixels")
    write(found, Path("storage/thumbnails/160/ab/abcd.jpg"), b"small")
    write(found, Path("storage/work/uploads/7/000-part"), b"sent")
    write(found, Path("storage/work/run-3/last.pt"), b"half a training")
    write(found, Path("secret-key"), b"key")
    yield found
    servers.stop()


def fresh(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("DATABASE_URL", "REDIS_URL", "HALFDAY_STORAGE", "HALFDAY_S3_BUCKET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HALFDAY_HOME", str(folder))
    return Home.find()


def write(home: Home, name: Path, data: bytes) -> None:
    path = home.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def files_of(home: Home) -> dict[str, bytes]:
    storage = home.folder / "storage"
    return {path.relative_to(storage).as_posix(): path.read_bytes() for path in storage.rglob("*") if path.is_file()}


def test_it_works(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "halfday.tar"
    assert backup.main([str(file)]) == 0
    assert not list((home.folder / "storage").glob(".backup-*"))

    second = fresh(tmp_path / "second", monkeypatch)
    assert restore.main([str(file)]) == 0
    assert files_of(second) == {"blobs/ab/abcd.jpg": b"pixels", "work/uploads/7/000-part": b"sent"}
    assert (second.folder / "secret-key").read_bytes() == b"key"
    assert {path.stat().st_mode & 0o077 for path in (second.folder / "storage").rglob("*")} == {0}  # nobody else's
    servers = Servers(second.folder, durable=False)
    servers.start()
    try:
        with psycopg.connect(servers.postgres.url) as connection:
            assert connection.execute("SELECT * FROM image").fetchall() == [(1, "abcd.jpg", "[1,2]")]
    finally:
        servers.stop()
    with pytest.raises(Failure, match="is not empty"):
        restore.main([str(file)])


def test_rows_and_files_of_one_moment_while_others_write_and_remove(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that a row of the backup names is in it, though both are removed while it is made."""
    stop, url = threading.Event(), os.environ["DATABASE_URL"]

    def churn() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            number = 2
            while not stop.is_set():
                name = f"{number}.jpg"
                write(home, Path("storage/blobs/ab") / name, name.encode())
                connection.execute("INSERT INTO image VALUES (%s, %s)", [number, name])
                if number > 20:
                    gone = f"{number - 18}.jpg"
                    connection.execute("DELETE FROM image WHERE location = %s", [gone])
                    time.sleep(0.05)  # as a remover does: the row first, the file when that is done
                    (home.folder / "storage/blobs/ab" / gone).unlink()
                number += 1

    thread = threading.Thread(target=churn)
    thread.start()
    file = tmp_path / "halfday.tar"
    try:
        while counts(url)["image"] < 10:
            time.sleep(0.01)
        assert backup.main([str(file)]) == 0
    finally:
        stop.set()
        thread.join()
    second = fresh(tmp_path / "second", monkeypatch)
    assert restore.main([str(file)]) == 0
    servers = Servers(second.folder, durable=False)
    servers.start()
    try:
        with psycopg.connect(servers.postgres.url) as connection:
            named = {f"blobs/ab/{name}" for (name,) in connection.execute("SELECT location FROM image")}
    finally:
        servers.stop()
    assert named <= set(files_of(second))


@pytest.mark.parametrize("damage", ["a byte", "the end"])
def test_a_damaged_backup_restores_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    file = tmp_path / "halfday.tar"
    backup.main([str(file)])
    with tarfile.open(file) as archive:
        at = archive.getmember("storage/blobs/ab/abcd.jpg").offset_data
    data = bytearray(file.read_bytes())
    if damage == "a byte":
        data[at] ^= 1
    file.write_bytes(data if damage == "a byte" else data[:at])
    second = fresh(tmp_path / "second", monkeypatch)
    with pytest.raises(Failure, match="damaged" if damage == "a byte" else "torn"):
        restore.main([str(file)])
    assert files_of(second) == {}


def test_the_doctor_says_what_is_wrong_and_what_helps(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home.folder / "secret-key").chmod(0o644)
    version = home.folder / "postgres" / "data" / "PG_VERSION"
    monkeypatch.delenv("DATABASE_URL")
    assert doctor.main([]) == 1
    said = capsys.readouterr().out
    assert "secret-key: can be read by other users" in said
    assert "chmod 600" in said
    assert "✓ database: data of Postgres 18" in said
    assert "platform: not running" in said
    (home.folder / "secret-key").chmod(0o600)
    monkeypatch.setattr(doctor, "disk", lambda home: iter(()))  # this machine's may be full
    assert doctor.main([]) == 0
    version.write_text("17\n")
    assert doctor.main([]) == 1
    assert "its data are of Postgres 17" in capsys.readouterr().out
    version.write_text("18\n")


@pytest.mark.parametrize(
    ("listening", "age", "wrong", "said"),
    [
        (1, 2.0, False, "queue cpu"),
        (0, 4.2, False, "its worker started 4 s ago and is heard of in a moment"),
        (0, 90.0, True, "nobody listens to it, so its jobs wait"),
    ],
)
def test_the_doctor_has_patience_with_a_worker_that_has_just_started(
    tmp_path: Path, listening: int, age: float, wrong: bool, said: str
) -> None:
    found = doctor._of_queue(Home(tmp_path), "cpu", listening, age)
    assert bool(found.wrong) == wrong
    assert said in f"{found.what}: {found.wrong}"
