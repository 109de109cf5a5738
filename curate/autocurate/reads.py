"""Reads of auto-curate runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet

from accounts.pages import PageRequest, cut_page
from accounts.problems import BadInput
from curate.models import AutoCurate
from dataset.models import Dataset, Image
from dataset.selectors.images import image_brief

OF_THEIR_OWN = {AutoCurate.PICKS, "promise", "self_test"}


def runs_of(dataset: Dataset) -> QuerySet[AutoCurate]:
    """Newest first, with the number of suggestions."""
    return with_counts(AutoCurate.objects.filter(dataset=dataset)).order_by("-pk")


def with_counts(rows: QuerySet[AutoCurate]) -> QuerySet[AutoCurate]:
    return rows.select_related("created_by", "dataset").annotate(suggestion_count=Count("suggestions"))


def report_of(run: AutoCurate) -> dict[str, Any]:
    """The report without what has its own address."""
    return {name: value for name, value in run.report.items() if name not in OF_THEIR_OWN}


def picked_images(run: AutoCurate, wanted: PageRequest) -> tuple[list[dict[str, Any]], str | None]:
    """The images that the run chose, each with its score and reason, in its order."""
    start = _place(wanted.after)
    picks = list(enumerate(run.report.get(AutoCurate.PICKS, [])))[start : start + wanted.fetch]
    shown, following = cut_page(picks, wanted, lambda pick: [pick[0] + 1])
    near = [pick["nearest"]["image"] for _, pick in shown if pick.get("nearest")]
    images = Image.objects.in_bulk([*(pick["image"] for _, pick in shown), *near])
    return [_with_images(pick, images) for _, pick in shown if pick["image"] in images], following


def _with_images(pick: dict[str, Any], images: Mapping[int, Image]) -> dict[str, Any]:
    """A pick with what is shown of its image and of the labelled one most like it, if that is still there."""
    near = pick.get("nearest")
    known = near is not None and near["image"] in images
    neighbour = {**near, "image": image_brief(images[near["image"]])} if near and known else None
    return {**pick, "image": image_brief(images[pick["image"]]), "nearest": neighbour}


def _place(after: list[Any] | None) -> int:
    match after:
        case None:
            return 0
        case [int() as place] if place >= 0:
            return place
    raise BadInput("after must be the `next` of an earlier page.", errors={"after": ["Not a page's `next`."]})
