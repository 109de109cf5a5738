"""How much help there was, what became of it, and the time that it saved against drawing by hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from curate.models import Suggestion
from label.assists.corrections import part
from label.assists.models import Assist, PrelabelledTask
from label.assists.reports import FINISHED, rows_of
from label.assists.saving_time import ENOUGH, Helped, median, saved
from label.models import Batch

DRAWS = ("click", "fill", "prelabel")  # what stands for drawing a box by hand
FATES = ("unchanged", "changed", "refused")
VERDICTS = {"accepted": "unchanged", "corrected": "changed", "rejected": "refused"}

Fates = dict[str, int]


@dataclass(frozen=True)
class PersonsMedian:
    """How long somebody takes to draw a box (seconds); None until enough were drawn."""

    drawn: int
    seconds: float | None


def counts_of(batch: Batch) -> dict[str, Any]:
    """What the batch page shows, see shapes.AssistCountsSerializer."""
    helped = helped_by_person(batch)
    people = sorted({person for person, _ in helped})
    medians = {person: median_of(person, batch.dataset.project_id) for person in people}
    rows = [row_of(kind, fates, helped, medians) for kind, fates in fates_by_kind(batch).items()]
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    told = [person_row(one, names.get(one, ""), medians[one], helped) for one in people]
    known = [one["saved_seconds"] for one in told if one["saved_seconds"] is not None]
    return {"rows": rows, "people": told, "enough": ENOUGH, "saved_seconds": sum(known) if known else None}


def fates_by_kind(batch: Batch) -> dict[str, Fates]:
    """How often what was offered was left as it was, changed and refused, by kind of help."""
    found: dict[str, Fates] = defaultdict(lambda: dict.fromkeys(FATES, 0))
    rows = told_in(batch).exclude(kind__in=["drawn", "prelabel"]).values_list("kind", "fate")
    for kind, fate, count in rows.annotate(count=Count("pk")).order_by():
        found[kind][fate] += count
    for _, one in rows_of(PrelabelledTask.objects.filter(prelabel__batch=batch)):
        if one.kind != "added":
            found["prelabel"][{"kept": "unchanged", "deleted": "refused"}.get(one.kind, "changed")] += 1
    for verdict, count in verdicts_in(batch):
        found["suggestion"][VERDICTS[verdict]] += count
    return {kind: found[kind] for kind in ("click", "fill", "tighten", "prelabel", "suggestion") if kind in found}


def told_in(batch: Batch) -> QuerySet[Assist]:
    return Assist.objects.filter(task__batch=batch)


def verdicts_in(batch: Batch) -> list[tuple[str, int]]:
    if batch.auto_curate_id is None:
        return []
    rows = Suggestion.objects.filter(auto_curate=batch.auto_curate_id, verdict__in=VERDICTS)
    rows = rows.filter(image__in=batch.tasks.values("image"))
    return list(rows.values_list("verdict").annotate(count=Count("pk")).order_by())


def helped_by_person(batch: Batch) -> dict[tuple[int, str], Helped]:
    """By person and kind, the boxes that stayed and the seconds that all of them took."""
    found: dict[tuple[int, str], Helped] = defaultdict(Helped)
    rows = told_in(batch).filter(kind__in=DRAWS, person__isnull=False).values_list("person", "kind", "fate")
    for person, kind, fate, count, seconds in rows.annotate(count=Count("pk"), seconds=Sum("seconds")).order_by():
        stayed = 0 if kind == "prelabel" or fate == Assist.Fate.REFUSED else count
        found[person, kind] += Helped(stayed, seconds)
    for person, count in prelabels_left(batch).items():
        found[person, "prelabel"] += Helped(count, 0.0)
    return dict(found)


def prelabels_left(batch: Batch) -> dict[int, int]:
    """By who finished the tasks, how many of their pre-labels stayed in some form."""
    found: dict[int, int] = defaultdict(int)
    given = PrelabelledTask.objects.filter(prelabel__batch=batch, task__state__in=FINISHED)
    who = dict(given.annotate(who=Coalesce("task__assignee", "task__saved_by")).values_list("task", "who"))
    for task, one in rows_of(given):
        if one.kind not in ("added", "deleted") and who.get(task):
            found[who[task]] += 1
    return found


def median_of(person: int, project: int) -> PersonsMedian:
    """Over all boxes that the person drew by hand in the project and left."""
    rows = Assist.objects.filter(person=person, kind=Assist.Kind.DRAWN, task__batch__dataset__project=project)
    seconds = list(rows.exclude(fate=Assist.Fate.REFUSED).values_list("seconds", flat=True))
    return PersonsMedian(len(seconds), median(seconds))


def row_of(
    kind: str, fates: Fates, helped: dict[tuple[int, str], Helped], medians: dict[int, PersonsMedian]
) -> dict[str, Any]:
    offered = sum(fates.values())
    times = [saved(one, medians[person].seconds) for (person, of), one in helped.items() if of == kind]
    known = [seconds for seconds in times if seconds is not None]
    return {
        "kind": kind,
        "offered": offered,
        **fates,
        "share": part(fates["unchanged"], offered),
        "saved_seconds": round(sum(known), 1) if known else None,
    }


def person_row(person: int, name: str, own: PersonsMedian, helped: dict[tuple[int, str], Helped]) -> dict[str, Any]:
    all_of_it = sum((one for (who, _), one in helped.items() if who == person), Helped())
    seconds = saved(all_of_it, own.seconds)
    return {
        "person": person,
        "name": name,
        "drawn": own.drawn,
        "median_seconds": None if own.seconds is None else round(own.seconds, 2),
        "taken": all_of_it.boxes,
        "saved_seconds": None if seconds is None else round(seconds, 1),
    }
