"""The plan of a review over HTTP."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curate.autocurate.api import auto_curate_for
from curate.autocurate.review import review_plan
from curate.models import Suggestion


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


class ReviewSerializer(serializers.Serializer):
    plan = ReviewPlanSerializer(allow_null=True, help_text="Null: the run kept no rates")


@extend_schema(operation_id="get_review_plan", tags=["curate"], responses=ReviewSerializer)
def get_review_plan(request: Request, auto_curate_id: int) -> Response:
    """What the verdicts so far taught, what the next suggestions will bring, and when to stop."""
    return Response({"plan": review_plan(auto_curate_for(request, auto_curate_id))})
