"""How a job ends other than well. Handlers raise JobFailed; the other two are raised by `report`.

Whatever else is raised either passes by itself (the database or the storage is away, the disk or the memory is full:
`will_pass`), and the job is tried again, or it is a fault.
"""

import errno

from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from accounts.problems import Problem, is_full
from storage.s3 import StorageUnavailable


class JobFailed(Exception):
    """The work cannot be done; the sentence says why, to the person who asked. Not tried again."""


class JobCancelled(Exception):
    """Somebody asked for the job to stop. Handlers let it pass, tidying up in `finally`."""


class JobInterrupted(Exception):
    """The worker is being stopped, or has lost the job to another: stop now; the job is (or has been) handed back."""


REFUSED = 500  # HTTP statuses from here on are not the asker's doing


def will_pass(error: BaseException) -> bool:
    """Whether the same work may well succeed later, since what it stood on was away or full."""
    if isinstance(error, OperationalError | InterfaceError | RedisError | StorageUnavailable | MemoryError):
        return True
    return is_full(error) or (isinstance(error, OSError) and error.errno == errno.EIO)


def is_final(error: BaseException) -> bool:
    """Whether the work is over for good: refused or cancelled. After anything else it may be asked for again."""
    if isinstance(error, Problem):
        return error.status < REFUSED
    return isinstance(error, JobFailed | JobCancelled)
