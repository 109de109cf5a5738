"""The embedded servers: what a start, a stop and a kill leave behind."""

import os
import pwd
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from embedded.failures import ServerFailed
from embedded.postgres import Postgres
from embedded.servers import Servers
from embedded.valkey import Valkey


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    servers = Servers(tmp_path, durable=False)
    yield servers
    servers.stop()


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres", durable=False)
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey")
    yield server
    server.stop()


def test_it_works(servers: Servers) -> None:
    servers.start()
    addresses = servers.environment()
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        connection.execute("CREATE EXTENSION vector")
        row = connection.execute("SELECT '[1,2]'::vector <-> '[1,4]'::vector, current_setting('server_version')")
        distance, version = row.fetchone() or (None, "")
    assert distance == 2.0
    assert version.startswith("18")
    with redis.Redis.from_url(addresses["REDIS_URL"]) as broker:
        assert broker.ping()


def test_data_survive_a_restart(servers: Servers) -> None:
    servers.start()
    write(servers.postgres, 42)
    servers.stop()
    assert servers.postgres.process() is None
    assert servers.valkey.process() is None
    servers.start()
    assert read(servers.postgres) == [42]


def test_a_second_start_finds_the_running_servers(servers: Servers) -> None:
    servers.start()
    before = servers.environment(), pid(servers.postgres), pid(servers.valkey)
    again = Servers(servers.postgres.folder.parent, durable=False)
    again.start()
    assert before == (again.environment(), pid(again.postgres), pid(again.valkey))


def test_committed_data_survive_kill_9_of_postgres(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", durable=True)
    try:
        server.start()
        write(server, 1)
        kill(server)
        server.start()
        assert read(server) == [1]
    finally:
        server.stop()


def test_queued_messages_survive_kill_9_of_valkey(valkey: Valkey) -> None:
    valkey.start()
    with redis.Redis.from_url(valkey.url) as broker:
        broker.config_set("appendfsync", "always")  # otherwise the last second may be lost
        broker.lpush("queue", "job 7")
    address = valkey.url
    kill(valkey)
    valkey.start()
    assert valkey.url == address
    with redis.Redis.from_url(valkey.url) as broker:
        assert broker.lrange("queue", 0, -1) == [b"job 7"]


def test_a_pid_file_that_names_another_program_does_not_block_the_start(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    lines = [str(os.getpid()), str(postgres.data), "1", "5432", str(postgres.folder), "", "1 1", "ready"]
    (postgres.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    assert not postgres.ready()
    postgres.start()
    assert pid(postgres) != os.getpid()


def test_a_port_taken_by_another_program_is_changed(tmp_path: Path, valkey: Valkey) -> None:
    other = Valkey(tmp_path / "other")
    other.start()
    try:
        valkey.prepare()
        port = other.url.rsplit(":", 1)[1].split("/")[0]
        lines = valkey.configuration.read_text().splitlines()
        text = "\n".join(f"port {port}" if line.startswith("port ") else line for line in lines)
        valkey.configuration.write_text(text + "\n")
        valkey.start()
        assert f":{port}/" not in valkey.url
    finally:
        other.stop()


def test_a_folder_with_a_long_name_works(tmp_path: Path) -> None:
    server = Postgres(tmp_path / ("long " * 20) / "postgres", durable=False)
    try:
        server.start()
        write(server, 3)
        assert read(server) == [3]
    finally:
        server.stop()


def test_the_broker_refuses_who_lacks_the_password(valkey: Valkey) -> None:
    valkey.start()
    port = int(valkey.url.rsplit(":", 1)[1].split("/")[0])
    with redis.Redis(port=port) as broker, pytest.raises(redis.AuthenticationError):
        broker.ping()


def test_other_users_cannot_enter_the_folders(servers: Servers) -> None:
    servers.start()
    for folder in (servers.postgres.folder, servers.valkey.folder):
        assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to make data of another user")
def test_under_root_the_server_runs_as_the_owner_of_its_data(postgres: Postgres) -> None:
    postgres.prepare()
    nobody = pwd.getpwnam("nobody")
    for path in {postgres.folder, postgres.socket_folder, postgres.data, *postgres.data.rglob("*")}:
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    postgres.start()
    process = postgres.process()
    assert process is not None
    assert process.uids().real == nobody.pw_uid


def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(ServerFailed, match="belongs to another user"):
        Postgres(tmp_path).prepare()


def test_data_of_another_version_are_refused(postgres: Postgres) -> None:
    postgres.prepare()
    (postgres.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerFailed, match="written by Postgres 17; this release runs Postgres 18"):
        postgres.prepare()


def test_an_interrupted_first_start_is_repeated(postgres: Postgres) -> None:
    (postgres.folder / "data.new").mkdir(parents=True)
    (postgres.folder / "data.new" / "PG_VERSION").write_text("18\n")
    postgres.start()
    assert postgres.ready()


def test_a_failed_start_shows_the_log(postgres: Postgres) -> None:
    postgres.prepare()
    (postgres.data / "pg_hba.conf").write_text("nonsense\n")
    with pytest.raises(ServerFailed) as failure:
        postgres.start()
    assert "The database stopped while starting." in str(failure.value)
    assert "pg_hba.conf" in str(failure.value)


def pid(server: Postgres | Valkey) -> int:
    process = server.process()
    assert process is not None
    return process.pid


def kill(server: Postgres | Valkey) -> None:
    process = psutil.Process(pid(server))
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def write(server: Postgres, number: int) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def read(server: Postgres) -> list[int]:
    with psycopg.connect(server.url) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM kept")]
