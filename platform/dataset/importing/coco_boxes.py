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

from dataset.importing.coco_shapes import OWN, SHAPE_KEYS, Found, shapes_of_records
from dataset.importing.columns import MOST_IN_MEMORY, NO_ATTRIBUTES, NOT_STATED, AttributeValues, Ignore
from dataset.importing.described import is_plain as is_plain_value
from dataset.importing.drawn import box_around_drawn, turned_box
from dataset.importing.ignoring import OUT_OF_SIGHT, is_out_of_sight, of_record, parted
from dataset.importing.keeping import mended_attributes
from dataset.importing.plain_boxes import PlainAnnotations
from dataset.importing.scratch import Spool
from dataset.importing.segments import box_around
from dataset.importing.turning import angle_of
from dataset.importing.types import ImportProblem, Source
from science.shapes.finer import TurnedBox
from science.shapes.packed import pack

NUMBERS = {int, float}  # not bool
FAR = 1e7  # pixels
OUTLINED = 200  # records of a piece whose box is compared with its outline
UNKNOWN, LOST = -1, -2  # in place of an image or a class
COCO_KEYS = frozenset(
    (
        "id",
        "image_id",
        "category_id",
        "bbox",
        "area",
        "segmentation",
        "keypoints",
        "num_keypoints",
        "caption",
        "iscrowd",
        "ignore",
        "score",
        "attributes",
        "segments_info",
        "supercategory",
        "category_name",
        OWN,
    )
)  # all other keys of a record are attributes, as FiftyOne writes them

