"""Reads of the schema of attributes, and what would be one by the labels that there are."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from dataset.attribute_rules import CHECKBOX, CHOICE, NUMBER, TEXT, AttributeRule
from dataset.importing.turning import BEFORE, TURNED
from dataset.models import Attribute, Dataset
from science.natural_order import natural_key, value_key

# Kept by Halfday itself; no schema asks for them.
OURS = frozenset({TURNED, BEFORE, "ignore", "track", "track_id", "keyframe", "leaves", "z_order"})
LOOKED_AT = 50_000  # labels of each class
MOST_CHOICES = 24  # different values of a choice; more of them are a number or a text
MOST_SHOWN = 12  # values shown with a suggestion

SEEN = """
SELECT sample.label_class_id, pair.key, pair.value::text, count(*) FROM (
    SELECT class.id AS label_class_id, label.attributes FROM dataset_labelclass class,
    LATERAL (SELECT attributes FROM dataset_annotation label
             WHERE label.dataset_id = class.dataset_id AND label.label_class_id = class.id AND label.died IS NULL
               AND label.attributes IS NOT NULL LIMIT %s) label
    WHERE class.dataset_id = %s
) sample, jsonb_each(sample.attributes) pair
WHERE jsonb_typeof(pair.value) IN ('string', 'number', 'boolean')
GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC, 3
"""
COUNT_VALUES = """
SELECT attributes -> %(name)s, count(*) FROM dataset_annotation
WHERE dataset_id = %(dataset)s AND died IS NULL AND jsonb_exists(attributes, %(name)s) {only}
GROUP BY 1 ORDER BY 2 DESC, 1
"""

Counted = list[tuple[Any, int]]  # values with the labels that have each, most first


@dataclass
class SuggestedAttribute:
    """An attribute that labels carry and no schema names. `found` are its values with how many labels have each."""

    class_id: int | None
    name: str
    kind: str
    values: list[Any] = field(default_factory=list)
    minimum: float | None = None
    maximum: float | None = None
    labels: int = 0
    found: Counted = field(default_factory=list)


def rules_of(dataset_id: int) -> list[AttributeRule]:
    """What the dataset's schema asks, in its order."""
    return [row.rule for row in Attribute.objects.filter(dataset=dataset_id)]


def value_counts(attribute: Attribute) -> Counted:
    """The values that current labels have of it."""
    only = "" if attribute.label_class_id is None else "AND label_class_id = %(of)s"
    values: dict[str, Any] = {"name": attribute.name, "dataset": attribute.dataset_id, "of": attribute.label_class_id}
    with connection.cursor() as cursor:
        cursor.execute(COUNT_VALUES.format(only=only), values)
        return [(read(value), count) for value, count in cursor.fetchall()]


def read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def suggested(dataset: Dataset) -> list[SuggestedAttribute]:
    """A schema by what labels carry; one that every labelled class has is for all classes. Of each class a sample."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [LOOKED_AT, dataset.pk])
        rows = [(class_id, name, json.loads(value), count) for class_id, name, value, count in cursor.fetchall()]
    named = {(row.label_class_id, row.name) for row in Attribute.objects.filter(dataset=dataset)}
    seen: dict[str, dict[int, Counted]] = {}
    for class_id, name, value, count in rows:
        if name not in OURS and not {(class_id, name), (None, name)} & named and len(name) <= 80:
            seen.setdefault(name, {}).setdefault(class_id, []).append((value, count))
    classes = {class_id for class_id, *_ in rows}
    return [one for name in sorted(seen, key=natural_key) for one in suggested_of(name, seen[name], classes)]


def suggested_of(name: str, by_class: dict[int, Counted], classes: set[int]) -> list[SuggestedAttribute]:
    """One for all classes where all have it with values of one kind, else one of each class."""
    joined = summed(pair for counted in by_class.values() for pair in counted)
    if len(by_class) > 1 and by_class.keys() == classes and len({kind_of(one) for one in by_class.values()}) == 1:
        return [suggestion(None, name, joined)]
    return [suggestion(class_id, name, counted) for class_id, counted in by_class.items()]


def summed(pairs: Iterable[tuple[Any, int]]) -> Counted:
    """Values of several classes, most first; true is not 1."""
    counts: dict[str, int] = {}
    for value, count in pairs:
        counts[json.dumps(value)] = counts.get(json.dumps(value), 0) + count
    return [(json.loads(text), count) for text, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def suggestion(class_id: int | None, name: str, counted: Counted) -> SuggestedAttribute:
    kind, labels = kind_of(counted), sum(count for _, count in counted)
    made = SuggestedAttribute(class_id, name, kind, labels=labels, found=counted[:MOST_SHOWN])
    values = [value for value, _ in counted]
    if kind == CHOICE:
        made.values = sorted(values, key=value_key)
    if kind == NUMBER:
        made.minimum, made.maximum = float(min(values)), float(max(values))
    return made


def kind_of(counted: Sequence[tuple[Any, int]]) -> str:
    """Truths are ticked; a few values that come again are chosen; numbers are numbers; the rest is text."""
    values = [value for value, _ in counted]
    if all(isinstance(value, bool) for value in values):
        return CHECKBOX
    if any(isinstance(value, bool) for value in values):
        return TEXT
    numbers = all(isinstance(value, int | float) for value in values)
    comes_again = sum(count for _, count in counted) >= 2 * len(values)
    whole = all(isinstance(value, str) or float(value).is_integer() for value in values)
    if len(values) <= MOST_CHOICES and comes_again and whole:
        return CHOICE
    return NUMBER if numbers else TEXT
