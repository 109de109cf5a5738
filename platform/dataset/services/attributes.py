"""The schema of attributes: added, changed, ordered, removed. Values move with a name only where that is asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from accounts.wording import worded
from dataset.attribute_rules import CHOICE, NUMBER, AttributeRule, fault, is_same
from dataset.models import Attribute, Dataset, LabelClass, Revision
from dataset.selectors.attributes import OURS
from dataset.services.change_plans import Counts
from dataset.services.revisions import RevisionNote, lock, make_revision
from dataset.services.rows import close_objects

MOST = 200  # attributes of one dataset
MOST_VALUES = 200  # of one choice

BEGIN = """
    INSERT INTO dataset_annotation
        (dataset_id, image_id, object_id, label_class_id, x1, y1, x2, y2, attributes, ignore, area, shape, provenance,
         born)
    SELECT dataset_id, image_id, object_id, label_class_id, x1, y1, x2, y2, {attributes}, ignore, area, shape,
           provenance, %(number)s
    FROM dataset_annotation WHERE dataset_id = %(dataset)s AND died = %(number)s
"""
RENAMED = "(attributes - %(old)s::text) || jsonb_build_object(%(new)s::text, attributes -> %(old)s::text)"
WITHOUT = "NULLIF(attributes - %(old)s::text, '{}'::jsonb)"
HAVING = "died IS NULL AND jsonb_exists(attributes, %(old)s::text)"
OF_CLASS = " AND label_class_id = %(of)s"
HAVE_BOTH = f"SELECT count(*) FROM dataset_annotation WHERE dataset_id = %(dataset)s AND {HAVING} " + (
    "AND jsonb_exists(attributes, %(new)s::text)"
)


@transaction.atomic
def create_attributes(*, dataset: Dataset, attributes: Sequence[Mapping[str, Any]], by: User) -> list[Attribute]:
    """Append attributes to the schema: all of them or, on any error, none. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    locked = Dataset.objects.select_for_update().get(pk=dataset.pk)
    start = Attribute.objects.filter(dataset=locked).count()
    if start + len(attributes) > MOST:
        raise BadInput(f"A dataset may have {MOST} attributes.")
    made = []
    for place, given in enumerate(attributes):
        fields = dict(given)
        row = Attribute(dataset=locked, label_class=class_of(locked, fields.pop("class_id", None)), position=start)
        start += 1
        for name, value in fields.items():
            setattr(row, name, value)
        check(row, f"attributes.{place}.")
        row.save(force_insert=True)
        made.append(row)
        _note(row, "attribute.create", by)
    return made


def class_of(dataset: Dataset, class_id: int | None) -> LabelClass | None:
    if class_id is None:
        return None
    found = LabelClass.objects.filter(dataset=dataset, pk=class_id).first()
    if found is None:
        raise BadInput("This dataset has no such class.", errors={"class_id": ["There is no such class."]})
    return found


@transaction.atomic
def change_attribute(
    *, attribute: Attribute, by: User, fields: Mapping[str, Any], move_values: bool = False
) -> tuple[Attribute, Revision | None]:
    """Set what is given. With a new name and `move_values` the labels' values get it too, in a revision.

    Managers and above. Raises Conflict where labels have both names already: one of two values would be lost.
    """
    access.check(by, attribute.dataset.project_id, Role.MANAGER)
    locked = lock(attribute.dataset)
    before = attribute.name
    for name, value in fields.items():
        setattr(attribute, name, value)
    check(attribute)
    attribute.save()
    _note(attribute, "attribute.change", by, fields=sorted(fields), before=before)
    renamed = attribute.name != before and move_values
    return attribute, _rename_values(locked, attribute, before, by) if renamed else None


@transaction.atomic
def delete_attribute(*, attribute: Attribute, by: User, with_values: bool = False) -> Revision | None:
    """Take it out of the schema. Its values stay as free attributes, or go in a revision. Managers and above."""
    access.check(by, attribute.dataset.project_id, Role.MANAGER)
    locked = lock(attribute.dataset)
    _note(attribute, "attribute.delete", by, with_values=with_values)
    values = {"old": attribute.name, "of": attribute.label_class_id}
    attribute.delete()
    if not with_values:
        return None
    return _rewrite(locked, values, WITHOUT, "{n} {n:label|labels} lost the attribute {old}", by)


