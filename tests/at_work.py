"""The live server's requests: a test has not ended while one goes on."""

import threading
import time
from typing import Any

from django.core.signals import request_finished, request_started

from tests.processes import PATIENCE


class AtWork:
    """The requests that the live server's threads are at work on; those of the test's own client are not counted."""

    def __init__(self) -> None:
        self.threads: set[int] = set()
        request_started.connect(self.started)
        request_finished.connect(self.finished)

    def started(self, environ: dict[str, Any], **kwargs: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            self.threads.add(threading.get_ident())

    def finished(self, **kwargs: Any) -> None:
        self.threads.discard(threading.get_ident())

    def wait_for_the_end(self) -> None:
        """The page is gone, and what it asked for may still be computed; the tables are emptied next.

        A stream of events has no end of its own, and may begin only now: its request was on the way.
        """
        deadline, quiet = time.monotonic() + PATIENCE, 0
        while quiet < 3 and time.monotonic() < deadline:
            end_streams()
            quiet = 0 if self.threads else quiet + 1
            time.sleep(0.05)


def end_streams() -> None:
    """What they look up would be in the way of emptying the tables."""
    from jobs.news.hub import HUB

    HUB.stop()
