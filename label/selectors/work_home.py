"""What is mine and next, over all projects that somebody sees: the home of a labeller and of a reviewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.access import held_down, visible_projects
from accounts.models import ROLE_RANK, Member, Role, User
from label.models import Batch, ReviewRound, Task
from label.quality.copies import own_unfinished, rows_seen_by, with_a_place
from label.selectors.batches import batches, with_progress

S = Task.State
MOST_TASKS = 24  # of a kind, shown
MOST_BATCHES = 8


@dataclass(frozen=True)
class WorkDesk:
    """Somebody's work: `tasks` of each kind are the first of them, `counts` all."""

    sent_back: list[Task]  # to me, with `round_reason` set
    begun: list[Task]
    assigned: list[Task]
    counts: dict[str, int]
    to_review: list[dict[str, Any]]  # {"batch", "waiting", "held"}: what I may review
    batches: list[Batch]  # the newest that are open
    next: dict[str, Any] | None  # {"kind", "task", "batch"}


def desk_of(person: User, *, dataset_id: int | None = None) -> WorkDesk:
    """Tasks that were sent back stand before those begun, and those before what is only assigned."""
    roles = _roles(person)
    open_batches = _open_batches(roles, dataset_id)
    kinds = _kinds(person, open_batches)
    shown = {kind: rows_seen_by(_rows(rows), person) for kind, rows in kinds.items()}
    reviews = _to_review(person, open_batches, roles)
    newest = with_progress(list(open_batches.order_by("-pk")[:MOST_BATCHES]))
    to_begin = _to_begin(person, [batch for batch in newest if _may(roles, batch, Role.LABELLER)])
    return WorkDesk(
        sent_back=_with_reasons(shown["sent_back"]),
        begun=shown["begun"],
        assigned=shown["assigned"],
        counts={kind: rows.count() for kind, rows in kinds.items()},
        to_review=reviews,
        batches=newest,
        next=_next(shown, reviews, to_begin),
    )


def _roles(person: User) -> dict[int, Role]:
    """The person's role in each project that they see."""
    own = dict(Member.objects.filter(user=person).values_list("project_id", "role"))
    projects = visible_projects(person).values_list("pk", flat=True)
    found = {project: held_down(person, project, own.get(project)) for project in projects}
    return {project: role for project, role in found.items() if role is not None}


def _may(roles: dict[int, Role], batch: Batch, least: Role) -> bool:
    return ROLE_RANK[roles[batch.dataset.project_id]] >= ROLE_RANK[least]


def _open_batches(roles: dict[int, Role], dataset_id: int | None) -> QuerySet[Batch]:
    rows = batches().filter(dataset__project__in=list(roles)).exclude(state=Batch.State.CLOSED)
    return rows.filter(dataset=dataset_id) if dataset_id is not None else rows


def _kinds(person: User, open_batches: QuerySet[Batch]) -> dict[str, QuerySet[Task]]:
    """What is assigned to the person, by what there is to do; in the order of the batch. Copies of theirs are begun."""
    here = Task.objects.filter(batch__in=open_batches.order_by().values("pk"))
    mine, copies = here.filter(assignee=person), own_unfinished(person)
    rounds = ReviewRound.objects.filter(task=OuterRef("pk"), verdict=ReviewRound.Verdict.SENT_BACK)
    begun = mine.filter(state=S.IN_PROGRESS).order_by("batch", "position")
    own = Q(assignee=person, state=S.IN_PROGRESS) & ~Exists(rounds)
    return {
        "sent_back": begun.filter(Exists(rounds)),
        "begun": here.filter(own | Q(pk__in=copies)).order_by("batch", "position"),
        "assigned": mine.filter(state=S.TO_LABEL).order_by("batch", "position"),
    }


def _rows(rows: QuerySet[Task]) -> list[Task]:
    return list(rows.select_related("image", "batch__dataset")[:MOST_TASKS])


def _with_reasons(tasks: list[Task]) -> list[Task]:
    """Each with the last reason why it was sent back, and by whom."""
    rounds = ReviewRound.objects.filter(task__in=tasks, verdict=ReviewRound.Verdict.SENT_BACK)
    last = {entry.task_id: entry for entry in rounds.select_related("reviewer").defer("boxes").order_by("number")}
    for task in tasks:
        task.last_round = last.get(task.pk)
    return tasks


def _to_review(person: User, open_batches: QuerySet[Batch], roles: dict[int, Role]) -> list[dict[str, Any]]:
    """The batches in which something waits that the person may review, the oldest first."""
    reviewed_in = [project for project, role in roles.items() if ROLE_RANK[role] >= ROLE_RANK[Role.REVIEWER]]
    not_mine = Q(tasks__state=S.IN_REVIEW) & (Q(own_review=True) | ~Q(tasks__workers__contains=[person.pk]))
    with_others = not_mine & Q(tasks__held_until__gte=timezone.now()) & ~Q(tasks__reviewer=person)
    rows = open_batches.filter(dataset__project__in=reviewed_in).order_by("pk")
    counted = rows.annotate(
        waiting=Count("tasks", filter=not_mine), with_others=Count("tasks", filter=with_others)
    ).filter(waiting__gt=0)
    return [{"batch": row, "waiting": row.waiting, "held": row.with_others} for row in counted]


def _next(
    shown: dict[str, list[Task]], reviews: list[dict[str, Any]], to_begin: Sequence[Batch]
) -> dict[str, Any] | None:
    """What Continue opens: my task; else a batch to review; else the oldest batch with tasks that nobody began."""
    for kind in ("sent_back", "begun", "assigned"):
        if shown[kind]:
            return {"kind": kind, "task": shown[kind][0].pk, "batch": shown[kind][0].batch_id}
    for one in reviews:
        if one["waiting"] > one["held"]:
            return {"kind": "review", "task": None, "batch": one["batch"].pk}
    return {"kind": "start", "task": None, "batch": to_begin[-1].pk} if to_begin else None


def _to_begin(person: User, newest: list[Batch]) -> list[Batch]:
    """Of these, those with tasks that nobody began, or of which others have begun copies and one more is wanted."""
    rows = Task.objects.filter(batch__in=[batch.pk for batch in newest])
    wanting = set(with_a_place(rows, person).values_list("batch", flat=True))
    return [batch for batch in newest if batch.progress[S.TO_LABEL] or batch.pk in wanting]
