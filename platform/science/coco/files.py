"""COCO files as columns: labels, and the results of a detector. What is wrong in a file is said with its record."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from science.coco.json_records import (
    BROKEN,
    MISSING,
    NOT_A_BOX,
    RecordFields,
    Wrong,
    read_list,
    record_fields,
    skip_space,
    skip_string,
    skip_value,
)
from science.coco.placing import Placed, place_records
from science.coco.shapes import BadFile as BadFile
from science.coco.shapes import shape_sizes, shapes_at
from science.evaluation.types import Detections, GroundTruth
from science.shapes.kinds import IouType

ANNOTATION = record_fields(["image_id", "category_id", "id"], ["iscrowd", "area"])
DETECTION = record_fields(["image_id", "category_id", "score"], [])
SHAPE = ["segmentation"]
LABEL_SHAPE, FOUND_SHAPE = 5, 3  # columns
SHAPED_ANNOTATION = record_fields(["image_id", "category_id", "id"], ["iscrowd", "area"], SHAPE, boxed=False)
SHAPED_DETECTION = record_fields(["image_id", "category_id", "score"], [], SHAPE, boxed=False)
LARGEST_ID = 2**53  # the largest up to which every whole number is a float

Int64s = NDArray[np.int64]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CocoTruth:
    """A file of labels: ids by position, rising, and the boxes."""

    truth: GroundTruth
    category_ids: Int64s  # (C,)
    category_names: list[str]  # (C,)
    groups: (
        Int64s | None
    )  # (I,) the sequence of each image (`video_id`, `sequence`), -1 = none; None = no image has one
    image_rows: list[dict[str, Any]]  # (I,) as the file has them
    left_out: int  # annotations of categories that the file does not list
    iou_type: IouType = IouType.BBOX


@dataclass(frozen=True, eq=False)
class CocoResults:
    """A file of detections."""

    detections: Detections
    left_out: int  # detections of categories that the labels do not list, which pycocotools passes over too
    drawn: int = 0  # detections without a shape, whose boxes stand for one, as in pycocotools


def read_truth(path: Path, iou_type: IouType = IouType.BBOX) -> CocoTruth:
    """Read a COCO file of labels, with their shapes where those are to be compared. Raises ``BadFile``."""
    shaped = iou_type is not IouType.BBOX
    text = _bytes_of(path)
    images, categories, values = _sections(path, text, SHAPED_ANNOTATION if shaped else ANNOTATION)
    image_ids, image_rows = _sorted_ids(path, "image", images)
    category_ids, category_rows = _sorted_ids(path, "category", categories)
    if shaped:
        values[:, -4:] = 0.0  # boxes come from the shapes
    placed, left_out, kept = place_records(values, image_ids, category_ids, score_column=-1), 0, None
    if placed is None:
        _check_values(path, "annotation", values, {"image_id": 0, "category_id": 1, "id": 2})
        image = _positions(values[:, 0], image_ids)
        _refuse(path, "annotation", image < 0, "is on image {id}, which the file does not list", values, 0)
        label = _positions(values[:, 1], category_ids)
        kept = label >= 0
        left_out = int(np.count_nonzero(~kept))
        values, image, label = values[kept], image[kept], label[kept]
        placed = _placed(values[:, -4:], image, label, np.zeros(len(values)))
    _check_whole(path, "annotation", values, {"id": 2})
    _refuse(path, "annotation", _repeated(values[:, 2].astype(np.int64)), "has the id {id} of another one", values, 2)
    shapes = None
    if shaped:
        sizes = shape_sizes(path, image_rows, placed.image, iou_type)
        shapes = shapes_at(path, "annotation", text, values[:, LABEL_SHAPE], sizes, iou_type, kept)
    own_area = placed.area if shapes is None else shapes.areas()
    truth = GroundTruth(
        image_ids=image_ids,
        image_index=placed.image,
        class_index=placed.label,
        boxes=placed.box if shapes is None else shapes.boxes(),
        annotation_ids=values[:, 2].astype(np.int64),
        crowd=np.nan_to_num(values[:, 3]) != 0,
        area=np.where(np.isnan(values[:, 4]), own_area, values[:, 4]),
        box_area=placed.area if shapes is None else None,
        shapes=shapes,
    )
    labels = [str(row.get("name", row["id"])) for row in category_rows]
    return CocoTruth(truth, category_ids, labels, _groups(image_rows), image_rows, left_out, iou_type)


def read_results(path: Path, truth: CocoTruth) -> CocoResults:
    """Read a COCO results file, a list of detections on the images of ``truth``. Raises ``BadFile``."""
    text = _bytes_of(path)
    at = skip_space(text, _start(text), len(text))
    if at >= len(text) or text[at] != ord("["):
        raise BadFile(f"{path.name} is not a list of detections: a COCO results file begins with [.")
    shaped = truth.iou_type is not IouType.BBOX
    values, end = _list(path, text, at, SHAPED_DETECTION if shaped else DETECTION, "detection")
    _ends(path, text, end)
    boxed = ~np.isnan(values[:, -1])
    values[~boxed, -4:] = 0.0
    placed = place_records(values, truth.truth.image_ids, truth.category_ids, score_column=2)
    kept = None
    if placed is None:  # something is wrong, or an id is unknown: look closer
        values, image, label, kept = _checked_results(path, values, truth)
        placed, boxed = _placed(values[:, -4:], image, label, values[:, 2]), boxed[kept]
    detections = Detections(
        image_index=placed.image,
        class_index=placed.label,
        boxes=placed.box,
        scores=placed.score,
        prediction_ids=np.arange(len(placed.label)) if kept is None else np.flatnonzero(kept),
        box_area=placed.area,
    )
    left_out = 0 if kept is None else int(len(kept) - np.count_nonzero(kept))
    if not shaped:
        return CocoResults(detections, left_out)
    return _with_shapes(path, text, truth, CocoResults(detections, left_out), values[:, FOUND_SHAPE], boxed, kept)


def _with_shapes(
    path: Path,
    text: NDArray[np.uint8],
    truth: CocoTruth,
    found: CocoResults,
    places: Float64s,
    boxed: NDArray[np.bool_],
    kept: NDArray[np.bool_] | None,
) -> CocoResults:
    """The detections with their shapes. A size is the box's where the file gives a box, as pycocotools has it."""
    plain = found.detections
    placed_area = np.zeros(0) if plain.box_area is None else plain.box_area
    sizes = shape_sizes(path, truth.image_rows, plain.image_index, truth.iou_type)
    drawn = np.isnan(places) & boxed
    shapes = shapes_at(
        path, "detection", text, places, sizes, truth.iou_type, kept, np.where(drawn[:, None], plain.boxes, np.nan)
    )
    counted = boxed & (truth.iou_type is not IouType.OBB)
    area = np.where(counted, placed_area, shapes.areas())
    detections = replace(plain, boxes=shapes.boxes(), box_area=area, shapes=shapes)
    return replace(found, detections=detections, drawn=int(np.count_nonzero(drawn)))


