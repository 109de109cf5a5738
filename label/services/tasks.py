"""Working on a task: saving, verdicts, assignment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import access, audit
from accounts.models import ROLE_RANK, Member, Role, User
from accounts.problems import BadInput, Conflict, PreconditionFailed
from curate.autocurate import verdicts as suggestions
from curate.models import Suggestion
from label.boxes import BoxLimits, Checked, check_boxes, differs
from label.merge import COUNTS
from label.models import Batch, Task
from label.selectors.labels import class_ids_of, objects_at
from label.selectors.tasks import tasks_with_all
from label.services import reviewing
from label.services.issues import follow_boxes
from label.states import next_state

REOPEN = "UPDATE label_batch SET state = %s WHERE id = %s AND state = %s"
LONGEST_SITTING = 24 * 3600.0  # seconds that one save may add


class TaskChanged(PreconditionFailed):
    """Somebody saved the task since the version that the caller saw; `task` is how it stands now."""

    def __init__(self, task: Task) -> None:
        who = f" by {task.saved_by}" if task.saved_by else ""
        super().__init__(f"This task was saved{who} meanwhile. Look at how it stands now before saving again.")
        self.task = task


@dataclass(frozen=True)
class Save:
    """One save of a task. `version` is the one that the caller saw; what is None or empty stays as it is."""

    version: int
    boxes: Sequence[Mapping[str, Any]] | None = None
    state: str | None = None
    active_seconds: float = 0.0  # to add
    verdicts: Sequence[Mapping[str, Any]] = ()  # {"id", "verdict"} of suggestions
    reason: str = ""  # why it is sent back
    despite_issues: bool = False  # pass it though some are not resolved


@dataclass(frozen=True)
class Saved:
    """What a save came to."""

    version: int
    state: str
    saved_at: datetime
    notes: list[dict[str, Any]] = field(default_factory=list)  # what was adjusted: {"id", "note", "box"}


def save_task(*, task: Task, save: Save, by: User) -> Saved:
    """Save boxes, state, time and verdicts together, if nobody saved since `save.version`. Labellers and above.

    Raises TaskChanged otherwise, BadInput naming each box that cannot be saved.
    """
    role = access.check(by, task.batch.dataset.project_id, Role.LABELLER)
    if task.version != save.version:
        raise TaskChanged(tasks_with_all().get(pk=task.pk))
    if task.batch.state == Batch.State.CLOSED:
        raise Conflict("This batch is closed. Open it again to work on its tasks.")
    canvas = canvas_of(task)
    checked = _checked_boxes(save, canvas)
    edited = checked is not None and _is_edit(task, checked.boxes, canvas)
    columns, share = _columns(task, save, edited, role=role, by=by)
    if checked is not None:
        columns |= _working_copy(task, checked.boxes, canvas)
    with transaction.atomic():
        if not Task.objects.filter(pk=task.pk, version=save.version).update(**columns):
            raise TaskChanged(tasks_with_all().get(pk=task.pk))
        _decide(task, save.verdicts, by=by)
        if checked is not None and task.open_issues:
            follow_boxes(task, checked.boxes)
        boxes = columns.get("boxes", task.boxes)
        moved = reviewing.Moved(columns["state"], by, edited, boxes, share, save.reason)
        reviewing.note_round(task, moved)
        _after(task, columns, by=by)
    return Saved(save.version + 1, columns["state"], columns["saved_at"], checked.notes if checked else [])


def _checked_boxes(save: Save, canvas: BoxLimits) -> Checked | None:
    """The boxes to store; None where the save brings none. Raises BadInput naming the bad ones."""
    if save.boxes is None:
        return None
    checked = check_boxes(save.boxes, canvas)
    if checked.errors:
        count = len(checked.errors)
        first = next(iter(checked.errors.values()))[0]
        detail = first if count == 1 else f"{count} boxes cannot be saved. The first: {first}"
        raise BadInput(detail, errors=checked.errors)
    return checked


def canvas_of(task: Task) -> BoxLimits:
    """What the task's boxes are checked against."""
    return BoxLimits(
        width=task.image.width,
        height=task.image.height,
        class_ids=class_ids_of(task.batch.dataset),
        base=objects_at(task.base, [task.image_id]).get(task.image_id, {}),
    )


