"""Attributes that label files state for their classes become the dataset's schema, where it does not name them yet."""

from collections.abc import Sequence

from accounts import audit
from dataset.attribute_rules import CHOICE, AttributeRule, fault
from dataset.importing.types import StatedBy
from dataset.models import Attribute, Dataset
from dataset.selectors.attributes import OURS
from dataset.services.class_names import class_ids_by_name


def state_attributes(locked: Dataset, stated: Sequence[StatedBy]) -> list[Attribute]:
    """Append what is stated and new, inside the import's transaction. One that every class has alike is for all."""
    known = {(row.label_class_id, row.name) for row in Attribute.objects.filter(dataset=locked)}
    class_ids = class_ids_by_name(locked) if stated else {}
    classes = {one.class_name for one in stated}
    made: list[Attribute] = []
    for one in stated:
        alike = {other.class_name for other in stated if other.name == one.name and other.means() == one.means()}
        class_id = None if alike == classes and len(classes) > 1 else class_ids.get(one.class_name)
        if is_new(one, class_id, known) and (class_id is not None or alike == classes):
            known.add((class_id, one.name))
            made.append(attribute_of(locked, one, class_id, position=len(known)))
    Attribute.objects.bulk_create(made)
    if made:
        data = {"dataset": locked.pk, "names": sorted({row.name for row in made}), "import": True}
        audit.record(by=None, action="attribute.create", target=locked.name, project=locked.project_id, data=data)
    return made


def is_new(one: StatedBy, class_id: int | None, known: set[tuple[int | None, str]]) -> bool:
    taken = {(class_id, one.name), (None, one.name)} & known or (
        class_id is None and any(name == one.name for _, name in known)
    )
    usable = 0 < len(one.name) <= 80 and one.name not in OURS and (one.kind != CHOICE or 0 < len(one.values) <= 200)
    return usable and not taken


def attribute_of(locked: Dataset, one: StatedBy, class_id: int | None, *, position: int) -> Attribute:
    """The row; without a default that the rule itself refuses."""
    values = list(dict.fromkeys(one.values))
    rule = AttributeRule(one.name, one.kind, class_id, tuple(values), one.minimum, one.maximum)
    default = None if fault(rule, one.default) else one.default
    return Attribute(
        dataset=locked,
        label_class_id=class_id,
        name=one.name,
        kind=one.kind,
        values=values,
        minimum=one.minimum,
        maximum=one.maximum,
        default=default,
        position=position,
    )
