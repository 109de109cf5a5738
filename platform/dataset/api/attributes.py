"""The schema of attributes over HTTP; it is read with its dataset."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from dataset.api.shapes import AttributeSerializer, ScalarField
from dataset.attribute_rules import KINDS
from dataset.models import Attribute
from dataset.selectors import attributes as reads
from dataset.services import attributes as services


class AttributeFieldsSerializer(serializers.Serializer):
    """What may be changed of an attribute."""

    name = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField(choices=KINDS)
    values = serializers.ListField(child=ScalarField(), required=False, help_text="Of a choice, in order")
    minimum = serializers.FloatField(required=False, allow_null=True)
    maximum = serializers.FloatField(required=False, allow_null=True)
    unit = serializers.CharField(max_length=20, required=False, allow_blank=True)
    required = serializers.BooleanField(required=False)
    default = ScalarField(required=False, allow_null=True)
    same_as_last = serializers.BooleanField(required=False, help_text="New boxes take the labeller's last value")


class AttributeInSerializer(AttributeFieldsSerializer):
    class_id = serializers.IntegerField(required=False, allow_null=True, help_text="Null: of every class")


class AttributesInSerializer(serializers.Serializer):
    attributes = AttributeInSerializer(many=True, allow_empty=False)


class AttributeChangeSerializer(AttributeFieldsSerializer):
    move_values = serializers.BooleanField(required=False, help_text="With a new name: the labels' values get it too")


class AttributeOrderSerializer(serializers.Serializer):
    ids = serializers.ListField(child=serializers.IntegerField())


class ValueCountSerializer(serializers.Serializer):
    value = ScalarField(allow_null=True)
    labels = serializers.IntegerField()


class AttributeUsesSerializer(serializers.Serializer):
    labels = serializers.IntegerField(help_text="Current labels that have it")
    values = ValueCountSerializer(many=True, help_text="At most 50, most frequent first")


class SuggestedAttributeSerializer(serializers.Serializer):
    """An attribute that labels carry and the schema does not name."""

    class_id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    values = serializers.ListField(child=ScalarField())
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    labels = serializers.IntegerField(help_text=f"Of the first {reads.LOOKED_AT} labels of each class")
    found = ValueCountSerializer(many=True)


class AttributeRevisionSerializer(serializers.Serializer):
    """`revision` is the number of the one in which labels changed, null where none did."""

    revision = serializers.IntegerField(allow_null=True)
    changed = serializers.IntegerField(help_text="Labels")


class AttributeChangedSerializer(AttributeRevisionSerializer):
    attribute = AttributeSerializer()


def attribute_for(request: Request, attribute_id: int, at_least: Role = Role.VIEWER) -> Attribute:
    rows = Attribute.objects.select_related("dataset", "label_class")
    return access.one_of(request.user, rows, attribute_id, through="dataset.project_id", at_least=at_least)


@extend_schema(
    operation_id="create_attributes",
    tags=["dataset"],
    request=AttributesInSerializer,
    responses={201: AttributeSerializer(many=True)},
)
def create_attributes(request: Request, dataset_id: int) -> Response:
    """Append attributes to the dataset's schema, all or none."""
    row = dataset_for(request, dataset_id, Role.MANAGER)
    made = services.create_attributes(dataset=row, by=request.user, **validated(AttributesInSerializer, request.data))
    return Response(AttributeSerializer(made, many=True).data, status=201)


@extend_schema(operation_id="suggest_attributes", tags=["dataset"], responses=SuggestedAttributeSerializer(many=True))
def suggest_attributes(request: Request, dataset_id: int) -> Response:
    """A schema by what the labels carry already."""
    found = reads.suggested(dataset_for(request, dataset_id))
    return Response([asdict(one) | {"found": value_rows(one.found)} for one in found])


def value_rows(found: reads.Counted) -> list[dict[str, Any]]:
    return [{"value": value, "labels": labels} for value, labels in found]


@extend_schema(
    operation_id="order_attributes",
    tags=["dataset"],
    request=AttributeOrderSerializer,
    responses=AttributeSerializer(many=True),
)
def order_attributes(request: Request, dataset_id: int) -> Response:
    """Put the schema into an order."""
    row = dataset_for(request, dataset_id, Role.MANAGER)
    given = validated(AttributeOrderSerializer, request.data)
    rows = services.order_attributes(dataset=row, by=request.user, **given)
    return Response(AttributeSerializer(rows, many=True).data)


@extend_schema(operation_id="get_attribute_uses", tags=["dataset"], responses=AttributeUsesSerializer)
def get_attribute_uses(request: Request, attribute_id: int) -> Response:
    """How many current labels have the attribute, and with which values."""
    found = reads.value_counts(attribute_for(request, attribute_id))
    scalars = [(value, labels) for value, labels in found if not isinstance(value, dict | list)]
    return Response({"labels": sum(labels for _, labels in found), "values": value_rows(scalars[:50])})


@extend_schema(
    operation_id="change_attribute",
    tags=["dataset"],
    request=AttributeChangeSerializer,
    responses=AttributeChangedSerializer,
)
def change_attribute(request: Request, attribute_id: int) -> Response:
    """Change an attribute. With `move_values` a new name is given to the labels' values too, in one revision."""
    row = attribute_for(request, attribute_id, Role.MANAGER)
    given = validated(AttributeChangeSerializer, request.data, partial=True)
    move = given.pop("move_values", False)
    row, revision = services.change_attribute(attribute=row, by=request.user, fields=given, move_values=move)
    return Response({"attribute": AttributeSerializer(row).data, **revision_answer(revision)})


def revision_answer(revision: Any) -> dict[str, Any]:
    return {
        "revision": revision.number if revision else None,
        "changed": revision.counts["changed"] if revision else 0,
    }


@extend_schema(
    operation_id="delete_attribute",
    tags=["dataset"],
    parameters=[OpenApiParameter("values", str, enum=["keep", "remove"], description="What the labels have of it")],
    responses={200: AttributeRevisionSerializer},
)
def delete_attribute(request: Request, attribute_id: int) -> Response:
    """Take an attribute out of the schema; the labels' values stay, or go in one revision."""
    row = attribute_for(request, attribute_id, Role.MANAGER)
    with_values = request.query_params.get("values") == "remove"
    return Response(revision_answer(services.delete_attribute(attribute=row, by=request.user, with_values=with_values)))
