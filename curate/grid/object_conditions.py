"""The conditions on objects as they come in: in an address, or in the body of a bulk action."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.problems import BadInput, validated
from curate.grid.object_changes import WORDS, Pair
from curate.grid.object_facets import ERRORS, VERDICTS
from curate.grid.object_sources import SIZES, Conditions, Span
from curate.grid.objects import ObjectList
from curate.models import Comparison, Evaluation
from curate.query.request import Filter
from dataset.models import Dataset, Provenance

LISTS = ("classes", "sizes", "provenances", "verdicts", "errors", "changed")
SHARES = ("score_from", "score_to", "score_below", "iou_from", "iou_to", "iou_below")  # 0 to 1
AREAS = ("area_from", "area_below")  # square pixels
JUDGED = ("verdicts", "errors", "changed", "cell", "comparison", *SHARES)

CONDITION_PARAMETERS = [
    OpenApiParameter("classes", str, description="Class ids, separated by commas"),
    OpenApiParameter("sizes", str, description="small (area below 32²), medium, large (from 96² on), by commas"),
    OpenApiParameter("provenances", str, description="imported, human, model, separated by commas"),
    OpenApiParameter("verdicts", str, description="With an evaluation: tp, fp, fn, separated by commas"),
    OpenApiParameter("errors", str, description="With an evaluation: types of error, separated by commas"),
    OpenApiParameter(
        "cell", str, description="With an evaluation: LABELLED:PREDICTED, a cell of the confusion matrix; 0: background"
    ),
    OpenApiParameter("comparison", int, description="With one of its evaluations: only images that both judged"),
    OpenApiParameter("changed", str, description=f"With a comparison: {', '.join(WORDS)}, separated by commas"),
    *(OpenApiParameter(name, float, description="With an evaluation: 0 to 1; below is exclusive") for name in SHARES),
    *(OpenApiParameter(name, float, description="Square pixels; below is exclusive") for name in AREAS),
]


@extend_schema_field({"type": "string"})
class WordField(serializers.ChoiceField):
    """One of a few words."""


@extend_schema_field({"type": "string"})
class CellField(serializers.RegexField):
    """Two class ids, labelled and predicted; 0 is the background, which cannot be both."""

    default_error_messages = {"invalid": "Write LABELLED:PREDICTED, two class ids of which one may be 0."}

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^(?!0:0$)\d{1,18}:\d{1,18}$", **options)


class ShareField(serializers.FloatField):
    """From 0 to 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1, required=False, allow_null=True, **options)


class AreaField(serializers.FloatField):
    """Square pixels."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, required=False, allow_null=True, **options)


class ObjectConditionsSerializer(serializers.Serializer):
    """What is asked of objects beside their images; a list that is left out asks nothing."""

    classes = serializers.ListField(child=serializers.IntegerField(), required=False)
    sizes = serializers.ListField(child=WordField(list(SIZES)), required=False)
    provenances = serializers.ListField(child=WordField([one.label for one in Provenance]), required=False)
    verdicts = serializers.ListField(child=WordField(VERDICTS), required=False)
    errors = serializers.ListField(child=WordField(ERRORS), required=False)
    cell = CellField(required=False, allow_null=True)
    comparison = serializers.IntegerField(required=False, allow_null=True)
    changed = serializers.ListField(child=WordField(list(WORDS)), required=False)
    score_from = ShareField()
    score_to = ShareField()
    score_below = ShareField()
    iou_from = ShareField()
    iou_to = ShareField()
    iou_below = ShareField()
    area_from = AreaField()
    area_below = AreaField()


def read_objects(request: Request, wanted: Filter) -> ObjectList:
    """The objects that a request's address asks for."""
    params = request.query_params
    given: dict[str, Any] = {name: params[name].split(",") for name in LISTS if params.get(name)}
    given |= {name: params[name] for name in ("cell", "comparison", *SHARES, *AREAS) if params.get(name)}
    return object_list(wanted, validated(ObjectConditionsSerializer, given))


def object_list(wanted: Filter, given: dict[str, Any]) -> ObjectList:
    """The objects of a filter's images under validated conditions. Raises BadInput where these need an evaluation."""
    if wanted.evaluation is None and (needs := [name for name in JUDGED if given.get(name) not in (None, [])]):
        sentence = f"{needs[0]} asks for verdicts; name the evaluation too."
        raise BadInput(sentence, errors={needs[0]: [sentence]})
    conditions = Conditions(
        **{name: tuple(given.get(name) or ()) for name in LISTS},
        score=_span(given, "score"),
        iou=_span(given, "iou"),
        area=_span(given, "area"),
        cell=_cell(given.get("cell")),
        pair=_pair(wanted.dataset, wanted.evaluation, given),
    )
    shown = wanted.images() if wanted.narrowed else None
    return ObjectList(wanted.dataset, shown, wanted.evaluation, conditions)


def _span(given: dict[str, Any], name: str) -> Span:
    return Span(*(given.get(f"{name}_{end}") for end in ("from", "to", "below")))


def _cell(given: str | None) -> tuple[int | None, int | None] | None:
    if given is None:
        return None
    labelled, predicted = (int(part) or None for part in given.split(":"))
    return labelled, predicted


def _pair(dataset: Dataset, evaluation: Evaluation | None, given: dict[str, Any]) -> Pair | None:
    """The comparison asked about. Raises BadInput where it is not a finished one of this evaluation."""
    number = given.get("comparison")
    if number is None:
        if given.get("changed"):
            raise _bad("changed", "changed asks what became of objects; name the comparison too.")
        return None
    found = Comparison.objects.filter(dataset=dataset, pk=number, finished_at__isnull=False).first()
    try:
        pair = Pair.of(found) if found and found.result else None
    except Evaluation.DoesNotExist:
        pair = None
    if pair is None:
        raise _bad("comparison", f"There is no finished comparison {number} in this dataset.")
    if evaluation is None or evaluation.pk not in (pair.earlier, pair.later):
        sides = f"{pair.earlier} (earlier) or {pair.later} (later)"
        raise _bad("comparison", f"Comparison {number} speaks of evaluation {sides}; name one of them.")
    return pair


def _bad(field: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={field: [sentence]})