def _checked_results(
    path: Path, values: Float64s, truth: CocoTruth
) -> tuple[Float64s, Int64s, Int64s, NDArray[np.bool_]]:
    """Return the detections of known categories, their images and classes, and which those were."""
    _check_values(path, "detection", values, {"image_id": 0, "category_id": 1})
    _refuse(path, "detection", ~np.isfinite(values[:, 2]), "has the score {id}, which is not a number", values, 2)
    image = _positions(values[:, 0], truth.truth.image_ids)
    _refuse(path, "detection", image < 0, "is on image {id}, which the labels do not have", values, 0)
    label = _positions(values[:, 1], truth.category_ids)
    kept = label >= 0
    return values[kept], image[kept], label[kept], kept


def _placed(xywh: Float64s, image: Int64s, label: Int64s, score: Float64s) -> Placed:
    corners = np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1)
    return Placed(image, label, corners, xywh[:, 2] * xywh[:, 3], np.array(score))


def _bytes_of(path: Path) -> NDArray[np.uint8]:
    """Map a file into memory: only what is looked at is read."""
    try:
        with path.open("rb") as file:
            if not path.is_file():
                raise BadFile(f"{path.name} is not a file.")
            if not path.stat().st_size:
                raise BadFile(f"{path.name} is empty.")
            return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from None


