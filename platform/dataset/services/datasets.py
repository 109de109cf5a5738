"""Datasets and their class lists."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, RestrictedError

from accounts import access, audit
from accounts.models import Project, Role, User
from accounts.problems import BadInput, Conflict
from dataset import leaving
from dataset.colours import colour_of, hotkey_of
from dataset.importing.names import class_name
from dataset.models import Dataset, LabelClass
from dataset.services.class_names import names_before


@transaction.atomic
def create_dataset(
    *, project: Project, name: str, by: User, description: str = "", classes: Sequence[dict[str, str]] = ()
) -> Dataset:
    """A new, empty dataset. `classes`: {"name", "colour"?, "hotkey"?} in index order. Managers and above."""
    access.check(by, project.pk, Role.MANAGER)
    try:
        with transaction.atomic():
            row = Dataset.objects.create(project=project, name=name, description=description, created_by=by)
    except IntegrityError as error:
        raise name_taken(name) from error
    add_classes(dataset=row, classes=classes)
    audit.record(by=by, action="dataset.create", target=name, project=project, data={"dataset": row.pk})
    return row


def name_taken(name: str) -> Conflict:
    return Conflict(f"The project has a dataset named {name} already.", errors={"name": ["This name is taken."]})


@transaction.atomic
def change_dataset(*, dataset: Dataset, by: User, **fields: str) -> Dataset:
    """Set its name or description. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    for name, value in fields.items():
        setattr(dataset, name, value)
    try:
        with transaction.atomic():
            dataset.save(update_fields=list(fields))
    except IntegrityError as error:
        raise name_taken(dataset.name) from error
    data = {"dataset": dataset.pk, "fields": sorted(fields)}
    audit.record(by=by, action="dataset.change", target=dataset.name, project=dataset.project_id, data=data)
    return dataset


def add_classes(*, dataset: Dataset, classes: Sequence[dict[str, str]]) -> list[LabelClass]:
    """Append classes to a dataset's list, inside the caller's transaction. Raises BadInput on a name twice."""
    names = [class_name(given["name"]) for given in classes]
    if not all(names):
        raise BadInput("A class needs a name that can be seen.", errors={"name": ["Nothing of it can be seen."]})
    known = set(map(class_name, LabelClass.objects.filter(dataset=dataset).values_list("name", flat=True)))
    if len(set(names)) < len(names) or known & set(names):
        raise BadInput("Two classes cannot have one name.", errors={"name": ["This name is taken."]})
    start = len(known)
    keys = {*LabelClass.objects.filter(dataset=dataset).values_list("hotkey", flat=True)} - {""}
    rows = []
    for index, (name, given) in enumerate(zip(names, classes, strict=True), start=start):
        hotkey = given.get("hotkey") or hotkey_of(index)
        hotkey = "" if hotkey in keys else hotkey
        keys.add(hotkey)
        colour = given.get("colour") or colour_of(index)
        rows.append(LabelClass(dataset=dataset, index=index, name=name, colour=colour, hotkey=hotkey))
    return LabelClass.objects.bulk_create(rows)


@transaction.atomic
def create_class(*, dataset: Dataset, by: User, **given: str) -> LabelClass:
    """Append a class to the list. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    locked = Dataset.objects.select_for_update().get(pk=dataset.pk)
    row = add_classes(dataset=locked, classes=[given])[0]
    audit.record(by=by, action="class.create", target=row.name, project=locked.project_id, data={"dataset": locked.pk})
    return row


@transaction.atomic
def change_class(*, row: LabelClass, by: User, **fields: str) -> LabelClass:
    """Set a class's name, colour or hotkey; its index never changes. Managers and above.

    A name that it had is remembered: labels that are imported again under it are meant for this class.
    """
    access.check(by, row.dataset.project_id, Role.MANAGER)
    others = LabelClass.objects.filter(dataset=row.dataset).exclude(pk=row.pk)
    if "name" in fields:
        fields["name"] = checked_name(fields["name"], others)
    if fields.get("hotkey") and others.filter(hotkey=fields["hotkey"]).exists():
        raise Conflict("Another class has this hotkey.", errors={"hotkey": ["This hotkey is taken."]})
    changed = list(fields)
    if fields.get("name", row.name) != row.name:
        row.earlier_names = names_before(row, fields["name"])
        changed.append("earlier_names")
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=changed)
    data: dict[str, Any] = {"dataset": row.dataset_id, **fields}
    audit.record(by=by, action="class.change", target=row.name, project=row.dataset.project_id, data=data)
    return row


def checked_name(given: str, others: QuerySet[LabelClass]) -> str:
    """A class's new name as it is stored. Raises Conflict where another class has it, BadInput where it is none."""
    name = class_name(given)
    if not name:
        raise BadInput("A class needs a name that can be seen.", errors={"name": ["Nothing of it can be seen."]})
    if name in map(class_name, others.values_list("name", flat=True)):
        raise Conflict("Two classes cannot have one name.", errors={"name": ["This name is taken."]})
    return name


@transaction.atomic
def delete_dataset(*, dataset: Dataset, by: User) -> None:
    """Remove a dataset with all that hangs on it. Owners only. Its bytes go later: storage/collecting.py."""
    access.check(by, dataset.project_id, Role.OWNER)
    audit.record(
        by=by,
        action="dataset.delete",
        target=dataset.name,
        project=dataset.project_id,
        data={"dataset": dataset.pk, "images": dataset.image_count, "annotations": dataset.annotation_count},
    )
    leaving.end_what_hangs_on(dataset)
    sets = list(dataset.prediction_sets.values_list("pk", flat=True))
    with connection.cursor() as cursor:  # the two tables without foreign keys
        cursor.execute("DELETE FROM dataset_prediction WHERE prediction_set_id = ANY(%s)", [sets])
        cursor.execute("DELETE FROM dataset_annotation WHERE dataset_id = %s", [dataset.pk])
    try:
        dataset.delete()
    except RestrictedError as error:
        names = ", ".join(sorted({str(one) for one in error.restricted_objects})[:5])
        detail = f"Runs or endpoints of another dataset need this one's checkpoints: {names}. Delete those first."
        raise Conflict(detail) from error
