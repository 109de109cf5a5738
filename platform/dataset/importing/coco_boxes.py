"""The annotation records of COCO, and the records of its results files, as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dataset.importing.columns import NO_ATTRIBUTES, NOT_STATED, AttributeValues, Ignore
from dataset.importing.ignoring import parted
from dataset.importing.types import Source

NUMBERS = {int, float}  # not bool
FAR = 1e7  # pixels
UNKNOWN, LOST = -1, -2  # in place of an image or a class

Record = dict[str, Any]
Ids = NDArray[np.int64] | list[Any]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """Records whose box is sound."""

    places: NDArray[np.int64]
    numbers: Ids  # their own ids
    image_ids: Ids
    category_ids: Ids
    boxes: Floats  # (N, 4) xywh
    attributes: NDArray[np.int32]  # by CocoBoxes.values
    ignore: NDArray[np.int8]  # an Ignore
    area: Floats  # square pixels, NOT_STATED where the record has none


@dataclass
class Outcome:
    """What could not be given to an image."""

    refused: list[tuple[int, Any, str, str]] = field(default_factory=list)  # place, id, reason, kind
    lost: Counter[Hashable] = field(default_factory=Counter)  # boxes by the id of an image that cannot be taken
    refused_on: Counter[int] = field(default_factory=Counter)  # by the place of their image, where that is known


class CocoBoxes:
    """The annotations of one file, piece by piece; images and classes may come later in the file."""

    def __init__(self) -> None:
        self.found = 0
        self.scored = 0  # records with a score: predictions, not labels
        self.values = AttributeValues()
        self.pieces: list[Piece] = []
        self.unsound: list[tuple[int, Any, str]] = []  # place, id, reason
        self.unsound_on: list[Any] = []  # their image ids

    def take(self, records: list[Any]) -> None:
        """Take the next records of the file."""
        start, self.found = self.found, self.found + len(records)
        boxes = sound_boxes(records)
        places = np.arange(start, self.found)
        if boxes is None:
            chosen = [place for place, record in enumerate(records) if is_sound(record)]
            self.refuse(records, set(chosen), start)
            records, places = [records[place] for place in chosen], places[chosen]
            boxes = np.array([record["bbox"] for record in records], dtype=np.float64).reshape(-1, 4)
        if not records:
            return
        self.scored += sum("score" in record for record in records)
        numbers, images, categories = (
            compact_ids(field_values(records, key)) for key in ("id", "image_id", "category_id")
        )
        facts = [(NO_ATTRIBUTES, Ignore.NO) if is_plain(record) else self.facts(record) for record in records]
        codes, ignore = np.array(facts, dtype=np.int32).T
        area = np.array([stated_area(record) for record in records])
        self.pieces.append(Piece(places, numbers, images, categories, boxes, codes, ignore.astype(np.int8), area))

    def refuse(self, records: list[Any], sound: AbstractSet[int], start: int) -> None:
        for place, record in enumerate(records):
            if place not in sound:
                known = isinstance(record, dict)
                reason = "bbox is not four finite numbers" if known else "it is not an object"
                self.unsound.append((start + place, record.get("id") if known else None, reason))
                self.unsound_on.append(record.get("image_id") if known else None)

    def facts(self, record: Record) -> tuple[int, Ignore]:
        """The number of the record's attributes, and whether it is ignored."""
        given = record.get("attributes")
        named = {str(key): value for key, value in given.items()} if isinstance(given, dict) else {}
        flagged, rest = parted(named)
        own, _ = parted({key: record[key] for key in ("iscrowd", "ignore") if key in record})
        try:
            return self.values.code(rest), flagged or own
        except ValueError:
            return NO_ATTRIBUTES, flagged or own

    def give(
        self,
        images: dict[Hashable, int],
        classes: dict[Hashable, int],
        lost_ids: AbstractSet[Hashable],
        source: Source,
        file: int,
    ) -> Outcome:
        """Add the boxes to the source's columns. `images` and `classes`: places by id."""
        outcome = Outcome([(*one, "broken_record") for one in self.unsound])
        known = images | dict.fromkeys(lost_ids, LOST)
        outcome.refused_on.update(place for one in self.unsound_on if (place := place_of(one, images)) is not None)
        shared = np.array([source.boxes.values.code(self.values.of(code)) for code in range(len(self.values.values))])
        shared = np.append(shared, NO_ATTRIBUTES).astype(np.int32)  # the last is what NO_ATTRIBUTES points at
        for piece in self.pieces:
            image, label = places_of(piece.image_ids, known), places_of(piece.category_ids, classes)
            self.report(piece, image, label, source, outcome)
            good = np.flatnonzero((image >= 0) & (label >= 0))
            source.boxes.extend(
                image[good],
                label[good],
                piece.boxes[good],
                piece.places[good],
                file,
                shared[piece.attributes[good]],
                piece.ignore[good],
                piece.area[good],
            )
            count_boxes(source, image[good])
        return outcome

    def report(self, piece: Piece, image: NDArray[Any], label: NDArray[Any], source: Source, outcome: Outcome) -> None:
        for place in np.flatnonzero(image == LOST).tolist():
            outcome.lost[piece.image_ids[place]] += 1
            if label[place] >= 0:
                source.lost[int(label[place])] += 1
        for place in np.flatnonzero((image == UNKNOWN) | ((label < 0) & (image >= 0))).tolist():
            kind, reason = "unknown_image", f"image_id {piece.image_ids[place]} is not among the images"
            if image[place] >= 0:
                kind, reason = "unknown_class", f"category_id {piece.category_ids[place]} is not among the categories"
                outcome.refused_on[int(image[place])] += 1
            outcome.refused.append((int(piece.places[place]), piece.numbers[place], reason, kind))


