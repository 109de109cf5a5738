"""What a running job says: progress, a message, log lines. Written by one thread, at most twice a second.

`report(0.4, Sentence.of("reading_images", "Reading images"))` only stores the values and looks at two flags, so a
handler may call it as often as it likes, and a database that restarts in the middle of a job does not break the job:
the thread keeps what it could not write and tries again. The same thread's writes are the job's heartbeat.
"""

import threading
import time
from datetime import UTC, datetime

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models.functions import Now

from accounts.values import mended_text
from jobs import stopping
from jobs.errors import JobCancelled, JobInterrupted
from jobs.models import Job, JobLine
from jobs.news.telling import tell_of_job
from jobs.sentences import Doing, Sentence

WRITE_EVERY = 0.5  # seconds between writes while there is something to say
BEAT_EVERY = 2.0  # seconds between heartbeats when there is not
LOG_LINE_LIMIT = 4000  # characters


class Report:
    """Carries progress from a handler to its Job row. Raises JobCancelled or JobInterrupted when work should stop."""

    def __init__(self, job: Job, worker: str) -> None:
        self.job = job
        self.worker = worker
        self.cancelled = False
        self.lost = False
        self._progress, self._message = job.progress, Doing()
        self._lines: list[JobLine] = []
        self._news = False
        self._told_line = 0  # the last line of this attempt that was told of
        self._lock = threading.Lock()

    def __call__(self, progress: float | None = None, *doing: Sentence) -> None:
        """Say how far the work is, 0 to 1, and what is being done; None, or nothing, leaves either as it was."""
        with self._lock:
            self._progress = self._progress if progress is None else min(max(float(progress), 0.0), 1.0)
            self._message = Doing(doing) if doing else self._message
            self._news = True
        self.check()

    def log(self, text: str) -> None:
        """Add a line to the job's log."""
        with self._lock:
            self._lines.append(JobLine(job=self.job, at=datetime.now(UTC), text=printable(text)[:LOG_LINE_LIMIT]))
            self._news = True

    def check(self) -> None:
        """Raise if the work should stop; for loops that have nothing to report."""
        if self.cancelled:
            raise JobCancelled
        if self.lost or stopping.asked_to_stop():
            raise JobInterrupted

    def write(self) -> None:
        """Write what is new, and the heartbeat; learn whether the job is still ours and wanted."""
        with self._lock:
            news, lines, self._lines, self._news = self._news, self._lines, [], False
            progress, message = self._progress, self._message
        try:
            self._write(progress, message, lines)
            if news and not self.lost:
                self._tell(lines)
        except BaseException:
            with self._lock:
                self._lines, self._news = lines + self._lines, True
            raise

    def _write(self, progress: float, message: Doing, lines: list[JobLine]) -> None:
        ours = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, worker=self.worker)
        said = message.fields() if message.parts else {}
        self.lost = ours.update(progress=progress, heartbeat_at=Now(), **said) == 0
        if not self.lost:
            JobLine.objects.bulk_create(lines)
            self.cancelled = ours.filter(cancel_requested=True).exists()

    def _tell(self, lines: list[JobLine]) -> None:
        """Have those who watch hear of it; `lines` are in the database."""
        if not lines:
            tell_of_job(self.job.pk)
            return
        told, self._told_line = self._told_line, lines[-1].pk
        tell_of_job(self.job.pk, lines=(told, lines[0].pk, lines[-1].pk))

    @property
    def has_news(self) -> bool:
        return self._news


class PartOfReport(Report):
    """A stretch of a job's progress, for work that reports from 0 to 1 of its own and is done several times."""

    def __init__(self, whole: Report, part: tuple[float, float], doing: Sentence) -> None:
        self.whole, self.job, self.doing = whole, whole.job, doing
        self.low, self.high = part

    def __call__(self, progress: float | None = None, *doing: Sentence) -> None:
        """Pass on how far the whole is, and what of it is being done."""
        done = None if progress is None else self.low + (self.high - self.low) * progress
        self.whole(done, *((self.doing, *doing) if doing else ()))

    def log(self, text: str) -> None:
        """Add a line to the job's log."""
        self.whole.log(text)

    def check(self) -> None:
        """Raise if the work should stop."""
        self.whole.check()


class Beat(threading.Thread):
    """Writes a report's news and heartbeat until told to stop; outlives database restarts."""

    def __init__(self, report: Report) -> None:
        super().__init__(name=f"beat-{report.job.pk}", daemon=True)
        self.report = report
        self._stop_asked = threading.Event()

    def run(self) -> None:
        last = time.monotonic()
        while not self._stop_asked.wait(WRITE_EVERY):
            if not self.report.has_news and time.monotonic() - last < BEAT_EVERY:
                continue
            last = time.monotonic()
            try:
                self.report.write()
            except (DatabaseError, InterfaceError):
                close_old_connections()  # the next write opens a new one
            if self.report.lost:
                break
        connection.close()

    def stop(self) -> None:
        self._stop_asked.set()
        self.join(timeout=10)


def printable(text: str) -> str:
    """Without what Postgres cannot hold."""
    return mended_text(text)
