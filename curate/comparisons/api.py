"""Comparisons over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, limit_of, limit_parameter, newest_first, page_request, page_shape
from accounts.problems import BadInput, Conflict, validated
from curate.comparisons import compare
from curate.comparisons.changed_objects import changed_objects
from curate.evaluations import api, reads
from curate.evaluations.api import EvaluationSerializer
from curate.grid.object_changes import WORDS, Pair
from curate.grid.objects_api import ObjectRowSerializer
from curate.models import Comparison, Evaluation
from curate.query.request import row_named
from dataset.api.datasets import dataset_for
from jobs.api import JobSerializer
from jobs.models import Job
from science.evaluation.bootstrap import Gain


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
    """What comparisons made by earlier versions do not have is left out."""

    mAP = DifferenceSerializer()  # noqa: N815  as it is called
    mAP50 = DifferenceSerializer()  # noqa: N815
    AP75 = DifferenceSerializer(required=False)
    APs = DifferenceSerializer(required=False)
    APm = DifferenceSerializer(required=False)
    APl = DifferenceSerializer(required=False)
    AR100 = DifferenceSerializer(required=False)


class ChangedBoxesSerializer(serializers.Serializer):
    boxes = serializers.IntegerField()
    q = serializers.CharField(help_text="The query line of their images")


class PairSerializer(serializers.Serializer):
    a = serializers.FloatField(allow_null=True)
    b = serializers.FloatField(allow_null=True)
    difference = DifferenceSerializer(required=False, help_text="Along the row: b − a on these labels")


class DownSerializer(serializers.Serializer):
    """Of one side on the new labels minus on the old."""

    a = DifferenceSerializer()
    b = DifferenceSerializer()


class TableSerializer(serializers.Serializer):
    """mAP of both on both sets of labels, with the differences along the rows and down the columns."""

    old_labels = PairSerializer()
    new_labels = PairSerializer()
    down = DownSerializer(required=False)
    old_revision = serializers.IntegerField()
    new_revision = serializers.IntegerField()


class MatrixField(serializers.ListField):
    """Rows labelled, columns predicted, counts of boxes; the last of each is the background."""

    child = serializers.ListField(child=serializers.IntegerField())


class TwoMatricesSerializer(serializers.Serializer):
    class_ids = serializers.ListField(child=serializers.IntegerField())
    a = MatrixField()
    b = MatrixField()


class TwoErrorsSerializer(serializers.Serializer):
    error = serializers.CharField()
    a = serializers.IntegerField()
    b = serializers.IntegerField()


class ChangedObjectsSerializer(serializers.Serializer):
    fixed = serializers.IntegerField(help_text="Labels that only the later finds")
    broken = serializers.IntegerField(help_text="Labels that only the earlier finds")
    fp_gone = serializers.IntegerField(help_text="False positives of the earlier where the later has none")
    fp_new = serializers.IntegerField(help_text="False positives of the later where the earlier has none")


class ChangedOfClassSerializer(ChangedObjectsSerializer):
    class_id = serializers.IntegerField()


class AllChangedObjectsSerializer(ChangedObjectsSerializer):
    per_class = ChangedOfClassSerializer(many=True)


class ChangedImagesSerializer(serializers.Serializer):
    fewer = serializers.IntegerField(help_text="Images on which the later has fewer errors")
    more = serializers.IntegerField(help_text="Images on which the later has more errors")


class ChangesSerializer(serializers.Serializer):
    """What changed from box to box, on the same labels, each of the pair at its own confidence."""

    confusion = TwoMatricesSerializer()
    errors = TwoErrorsSerializer(many=True)
    objects = AllChangedObjectsSerializer()
    images = ChangedImagesSerializer()


class JudgedPairSerializer(serializers.Serializer):
    a = serializers.IntegerField()
    b = serializers.IntegerField()


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
    pair = JudgedPairSerializer(allow_null=True, help_text="The evaluations, on the same labels, behind `changes`")
    changes = ChangesSerializer(allow_null=True, help_text="Null too of one made before there was this: ask again")


MOST_CHANGED, SHOWN_CHANGED = 60, 12  # objects of an answer: at most, and where nothing is said
COMPUTED = (
    "same_labels", "images", "groups", "units", "resamples", "delta", "smallest_detectable", "per_class", "table",
    "fixed", "broken", "pair", "changes",
)  # fmt: skip


class ChangedObjectSerializer(serializers.Serializer):
    """One object as both see it; a false positive is known to one alone."""

    earlier = ObjectRowSerializer(allow_null=True)
    later = ObjectRowSerializer(allow_null=True)


class ComparisonInSerializer(serializers.Serializer):
    a = serializers.IntegerField(help_text="The earlier evaluation")
    b = serializers.IntegerField(help_text="The later one; what is shown is b − a")


def as_json(rows: list[Comparison]) -> list[dict[str, Any]]:
    """Comparisons as lists and pages show them; the queries do not grow with the rows."""
    states = reads.states(rows)
    sides = {row.pk: row for comparison in rows for row in (comparison.a, comparison.b)}
    briefs = {brief["id"]: brief for brief in api.as_json(list(sides.values()))}
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
    comparison, _ = compare.start(a=a, b=b, by=request.user)
    if comparison.finished_at is None:
        return Response(JobSerializer(Job.objects.get(pk=comparison.job_id)).data, status=202)
    found = reads.comparisons_with_names(Comparison.objects.filter(pk=comparison.pk))
    return Response(as_json(list(found))[0])


@extend_schema(
    operation_id="list_comparisons",
    tags=["curate"],
    parameters=[OpenApiParameter("a", int, description="Only those with this as the earlier one"), *PAGE_PARAMETERS],
    responses=page_shape(ComparisonSerializer),
)
def list_comparisons(request: Request, dataset_id: int) -> Response:
    """A dataset's comparisons, newest first."""
    dataset = dataset_for(request, dataset_id)
    rows = reads.comparisons_of(dataset)
    reference = row_named(request, "a", dataset.evaluations.all())
    if reference is not None:
        rows = rows.filter(a=reference)
    items, following = newest_first(rows, page_request(request))
    return Response({"items": as_json(items), "next": following})


