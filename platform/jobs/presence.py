"""Which workers are there: each says so in the broker every two seconds, and is forgotten after ten of silence."""

from collections import Counter
from typing import Any

import redis
from celery.signals import heartbeat_sent, worker_ready
from django.conf import settings

FORGOTTEN_AFTER = 10  # seconds
PREFIX = "halfday:worker"
QUEUES: set[str] = set()  # of this worker process


@worker_ready.connect
def remember_queues(sender: Any = None, **kwargs: object) -> None:
    """Runs in a worker's main process once it listens."""
    QUEUES.update(sender.app.amqp.queues.consume_from)


@heartbeat_sent.connect
def say_so(sender: Any = None, **kwargs: object) -> None:
    """Celery's own heartbeat, every two seconds, in a worker's main process."""
    try:
        with broker() as connection:
            for queue in QUEUES:
                connection.set(f"{PREFIX}:{queue}:{sender.eventer.hostname}", 1, ex=FORGOTTEN_AFTER)
    except redis.RedisError:
        pass  # the broker is away for now; the next heartbeat says it


def workers_by_queue() -> dict[str, int]:
    """How many workers listen to each queue. Raises redis.RedisError where the broker does not answer."""
    with broker() as connection:
        found = Counter(key.decode().split(":")[2] for key in connection.scan_iter(f"{PREFIX}:*", count=1000))
    return {queue: found[queue] for queue in ("cpu", "gpu")}


def broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
