"""Help from a detector, and what came of it: the source of a batch, each assist, and pre-labels."""

from django.conf import settings
from django.db import models

from dataset.models import PredictionSet


class BatchAssist(models.Model):
    """What proposes boxes in a batch. Without a row, or with neither, it is the dataset's newest checkpoint."""

    batch = models.OneToOneField("label.Batch", on_delete=models.CASCADE, related_name="assist")
    checkpoint = models.ForeignKey("model.Checkpoint", on_delete=models.SET_NULL, null=True, related_name="+")
    endpoint = models.ForeignKey("model.Endpoint", on_delete=models.SET_NULL, null=True, related_name="+")


class Assist(models.Model):
    """One box that a person was helped to, or drew by hand. `key` is the client's own: told twice, it counts once.

    `seconds` is the time from the last change of the boxes to this one and to each later change of its box, so a drawn
    box and an offered one are measured alike.
    """

    class Kind(models.TextChoices):
        CLICK = "click"  # a candidate taken by a click on the object
        FILL = "fill"  # a ghost accepted
        TIGHTEN = "tighten"  # a loose box snapped to its object
        PRELABEL = "prelabel"  # time spent on a box that the batch was pre-labelled with
        DRAWN = "drawn"  # no help: the measure of the others

    class Fate(models.TextChoices):
        UNCHANGED = "unchanged"
        CHANGED = "changed"
        REFUSED = "refused"

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey("label.Task", on_delete=models.CASCADE, related_name="assists")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    fate = models.CharField(max_length=9, choices=Fate.choices)
    box_id = models.CharField(max_length=80)
    base = models.PositiveIntegerField()  # the task's: after a merge its boxes have other ids
    offered = models.JSONField(null=True)  # {"class_id", "box", "before"}; `before` of what was tightened
    checkpoint_id = models.BigIntegerField(null=True)  # the model.Checkpoint's id, null of what no detector offered
    seconds = models.FloatField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "key"], name="assist_told_once")]
        indexes = [models.Index(fields=["person", "kind"], name="assist_by_person")]


class Prelabel(models.Model):
    """A batch's untouched tasks pre-labelled by a checkpoint.

    asked ──job──→ looked (predicted, shown) ──job──→ applied ──→ taken_back
    """

    class State(models.TextChoices):
        ASKED = "asked"
        LOOKED = "looked"
        APPLIED = "applied"
        TAKEN_BACK = "taken_back"

    batch = models.ForeignKey("label.Batch", on_delete=models.CASCADE, related_name="prelabels")
    checkpoint = models.ForeignKey("model.Checkpoint", on_delete=models.SET_NULL, null=True, related_name="+")
    checkpoint_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    prediction_set = models.ForeignKey(PredictionSet, on_delete=models.SET_NULL, null=True, related_name="+")
    thresholds = models.JSONField(default=dict)  # by class id as text: scores from here are taken
    evaluation_id = models.BigIntegerField(null=True)  # the diagnosis that they are of; null where there was none
    per_class = models.JSONField(null=True)  # what the preview counted, see preview.py
    tasks = models.PositiveIntegerField(default=0)  # untouched ones when it was looked at; written to when applied
    boxes = models.PositiveIntegerField(default=0)  # written
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)


class PrelabelledTask(models.Model):
    """What a task was given, with scores, and its boxes as people last saved them; a merge renames them."""

    id = models.BigAutoField(primary_key=True)
    prelabel = models.ForeignKey(Prelabel, on_delete=models.CASCADE, related_name="given")
    task = models.ForeignKey("label.Task", on_delete=models.CASCADE, related_name="prelabelled")
    boxes = models.JSONField()  # [{"id", "class_id", "box", "score"}]
    base = models.PositiveIntegerField()  # the task's: after a merge its boxes have other ids
    version = models.PositiveIntegerField()  # of the task once it had them: still that, nobody has touched it
    now = models.JSONField(null=True)  # null until somebody saved boxes; then the working copy

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prelabel", "task"], name="prelabelled_once")]
