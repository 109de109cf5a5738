"""Shapes that several of Label's answers share."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.people import PersonSerializer
from curate.models import Suggestion
from dataset.api.shapes import BoxField, ImageBriefSerializer, NumbersField, ReasonField, ShapeSerializer
from dataset.selectors.images import image_brief
from label.models import Task


class TaskCountsSerializer(serializers.Serializer):
    """How many of a batch's tasks are in each state."""

    to_label = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    in_review = serializers.IntegerField()
    done = serializers.IntegerField()
    skipped = serializers.IntegerField()


class SuggestionCountsSerializer(serializers.Serializer):
    pending = serializers.IntegerField()
    total = serializers.IntegerField()


class TaskShapeSerializer(serializers.Serializer):
    """A box on a task's thumbnail."""

    class_id = serializers.IntegerField()
    box = BoxField()
    ignored = serializers.BooleanField()


class TaskRowSerializer(serializers.ModelSerializer[Task]):
    image = ImageBriefSerializer(source="image_brief")
    assignee = PersonSerializer(allow_null=True)
    suggestions = SuggestionCountsSerializer(source="suggestion_counts")
    due = serializers.DateField(allow_null=True, help_text="Where it is not the batch's")
    boxes = serializers.IntegerField(source="box_count", help_text="How many boxes it has now")
    shapes = TaskShapeSerializer(many=True, required=False, help_text="The largest, where `shapes` asks for them")

    class Meta:
        model = Task
        fields = [
            "id", "position", "image", "state", "assignee", "due", "suggestions", "boxes", "shapes", "open_issues",
            "changed", "version", "active_seconds",
        ]  # fmt: skip


def task_row(task: Task) -> dict[str, Any]:
    """A row as TaskRowSerializer describes it; with a hundred on a page a serializer takes longer than the database."""
    who = task.assignee
    return {
        "id": task.pk,
        "position": task.position,
        "image": task.image_brief,
        "state": task.state,
        "assignee": {"id": who.pk, "email": who.email, "name": str(who)} if who else None,
        "due": task.due.isoformat() if task.due else None,
        "suggestions": task.suggestion_counts,
        "boxes": task.box_count,
        **({"shapes": task.shapes} if hasattr(task, "shapes") else {}),
        "open_issues": task.open_issues,
        "changed": task.changed,
        "version": task.version,
        "active_seconds": task.active_seconds,
    }


class TaskSuggestionSerializer(serializers.ModelSerializer[Suggestion]):
    """A suggestion for the task's image."""

    image = serializers.SerializerMethodField()
    given = ShapeSerializer(allow_null=True)
    proposed = ShapeSerializer(allow_null=True)
    parts = NumbersField()
    reason_params = ReasonField()
    decided_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Suggestion
        fields = [
            "id", "auto_curate", "image", "object_id", "kind", "score", "parts", "reason", "reason_code",
            "reason_params", "given", "proposed", "verdict", "decided_by", "decided_at",
        ]  # fmt: skip

    @extend_schema_field(ImageBriefSerializer)
    def get_image(self, suggestion: Suggestion) -> dict[str, object]:
        return image_brief(suggestion.image)
