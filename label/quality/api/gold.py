"""Gold tasks over HTTP: for managers alone, so that nobody who is tested can tell."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.problems import validated
from dataset.api.shapes import ImageBriefSerializer
from dataset.selectors.images import image_brief
from label.api.batches import batch_for
from label.quality.gold import MOST_SHARE, GoldWish, mix_in_gold, release_gold
from label.quality.models import GoldTask


class GoldInSerializer(serializers.Serializer):
    """Exactly one of `slice` and `images` says of which images the present labels are right."""

    slice = serializers.IntegerField(required=False, allow_null=True)
    images = serializers.ListField(child=serializers.IntegerField(), required=False, allow_null=True, max_length=20_000)
    share = serializers.FloatField(default=0.05, min_value=0.001, max_value=MOST_SHARE)
    start = serializers.ChoiceField(choices=["planted", "empty", "as_is"], required=False, allow_null=True)
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)


class GoldMixedSerializer(serializers.Serializer):
    inside = serializers.IntegerField(help_text="Tasks of the batch that test people from now on")
    added = serializers.IntegerField(help_text="Tasks of further images")
    share = serializers.FloatField(help_text="Of all tasks that are gold now")
    start = serializers.ChoiceField(choices=["planted", "empty", "as_is"])


class GoldMarkSerializer(serializers.Serializer):
    person = PersonSerializer()
    right = serializers.IntegerField()
    wrong_class = serializers.IntegerField()
    missed = serializers.IntegerField()
    extra = serializers.IntegerField()
    overlap = serializers.FloatField(allow_null=True)


class GoldTaskSerializer(serializers.Serializer):
    task = serializers.IntegerField()
    image = ImageBriefSerializer()
    state = serializers.CharField()
    withheld = serializers.BooleanField(help_text="Whether its work stays out of merges")
    source = serializers.ChoiceField(choices=["slice", "hand"])
    objects = serializers.IntegerField(help_text="That are right")
    results = GoldMarkSerializer(many=True)


class GoldListSerializer(serializers.Serializer):
    items = GoldTaskSerializer(many=True)


class GoldReleaseSerializer(serializers.Serializer):
    tasks = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=20_000)


class GoldReleasedSerializer(serializers.Serializer):
    released = serializers.IntegerField()


@extend_schema(operation_id="list_gold_tasks", tags=["label"], responses=GoldListSerializer)
def list_gold_tasks(request: Request, batch_id: int) -> Response:
    """The tasks that test people, and how each fared. Managers and above."""
    batch = batch_for(request, batch_id, Role.MANAGER)
    rows = GoldTask.objects.filter(task__batch=batch).select_related("task__image").order_by("task__position")
    return Response({"items": [gold_answer(row) for row in rows.prefetch_related("results__person")]})


def gold_answer(row: GoldTask) -> dict[str, object]:
    return {
        "task": row.task_id,
        "image": image_brief(row.task.image),
        "state": row.task.state,
        "withheld": row.task.withheld,
        "source": row.source,
        "objects": sum(box.get("ignore", "no") == "no" for box in row.truth),
        "results": GoldMarkSerializer(row.results.all(), many=True).data,
    }


@extend_schema(
    operation_id="mix_in_gold", tags=["label"], request=GoldInSerializer, responses={201: GoldMixedSerializer}
)
def mix_in_gold_tasks(request: Request, batch_id: int) -> Response:
    """Let a share of the batch's tasks test people on images whose labels are right."""
    batch = batch_for(request, batch_id, Role.MANAGER)
    given = validated(GoldInSerializer, request.data)
    wish = GoldWish(given.get("slice"), given.get("images"), given["share"], given.get("start"), given["seed"])
    return Response(asdict(mix_in_gold(batch=batch, wish=wish, by=request.user)), status=201)


@extend_schema(
    operation_id="release_gold", tags=["label"], request=GoldReleaseSerializer, responses=GoldReleasedSerializer
)
def release_gold_tasks(request: Request, batch_id: int) -> Response:
    """Make ordinary tasks of gold ones, all or `tasks`: work on them is then merged like any other."""
    batch = batch_for(request, batch_id, Role.MANAGER)
    given = validated(GoldReleaseSerializer, request.data)
    return Response({"released": release_gold(batch=batch, task_ids=given.get("tasks"), by=request.user)})