Record = dict[str, Any]
Ids = NDArray[np.integer[Any]] | list[Any]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """Records whose box is sound."""

    places: NDArray[np.integer[Any]]
    numbers: Ids  # their own ids
    image_ids: Ids
    category_ids: Ids
    boxes: Floats  # (N, 4) xywh
    attributes: NDArray[np.int32]  # by CocoBoxes.values
    ignore: NDArray[np.int8]  # an Ignore
    area: Floats  # square pixels, NOT_STATED where the record has none
    scores: Floats  # NaN where the record has none


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
        self.scored = 0  # records with a score: predictions, not labels …
        self.certain = 0  # … unless it is 1 everywhere, which some tools write beside labels
        self.around: Counter[str] = Counter()  # boxes made around what: a polygon or mask, or a turned box
        self.mended: Counter[str] = Counter()  # attributes that could not be kept as they are, by what was mended
        self.outlines: dict[int, tuple[float, ...]] = {}  # boxes, xywh, around the outlines of some, by place
        self.turned: dict[int, TurnedBox] = {}  # of the piece that is being read, by place in it
        self.shapes: Found = {}  # by place
        self.values = AttributeValues()
        self.pieces: Spool[Piece] = Spool(lambda piece: len(piece.boxes), MOST_IN_MEMORY)
        self.unsound: list[tuple[int, Any, str]] = []  # place, id, reason
        self.unsound_on: list[Any] = []  # their image ids

    def take(self, records: list[Any]) -> None:
        """Take the next records of the file."""
        start, self.found = self.found, self.found + len(records)
        boxes = sound_boxes(records)
        places = np.arange(start, self.found)
        if boxes is None or not boxes.any(axis=1).all() or any_is_gone(records):  # four zeros: a tool had no box
            given = [self.box_of(record) for record in records]
            chosen = [place for place, box in enumerate(given) if box is not None]
            self.refuse(records, set(chosen), start)
            records, places = [records[place] for place in chosen], places[chosen]
            boxes = np.array([box for box in given if box is not None], dtype=np.float64).reshape(-1, 4)
        if not records:
            return
        keys = frozenset(chain.from_iterable(set(map(tuple, records))))
        if "segmentation" in keys and len(self.outlines) < OUTLINED:
            self.look_at_outlines(records, places)
        scores = (
            np.array([score_of(record) for record in records]) if "score" in keys else np.full(len(records), np.nan)
        )
        self.scored += int((~np.isnan(scores)).sum())
        self.certain += int((scores == 1).sum())
        numbers, images, categories = (
            compact_ids(field_values(records, key)) for key in ("id", "image_id", "category_id")
        )
        area = stated_areas(records) if "area" in keys else np.full(len(records), NOT_STATED)
        shapes = shapes_of_records(records, boxes) if keys & SHAPE_KEYS else {}
        codes, ignore = self.facts_of(records, keys, boxes, area)
        shapes |= {place: pack(shape) for place, shape in self.turned.items()}
        self.shapes |= {int(places[place]): shape for place, shape in shapes.items()}
        self.turned.clear()
        self.pieces.append(Piece(places, numbers, images, categories, boxes, codes, ignore, area, scores))

    def look_at_outlines(self, records: list[Record], places: NDArray[np.int64]) -> None:
        """Remember the boxes around the outlines of the first records that have a box as well."""
        for record, place in zip(records[:OUTLINED], places.tolist(), strict=False):
            outline = box_around(record.get("segmentation")) if as_box(record.get("bbox")) else None
            if outline is not None and not is_turned(record):
                self.outlines[place] = outline

    def take_plain(self, records: PlainAnnotations) -> None:
        """Take the next records of the file, of which no object was made."""
        start, self.found = self.found, self.found + len(records)
        self.shapes |= {start + place: shape for place, shape in records.shapes.items()}
        self.scored += int((~np.isnan(records.scores)).sum())
        self.certain += int((records.scores == 1).sum())
        count, unknown = len(records), np.isnan(records.scores).all()
        self.pieces.append(
            Piece(
                np.arange(start, self.found, dtype=np.int32 if self.found < 2**31 else np.int64),
                in_four_bytes(records.ids(2)),
                in_four_bytes(records.ids(0)),
                in_four_bytes(records.ids(1)),
                records.boxes.copy(),
                np.broadcast_to(np.int32(NO_ATTRIBUTES), count),
                records.ignore(),
                records.areas(),
                np.broadcast_to(np.nan, count) if unknown else records.scores.copy(),
            )
        )

    def has_category(self, number: Hashable) -> bool:
        """Whether a record names the category."""
        return any(place >= 0 for piece in self.pieces for place in places_of(piece.category_ids, {number: 0}).tolist())

    def facts_of(
        self, records: list[Record], keys: frozenset[str], boxes: Floats, area: Floats
    ) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
        """Attributes by `values`, and an Ignore of each; nothing is asked of records that have none, as most have.

        Sets the boxes, `(N, 4)` xywh, around turned ones, and their own areas where none is stated.
        """
        has_flags = any(any(field_values(records, key)) for key in ("iscrowd", "ignore") if key in keys)
        if not has_flags and "attributes" not in keys and keys <= COCO_KEYS:
            return np.full(len(records), NO_ATTRIBUTES, dtype=np.int32), np.zeros(len(records), dtype=np.int8)
        facts = [
            (NO_ATTRIBUTES, Ignore.NO) if is_plain(record) else self.facts(record, boxes[place], place)
            for place, record in enumerate(records)
        ]
        for place, shape in self.turned.items():
            area[place] = area[place] or shape.width * shape.height
        codes, ignore = np.array(facts, dtype=np.int32).T
        return codes, ignore.astype(np.int8)

    def box_of(self, record: Any) -> tuple[float, float, float, float] | None:
        """Its own box, or where it has none the one around its polygon or mask."""
        if not isinstance(record, dict) or is_gone(record):
            return None
        given = record.get("bbox")
        own = as_box(given)
        if given and not (own == (0, 0, 0, 0) and record.get("segmentation")):
            return own
        outline = box_around(record.get("segmentation"))
        self.around["polygon"] += outline is not None
        return outline if outline is not None else own

    def refuse(self, records: list[Any], sound: AbstractSet[int], start: int) -> None:
        for place, record in enumerate(records):
            if place not in sound:
                known = isinstance(record, dict)
                reason = "bbox is not four finite numbers" if known else "it is not an object"
                reason = OUT_OF_SIGHT if is_gone(record) else reason
                self.unsound.append((start + place, record.get("id") if known else None, reason))
                self.unsound_on.append(record.get("image_id") if known else None)

    def facts(self, record: Record, box: Floats, place: int) -> tuple[int, Ignore]:
        """The number of the record's attributes, and whether it is ignored; a turned box, (4,) xywh, is set around."""
        given = record.get("attributes")
        named = {str(key): value for key, value in given.items()} if isinstance(given, dict) else {}
        for key in record.keys() - COCO_KEYS:
            if is_plain_value(record[key]):
                named.setdefault(key, record[key])
        own, _ = parted({key: record[key] for key in ("iscrowd", "ignore") if key in record})
        ignore, rest = of_record(own, named)
        if rest and "rotation" in rest:
            rest = self.turn(rest, box, place)
        try:
            return self.values.code(rest), ignore
        except ValueError:
            better, how = mended_attributes(rest or {})
            self.mended[how] += 1
            return self.values.code(better), ignore

    def turn(self, attributes: Record, box: Floats, place: int) -> Record:
        """Set the box around the turned one, which becomes its shape; returns the other attributes."""
        if (degrees := angle_of(attributes)) is None:
            return {key: value for key, value in attributes.items() if key != "rotation" or value}
        x, y, width, height = box.tolist()
        shape = turned_box((x, y, x + width, y + height), degrees)
        if not isinstance(shape, TurnedBox):
            return attributes
        x1, y1, x2, y2 = box_around_drawn(shape)
        box[:] = x1, y1, x2 - x1, y2 - y1
        self.turned[place] = shape
        return {key: value for key, value in attributes.items() if key != "rotation"}

    def give(
        self,
        images: dict[Hashable, int],
        classes: dict[Hashable, int],
        lost_ids: AbstractSet[Hashable],
        source: Source,
        file: int,
        *,
        as_predictions: bool = False,
    ) -> Outcome:
        """Move the boxes to the source's columns. `images` and `classes`: places by id."""
        columns = source.predictions if as_predictions else source.boxes
        outcome = Outcome([(*one, "broken_record") for one in self.unsound])
        source.outlines |= {(file, place): outline for place, outline in self.outlines.items()}
        known = images | dict.fromkeys(lost_ids, LOST)
        outcome.refused_on.update(place for one in self.unsound_on if (place := place_of(one, images)) is not None)
        shared = np.array([columns.values.code(self.values.of(code)) for code in range(len(self.values.values))])
        shared = np.append(shared, NO_ATTRIBUTES).astype(np.int32)  # the last is what NO_ATTRIBUTES points at
        for piece in self.pieces:
            image, label = places_of(piece.image_ids, known), places_of(piece.category_ids, classes)
            self.report(piece, image, label, source, outcome)
            good = np.flatnonzero((image >= 0) & (label >= 0))
            if self.shapes and not as_predictions:
                self.give_shapes(piece.places[good], source, file)
            columns.extend(
                image[good],
                label[good],
                piece.boxes[good],
                piece.places[good],
                file,
                shared[piece.attributes[good]],
                piece.ignore[good],
                piece.area[good],
            )
            if as_predictions:
                source.scores.frombytes(piece.scores[good].tobytes())
            else:
                count_boxes(source, image[good])
        return outcome

    def give_shapes(self, places: NDArray[np.integer[Any]], source: Source, file: int) -> None:
        """Give the shapes of boxes that come next into the source, or say why they are none."""
        for box, place in enumerate(places.tolist(), start=len(source.boxes)):
            shape = self.shapes.get(place)
            if isinstance(shape, bytes):
                source.shapes[box] = shape
            elif shape is not None:
                reason = f"the shape has {shape}; the box was taken alone"
                where = source.naming.format(n=place)
                source.problems.add(ImportProblem(source.files[file], reason, "repaired", "bad_shape", record=where))

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


