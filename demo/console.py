"""What the demo says while it works: a heading per step, a line per finding, and on a terminal a moving progress."""

from __future__ import annotations

import sys
import time
from typing import Any

from client.nouns import Job

QUIET = 10.0  # seconds between lines of progress where the output is not a terminal


class Console:
    """Prints to the standard output, at once."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.live = sys.stdout.isatty()
        self.last = 0.0
        self.step = 0
        self.moving = False

    def heading(self, text: str) -> None:
        """A new step."""
        self.step += 1
        self._clear()
        print(f"\n{self._clock()}  {self.step}. {text}", flush=True)

    def say(self, text: str) -> None:
        """A finding of the present step."""
        self._clear()
        print(f"         {text}", flush=True)

    def progress(self, job: Job) -> None:
        """Where a job stands."""
        line = f"{job['progress']:4.0%} {job['message']}"
        if self.live:
            sys.stdout.write(f"\r\x1b[2K         {line[:100]}")
            sys.stdout.flush()
            self.moving = True
        elif time.monotonic() - self.last >= QUIET and job["message"]:
            self.last = time.monotonic()
            print(f"         … {line}", flush=True)

    def _clear(self) -> None:
        if self.moving:
            sys.stdout.write("\r\x1b[2K")
            self.moving = False

    def _clock(self) -> str:
        seconds = int(time.monotonic() - self.began)
        return f"[{seconds // 60:02d}:{seconds % 60:02d}]"


def shown_by_kind(counts: dict[str, int]) -> str:
    """wrong class 12, missing 3."""
    return ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in counts.items() if count) or "none"


def count_by(rows: Any, key: str) -> dict[str, int]:
    """How many rows there are for each value of a field, most frequent first."""
    counts: dict[str, int] = {}
    for row in rows:
        value = row[key] if isinstance(row, dict) else getattr(row, key)
        counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