def _start(text: NDArray[np.uint8]) -> int:
    """Return where JSON begins: after the mark that some Windows programs put first."""
    return 3 if text[:3].tobytes() == b"\xef\xbb\xbf" else 0


def _sections(path: Path, text: NDArray[np.uint8], fields: RecordFields) -> tuple[list[Any], list[Any], Float64s]:
    """Return the images, categories and the values of the annotations of a file of labels."""
    parts: dict[str, Any] = {}
    end = len(text)
    at = skip_space(text, _start(text), end)
    if at >= end or text[at] != ord("{"):
        raise BadFile(f"{path.name} is not a COCO file: it does not begin with {{.")
    at = skip_space(text, at + 1, end)
    while at < end and text[at] != ord("}"):
        name, at = _name(path, text, at)
        if name == "annotations":
            if text[at] != ord("["):
                raise BadFile(f'{path.name}: "annotations" is not a list.')
            parts[name], at = _list(path, text, at, fields, "annotation")
        else:
            start, at = at, skip_value(text, at, end)
            if at < 0:
                raise BadFile(f'{path.name} is broken: the value of "{name}" at byte {start} does not end.')
            if name in ("images", "categories"):
                parts[name] = _parsed(path, name, text[start:at])
        at = skip_space(text, at, end)
        if at < end and text[at] == ord(","):
            at = skip_space(text, at + 1, end)
        elif at < end and text[at] != ord("}"):
            raise _broken_at(path, text, at)
    if at >= end:
        raise BadFile(f"{path.name} is broken: it ends at byte {end} in the middle.")
    _ends(path, text, at + 1)
    for name in ("images", "annotations", "categories"):
        if name not in parts:
            raise BadFile(f'{path.name} is not a COCO file of labels: it has no "{name}".')
    return parts["images"], parts["categories"], parts["annotations"]


def _name(path: Path, text: NDArray[np.uint8], at: int) -> tuple[str, int]:
    """Return the name that begins here, and where its value begins."""
    end = len(text)
    after = skip_string(text, at, end) if text[at] == ord('"') else -1
    if after < 0:
        raise _broken_at(path, text, at)
    name = text[at + 1 : after - 1].tobytes().decode(errors="replace")
    at = skip_space(text, after, end)
    if at >= end or text[at] != ord(":"):
        raise _broken_at(path, text, at)
    at = skip_space(text, at + 1, end)
    if at >= end:
        raise _broken_at(path, text, at)
    return name, at


def _parsed(path: Path, name: str, text: NDArray[np.uint8]) -> list[dict[str, Any]]:
    try:
        rows = orjson.loads(text.tobytes())
    except orjson.JSONDecodeError as error:
        raise BadFile(f'{path.name} is broken: "{name}" is no JSON ({error.msg}).') from None
    if not isinstance(rows, list):
        raise BadFile(f'{path.name}: "{name}" is not a list.')
    return rows


def _list(path: Path, text: NDArray[np.uint8], at: int, fields: RecordFields, kind: str) -> tuple[Float64s, int]:
    try:
        return read_list(text, at, fields)
    except Wrong as wrong:
        place = f"{path.name}, {kind} {wrong.record} (counted from 0)"
        if wrong.how == MISSING:
            raise BadFile(f'{place}: it has no "{wrong.field}".') from None
        if wrong.how == NOT_A_BOX:
            raise BadFile(f'{place}: "bbox" is not a list of four numbers.') from None
        if wrong.how == BROKEN:
            raise BadFile(f"{place}: {_why_broken(text, wrong.at)}.") from None
        raise BadFile(f'{place}: "{wrong.field}" is not a number.') from None


