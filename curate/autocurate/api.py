"""Auto-curate runs over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import BadInput, validated
from curate.autocurate import lifecycle, reads
from curate.autocurate.suggestions import precision_so_far
from curate.evaluations.reads import states
from curate.models import AutoCurate, Suggestion
from curate.query.image_source import ImageSource
from dataset.api.datasets import dataset_for
from dataset.api.shapes import (
    ImageBriefSerializer,
    ManifestSliceSerializer,
    NumbersField,
    ObjectField,
    ReasonField,
    SliceBriefSerializer,
)
from dataset.selectors.slices import slice_briefs
from jobs.api import JobSerializer
from jobs.models import Job


class AutoCurateInSerializer(serializers.Serializer):
    """`params` by kind: docs/auto-curate.md lists them."""

    kind = serializers.ChoiceField(choices=AutoCurate.Kind.choices)
    slice = serializers.IntegerField(required=False, allow_null=True, help_text="The images to look at …")
    q = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, help_text="… narrowed by a query line; neither: all"
    )
    params = ObjectField(default=dict)


class SourceSerializer(serializers.Serializer):
    """What was looked at, as it was called then."""

    slice = ManifestSliceSerializer(allow_null=True)
    q = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField()


class AutoCurateSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    dataset = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=AutoCurate.Kind.choices)
    params = ObjectField()
    source = SourceSerializer()
    state = serializers.ChoiceField(choices=Job.State.choices)
    job = serializers.IntegerField(allow_null=True)
    slices = SliceBriefSerializer(many=True)
    report = ObjectField(help_text="What was found; its shape is the kind's")
    suggestions = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    created_by = PersonSerializer(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class WilsonSerializer(serializers.Serializer):
    low = serializers.FloatField()
    high = serializers.FloatField()


class PrecisionSerializer(serializers.Serializer):
    """How often the suggestions of a kind were right so far."""

    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices, allow_null=True, help_text="Null: all kinds")
    pending = serializers.IntegerField()
    accepted = serializers.IntegerField()
    corrected = serializers.IntegerField()
    rejected = serializers.IntegerField()
    decided = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True, help_text="Accepted and corrected ones over decided ones")
    interval = WilsonSerializer(allow_null=True)


class AutoCurateDetailSerializer(AutoCurateSerializer):
    precision = PrecisionSerializer(many=True)


class NeighbourSerializer(serializers.Serializer):
    """The labelled image that looks most like another one."""

    image = ImageBriefSerializer()
    distance = serializers.FloatField(help_text="A cosine distance, or how many bits of the hash differ")
    measure = serializers.ChoiceField(choices=["embedding", "hash"])


class PickSerializer(serializers.Serializer):
    """An image that was chosen, and why."""

    image = ImageBriefSerializer()
    score = serializers.FloatField()
    parts = NumbersField()
    reason = serializers.CharField()
    reason_code = serializers.CharField()
    reason_params = ReasonField()
    nearest = NeighbourSerializer(allow_null=True)


def as_json(rows: list[AutoCurate]) -> list[dict[str, Any]]:
    """Runs as lists and pages show them."""
    by_id = states(rows)
    slices = {one["id"]: one for one in slice_briefs(sorted({pk for row in rows for pk in row.slice_ids}))}
    return [
        {
            "id": row.pk,
            "dataset": row.dataset_id,
            "kind": row.kind,
            "params": row.params,
            "source": row.source,
            "state": by_id[row.pk],
            "job": row.job_id,
            "slices": [slices[pk] for pk in row.slice_ids if pk in slices],
            "report": reads.report_of(row) if row.finished_at else {},
            "suggestions": row.suggestion_count,  # type: ignore[attr-defined]
            "created_at": row.created_at,
            "created_by": PersonSerializer(row.created_by).data if row.created_by else None,
            "finished_at": row.finished_at,
        }
        for row in rows
    ]


def auto_curate_for(request: Request, auto_curate_id: int) -> AutoCurate:
    """The run, if the caller may."""
    rows = reads.with_counts(AutoCurate.objects.all())
    return access.one_of(request.user, rows, auto_curate_id, through="dataset.project_id")


@extend_schema(
    operation_id="start_auto_curate", tags=["curate"], request=AutoCurateInSerializer, responses={202: JobSerializer}
)
def start_auto_curate(request: Request, dataset_id: int) -> Response:
    """Split, find mislabels or edge cases, choose what to label. The job's result names the run and its slices."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(AutoCurateInSerializer, request.data)
    if not isinstance(given["params"], dict):
        raise BadInput("params is an object.", errors={"params": ["Must be an object."]})
    within = None
    if given.get("slice") is not None:
        within = dataset.slices.filter(pk=given["slice"]).first()
        if within is None:
            raise BadInput("This dataset has no such slice.", errors={"slice": ["There is no such one."]})
    source = ImageSource(within, given.get("q") or "")
    run = lifecycle.start(dataset=dataset, kind=given["kind"], params=given["params"], source=source, by=request.user)
    return Response(JobSerializer(Job.objects.get(pk=run.job_id)).data, status=202)


@extend_schema(
    operation_id="list_auto_curates",
    tags=["curate"],
    parameters=[OpenApiParameter("kind", str, enum=AutoCurate.Kind.values), *PAGE_PARAMETERS],
    responses=page_shape(AutoCurateSerializer),
)
def list_auto_curates(request: Request, dataset_id: int) -> Response:
    """A dataset's auto-curate runs, newest first."""
    rows = reads.runs_of(dataset_for(request, dataset_id))
    if kind := request.query_params.get("kind"):
        rows = rows.filter(kind=kind)
    items, following = newest_first(rows, page_request(request))
    return Response({"items": as_json(items), "next": following})


@extend_schema(operation_id="get_auto_curate", tags=["curate"], responses=AutoCurateDetailSerializer)
def get_auto_curate(request: Request, auto_curate_id: int) -> Response:
    """A run with its report, and how often its suggestions were right so far."""
    row = auto_curate_for(request, auto_curate_id)
    return Response({**as_json([row])[0], "precision": precision_so_far(row)})


@extend_schema(
    operation_id="list_picked_images", tags=["curate"], parameters=PAGE_PARAMETERS, responses=page_shape(PickSerializer)
)
def list_picked_images(request: Request, auto_curate_id: int) -> Response:
    """The images that a run chose, each with its score and reason, in the run's order."""
    rows, following = reads.picked_images(auto_curate_for(request, auto_curate_id), page_request(request))
    return Response({"items": rows, "next": following})
