"""Giving tasks to people: a batch, a part of it, or the rest of what somebody had; all parts of a call or none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from label.models import Batch, Task
from label.selectors.people import UNFINISHED, labellers
from label.services import telling
from label.spreading import dealt, in_blocks, shares, speeds

NOBODY = 0  # in place of a person's id: tasks that are nobody's


@dataclass(frozen=True)
class TaskPart:
    """Which tasks, and whose they become. All that is given narrows; finished tasks stay with who did them.

    `people` None leaves everybody with what they have, empty gives the tasks back.
    """

    tasks: Sequence[int] | None = None  # ids
    first: int | None = None  # from this position on, 0 is the batch's first
    last: int | None = None  # up to and with this one
    states: Sequence[str] = UNFINISHED
    of: int | None = None  # only those of this person; NOBODY: only those that are nobody's
    most: int | None = None  # of them so many, in the batch's order
    people: Sequence[int] | None = None  # ids
    by_speed: bool = False  # more to who is faster; else evenly
    blocks: bool = False  # what stands together stays with one person; else dealt in turns
    set_due: bool = False  # whether `due` is set
    due: date | None = None


@dataclass(frozen=True)
class AssignedPart:
    """What became of a part: how many tasks, and of them how many with whom (user id; None nobody)."""

    tasks: int
    people: dict[int | None, int]


def assign_parts(*, batch: Batch, parts: Sequence[TaskPart], by: User, preview: bool = False) -> list[AssignedPart]:
    """Give parts of a batch to people, in order; with `preview` only say what would be. Reviewers and above.

    Raises BadInput for a person who may not label here, naming the part; nothing is assigned then.
    """
    access.check(by, batch.dataset.project_id, Role.REVIEWER)
    if batch.state == Batch.State.CLOSED:
        raise Conflict("This batch is closed. Open it again to assign its tasks.")
    _check_people(batch, parts)
    with transaction.atomic():
        given: Counter[int] = Counter()
        found = [_assign(batch, part, given) for part in parts]
        if preview:
            transaction.set_rollback(True)
            return found
        data = {"id": batch.pk, "tasks": sum(one.tasks for one in found), "people": dict(given)}
        audit.record(by=by, action="batch.assign", target=batch, project=batch.dataset.project_id, data=data)
        telling.assigned(batch=batch, counts=given, author=by)
    return found


def _check_people(batch: Batch, parts: Sequence[TaskPart]) -> None:
    known = {one.person.pk for one in labellers(batch)}
    for number, part in enumerate(parts):
        if any(person not in known for person in part.people or ()):
            detail = "Only members who may label in this project can be given its tasks."
            raise BadInput(detail, errors={f"parts.{number}.people": [detail]})


def _assign(batch: Batch, part: TaskPart, given: Counter[int]) -> AssignedPart:
    """One part, its tasks locked; adds to `given` how many of them are new to each person."""
    rows = list(_meant(batch, part).select_for_update().values_list("pk", "assignee_id"))
    ids = [pk for pk, _ in rows]
    if part.set_due:
        Task.objects.filter(pk__in=ids).update(due=part.due)
    if part.people is None:
        return AssignedPart(len(rows), dict(Counter(assignee for _, assignee in rows)))
    owners = _owners(batch, part, len(rows))
    for person in set(owners):
        Task.objects.filter(pk__in=[pk for pk, to in zip(ids, owners, strict=True) if to == person]).update(
            assignee=person
        )
    new = [to for (_, had), to in zip(rows, owners, strict=True) if to is not None and to != had]
    given.update(new)
    return AssignedPart(len(rows), dict(Counter(owners)))


def _owners(batch: Batch, part: TaskPart, count: int) -> list[int | None]:
    """Whose each task becomes, in the tasks' order."""
    people = list(dict.fromkeys(part.people or ()))
    if not people:
        return [None] * count
    timed = {one.person.pk: one.seconds for one in labellers(batch)} if part.by_speed else {}
    counts = shares(count, speeds([timed.get(person) for person in people]))
    spread = in_blocks(counts) if part.blocks else dealt(counts)
    return [people[place] for place in spread]


def _meant(batch: Batch, part: TaskPart) -> QuerySet[Task]:
    rows = batch.tasks.filter(state__in=part.states).order_by("position")
    if part.tasks is not None:
        rows = rows.filter(pk__in=part.tasks)
    if part.first is not None:
        rows = rows.filter(position__gte=part.first)
    if part.last is not None:
        rows = rows.filter(position__lte=part.last)
    if part.of is not None:
        rows = rows.filter(assignee=part.of or None)
    return rows if part.most is None else rows[: part.most]