def _why_broken(text: NDArray[np.uint8], at: int) -> str:
    if at >= len(text):
        return f"the file ends at byte {len(text)} in the middle"
    return f"the JSON is broken at byte {at}, before {text[at : at + 12].tobytes()!r}"


def _broken_at(path: Path, text: NDArray[np.uint8], at: int) -> BadFile:
    return BadFile(f"{path.name} is no COCO file: {_why_broken(text, at)}.")


def _ends(path: Path, text: NDArray[np.uint8], at: int) -> None:
    """Refuse a file with something after its end."""
    at = skip_space(text, at, len(text))
    if at < len(text):
        raise BadFile(f"{path.name} is broken: something follows the end of the JSON at byte {at}.")


def _sorted_ids(path: Path, kind: str, rows: list[Any]) -> tuple[Int64s, list[dict[str, Any]]]:
    """Return the ids of images or categories, rising, and their rows in that order."""
    for number, row in enumerate(rows):
        value = row.get("id") if isinstance(row, dict) else None
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= LARGEST_ID:
            raise BadFile(f'{path.name}, {kind} {number} (counted from 0): its "id" is not a whole number.')
    ids = np.array([row["id"] for row in rows], np.int64)
    again = np.flatnonzero(_repeated(ids))
    if len(again):
        raise BadFile(f"{path.name}, {kind} {again[0]} (counted from 0): it has the id {ids[again[0]]} of another one.")
    order = np.argsort(ids)
    return ids[order], [rows[number] for number in order]


def _repeated(ids: Int64s) -> NDArray[np.bool_]:
    """Return true where an id stands a second time."""
    if len(ids) and np.all(ids[1:] > ids[:-1]):
        return np.zeros(len(ids), np.bool_)
    repeated = np.ones(len(ids), np.bool_)
    repeated[np.unique(ids, return_index=True)[1]] = False
    return repeated


def _check_values(path: Path, kind: str, values: Float64s, ids: dict[str, int]) -> None:
    """Refuse ids that are no whole numbers, and boxes that are no boxes."""
    _check_whole(path, kind, values, ids)
    boxes = values[:, -4:]
    finite: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(boxes), axis=1)
    _refuse(path, kind, ~finite, "has a box with a number that is not finite", values, 0)
    sides: Float64s = boxes[:, 2:].min(axis=1) if len(boxes) else np.zeros(0)
    narrow: NDArray[np.bool_] = sides < 0
    if narrow.any():
        _refuse(path, kind, narrow, "has a box of negative size, {id} pixels", sides[:, None], 0)


def _check_whole(path: Path, kind: str, values: Float64s, ids: dict[str, int]) -> None:
    for name, column in ids.items():
        numbers = values[:, column]
        whole = (numbers == np.floor(numbers)) & (np.abs(numbers) < LARGEST_ID)
        _refuse(path, kind, ~whole, f"has the {name} {{id}}, which is not a whole number", values, column)


def _refuse(path: Path, kind: str, wrong: NDArray[np.bool_], why: str, values: Float64s, column: int) -> None:
    """Raise with the first record that is wrong, and with how many others are."""
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return
    value = float(values[rows[0], column])
    shown = int(value) if np.isfinite(value) and value == int(value) else value
    others = f" ({len(rows) - 1} more like it)" if len(rows) > 1 else ""
    raise BadFile(f"{path.name}, {kind} {rows[0]} (counted from 0): it {why.format(id=shown)}{others}.")


def _positions(values: Float64s, ids: Int64s) -> Int64s:
    """Return where each value stands among rising ids, -1 where it does not."""
    wanted = values.astype(np.int64)
    if not len(ids):
        return np.full(len(wanted), -1, np.int64)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    found: Int64s = np.where(ids[places] == wanted, places, -1)
    return found


def _groups(rows: list[dict[str, Any]]) -> Int64s | None:
    """Return a number for the sequence that each image names, -1 where it names none."""
    named = [next((str(row[key]) for key in ("video_id", "sequence") if row.get(key) is not None), "") for row in rows]
    if not any(named):
        return None
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) if name else -1 for name in named], np.int64)