def any_is_gone(records: list[Record]) -> bool:
    """Whether tracks keep some of the boxes where nothing is seen."""
    return "attributes" in frozenset(chain.from_iterable(set(map(tuple, records)))) and any(map(is_gone, records))


def is_gone(record: Any) -> bool:
    given = record.get("attributes") if isinstance(record, dict) else None
    return isinstance(given, dict) and is_out_of_sight(given)


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


def as_box(given: Any) -> tuple[float, float, float, float] | None:
    """Left, top, width, height; None where it is anything else."""
    if type(given) is not list or len(given) != 4:
        return None
    if str in set(map(type, given)):
        given = [as_number(value) for value in given]
    left, top, width, height = given
    if not {type(left), type(top), type(width), type(height)} <= NUMBERS:
        return None
    if not (abs(left) < FAR and abs(top) < FAR and abs(width) < FAR and abs(height) < FAR):  # also false of NaN
        return None
    return float(left), float(top), float(width), float(height)


def as_number(value: Any) -> Any:
    """The number that stands in quotes; anything else as it is."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def is_plain(record: Record) -> bool:
    """Whether it has a class and a box and nothing else that is kept, as most records do."""
    return not ("attributes" in record or record.get("iscrowd") or record.get("ignore")) and record.keys() <= COCO_KEYS


def is_turned(record: Record) -> bool:
    """Whether its box is one before it was turned, while its outline is not."""
    given = record.get("attributes")
    return isinstance(given, dict) and angle_of(given) is not None


def score_of(record: Record) -> float:
    """`score`; NaN where there is none."""
    score: Any = record.get("score")
    return float(score) if type(score) in NUMBERS else np.nan


def stated_areas(records: list[Record]) -> Floats:
    """`(N,)` the `area` of each, NOT_STATED where it is no sound number."""
    given = field_values(records, "area")
    if not set(map(type, given)) <= NUMBERS:
        given = [value if type(value) in NUMBERS else NOT_STATED for value in given]
    try:
        area = np.array(given, dtype=np.float64)
    except OverflowError:  # a whole number may be longer than a float
        area = np.array([value if abs(value) < FAR * FAR else NOT_STATED for value in given], dtype=np.float64)
    return np.where((area > 0) & (area < FAR * FAR), area, NOT_STATED)


def place_of(number: Any, places: dict[Hashable, int]) -> int | None:
    return places.get(as_id(number)) if isinstance(number, int | str | float) else None


def as_id(number: Any) -> Any:
    """1 for 1.0, as Python and pycocotools compare them; anything that is no id is itself."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def other_spelling(number: Hashable) -> Hashable:
    """The number of an id that is written in quotes, and the other way round."""
    if isinstance(number, str):
        return int(number) if number.isdecimal() and len(number) < 19 else None
    return str(number)


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
    return [one if isinstance(one := as_id(given), int | str) else repr(given) for given in ids]


def in_four_bytes(ids: NDArray[np.int64]) -> NDArray[np.integer[Any]]:
    """The same, where none is larger than that."""
    fits = not len(ids) or (ids.min() >= -(2**31) and ids.max() < 2**31)
    return ids.astype(np.int32) if fits else ids


def places_of(ids: Ids, places: dict[Hashable, int]) -> NDArray[np.int64]:
    """The place of every id; UNKNOWN where there is none."""
    if isinstance(ids, list):
        return np.array([place_or_unknown(one, places) for one in ids], dtype=np.int64)
    known, where = np.unique(ids, return_inverse=True)
    return np.array([place_or_unknown(one, places) for one in known.tolist()], dtype=np.int64)[where]


def place_or_unknown(number: Hashable, places: dict[Hashable, int]) -> int:
    """The place of an id, or of the same one in quotes or without."""
    found = places.get(number)
    return found if found is not None else places.get(other_spelling(number), UNKNOWN)
