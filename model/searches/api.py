"""Searches for settings over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated
from dataset.api.datasets import dataset_for
from model.models import SettingsSearch, Trial
from model.searches import asking
from model.searches.ranges import SEARCHABLE
from model.searches.shapes import (
    SearchableSerializer,
    SettingsSearchBriefSerializer,
    SettingsSearchEstimateInSerializer,
    SettingsSearchEstimateSerializer,
    SettingsSearchInSerializer,
    SettingsSearchResumeSerializer,
    SettingsSearchSerializer,
)
from model.searches.showing import SearchStanding, cost_of_search, searches, searches_of, standings_of_searches

THROUGH = "dataset.project_id"


def brief_json(row: SettingsSearch, standing: SearchStanding) -> dict[str, Any]:
    """As lists show it."""
    own = [one for one in standing.tried if one.kind == Trial.Kind.TRIAL]
    best = standing.best
    return {
        "id": row.pk,
        "dataset": row.dataset_id,
        "name": row.name,
        "state": standing.state,
        "job": standing.job,
        "trials": row.trials,
        "repeats": row.repeats,
        "finished": sum(one.state in asking.ENDED for one in own),
        "best": best.value if best else None,
        "better": best.pk in standing.better if best and standing.floor else None,
        "created_by": row.created_by,
        "created_at": row.created_at,
    }


def search_answer(row: SettingsSearch) -> dict[str, Any]:
    """As its page shows it."""
    (standing,) = standings_of_searches([row])
    like = standing.like
    whole = {
        **brief_json(row, standing),
        "baseline": like.baseline if like else None,
        "revision": like.revision if like else None,
        "train_slices": list(like.train_slices.order_by("pk")) if like else [],
        "validation_slice": like.validation_slice if like else None,
        "settings": like.settings if like else None,
        "ranges": row.ranges,
        "minutes": row.minutes,
        "prune": row.prune,
        "seconds": standing.seconds,
        "tried": standing.tried,
        "floor": standing.floor,
        "floor_missing": standing.floor_missing,
        "best_trial": standing.best.pk if standing.best else None,
    }
    context = {"floor": standing.floor, "better": standing.better}
    answer: dict[str, Any] = SettingsSearchSerializer(whole, context=context).data
    return answer


def search_for(request: Request, search_id: int) -> SettingsSearch:
    return access.one_of(request.user, searches(), search_id, through=THROUGH)


@extend_schema(operation_id="list_searchable_settings", tags=["model"], responses=SearchableSerializer(many=True))
def list_searchable_settings(request: Request) -> Response:
    """The settings that a search can vary, each with the range that is proposed."""
    return Response(SearchableSerializer(SEARCHABLE, many=True).data)


@extend_schema(
    operation_id="create_search",
    tags=["model"],
    request=SettingsSearchInSerializer,
    responses={202: SettingsSearchSerializer},
)
def create_search(request: Request) -> Response:
    """Train the unchanged settings with several seeds, then trial after trial of others. 409 as for a run."""
    given = validated(SettingsSearchInSerializer, request.data)
    dataset = dataset_for(request, given.pop("dataset"))
    made = asking.create_search(dataset=dataset, new=asking.NewSearch(**given), by=request.user)
    return Response(search_answer(searches().get(pk=made.pk)), status=202)


@extend_schema(
    operation_id="estimate_search",
    tags=["model"],
    request=SettingsSearchEstimateInSerializer,
    responses=SettingsSearchEstimateSerializer,
)
def estimate_search(request: Request) -> Response:
    """What it would take at most, and what it could tell, before it is started."""
    given = validated(SettingsSearchEstimateInSerializer, request.data)
    dataset = dataset_for(request, given.pop("dataset"), at_least=Role.MANAGER)
    return Response(SettingsSearchEstimateSerializer(cost_of_search(dataset, asking.NewSearch(**given))).data)


@extend_schema(
    operation_id="list_searches",
    tags=["model"],
    parameters=PAGE_PARAMETERS,
    responses=page_shape(SettingsSearchBriefSerializer),
)
def list_searches(request: Request, dataset_id: int) -> Response:
    """The dataset's searches, newest first."""
    dataset = dataset_for(request, dataset_id)
    rows, following = newest_first(searches_of(dataset), page_request(request))
    standings = standings_of_searches(rows)
    items = [brief_json(row, one) for row, one in zip(rows, standings, strict=True)]
    return Response({"items": SettingsSearchBriefSerializer(items, many=True).data, "next": following})


@extend_schema(operation_id="get_search", tags=["model"], responses=SettingsSearchSerializer)
def get_search(request: Request, search_id: int) -> Response:
    """All that was tried, the noise floor, and the best so far."""
    return Response(search_answer(search_for(request, search_id)))


@extend_schema(operation_id="cancel_search", tags=["model"], request=None, responses=SettingsSearchSerializer)
def cancel_search(request: Request, search_id: int) -> Response:
    """Stop it; it can be resumed. 409 where it has ended."""
    search = search_for(request, search_id)
    asking.cancel_search(search=search, by=request.user)
    return Response(search_answer(search))


@extend_schema(
    operation_id="resume_search",
    tags=["model"],
    request=SettingsSearchResumeSerializer,
    responses={202: SettingsSearchSerializer},
)
def resume_search(request: Request, search_id: int) -> Response:
    """Go on where it was cancelled or failed, or with more trials. 409 while it goes, or with nothing left to try."""
    search = search_for(request, search_id)
    given = validated(SettingsSearchResumeSerializer, request.data)
    asking.resume_search(search=search, by=request.user, **given)
    return Response(search_answer(search_for(request, search_id)), status=202)


@extend_schema(operation_id="delete_search", tags=["model"], responses={204: None})
def delete_search(request: Request, search_id: int) -> Response:
    """Delete it with its runs and checkpoints; predictions and evaluations stay."""
    asking.delete_search(search=search_for(request, search_id), by=request.user)
    return Response(status=204)
