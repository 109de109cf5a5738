"""A batch's suggestions as a grid of crops over HTTP: pages, counts, many decisions at once."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, page_request, page_shape
from accounts.problems import BadInput, validated, validated_query
from curate.models import Suggestion
from dataset.api.shapes import BoxField
from dataset.selectors.images import crop_url, file_url
from label.api.batches import batch_for
from label.api.shapes import TaskSuggestionSerializer
from label.proposals import GridAnswer
from label.selectors.suggestion_grid import (
    Shown,
    accepted_before,
    decided_images,
    grid_counts,
    grid_page,
    tasks_by_image,
    view_of,
)
from label.services import deciding as services

MOST = 500  # decisions in one call

FILTERS = [
    OpenApiParameter("kind", str, enum=Suggestion.Kind.values),
    OpenApiParameter("class_id", int, description="What the box would become; of a spurious one, what it is"),
    OpenApiParameter("verdict", str, enum=Suggestion.Verdict.values),
    OpenApiParameter("smallest_score", float),
]


class GridFilterSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices, required=False)
    class_id = serializers.IntegerField(required=False)
    verdict = serializers.ChoiceField(choices=Suggestion.Verdict.choices, required=False)
    smallest_score = serializers.FloatField(required=False, min_value=0, max_value=1)


class GridSuggestionSerializer(TaskSuggestionSerializer):
    """A suggestion for an image of the batch, with the task of that image."""

    task = serializers.SerializerMethodField()
    view = serializers.SerializerMethodField(help_text="The part of the image that `crop` shows, xyxy pixels")
    crop = serializers.SerializerMethodField()
    file = serializers.SerializerMethodField(help_text="The whole image")

    class Meta(TaskSuggestionSerializer.Meta):
        fields = [*TaskSuggestionSerializer.Meta.fields, "task", "view", "crop", "file"]

    def get_task(self, suggestion: Suggestion) -> int:
        tasks: dict[int, int] = self.context["tasks"]
        return tasks[suggestion.image_id]

    @extend_schema_field(BoxField())
    def get_view(self, suggestion: Suggestion) -> list[float]:
        return [float(side) for side in view_of(suggestion)]

    def get_crop(self, suggestion: Suggestion) -> str:
        return crop_url("suggestions", suggestion.pk, suggestion.image.sha256)

    def get_file(self, suggestion: Suggestion) -> str:
        return file_url(suggestion.image_id, suggestion.image.sha256)


class KindCountSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices)
    count = serializers.IntegerField()


class ClassCountSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    count = serializers.IntegerField()


class ShareIntervalSerializer(serializers.Serializer):
    """Wilson's 95 % interval of a share."""

    low = serializers.FloatField()
    high = serializers.FloatField()


class RightSoFarSerializer(serializers.Serializer):
    """How often a kind of suggestion was right so far in this batch."""

    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices)
    decided = serializers.IntegerField()
    pending = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    interval = ShareIntervalSerializer(allow_null=True)


class GridCountsSerializer(serializers.Serializer):
    """Each count leaves its own filter out, so that it says what another choice would show."""

    shown = serializers.IntegerField()
    pending = serializers.IntegerField(help_text="Open in the whole batch")
    total = serializers.IntegerField(help_text="In the whole batch")
    to_finish = serializers.IntegerField(help_text="Unfinished tasks whose suggestions are all decided")
    not_carried_out = serializers.IntegerField(
        help_text="Accepted outside the batch, on images that nobody has worked on here: they changed no box yet"
    )
    kinds = KindCountSerializer(many=True)
    classes = ClassCountSerializer(many=True)
    scores = serializers.ListField(child=serializers.IntegerField(), help_text="20 equal parts of 0 to 1")
    right = RightSoFarSerializer(many=True)


class DecisionInSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="The suggestion's")
    verdict = serializers.ChoiceField(choices=Suggestion.Verdict.choices)
    class_id = serializers.IntegerField(
        required=False, allow_null=True, help_text="With `corrected`: the class that it is"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("class_id") is not None and attrs["verdict"] != Suggestion.Verdict.CORRECTED:
            raise serializers.ValidationError({"class_id": "Only the verdict corrected has a class of its own."})
        return attrs


class DecisionsInSerializer(serializers.Serializer):
    decisions = serializers.ListField(child=DecisionInSerializer(), min_length=1, max_length=MOST)


class LeftAsItIsSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="The suggestion's")
    left_because = serializers.ChoiceField(
        choices=["gone", "changed", "finished", "several"],
        help_text="The box is gone, somebody changed it by hand, a reviewer passed the task, or several label it",
    )


class DecisionsSerializer(serializers.Serializer):
    decided = serializers.ListField(child=serializers.IntegerField(), help_text="Suggestions whose verdict is stored")
    left = LeftAsItIsSerializer(many=True)


class FinishedSerializer(serializers.Serializer):
    finished = serializers.IntegerField()
    still = serializers.IntegerField(help_text="Tasks that another call would finish")
    lacking = serializers.IntegerField(help_text="Tasks left because a box lacks what its class requires")
    unanswered = serializers.IntegerField(help_text="Tasks left because an issue waits for an answer")


def shown_by(request: Request) -> Shown:
    return Shown(**validated_query(GridFilterSerializer, request))


@extend_schema(
    operation_id="list_batch_suggestions",
    tags=["label"],
    parameters=[*FILTERS, *PAGE_PARAMETERS],
    responses=page_shape(GridSuggestionSerializer),
)
def list_suggestions(request: Request, batch_id: int) -> Response:
    """The suggestions for the batch's images, the most certain first."""
    batch, shown = batch_for(request, batch_id), shown_by(request)
    rows, following = grid_page(batch, shown, page_request(request))
    items = GridSuggestionSerializer(rows, many=True, context={"tasks": tasks_by_image(batch, rows)}).data
    return Response({"items": items, "next": following})


@extend_schema(
    operation_id="count_batch_suggestions", tags=["label"], parameters=FILTERS, responses=GridCountsSerializer
)
def count_suggestions(request: Request, batch_id: int) -> Response:
    """How many suggestions there are by kind, class and score, and how often each kind was right so far."""
    batch, shown = batch_for(request, batch_id), shown_by(request)
    states = {"to_finish": len(decided_images(batch)), "not_carried_out": accepted_before(batch).count()}
    return Response(grid_counts(batch, shown) | states)


@extend_schema(
    operation_id="decide_batch_suggestions",
    tags=["label"],
    request=DecisionsInSerializer,
    responses=DecisionsSerializer,
)
def decide_suggestions(request: Request, batch_id: int) -> Response:
    """Give verdicts and carry them out in the working copies; what was changed by hand meanwhile is `left`."""
    batch = batch_for(request, batch_id, Role.LABELLER)
    given = validated(DecisionsInSerializer, request.data)["decisions"]
    answers = {one["id"]: GridAnswer(one["verdict"], one.get("class_id")) for one in given}
    if len(answers) != len(given):
        raise BadInput("A suggestion is named twice.", errors={"decisions": ["Each suggestion once."]})
    return Response(decided(services.decide_in_batch(batch=batch, answers=answers, by=request.user)))


@extend_schema(operation_id="carry_out_accepted", tags=["label"], request=None, responses=DecisionsSerializer)
def carry_accepted(request: Request, batch_id: int) -> Response:
    """Carry out what was accepted before the images came to Label; up to 200 images at once."""
    batch = batch_for(request, batch_id, Role.LABELLER)
    return Response(decided(services.carry_accepted(batch=batch, by=request.user)))


def decided(result: services.Decided) -> dict[str, Any]:
    left = [{"id": pk, "left_because": cause} for pk, cause in sorted(result.left.items())]
    return {"decided": sorted(result.decided), "left": left}


@extend_schema(operation_id="finish_decided_tasks", tags=["label"], request=None, responses=FinishedSerializer)
def finish_decided(request: Request, batch_id: int) -> Response:
    """Hand in the tasks whose suggestions are all decided, up to 200 at once."""
    batch = batch_for(request, batch_id, Role.LABELLER)
    done = services.finish_decided(batch=batch, by=request.user)
    still = len(decided_images(batch)) - done.lacking - done.unanswered if done.finished else 0
    return Response(asdict(done) | {"still": still})
