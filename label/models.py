"""Batches, tasks and comments: the work of correcting annotations."""

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Value

from curate.models import AutoCurate, Evaluation
from dataset.models import Dataset, Image, PredictionSet, Revision, Slice

if TYPE_CHECKING:
    from label.present import Present


def new_seed() -> int:
    """What a batch's draws of tasks to review begin from; whoever labels does not see it."""
    return secrets.randbelow(2**31)


class Batch(models.Model):
    """A slice sent to Label at a revision. `base` is that revision's number: the ancestor of the three-way merge.

    open ──merge──→ merged ──a task is worked on again──→ open
      └─────────────┴──close──→ closed ──reopen──→ open
    """

    class State(models.TextChoices):
        OPEN = "open"
        MERGED = "merged"
        CLOSED = "closed"

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="batches")
    slice = models.ForeignKey(Slice, on_delete=models.SET_NULL, null=True, related_name="batches")
    name = models.CharField(max_length=120)
    base = models.PositiveIntegerField()
    auto_curate = models.ForeignKey(AutoCurate, on_delete=models.SET_NULL, null=True, related_name="batches")
    prediction_set = models.ForeignKey(PredictionSet, on_delete=models.SET_NULL, null=True)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.SET_NULL, null=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    review = models.BooleanField(default=False)  # whether a reviewer must pass each task
    due = models.DateField(null=True)  # over when that day is over where the person is
    # Whether "next" also gives tasks that were assigned to somebody else and that nobody has begun.
    take_over = models.BooleanField(default=False, db_default=False)
    review_share = models.FloatField(default=1.0, db_default=1.0)  # 0–1 of the tasks handed in, at the least
    # For one person: by user id, as text.
    review_shares = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    review_seed = models.PositiveIntegerField(default=new_seed, db_default=0)
    own_review = models.BooleanField(default=False, db_default=False)  # whether people may pass their own work
    merged = models.ForeignKey(Revision, on_delete=models.SET_NULL, null=True, related_name="batches")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    progress: dict[str, int]  # how many tasks are in each state; set by selectors.batches.with_progress

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "name"], name="batch_name_once")]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """One image of a batch.

        to_label ──→ in_progress ──→ in_review ──→ done
            └──────────────┴────→ skipped          └──→ in_progress (sent back)

    `boxes` is the working copy: null until first touched, and again once merged; then the labels at `base` stand for
    it. It is saved with an optimistic lock: an UPDATE that names `version`, so two people never overwrite each other
    silently.
    """

    class State(models.TextChoices):
        TO_LABEL = "to_label"
        IN_PROGRESS = "in_progress"
        IN_REVIEW = "in_review"
        DONE = "done"
        SKIPPED = "skipped"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="tasks")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=11, choices=State.choices, default=State.TO_LABEL)
    version = models.PositiveIntegerField(default=0)
    base = models.PositiveIntegerField()  # the batch's base, or the revision that this task was last merged into
    boxes = models.JSONField(null=True)
    changed = models.BooleanField(default=False)  # whether the work on it ever differed from its base
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="assigned_tasks"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="reviewed_tasks"
    )
    due = models.DateField(null=True)  # where it is not the batch's
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="saved_tasks"
    )
    saved_at = models.DateTimeField(null=True)
    # Who changed its boxes or handed it in: user ids.
    workers = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    held_until = models.DateTimeField(null=True)  # till then `reviewer` has it for review
    open_issues = models.PositiveIntegerField(default=0, db_default=0)  # not resolved
    active_seconds = models.FloatField(default=0)
    copies = models.PositiveSmallIntegerField(default=1, db_default=1)  # how many people label it, each for themselves
    withheld = models.BooleanField(default=False, db_default=False)  # it tests people: its work is not merged

    # Set by the selectors of tasks, where a page shows them:
    image_brief: dict[str, Any]
    box_count: int
    suggestion_counts: dict[str, int]
    shapes: list[dict[str, Any]]
    last_round: "ReviewRound | None"
    present: "Present"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "image"], name="task_image_once")]
        indexes = [models.Index(fields=["batch", "state", "position"], name="task_by_state")]


class Comment(models.Model):
    """A remark on a task, in the thread of an issue. `box` is what it was about before there were issues."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    issue = models.ForeignKey("label.Issue", on_delete=models.CASCADE, null=True, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    text = models.TextField()
    box = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)


class Instructions(models.Model):
    """How a batch is to be labelled, in Markdown: the newest version counts, the earlier ones are its history."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="instructions")
    number = models.PositiveIntegerField()  # 1, 2 …
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="instructions_number_once")]


class InstructionsSeen(models.Model):
    """Up to which version a person has looked at a batch's instructions."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="instructions_seen")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="instructions_seen")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "user"], name="instructions_seen_once")]


class InstructionPicture(models.Model):
    """A picture that instructions of a dataset's batches show. Its bytes are those that `storage.pictures` made."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="instruction_pictures")
    sha256 = models.CharField(max_length=64)
    location = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "sha256"], name="instruction_picture_once")]


# Django looks for an app's tables here; these stand in files of their own and name the ones above by text.
from label.assists import models as assist_models  # noqa: E402, F401
from label.quality import models as quality_models  # noqa: E402, F401
from label.review_models import Issue, ReviewRound  # noqa: E402, F401
