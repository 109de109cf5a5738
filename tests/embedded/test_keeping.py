"""One supervised program: started again when it ends, taken over by the next supervisor, ended when told to."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from embedded import reserve
from embedded.keeping import Kept
from embedded.logs import keep_short, opened
from embedded.programs import Program
from embedded.remembering import LENGTH, Memory
from embedded.reserve import Reserve
from tests.processes import until


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    one = Kept(program("print('up', flush=True); time.sleep(600)", tmp_path), tmp_path / "log.log")
    yield one
    one.wanted = False
    if one.process:
        one.process.kill()
        until(lambda: not one.alive())


def program(code: str, folder: Path) -> Program:
    return Program("test", [sys.executable, "-c", f"import time, signal; {code}"], folder=folder, stop_seconds=0.5)


def pid(kept: Kept) -> int:
    assert kept.process is not None
    return kept.process.pid


def kill(kept: Kept) -> int:
    """Kill its process and have the supervisor look until there is another, or none is due yet."""
    before = pid(kept)
    os.kill(before, signal.SIGKILL)
    until(lambda: not kept.alive())
    kept.look()
    return before


def test_it_works(kept: Kept) -> None:
    assert kept.state() == {"statename": "STOPPED", "pid": 0}
    kept.start()
    until(lambda: kept.log.read_text() == "up\n")
    assert kept.state()["statename"] == "STARTING"
    kept.began -= 60
    assert kept.state() == {"statename": "RUNNING", "pid": pid(kept)}
    before = kill(kept)
    assert pid(kept) != before  # at once, as it had been up


def test_one_that_does_not_come_up_is_waited_for_longer_each_time(kept: Kept) -> None:
    kept.start()
    waits = []
    for _ in range(7):
        kill(kept)
        assert kept.state()["statename"] == "BACKOFF"
        waits.append(round(kept.due - kept.began, 0))
        kept.due = 0.0
        kept.look()
    assert waits == sorted(waits)
    assert 0.2 <= kept.failures < 8


def test_one_that_does_not_hear_is_made_to_end(tmp_path: Path) -> None:
    deaf_code = "signal.signal(15, lambda *_: None); print('up', flush=True); time.sleep(600); time.sleep(600)"
    deaf = Kept(program(deaf_code, tmp_path), tmp_path / "log.log")
    deaf.start()
    until(lambda: deaf.log.read_text() == "up\n")
    deaf.stop()
    deaf.look()
    assert deaf.state()["statename"] == "STOPPING"

    def ended() -> bool:
        deaf.look()
        return bool(deaf.state()["statename"] == "STOPPED")

    until(ended)
    assert deaf.state()["pid"] == 0


def test_the_next_supervisor_takes_a_process_over(kept: Kept, tmp_path: Path) -> None:
    kept.start()
    Memory(tmp_path / "processes").keep({"test": psutil.Process(pid(kept))})
    found = Memory(tmp_path / "processes").living()
    other = Kept(kept.program, kept.log)
    other.adopt(found["test"])
    assert other.state() == {"statename": "RUNNING", "pid": pid(kept)}
    before = kill(other)
    kept.process = other.process
    assert pid(other) != before


def test_a_number_that_another_process_has_by_now_is_nobodys(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "processes")
    me = psutil.Process()
    memory.keep({"mine": me})
    text = (tmp_path / "processes").read_text()
    assert len(text) == LENGTH  # it is written over, so a full disk has nothing to refuse
    assert set(memory.living()) == {"mine"}
    (tmp_path / "processes").write_text(text.replace(str(me.create_time()), str(me.create_time() - 60)))
    assert memory.living() == {}
    (tmp_path / "processes").write_text("torn")
    assert memory.living() == {}


def test_a_long_log_is_put_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with opened(log) as out:
        out.write(b"x" * 100)
        out.flush()
        keep_short(tmp_path, longest=200)
        assert log.stat().st_size == 100
        keep_short(tmp_path, longest=50)
        out.write(b"y")
        out.flush()
    assert log.read_bytes() == b"y"
    assert (tmp_path / "web.log.1").read_bytes() == b"x" * 100


def test_the_reserve_is_given_up_when_the_disk_is_full_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Reserve(tmp_path)
    monkeypatch.setattr(reserve, "RESERVE", 1 << 20)

    def free(size: int) -> None:
        monkeypatch.setattr(reserve.shutil, "disk_usage", lambda _: type("Usage", (), {"free": size}))
        held.look()

    free(10 << 30)
    assert held.is_whole()
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= 1 << 20  # no hole
    free(1000)
    assert (tmp_path / "reserve").stat().st_size == 0
    free(reserve.FLOOR)  # a little room: not yet
    assert not held.is_whole()
    free(10 << 30)
    assert held.is_whole()
