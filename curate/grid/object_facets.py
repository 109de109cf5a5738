"""What the objects shown consist of: classes, sizes, provenance, verdicts, errors, counted in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from django.db import connection

from curate.grid.object_sources import SIZES, ObjectSource, facet_objects, other_evaluation
from curate.grid.objects import ObjectList
from curate.query.sql import Sql
from dataset.models import Provenance

KEEP = 600  # seconds; the name holds the revision or the evaluation, which settle what is counted
DIMENSIONS = ("classes", "sizes", "provenances", "verdicts", "errors", "changed")
VERDICTS = ("tp", "fp", "fn")
ERRORS = ("class", "localisation", "both", "duplicate", "background", "missed")

Group = tuple[Any, ...]  # a value for each dimension


def object_facets(objects: ObjectList) -> dict[str, list[dict[str, Any]]]:
    """Of each dimension its values with how many objects have them under all the other conditions."""
    groups = _groups(objects)
    chosen = {name: set(getattr(objects.conditions, name)) for name in DIMENSIONS}
    counts = {name: _counted(groups, at, chosen) for at, name in enumerate(DIMENSIONS)}
    classes = objects.dataset.classes.values_list("id", flat=True)
    found = {
        "classes": [{"class_id": pk, "objects": counts["classes"][pk]} for pk in classes],
        "sizes": _listed(counts["sizes"], SIZES),
        "provenances": _listed(counts["provenances"], [one.label for one in Provenance]),
    }
    if objects.evaluation is None:
        return {**found, "verdicts": [], "errors": [], "changed": []}
    other = other_evaluation(objects.source, objects.conditions)
    return {
        **found,
        "verdicts": _listed(counts["verdicts"], VERDICTS),
        "errors": _listed(counts["errors"], ERRORS),
        "changed": _listed(counts["changed"], other.words if other else ()),
    }


def _listed(counts: Mapping[str, int], values: Any) -> list[dict[str, Any]]:
    return [{"value": value, "objects": counts.get(value, 0)} for value in values]


def _counted(groups: dict[Group, int], at: int, chosen: dict[str, set[Any]]) -> Counter[Any]:
    """Objects by value of one dimension; the choice in that dimension itself does not count."""
    found: Counter[Any] = Counter()
    for group, objects in groups.items():
        others = (
            (name, value) for place, (name, value) in enumerate(zip(DIMENSIONS, group, strict=True)) if place != at
        )
        if all(not chosen[name] or value in chosen[name] for name, value in others):
            found[group[at]] += objects
    return found


def _groups(objects: ObjectList) -> dict[Group, int]:
    """Objects by their values in all dimensions; those of a whole dataset or evaluation are kept."""
    if objects.shown is not None or objects.conditions.ranged or objects.conditions.cell is not None:
        return _group_by(objects)
    of = objects.evaluation.pk if objects.evaluation else f"r{objects.dataset.head_revision}"
    pair = objects.conditions.pair
    compared = f":c{pair.comparison}:{pair.earlier}:{pair.later}" if pair else ""
    name = f"curate:object-facets:{objects.dataset.pk}:{of}{compared}"
    kept = cache.get_or_set(name, lambda: _group_by(replace(objects)), KEEP)
    assert kept is not None
    return kept


def _group_by(objects: ObjectList) -> dict[Group, int]:
    source = objects.source
    where = facet_objects(source, objects.shown, objects.conditions)
    other = other_evaluation(source, objects.conditions)
    changed = other.word() if other else Sql("NULL")
    columns = f"{_class_of(source)}, {source.size}, label.provenance" + (
        ", match.verdict, match.error" if source.judged else ", '', ''"
    )
    statement = (
        f"SELECT {columns}, {changed.text}, count(*) FROM {source.table} WHERE {where.text} GROUP BY 1, 2, 3, 4, 5, 6"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*changed.params, *where.params])  # type: ignore[list-item]
        rows = cursor.fetchall()
    names = {one.value: one.label for one in Provenance}
    return {(pk, size, names.get(place), *rest): n for pk, size, place, *rest, n in rows}


def _class_of(source: ObjectSource) -> str:
    """The class that a condition on the class asks for."""
    if not source.judged:
        return "label.label_class_id"
    return "CASE WHEN match.verdict = 'fp' THEN match.predicted_class_id ELSE match.truth_class_id END"
