"""Tasks that several people label over HTTP: asking for them, comparing the copies, deciding."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role, User
from accounts.problems import Conflict, validated
from dataset.api.shapes import BoxField, DatasetClassSerializer, ImageBriefSerializer, ShapeSerializer
from dataset.selectors.images import file_url, image_brief
from label.api.batches import batch_for
from label.api.tasks import IF_MATCH, task_answer, version_seen
from label.models import Task
from label.quality.deciding import MOST_PEOPLE, ask_several, decide
from label.quality.models import Consensus, TaskCopy
from label.quality.settling import together
from label.quality.voting import SeenObject
from label.selectors import tasks as reads
from label.services.tasks import TaskChanged


class SeveralInSerializer(serializers.Serializer):
    people = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE, help_text="1: each task by one person again")
    share = serializers.FloatField(default=1.0, min_value=0.001, max_value=1.0, help_text="Of all tasks")
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)


class SeveralSerializer(serializers.Serializer):
    tasks = serializers.IntegerField(help_text="How many have changed")


class SeveralTaskSerializer(serializers.Serializer):
    task = serializers.IntegerField()
    image = ImageBriefSerializer()
    copies = serializers.IntegerField(help_text="How many people shall label it")
    handed_in = serializers.IntegerField()
    questions = serializers.IntegerField(help_text="On which no vote stands")
    decided = serializers.BooleanField()


class SeveralListSerializer(serializers.Serializer):
    items = SeveralTaskSerializer(many=True)


class SeenBoxSerializer(ShapeSerializer):
    """Somebody's box of the object."""

    person = serializers.IntegerField(help_text="User id")


class SeenSerializer(serializers.Serializer):
    """One object, as each person who saw it drew it, and what the vote says."""

    boxes = SeenBoxSerializer(many=True)
    keep = serializers.BooleanField()
    class_id = serializers.IntegerField()
    box = BoxField()
    overlap = serializers.FloatField(allow_null=True)
    question = serializers.ChoiceField(choices=["presence", "class"], allow_null=True)


class ComparedImageSerializer(ImageBriefSerializer):
    file = serializers.CharField()


class ComparedSerializer(serializers.Serializer):
    """`version` is the task's, for If-Match."""

    task = serializers.IntegerField()
    batch = serializers.IntegerField()
    version = serializers.IntegerField()
    image = ComparedImageSerializer()
    people = PersonSerializer(many=True)
    seen = SeenSerializer(many=True)
    decided = serializers.BooleanField()
    classes = DatasetClassSerializer(many=True)
    next = serializers.IntegerField(allow_null=True, help_text="The next task of the batch with questions")


class AnswerSerializer(serializers.Serializer):
    object = serializers.IntegerField(min_value=0, help_text="Its place in `seen`")
    class_id = serializers.IntegerField(allow_null=True, help_text="null: there is no object")


class DecisionSerializer(serializers.Serializer):
    answers = AnswerSerializer(many=True)


class DecidedSerializer(serializers.Serializer):
    task = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Task.State.choices)
    next = serializers.IntegerField(allow_null=True)


@extend_schema(operation_id="ask_several", tags=["label"], request=SeveralInSerializer, responses=SeveralSerializer)
def ask_several_people(request: Request, batch_id: int) -> Response:
    """Let several people label the same tasks, each for themselves: a drawn share of those that nobody began."""
    batch = batch_for(request, batch_id, Role.REVIEWER)
    given = validated(SeveralInSerializer, request.data)
    return Response({"tasks": ask_several(batch=batch, by=request.user, **given)})


@extend_schema(operation_id="list_several", tags=["label"], responses=SeveralListSerializer)
def list_several(request: Request, batch_id: int) -> Response:
    """The tasks that several people label, those with open questions first."""
    batch = batch_for(request, batch_id, Role.REVIEWER)
    rows = batch.tasks.filter(copies__gt=1).select_related("image", "consensus").prefetch_related("people_copies")
    items = [several_answer(task) for task in rows.order_by("position")]
    return Response({"items": sorted(items, key=lambda one: one["decided"] or not one["questions"])})


def several_answer(task: Task) -> dict[str, Any]:
    found: Consensus | None = getattr(task, "consensus", None)
    handed_in = sum(copy.state in (Task.State.IN_REVIEW, Task.State.DONE) for copy in task.people_copies.all())
    return {
        "task": task.pk,
        "image": image_brief(task.image),
        "copies": task.copies,
        "handed_in": handed_in,
        "questions": found.questions if found else 0,
        "decided": bool(found and found.decided_at),
    }


def compared_task(request: Request, task_id: int) -> Task:
    return access.one_of(
        request.user, reads.tasks_with_all(), task_id, through="batch.dataset.project_id", at_least=Role.REVIEWER
    )


@extend_schema(operation_id="compare_copies", tags=["label"], responses=ComparedSerializer)
def compare_copies(request: Request, task_id: int) -> Response:
    """All copies of a task side by side, once everybody has handed in. For reviewers who are none of these people."""
    task = compared_task(request, task_id)
    found = Consensus.objects.filter(task=task).first()
    own = TaskCopy.objects.filter(task=task, person=request.user).exclude(state=Task.State.SKIPPED)
    if found is None or (own.exists() and not found.decided_at):
        raise Conflict("The copies are shown once everybody has handed in, and to nobody who labelled the task.")
    copies = together(task)
    people = User.objects.in_bulk(copies.people)
    answer = {
        "task": task.pk,
        "batch": task.batch_id,
        "version": task.version,
        "image": image_brief(task.image) | {"file": file_url(task.image_id, task.image.sha256)},
        "people": PersonSerializer([people[one] for one in copies.people], many=True).data,
        "seen": [seen_answer(one) for one in copies.seen],
        "decided": found.decided_at is not None,
        "classes": DatasetClassSerializer(task.batch.dataset.classes.all(), many=True).data,
        "next": next_open(task),
    }
    return Response(answer)


def seen_answer(one: SeenObject) -> dict[str, Any]:
    boxes = [
        {
            "person": person,
            "class_id": box["class_id"],
            "box": box["box"],
            "ignore": box.get("ignore", "no"),
            "shape": box.get("shape"),
        }
        for person, box in one.boxes.items()
    ]
    vote = one.vote
    return {
        "boxes": boxes,
        "keep": vote.keep,
        "class_id": vote.class_id,
        "box": list(vote.box),
        "overlap": one.overlap,
        "question": vote.question,
    }


def next_open(task: Task) -> int | None:
    """The batch's next task with questions, round to the first."""
    rows = Consensus.objects.filter(task__batch=task.batch_id, decided_at=None).exclude(task=task)
    waiting = list(rows.order_by("task__position").values_list("task_id", "task__position"))
    later = [pk for pk, position in waiting if position > task.position]
    return next(iter([*later, *(pk for pk, _ in waiting)]), None)


@extend_schema(
    operation_id="decide_task",
    tags=["label"],
    parameters=[IF_MATCH],
    request=DecisionSerializer,
    responses=DecidedSerializer,
)
def decide_task(request: Request, task_id: int) -> Response:
    """Answer what the votes left open, which makes the task's boxes. 409 names the objects left in `unresolved`."""
    task = compared_task(request, task_id)
    version = version_seen(request)
    given = validated(DecisionSerializer, request.data)
    answers = {one["object"]: one["class_id"] for one in given["answers"]}
    try:
        task = decide(task=task, version=version, answers=answers, by=request.user)
    except TaskChanged as problem:
        problem.extra["current"] = task_answer(problem.task)
        raise
    return Response({"task": task.pk, "state": task.state, "next": next_open(task)})
