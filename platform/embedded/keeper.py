"""The supervisor: `python -m embedded.keeper SOCKET`, with the programs as JSON on standard input.

It starts the programs that it is told to, starts again what ends, and ends all in order when it is told to. Own code
and not PyPI's supervisor, which ends when the disk that it logs to is full, and whose death costs every program: here
the programs write to their logs by themselves and outlive their keeper, and the next one takes them over, by process
id and start time. It ends when the launcher does, and takes the programs along.

Asked over a unix socket, a line of JSON each way: {"do": "start" | "stop" | "again" | "states", "name": …}.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from children import die_with_parent
from embedded import processes
from embedded.home import Home
from embedded.keeping import Kept
from embedded.logs import keep_short
from embedded.programs import MARK_OF_PROGRAM, Program, mark_of
from embedded.remembering import Memory
from embedded.reserve import Reserve

LOOK = 0.1  # seconds between two looks at the processes
HOUSEWORK = 1.0  # seconds between two looks at the logs and the disk


class Keeper:
    """Watches over the programs until `stopping`, and then until the last has ended."""

    def __init__(
        self, home: Home, programs: list[Program], control: socket.socket, *, mark: str, reserve: Reserve | None
    ) -> None:
        self.home = home
        self.mark = mark  # stands in the environment of each process of this platform
        self.control = control
        self.reserve = reserve
        self.memory = Memory(home.run / "processes")
        self.kept = {program.name: Kept(program, home.logs / f"{program.name}.log") for program in programs}
        self.stopping = False
        self.tidied = 0.0

    def adopt(self) -> None:
        """Take over what an earlier keeper started, and end what is left of the rest.

        Web workers whose master was killed stay: they answer until the next one's do, which end them.
        """
        for name, process in self.memory.living().items():
            if name in self.kept:
                self.kept[name].adopt(process)
        self.end_strays(but=processes.marked(MARK_OF_PROGRAM, mark_of("web", self.home)))

    def end_strays(self, but: Sequence[psutil.Process] = ()) -> None:
        """End processes of the platform that belong to no program: those that a killed one left behind."""
        ours = {os.getpid(), *(pid for one in self.kept.values() for pid in one.family()), *(one.pid for one in but)}
        strays = [one for one in processes.marked(self.mark, str(self.home.folder)) if one.pid not in ours]
        processes.stop_all(strays, patience=0)

    def run(self) -> None:
        """Until everything has ended that was to end."""
        while not (self.stopping and not any(one.alive() for one in self.kept.values())):
            if self.stopping:
                self.stop_in_order()
            for one in self.kept.values():
                one.look()
            self.memory.keep({name: one.process for name, one in self.kept.items() if one.process})
            self.tidy()
            self.answer()
        self.end_strays()

    def stop_in_order(self) -> None:
        """All that use the servers at once; when they are gone, the servers."""
        clients = [one for one in self.kept.values() if not one.program.is_server]
        for one in clients if any(client.alive() for client in clients) else self.kept.values():
            one.stop()

    def tidy(self) -> None:
        """A full disk must not end the one who watches over the others."""
        if time.monotonic() - self.tidied > HOUSEWORK:
            self.tidied = time.monotonic()
            with contextlib.suppress(OSError):
                keep_short(self.home.logs)
            if self.reserve:
                with contextlib.suppress(OSError):
                    self.reserve.look()

    def answer(self) -> None:
        """Answer whoever asks within the next LOOK."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            if not select.select([self.control], [], [], LOOK)[0]:
                return
            connection, _ = self.control.accept()
            with connection:
                connection.settimeout(2)
                with connection.makefile("rw") as lines:
                    answer = self.do(json.loads(lines.readline()))
                    lines.write(json.dumps(answer) + "\n")

    def do(self, wanted: dict[str, Any]) -> Any:
        if wanted["do"] == "states":
            return {name: one.state() for name, one in self.kept.items()}
        one = self.kept[wanted["name"]]
        if wanted["do"] == "start":
            one.start()
        elif wanted["do"] == "stop":
            one.stop()
        elif wanted["do"] == "again":
            one.start_anew(signal.Signals[f"SIG{wanted['signal']}"])
        return {}


def open_control(path: Path) -> socket.socket:
    """The socket to be asked through."""
    control = socket.socket(socket.AF_UNIX)
    path.unlink(missing_ok=True)
    control.bind(str(path))
    path.chmod(0o600)
    control.listen(16)
    return control


def main() -> None:
    """Keep the programs of the home that the environment names until SIGTERM, or until the launcher ends."""
    die_with_parent(signal.SIGTERM)
    given = json.load(sys.stdin)
    os.umask(0o077)
    home = Home.find()
    programs = [Program.from_json(program) for program in given["programs"]]
    reserve = Reserve(home.folder) if given["reserve"] else None
    keeper = Keeper(home, programs, open_control(Path(sys.argv[1])), mark=given["mark"], reserve=reserve)

    def stop(*_: object) -> None:
        keeper.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if given["adopt"]:
        keeper.adopt()
    keeper.run()


if __name__ == "__main__":
    main()
