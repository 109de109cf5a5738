"""Takes saved files to the processes of `./halfday dev`: the front end's to Vite, Python's to web and workers."""

import shutil
import threading
from collections.abc import Iterable
from pathlib import Path

from watchfiles import Change, watch

from embedded.home import ROOT, Home
from embedded.setup.frontend import NOT_SOURCES, SOURCE
from embedded.supervisor import Supervisor

SERVED = [ROOT / name for name in ("platform", "curate", "label", "model")]
SUFFIXES = {".css", ".json", ".lark", ".py", ".yaml"}  # of files that a running process has read
STEP = 50  # milliseconds without another saved file, then all are taken
REST = (
    2.0  # seconds after the last save until the workers start anew; the web process, which somebody watches, is first
)
PACKAGES = {"package.json", "package-lock.json"}


class Reloader:
    """Watches the source tree, in a thread of its own."""

    def __init__(self, home: Home, supervisor: Supervisor) -> None:
        self.home = home
        self.supervisor = supervisor
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._watch, name="reloader", daemon=True)
        self.workers = threading.Timer(REST, self._start_workers_anew)

    def __enter__(self) -> "Reloader":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped.set()
        self.workers.cancel()
        self.thread.join()

    def _watch(self) -> None:
        for changes in watch(*SERVED, SOURCE, watch_filter=matters, step=STEP, stop_event=self.stopped):
            saved = sorted({Path(path) for _, path in changes})
            self._take_front_end([path for path in saved if path.is_relative_to(SOURCE)])
            self._take_python([path for path in saved if not path.is_relative_to(SOURCE)])

    def _take_front_end(self, saved: list[Path]) -> None:
        """Bring the working copy up to date, which Vite watches."""
        for path in saved:
            copy = self.home.frontend / path.relative_to(SOURCE)
            if path.is_file():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
            elif not path.exists():
                copy.unlink(missing_ok=True)
        if PACKAGES & {path.name for path in saved}:
            print("The front end's packages changed: start ./halfday dev again to install them.", flush=True)

    def _take_python(self, saved: list[Path]) -> None:
        if saved:
            print(f"{said(saved)} saved: loading anew", flush=True)
            self.supervisor.start_anew("web", "HUP")
            self.workers.cancel()
            self.workers = threading.Timer(REST, self._start_workers_anew)
            self.workers.start()

    def _start_workers_anew(self) -> None:
        """Workers hand their running jobs back, and take them again with the new code."""
        for program in self.supervisor.programs:
            if not program.is_server and not program.answers:
                self.supervisor.start_anew(program.name)


def matters(change: Change, path: str) -> bool:
    """Whether a process has read the file: our code, or a source of the front end."""
    file = Path(path)
    if file.is_relative_to(SOURCE):
        return file.relative_to(SOURCE).parts[0] not in NOT_SOURCES
    return file.suffix in SUFFIXES


def said(saved: Iterable[Path]) -> str:
    """The files' names, as one types them; the first of many."""
    names = [str(path.relative_to(ROOT)) for path in saved]
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