def count_boxes(source: Source, image: NDArray[Any]) -> None:
    places, counts = np.unique(image, return_counts=True)
    for place, count in zip(places.tolist(), counts.tolist(), strict=True):
        source.images[place].boxes = (source.images[place].boxes or 0) + count


def sound_boxes(records: list[Any]) -> Floats | None:
    """`(N, 4)` boxes where every record has a sound one: the usual case, without a step per record."""
    try:
        given = list(map(itemgetter("bbox"), records))
        if set(map(type, given)) != {list} or set(map(len, given)) != {4}:
            return None
        if not set(map(type, chain.from_iterable(given))) <= NUMBERS:
            return None
    except (KeyError, TypeError, IndexError):
        return None
    boxes = np.fromiter(chain.from_iterable(given), dtype=np.float64, count=4 * len(given)).reshape(-1, 4)
    return boxes if (np.abs(boxes) < FAR).all() else None


def is_sound(record: Any) -> bool:
    return isinstance(record, dict) and as_box(record.get("bbox")) is not None


def as_box(given: Any) -> tuple[float, float, float, float] | None:
    """Left, top, width, height; None where it is anything else."""
    if type(given) is not list or len(given) != 4:
        return None
    left, top, width, height = given
    if not {type(left), type(top), type(width), type(height)} <= NUMBERS:
        return None
    if not (abs(left) < FAR and abs(top) < FAR and abs(width) < FAR and abs(height) < FAR):  # also false of NaN
        return None
    return float(left), float(top), float(width), float(height)


def is_plain(record: Record) -> bool:
    """Whether it has a class and a box and nothing else that is kept, as most records do."""
    return not ("attributes" in record or record.get("iscrowd") or record.get("ignore"))


def stated_area(record: Record) -> float:
    """`area`, where it is a sound number."""
    area: Any = record.get("area")
    return float(area) if type(area) in NUMBERS and 0 < area < FAR * FAR else NOT_STATED


def place_of(number: Any, places: dict[Hashable, int]) -> int | None:
    return places.get(number) if isinstance(number, int | str) else None


def field_values(records: list[Record], key: str) -> list[Any]:
    """One value of every record; None where it has none."""
    try:
        return list(map(itemgetter(key), records))
    except KeyError:
        return [record.get(key) for record in records]


def compact_ids(ids: list[Any]) -> Ids:
    """As an array where all are whole numbers: a fifth of the memory."""
    if set(map(type, ids)) == {int}:
        try:
            return np.array(ids, dtype=np.int64)
        except OverflowError:
            pass
    return [one if isinstance(one, int | str) else repr(one) for one in ids]


def places_of(ids: Ids, places: dict[Hashable, int]) -> NDArray[np.int64]:
    """The place of every id; UNKNOWN where there is none."""
    if isinstance(ids, list):
        return np.array([places.get(one, UNKNOWN) for one in ids], dtype=np.int64)
    known, where = np.unique(ids, return_inverse=True)
    return np.array([places.get(one, UNKNOWN) for one in known.tolist()], dtype=np.int64)[where]
