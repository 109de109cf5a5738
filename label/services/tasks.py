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
from dataset.attribute_rules import AttributeRule, missing
from dataset.selectors.attributes import rules_of
from label.assists.recording import record_assists
from label.boxes import BoxLimits, Checked, check_boxes, differs
from label.merge import COUNTS
from label.models import Batch, Task
from label.quality.copies import is_decided
from label.quality.gold_marks import mark_hand_in
from label.quality.sittings import check_sitting, record_time
from label.selectors.labels import boxes_at, class_ids_of, objects_at
from label.selectors.tasks import tasks_with_all
from label.services import reviewing, telling
from label.services.issues import follow_boxes
from label.states import next_state

REOPEN = "UPDATE label_batch SET state = %s WHERE id = %s AND state = %s"
FINISHED = (Task.State.DONE, Task.State.IN_REVIEW)  # from which required attributes must be there
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
    active_seconds: float = 0.0  # to add, where no sitting tells them
    sitting: Mapping[str, Any] | None = None  # {"key", "seconds", "steps"}, so far: see quality/sittings.py
    verdicts: Sequence[Mapping[str, Any]] = ()  # {"id", "verdict"} of suggestions
    assists: Sequence[Mapping[str, Any]] = ()  # what a detector helped with, and boxes drawn: assists/recording.py
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
    refuse_copies(task, role)
    canvas = canvas_of(task)
    checked = checked_boxes(save, canvas)
    edited = checked is not None and is_edit(task, checked.boxes, canvas)
    columns, share = _columns(task, save, edited, role=role, person=by)
    if save.state in FINISHED:
        refuse_unfilled(task, checked.boxes if checked else None, canvas)
    if checked is not None:
        columns |= working_copy(task, checked.boxes, canvas)
    if save.sitting:
        check_sitting(save.sitting)
    with transaction.atomic():
        new = record_time(task=task, person=by, sitting=save.sitting, more=min(save.active_seconds, LONGEST_SITTING))
        columns["active_seconds"] = F("active_seconds") + new
        if not Task.objects.filter(pk=task.pk, version=save.version).update(**columns):
            raise TaskChanged(tasks_with_all().get(pk=task.pk))
        _decide(task, save.verdicts, by=by)
        if checked is not None and task.open_issues:
            follow_boxes(task, checked.boxes)
        boxes = columns.get("boxes", task.boxes)
        reviewing.note_round(task, reviewing.Moved(columns["state"], by, edited, boxes, share, save.reason))
        if task.withheld:
            mark_hand_in(task=task, person=by, state=columns["state"], boxes=checked.boxes if checked else None)
        record_assists(task=task, person=by, assists=save.assists, boxes=checked.boxes if checked else None)
        _after(task, columns, by=by)
    return Saved(save.version + 1, columns["state"], columns["saved_at"], checked.notes if checked else [])


def refuse_copies(task: Task, role: Role) -> None:
    """Raise Conflict where the work on the task is not one person's to change: several label it, each a copy.

    Once it is decided from the copies it is a reviewer's.
    """
    if task.copies > 1 and not (ROLE_RANK[role] >= ROLE_RANK[Role.REVIEWER] and is_decided(task)):
        raise Conflict(
            f"{task.image.key}: {task.copies} people label this image, each a copy of their own. Open it by itself."
        )


def checked_boxes(save: Save, canvas: BoxLimits) -> Checked | None:
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


def refuse_unfilled(task: Task, boxes: Sequence[Mapping[str, Any]] | None, canvas: BoxLimits) -> None:
    """Raise BadInput naming each box that counts and lacks a required attribute; None: the boxes as they are kept."""
    errors = unfilled(task, boxes, canvas.rules)
    if errors:
        count = len(errors)
        first = next(iter(errors.values()))[0]
        which = "A box lacks" if count == 1 else f"{count} boxes lack"
        raise BadInput(f"{which} what its class requires before the image is done. The first: {first}", errors=errors)


def lacks_required(task: Task) -> bool:
    """Whether a box of the task as it is kept lacks what its class requires."""
    return bool(unfilled(task, None, rules_of(task.batch.dataset_id)))


def unfilled(
    task: Task, boxes: Sequence[Mapping[str, Any]] | None, rules: Sequence[AttributeRule]
) -> dict[str, list[str]]:
    """What each box that counts lacks, by `boxes.<id>`; None: the boxes as they are kept."""
    if not any(rule.required for rule in rules):
        return {}
    if boxes is None:
        boxes = task.boxes if task.boxes is not None else boxes_at(task.base, task.image_id)
    return {
        f"boxes.{box['id']}": [f"{name} is required." for name in names]
        for box in boxes
        if box.get("ignore", COUNTS) == COUNTS
        and (names := missing(rules, box["class_id"], box.get("attributes") or {}))
    }


def canvas_of(task: Task) -> BoxLimits:
    """What the task's boxes are checked against."""
    rules = rules_of(task.batch.dataset_id)
    return BoxLimits(
        width=task.image.width,
        height=task.image.height,
        class_ids=class_ids_of(task.batch.dataset),
        base=objects_at(task.base, [task.image_id]).get(task.image_id, {}),
        rules=rules,
        kept={box["id"]: box["attributes"] or {} for box in task.boxes or ()} if rules else {},
    )


def _columns(task: Task, save: Save, edited: bool, *, role: Role, person: User) -> tuple[dict[str, Any], float | None]:
    """The UPDATE's columns, and the share by which it was drawn whether the task is reviewed."""
    own, batch = reviewing.is_own(task, person, edited), task.batch
    state = next_state(
        current=task.state, asked=save.state, edited=edited, review=batch.review, role=role, own=own,
        alone=batch.own_review,
    )  # fmt: skip
    if batch.review:
        reviewing.check_move(task, state, author=person, reason=save.reason, despite_issues=save.despite_issues)
    state, share = reviewing.drawn_state(task, state, person)
    columns: dict[str, Any] = {
        "version": F("version") + 1,
        "state": state,
        "saved_by": person,
        "saved_at": timezone.now(),
        "assignee": Coalesce("assignee", person.pk),
    }
    return columns | reviewing.columns_of(task, state, author=person, edited=edited), share


def working_copy(task: Task, boxes: list[dict[str, Any]], canvas: BoxLimits) -> dict[str, Any]:
    """The columns of the working copy: none is kept that says only what the labels say."""
    if task.withheld:  # compared with what was shown: the labels may be what it tests people for
        return {"boxes": boxes, "changed": task.changed or is_edit(task, boxes, canvas)}
    changed = differs(boxes, canvas.base)
    earlier = task.changed and task.base != task.batch.base  # in work that was merged already
    return {"boxes": boxes if changed else None, "changed": changed or earlier}


def is_edit(task: Task, boxes: list[dict[str, Any]], canvas: BoxLimits) -> bool:
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
        telling.task_moved(task, state, by)


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
        if assignee_id is not None:
            telling.assigned(batch=task.batch, counts={assignee_id: 1}, author=by)
    task.refresh_from_db()
    return task


def _can_label(user_id: int, project_id: int) -> bool:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or user.is_superuser:
        return user is not None
    role = Member.objects.filter(user=user, project_id=project_id).values_list("role", flat=True).first()
    return role is not None and ROLE_RANK[Role(role)] >= ROLE_RANK[Role.LABELLER]
