"""Shapes that several of Model's answers share."""

from rest_framework import serializers

from accounts.api.people import PersonSerializer
from model.models import Checkpoint


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
