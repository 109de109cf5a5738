"""What endpoints answer with."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.people import PersonSerializer
from model.gate.api import VERDICTS, GateCheckpointSerializer
from model.models import Deployment, Endpoint


class DeploymentSerializer(serializers.Serializer):
    """One version. Without `deployed_at` it never answered: its job says why."""

    version = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Deployment.Kind.choices)
    checkpoint = GateCheckpointSerializer()
    gate_result = serializers.IntegerField(source="gate_result_id", allow_null=True)
    verdict = serializers.SerializerMethodField(help_text="Of the gate; null where nothing was compared")
    back_to = serializers.IntegerField(source="back_to.version", allow_null=True, default=None)
    reason = serializers.CharField(help_text="Why it was promoted in spite of the gate")
    form = serializers.SerializerMethodField(help_text="In which form it answers")
    job = serializers.IntegerField(source="job_id", allow_null=True)
    created_by = PersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    deployed_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.ChoiceField(choices=VERDICTS, allow_null=True))
    def get_verdict(self, row: Deployment) -> str | None:
        return (row.gate_result.verdict if row.gate_result else None) or None

    def get_form(self, row: Deployment) -> str | None:
        return f"{row.form.form} {row.form.precision}" if row.form else None


STATES = ["deploying", "empty", "up", "stopped", "outside_hours"]


class HoursSerializer(serializers.Serializer):
    """When it is up; empty: always."""

    to = serializers.CharField(required=False, help_text="18:00; before `from`: on the next day")
    zone = serializers.CharField(required=False, help_text="Asia/Seoul")
    days = serializers.ListField(child=serializers.IntegerField(), required=False, help_text="From 0, Monday")

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "from": serializers.CharField(required=False, help_text="08:00")}


class EndpointSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    project = serializers.IntegerField(source="project_id")
    dataset = serializers.IntegerField(source="dataset_id")
    name = serializers.CharField()
    description = serializers.CharField()
    state = serializers.SerializerMethodField()
    current = DeploymentSerializer(allow_null=True)
    coming = serializers.SerializerMethodField(help_text="The version that is being deployed")
    gate = serializers.IntegerField(source="gate_id", allow_null=True)
    gate_name = serializers.CharField(source="gate.name", allow_null=True, default=None)
    slice = serializers.IntegerField(source="validation_slice_id")
    slice_name = serializers.CharField(source="validation_slice.name")
    conf = serializers.FloatField()
    iou = serializers.FloatField()
    idle_minutes = serializers.IntegerField()
    hours = HoursSerializer()
    sample_share = serializers.FloatField()
    sample_pictures = serializers.IntegerField()
    sample_bytes = serializers.IntegerField()
    sample_dataset = serializers.IntegerField(source="sample_dataset_id", allow_null=True)
    kept_pictures = serializers.IntegerField()
    kept_bytes = serializers.IntegerField()
    to_bring = serializers.IntegerField(help_text="Kept pictures that are in no dataset yet")
    created_by = PersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, row: Endpoint) -> str:
        return str(row.state)  # type: ignore[attr-defined]

    @extend_schema_field(DeploymentSerializer(allow_null=True))
    def get_coming(self, row: Endpoint) -> Any:
        coming = row.coming  # type: ignore[attr-defined]
        return DeploymentSerializer(coming).data if coming else None


class EndpointBriefSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class FoundAnnotationSerializer(serializers.Serializer):
    """A box as annotations have it."""

    class_index = serializers.IntegerField(help_text="Of the checkpoint's classes")
    box = serializers.ListField(child=serializers.FloatField(), help_text="[x1, y1, x2, y2] pixels, upright picture")
    score = serializers.FloatField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "class": serializers.CharField()}


class PredictedPictureSerializer(serializers.Serializer):
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    annotations = FoundAnnotationSerializer(many=True)


class EndpointAnswerSerializer(serializers.Serializer):
    """The boxes of each picture, in the order of the pictures, and by what they were found."""

    endpoint = EndpointBriefSerializer()
    version = serializers.IntegerField()
    checkpoint = GateCheckpointSerializer()
    conf = serializers.FloatField(help_text="Boxes scored below are left out")
    iou = serializers.FloatField()
    milliseconds = serializers.FloatField(help_text="From the question to all boxes")
    images = PredictedPictureSerializer(many=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        fields["checkpoint"] = PlainCheckpointSerializer()
        return fields


class PlainCheckpointSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    run = serializers.IntegerField(allow_null=True)


class TotalsSerializer(serializers.Serializer):
    requests = serializers.IntegerField()
    images = serializers.IntegerField()
    refused = serializers.IntegerField(help_text="The caller's fault: no picture")
    failed = serializers.IntegerField(help_text="Answered 503")
    p50 = serializers.FloatField(allow_null=True, help_text="ms")
    p95 = serializers.FloatField(allow_null=True, help_text="ms")


class MetricsPointSerializer(TotalsSerializer):
    at = serializers.IntegerField(help_text="Seconds since 1970, UTC")


class DriftOfClassSerializer(serializers.Serializer):
    name = serializers.CharField()
    seen = serializers.IntegerField()
    expected = serializers.IntegerField()


class CountsField(serializers.ListField):
    """Boxes by score, in twentieths."""

    child = serializers.IntegerField()


class DriftSerializer(serializers.Serializer):
    """What the deployed version sees, beside what it sees on the validation slice (docs/endpoints.md)."""

    images = serializers.IntegerField()
    boxes = serializers.IntegerField()
    expected_images = serializers.IntegerField()
    expected_boxes = serializers.IntegerField()
    confidence = serializers.FloatField(allow_null=True, help_text="Population stability index of the scores")
    classes = serializers.FloatField(allow_null=True, help_text="Total variation distance of the classes, 0 to 1")
    scores_seen = CountsField()
    scores_expected = CountsField()
    per_class = DriftOfClassSerializer(many=True)


class EndpointMetricsSerializer(serializers.Serializer):
    minutes = serializers.IntegerField()
    totals = TotalsSerializer()
    points = MetricsPointSerializer(many=True)
    drift = DriftSerializer(allow_null=True)


class CandidateClassSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    score = serializers.FloatField()


class CandidateSerializer(serializers.Serializer):
    box = serializers.ListField(child=serializers.FloatField())
    classes = CandidateClassSerializer(many=True, help_text="The best two, the better first")


class CandidatesSerializer(serializers.Serializer):
    image = serializers.IntegerField()
    endpoint = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(allow_null=True, help_text="Null of a checkpoint that is not deployed")
    checkpoint = serializers.IntegerField()
    floor = serializers.FloatField()
    candidates = CandidateSerializer(many=True)
