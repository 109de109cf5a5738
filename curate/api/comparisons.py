"""Comparisons over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated
from curate.api import evaluations
from curate.api.evaluations import EvaluationSerializer
from curate.diagnosis.bootstrap import Gain
from curate.models import Comparison, Evaluation
from curate.selectors import evaluations as reads
from curate.services import comparisons as services
from dataset.api.datasets import dataset_for
from jobs.api import JobSerializer
from jobs.models import Job


class DifferenceSerializer(serializers.Serializer):
    """b − a on the same images, with its 95 % interval."""

    a = serializers.FloatField(allow_null=True)
    b = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    p = serializers.FloatField(allow_null=True, help_text="Two-sided; of classes after Holm's correction")
    verdict = serializers.ChoiceField(choices=[gain.value for gain in Gain])


class ClassDifferenceSerializer(DifferenceSerializer):
    class_id = serializers.IntegerField()
    gt = serializers.IntegerField()


class DeltaSerializer(serializers.Serializer):
    mAP = DifferenceSerializer()  # noqa: N815  as it is called
    mAP50 = DifferenceSerializer()  # noqa: N815


class ChangedBoxesSerializer(serializers.Serializer):
    boxes = serializers.IntegerField()
    q = serializers.CharField(help_text="The query line of their images")


class PairSerializer(serializers.Serializer):
    a = serializers.FloatField(allow_null=True)
    b = serializers.FloatField(allow_null=True)


class TableSerializer(serializers.Serializer):
    """mAP of both on both sets of labels."""

    old_labels = PairSerializer()
    new_labels = PairSerializer()
    old_revision = serializers.IntegerField()
    new_revision = serializers.IntegerField()


class ComparisonSerializer(serializers.Serializer):
    """What is computed is null until the job has ended well."""

    id = serializers.IntegerField()
    dataset = serializers.IntegerField()
    a = EvaluationSerializer()
    b = EvaluationSerializer()
    state = serializers.ChoiceField(choices=Job.State.choices)
    job = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    same_labels = serializers.BooleanField(allow_null=True)
    images = serializers.IntegerField(allow_null=True)
    groups = serializers.ChoiceField(choices=["image", "sequence"], allow_null=True)
    units = serializers.IntegerField(allow_null=True)
    resamples = serializers.IntegerField(allow_null=True)
    delta = DeltaSerializer(allow_null=True)
    smallest_detectable = serializers.FloatField(allow_null=True)
    per_class = ClassDifferenceSerializer(many=True, allow_null=True)
    table = TableSerializer(allow_null=True, help_text="Where the labels differ")
    fixed = ChangedBoxesSerializer(allow_null=True)
    broken = ChangedBoxesSerializer(allow_null=True)


COMPUTED = (
    "same_labels", "images", "groups", "units", "resamples", "delta", "smallest_detectable", "per_class", "table",
    "fixed", "broken",
)  # fmt: skip


class ComparisonInSerializer(serializers.Serializer):
    a = serializers.IntegerField(help_text="The earlier evaluation")
    b = serializers.IntegerField(help_text="The later one; what is shown is b − a")


def as_json(rows: list[Comparison]) -> list[dict[str, Any]]:
    """Comparisons as lists and pages show them; the queries do not grow with the rows."""
    states = reads.states(rows)
    sides = {row.pk: row for comparison in rows for row in (comparison.a, comparison.b)}
    briefs = {brief["id"]: brief for brief in evaluations.as_json(list(sides.values()))}
    return [
        {
            "id": row.pk,
            "dataset": row.dataset_id,
            "a": briefs[row.a_id],
            "b": briefs[row.b_id],
            "state": states[row.pk],
            "job": row.job_id,
            "created_at": row.created_at,
            **{name: (row.result or {}).get(name) for name in COMPUTED},
        }
        for row in rows
    ]


@extend_schema(
    operation_id="start_comparison",
    tags=["curate"],
    request=ComparisonInSerializer,
    responses={200: ComparisonSerializer, 202: JobSerializer},
)
def start_comparison(request: Request) -> Response:
    """Compare two evaluations. 200 with the comparison where there is one already, else 202 with its job."""
    given = validated(ComparisonInSerializer, request.data)
    rows = reads.with_names(Evaluation.objects.select_related("dataset__project"))
    a, b = (
        access.one_of(request.user, rows, given[side], through="dataset.project_id", at_least=Role.REVIEWER)
        for side in "ab"
    )
    comparison, _ = services.start(a=a, b=b, by=request.user)
    if comparison.finished_at is None:
        return Response(JobSerializer(Job.objects.get(pk=comparison.job_id)).data, status=202)
    found = reads.comparisons_with_names(Comparison.objects.filter(pk=comparison.pk))
    return Response(as_json(list(found))[0])


@extend_schema(
    operation_id="list_comparisons",
    tags=["curate"],
    parameters=PAGE_PARAMETERS,
    responses=page_shape(ComparisonSerializer),
)
def list_comparisons(request: Request, dataset_id: int) -> Response:
    """A dataset's comparisons, newest first."""
    rows = reads.comparisons_of(dataset_for(request, dataset_id))
    items, following = newest_first(rows, page_request(request))
    return Response({"items": as_json(items), "next": following})


@extend_schema(operation_id="get_comparison", tags=["curate"], responses=ComparisonSerializer)
def get_comparison(request: Request, comparison_id: int) -> Response:
    rows = reads.comparisons_with_names(Comparison.objects.all())
    row = access.one_of(request.user, rows, comparison_id, through="dataset.project_id")
    return Response(as_json([row])[0])
