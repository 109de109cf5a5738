"""Whether this worker has been asked to stop, known to the worker's main process and to its children.

The main process gets the signal, a child does the work: one byte of shared memory, made before the children are
forked, tells them.
"""

import mmap

from celery.signals import worker_shutting_down

FLAG = mmap.mmap(-1, 1)


@worker_shutting_down.connect
def ask_to_stop(**kwargs: object) -> None:
    """SIGTERM or SIGINT reached the worker: running jobs hand themselves back at their next report."""
    FLAG[0] = 1


def asked_to_stop() -> bool:
    return FLAG[0] == 1
