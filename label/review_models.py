"""Issues and rounds: what is said about a task in review. Django finds them by way of label/models.py."""

from django.conf import settings
from django.db import models


class Issue(models.Model):
    """Something about a task that somebody should look at, with a thread of remarks (Comment); the first opened it.

        open ──somebody else replies──→ answered ──resolve──→ resolved
          ├──────────────resolve──────────────────────────────↗   │
          └←── its author replies ── answered        reopen: to open

    It is pinned to a box (`box_id`, as the working copy names it), to a place (`box` alone), or to neither. `box` is
    where the box was last seen, xyxy pixels: it stays when the box is deleted.
    """

    class Kind(models.TextChoices):
        MISSING = "missing"
        WRONG_CLASS = "wrong_class"
        BADLY_DRAWN = "badly_drawn"
        OTHER = "other"

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        RESOLVED = "resolved"

    task = models.ForeignKey("label.Task", on_delete=models.CASCADE, related_name="issues")
    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.OTHER)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    box_id = models.CharField(max_length=80, default="", db_default="")
    box = models.JSONField(null=True)
    round = models.PositiveIntegerField(default=0, db_default=0)  # in which it was raised; 0: before the first
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="raised_issues"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="resolved_issues"
    )
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["task", "state"], name="issue_by_task")]


class ReviewRound(models.Model):
    """One handing-in of a task and what became of it.

    waiting ──→ passed | sent_back | taken_back (by the labeller) | skipped;   unreviewed ──later chosen──→ waiting
    """

    class Verdict(models.TextChoices):
        WAITING = "waiting"
        PASSED = "passed"
        SENT_BACK = "sent_back"
        TAKEN_BACK = "taken_back"
        SKIPPED = "skipped"
        UNREVIEWED = "unreviewed"  # not drawn: done without a second look

    task = models.ForeignKey("label.Task", on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="handed_in_rounds"
    )
    handed_in_at = models.DateTimeField()
    share = models.FloatField(null=True)  # of such tasks that were to be reviewed when it was drawn, 0–1; null: all
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.WAITING)
    mended = models.BooleanField(default=False, db_default=False)  # somebody else changed its boxes while it waited
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="decided_rounds"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", db_default="")
    boxes = models.JSONField(null=True)  # the working copy when it was sent back, for the next round's before and after

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="review_round_once")]
