"""A batch's suggestions for a grid of crops: filtered, counted, and how often they were right."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet

from accounts.pages import PageRequest, cut_page
from accounts.problems import BadInput
from curate.models import Suggestion
from label.models import Batch, Task
from science.proportion import wilson
from storage.crops import region_around
from storage.drawing_apart import Region

SCORE_STEPS = 20  # bars of the histogram, each .05 wide
UNFINISHED = (Task.State.TO_LABEL, Task.State.IN_PROGRESS)
RIGHT = (Suggestion.Verdict.ACCEPTED, Suggestion.Verdict.CORRECTED)


@dataclass(frozen=True)
class Shown:
    """Which suggestions are shown; None: all. `class_id` is what it would become, or is where it would go."""

    kind: str | None = None
    class_id: int | None = None
    verdict: str | None = None
    smallest_score: float = 0.0


def suggestions_in(batch: Batch, shown: Shown) -> QuerySet[Suggestion]:
    """Those of the batch's run on the batch's images."""
    rows = Suggestion.objects.filter(auto_curate_id=batch.auto_curate_id, image__tasks__batch=batch)
    if shown.kind:
        rows = rows.filter(kind=shown.kind)
    if shown.verdict:
        rows = rows.filter(verdict=shown.verdict)
    if shown.class_id is not None:
        becomes = Q(proposed__class_id=shown.class_id)
        rows = rows.filter(becomes | Q(proposed__isnull=True, given__class_id=shown.class_id))
    return rows.filter(score__gte=shown.smallest_score) if shown.smallest_score else rows


def grid_page(batch: Batch, shown: Shown, wanted: PageRequest) -> tuple[list[Suggestion], str | None]:
    """A page by falling score."""
    rows = suggestions_in(batch, shown).select_related("image", "decided_by").order_by("-score", "pk")
    if wanted.after is not None:
        score, last = _key(wanted.after)
        rows = rows.filter(Q(score__lt=score) | Q(score=score, pk__gt=last))
    return cut_page(list(rows[: wanted.fetch]), wanted, lambda one: [float(np.float32(one.score)), one.pk])


def tasks_by_image(batch: Batch, rows: Iterable[Suggestion]) -> dict[int, int]:
    """The ids of the tasks of these suggestions, by image id."""
    tasks = Task.objects.filter(batch=batch, image_id__in={row.image_id for row in rows})
    return dict(tasks.values_list("image_id", "pk"))


def _key(after: list[Any]) -> tuple[float, int]:
    """Score and id of the last row; the score as four bytes hold it, as Postgres compares it."""
    match after:
        case [int() | float() as score, int() as last]:
            return score, last
    raise BadInput("after must be the `next` of an earlier page.", errors={"after": ["Not a page's `next`."]})


def decided_images(batch: Batch) -> list[int]:
    """The images of unfinished tasks whose suggestions are all decided, ascending."""
    if batch.auto_curate_id is None:
        return []
    unfinished = batch.tasks.filter(state__in=UNFINISHED, copies=1)
    rows = Suggestion.objects.filter(auto_curate_id=batch.auto_curate_id, image__in=unfinished.values("image_id"))
    still = Count("pk", filter=Q(verdict=Suggestion.Verdict.PENDING))
    ready = rows.values("image_id").annotate(still=still).filter(still=0).order_by("image_id")
    return list(ready.values_list("image_id", flat=True))


def accepted_before(batch: Batch) -> QuerySet[Suggestion]:
    """What was accepted outside the batch, on images that nobody has worked on here: it changed no box yet."""
    untouched = batch.tasks.filter(version=0, state__in=UNFINISHED, copies=1)
    return Suggestion.objects.filter(
        auto_curate_id=batch.auto_curate_id, image__in=untouched.values("image_id"), verdict=Suggestion.Verdict.ACCEPTED
    )


def view_of(suggestion: Suggestion) -> Region:
    """The part of the image that shows what is labelled and what is proposed with what is around; xyxy pixels."""
    image, shapes = suggestion.image, (suggestion.given, suggestion.proposed)
    boxes = [shape["box"] for shape in shapes if shape]
    if not boxes:
        return 0, 0, image.width, image.height
    first, last = zip(*((box[:2], box[2:]) for box in boxes), strict=True)
    around = (*map(min, zip(*first, strict=True)), *map(max, zip(*last, strict=True)))
    return region_around(around, image.width, image.height)


Row = tuple[str, int | None, float, str]  # kind, class, score, verdict


def grid_counts(batch: Batch, shown: Shown) -> dict[str, Any]:
    """How many are shown, by kind, class and score (each as if its own filter were not set), and what was right."""
    columns = ("kind", "proposed__class_id", "given__class_id", "score", "verdict")
    every: list[Row] = [
        (kind, given if becomes is None else becomes, score, verdict)
        for kind, becomes, given, score, verdict in suggestions_in(batch, Shown()).values_list(*columns)
    ]
    return {
        "shown": sum(_passes(row, shown) for row in every),
        "pending": sum(row[3] == Suggestion.Verdict.PENDING for row in every),
        "total": len(every),
        "kinds": _counted("kind", (row[0] for row in every if _passes(row, shown, but="kind"))),
        "classes": _counted("class_id", (row[1] for row in every if _passes(row, shown, but="class"))),
        "scores": _histogram(row[2] for row in every if _passes(row, shown, but="score")),
        "right": [_right(kind, every) for kind in Suggestion.Kind.values if any(row[0] == kind for row in every)],
    }


def _passes(row: Row, shown: Shown, but: str = "") -> bool:
    kind, class_id, score, verdict = row
    return (
        (but == "kind" or shown.kind in (None, kind))
        and (but == "class" or shown.class_id in (None, class_id))
        and (but == "score" or score >= shown.smallest_score)
        and shown.verdict in (None, verdict)
    )


def _counted(name: str, values: Iterable[Any]) -> list[dict[str, Any]]:
    found = sorted(Counter(value for value in values if value is not None).items(), key=lambda one: (-one[1], one[0]))
    return [{name: value, "count": number} for value, number in found]


def _histogram(scores: Iterable[float]) -> list[int]:
    bars = [0] * SCORE_STEPS
    for score in scores:
        bars[min(max(int(score * SCORE_STEPS), 0), SCORE_STEPS - 1)] += 1
    return bars


def _right(kind: str, rows: list[Row]) -> dict[str, Any]:
    """Of a kind: how many were decided, and which part of these was right, with Wilson's interval."""
    verdicts = Counter(row[3] for row in rows if row[0] == kind)
    right = sum(verdicts[verdict] for verdict in RIGHT)
    decided = right + verdicts[Suggestion.Verdict.REJECTED]
    return {
        "kind": kind,
        "decided": decided,
        "pending": verdicts[Suggestion.Verdict.PENDING],
        "precision": right / decided if decided else None,
        "interval": wilson(right, decided),
    }
