"""Slices, and the manifests that freeze them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from dataset.models.images import Dataset, Image


class Slice(models.Model):
    """A named, static set of images and how it came about. The unit of every action."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="slices")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    origin = models.JSONField(default=dict)  # {"kind": "query", "q": "…"}, {"kind": "auto_curate", "auto_curate": 7} …
    image_count = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "name"], name="slice_name_once")]

    def __str__(self) -> str:
        return self.name


class SliceImage(models.Model):
    """An image's place in a slice."""

    id = models.BigAutoField(primary_key=True)
    slice = models.ForeignKey(Slice, on_delete=models.CASCADE, related_name="slice_images", db_index=False)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="slice_images")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slice", "image"], name="slice_image_once")]


class Manifest(models.Model):
    """Images and a revision, frozen under a content hash; what a training or an evaluation saw.

    The hash covers class names, and per image its key, SHA-256, boxes and label state at the revision. Equal content
    is one row.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="manifests")
    revision = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    image_ids = ArrayField(models.BigIntegerField())  # ascending
    image_count = models.PositiveIntegerField()
    annotation_count = models.PositiveIntegerField()
    slices = models.JSONField(default=list)  # [{"id": 3, "name": "train v1"}] as they were then
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "content_hash"], name="manifest_once")]
