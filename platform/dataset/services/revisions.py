"""Revisions: the only way in which annotations change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import F

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, PreconditionFailed
from dataset.models import Dataset, Revision
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.change_plans import Counts, RevisionPlan, make_plan
from dataset.services.rows import add_rows, close_objects, close_rows, mark_labelled, object_ids


class RevisionConflict(PreconditionFailed):
    """The labels have moved on since the revision that the changes were made on."""


@dataclass(frozen=True)
class RevisionNote:
    """What is written beside the changes."""

    kind: str
    message: str = ""
    origin: dict[str, Any] = field(default_factory=dict)


def lock(dataset: Dataset, on: int | None = None) -> Dataset:
    """The dataset's row, locked until the transaction ends. Raises RevisionConflict unless `on` is its head."""
    locked = Dataset.objects.select_for_update().get(pk=dataset.pk)
    if on is not None and on != locked.head_revision:
        raise RevisionConflict(
            f"The labels are at revision {locked.head_revision}; these changes were made on {on}.",
            extra={"current": {"head_revision": locked.head_revision}},
        )
    return locked


def apply_changes(
    *,
    dataset: Dataset,
    by: User,
    kind: str,
    message: str = "",
    changes: Sequence[AnnotationChange],
    on: int | None = None,
) -> Revision:
    """Change annotations as `write_changes` does. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    return write_changes(dataset=dataset, author=by, kind=kind, message=message, changes=changes, on=on)


@transaction.atomic
def write_changes(
    *,
    dataset: Dataset,
    author: User | None,
    kind: str,
    message: str = "",
    changes: Sequence[AnnotationChange],
    on: int | None = None,
    origin: dict[str, Any] | None = None,
) -> Revision:
    """Make a revision of the changes: all of them or, on any error, none.

    Raises RevisionConflict where `on` is given and is not the head, BadInput where a change names an image, class or
    object that is not there, or a box without area. A `set` that changes nothing is left out.
    """
    locked = lock(dataset, on)
    plan = make_plan(locked, changes)
    if plan.masks_lost:
        left_out = "1 mask was" if plan.masks_lost == 1 else f"{plan.masks_lost} masks were"
        message = f"{message} ({left_out} left out: a mask cannot follow its box)".strip()
    return write_revision(locked, plan, RevisionNote(kind, message, origin or {}), author=author)


def write_revision(locked: Dataset, plan: RevisionPlan, note: RevisionNote, *, author: User | None) -> Revision:
    """Write a plan as the next revision of a dataset that is locked."""
    number = locked.head_revision + 1
    revision = make_revision(locked, number, note, plan.counts, author=author)
    rows = {"rows": plan.closed.tolist()}
    if len(plan.closed) and close_rows(locked.pk, "id = ANY(%(rows)s)", rows, died=number) != len(plan.closed):
        raise RevisionConflict("Some of these labels have been changed meanwhile.")
    add_rows(locked.pk, plan.new, born=number)
    mark_labelled(locked.pk, plan.new.image_id if plan.labelled is None else plan.labelled, since=number)
    return revision


def make_revision(locked: Dataset, number: int, note: RevisionNote, counts: Counts, *, author: User | None) -> Revision:
    """The revision's row, the dataset's new head and count, and the audit line."""
    revision = Revision.objects.create(
        dataset=locked,
        number=number,
        kind=note.kind,
        message=note.message[:500],
        origin=note.origin,
        author=author,
        counts=counts.as_dict(),
    )
    Dataset.objects.filter(pk=locked.pk).update(
        head_revision=number, annotation_count=F("annotation_count") + counts.added - counts.removed
    )
    locked.refresh_from_db(fields=["head_revision", "annotation_count"])
    data = {"dataset": locked.pk, "revision": number, "kind": note.kind, **counts.as_dict()}
    audit.record(by=author, action="revision.create", target=locked.name, project=locked.project_id, data=data)
    return revision


OPEN_AGAIN = """
    INSERT INTO dataset_annotation
        (dataset_id, image_id, object_id, label_class_id, x1, y1, x2, y2, attributes, ignore, area, shape, provenance,
         born)
    SELECT dataset_id, image_id, object_id, label_class_id, x1, y1, x2, y2, attributes, ignore, area, shape, provenance,
           %(number)s
    FROM dataset_annotation
    WHERE dataset_id = %(dataset)s AND born <= %(to)s AND died > %(to)s AND died < %(number)s
      AND EXISTS (SELECT FROM dataset_image AS image WHERE image.id = image_id) -- it may have been removed
    RETURNING object_id
"""


FORGET_NEGATIVES = """
    UPDATE dataset_image AS image SET labelled_since = NULL
    WHERE dataset_id = %(dataset)s AND labelled_since > %(to)s AND NOT EXISTS (
        SELECT FROM dataset_annotation AS label WHERE label.image_id = image.id AND label.died IS NULL)
"""


@transaction.atomic
def revert(*, dataset: Dataset, to: int, by: User, message: str = "", on: int | None = None) -> Revision:
    """A new revision whose labels are those of revision `to` (0: none). History stays as it was. Managers and above.

    Images that were labelled only after `to` and are without boxes now are not labelled any more.

    Raises BadInput where there is no such revision before the head, RevisionConflict where `on` is given and is not
    the head.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    locked = lock(dataset, on)
    if not 0 <= to < locked.head_revision:
        raise BadInput(f"There is no revision {to} before the present one, {locked.head_revision}.")
    number = locked.head_revision + 1
    values = {"number": number, "dataset": locked.pk, "to": to}
    closed = close_objects(locked.pk, "born > %(to)s", values, died=number)
    opened = object_ids(OPEN_AGAIN, values)
    with connection.cursor() as cursor:
        cursor.execute(FORGET_NEGATIVES, values)
    both = len(np.intersect1d(closed, opened))
    counts = Counts(added=len(opened) - both, changed=both, removed=len(closed) - both)
    note = RevisionNote(Revision.Kind.REVERT, message or f"Back to revision {to}", {"reverted_to": to})
    return make_revision(locked, number, note, counts, author=by)
