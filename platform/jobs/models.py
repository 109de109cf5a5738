"""The Job row: any work too long for a request."""

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from jobs.listening import LISTENERS
from jobs.news.telling import tell_of_job
from jobs.sentences import Doing, Sentence


class Job(models.Model):
    """Long work, one row each. The broker carries only its id.

        queued ──claim──→ running ──→ succeeded
          │                 │  │
          │                 │  └────→ failed     (an error, or no attempts left after its worker died)
          │                 └──requeue──→ queued (its worker died and attempts are left)
          └──────cancel─────┴────────→ cancelled

    Every move is a conditional UPDATE whose row count is checked: `WHERE id = … AND state = …`
    (and `worker = …` once it runs), so that two workers cannot hold one job.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ENDED = (State.SUCCEEDED, State.FAILED, State.CANCELLED)

    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, null=True, related_name="jobs")
    # The dataset's id, to list by; not a foreign key, since jobs stand below datasets.
    dataset_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    title_code = models.CharField(max_length=40, blank=True, db_default="")  # see `titles`
    title_names = models.JSONField(default=dict, db_default={})
    link = models.CharField(max_length=200, blank=True)
    queue = models.CharField(max_length=8, default="cpu")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(default=0)
    message = models.CharField(max_length=300, blank=True)
    message_parts = models.JSONField(default=list, db_default=[])  # see `sentences.Doing`
    params = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=2)
    worker = models.CharField(max_length=120, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", "-id"], name="job_by_project"),
            models.Index(fields=["dataset_id", "-id"], name="job_by_dataset"),
            models.Index(
                fields=["state", "heartbeat_at"],
                name="job_open",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"

    @property
    def ended(self) -> bool:
        return self.state in self.ENDED

    def claim(self, worker: str) -> bool:
        """queued → running, by this worker; false if another was quicker or it is no longer queued."""
        return self._move(
            (self.State.QUEUED,),
            state=self.State.RUNNING,
            worker=worker,
            progress=0,
            started_at=Now(),
            heartbeat_at=Now(),
            attempts=models.F("attempts") + 1,
        )

    def succeed(self, worker: str, result: dict[str, object]) -> bool:
        return self._end(worker, state=self.State.SUCCEEDED, progress=1, result=result)

    def fail(self, worker: str, reason: str) -> bool:
        return self._end(worker, state=self.State.FAILED, error=reason)

    def stop_cancelled(self, worker: str) -> bool:
        """running → cancelled: the handler noticed that it should stop."""
        return self._end(worker, state=self.State.CANCELLED)

    def cancel_queued(self) -> bool:
        return self._move((self.State.QUEUED,), state=self.State.CANCELLED, finished_at=Now(), cancel_requested=True)

    def ask_to_cancel(self) -> bool:
        """Leave word for the worker that runs it."""
        return self._move((self.State.RUNNING,), cancel_requested=True)

    def requeue(self, worker: str, *, message: Sentence, attempt_counts: bool, at_once: bool = True) -> bool:
        """running → queued. Sent again by the clock: `at_once`, or after half a minute, as a lost message is."""
        back = {} if attempt_counts else {"attempts": models.F("attempts") - 1}
        sent = None if at_once else Now()
        fields = {"worker": "", "heartbeat_at": None, "sent_at": sent, **Doing((message,)).fields(), **back}
        return self._move((self.State.RUNNING,), worker_was=worker, state=self.State.QUEUED, **fields)

    def _end(self, worker: str, **fields: object) -> bool:
        return self._move((self.State.RUNNING,), worker_was=worker, finished_at=Now(), **fields)

    def _move(self, states: tuple[str, ...], *, worker_was: str | None = None, **fields: object) -> bool:
        """The one conditional UPDATE that every move is; false if the job was not as expected."""
        rows = Job.objects.filter(pk=self.pk, state__in=states)
        if worker_was is not None:
            rows = rows.filter(worker=worker_was)
        with transaction.atomic():
            if rows.update(**fields) != 1:
                return False
            tell_of_job(self.pk)
            self.refresh_from_db()
            for heard in LISTENERS:
                heard(self)
        return True


class JobLine(models.Model):
    """A line of a job's log."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["job", "id"], name="job_line_order")]
