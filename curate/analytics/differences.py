"""Two sets of images side by side: every property that can be compared, and which differences are more than chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curate.analytics.fields import ChartField, fields_of
from curate.analytics.shown_images import ShownImages, any_box, binned_boxes
from curate.query import query_lines
from curate.query.columns import LABEL
from dataset.bulk import copy_out
from science.analytics.bins import COCO_EDGES
from science.analytics.counting import Binned, one_hot
from science.analytics.differences import Sides, difference, discoveries

Numbers = NDArray[np.float64]
Ids = NDArray[np.int64]

IDS = "SELECT dataset_image.id FROM dataset_image WHERE dataset_id = %s {only} ORDER BY id"
# Frames of one sequence, and copies of one picture, count as one unit (see curate/evaluations/arrays.py).
DESCRIBED = """
SELECT dataset_image.id, hashtextextended(CASE WHEN sequence <> '' THEN 's' || sequence ELSE 'i' || sha256 END, 0),
       {columns}
FROM dataset_image WHERE dataset_id = %s {only} ORDER BY dataset_image.id
"""
SIZE_NAMES = ("small", "medium", "large")


@dataclass(frozen=True, eq=False)
class Property:
    """Something that images have or lack (a share is compared), or have much or little of (a mean)."""

    kind: str  # class, empty, boxes, size, value, number
    name: str  # class, field or size
    label: str
    q: str
    is_share: bool
    values: Numbers  # (I,) 0 or 1, or a number; NaN where unknown


@dataclass(frozen=True)
class Finding:
    """A property in both sets."""

    kind: str
    name: str
    label: str
    q: str
    is_share: bool
    first: float
    second: float
    first_images: int | None
    second_images: int | None
    z: float
    p: float


@dataclass(frozen=True)
class Differences:
    """`findings` are those that stand, the most surprising first; the others are only counted."""

    first_images: int
    second_images: int
    shared_images: int
    units: int  # independent units of the smaller set
    sequences: bool  # whether units are sequences
    tested: int
    untested: int  # too rare to tell, or too few units
    chosen_by: list[str]  # keys and classes that the images were chosen by; that they differ in these is no finding
    findings: list[Finding]


@dataclass(frozen=True, eq=False)
class ImageNumbers:
    """The images of either set with their numbers."""

    image_ids: Ids
    sides: Sides
    codes: list[Ids]
    numbers: list[Numbers]


def differences(first: ShownImages, second: ShownImages) -> Differences:
    """Compare all that is known of the images of two sets, but for what they were chosen by."""
    known = [one for one in fields_of(first) if one.kind in ("values", "bins")]
    asked = (first.line, second.line)
    fields = [one for one in known if not any(query_lines.speaks_of(one.name, line) for line in asked)]
    described = _described(first, second, fields)
    sides = described.sides
    found = list(_properties(first, second, described, fields))
    chosen = [
        one for one in found if one.kind == "class" and any(query_lines.class_word(one.name) in line for line in asked)
    ]
    compared = [(one, difference(one.values, sides)) for one in found if one not in chosen]
    p = np.array([result.p for _, result in compared])
    stands = discoveries(p)
    findings = [_finding(one, result, sides) for (one, result), stand in zip(compared, stands, strict=True) if stand]
    left_out = [one.name.removeprefix("metadata.") for one in known if one not in fields]
    return Differences(
        first_images=int(sides.first.sum()), second_images=int(sides.second.sum()), shared_images=sides.overlaps,
        units=sides.units() if sides.first.any() and sides.second.any() else 0,
        sequences=len(np.unique(sides.groups)) < len(sides.groups),
        tested=int((~np.isnan(p)).sum()), untested=int(np.isnan(p).sum()),
        chosen_by=[*left_out, *(one.name for one in chosen)],
        findings=sorted(findings, key=lambda one: -abs(one.z)),
    )  # fmt: skip


def _described(first: ShownImages, second: ShownImages, fields: list[ChartField]) -> ImageNumbers:
    either = _either(first, second)
    numeric = [field for field in fields if field.number]
    coded = [field for field in fields if field.kind == "values"]
    columns = [f"COALESCE({field.code}, -1)::bigint" for field in coded]
    columns += [f"COALESCE({field.number}, 'NaN')" for field in numeric]
    given = [value for field in coded for value in field.params]
    given += [value for field in numeric for value in field.number_params]
    only, params = either.only("dataset_image.id")
    dtypes = [np.int64] * (2 + len(coded)) + [np.float64] * len(numeric)
    query = DESCRIBED.format(columns=", ".join(columns), only=only).replace(",\n       \nFROM", "\nFROM")
    image_ids, groups, *rest = copy_out(query, [*given, first.dataset.pk, *params], dtypes)
    sides = Sides(
        np.isin(image_ids, _ids(first)), np.isin(image_ids, _ids(second)), np.unique(groups, return_inverse=True)[1]
    )
    return ImageNumbers(image_ids, sides, rest[: len(coded)], rest[len(coded) :])


def _either(first: ShownImages, second: ShownImages) -> ShownImages:
    """The images of both sets together."""
    if not (first.narrowed and second.narrowed):
        return first.whole()
    # Not as one queryset of two subqueries: in there a line's condition would be asked for every pair of images.
    return replace(first, others=(second.images,))


def _ids(shown: ShownImages) -> Ids:
    only, params = shown.only("dataset_image.id")
    return copy_out(IDS.format(only=only), [shown.dataset.pk, *params], [np.int64])[0]


def _properties(
    first: ShownImages, second: ShownImages, described: ImageNumbers, fields: list[ChartField]
) -> Iterator[Property]:
    either = _either(first, second)
    yield from _box_properties(either, described.image_ids)
    coded = [field for field in fields if field.kind == "values"]
    for field, codes in zip(coded, described.codes, strict=True):
        yield from _value_properties(field, codes)
    numeric = [field for field in fields if field.number]
    for field, numbers in zip(numeric, described.numbers, strict=True):
        yield Property("number", field.name, "", "", is_share=False, values=numbers)


def _box_properties(shown: ShownImages, image_ids: Ids) -> Iterator[Property]:
    """Boxes per image, images without boxes, classes, and COCO's sizes: one pass over the boxes."""
    classes = list(shown.dataset.classes.values_list("id", "name"))
    size = f"width_bucket({LABEL.columns['area'].sql}, %s::float8[])"
    place = f"(array_position(%s::bigint[], label.label_class_id) - 1) * {len(SIZE_NAMES)} + {size}"
    boxes = binned_boxes(shown, place, [[pk for pk, _ in classes], list(COCO_EDGES[1:])])
    per_image = boxes.per_image(image_ids).astype(np.float64)
    yield Property("boxes", "", "", "", is_share=False, values=per_image)
    yield Property("empty", "", "", "count(*) = 0", is_share=True, values=(per_image == 0).astype(np.float64))
    by_class, by_size = (Binned(boxes.owners, part) for part in np.divmod(boxes.bins, len(SIZE_NAMES)))
    for (_, name), present in zip(classes, by_class.presence(image_ids, len(classes)).T, strict=True):
        q = query_lines.boxes("any", [name])
        yield Property("class", name, name, q, is_share=True, values=present.astype(np.float64))
    yield from _size_properties(by_size.presence(image_ids, len(SIZE_NAMES)).astype(np.float64))


