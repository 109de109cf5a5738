"""The processes of a running platform."""

import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from embedded import machine, processes
from embedded.home import ROOT, Home

MARK_OF_PROGRAM = "HALFDAY_PROGRAM"  # in the environment of a program's processes: of which home and what name
WORKER = "embedded.web_worker.WebWorker"
LASTING_WORKER = "embedded.lasting_web.LastingWorker"
SERVING_SOCKET = "serve.sock"
LINE = ["--limit-request-line", "8190"]  # bytes; the most that gunicorn takes
SERVERS = {"postgres", "valkey"}  # they come up before the database is prepared, and go down last


@dataclass(frozen=True)
class Program:
    """One supervised process."""

    name: str
    command: list[str]
    stop_signal: str = "TERM"
    stop_seconds: float = 9  # then SIGKILL, to it and its group; all stops together end within 20 s
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = ROOT  # where it runs
    answers: bool = False  # the platform's address answers only with it
    listener: int | None = None  # the file descriptor of the socket that it answers from, which is the launcher's

    @property
    def is_server(self) -> bool:
        """Whether it is one of the embedded servers."""
        return self.name in SERVERS

    def as_json(self) -> dict[str, Any]:
        """For the supervisor's standard input."""
        return asdict(self) | {"folder": str(self.folder)}

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "Program":
        """The program again."""
        return cls(**given | {"folder": Path(given["folder"])})


Programs = Callable[..., list[Program]]  # as the next two functions


def programs(home: Home, *, host: str, port: int, embedded: list[str], listener: int | None = None) -> list[Program]:
    """The processes of the platform on this machine; `embedded` names the servers that it runs itself.

    `listener` is the descriptor of a socket that listens at the address already.
    """
    servers = [
        Program("postgres", _python("embedded.run", "postgres", home.folder / "postgres"), "INT", 6),
        Program("valkey", _python("embedded.run", "valkey", home.folder / "valkey"), stop_seconds=6),
    ]
    lasting = {MARK_OF_PROGRAM: mark_of("web", home)}
    return [
        *(server for server in servers if server.name in embedded),
        Program("web", _gunicorn(host, port, listener), environment=lasting, answers=True, listener=listener),
        *_workers(),
        Program("serve", _python("model.serving.server", serving_address(home)), stop_seconds=4),
        Program("clock", [sys.executable, str(ROOT / "manage.py"), "run_clock"], stop_seconds=4),
    ]


def development_programs(
    home: Home, *, host: str, port: int, embedded: list[str], listener: int | None = None
) -> list[Program]:
    """The processes of ./halfday dev: Vite at the address, which hands on to a web process that loads its code anew."""
    behind = machine.free_port()
    return [
        replace(program, command=_reloading_gunicorn(behind)) if program.name == "web" else program
        for program in programs(home, host="127.0.0.1", port=behind, embedded=embedded)
    ] + [_vite(home, host, port, behind)]


def serving_address(home: Home) -> str:
    """Where the web process asks for an endpoint's boxes: a socket that is this user's alone."""
    return f"unix:{processes.socket_folder(home.run, SERVING_SOCKET) / SERVING_SOCKET}"


def mark_of(name: str, home: Home) -> str:
    """By which the processes of one program of one home are known."""
    return f"{home.folder}:{name}"


def _reloading_gunicorn(port: int) -> list[str]:
    options = [
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        WORKER,
        "--workers",
        "1",
        "--threads",
        "8",
        "--keep-alive",
        "15",
    ]
    options += LINE
    options += ["--timeout", "120", "--graceful-timeout", "2", "--access-logfile", "-", "--no-control-socket"]
    return _python("gunicorn", "embedded.reloaded_web:application()", *options)


def _vite(home: Home, host: str, port: int, behind: int) -> Program:
    """Vite's server on the working copy of the front end."""
    command = ["node", "node_modules/vite/bin/vite.js", "--host", host, "--port", str(port), "--strictPort"]
    address = {"HALFDAY_URL": f"http://127.0.0.1:{behind}"}
    return Program("frontend", command, environment=address, folder=home.frontend, answers=True)


def _gunicorn(host: str, port: int, listener: int | None) -> list[str]:
    shown = f"[{host}]" if ":" in host else host
    bound = f"{shown}:{port}" if listener is None else f"fd://{listener}"
    options = [
        "--bind",
        bound,
        "--worker-class",
        LASTING_WORKER,
        "--workers",
        "2",
        "--threads",
        "8",
        "--keep-alive",
        "15",
    ]
    options += LINE
    options += ["--timeout", "120", "--graceful-timeout", "6", "--access-logfile", "-", "--no-control-socket"]
    options += ["--preload"]  # the code is loaded once, not once per worker
    if Path("/dev/shm").is_dir():
        options += ["--worker-tmp-dir", "/dev/shm"]  # heartbeat files: a slow disk must not look like a dead worker
    return _python("gunicorn", "config.wsgi:application", *options)


def _workers() -> list[Program]:
    """Two processes for light work, and one per GPU for training, or two where there is no GPU.

    A worker's own arithmetic takes one thread, since several run side by side; the engine that it starts to train
    or predict takes its share of the cores. Without a GPU two trainings side by side, a run and its control, end
    sooner than one after the other: two threads of one small network mostly wait for each other.
    """
    cores, gpus = machine.cores(), machine.gpus()
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    trainings = len(gpus) or min(2, cores)
    threads = os.environ.get("HALFDAY_ENGINE_THREADS") or str(max(1, cores // trainings))
    heavy = single | {"HALFDAY_ENGINE_THREADS": threads}
    found = [_worker("worker-cpu", "cpu", "cpu", 2, single)]
    if len(gpus) < 2:
        return [*found, _worker("worker-gpu", "gpu", "gpu", trainings, heavy)]
    for number, gpu in enumerate(gpus):
        environment = heavy | {"CUDA_VISIBLE_DEVICES": gpu, "HALFDAY_MACHINE_GPUS": ",".join(gpus)}
        found.append(_worker(f"worker-gpu-{number}", "gpu", f"gpu{number}", 1, environment))
    return found


def _worker(name: str, queue: str, node: str, concurrency: int, environment: dict[str, str]) -> Program:
    """A Celery worker. At SIGTERM its running jobs hand themselves back within seconds."""
    options = ["-Q", queue, "-n", f"{node}@%h", "-c", str(concurrency), "-P", "prefork", "--loglevel", "INFO"]
    command = _python("celery", "-A", "config", "worker", *options, "--without-gossip", "--without-mingle")
    return Program(name, command, environment=environment)


def _python(module: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]
