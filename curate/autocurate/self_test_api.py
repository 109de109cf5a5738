"""The self-test of the finder over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.problems import BadInput, validated
from curate.autocurate import self_test as services
from curate.autocurate.api import auto_curate_for
from curate.models import Suggestion
from jobs.api import JobSerializer
from jobs.models import Job
from science.autocurate.self_test import MOST, RATES

Kind = Suggestion.Kind


class PlantedRatesSerializer(serializers.Serializer):
    """Of the labels; a kind that is left out is planted as often as by default, 0 leaves it out."""

    wrong_class = serializers.FloatField(required=False, min_value=0, max_value=MOST)
    missing = serializers.FloatField(required=False, min_value=0, max_value=MOST)
    spurious = serializers.FloatField(required=False, min_value=0, max_value=MOST)
    badly_drawn = serializers.FloatField(required=False, min_value=0, max_value=MOST)

    def to_internal_value(self, data: Any) -> Any:
        """A kind that is misspelt would else be planted as often as by default."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            known = ", ".join(self.fields)
            raise serializers.ValidationError({unknown[0]: [f"There is no such kind of error; the kinds are {known}."]})
        return super().to_internal_value(data)


class SelfTestInSerializer(serializers.Serializer):
    rates = PlantedRatesSerializer(required=False)
    retrain = serializers.BooleanField(
        default=False, help_text="Train the judges on the planted labels: takes as long as the search did"
    )
    hard = serializers.BooleanField(
        default=False, help_text="Plant errors where the judges are unsure too, as people err; else anywhere"
    )
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)


class ShareOfSerializer(serializers.Serializer):
    """How many of how many, with Wilson's 95 % interval; null of none."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class FoundOfKindSerializer(ShareOfSerializer):
    kind = serializers.ChoiceField(choices=Kind.choices, allow_null=True, help_text="Of planted error; null: all")


class FoundOfClassSerializer(ShareOfSerializer):
    class_id = serializers.IntegerField()


class KeptPrecisionSerializer(ShareOfSerializer):
    kind = serializers.ChoiceField(choices=Kind.choices, allow_null=True, help_text="Suggested; null: all")
    promised = serializers.FloatField(allow_null=True, help_text="Mean score of the same suggestions")


class SelfTestCutSerializer(serializers.Serializer):
    """What the suggestions found that so many minutes of review get to, or whose score is at least so high."""

    by = serializers.ChoiceField(choices=["minutes", "score"])
    value = serializers.FloatField()
    looks = serializers.IntegerField()
    unknown = serializers.IntegerField(
        help_text="Of the looks: not planted, and suggested of the labels as they are too; neither right nor wrong"
    )
    found = FoundOfKindSerializer(many=True)
    classes = FoundOfClassSerializer(many=True, help_text="By the true class")
    precision = KeptPrecisionSerializer(many=True)


class PlantedCountsSerializer(serializers.Serializer):
    wrong_class = serializers.IntegerField()
    missing = serializers.IntegerField()
    spurious = serializers.IntegerField()
    badly_drawn = serializers.IntegerField()


class SelfTestResultSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    rates = PlantedRatesSerializer()
    retrain = serializers.BooleanField()
    hard = serializers.BooleanField()
    seed = serializers.IntegerField()
    images = serializers.IntegerField()
    planted = PlantedCountsSerializer()
    cuts = SelfTestCutSerializer(many=True)


class SelfTestSerializer(serializers.Serializer):
    job = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=Job.State.choices, allow_null=True, help_text="Of the newest test's job")
    result = SelfTestResultSerializer(allow_null=True, help_text="Of the newest test that ended well")


@extend_schema(
    operation_id="start_self_test",
    tags=["curate"],
    request=SelfTestInSerializer,
    responses={202: JobSerializer},
)
def start_self_test(request: Request, auto_curate_id: int) -> Response:
    """Plant errors in a copy of the labels that the run looked at, and see which of them it finds. Writes no label."""
    run = auto_curate_for(request, auto_curate_id)
    given = validated(SelfTestInSerializer, request.data)
    rates = {**{kind.value: rate for kind, rate in RATES.items()}, **given.get("rates", {})}
    if not 0 < sum(rates.values()) <= MOST:
        sentence = f"The rates are more than 0 and at most {MOST} together; not {sum(rates.values()):g}."
        raise BadInput(sentence, errors={"rates": [sentence]})
    wish = services.SelfTestWish.of({**given, "rates": rates})
    job = services.start_self_test(run=run, wish=wish, by=request.user)
    return Response(JobSerializer(job).data, status=202)


@extend_schema(operation_id="get_self_test", tags=["curate"], responses=SelfTestSerializer)
def get_self_test(request: Request, auto_curate_id: int) -> Response:
    """The newest test of the run, and how it ended."""
    found: dict[str, Any] = services.self_test_of(auto_curate_for(request, auto_curate_id))
    state = Job.objects.filter(pk=found["job"] or 0).values_list("state", flat=True).first()
    return Response({**found, "state": state})
