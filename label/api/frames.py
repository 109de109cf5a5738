"""Sequences over HTTP: the frames around a task with their tracks, and saving several of them together."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.pages import quick_response
from accounts.problems import BadInput, validated
from dataset.api.shapes import ImageBriefSerializer
from label.api.batches import batch_for
from label.api.plain_saves import LONGEST_ID
from label.api.tasks import PresentBoxSerializer, TaskBoxSerializer, task_answer, task_for
from label.models import Task
from label.quality.copies import as_seen_by, work_seen_by
from label.selectors.frames import frames_around
from label.services.frames import FrameChange
from label.services.frames import save_frames as save
from label.services.tasks import TaskChanged

MOST_CHANGED = 300  # frames in one call


class FrameSerializer(serializers.Serializer):
    """A frame of a sequence. `boxes` are those that are of a track: that have an attribute `track`."""

    task = serializers.IntegerField()
    image = ImageBriefSerializer()
    state = serializers.ChoiceField(choices=Task.State.choices)
    version = serializers.IntegerField()
    boxes = PresentBoxSerializer(many=True)


class SequenceSerializer(serializers.Serializer):
    sequence = serializers.CharField(help_text="Empty: the image is of none")
    first = serializers.IntegerField(help_text="Place of the first of `frames` in the sequence")
    total = serializers.IntegerField()
    frames = FrameSerializer(many=True)


class FrameChangeSerializer(serializers.Serializer):
    task = serializers.IntegerField()
    version = serializers.IntegerField(min_value=0, help_text="That the change was made on")
    put = TaskBoxSerializer(many=True, required=False, help_text="A box whose id is there replaces it")
    remove = serializers.ListField(child=serializers.CharField(max_length=LONGEST_ID), required=False)


class FramesInSerializer(serializers.Serializer):
    frames = serializers.ListField(child=FrameChangeSerializer(), min_length=1, max_length=MOST_CHANGED)


class FrameSavedSerializer(serializers.Serializer):
    task = serializers.IntegerField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Task.State.choices)


class FramesSavedSerializer(serializers.Serializer):
    frames = FrameSavedSerializer(many=True)


@extend_schema(operation_id="get_sequence", tags=["label"], responses=SequenceSerializer)
def get_sequence(request: Request, task_id: int) -> HttpResponseBase:
    """The frames of the task's sequence that are in its batch, up to 2,000 around it."""
    found = frames_around(task_for(request, task_id), lambda tasks: work_seen_by(tasks, request.user))
    return quick_response({name: getattr(found, name) for name in ("sequence", "first", "total", "frames")})


@extend_schema(operation_id="save_frames", tags=["label"], request=FramesInSerializer, responses=FramesSavedSerializer)
def save_frames(request: Request, batch_id: int) -> Response:
    """Put boxes into several frames, or take them out, all or none. 412 with `current` and `changed` as save_task."""
    batch = batch_for(request, batch_id, Role.LABELLER)
    given = validated(FramesInSerializer, request.data)["frames"]
    changes = [_change(one) for one in given]
    if len({change.task_id for change in changes}) != len(changes):
        raise BadInput("A task is named twice.", errors={"frames": ["Each task once."]})
    try:
        saved = save(batch=batch, changes=changes, by=request.user)
    except TaskChanged as problem:
        problem.extra["current"] = task_answer(as_seen_by(problem.task, request.user))
        raise
    frames = [{"task": pk, "version": one.version, "state": one.state} for pk, one in saved.items()]
    return Response({"frames": frames})


def _change(given: dict[str, Any]) -> FrameChange:
    return FrameChange(given["task"], given["version"], given.get("put", ()), given.get("remove", ()))
