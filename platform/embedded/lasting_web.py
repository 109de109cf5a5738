"""The worker class of the web process: it goes on answering when its master is killed, until the next one's is ready.

Loading the code takes seconds; whoever asks meanwhile should not wait for that. The socket is the launcher's, so it
stays open, and two generations may answer from it side by side.
"""

import contextlib
import os
import signal

import psutil

from embedded.processes import marked
from embedded.programs import MARK_OF_PROGRAM
from embedded.web_worker import WebWorker


class LastingWorker(WebWorker):
    """The web process's worker, which outlives its master."""

    def is_parent_alive(self) -> bool:
        """Whether to go on: a worker of the next master ends us, the kernel need not."""
        return True

    def run(self) -> None:
        """Answer requests; workers that a killed master left behind are no longer needed."""
        self._relieve()
        super().run()

    def _relieve(self) -> None:
        mark = os.environ.get(MARK_OF_PROGRAM)
        for process in marked(MARK_OF_PROGRAM, mark) if mark else []:
            with contextlib.suppress(psutil.NoSuchProcess):
                if self.ppid not in (process.pid, process.ppid()):
                    process.send_signal(signal.SIGTERM)
