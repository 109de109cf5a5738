"""Review over HTTP: what it looks at, whose turn it is, and the verdict."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.problems import validated
from label.api.batches import batch_for
from label.api.issues import IssueSerializer
from label.api.tasks import (
    IF_MATCH,
    PresentBoxSerializer,
    TaskSavedSerializer,
    task_answer,
    task_for,
    version_seen,
)
from label.models import ReviewRound, Task
from label.selectors import reviews as reads
from label.selectors import tasks as task_reads
from label.services import reviewing
from label.services.tasks import LONGEST_SITTING, TaskChanged
from label.services.verdicts import ReviewVerdict, decide_review

LONGEST_REASON = 4000  # characters
VERDICT_WORDS = [ReviewRound.Verdict.PASSED.value, ReviewRound.Verdict.SENT_BACK.value]


class ReviewRoundSerializer(serializers.ModelSerializer[ReviewRound]):
    handed_in_by = PersonSerializer(allow_null=True)
    reviewer = PersonSerializer(allow_null=True)
    share = serializers.FloatField(allow_null=True, help_text="Of such tasks that were drawn for review; null: all")
    mended = serializers.BooleanField(help_text="Somebody else changed its boxes while it waited")

    class Meta:
        model = ReviewRound
        fields = [
            "number", "verdict", "handed_in_by", "handed_in_at", "reviewer", "decided_at", "reason", "share", "mended",
        ]  # fmt: skip


class HoldSerializer(serializers.Serializer):
    """Who has the task for review until when."""

    person = PersonSerializer()
    until = serializers.DateTimeField()


class TaskReviewSerializer(serializers.Serializer):
    """What a review looks at: rounds, issues, and the boxes before."""

    rounds = ReviewRoundSerializer(many=True)
    issues = IssueSerializer(many=True)
    base_boxes = PresentBoxSerializer(many=True, help_text="As the work started")
    sent_back_boxes = PresentBoxSerializer(many=True, allow_null=True, help_text="As it was last sent back; or null")
    own = serializers.BooleanField(help_text="You worked on it: somebody else reviews it, unless the batch lets you")
    held = HoldSerializer(allow_null=True)


class ReviewVerdictInSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=VERDICT_WORDS)
    reason = serializers.CharField(max_length=LONGEST_REASON, required=False, allow_blank=True)
    despite_issues = serializers.BooleanField(required=False, help_text="Pass it though issues are not resolved")
    active_seconds = serializers.FloatField(required=False, min_value=0, max_value=LONGEST_SITTING)


class NextReviewSerializer(serializers.Serializer):
    task = serializers.IntegerField(allow_null=True)
    waiting = serializers.IntegerField(help_text="How many of the batch are in review")
    yours = serializers.IntegerField(help_text="Of these, your own work, which somebody else reviews")
    held = serializers.IntegerField(help_text="Of these, at which another reviewer is")


def review_answer(request: Request, task: Task) -> dict[str, Any]:
    return TaskReviewSerializer(
        {
            "rounds": reads.rounds_of(task),
            "issues": reads.issues_of(task, request.user),
            "base_boxes": reads.base_boxes(task),
            "sent_back_boxes": reads.boxes_sent_back(task),
            "own": request.user.pk in task.workers,
            "held": reads.holder_of(task),
        }
    ).data


@extend_schema(operation_id="get_task_review", tags=["label"], responses=TaskReviewSerializer)
def get_task_review(request: Request, task_id: int) -> Response:
    """Rounds, issues and the boxes before, of a task."""
    return Response(review_answer(request, task_for(request, task_id)))


@extend_schema(
    operation_id="review_task",
    tags=["label"],
    parameters=[IF_MATCH],
    request=ReviewVerdictInSerializer,
    responses={200: TaskSavedSerializer},
)
def review_task(request: Request, task_id: int) -> Response:
    """Pass a task that is in review, or send it back. 412 with the `current` task where somebody saved meanwhile."""
    rows = task_reads.tasks_to_save()
    task = access.one_of(request.user, rows, task_id, through="batch.dataset.project_id", at_least=Role.REVIEWER)
    verdict = ReviewVerdict(version=version_seen(request), **validated(ReviewVerdictInSerializer, request.data))
    try:
        return Response(asdict(decide_review(task=task, verdict=verdict, by=request.user)))
    except TaskChanged as problem:
        problem.extra["current"] = task_answer(problem.task)
        raise


@extend_schema(operation_id="hold_task", tags=["label"], request=None, responses=TaskReviewSerializer)
def hold_task(request: Request, task_id: int) -> Response:
    """Say that you are at work reviewing the task: for half an hour nobody else is given it."""
    task = task_for(request, task_id, Role.REVIEWER)
    return Response(review_answer(request, reviewing.hold(task=task, by=request.user)))


@extend_schema(operation_id="claim_next_review", tags=["label"], request=None, responses=NextReviewSerializer)
def claim_next_review(request: Request, batch_id: int) -> Response:
    """Take the next task to review that is not your own work; `task` is null when there is none."""
    batch = batch_for(request, batch_id, Role.REVIEWER)
    task = reviewing.claim_next_review(batch=batch, by=request.user)
    counts = reads.queue_counts(batch, request.user)
    return Response({"task": task.pk if task else None, **counts})
