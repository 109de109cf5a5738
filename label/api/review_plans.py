"""How a batch is reviewed over HTTP: the shares, what reviews found so far, what that says of the rest."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.problems import validated
from label.api.batches import batch_for
from label.models import Batch
from label.selectors.review_plan import plan_of
from label.services import review_plan as services


class ReviewEndsSerializer(serializers.Serializer):
    low = serializers.FloatField()
    high = serializers.FloatField()


class ErrorsLeftSerializer(ReviewEndsSerializer):
    expected = serializers.FloatField()


class ReviewFiguresSerializer(serializers.Serializer):
    """Counts of tasks: handed in, reviewed, of these sent back or mended, done without a review."""

    handed_in = serializers.IntegerField()
    reviewed = serializers.IntegerField()
    wrong = serializers.IntegerField()
    unreviewed = serializers.IntegerField()
    interval = ReviewEndsSerializer(allow_null=True, help_text="Of wrong ÷ reviewed, 95 %")


class PersonReviewSerializer(ReviewFiguresSerializer):
    person = PersonSerializer(allow_null=True)
    share = serializers.FloatField(help_text="Of their next tasks that will be reviewed")
    set_share = serializers.FloatField(allow_null=True, help_text="What a manager set for them")


class BatchReviewSerializer(serializers.Serializer):
    review = serializers.BooleanField()
    share = serializers.FloatField(help_text="Of the tasks handed in, reviewed at the least")
    own = serializers.BooleanField(help_text="Whether people may review their own work")
    seed = serializers.IntegerField(help_text="With it anybody can repeat the draws")
    total = ReviewFiguresSerializer()
    people = PersonReviewSerializer(many=True)
    errors_left = ErrorsLeftSerializer(allow_null=True, help_text="Of the unreviewed tasks, expected to be wrong")


class PersonPlanSerializer(serializers.Serializer):
    person = serializers.IntegerField(help_text="A member's user id")
    share = serializers.FloatField(allow_null=True, min_value=0, max_value=1, help_text="null: the batch's")
    earlier = serializers.BooleanField(
        required=False, help_text="Also what they finished without a review and was not merged since"
    )


class BatchReviewChangeSerializer(serializers.Serializer):
    share = serializers.FloatField(required=False, min_value=0, max_value=1)
    own = serializers.BooleanField(required=False, help_text="An owner's to say")
    people = PersonPlanSerializer(many=True, required=False)


def plan_answer(batch: Batch) -> dict[str, Any]:
    return BatchReviewSerializer(plan_of(batch)).data


@extend_schema(operation_id="get_batch_review", tags=["label"], responses=BatchReviewSerializer)
def get_batch_review(request: Request, batch_id: int) -> Response:
    """What of the batch was reviewed, what reviews found, and how many errors that leaves in the rest. Reviewers."""
    return Response(plan_answer(batch_for(request, batch_id, Role.REVIEWER)))


@extend_schema(
    operation_id="change_batch_review",
    tags=["label"],
    request=BatchReviewChangeSerializer,
    responses=BatchReviewSerializer,
)
def change_batch_review(request: Request, batch_id: int) -> Response:
    """Review more or less of the batch, or of one person's work; let people review their own."""
    batch = batch_for(request, batch_id, Role.MANAGER)
    given = validated(BatchReviewChangeSerializer, request.data, partial=True)
    people = [services.PersonPlan(**one) for one in given.pop("people", [])]
    services.change_plan(batch=batch, change=services.PlanChange(people=people, **given), by=request.user)
    batch.refresh_from_db()
    return Response(plan_answer(batch))
