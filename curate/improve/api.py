"""The guided loop over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.problems import validated, validated_query
from curate.improve.actions import StepWish, known_step, take_step
from curate.improve.loop import Loop, Stage
from curate.improve.skips import skip_step
from curate.improve.state import MINUTES, ImproveState
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ReasonField
from jobs.api import JobSerializer

VERDICTS = ["proven", "not_shown", "regressed"]


STAGE_NAMES = [stage.value for stage in Stage]


class PointsGainSerializer(serializers.Serializer):
    """A gain in points of mAP (0 to 100) with its 95 % interval."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class LoopRunSerializer(serializers.Serializer):
    """A training by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class StepSourceSerializer(serializers.Serializer):
    """What a number was computed from."""

    kind = serializers.ChoiceField(
        choices=["evaluation", "comparison", "run", "auto_curate", "batch", "learning_curve"]
    )
    id = serializers.IntegerField()
    link = serializers.CharField(help_text="The front end's address")


class ImproveStepSerializer(serializers.Serializer):
    """One step: what it may bring, what it takes, why, and what was not measured yet."""

    step = serializers.CharField()
    class_id = serializers.IntegerField(allow_null=True)
    gain = PointsGainSerializer(allow_null=True, help_text="Null: nobody knows yet")
    at_most = serializers.FloatField(allow_null=True, help_text="Points of mAP, where only a bound is known")
    people_minutes = serializers.FloatField()
    machine_minutes = serializers.FloatField(allow_null=True, help_text="Null: nothing was trained that would tell")
    per_hour = serializers.FloatField(allow_null=True, help_text="Points per hour of people and machine")
    per_people_hour = serializers.FloatField(allow_null=True)
    why = serializers.CharField()
    why_code = serializers.CharField()
    why_params = ReasonField()
    needs = serializers.ListField(child=serializers.CharField(), help_text="What to measure first")
    sources = StepSourceSerializer(many=True)
    by_people = serializers.BooleanField(help_text="Whether it now waits for people in Label")
    possible = serializers.BooleanField()
    skipped = serializers.BooleanField()


class LoopStageSerializer(serializers.Serializer):
    stage = serializers.ChoiceField(choices=STAGE_NAMES)
    state = serializers.ChoiceField(choices=["done", "current", "waiting", "skipped"])


class LoopBaseSerializer(serializers.Serializer):
    """The training that the next step goes on from."""

    run = LoopRunSerializer()
    evaluation = serializers.IntegerField(allow_null=True)
    ap = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    smallest_shown = serializers.FloatField(allow_null=True, help_text="The smallest gain that can be proven")
    revision = serializers.IntegerField()


class LoopBatchSerializer(serializers.Serializer):
    """The work that waits for people."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    tasks = serializers.IntegerField()
    open = serializers.IntegerField()
    minutes = serializers.FloatField()
    link = serializers.CharField()


class ProvenGainSerializer(serializers.Serializer):
    """What the last step brought."""

    comparison = serializers.IntegerField()
    run = LoopRunSerializer()
    against = LoopRunSerializer()
    is_control = serializers.BooleanField(help_text="Whether it is measured against a control, or the run before")
    gain = PointsGainSerializer()
    verdict = serializers.ChoiceField(choices=VERDICTS)


class SkippedStepSerializer(serializers.Serializer):
    step = serializers.CharField()
    class_id = serializers.IntegerField(allow_null=True)


class ImproveSerializer(serializers.Serializer):
    """Where a dataset is in the loop, and what to do next."""

    dataset = serializers.IntegerField()
    minutes = serializers.FloatField(help_text="Of people's time that one step may take")
    stage = serializers.ChoiceField(choices=STAGE_NAMES)
    stages = LoopStageSerializer(many=True)
    round = serializers.IntegerField(help_text="How many trainings have become the base; 0 before the first")
    base = LoopBaseSerializer(allow_null=True)
    job = JobSerializer(allow_null=True, help_text="What is being waited for")
    failed = JobSerializer(allow_null=True, help_text="The newest job, if it failed")
    batch = LoopBatchSerializer(allow_null=True)
    proven = ProvenGainSerializer(allow_null=True)
    next = ImproveStepSerializer(allow_null=True)
    others = ImproveStepSerializer(many=True, help_text="The best first, then what is to be measured")
    skipped = SkippedStepSerializer(many=True)


class ImproveAskedSerializer(serializers.Serializer):
    minutes = serializers.FloatField(default=MINUTES, min_value=1, max_value=6000)


class StepInSerializer(ImproveAskedSerializer):
    class_id = serializers.IntegerField(required=False, allow_null=True)


class SkipInSerializer(serializers.Serializer):
    class_id = serializers.IntegerField(required=False, allow_null=True)
    undo = serializers.BooleanField(default=False)


class StepDoneSerializer(serializers.Serializer):
    """What the machine did: a job to follow, a page to open, or both."""

    job = JobSerializer(allow_null=True)
    link = serializers.CharField(allow_null=True, help_text="The front end's address of what was made")


def improve_answer(loop: Loop, minutes: float = MINUTES) -> dict[str, Any]:
    """The whole state."""
    jobs = {"job": loop.job, "failed": loop.failed}
    return dict(ImproveSerializer({**ImproveState(loop, minutes).as_json(), **jobs}).data)


@extend_schema(
    operation_id="get_improve",
    tags=["curate"],
    parameters=[OpenApiParameter("minutes", float, description="Of people's time that one step may take; 30")],
    responses=ImproveSerializer,
)
def get_improve(request: Request, dataset_id: int) -> Response:
    """Where the dataset is in the loop, the next best step with what it is expected to bring, and the others."""
    dataset = dataset_for(request, dataset_id)
    asked = validated_query(ImproveAskedSerializer, request)
    return Response(improve_answer(Loop(dataset), asked["minutes"]))


@extend_schema(operation_id="take_step", tags=["curate"], request=StepInSerializer, responses={202: StepDoneSerializer})
def post_step(request: Request, dataset_id: int, step: str) -> Response:
    """Do the machine's part of a step: start its job, or make what people are handed. 409 where it is not possible."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(StepInSerializer, request.data)
    wish = StepWish(known_step(step), given.get("class_id"), given["minutes"])
    done = take_step(loop=Loop(dataset), wish=wish, by=request.user)
    return Response(StepDoneSerializer({"job": done.job, "link": done.link or None}).data, status=202)


@extend_schema(operation_id="skip_step", tags=["curate"], request=SkipInSerializer, responses=ImproveSerializer)
def post_skip(request: Request, dataset_id: int, step: str) -> Response:
    """Leave a step out until the next training, or offer it again."""
    dataset = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(SkipInSerializer, request.data)
    loop = Loop(dataset)
    skip_step(loop=loop, step=known_step(step), class_id=given.get("class_id"), undo=given["undo"], by=request.user)
    return Response(improve_answer(loop))
