"""The conditions on objects as they come in: in an address, or in the body of a bulk action."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.problems import BadInput, validated
from curate.api.filters import Filter
from curate.selectors.object_facets import ERRORS, VERDICTS
from curate.selectors.object_sources import SIZES, Conditions, Span
from curate.selectors.objects import ObjectList
from dataset.models import Provenance

LISTS = ("classes", "sizes", "provenances", "verdicts", "errors")
NUMBERS = ("score_from", "score_to", "iou_from", "iou_to")
JUDGED = ("verdicts", "errors", *NUMBERS)

CONDITION_PARAMETERS = [
    OpenApiParameter("classes", str, description="Class ids, separated by commas"),
    OpenApiParameter("sizes", str, description="small (area below 32²), medium, large (from 96² on), by commas"),
    OpenApiParameter("provenances", str, description="imported, human, model, separated by commas"),
    OpenApiParameter("verdicts", str, description="With an evaluation: tp, fp, fn, separated by commas"),
    OpenApiParameter("errors", str, description="With an evaluation: types of error, separated by commas"),
    *(OpenApiParameter(name, float, description="With an evaluation: 0 to 1") for name in NUMBERS),
]


@extend_schema_field({"type": "string"})
class WordField(serializers.ChoiceField):
    """One of a few words."""


class ObjectConditionsSerializer(serializers.Serializer):
    """What is asked of objects beside their images; a list that is left out asks nothing."""

    classes = serializers.ListField(child=serializers.IntegerField(), required=False)
    sizes = serializers.ListField(child=WordField(list(SIZES)), required=False)
    provenances = serializers.ListField(child=WordField([one.label for one in Provenance]), required=False)
    verdicts = serializers.ListField(child=WordField(VERDICTS), required=False)
    errors = serializers.ListField(child=WordField(ERRORS), required=False)
    score_from = serializers.FloatField(min_value=0, max_value=1, required=False, allow_null=True)
    score_to = serializers.FloatField(min_value=0, max_value=1, required=False, allow_null=True)
    iou_from = serializers.FloatField(min_value=0, max_value=1, required=False, allow_null=True)
    iou_to = serializers.FloatField(min_value=0, max_value=1, required=False, allow_null=True)


def read_objects(request: Request, wanted: Filter) -> ObjectList:
    """The objects that a request's address asks for."""
    params = request.query_params
    given: dict[str, Any] = {name: params[name].split(",") for name in LISTS if params.get(name)}
    given |= {name: params[name] for name in NUMBERS if params.get(name)}
    return object_list(wanted, validated(ObjectConditionsSerializer, given))


def object_list(wanted: Filter, given: dict[str, Any]) -> ObjectList:
    """The objects of a filter's images under validated conditions. Raises BadInput where these need an evaluation."""
    if wanted.evaluation is None and (needs := [name for name in JUDGED if given.get(name) not in (None, [])]):
        sentence = f"{needs[0]} asks for verdicts; name the evaluation too."
        raise BadInput(sentence, errors={needs[0]: [sentence]})
    conditions = Conditions(
        **{name: tuple(given.get(name) or ()) for name in LISTS},
        score=Span(given.get("score_from"), given.get("score_to")),
        iou=Span(given.get("iou_from"), given.get("iou_to")),
    )
    shown = wanted.images() if wanted.narrowed else None
    return ObjectList(wanted.dataset, shown, wanted.evaluation, conditions)