@extend_schema(operation_id="get_comparison", tags=["curate"], responses=ComparisonSerializer)
def get_comparison(request: Request, comparison_id: int) -> Response:
    rows = reads.comparisons_with_names(Comparison.objects.all())
    row = access.one_of(request.user, rows, comparison_id, through="dataset.project_id")
    return Response(as_json([row])[0])


@extend_schema(
    operation_id="list_changed_objects",
    tags=["curate"],
    parameters=[
        OpenApiParameter("changed", str, enum=list(WORDS), required=True),
        OpenApiParameter("class_id", int, description="Only of this class"),
        limit_parameter(MOST_CHANGED, SHOWN_CHANGED),
    ],
    responses=ChangedObjectSerializer(many=True),
)
def list_changed_objects(request: Request, comparison_id: int) -> Response:
    """Some objects that changed, the largest first, each as both evaluations see it. The object grid lists all."""
    rows = reads.comparisons_with_names(Comparison.objects.all())
    row = access.one_of(request.user, rows, comparison_id, through="dataset.project_id")
    limit = limit_of(request, default=SHOWN_CHANGED, largest=MOST_CHANGED)
    if row.finished_at is None:
        raise Conflict("This comparison is not finished yet.")
    word = request.query_params.get("changed", "")
    if word not in WORDS:
        sentence = f"changed is one of {', '.join(WORDS)}."
        raise BadInput(sentence, errors={"changed": [sentence]})
    of_class = row_named(request, "class_id", row.dataset.classes.all())
    return Response(changed_objects(Pair.of(row), row.dataset, word, limit, of_class.pk if of_class else None))
