"""The plan of a review over HTTP."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.problems import BadInput
from curate.autocurate.api import auto_curate_for
from curate.autocurate.forecast import MINUTES, forecast_of
from curate.autocurate.review import review_plan
from curate.autocurate.second_round import second_round_of
from curate.models import Suggestion
from curate.query.request import number_named

LONGEST = 10_000.0  # minutes


class RefittedRateSerializer(serializers.Serializer):
    """How frequent a kind of error is, as the verdicts so far have it."""

    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices)
    share = serializers.FloatField(help_text="Of the labels, or (missing) of the detections without a label")
    known = serializers.BooleanField(help_text="False: only bounded; chances of this kind stay below one half")
    decided = serializers.IntegerField()


class ExpectedSerializer(serializers.Serializer):
    """How many of the likeliest open suggestions are right, with a 95 % interval."""

    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices, allow_null=True, help_text="Null: all kinds")
    suggestions = serializers.IntegerField()
    right = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class StopSerializer(serializers.Serializer):
    """How many open suggestions are worth a look; past them fewer than `worth` of the looks find an error."""

    suggestions = serializers.IntegerField()
    minutes = serializers.FloatField()
    right = serializers.FloatField(help_text="Expected among them")
    worth = serializers.FloatField()
    seconds = serializers.FloatField(help_text="A look takes: the median so far, or 5")


class ReviewPlanSerializer(serializers.Serializer):
    first = serializers.IntegerField(help_text="Suggestions that teach most about the rates; list them with first=true")
    first_left = serializers.IntegerField(help_text="Of these still open")
    rates = RefittedRateSerializer(many=True)
    next = ExpectedSerializer(many=True)
    looked_ahead = serializers.IntegerField(help_text="How many suggestions `next` is about at most")
    stop = StopSerializer()


class EstimateSerializer(serializers.Serializer):
    """A figure with its 95 % interval."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class ReviewSecondsSerializer(serializers.Serializer):
    decide = serializers.FloatField()
    redraw = serializers.FloatField()
    open_image = serializers.FloatField()
    measured_in = serializers.ChoiceField(choices=["dataset", "project", "default"], help_text="default: nowhere")
    tasks = serializers.IntegerField(help_text="Whose time was measured")


class CostsSerializer(serializers.Serializer):
    evaluation = serializers.IntegerField(
        allow_null=True, help_text="By whose error budget errors are weighed; null: as measured on generated scenes"
    )


class FurtherImagesSerializer(serializers.Serializer):
    images = serializers.IntegerField()
    smallest = serializers.FloatField()


class ShownGainSerializer(serializers.Serializer):
    """The smallest gain in mAP that there are validation images to show."""

    evaluation = serializers.IntegerField()
    name = serializers.CharField()
    slice = serializers.CharField(allow_null=True)
    images = serializers.IntegerField()
    smallest = serializers.FloatField()
    more = FurtherImagesSerializer(
        help_text="So many more would lower it so far: it falls with the images' square root"
    )


class CameSerializer(serializers.Serializer):
    """What came so far, and what was promised for as many minutes before the first verdict."""

    minutes = serializers.FloatField()
    looks = serializers.IntegerField()
    mended = serializers.IntegerField()
    promised = EstimateSerializer(allow_null=True, help_text="Null: nothing was promised")


class ForecastSerializer(serializers.Serializer):
    """What so many minutes of review will bring from now on."""

    minutes = serializers.FloatField()
    looks = serializers.IntegerField(help_text="Suggestions answered")
    images = serializers.IntegerField(help_text="Images opened")
    seconds_used = serializers.FloatField()
    mended = EstimateSerializer(help_text="Errors mended in that time")
    gain = EstimateSerializer(help_text="mAP from 0 to 1, as the costs have it")
    errors_in_all = EstimateSerializer(help_text="Found or not, mended or not")
    seconds = ReviewSecondsSerializer()
    costs = CostsSerializer()
    shown = ShownGainSerializer(allow_null=True, help_text="Null: no evaluation says what can be shown")
    came = CameSerializer(allow_null=True, help_text="Null before the first verdict")


class SecondRoundSerializer(serializers.Serializer):
    """What another search could find, with judges that learn the corrected labels."""

    pays = serializers.BooleanField()
    why = serializers.ChoiceField(
        choices=["it_pays", "no_verdict", "not_corrected", "weak_judge", "few_left", "poor_precision"]
    )
    left = EstimateSerializer(help_text="Errors in all without those mended")
    expected = EstimateSerializer(help_text="Of these, as many as were found of planted ones")
    per_hour = serializers.FloatField(help_text="Errors mended in an hour of its review")
    revision = serializers.IntegerField(help_text="That it would look at")


class ReviewSerializer(serializers.Serializer):
    plan = ReviewPlanSerializer(allow_null=True, help_text="Null: the run kept no rates")
    forecast = ForecastSerializer(allow_null=True, help_text="Null: the run kept no rates")
    second_round = SecondRoundSerializer(allow_null=True, help_text="Null: the run kept no rates")


@extend_schema(
    operation_id="get_review_plan",
    tags=["curate"],
    parameters=[OpenApiParameter("minutes", float, description="Of review to forecast; 30")],
    responses=ReviewSerializer,
)
def get_review_plan(request: Request, auto_curate_id: int) -> Response:
    """What the verdicts so far taught, what some minutes of review will bring, and when to stop."""
    run = auto_curate_for(request, auto_curate_id)
    minutes = number_named(request, "minutes", MINUTES)
    if not 0 < minutes <= LONGEST:
        sentence = f"minutes is more than 0 and at most {LONGEST:g}; not {minutes:g}."
        raise BadInput(sentence, errors={"minutes": [sentence]})
    parts = {"forecast": forecast_of(run, minutes), "second_round": second_round_of(run)}
    return Response({"plan": review_plan(run), **parts})
