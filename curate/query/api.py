"""The query line over HTTP: what can be written in it, and whether one can be read."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curate.query.completions import completions
from curate.query.errors import QueryError
from curate.query.request import FILTER_PARAMETERS, read_filter
from dataset.api.datasets import dataset_for
from dataset.api.shapes import ScalarField


class QueryFieldSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="As it is written in the line")
    type = serializers.ChoiceField(choices=["number", "text", "time", "truth", "choice", "class"])
    values = serializers.ListField(child=ScalarField(), help_text="What it can be, or the most frequent ones")


class QueryFunctionSerializer(serializers.Serializer):
    name = serializers.CharField()
    signature = serializers.CharField()
    what = serializers.CharField()
    takes = serializers.ChoiceField(
        choices=["class", "slice", "split", "tag", ""], help_text="What its first argument names; empty: nothing"
    )
    fields = QueryFieldSerializer(many=True, help_text="What its conditions may name")


class CompletionsSerializer(serializers.Serializer):
    fields = QueryFieldSerializer(many=True)
    classes = serializers.ListField(child=serializers.CharField())
    slices = serializers.ListField(child=serializers.CharField())
    splits = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())
    functions = QueryFunctionSerializer(many=True)


class QueryProblemSerializer(serializers.Serializer):
    message = serializers.CharField()
    line = serializers.IntegerField(help_text="From 1")
    column = serializers.IntegerField(help_text="From 1")
    expected = serializers.ListField(child=serializers.CharField())


class QueryCheckSerializer(serializers.Serializer):
    ok = serializers.BooleanField()
    error = QueryProblemSerializer(allow_null=True)


@extend_schema(operation_id="get_query_completions", tags=["curate"], responses=CompletionsSerializer)
def get_completions(request: Request, dataset_id: int) -> Response:
    """Everything that a query line can name: fields with their values, classes, slices, splits, tags, functions."""
    return Response(completions(dataset_for(request, dataset_id)))


@extend_schema(
    operation_id="check_query",
    tags=["curate"],
    parameters=[OpenApiParameter("q", str, required=True), *FILTER_PARAMETERS[1:]],
    responses=QueryCheckSerializer,
)
def check_query(request: Request, dataset_id: int) -> Response:
    """Whether a query line can be read; if not, why and where."""
    wanted = read_filter(request, dataset_for(request, dataset_id))
    try:
        wanted.images()
    except QueryError as error:
        return Response({"ok": False, "error": error.as_dict()})
    return Response({"ok": True, "error": None})
