"""Which errors pass by themselves: what the work stood on was away or full. Such a job is tried again."""

import errno

from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from accounts.problems import Problem, is_full
from jobs.errors import JobCancelled, JobFailed
from storage.s3 import StorageUnavailable

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
