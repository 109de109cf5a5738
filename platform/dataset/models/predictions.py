"""Prediction sets: what a checkpoint, or an imported file, says about a manifest's images."""

from django.conf import settings
from django.db import models

from dataset.models.annotations import RealField
from dataset.models.images import Dataset, Image, LabelClass
from dataset.models.slices import Manifest
from science.evaluation.arrays import FLOOR


class PredictionSet(models.Model):
    """A checkpoint's output on a manifest. All boxes in a compressed array file; those above the floor also as rows."""

    class Kind(models.TextChoices):
        RUN = "run"
        IMPORTED = "imported"
        FOLD = "fold"  # out-of-fold: each image judged by a network that never saw it

    ROW_FLOOR = FLOOR

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="prediction_sets")
    manifest = models.ForeignKey(Manifest, on_delete=models.RESTRICT, related_name="prediction_sets")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # The model.Checkpoint's id; not a foreign key, since datasets stand below networks.
    checkpoint_id = models.BigIntegerField(null=True, db_index=True)
    location = models.CharField(max_length=300, blank=True)  # storage key of the .npz with every box
    box_count = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Prediction(models.Model):
    """One predicted box, xyxy pixels, score 0–1. Written by COPY; keys checked set by set (see Annotation)."""

    id = models.BigAutoField(primary_key=True)
    prediction_set = models.ForeignKey(
        PredictionSet, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="predictions"
    )
    image = models.ForeignKey(Image, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    label_class = models.ForeignKey(LabelClass, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    score = RealField()
    x1 = RealField()
    y1 = RealField()
    x2 = RealField()
    y2 = RealField()

    class Meta:
        # By class and score rows are found by PredictedClass: as an index that was half of what writing them took.
        indexes = [models.Index(fields=["prediction_set", "image"], name="prediction_by_image")]


class PredictedClass(models.Model):
    """The rows of one class of a set, whole: what an index by class and score would hold, in one value each.

    A set is written once and never changed, so nothing needs to be found in here but all. Big-endian, ordered by image,
    as Postgres sends arrays of these; `dataset.selectors.predictions.kept_of` reads them. Sets that a release before
    has written have none.
    """

    id = models.BigAutoField(primary_key=True)
    prediction_set = models.ForeignKey(
        PredictionSet, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="classes"
    )
    label_class = models.ForeignKey(LabelClass, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    images = models.BinaryField()  # int8, (M,) image ids, rising
    scores = models.BinaryField()  # float4, (M,)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prediction_set", "label_class"], name="predicted_class_once")]
