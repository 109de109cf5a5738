"""What a baseline costs on a device of this installation."""

from django.db import models


class Measurement(models.Model):
    """One baseline at one size and batch on one device, measured last; shared by all projects, as devices are.

    `problem` says why there are no figures: it did not fit, or it was too slow to wait for.
    """

    baseline = models.CharField(max_length=60)
    device = models.CharField(max_length=120)  # what the operating system or the driver calls it, and cores
    imgsz = models.PositiveIntegerField()  # pixels
    batch = models.PositiveIntegerField()  # images
    trained_per_second = models.FloatField(null=True)  # images
    predicted_per_second = models.FloatField(null=True)  # images
    memory = models.BigIntegerField(null=True)  # bytes that the training took at most
    problem = models.CharField(max_length=300, blank=True)
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["baseline", "device", "imgsz", "batch"], name="measurement_once")
        ]
