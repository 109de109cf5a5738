"""Unfinished tasks of somebody who can no longer label in the project are nobody's again."""

from django.db.models import Exists, OuterRef, Q

from accounts import audit
from accounts.models import Member
from dataset.models import Dataset
from label.models import Task
from label.selectors.people import MAY_LABEL, UNFINISHED


def on_leaving(project_id: int, user_id: int) -> None:
    """Somebody has left the project or has become less in it; what they may still do stays theirs."""
    if Member.objects.filter(project=project_id, user=user_id, role__in=MAY_LABEL).exists():
        return
    _give_back(project_id, Q(assignee=user_id))


def from_everybody_gone() -> None:
    """The same for whoever was taken out or made inactive in the administration; the clock calls this."""
    member = Member.objects.filter(
        user=OuterRef("assignee"), project=OuterRef("batch__dataset__project"), role__in=MAY_LABEL
    )
    gone = Q(assignee__is_active=False) | (Q(assignee__is_superuser=False) & ~Q(Exists(member)))
    rows = Task.objects.filter(gone, state__in=UNFINISHED, assignee__isnull=False)
    for project_id in rows.values_list("batch__dataset__project", flat=True).distinct():
        _give_back(project_id, gone)


def _give_back(project_id: int, whose: Q) -> None:
    rows = Task.objects.filter(whose, batch__dataset__in=Dataset.objects.filter(project=project_id))
    ids = list(rows.filter(state__in=UNFINISHED).values_list("pk", flat=True))
    if not ids:
        return
    Task.objects.filter(pk__in=ids).update(assignee=None)
    data = {"tasks": len(ids)}
    audit.record(by=None, action="task.give_back", target=f"{len(ids)} tasks", project=project_id, data=data)
