"""Batches over HTTP: sending images to Label, progress, and sending the work back."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.pages import (
    PAGE_PARAMETERS,
    cut_page,
    newest_first,
    only_number,
    page_parameters,
    page_request,
    page_shape,
    quick_response,
)
from accounts.problems import validated, validated_query
from dataset.api.datasets import dataset_for
from dataset.api.shapes import SliceBriefSerializer
from label.api.shapes import TaskCountsSerializer, TaskRowSerializer, task_row
from label.models import Batch, Task
from label.quality.copies import rows_seen_by
from label.selectors import batches as batch_reads
from label.selectors import task_grid
from label.selectors import tasks as task_reads
from label.services import batches as batch_services

THROUGH = "dataset.project_id"
ISSUES = ["open", "any", "none"]
TASK_PARAMETERS = [
    OpenApiParameter("state", str, enum=Task.State.values),
    OpenApiParameter("person", int, description="A user's id: assigned to them, or their work; 0: assigned to nobody"),
    OpenApiParameter("issues", str, enum=ISSUES),
    OpenApiParameter("review", str, enum=list(task_grid.REVIEWED)),
    OpenApiParameter("shapes", bool, description="With the largest boxes of each, for its thumbnail"),
    *page_parameters(default=100),
]


class BatchSerializer(serializers.ModelSerializer[Batch]):
    slice = SliceBriefSerializer(allow_null=True)
    revision = serializers.IntegerField(
        source="base", help_text="The number of the revision that the work started from"
    )
    tasks = TaskCountsSerializer(source="progress")
    merged_revision = serializers.IntegerField(
        source="merged.number", allow_null=True, default=None, help_text="The number of the revision last merged into"
    )
    created_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Batch
        fields = [
            "id", "dataset", "name", "slice", "revision", "auto_curate", "prediction_set", "evaluation", "state",
            "review", "review_share", "own_review", "due", "take_over", "tasks", "merged_revision", "created_by",
            "created_at",
        ]  # fmt: skip


class BatchInSerializer(serializers.Serializer):
    """Exactly one of `slice` and `images` says which images are sent."""

    name = serializers.CharField(max_length=120)
    slice = serializers.IntegerField(required=False, allow_null=True)
    images = serializers.ListField(
        child=serializers.IntegerField(), required=False, allow_null=True, max_length=200_000
    )
    auto_curate = serializers.IntegerField(required=False, allow_null=True, help_text="Whose suggestions to show")
    prediction_set = serializers.IntegerField(required=False, allow_null=True, help_text="Shown as ghosts")
    evaluation = serializers.IntegerField(required=False, allow_null=True)
    review = serializers.BooleanField(default=False, help_text="Whether a reviewer must pass each task")
    due = serializers.DateField(required=False, allow_null=True, help_text="Over when that day is over where one is")
    review_share = serializers.FloatField(
        default=1.0, min_value=0, max_value=1, help_text="Of the tasks handed in, reviewed at the least"
    )


class BatchChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120, required=False)
    state = serializers.ChoiceField(choices=["open", "closed"], required=False)
    review = serializers.BooleanField(required=False)
    due = serializers.DateField(required=False, allow_null=True, help_text="A day such as 2026-12-24, or none")
    take_over = serializers.BooleanField(
        required=False, help_text="Whether `next` also gives what is assigned to others and not begun"
    )


class TaskFilterSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=Task.State.choices, required=False)
    person = serializers.IntegerField(required=False)
    issues = serializers.ChoiceField(choices=ISSUES, required=False)
    review = serializers.ChoiceField(choices=list(task_grid.REVIEWED), required=False)
    shapes = serializers.BooleanField(required=False)


class NextTaskSerializer(serializers.Serializer):
    task = serializers.IntegerField(allow_null=True)


def batch_for(request: Request, batch_id: int, at_least: Role = Role.VIEWER) -> Batch:
    return access.one_of(request.user, batch_reads.batches(), batch_id, through=THROUGH, at_least=at_least)


def batch_answer(batch: Batch) -> dict[str, Any]:
    return BatchSerializer(batch_reads.with_progress([batch])[0]).data


@extend_schema(operation_id="create_batch", tags=["label"], request=BatchInSerializer, responses={201: BatchSerializer})
def create_batch(request: Request) -> Response:
    """Send a slice, or images, to Label at the newest revision: one task per image."""
    given = validated(BatchInSerializer, request.data)
    dataset = batch_reads.dataset_meant(slice_id=given.get("slice"), image_ids=given.get("images"))
    access.check(request.user, dataset.project_id, Role.REVIEWER)
    new = batch_services.NewBatch(
        name=given["name"],
        slice_id=given.get("slice"),
        image_ids=given.get("images"),
        auto_curate_id=given.get("auto_curate"),
        prediction_set_id=given.get("prediction_set"),
        evaluation_id=given.get("evaluation"),
        review=given["review"],
        due=given.get("due"),
        review_share=given["review_share"],
    )
    batch = batch_services.create_batch(dataset=dataset, new=new, by=request.user)
    return Response(batch_answer(batch), status=201)


@extend_schema(
    operation_id="list_batches", tags=["label"], parameters=PAGE_PARAMETERS, responses=page_shape(BatchSerializer)
)
def list_batches(request: Request, dataset_id: int) -> Response:
    """The dataset's batches with their progress, newest first."""
    dataset = dataset_for(request, dataset_id)
    rows, following = newest_first(batch_reads.batches_of(dataset), page_request(request))
    items = BatchSerializer(batch_reads.with_progress(rows), many=True).data
    return Response({"items": items, "next": following})


@extend_schema(operation_id="get_batch", tags=["label"], responses=BatchSerializer)
def get_batch(request: Request, batch_id: int) -> Response:
    return Response(batch_answer(batch_for(request, batch_id)))


@extend_schema(operation_id="change_batch", tags=["label"], request=BatchChangeSerializer, responses=BatchSerializer)
def change_batch(request: Request, batch_id: int) -> Response:
    """Rename a batch, close it or open it again, ask for review or not."""
    batch = batch_for(request, batch_id, Role.REVIEWER)
    given = validated(BatchChangeSerializer, request.data, partial=True)
    return Response(batch_answer(batch_services.update_batch(batch=batch, by=request.user, **given)))


@extend_schema(
    operation_id="list_tasks",
    tags=["label"],
    parameters=TASK_PARAMETERS,
    responses=page_shape(TaskRowSerializer),
)
def list_tasks(request: Request, batch_id: int) -> HttpResponseBase:
    """The batch's tasks in their order."""
    batch = batch_for(request, batch_id)
    given = validated_query(TaskFilterSerializer, request)
    shapes = given.pop("shapes", False)
    wanted = page_request(request, default=100)
    after = only_number(wanted.after) if wanted.after is not None else None
    rows = task_reads.tasks_of(batch, wanted=task_grid.TaskFilter(**given), after=after)
    page, following = cut_page(list(rows[: wanted.fetch]), wanted, lambda task: [task.position])
    seen = rows_seen_by(task_reads.with_counts(batch, page), request.user)
    items = [task_row(task) for task in (task_grid.with_shapes(seen) if shapes else seen)]
    return quick_response({"items": items, "next": following})


@extend_schema(operation_id="claim_next_task", tags=["label"], request=None, responses=NextTaskSerializer)
def claim_next_task(request: Request, batch_id: int) -> Response:
    """Take a task that nobody has begun, your own first; `task` is null when there is none. Two never get the same."""
    batch = batch_for(request, batch_id)
    task = batch_services.claim_next_task(batch=batch, by=request.user)
    return Response({"task": task.pk if task else None})
