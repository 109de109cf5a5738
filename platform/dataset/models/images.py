"""Datasets, their classes and their images."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from accounts.natural_names import by_name


class Dataset(models.Model):
    """Images and a class list. `head_revision` is the number of its newest revision, 0 before the first."""

    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    head_revision = models.PositiveIntegerField(default=0)
    # Kept by the services that add and remove, so that a page needs no COUNT over the world.
    image_count = models.PositiveIntegerField(default=0)
    annotation_count = models.PositiveIntegerField(default=0)
    metadata_keys = models.JSONField(default=list)  # sorted
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="dataset_name_once")]

    def __str__(self) -> str:
        return self.name


class LabelClass(models.Model):
    """One class of a dataset. `index` is its place in the class list (0-based) and never changes.

    `earlier_names`: what it was called before, by which imports and predictions still find it; the last one last.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="classes")
    index = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    colour = models.CharField(max_length=7)
    hotkey = models.CharField(max_length=1, blank=True)
    earlier_names = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)

    class Meta:
        ordering = ["index"]
        verbose_name_plural = "label classes"
        constraints = [
            models.UniqueConstraint(fields=["dataset", "index"], name="class_index_once"),
            models.UniqueConstraint(fields=["dataset", "name"], name="class_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Image(models.Model):
    """An image: a key unique in its dataset, bytes by SHA-256, and what is known of it.

    `width` and `height` are those of the EXIF-upright image. `location` is a storage key, or a `file:` URL
    where the image is referenced in place. An image is *labelled* from the revision `labelled_since` on: it has boxes,
    or somebody or some label file said that there is nothing on it (a negative). None: not labelled.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="images")
    key = models.CharField(max_length=400)
    sha256 = models.CharField(max_length=64)
    location = models.CharField(max_length=600)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    phash = models.BigIntegerField(null=True)  # 64-bit difference hash, as a signed integer
    # Of the picture at one size (storage/facts.py); null: imported before they were measured.
    brightness = models.FloatField(null=True)
    contrast = models.FloatField(null=True)
    sharpness = models.FloatField(null=True)
    sequence = models.CharField(max_length=200, blank=True)
    captured_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    metadata = models.JSONField(default=dict)
    labelled_since = models.PositiveIntegerField(null=True)  # a revision's number, 0 before the first
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "key"], name="image_key_once")]
        indexes = [
            models.Index(fields=["dataset", "id"], name="image_by_dataset"),
            models.Index(fields=["dataset", "sequence"], name="image_by_sequence"),
            models.Index(fields=["sha256"], name="image_by_sha256"),
            models.Index(models.F("dataset"), by_name("key"), models.F("id"), name="image_by_name"),
            GinIndex(fields=["metadata"], name="image_metadata", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return self.key
