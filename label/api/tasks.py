"""Tasks over HTTP: what the editor reads, and how it saves."""

from dataclasses import asdict
from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.problems import BadInput, validated
from dataset.api.finer_shapes import ShapeJsonField
from dataset.api.image_labels import ImageTagsField
from dataset.api.shapes import (
    AttributeSerializer,
    BoxField,
    DatasetClassSerializer,
    ImageBriefSerializer,
    MetadataField,
    ShapeSerializer,
)
from dataset.importing.ignoring import WORDS
from label.api.plain_saves import LONGEST_ID, MOST_BOXES, PROVENANCES, VERDICTS, plain_save
from label.api.shapes import TaskSuggestionSerializer
from label.assists.shapes import AssistToldSerializer
from label.models import Task
from label.quality.copies import as_seen_by
from label.quality.copy_saves import save_work
from label.quality.sittings import KINDS, MOST_STEPS
from label.selectors import tasks as reads
from label.services import tasks as services
from label.services.tasks import Save, TaskChanged

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The `version` that the changes were made on"
)


@extend_schema_field(MetadataField())
class AttributesField(serializers.DictField):
    """Free values by name."""


class TaskBoxSerializer(serializers.Serializer):
    """`id` is o and an object's number, or n and a key of the client's own for a new box."""

    id = serializers.CharField(max_length=LONGEST_ID)
    object_id = serializers.IntegerField(required=False, allow_null=True)
    class_id = serializers.IntegerField()
    box = BoxField()
    attributes = AttributesField(required=False)
    ignore = serializers.ChoiceField(choices=list(WORDS), required=False)
    provenance = serializers.ChoiceField(choices=PROVENANCES, required=False)
    shape = ShapeJsonField(
        required=False, allow_null=True, help_text="Left out it moves with its box; null: there is none any more"
    )


class PresentBoxSerializer(TaskBoxSerializer):
    """A box as the editor reads it: nothing is left out."""

    object_id = serializers.IntegerField(allow_null=True)
    attributes = AttributesField()
    ignore = serializers.ChoiceField(choices=list(WORDS))
    provenance = serializers.ChoiceField(choices=PROVENANCES)


class VerdictSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="The suggestion's")
    verdict = serializers.ChoiceField(choices=VERDICTS)


class StepSerializer(serializers.Serializer):
    """One thing done, with the time since the one before."""

    kind = serializers.ChoiceField(choices=KINDS)
    class_id = serializers.IntegerField(required=False, allow_null=True, default=None)
    seconds = serializers.FloatField(min_value=0, max_value=services.LONGEST_SITTING)


