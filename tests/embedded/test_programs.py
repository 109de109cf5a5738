"""What the supervisor is told to keep, and what of it the machine decides."""

import json
from pathlib import Path

import pytest

from embedded import machine
from embedded.home import Home
from embedded.instance import address_of, allowed_hosts
from embedded.keeping import LAST_WORD
from embedded.programs import Program, programs
from embedded.supervisor import STOP_TIMEOUT


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HALFDAY_HOME", str(tmp_path / "a home with 100 %"))
    return Home.find()


def by_name(home: Home, *, port: int = 8000, listener: int | None = None) -> dict[str, Program]:
    found = programs(home, host="127.0.0.1", port=port, embedded=["postgres", "valkey"], listener=listener)
    return {program.name: program for program in found}


def test_it_works(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "gpus", list)
    found = programs(home, host="127.0.0.1", port=8123, embedded=["postgres", "valkey"])
    names = ["postgres", "valkey", "web", "worker-cpu", "worker-gpu", "serve", "clock"]
    assert [program.name for program in found] == names
    assert "--bind 127.0.0.1:8123" in " ".join(by_name(home, port=8123)["web"].command)
    told = json.loads(json.dumps([program.as_json() for program in found]))  # as the supervisor gets them
    assert [Program.from_json(program) for program in told] == found


def test_the_web_process_answers_from_the_launchers_socket(home: Home) -> None:
    assert "--bind fd://7" in " ".join(by_name(home, listener=7)["web"].command)


def test_servers_given_by_address_are_not_started(home: Home) -> None:
    names = [program.name for program in programs(home, host="127.0.0.1", port=8000, embedded=["valkey"])]
    assert "postgres" not in names
    assert "valkey" in names


def test_everything_stops_within_twenty_seconds(home: Home) -> None:
    """All clients of the servers at once, then the servers."""
    found = by_name(home).values()
    clients = max(program.stop_seconds for program in found if not program.is_server)
    servers = max(program.stop_seconds for program in found if program.is_server)
    assert clients + servers + LAST_WORD < STOP_TIMEOUT < 20
    assert by_name(home)["postgres"].stop_signal == "INT"  # the mode that does not wait for sessions


@pytest.mark.parametrize(("cores", "side_by_side", "threads"), [(1, "1", "1"), (2, "2", "1"), (8, "2", "4")])
def test_without_a_gpu_two_trainings_share_the_cores(
    home: Home, monkeypatch: pytest.MonkeyPatch, cores: int, side_by_side: str, threads: str
) -> None:
    monkeypatch.delenv("HALFDAY_ENGINE_THREADS", raising=False)
    monkeypatch.setattr(machine, "gpus", list)
    monkeypatch.setattr(machine, "cores", lambda: cores)
    found = by_name(home)
    command = found["worker-gpu"].command
    assert command[command.index("-c") + 1] == side_by_side
    assert found["worker-gpu"].environment["HALFDAY_ENGINE_THREADS"] == threads
    assert found["worker-gpu"].environment["OMP_NUM_THREADS"] == "1"
    assert found["worker-cpu"].environment["OMP_NUM_THREADS"] == "1"


def test_each_gpu_has_its_process(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HALFDAY_ENGINE_THREADS", raising=False)
    monkeypatch.setattr(machine, "gpus", lambda: ["0", "3"])
    monkeypatch.setattr(machine, "cores", lambda: 16)
    found = by_name(home)
    assert {name for name in found if name.startswith("worker-gpu")} == {"worker-gpu-0", "worker-gpu-1"}
    assert found["worker-gpu-1"].environment["CUDA_VISIBLE_DEVICES"] == "3"
    assert found["worker-gpu-1"].environment["HALFDAY_ENGINE_THREADS"] == "8"
    assert found["worker-gpu-1"].environment["HALFDAY_MACHINE_GPUS"] == "0,3"  # what a training by several may borrow


def test_the_users_number_of_training_threads_is_kept(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALFDAY_ENGINE_THREADS", "1")
    assert by_name(home)["worker-gpu"].environment["HALFDAY_ENGINE_THREADS"] == "1"


@pytest.mark.parametrize(("chosen", "found"), [("", []), ("-1", []), ("0", ["0"]), ("0, 2", ["0", "2"])])
def test_the_users_choice_of_gpus_is_kept(chosen: str, found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", chosen)
    assert machine.gpus() == found


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("halfday.example", "http://halfday.example:8000"),
    ],
)
def test_the_address_is_one_to_click_on(host: str, address: str) -> None:
    assert address_of(host, 8000) == address


def test_on_loopback_the_settings_decide_on_host_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    assert allowed_hosts("127.0.0.1") == {}


def test_on_the_network_only_this_machines_names_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    monkeypatch.setattr(machine, "names", lambda: ["192.0.2.7", "box"])
    assert allowed_hosts("0.0.0.0") == {"ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],192.0.2.7,box"}
    monkeypatch.setenv("ALLOWED_HOSTS", "halfday.example")
    assert allowed_hosts("0.0.0.0") == {}