@transaction.atomic
def order_attributes(*, dataset: Dataset, ids: Sequence[int], by: User) -> list[Attribute]:
    """Put the schema into this order; `ids` are all of it, each once. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    locked = Dataset.objects.select_for_update().get(pk=dataset.pk)
    rows = {row.pk: row for row in Attribute.objects.filter(dataset=locked)}
    if sorted(ids) != sorted(rows):
        sentence = "Name every attribute of the dataset once."
        raise BadInput(sentence, errors={"ids": [sentence]})
    for position, pk in enumerate(ids):
        rows[pk].position = position
    Attribute.objects.bulk_update(rows.values(), ["position"])
    audit.record(by=by, action="attribute.order", target=locked.name, project=locked.project_id, data={"ids": [*ids]})
    return [rows[pk] for pk in ids]


def _rename_values(locked: Dataset, attribute: Attribute, before: str, by: User) -> Revision | None:
    """Give the labels' values the attribute's new name; None where no label has one."""
    values = {"old": before, "new": attribute.name, "of": attribute.label_class_id, "dataset": locked.pk}
    with connection.cursor() as cursor:
        cursor.execute(HAVE_BOTH + (OF_CLASS if attribute.label_class_id else ""), values)
        both = cursor.fetchone()[0]
    if both:
        have = "1 label has" if both == 1 else f"{both} labels have"
        detail = f"{have} {before} and {attribute.name}; one of the values would be lost."
        raise Conflict(detail, errors={"name": [detail]})
    return _rewrite(locked, values, RENAMED, "On {n} {n:label|labels} {old} is called {new}", by)


def _rewrite(locked: Dataset, values: dict[str, Any], attributes: str, message: str, by: User) -> Revision | None:
    """A revision in which the labels that have the attribute `old` have `attributes`, SQL, instead."""
    number = locked.head_revision + 1
    closed = close_objects(locked.pk, HAVING + (OF_CLASS if values["of"] else ""), values, died=number)
    if not len(closed):
        return None
    with connection.cursor() as cursor:
        cursor.execute(BEGIN.format(attributes=attributes), {**values, "dataset": locked.pk, "number": number})
    said = worded(message, n=len(closed), **values)
    told = RevisionNote(Revision.Kind.CLASS_EDIT, said, {"attribute": values["old"]})
    return make_revision(locked, number, told, Counts(changed=len(closed)), author=by)


def check(row: Attribute, place: str = "") -> None:
    """Tidy the row and raise BadInput naming the field that makes no sense, Conflict where the name is taken."""
    row.name = " ".join(row.name.split())
    if row.kind != CHOICE:
        row.values = []
    if row.kind != NUMBER:
        row.minimum, row.maximum, row.unit = None, None, ""
    for field, sentence in problems(row):
        raise BadInput(sentence, errors={place + field: [sentence]})
    others = Attribute.objects.filter(dataset=row.dataset, name=row.name).exclude(pk=row.pk)
    if row.label_class_id is not None:
        others = others.filter(label_class__in=[row.label_class_id]) | others.filter(label_class=None)
    if taken := others.first():
        where = taken.label_class.name if taken.label_class else "every class"
        sentence = f"{where} has an attribute {row.name} already."
        raise Conflict(sentence, errors={place + "name": [sentence]})


def problems(row: Attribute) -> list[tuple[str, str]]:
    """What makes no sense: the field, and why."""
    found = []
    if not row.name:
        found.append(("name", "An attribute needs a name."))
    if row.name in OURS:
        found.append(("name", f"Halfday keeps {row.name} by itself; choose another name."))
    if row.kind == CHOICE and not 1 <= len(row.values) <= MOST_VALUES:
        found.append(("values", f"A choice has 1 to {MOST_VALUES} values."))
    if any(is_same(one, other) for at, one in enumerate(row.values) for other in row.values[:at]):
        found.append(("values", "A value stands there twice."))
    if None not in (row.minimum, row.maximum) and row.minimum > row.maximum:  # type: ignore[operator]
        found.append(("maximum", "The largest value must not be less than the smallest."))
    if reason := fault(
        AttributeRule(row.name, row.kind, None, tuple(row.values), row.minimum, row.maximum), row.default
    ):
        found.append(("default", reason))
    return found


def _note(row: Attribute, action: str, by: User, **data: Any) -> None:
    about = {"dataset": row.dataset_id, "attribute": row.pk, "class": row.label_class_id, **data}
    audit.record(by=by, action=action, target=row.name, project=row.dataset.project_id, data=about)
