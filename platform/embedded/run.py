"""Become a server or another program, in the foreground.

    python -m embedded.run postgres|valkey FOLDER [--fast] [--bound]
    python -m embedded.run program SIGNAL COMMAND …

The process turns into the program itself (exec), so that whoever started it watches the program and not a shell
around it. A bound one ends when its parent does; `program` always is, by SIGNAL (TERM, QUIT …).
"""

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from children import die_with_parent
from embedded import processes
from embedded.postgres import Postgres
from embedded.valkey import Valkey


def main(arguments: list[str] | None = None) -> None:
    """Prepare what the program needs, and become it."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["program"]:
        become_program(signal.Signals[f"SIG{arguments[1]}"], arguments[2:])
    parser = argparse.ArgumentParser(prog="embedded.run")
    parser.add_argument("server", choices=["postgres", "valkey"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fast", action="store_true", help="for tests: data need not survive a crash")
    parser.add_argument("--bound", action="store_true", help="end when the parent process ends")
    options = parser.parse_args(arguments)
    if options.server == "postgres":
        become_postgres(Postgres(options.folder, durable=not options.fast), bound=options.bound)
    become_valkey(Valkey(options.folder, durable=not options.fast), bound=options.bound)


def become_program(stop_signal: signal.Signals, command: list[str]) -> NoReturn:
    """Replace this process by `command`."""
    die_with_parent(stop_signal)
    os.execvp(command[0], command)


def become_postgres(server: Postgres, *, bound: bool) -> NoReturn:
    """Replace this process by the postmaster."""
    server.prepare()
    command = server.command()
    os.chdir("/")
    processes.become(server.account())
    if bound:
        die_with_parent(signal.SIGINT)
    os.execv(command[0], command)


def become_valkey(server: Valkey, *, bound: bool) -> NoReturn:
    """Replace this process by the broker, on the port that its clients already know."""
    server.prepare(keep_port=True)
    command = server.command()
    if bound:
        die_with_parent(signal.SIGTERM)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
