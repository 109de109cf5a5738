"""Old and new labels of a validation slice under search, over HTTP."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curate.autocurate.api import auto_curate_for
from curate.autocurate.validation_labels import validation_tables
from curate.evaluations.api import EndsSerializer
from dataset.api.shapes import ManifestSliceSerializer
from jobs.models import Job


class ScoredCellSerializer(serializers.Serializer):
    evaluation = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    AP = serializers.FloatField(allow_null=True)
    interval = EndsSerializer(allow_null=True)


class OldAndNewSerializer(serializers.Serializer):
    """Predictions of one checkpoint on the old and on the new labels; null where nobody has scored them there."""

    prediction_set = serializers.IntegerField()
    name = serializers.CharField()
    old = ScoredCellSerializer(allow_null=True)
    new = ScoredCellSerializer(allow_null=True)


class ValidationTableSerializer(serializers.Serializer):
    slice = ManifestSliceSerializer()
    images = serializers.IntegerField(help_text="Of the slice, that the search looked at")
    old_revision = serializers.IntegerField(help_text="That the search looked at")
    new_revision = serializers.IntegerField(help_text="The newest")
    changed = serializers.BooleanField(help_text="Whether a label of the slice changed between the two")
    rows = OldAndNewSerializer(many=True, help_text="The newest checkpoints judged on the slice, the earlier first")
    comparison = serializers.IntegerField(
        allow_null=True, help_text="Of the first row's old cell with the last one's new: it has all the differences"
    )


class ValidationLabelsSerializer(serializers.Serializer):
    tables = ValidationTableSerializer(many=True)


@extend_schema(operation_id="get_validation_labels", tags=["curate"], responses=ValidationLabelsSerializer)
def get_validation_labels(request: Request, auto_curate_id: int) -> Response:
    """For each validation slice that the run looked into: checkpoints scored on its old and on its new labels."""
    return Response({"tables": validation_tables(auto_curate_for(request, auto_curate_id))})
