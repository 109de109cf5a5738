"""An object's finer shape in the API: a polygon, a turned box or a mask, in one form of JSON everywhere."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from science.shapes.finer import BadShape
from science.shapes.packed import pack, unpack
from science.shapes.shape_json import as_json, from_json

SHAPES = OpenApiParameter("shapes", bool, description="Whether finer shapes come along; default: boxes alone")


def wants_shapes(request: Request) -> bool:
    """`?shapes=1`."""
    return request.query_params.get("shapes", "") in ("1", "true", "True")


def _numbers(least: int, most: int | None = None) -> serializers.ListField:
    return serializers.ListField(child=serializers.FloatField(), min_length=least, max_length=most or least)


class PolygonShapeSerializer(serializers.Serializer):
    """Parts of rings of at least three points: of each part the first ring is its outline, the others are holes."""

    kind = serializers.ChoiceField(choices=["polygon"])
    parts = serializers.ListField(child=serializers.ListField(child=serializers.ListField(child=_numbers(2))))


class TurnedShapeSerializer(serializers.Serializer):
    """A box around a centre, turned by degrees clockwise."""

    kind = serializers.ChoiceField(choices=["turned"])
    centre = _numbers(2)
    size = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, help_text="width, height")
    angle = serializers.FloatField()


class MaskShapeSerializer(serializers.Serializer):
    """Pixels as COCO's compressed runs."""

    kind = serializers.ChoiceField(choices=["mask"])
    size = serializers.ListField(
        child=serializers.IntegerField(), min_length=2, max_length=2, help_text="height, width of the image"
    )
    counts = serializers.CharField()


FINER_SHAPE = PolymorphicProxySerializer(
    component_name="FinerShape",
    serializers={"polygon": PolygonShapeSerializer, "turned": TurnedShapeSerializer, "mask": MaskShapeSerializer},
    resource_type_field_name=None,
)


@extend_schema_field(FINER_SHAPE)
class ShapeJsonField(serializers.JSONField):
    """A shape that is JSON on both sides; whoever keeps it checks it."""


@extend_schema_field(FINER_SHAPE)
class PackedShapeField(serializers.JSONField):
    """A shape that is packed inside. It is answered only where the context says `shapes`: most who ask want boxes."""

    def get_attribute(self, instance: Any) -> Any:
        if not self.context.get("shapes"):
            raise serializers.SkipField
        return super().get_attribute(instance)

    def to_representation(self, value: Any) -> Any:
        return as_json(unpack(bytes(value)))

    def to_internal_value(self, data: Any) -> Any:
        try:
            return pack(from_json(data))
        except BadShape as error:
            raise serializers.ValidationError(f"The shape has {error}.") from None
