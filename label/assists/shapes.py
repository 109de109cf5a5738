"""Shapes of what is told and asked about assists."""

from rest_framework import serializers

from dataset.api.shapes import BoxField
from label.assists.corrections import KINDS as CORRECTIONS
from label.assists.models import Prelabel
from label.assists.recording import KINDS, LONGEST, OUTCOMES
from label.assists.sources import SOURCES
from model.selectors.answering import Readiness


class OfferedSerializer(serializers.Serializer):
    """The box as it was offered; `before` of one that was tightened."""

    class_id = serializers.IntegerField()
    box = BoxField()
    before = BoxField(required=False, allow_null=True)


class AssistToldSerializer(serializers.Serializer):
    """One box that a person was helped to, or drew. `key` is the client's own: told again, it replaces."""

    key = serializers.RegexField(r"^[0-9A-Za-z_-]+$", max_length=64)
    kind = serializers.ChoiceField(choices=KINDS)
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    box_id = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    offered = OfferedSerializer(required=False, allow_null=True, default=None)
    checkpoint = serializers.IntegerField(required=False, allow_null=True, default=None)
    seconds = serializers.FloatField(
        min_value=0, max_value=LONGEST, help_text="From the last change of the boxes to this one, and of later ones"
    )


class AssistSourceSerializer(serializers.Serializer):
    """What proposes boxes in a batch."""

    kind = serializers.ChoiceField(choices=SOURCES, allow_null=True, help_text="Null: there is no checkpoint yet")
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    chosen = serializers.BooleanField(help_text="False: the dataset's newest checkpoint")
    readiness = serializers.ChoiceField(choices=[one.value for one in Readiness], allow_null=True)
    job = serializers.IntegerField(allow_null=True, help_text="That exports it, where one is under way")


class AssistSourceInSerializer(serializers.Serializer):
    """At most one of the two; neither means the newest checkpoint of the dataset."""

    checkpoint = serializers.IntegerField(required=False, allow_null=True, default=None)
    endpoint = serializers.IntegerField(required=False, allow_null=True, default=None)


class TightenInSerializer(serializers.Serializer):
    box = BoxField()


class TightenedSerializer(serializers.Serializer):
    box = BoxField(allow_null=True, help_text="Null where the object cannot be told from what is around it")


class PartOfSerializer(serializers.Serializer):
    """A share with Wilson's 95 % interval."""

    share = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class AssistRowSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["click", "fill", "tighten", "prelabel", "suggestion"])
    offered = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    changed = serializers.IntegerField()
    refused = serializers.IntegerField()
    share = PartOfSerializer(allow_null=True, help_text="Taken unchanged, of all offered")
    saved_seconds = serializers.FloatField(
        allow_null=True, help_text="Against drawing by hand; null where that is not known, or not what it replaces"
    )


class AssistPersonSerializer(serializers.Serializer):
    person = serializers.IntegerField()
    name = serializers.CharField()
    drawn = serializers.IntegerField(help_text="Boxes drawn by hand in the project, whose median counts")
    median_seconds = serializers.FloatField(allow_null=True, help_text="Null until enough were drawn")
    taken = serializers.IntegerField(help_text="Boxes of this batch that came by help and stayed")
    saved_seconds = serializers.FloatField(allow_null=True)


class AssistCountsSerializer(serializers.Serializer):
    rows = AssistRowSerializer(many=True)
    people = AssistPersonSerializer(many=True)
    enough = serializers.IntegerField(help_text="Boxes that somebody must have drawn before the median is told")
    saved_seconds = serializers.FloatField(allow_null=True, help_text="Of those whose median is known")


class PrelabelClassSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    counts = serializers.ListField(
        child=serializers.IntegerField(), help_text="Boxes that would be written at thresholds of 0, .05 … .95"
    )
    threshold = serializers.FloatField()
    known = serializers.BooleanField(help_text="Whether the threshold is the diagnosis' best for the class")


class PrelabelSerializer(serializers.ModelSerializer[Prelabel]):
    checkpoint = serializers.IntegerField(source="checkpoint_id", allow_null=True)
    evaluation = serializers.IntegerField(source="evaluation_id", allow_null=True)
    job = serializers.IntegerField(source="job_id", allow_null=True)
    per_class = PrelabelClassSerializer(many=True, allow_null=True)

    class Meta:
        model = Prelabel
        fields = [
            "id", "batch", "checkpoint", "checkpoint_name", "state", "evaluation", "per_class", "tasks", "boxes",
            "job", "created_at", "applied_at",
        ]  # fmt: skip


class PrelabelInSerializer(serializers.Serializer):
    checkpoint = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="The batch's own source where left out"
    )


class ThresholdSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    threshold = serializers.FloatField(min_value=0, max_value=1.01, help_text="Above 1: none of this class")


class PrelabelApplySerializer(serializers.Serializer):
    """Classes that are left out keep the threshold that the preview shows."""

    thresholds = ThresholdSerializer(many=True, required=False, default=list)


class TakenBackSerializer(serializers.Serializer):
    taken_back = serializers.IntegerField(help_text="Tasks that nobody had touched")
    left = serializers.IntegerField(help_text="Tasks that somebody has worked on: they keep their boxes")


class BecameSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    count = serializers.IntegerField()


class CorrectedTasksSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=CORRECTIONS[1:])
    tasks = serializers.ListField(child=serializers.IntegerField())


class ClassReportSerializer(serializers.Serializer):
    class_id = serializers.IntegerField()
    kept = serializers.IntegerField()
    moved = serializers.IntegerField()
    relabelled = serializers.IntegerField()
    deleted = serializers.IntegerField()
    added = serializers.IntegerField()
    right = PartOfSerializer(allow_null=True, help_text="Of the boxes given, those kept as they were")
    missed = PartOfSerializer(allow_null=True, help_text="Of the objects there are, those that people added")
    became = BecameSerializer(many=True)
    tasks = CorrectedTasksSerializer(many=True)


class PrelabelReportSerializer(serializers.Serializer):
    """What people changed, on the tasks that they finished."""

    finished = serializers.IntegerField()
    tasks = serializers.IntegerField()
    classes = ClassReportSerializer(many=True)
