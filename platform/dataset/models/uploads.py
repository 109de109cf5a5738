"""Archives on their way in, part by part."""

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """An archive of which the first `offset` bytes are stored; what is acknowledged stays, whatever is killed.

    open (job null) → finished (job set: it is being imported); the import removes the row with its parts. One that
    nothing arrives for during a week is forgotten.
    """

    dataset = models.ForeignKey("dataset.Dataset", on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()  # bytes of the whole
    offset = models.BigIntegerField(default=0)
    fingerprint = models.CharField(max_length=100, blank=True)  # by which its sender knows it again
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    received_at = models.DateTimeField(auto_now_add=True)  # the last part

    def __str__(self) -> str:
        return self.name


class UploadPart(models.Model):
    """Bytes of an upload from `offset` on. The row is written when they are stored: it is the acknowledgement."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    offset = models.BigIntegerField()
    size = models.BigIntegerField()
    location = models.CharField(max_length=200)

    class Meta:
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="upload_part_once")]
