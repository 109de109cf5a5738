"""JSON lines: what a child says to its parent, an object a line."""

import json
import os
import selectors
from collections import deque
from collections.abc import Callable
from typing import IO, Any

from children.death import ChildFailed

POLL = 0.25  # seconds between two looks at `check`
SHOWN = 200  # characters of a line that cannot be read

Line = dict[str, Any]


def send_line(channel: IO[str], line: Line) -> None:
    """Write one object at once."""
    channel.write(json.dumps(line) + "\n")
    channel.flush()


class Lines:
    """The objects that come out of the pipe `reader`, whose owner closes it."""

    def __init__(self, reader: int, who: str) -> None:
        self.reader = reader
        self.who = who
        self.complete: deque[bytes] = deque()
        self.begun = b""

    def next(self, check: Callable[[], None]) -> Line | None:
        """The next object, or None once the child has closed its end.

        `check` is called four times a second; what it raises ends the wait. Raises ChildFailed for a broken line.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(self.reader, selectors.EVENT_READ)
            while not self.complete:
                check()
                if selector.select(POLL) and not self._read():
                    return None
        return self._parsed(self.complete.popleft())

    def _read(self) -> bool:
        """Take what is there; False at the end."""
        chunk = os.read(self.reader, 1 << 16)
        *complete, self.begun = (self.begun + chunk).split(b"\n")
        self.complete.extend(complete)
        return bool(chunk)

    def _parsed(self, line: bytes) -> Line:
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            shown = line.decode("utf-8", "replace")[:SHOWN]
            raise ChildFailed(f"{self.who} wrote a line that is no JSON object: {shown}")
        return found