def _size_properties(present: Numbers) -> Iterator[Property]:
    """Images with a small, a medium, a large box; `present` is `(I, 3)`."""
    bounds: list[tuple[Any, Any]] = [(None, COCO_EDGES[1]), (COCO_EDGES[1], COCO_EDGES[2]), (COCO_EDGES[2], None)]
    clause = any_box([], "area")
    for values, name, (low, high) in zip(present.T, SIZE_NAMES, bounds, strict=True):
        yield Property("size", name, name, clause(low, high), is_share=True, values=values)


def _value_properties(field: ChartField, codes: Ids) -> Iterator[Property]:
    """Each value of a field, among the images that have one."""
    unknown = codes < 0
    for place, member in enumerate(one_hot(codes, len(field.clauses)).T):
        label = field.places[place] or ""
        values = np.where(unknown, np.nan, member.astype(np.float64))
        yield Property("value", field.name, label, field.clauses[place], is_share=True, values=values)


def _finding(one: Property, found: Any, sides: Sides) -> Finding:
    counts = [int((one.values[side] == 1).sum()) if one.is_share else None for side in (sides.first, sides.second)]
    return Finding(
        one.kind, one.name, one.label, one.q, one.is_share, found.first, found.second, counts[0], counts[1],
        z=round(found.z, 2), p=found.p,
    )  # fmt: skip
