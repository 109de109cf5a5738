"""Time at work, tasks that test people, and the copies of tasks that several label."""

from django.conf import settings
from django.db import models


class Sitting(models.Model):
    """One person's time on one task from opening it to leaving it, saved again and again as it goes on.

    A client names its sitting by `key` and always tells it whole, so a save that is sent twice counts once. What is not
    in a step is looking.
    """

    task = models.ForeignKey("label.Task", on_delete=models.CASCADE, related_name="sittings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    key = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    seconds = models.FloatField()
    steps = models.JSONField(default=list)  # [kind, class id or null, seconds] of each, in order
    review = models.BooleanField(default=False)  # the task waited for review, and this was not who handed it in

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "person", "key"], name="sitting_once")]


class QualityPlan(models.Model):
    """How a batch's quality is measured; a batch without one has the defaults."""

    batch = models.OneToOneField("label.Batch", on_delete=models.CASCADE, related_name="quality_plan")
    same_iou = models.FloatField(default=0.5)  # from which on two boxes are one object
    results_shown = models.BooleanField(default=False)  # to each labeller their own, once the batch is over


class GoldTask(models.Model):
    """A task whose right labels are known. Nothing of it is shown to those whom it tests."""

    task = models.OneToOneField("label.Task", on_delete=models.CASCADE, related_name="gold")
    truth = models.JSONField()  # boxes as a working copy has them
    start = models.JSONField(null=True)  # what people are shown instead of the labels; null: the labels
    source = models.CharField(max_length=5)  # slice, hand
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    added_at = models.DateTimeField(auto_now_add=True)


class GoldResult(models.Model):
    """How a person's first hand-in of a gold task compares with the truth: counts of objects."""

    gold = models.ForeignKey(GoldTask, on_delete=models.CASCADE, related_name="results")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)
    right = models.PositiveIntegerField()
    wrong_class = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    extra = models.PositiveIntegerField()
    overlap = models.FloatField(null=True)  # mean IoU of the found
    by_class = models.JSONField(default=dict)  # class id -> [right, wrong class, missed, extra]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gold", "person"], name="gold_result_once")]


class TaskCopy(models.Model):
    """One person's own working copy of a task that several label. The states are a task's.

    to_label ──→ in_progress ──→ in_review or done: handed in ──→ in_progress (until the task is decided)
        └──────────────┴────→ skipped: the place is free for somebody else
    """

    task = models.ForeignKey("label.Task", on_delete=models.CASCADE, related_name="people_copies")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    state = models.CharField(max_length=11, default="to_label")
    version = models.PositiveIntegerField(default=0)
    boxes = models.JSONField(null=True)  # null: what the task began with
    changed = models.BooleanField(default=False)
    saved_at = models.DateTimeField(null=True)
    active_seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "person"], name="task_copy_once")]
        indexes = [models.Index(fields=["person", "state"], name="copy_by_person")]


class Consensus(models.Model):
    """What all copies of a task, handed in, say together. Removed where somebody takes their copy up again.

    `answers` are the objects (units) that they saw: by person's id the class. `questions` counts the votes that stand
    for nothing until a reviewer answers; with none the result is the vote's.
    """

    task = models.OneToOneField("label.Task", on_delete=models.CASCADE, related_name="consensus")
    answers = models.JSONField()
    overlaps = models.JSONField(default=list)  # mean IoU of each object that two saw
    questions = models.PositiveIntegerField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    decided_at = models.DateTimeField(null=True)
