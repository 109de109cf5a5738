"""The recovery clock: notices dead workers and lost messages. One per installation; a second does no harm."""

import logging
import signal
import threading
from types import FrameType
from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections

from accounts.idempotency import forget_old_keys
from jobs import services
from jobs.registry import TICKING, TIDYING
from storage import blobs, collecting

logger = logging.getLogger(__name__)
TIDY_EVERY = 900  # ticks


class Command(BaseCommand):
    help = "Requeue or fail the jobs of dead workers, and send lost jobs again; runs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between looks")
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        stop = threading.Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in () if once else (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ask_to_stop)
        ticks = 0
        while not stop.is_set():
            tick(tidy=ticks % TIDY_EVERY == 0)
            ticks += 1
            if once or stop.wait(every):
                break


def tick(*, tidy: bool) -> None:
    """One look. A database or broker that does not answer is waited for, not died of."""
    try:
        services.recover()
        services.send_lost()
        for look in TICKING:
            look()
        if tidy:
            forget_old_keys()
            blobs.forget_old_uploads()
            collecting.collect_daily()
            for put_away in TIDYING:
                put_away()
    except (DatabaseError, InterfaceError, redis.RedisError) as error:
        logger.warning("The clock could not look: %s", error)
    finally:
        close_old_connections()
