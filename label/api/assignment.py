"""Giving tasks to people over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.people import PersonSerializer
from accounts.models import Role, User
from accounts.problems import validated
from label.api.batches import batch_for
from label.models import Task
from label.selectors.people import UNFINISHED, labellers
from label.services import assignment

MOST_PARTS = 200
MOST_TASKS = 200_000


class BatchPersonSerializer(serializers.Serializer):
    """A person who can be given tasks of the batch."""

    person = PersonSerializer()
    role = serializers.ChoiceField(choices=Role.choices)
    tasks = serializers.IntegerField(help_text="Of the batch, with them and not finished")
    finished = serializers.IntegerField(help_text="Of the batch, theirs")
    seconds = serializers.FloatField(
        allow_null=True, help_text="Median of a finished task of the project; null where fewer than three were timed"
    )


class TaskPartSerializer(serializers.Serializer):
    """Which tasks, and whose they become. What is given narrows; without anything it is all that is not finished."""

    tasks = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=MOST_TASKS)
    first = serializers.IntegerField(required=False, min_value=0, help_text="Position of the first; 0 is the batch's")
    last = serializers.IntegerField(required=False, min_value=0, help_text="Position of the last")
    states = serializers.ListField(
        child=serializers.ChoiceField(choices=Task.State.choices), required=False, help_text="Else not finished ones"
    )
    of = serializers.IntegerField(required=False, min_value=0, help_text="Only this person's; 0: only nobody's")
    most = serializers.IntegerField(required=False, min_value=0, help_text="Only the first so many of these")
    people = serializers.ListField(
        child=serializers.IntegerField(),
        required=False,
        max_length=500,
        help_text="Whose they become; empty: nobody's; left out: they stay whose they are",
    )
    by_speed = serializers.BooleanField(required=False, help_text="More to who is faster, not the same to everybody")
    blocks = serializers.BooleanField(required=False, help_text="Neighbours to one person, not dealt in turns")
    due = serializers.DateField(required=False, allow_null=True, help_text="Null: the batch's; left out: as it is")


class AssignmentInSerializer(serializers.Serializer):
    parts = serializers.ListField(child=TaskPartSerializer(), max_length=MOST_PARTS)
    preview = serializers.BooleanField(default=False, help_text="Only say what would be")


class AssignedToSerializer(serializers.Serializer):
    person = PersonSerializer(allow_null=True)
    tasks = serializers.IntegerField()


class AssignedSerializer(serializers.Serializer):
    tasks = serializers.IntegerField()
    people = AssignedToSerializer(many=True)


class AssignmentSerializer(serializers.Serializer):
    parts = AssignedSerializer(many=True)


@extend_schema(operation_id="list_labellers", tags=["label"], responses=BatchPersonSerializer(many=True))
def list_labellers(request: Request, batch_id: int) -> Response:
    """Who can be given tasks of the batch, with how many they have and how long one takes them."""
    batch = batch_for(request, batch_id)
    return Response(BatchPersonSerializer(labellers(batch), many=True).data)


@extend_schema(
    operation_id="assign_parts", tags=["label"], request=AssignmentInSerializer, responses=AssignmentSerializer
)
def assign_parts(request: Request, batch_id: int) -> Response:
    """Give parts of the batch to people, all or none; with `preview` say what would be. Reviewers and above."""
    batch = batch_for(request, batch_id, Role.REVIEWER)
    given = validated(AssignmentInSerializer, request.data)
    parts = [part_of(part) for part in given["parts"]]
    done = assignment.assign_parts(batch=batch, parts=parts, by=request.user, preview=given["preview"])
    return Response({"parts": answers_of(done)})


def part_of(given: dict[str, Any]) -> assignment.TaskPart:
    return assignment.TaskPart(**{"states": UNFINISHED} | given, set_due="due" in given)


def answers_of(done: list[assignment.AssignedPart]) -> list[dict[str, Any]]:
    known = User.objects.in_bulk({pk for one in done for pk in one.people if pk is not None})
    rows = [
        {
            "tasks": one.tasks,
            "people": [{"person": known.get(pk or 0), "tasks": count} for pk, count in one.people.items()],
        }
        for one in done
    ]
    return list(AssignedSerializer(rows, many=True).data)