def _columns(task: Task, save: Save, edited: bool, *, role: Role, by: User) -> tuple[dict[str, Any], float | None]:
    """The UPDATE's columns, and the share by which it was drawn whether the task is reviewed."""
    own, batch = reviewing.is_own(task, by, edited), task.batch
    state = next_state(
        current=task.state, asked=save.state, edited=edited, review=batch.review, role=role, own=own,
        alone=batch.own_review,
    )  # fmt: skip
    if batch.review:
        reviewing.check_move(task, state, author=by, reason=save.reason, despite_issues=save.despite_issues)
    state, share = reviewing.drawn_state(task, state, by)
    columns: dict[str, Any] = {
        "version": F("version") + 1,
        "state": state,
        "saved_by": by,
        "saved_at": timezone.now(),
        "assignee": Coalesce("assignee", by.pk),
        "active_seconds": F("active_seconds") + min(max(save.active_seconds, 0.0), LONGEST_SITTING),
    }
    return columns | reviewing.columns_of(task, state, author=by, edited=edited), share


def _working_copy(task: Task, boxes: list[dict[str, Any]], canvas: BoxLimits) -> dict[str, Any]:
    """The columns of the working copy: none is kept that says only what the labels say."""
    changed = differs(boxes, canvas.base)
    earlier = task.changed and task.base != task.batch.base  # in work that was merged already
    return {"boxes": boxes if changed else None, "changed": changed or earlier}


def _is_edit(task: Task, boxes: list[dict[str, Any]], canvas: BoxLimits) -> bool:
    """Whether these boxes say anything else than the working copy already does."""
    if task.boxes is None:
        return differs(boxes, canvas.base)
    present = task.boxes
    return {b["id"]: _content(b) for b in boxes} != {b["id"]: _content(b) for b in present}


def _content(box: Mapping[str, Any]) -> tuple[Any, ...]:
    return box["class_id"], tuple(box["box"]), box["attributes"], box.get("ignore", COUNTS)


def _decide(task: Task, verdicts: Sequence[Mapping[str, Any]], *, by: User) -> None:
    """Store verdicts on suggestions of this image, in the save's own transaction."""
    if not verdicts:
        return
    wanted = {int(verdict["id"]): str(verdict["verdict"]) for verdict in verdicts}
    known = set(
        Suggestion.objects.filter(
            pk__in=wanted, image_id=task.image_id, auto_curate_id=task.batch.auto_curate_id
        ).values_list("pk", flat=True)
    )
    errors = {f"verdicts.{pk}": ["Not a suggestion for this task."] for pk in wanted if pk not in known}
    if errors:
        raise BadInput("A verdict names a suggestion that is not this task's.", errors=errors)
    suggestions.record(verdicts=wanted, author=by)


def _after(task: Task, columns: Mapping[str, Any], *, by: User) -> None:
    """Work on a merged batch opens it again; a change of state leaves an audit line."""
    state = columns["state"]
    if task.state != state or columns.get("boxes") is not None:
        with connection.cursor() as cursor:  # looked at now: it may have been merged since the task was read
            cursor.execute(REOPEN, [Batch.State.OPEN, task.batch_id, Batch.State.MERGED])
    if task.state != state:
        data = {"id": task.pk, "batch": task.batch_id, "from": task.state, "to": state}
        audit.record(
            by=by, action="task.state", target=task.image.key, project=task.batch.dataset.project_id, data=data
        )


def assign(*, task: Task, assignee_id: int | None, by: User) -> Task:
    """Give a task to a member of the project, or to nobody. Labellers may take or leave their own, reviewers any."""
    project_id = task.batch.dataset.project_id
    own = assignee_id in (None, by.pk) and task.assignee_id in (None, by.pk)
    access.check(by, project_id, Role.LABELLER if own else Role.REVIEWER)
    if assignee_id is not None and not _can_label(assignee_id, project_id):
        detail = "Only somebody who may label in this project can be given its tasks."
        raise BadInput(detail, errors={"assignee": [detail]})
    with transaction.atomic():
        Task.objects.filter(pk=task.pk).update(assignee_id=assignee_id)
        data = {"id": task.pk, "batch": task.batch_id, "assignee": assignee_id}
        audit.record(by=by, action="task.assign", target=task.image.key, project=project_id, data=data)
    task.refresh_from_db()
    return task


def _can_label(user_id: int, project_id: int) -> bool:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or user.is_superuser:
        return user is not None
    role = Member.objects.filter(user=user, project_id=project_id).values_list("role", flat=True).first()
    return role is not None and ROLE_RANK[Role(role)] >= ROLE_RANK[Role.LABELLER]
