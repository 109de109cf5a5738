"""What there is to tell: a line through the database (NOTIFY), heard by every web process that somebody watches.

It is sent with the transaction that it belongs to, and costs what a SELECT costs where nobody listens.
"""

import logging
from typing import Any

import orjson
from django.db import connection

CHANNEL = "halfday_news"
LONGEST = 7900  # bytes; Postgres takes 8000
logger = logging.getLogger(__name__)


def tell_of_job(job_id: int, *, lines: tuple[int, int, int] | None = None) -> None:
    """The job has changed. `lines` are the line before its new ones (0: none), their first and their last."""
    tell({"job": job_id, **({"lines": lines} if lines else {})})


def tell_of_epoch(*, project_id: int, run_id: int, epoch: dict[str, Any]) -> None:
    """An epoch of a training has ended; `epoch` is as the API describes one."""
    tell({"project": project_id, "epoch": {"run": run_id, **epoch}})


def tell_of_notices(*, user_id: int, unread: int) -> None:
    """A person's notices have changed."""
    tell({"user": user_id, "unread": unread})


def tell(news: dict[str, Any]) -> None:
    said = orjson.dumps(news)
    if len(said) > LONGEST:
        logger.warning("News of %s bytes is not told; whoever asks reads it.", len(said))
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, said.decode()])
