"""Some of the objects that changed between the two evaluations of a comparison, each as both see it."""

from __future__ import annotations

from typing import Any

from accounts.pages import PageRequest
from curate.grid.object_changes import FP_GONE, FP_NEW, Pair
from curate.grid.object_sources import Conditions
from curate.grid.objects import ObjectList, object_page
from curate.models import Evaluation
from dataset.models import Dataset, Image

LARGEST_FIRST = "-area"
MOST_BOXES = 1000  # changed labels of one image that are looked through
Row = dict[str, Any]


def changed_objects(
    pair: Pair, dataset: Dataset, word: str, limit: int, of_class: int | None = None
) -> list[dict[str, Row | None]]:
    """The largest first. A false positive that went or came stands on one side alone."""
    conditions = Conditions(pair=pair, changed=(word,), classes=() if of_class is None else (of_class,))
    earlier, later = (Evaluation(pk=pk, dataset=dataset) for pk in (pair.earlier, pair.later))
    if word in (FP_GONE, FP_NEW):
        side, other = ("earlier", "later") if word == FP_GONE else ("later", "earlier")
        listed = ObjectList(dataset, None, earlier if word == FP_GONE else later, conditions)
        return [{side: row, other: None} for row in _rows(listed, limit)]
    found = _rows(ObjectList(dataset, None, later, conditions), limit)
    images = Image.objects.filter(pk__in=[row["image"]["id"] for row in found])
    seen = _rows(ObjectList(dataset, images, earlier, conditions), len(found) * MOST_BOXES)
    by_label = {_label(row): row for row in seen}
    return [{"earlier": by_label.get(_label(row)), "later": row} for row in found]


def _rows(objects: ObjectList, limit: int) -> list[Row]:
    return object_page(objects, PageRequest(limit=limit, after=None), LARGEST_FIRST)[0] if limit else []


def _label(row: Row) -> int:
    """The labelled box of an object that has one."""
    return int(row["boxes"][0]["id"])
