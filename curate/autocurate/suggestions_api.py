"""Suggestions and verdicts over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.people import PersonSerializer
from accounts.pages import PAGE_PARAMETERS, page_request, page_shape
from accounts.problems import BadInput, validated, validated_query
from curate.autocurate import verdicts as services
from curate.autocurate.api import auto_curate_for
from curate.autocurate.review import first_suggestions
from curate.autocurate.suggestions import most_certain_first, suggestions_of
from curate.models import Suggestion
from dataset.api.shapes import ImageBriefSerializer, NumbersField, ReasonField, ShapeSerializer
from dataset.selectors.images import image_brief

MOST = 5000  # verdicts in one call


class SuggestionSerializer(serializers.ModelSerializer[Suggestion]):
    image = serializers.SerializerMethodField()
    parts = NumbersField(help_text="The named figures behind the score")
    reason_params = ReasonField()
    given = ShapeSerializer(allow_null=True, help_text="As labelled; null where a label is missing")
    proposed = ShapeSerializer(allow_null=True, help_text="As proposed; null where the label should go")
    decided_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Suggestion
        fields = [
            "id", "auto_curate", "image", "object_id", "kind", "score", "parts", "reason", "reason_code",
            "reason_params", "given", "proposed", "verdict", "decided_by", "decided_at",
        ]  # fmt: skip

    @extend_schema_field(ImageBriefSerializer())
    def get_image(self, row: Suggestion) -> dict[str, Any]:
        return image_brief(row.image)


class SuggestionFilterSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices, required=False)
    verdict = serializers.ChoiceField(choices=Suggestion.Verdict.choices, required=False)
    image = serializers.IntegerField(required=False)
    first = serializers.BooleanField(required=False, default=False)


class VerdictInSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="Of the suggestion")
    verdict = serializers.ChoiceField(choices=Suggestion.Verdict.choices)


class VerdictsInSerializer(serializers.Serializer):
    verdicts = serializers.ListField(child=VerdictInSerializer(), min_length=1, max_length=MOST)


class UpdatedSerializer(serializers.Serializer):
    updated = serializers.IntegerField(help_text="How many verdicts changed")


@extend_schema(
    operation_id="list_suggestions",
    tags=["curate"],
    parameters=[
        OpenApiParameter("kind", str, enum=Suggestion.Kind.values),
        OpenApiParameter("verdict", str, enum=Suggestion.Verdict.values),
        OpenApiParameter("image", int),
        OpenApiParameter("first", bool, description="Only the few that teach most about the rates"),
        *PAGE_PARAMETERS,
    ],
    responses=page_shape(SuggestionSerializer),
)
def list_suggestions(request: Request, auto_curate_id: int) -> Response:
    """A run's suggestions, the most certain first."""
    run = auto_curate_for(request, auto_curate_id)
    given = validated_query(SuggestionFilterSerializer, request)
    rows = suggestions_of(run, kind=given.get("kind"), verdict=given.get("verdict"), image_id=given.get("image"))
    if given["first"]:
        rows = rows.filter(pk__in=first_suggestions(run))
    items, following = most_certain_first(rows, page_request(request))
    return Response({"items": SuggestionSerializer(items, many=True).data, "next": following})


@extend_schema(
    operation_id="decide_suggestions", tags=["curate"], request=VerdictsInSerializer, responses=UpdatedSerializer
)
def decide_suggestions(request: Request) -> Response:
    """Give verdicts, all or none; "pending" takes one back. For reviewers."""
    given = validated(VerdictsInSerializer, request.data)["verdicts"]
    verdicts = {one["id"]: one["verdict"] for one in given}
    if len(verdicts) != len(given):
        raise BadInput("A suggestion is named twice.", errors={"verdicts": ["Each suggestion once."]})
    return Response({"updated": services.decide(verdicts=verdicts, by=request.user)})