class SittingSerializer(serializers.Serializer):
    """The time since the task was opened, always told whole under the same key: sent twice it counts once."""

    key = serializers.RegexField(r"^[0-9A-Za-z]+$", max_length=40)
    seconds = serializers.FloatField(min_value=0, max_value=services.LONGEST_SITTING)
    steps = StepSerializer(many=True, required=False)

    def validate_steps(self, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(steps) > MOST_STEPS:
            raise serializers.ValidationError(f"A sitting may have {MOST_STEPS} steps. Begin another one.")
        return steps


class TaskSaveSerializer(serializers.Serializer):
    """What is left out stays as it is."""

    boxes = TaskBoxSerializer(many=True, required=False)
    state = serializers.ChoiceField(choices=Task.State.choices, required=False)
    active_seconds = serializers.FloatField(required=False, min_value=0, max_value=services.LONGEST_SITTING)
    sitting = SittingSerializer(required=False)
    verdicts = VerdictSerializer(many=True, required=False)
    assists = AssistToldSerializer(many=True, required=False)

    def validate_boxes(self, boxes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(boxes) > MOST_BOXES:
            raise serializers.ValidationError(f"An image may have {MOST_BOXES} boxes.")
        return boxes


class BoxNoteSerializer(serializers.Serializer):
    """What was adjusted about a box before it was saved."""

    id = serializers.CharField()
    note = serializers.CharField()
    box = BoxField()


class TaskSavedSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="For the next save's If-Match")
    state = serializers.ChoiceField(choices=Task.State.choices)
    saved_at = serializers.DateTimeField()
    notes = BoxNoteSerializer(many=True)


class TaskAssignSerializer(serializers.Serializer):
    assignee = serializers.IntegerField(allow_null=True, help_text="A member's user id, or null for nobody")


class GhostSerializer(ShapeSerializer):
    """A prediction shown beside the boxes."""

    score = serializers.FloatField()


class TaskImageSerializer(ImageBriefSerializer):
    file = serializers.CharField()
    metadata = MetadataField()
    sequence = serializers.CharField(help_text="The drive or video that it is a frame of; empty: of none")
    tags = ImageTagsField()


class TaskSerializer(serializers.ModelSerializer[Task]):
    image = TaskImageSerializer(source="present.image")
    assignee = PersonSerializer(allow_null=True)
    reviewer = PersonSerializer(allow_null=True)
    saved_by = PersonSerializer(allow_null=True)
    due = serializers.SerializerMethodField(help_text="The day that counts: its own, else the batch's")
    revision = serializers.IntegerField(source="base", help_text="The revision whose labels the work started from")
    boxes = PresentBoxSerializer(source="present.boxes", many=True)
    suggestions = TaskSuggestionSerializer(source="present.suggestions", many=True)
    predictions = GhostSerializer(source="present.predictions", many=True)
    previous = serializers.IntegerField(source="present.previous", allow_null=True)
    next = serializers.IntegerField(source="present.next", allow_null=True)
    total = serializers.IntegerField(source="present.total", help_text="How many tasks the batch has")
    classes = DatasetClassSerializer(source="batch.dataset.classes", many=True)
    attributes = AttributeSerializer(source="batch.dataset.attributes", many=True)

    class Meta:
        model = Task
        fields = [
            "id", "batch", "image", "state", "version", "assignee", "due", "reviewer", "saved_by", "saved_at",
            "active_seconds", "revision", "boxes", "suggestions", "predictions", "previous", "next", "position",
            "total", "classes", "attributes",
        ]  # fmt: skip

    def get_due(self, task: Task) -> date | None:
        return task.due or task.batch.due


def task_for(request: Request, task_id: int, at_least: Role = Role.VIEWER) -> Task:
    return access.one_of(
        request.user, reads.tasks_with_all(), task_id, through="batch.dataset.project_id", at_least=at_least
    )


def task_answer(task: Task) -> dict[str, Any]:
    return TaskSerializer(reads.as_present(task)).data


@extend_schema(operation_id="get_task", tags=["label"], responses=TaskSerializer)
def get_task(request: Request, task_id: int) -> Response:
    """A task with its boxes, the suggestions and predictions for its image, and the tasks before and after it."""
    return Response(task_answer(as_seen_by(task_for(request, task_id), request.user)))


@extend_schema(
    operation_id="save_task",
    tags=["label"],
    parameters=[IF_MATCH],
    request=TaskSaveSerializer,
    responses={200: TaskSavedSerializer},
)
def save_task(request: Request, task_id: int) -> Response:
    """Save boxes, state, time and verdicts together. 412 with the `current` task where somebody saved meanwhile."""
    rows = reads.tasks_to_save()
    task = access.one_of(request.user, rows, task_id, through="batch.dataset.project_id", at_least=Role.LABELLER)
    version = version_seen(request)
    given = plain_save(request.data, services.LONGEST_SITTING) or validated(TaskSaveSerializer, request.data)
    save = Save(version=version, **given)
    try:
        return Response(asdict(save_work(task=task, save=save, by=request.user)))
    except TaskChanged as problem:
        problem.extra["current"] = task_answer(problem.task)
        raise


def version_seen(request: Request) -> int:
    """The version in If-Match; quoted, as the standard has it, or not."""
    text = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:
        detail = "Say in If-Match which version of the task you saw."
        raise BadInput(detail, errors={"If-Match": [detail]})
    return int(text)


@extend_schema(operation_id="assign_task", tags=["label"], request=TaskAssignSerializer, responses=TaskSerializer)
def assign_task(request: Request, task_id: int) -> Response:
    """Give the task to a member of the project, or to nobody."""
    task = task_for(request, task_id, Role.LABELLER)
    given = validated(TaskAssignSerializer, request.data)
    assigned = services.assign(task=task, assignee_id=given["assignee"], by=request.user)
    return Response(task_answer(as_seen_by(assigned, request.user)))
