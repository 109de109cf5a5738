"""`./halfday doctor`: what is wrong with this installation, and how to mend it. Changes nothing."""

import argparse
import contextlib
import json
import os
import shutil
import stat
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from embedded import machine
from embedded.backups import storage_of
from embedded.failures import tail
from embedded.home import Home
from embedded.instance import address_file
from embedded.older_data import left_behind, version_of
from embedded.postgres import MAJOR_VERSION, Postgres
from embedded.reserve import FLOOR, RESERVE, Reserve
from embedded.supervisor import Supervisor

LOW = 0.10  # of a disk
YOUNG = 60.0  # seconds in which a program may still be starting
TROUBLED = {"BACKOFF", "STOPPED"}
WORDS = ("FATAL", "PANIC", "No space left", "Error")


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at: well, or what is wrong and what helps."""

    what: str
    wrong: str = ""
    advice: str = ""


def main(arguments: list[str]) -> int:
    """Look at everything; exit status 1 where something is wrong."""
    argparse.ArgumentParser(prog="./halfday doctor", description=__doc__).parse_args(arguments)
    home = Home.find()
    found = [finding for look in (disk, folders, database, processes, health) for finding in look(home)]
    for one in found:
        print(f"{'✗' if one.wrong else '✓'} {one.what}" + (f": {one.wrong}" if one.wrong else ""))
        if one.advice:
            print(f"    {one.advice}")
    wrong = sum(bool(one.wrong) for one in found)
    print(f"\n{wrong} of {len(found)} need attention." if wrong else "\nNothing is wrong.")
    return 1 if wrong else 0


def disk(home: Home) -> Iterator[Diagnosis]:
    """Room where the state and the bytes are."""
    for name, folder in {"disk of HALFDAY_HOME": home.folder, "disk of the storage": storage_of(home)}.items():
        usage = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists()))
        left = f"{usage.free / 1e9:.1f} GB free ({100 * usage.free / usage.total:.0f} %)"
        if usage.free < FLOOR + RESERVE:
            advice = "Writes are refused until there is room: remove what is not Halfday's, old exports, or add space."
            yield Diagnosis(name, f"full, {left}", advice)
        elif usage.free < LOW * usage.total:
            yield Diagnosis(name, f"filling up, {left}", "Add space, or remove datasets and exports that nobody needs.")
        else:
            yield Diagnosis(f"{name}: {left}")
    if (home.folder / "reserve").exists() and not Reserve(home.folder).is_whole():
        advice = "It is made again by itself, as soon as there is room."
        yield Diagnosis("reserve", "given up for the database, since the disk was full", advice)


def folders(home: Home) -> Iterator[Diagnosis]:
    """Whether they can be written to, and by nobody else."""
    for folder in (home.folder, storage_of(home)):
        if folder.exists() and not os.access(folder, os.W_OK):
            yield Diagnosis(str(folder), "cannot be written to", "Start Halfday as the user who owns it.")
    for file in (home.folder / "secret-key", home.admin_token):
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield Diagnosis(str(file), "can be read by other users", f"chmod 600 {file}")


def database(home: Home) -> Iterator[Diagnosis]:
    """The embedded database's data."""
    server = Postgres(home.folder / "postgres")
    version = version_of(server.data)
    for old in left_behind(server.folder):
        yield Diagnosis(f"{old}: from before a newer Postgres, read by nothing; it can be removed")
    if os.environ.get("DATABASE_URL"):
        yield Diagnosis("database: given by DATABASE_URL")
    elif not version:
        yield Diagnosis("database: not made yet; the first ./halfday up does it")
    elif version != MAJOR_VERSION:
        wrong = f"its data are of Postgres {version}, this release runs {MAJOR_VERSION}"
        yield Diagnosis("database", wrong, "./halfday up moves them, or says what it needs for that.")
    elif server.process() and not server.ready():
        yield Diagnosis("database", "starts, or reads its log after a crash", _last(home.logs / "postgres.log"))
    else:
        yield Diagnosis(f"database: data of Postgres {MAJOR_VERSION}")


def processes(home: Home) -> Iterator[Diagnosis]:
    """What the supervisor says of its programs."""
    states = Supervisor(home, [], {}).states()
    for name, state in states.items():
        log = home.logs / f"{name}.log"
        if state["statename"] in TROUBLED:
            yield Diagnosis(name, "does not stay up", f"Its log, {log}, ends: {_last(log)}")
        else:
            yield Diagnosis(f"{name}: {str(state['statename']).lower()}, process {state['pid']}")
    if not states:
        port = int(os.environ.get("HALFDAY_PORT") or 8000)
        free = machine.port_is_free("127.0.0.1", port)
        taken = "" if free else f" Port {port} is taken; it will take the next free one."
        yield Diagnosis(f"platform: not running. Start it with ./halfday up.{taken}")


def health(home: Home) -> Iterator[Diagnosis]:
    """What the running platform says of itself."""
    file = address_file(home)
    if not file.exists() or not Supervisor(home, [], {}).states():
        return
    found, age = _asked(file.read_text()), _ages(home)
    if found is None and age.get("web", YOUNG) < YOUNG:
        yield Diagnosis(f"web: started {age['web']:.0f} s ago and does not answer yet. Ask again in a moment.")
        return
    if found is None:
        log = home.logs / "web.log"
        yield Diagnosis("web", f"does not answer at {file.read_text()}", f"Its log, {log}, ends: {_last(log)}")
        return
    for part in ("database", "broker"):
        wrong = "" if found.get(part) else "the web process cannot reach it"
        yield Diagnosis(f"{part}, seen from the web process", wrong, f"Look at {home.logs}." if wrong else "")
    for queue, count in (found.get("workers") or {}).items():
        yield _of_queue(home, queue, count, age.get(f"worker-{queue}", YOUNG))


def _of_queue(home: Home, queue: str, listening: int, age: float) -> Diagnosis:
    """What to say of a queue whose worker was started `age` seconds ago: it is heard of some seconds later."""
    if listening:
        return Diagnosis(f"queue {queue}")
    if age < YOUNG:
        return Diagnosis(f"queue {queue}: its worker started {age:.0f} s ago and is heard of in a moment")
    log = home.logs / f"worker-{queue}.log"
    return Diagnosis(f"queue {queue}", "nobody listens to it, so its jobs wait", f"Its log: {log}")


def _ages(home: Home) -> dict[str, float]:
    """Seconds since each of the supervisor's programs was started."""
    found = {}
    for name, state in Supervisor(home, [], {}).states().items():
        with contextlib.suppress(psutil.Error):
            found[name] = time.time() - psutil.Process(state["pid"]).create_time() if state["pid"] else 0.0
    return found


def _asked(address: str) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(f"{address}/api/v1/health", timeout=10) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return _parsed(error.read)
    except (OSError, ValueError):
        return None


def _parsed(read: Callable[[], bytes]) -> dict[str, Any] | None:
    try:
        return dict(json.loads(read()))
    except ValueError:
        return None


def _last(log: Path) -> str:
    """The last line of a log that says what is wrong, else its last."""
    lines = [line.strip() for line in tail(log, 200) if line.strip()]
    return next((line for line in reversed(lines) if any(word in line for word in WORDS)), lines[-1] if lines else "")
