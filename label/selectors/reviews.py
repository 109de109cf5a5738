"""What a reviewer and a labeller see of a task's review: rounds, issues with their threads, the boxes before."""

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from label.models import Batch, Comment, Issue, ReviewRound, Task
from label.quality.copies import hides_others
from label.quality.gold_marks import first_copy


def issues() -> QuerySet[Issue]:
    """All issues with their threads, and what permission and audit ask of their tasks; in the order raised."""
    remarks = Comment.objects.select_related("author").order_by("pk")
    rows = Issue.objects.select_related("author", "resolved_by", "task__image", "task__batch__dataset")
    return rows.prefetch_related(Prefetch("remarks", remarks)).order_by("pk")


def issues_of(task: Task, person: User) -> QuerySet[Issue]:
    """Those that the person may see: while several label the task, a labeller sees their own."""
    rows = issues().filter(task=task)
    return rows.filter(author=person) if hides_others(task, person) else rows


def remarks_on(task: Task, person: User) -> QuerySet[Comment]:
    """All in order, of issues that the person may see."""
    rows = task.comments.select_related("author").order_by("pk")
    return rows.filter(issue__author=person) if hides_others(task, person) else rows


def rounds_of(task: Task) -> list[ReviewRound]:
    """The oldest first."""
    return list(task.rounds.select_related("handed_in_by", "reviewer").defer("boxes").order_by("number"))


def base_boxes(task: Task) -> list[dict[str, Any]]:
    """The boxes that the work started from; of a task that tests people what it shows first, not what is right."""
    return first_copy(task)


def boxes_sent_back(task: Task) -> list[dict[str, Any]] | None:
    """The boxes as they were when the task was last sent back; None where it never was."""
    last = task.rounds.filter(verdict=ReviewRound.Verdict.SENT_BACK).order_by("-number").first()
    if last is None:
        return None
    return last.boxes if last.boxes is not None else base_boxes(task)


def holder_of(task: Task) -> dict[str, Any] | None:
    """Who has the task for review, and until when; None where nobody has."""
    if task.state != Task.State.IN_REVIEW or task.held_until is None or task.held_until < timezone.now():
        return None
    return {"person": task.reviewer, "until": task.held_until} if task.reviewer else None


def queue_counts(batch: Batch, person: User) -> dict[str, int]:
    """How many tasks of the batch are in review, how many of these are one's own, how many others are at."""
    mine = Q(workers__contains=[person.pk])
    with_others = Q(held_until__gte=timezone.now()) & ~Q(reviewer=person)
    rows = batch.tasks.filter(state=Task.State.IN_REVIEW)
    return rows.aggregate(
        waiting=Count("pk"), yours=Count("pk", filter=mine), held=Count("pk", filter=with_others & ~mine)
    )
