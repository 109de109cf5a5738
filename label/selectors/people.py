"""Who may label in a project, what lies with them, and how fast they are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.aggregates import Aggregate
from django.db.models.fields import FloatField
from django.db.models.functions import Coalesce

from accounts.models import Member, Role, User
from accounts.natural_names import by_name
from label.models import Batch, Task

MAY_LABEL = [Role.OWNER, Role.MANAGER, Role.REVIEWER, Role.LABELLER]
S = Task.State
UNFINISHED = (S.TO_LABEL, S.IN_PROGRESS)
FINISHED = (S.IN_REVIEW, S.DONE)
LEAST_TIMED = 3  # tasks before somebody's median says anything


@dataclass(frozen=True)
class BatchPerson:
    """A person who can be given tasks."""

    person: User
    role: Role
    tasks: int  # of the batch, with them and not finished
    finished: int  # of the batch, theirs
    seconds: float | None  # median of active seconds of a finished task of the project; None: too few


class Median(Aggregate):
    """The value in the middle."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def may_label(project_id: int) -> QuerySet[Member]:
    """Members to whom tasks can be given, by name."""
    rows = Member.objects.filter(project=project_id, role__in=MAY_LABEL, user__is_active=True)
    return rows.select_related("user").order_by(by_name("user__name"), "user__email")


def labellers(batch: Batch) -> list[BatchPerson]:
    """Everybody who may label in the batch's project."""
    mine, timed = _tasks_of(batch), seconds_by_person(batch.dataset.project_id)
    none = {"tasks": 0, "finished": 0}
    return [
        BatchPerson(one.user, Role(one.role), **mine.get(one.user_id, none), seconds=timed.get(one.user_id))
        for one in may_label(batch.dataset.project_id)
    ]


def _tasks_of(batch: Batch) -> dict[int, dict[str, int]]:
    rows = batch.tasks.exclude(assignee=None).values("assignee").order_by("assignee")
    counted = rows.annotate(
        tasks=Count("pk", filter=Q(state__in=UNFINISHED)), finished=Count("pk", filter=Q(state__in=FINISHED))
    )
    return {row["assignee"]: {"tasks": row["tasks"], "finished": row["finished"]} for row in counted}


def seconds_by_person(project_id: int) -> dict[int, float]:
    """Median of active seconds of a finished task, by person; of those with enough of them."""
    rows = Task.objects.filter(
        batch__dataset__project=project_id, state__in=FINISHED, active_seconds__gt=0, assignee__isnull=False
    )
    timed = rows.values("assignee").annotate(number=Count("pk"), middle=Median(F("active_seconds"))).order_by()
    return {row["assignee"]: row["middle"] for row in timed if row["number"] >= LEAST_TIMED}


def due_of() -> Coalesce:
    """The day that counts for a task: its own, else its batch's."""
    return Coalesce("due", "batch__due")


def mine_first(user_id: int) -> Any:
    """An order: a person's own tasks, then nobody's, then other people's."""
    return Case(When(assignee=user_id, then=Value(0)), When(assignee=None, then=Value(1)), default=Value(2))
