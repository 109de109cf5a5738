"""Many objects changed in one revision, set by set: a hundred thousand cost a few statements."""

from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from accounts import access
from accounts.models import Role, User
from accounts.problems import BadInput
from dataset.importing.columns import Ignore
from dataset.models import Dataset, LabelClass, Provenance, Revision
from dataset.services.change_plans import Counts
from dataset.services.revisions import RevisionNote, lock, make_revision
from dataset.services.rows import close_objects

Ids = NDArray[np.int64]

BEGIN_AS = """
    INSERT INTO dataset_annotation
        (dataset_id, image_id, object_id, label_class_id, x1, y1, x2, y2, attributes, ignore, area, shape, provenance,
         born)
    SELECT dataset_id, image_id, object_id, %(label_class)s, x1, y1, x2, y2, attributes, ignore, area, shape,
           %(provenance)s, %(number)s
    FROM dataset_annotation WHERE dataset_id = %(dataset)s AND died = %(number)s
"""
BEGIN_IGNORED = BEGIN_AS.replace("%(label_class)s", "label_class_id").replace(
    "attributes, ignore, area, shape,\n", "attributes, %(ignore)s, area, shape,\n"
)
ANY_CLASS = 0  # no class has this id


@transaction.atomic
def relabel_objects(
    *,
    dataset: Dataset,
    annotation_ids: Ids,
    class_id: int,
    by: User,
    on: int | None = None,
    message: str = "",
    origin: dict[str, Any] | None = None,
) -> Revision:
    """One revision in which these current labels have another class; those that have it already are left alone.

    Managers and above. Raises RevisionConflict where `on` is given and is not the head, BadInput where the class is not
    the dataset's or nothing would change.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    locked = lock(dataset, on)
    label_class = LabelClass.objects.filter(dataset=locked, pk=class_id).first()
    if label_class is None:
        raise BadInput("This dataset has no such class.", errors={"class_id": ["There is no such class."]})
    number = locked.head_revision + 1
    closed = _close(locked, annotation_ids, number, unlike=class_id)
    if not len(closed):
        raise BadInput(f"None of these is a current label of another class than {label_class.name}.")
    values = {"dataset": locked.pk, "number": number, "label_class": class_id, "provenance": Provenance.HUMAN}
    with connection.cursor() as cursor:
        cursor.execute(BEGIN_AS, values)
    note = RevisionNote(Revision.Kind.EDIT, message or f"{len(closed)} relabelled {label_class.name}", origin or {})
    return make_revision(locked, number, note, Counts(changed=len(closed)), author=by)


@transaction.atomic
def delete_objects(
    *,
    dataset: Dataset,
    annotation_ids: Ids,
    by: User,
    on: int | None = None,
    message: str = "",
    origin: dict[str, Any] | None = None,
) -> Revision:
    """One revision without these labels. Managers and above; raises as `relabel_objects`."""
    access.check(by, dataset.project_id, Role.MANAGER)
    locked = lock(dataset, on)
    number = locked.head_revision + 1
    closed = _close(locked, annotation_ids, number, unlike=ANY_CLASS)
    if not len(closed):
        raise BadInput("None of these is a current label.")
    note = RevisionNote(Revision.Kind.EDIT, message or f"{len(closed)} deleted", origin or {})
    return make_revision(locked, number, note, Counts(removed=len(closed)), author=by)


@transaction.atomic
def ignore_objects(
    *,
    dataset: Dataset,
    annotation_ids: Ids,
    ignore: Ignore,
    by: User,
    on: int | None = None,
    message: str = "",
    origin: dict[str, Any] | None = None,
) -> Revision:
    """One revision in which these labels are ignored so, or count again; managers and above.

    Raises RevisionConflict where `on` is given and is not the head, BadInput where nothing would change.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    locked = lock(dataset, on)
    number = locked.head_revision + 1
    which = "id = ANY(%(rows)s) AND ignore <> %(ignore)s"
    closed = close_objects(locked.pk, which, {"rows": annotation_ids.tolist(), "ignore": ignore}, died=number)
    if not len(closed):
        raise BadInput("All of these are so already." if len(annotation_ids) else "None of these is a current label.")
    values = {"dataset": locked.pk, "number": number, "ignore": ignore, "provenance": Provenance.HUMAN}
    with connection.cursor() as cursor:
        cursor.execute(BEGIN_IGNORED, values)
    said = "do not count" if ignore else "count again"
    note = RevisionNote(Revision.Kind.EDIT, message or f"{len(closed)} {said}", origin or {})
    return make_revision(locked, number, note, Counts(changed=len(closed)), author=by)


def _close(locked: Dataset, annotation_ids: Ids, number: int, *, unlike: int) -> Ids:
    """Let these rows end, but for those of a class; returns their object ids."""
    values = {"rows": annotation_ids.tolist(), "unlike": unlike}
    return close_objects(locked.pk, "id = ANY(%(rows)s) AND label_class_id <> %(unlike)s", values, died=number)
