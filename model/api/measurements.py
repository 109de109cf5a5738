"""Measuring a baseline over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.problems import validated
from jobs.api import JobSerializer
from model.measurements.asking import start_measurement
from model.models import Measurement


class MeasurementSerializer(serializers.ModelSerializer[Measurement]):
    """What a baseline cost on a device, at an image size and a batch."""

    trained_per_second = serializers.FloatField(allow_null=True, help_text="Images")
    predicted_per_second = serializers.FloatField(allow_null=True, help_text="Images, decoding included")
    memory = serializers.IntegerField(allow_null=True, help_text="Bytes that the training took at most")
    problem = serializers.CharField(help_text="Why there are no figures, or not all; empty where there are")

    class Meta:
        model = Measurement
        fields = [
            "device", "imgsz", "batch", "trained_per_second", "predicted_per_second", "memory", "problem",
            "measured_at",
        ]  # fmt: skip


class MeasureInSerializer(serializers.Serializer):
    baseline = serializers.CharField(max_length=60, help_text="Its `name`")
    project = serializers.IntegerField(help_text="Whose job it becomes")
    imgsz = serializers.IntegerField(default=320, help_text="Pixels, a multiple of the network's stride")
    batch = serializers.IntegerField(default=8, help_text="Images of an optimiser step")


@extend_schema(
    operation_id="measure_baseline", tags=["model"], request=MeasureInSerializer, responses={202: JobSerializer}
)
def measure_baseline(request: Request) -> Response:
    """Measure how fast a baseline trains and predicts here, and the memory that takes; a job of a minute or so."""
    given = validated(MeasureInSerializer, request.data)
    project = access.project_for(request.user, given["project"], Role.MANAGER)
    job = start_measurement(
        project=project, baseline=given["baseline"], imgsz=given["imgsz"], batch=given["batch"], by=request.user
    )
    return Response(JobSerializer(job).data, status=202)
