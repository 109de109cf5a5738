"""Issues over HTTP: what a reviewer pins on a task, and the thread under it."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.problems import validated
from dataset.api.shapes import BoxField
from label.api.plain_saves import LONGEST_ID
from label.api.tasks import task_for
from label.models import Comment, Issue
from label.quality.copies import hides_others
from label.selectors import reviews as reads
from label.services import issues as services

THROUGH = "task.batch.dataset.project_id"
LONGEST_TEXT = 4000  # characters


class CommentSerializer(serializers.ModelSerializer[Comment]):
    author = PersonSerializer(allow_null=True)
    box = BoxField(allow_null=True)
    issue = serializers.IntegerField(source="issue_id", allow_null=True)

    class Meta:
        model = Comment
        fields = ["id", "issue", "text", "box", "author", "created_at"]


class CommentInSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST_TEXT)
    box = BoxField(required=False, allow_null=True)


class IssueSerializer(serializers.ModelSerializer[Issue]):
    box = BoxField(allow_null=True, help_text="Where it is now, or where its box was last seen; null: the whole image")
    author = PersonSerializer(allow_null=True)
    resolved_by = PersonSerializer(allow_null=True)
    remarks = CommentSerializer(many=True)

    class Meta:
        model = Issue
        fields = [
            "id", "task", "kind", "state", "box_id", "box", "round", "author", "created_at", "resolved_by",
            "resolved_at", "remarks",
        ]  # fmt: skip


class IssueInSerializer(serializers.Serializer):
    """Pinned to a box of the working copy by its id, or to a place by `box`, or to neither."""

    text = serializers.CharField(max_length=LONGEST_TEXT)
    kind = serializers.ChoiceField(choices=Issue.Kind.choices, required=False)
    box_id = serializers.CharField(max_length=LONGEST_ID, required=False)
    box = BoxField(required=False, allow_null=True)


class IssueChangeSerializer(serializers.Serializer):
    resolved = serializers.BooleanField(required=False)
    kind = serializers.ChoiceField(choices=Issue.Kind.choices, required=False)


class RemarkInSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=LONGEST_TEXT)


def issue_for(request: Request, issue_id: int) -> Issue:
    issue = access.one_of(request.user, reads.issues(), issue_id, through=THROUGH, at_least=Role.LABELLER)
    if issue.author_id != request.user.pk and hides_others(issue.task, request.user):
        raise Http404
    return issue


def issue_answer(issue_id: int) -> dict[str, Any]:
    return IssueSerializer(reads.issues().get(pk=issue_id)).data


@extend_schema(operation_id="list_issues", tags=["label"], responses=IssueSerializer(many=True))
def list_issues(request: Request, task_id: int) -> Response:
    """The task's issues with their threads, in the order raised."""
    return Response(IssueSerializer(reads.issues_of(task_for(request, task_id), request.user), many=True).data)


@extend_schema(operation_id="raise_issue", tags=["label"], request=IssueInSerializer, responses={201: IssueSerializer})
def raise_issue(request: Request, task_id: int) -> Response:
    """Pin an issue on the task, with its first remark."""
    task = task_for(request, task_id, Role.LABELLER)
    new = services.NewIssue(**validated(IssueInSerializer, request.data))
    return Response(issue_answer(services.raise_issue(task=task, new=new, by=request.user).pk), status=201)


@extend_schema(operation_id="change_issue", tags=["label"], request=IssueChangeSerializer, responses=IssueSerializer)
def change_issue(request: Request, issue_id: int) -> Response:
    """Resolve an issue, open it again, or name its kind anew."""
    issue = issue_for(request, issue_id)
    given = validated(IssueChangeSerializer, request.data, partial=True)
    return Response(issue_answer(services.set_issue(issue=issue, by=request.user, **given).pk))


@extend_schema(
    operation_id="reply_to_issue", tags=["label"], request=RemarkInSerializer, responses={201: IssueSerializer}
)
def reply_to_issue(request: Request, issue_id: int) -> Response:
    """Add to an issue's thread. A reply by another than its author answers it."""
    issue = issue_for(request, issue_id)
    services.reply(issue=issue, by=request.user, **validated(RemarkInSerializer, request.data))
    return Response(issue_answer(issue.pk), status=201)


@extend_schema(operation_id="list_comments", tags=["label"], responses=CommentSerializer(many=True))
def list_comments(request: Request, task_id: int) -> Response:
    """All that was said about the task, in order, of whatever issue."""
    task = task_for(request, task_id)
    return Response(CommentSerializer(reads.remarks_on(task, request.user), many=True).data)


@extend_schema(
    operation_id="create_comment", tags=["label"], request=CommentInSerializer, responses={201: CommentSerializer}
)
def create_comment(request: Request, task_id: int) -> Response:
    """Remark on the task, about a place where `box` is given: an issue of no particular kind."""
    task = task_for(request, task_id, Role.LABELLER)
    new = services.NewIssue(**validated(CommentInSerializer, request.data))
    issue = services.raise_issue(task=task, new=new, by=request.user)
    return Response(CommentSerializer(issue.remarks.select_related("author").get()).data, status=201)
