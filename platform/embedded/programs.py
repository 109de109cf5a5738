"""The processes of a running platform, and the configuration of the supervisor over them."""

import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from embedded import machine
from embedded.home import ROOT, Home

WORKER = "embedded.web_worker.WebWorker"
LINE = ["--limit-request-line", "8190"]  # bytes; the most that gunicorn takes
SERVERS = {"postgres", "valkey"}  # they come up before the database is prepared, and go down last


@dataclass(frozen=True)
class Program:
    """One supervised process."""

    name: str
    command: list[str]
    priority: int  # started from low to high, stopped from high to low
    stop_signal: str = "TERM"
    stop_seconds: int = 20  # then SIGKILL, to it and its children
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = ROOT  # where it runs
    answers: bool = False  # the platform's address answers only with it

    @property
    def is_server(self) -> bool:
        """Whether it is one of the embedded servers."""
        return self.name in SERVERS


Programs = Callable[..., list[Program]]  # as the next two functions


def programs(home: Home, *, host: str, port: int, embedded: list[str]) -> list[Program]:
    """The processes of the platform on this machine; `embedded` names the servers that it runs itself."""
    servers = [
        Program("postgres", _python("embedded.run", "postgres", home.folder / "postgres", "--bound"), 10, "INT", 60),
        Program("valkey", _python("embedded.run", "valkey", home.folder / "valkey", "--bound"), 20),
    ]
    return [
        *(server for server in servers if server.name in embedded),
        Program("web", _bound(_gunicorn(host, port), "TERM"), 100, stop_seconds=15, answers=True),
        *_workers(),
        Program("clock", _bound([sys.executable, str(ROOT / "manage.py"), "run_clock"], "TERM"), 120),
    ]


def development_programs(home: Home, *, host: str, port: int, embedded: list[str]) -> list[Program]:
    """The processes of ./halfday dev: Vite at the address, which hands on to a web process that loads its code anew."""
    behind = machine.free_port()
    return [
        replace(program, command=_bound(_reloading_gunicorn(behind), "TERM")) if program.name == "web" else program
        for program in programs(home, host="127.0.0.1", port=behind, embedded=embedded)
    ] + [_vite(home, host, port, behind)]


def _reloading_gunicorn(port: int) -> list[str]:
    options = ["--bind", f"127.0.0.1:{port}", "--worker-class", WORKER, "--workers", "1", "--threads", "8"]
    options += LINE
    options += ["--timeout", "120", "--graceful-timeout", "2", "--access-logfile", "-", "--no-control-socket"]
    return _python("gunicorn", "embedded.reloaded_web:application()", *options)


def _vite(home: Home, host: str, port: int, behind: int) -> Program:
    """Vite's server on the working copy of the front end."""
    command = ["node", "node_modules/vite/bin/vite.js", "--host", host, "--port", str(port), "--strictPort"]
    address = {"HALFDAY_URL": f"http://127.0.0.1:{behind}"}
    return Program("frontend", _bound(command, "TERM"), 105, environment=address, folder=home.frontend, answers=True)


def _gunicorn(host: str, port: int) -> list[str]:
    shown = f"[{host}]" if ":" in host else host
    options = ["--bind", f"{shown}:{port}", "--worker-class", WORKER, "--workers", "2", "--threads", "8"]
    options += LINE
    options += ["--timeout", "120", "--graceful-timeout", "10", "--access-logfile", "-", "--no-control-socket"]
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
        environment = heavy | {"CUDA_VISIBLE_DEVICES": gpu}
        found.append(_worker(f"worker-gpu-{number}", "gpu", f"gpu{number}", 1, environment))
    return found


def _worker(name: str, queue: str, node: str, concurrency: int, environment: dict[str, str]) -> Program:
    """A Celery worker. At SIGTERM its running jobs hand themselves back within seconds."""
    options = ["-Q", queue, "-n", f"{node}@%h", "-c", str(concurrency), "-P", "prefork", "--loglevel", "INFO"]
    command = _python("celery", "-A", "config", "worker", *options, "--without-gossip", "--without-mingle")
    return Program(name, _bound(command, "TERM"), 110, environment=environment)


def _python(module: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


def _bound(command: list[str], stop_signal: str) -> list[str]:
    """The same command, ending with the supervisor even where that is killed."""
    return _python("embedded.run", "program", stop_signal, *command)


def configuration(home: Home, socket: Path, found: list[Program]) -> str:
    """The supervisor's configuration file. Nothing starts by itself: the launcher starts things in their order."""
    head = f"""\
[supervisord]
nodaemon = true
logfile = {_relative(home, home.logs / "supervisor.log")}
logfile_maxbytes = 5MB
pidfile = {_relative(home, home.run / "supervisor.pid")}
identifier = halfday
umask = 077
{"user = root" if os.geteuid() == 0 else ""}

[unix_http_server]
file = {_escaped(socket)}
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
    return "\n".join([head, *(_section(home, program) for program in found)])


def _section(home: Home, program: Program) -> str:
    environment = ",".join(f'{name}="{_escaped(value)}"' for name, value in program.environment.items())
    return f"""\
[program:{program.name}]
command = {_escaped(shlex.join(program.command))}
directory = {_escaped(program.folder)}
environment = {environment}
priority = {program.priority}
autostart = false
autorestart = true
startsecs = {1 if program.is_server else 5}
startretries = 100000
stopsignal = {program.stop_signal}
stopwaitsecs = {program.stop_seconds}
killasgroup = true
redirect_stderr = true
stdout_logfile = {_relative(home, home.logs / program.name)}.log
stdout_logfile_maxbytes = 20MB
stdout_logfile_backups = 2
"""


def _relative(home: Home, path: Path) -> Path:
    """As seen from HALFDAY_HOME, where the supervisor runs: it expands percent signs in these options twice."""
    return path.relative_to(home.folder)


def _escaped(text: str | Path) -> str:
    """As the supervisor's configuration wants it: a percent sign begins an expansion there."""
    return str(text).replace("%", "%%")
