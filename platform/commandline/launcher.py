"""The first stage of `./halfday`: understand the command, make the virtual environment, hand over to it.

Standard library only: this runs under the Python that the user has.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from commandline import COMMANDS
from embedded.failures import Failure
from embedded.home import Home
from embedded.setup.python import ensure_python

INTERRUPTED = 130  # what a shell reports after Ctrl-C


def main(arguments: list[str]) -> int:
    """Run one command; return the exit code only where it was not started."""
    name = arguments[0] if arguments else "--help"
    if name in {"-h", "--help", "help"}:
        print(usage())
        return 0
    if name not in COMMANDS:
        print(f"There is no command {name!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    with told_plainly():
        home = Home.find()
        ensure_python(home)
        command = [str(home.python), "-m", "commandline", name, *arguments[1:]]
        os.execve(home.python, command, home.environment())
    return 1


def usage() -> str:
    """The table of commands."""
    width = max(map(len, COMMANDS))
    lines = [f"  ./halfday {name:<{width}}  {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "Halfday: find what your detector gets wrong, fix the data, retrain, and prove the gain.",
            "",
            *lines,
            "",
            "The first use sets everything up, under HALFDAY_HOME (default: .halfday beside this file).",
            "Environment variables: docs/configuration.md",
        ]
    )


@contextlib.contextmanager
def told_plainly() -> Iterator[None]:
    """Turn a Failure and an interruption into a sentence and an exit code; SIGTERM and SIGHUP interrupt too."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:  # nohup ignores SIGHUP, and is right
            signal.signal(number, _interrupt)
    try:
        yield
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        sys.exit(INTERRUPTED)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
