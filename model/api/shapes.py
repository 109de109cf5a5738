"""Shapes that several of Model's answers share."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.people import PersonSerializer
from model.models import Checkpoint


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {
            "nullable": True,
            "oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}],
        },
    }
)
class SettingsField(serializers.JSONField):
    """A training's settings, by the engine's names for them."""


class CheckpointSerializer(serializers.ModelSerializer[Checkpoint]):
    classes = serializers.ListField(child=serializers.CharField())
    imgsz = serializers.IntegerField(help_text="Pixels it was trained at; 0 where nobody knows")
    created_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Checkpoint
        fields = [
            "id", "run", "project", "name", "kind", "classes", "sha256", "size", "epoch", "architecture", "imgsz",
            "parameters", "created_by", "created_at",
        ]  # fmt: skip


class RunBriefSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
