"""A conversation with one child: requests go in, answers come out in their order."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from children.death import ChildFailed, cause_of_death
from children.lines import Line, Lines


class Conversation:
    """A process that runs `python -m MODULE`, which calls `children.answering.answer_requests`.

    It dies with the thread that makes this object. What it writes to stderr is appended to the file `log`.
    """

    def __init__(
        self, module: str, environment: Mapping[str, str], *, log: Path, who: str, files: Sequence[int] = ()
    ) -> None:
        """`files`: descriptors that it shares, whose numbers are the first arguments of its command line."""
        self.log = log
        self.who = who
        command = [sys.executable, "-m", module, *map(str, files), str(os.getpid())]
        pipe = subprocess.PIPE
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=output, env=dict(environment), pass_fds=tuple(files)
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.requests = self.process.stdin
        self.lines = Lines(self.process.stdout.fileno(), who)

    def ask(self, request: Line) -> None:
        """Send a request, without waiting for its answer. Raises ChildFailed where the child is dead."""
        try:
            self.requests.write(json.dumps(request).encode() + b"\n")
            self.requests.flush()
        except BrokenPipeError:
            raise self._dead() from None

    def answer(self, check: Callable[[], None]) -> Line:
        """The next answer; see Lines.next. Raises ChildFailed where the child died instead of answering."""
        answer = self.lines.next(check)
        if answer is None:
            raise self._dead()
        return answer

    def end(self) -> None:
        """Kill it, whatever it does, and let go of its pipes."""
        self.process.kill()
        self.process.communicate()

    def _dead(self) -> ChildFailed:
        return ChildFailed(cause_of_death(self.who, self.process.wait(), self.log))
