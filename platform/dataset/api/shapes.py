"""Shapes that several endpoints answer with."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dataset.api.finer_shapes import PackedShapeField
from dataset.attribute_rules import KINDS
from dataset.importing.columns import Ignore
from dataset.importing.ignoring import WORDS
from dataset.models import Annotation, Attribute, LabelClass, Manifest, Provenance, Slice, Tag
from dataset.selectors.changes import box_of

LABEL_STATES = ["not_labelled", "negative", "labelled"]


@extend_schema_field({"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4})
class BoxField(serializers.ListField):
    """`[x1, y1, x2, y2]` pixels of the upright image."""

    def __init__(self, **options: object) -> None:
        super().__init__(child=serializers.FloatField(), min_length=4, max_length=4, **options)


class AnObjectField(serializers.JSONField):
    """JSON, and of that an object."""

    default_error_messages = {"no_object": "It must be an object: names and their values."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        value = super().to_internal_value(data)
        if not isinstance(value, dict):
            self.fail("no_object")
        return value


@extend_schema_field({"type": "object", "additionalProperties": {}})
class MetadataField(AnObjectField):
    """Free values by key: whatever JSON holds, as an import brought it."""


@extend_schema_field({"type": "object", "additionalProperties": True})
class ObjectField(AnObjectField):
    """A JSON object whose shape depends on what it belongs to."""


@extend_schema_field({"type": "object", "additionalProperties": {"type": "number"}})
class NumbersField(serializers.JSONField):
    """Numbers by name."""


@extend_schema_field({"type": "object", "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "number"}]}})
class ReasonField(serializers.JSONField):
    """What the words of a reason are filled with, by name."""


class DatasetClassSerializer(serializers.ModelSerializer[LabelClass]):
    hotkey = serializers.SerializerMethodField()

    class Meta:
        model = LabelClass
        fields = ["id", "index", "name", "colour", "hotkey"]

    def get_hotkey(self, row: LabelClass) -> str | None:
        return row.hotkey or None


class ImageBriefSerializer(serializers.Serializer):
    """An image as far as a thumbnail needs it."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    thumb = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class SliceBriefSerializer(serializers.ModelSerializer[Slice]):
    class Meta:
        model = Slice
        fields = ["id", "name", "image_count"]


class TagSerializer(serializers.ModelSerializer[Tag]):
    class Meta:
        model = Tag
        fields = ["id", "name"]


class ShapeSerializer(serializers.Serializer):
    """Class and box of an object, and whether it is ignored."""

    class_id = serializers.IntegerField()
    box = BoxField()
    ignore = serializers.ChoiceField(choices=list(WORDS), required=False)
    shape = PackedShapeField(source="packed", required=False, allow_null=True, help_text="Where it is asked for")


class CountsSerializer(serializers.Serializer):
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()


class AnnotationSerializer(serializers.ModelSerializer[Annotation]):
    class_id = serializers.IntegerField(source="label_class_id")
    box = serializers.SerializerMethodField()
    attributes = serializers.SerializerMethodField()
    provenance = serializers.SerializerMethodField()
    ignore = serializers.SerializerMethodField()
    area = serializers.SerializerMethodField(help_text="Square pixels, where it is not the box's own")
    shape = PackedShapeField(required=False, allow_null=True, help_text="Where it is asked for; null for most")

    class Meta:
        model = Annotation
        fields = [
            "id", "object_id", "class_id", "box", "attributes", "provenance", "ignore", "area", "shape", "born", "died"
        ]  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=list(WORDS)))
    def get_ignore(self, row: Annotation) -> str:
        return Ignore(row.ignore).word

    def get_area(self, row: Annotation) -> float | None:
        return row.area or None

    @extend_schema_field(BoxField())
    def get_box(self, row: Annotation) -> list[float]:
        return box_of(row)

    @extend_schema_field(MetadataField())
    def get_attributes(self, row: Annotation) -> dict[str, object]:
        return row.attributes or {}

    @extend_schema_field(serializers.ChoiceField(choices=[choice.label for choice in Provenance]))
    def get_provenance(self, row: Annotation) -> str:
        return Provenance(row.provenance).label


class ManifestSliceSerializer(serializers.Serializer):
    """A slice as it was called when it was looked at: when a manifest was made, an auto-curate run started."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ManifestSerializer(serializers.ModelSerializer[Manifest]):
    slices = ManifestSliceSerializer(many=True)

    class Meta:
        model = Manifest
        fields = [
            "id", "dataset", "slices", "revision", "content_hash", "image_count", "annotation_count", "created_at"
        ]  # fmt: skip


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]})
class ScalarField(serializers.JSONField):
    """A metadata value."""


class AttributeSerializer(serializers.ModelSerializer[Attribute]):
    """What labels of a class may carry, or of every class where `class_id` is null."""

    class_id = serializers.IntegerField(source="label_class_id", allow_null=True)
    kind = serializers.ChoiceField(choices=KINDS)
    values = serializers.ListField(child=ScalarField())
    default = ScalarField(allow_null=True)

    class Meta:
        model = Attribute
        fields = [
            "id", "class_id", "name", "kind", "values", "minimum", "maximum", "unit", "required", "default",
            "same_as_last",
        ]  # fmt: skip
