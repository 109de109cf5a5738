"""The crops of a report: what an evaluation gets most wrong, and what a comparison fixed or broke."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curate.models import Evaluation
from curate.reports.document.content import Crop, CropBox, Group, Json, Made
from dataset.models import Image
from science.evaluation.arrays import FLOOR
from science.evaluation.judged import JudgedEvaluation
from science.evaluation.judging import MISSED
from science.evaluation.verdicts import ERROR_TYPES, FN, FP, TP, ErrorType, VerdictRows
from storage import blobs
from storage.crops import SIZES, crop, region_around
from storage.refusals import PictureRefused

EACH = {"false_positives": 10, "missed": 5, "confusions": 10, "fixed": 10, "broken": 10}  # in rows of five
OF_A_CELL = 2  # crops of one cell of the confusion matrix
MOST_BESIDE = 12  # other labels drawn on a crop
SIZE = SIZES[1]  # pixels of the longer side: sharp at 160 on good screens, and printed
CONFUSED = ERROR_TYPES.index(ErrorType.CLASS)

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sight:
    """An evaluation's boxes and verdicts, to find and draw them by."""

    arrays: JudgedEvaluation
    rows: VerdictRows
    made: Made

    @classmethod
    def of(cls, arrays: JudgedEvaluation, evaluation: Evaluation, made: Made) -> Sight:
        conf = FLOOR if evaluation.conf is None else evaluation.conf
        return cls(arrays, arrays.verdicts(iou=evaluation.iou, confidence=conf), made)

    def class_name(self, place: int) -> str:
        return self.made.class_name(int(self.arrays.ground.class_ids[place]))

    def label(self, row: int) -> NDArray[np.float64] | None:
        """(4,) the labelled box of a verdict."""
        truth = self.arrays.truth
        return _box(truth.annotation_ids, truth.boxes, int(self.rows.annotation_id[row]))

    def prediction(self, row: int) -> NDArray[np.float64] | None:
        """(4,) the predicted box of a verdict."""
        found = self.arrays.rows_of_table
        return _box(found.prediction_ids, found.boxes, int(self.rows.prediction_id[row]))

    def areas(self, rows: Ids) -> NDArray[np.float64]:
        """(N,) square pixels of the labelled boxes of these verdicts."""
        return self.arrays.label_areas.look_up(self.rows.annotation_id[rows])


def _box(ids: Ids, boxes: NDArray[np.floating], wanted: int) -> NDArray[np.float64] | None:
    place = np.flatnonzero(ids == wanted) if wanted >= 0 else np.zeros(0, np.int64)
    return boxes[place[0]].astype(np.float64) if len(place) else None


@dataclass(frozen=True, eq=False)
class Shot:
    """What a crop will show: boxes of one image, the first of them the ones that it is about."""

    image: int  # place
    boxes: list[CropBox]
    title: str
    detail: str


def of_evaluation(arrays: JudgedEvaluation, evaluation: Evaluation, made: Made) -> list[Group]:
    """The surest false positives, the largest missed boxes, and the confusions that cost most."""
    sight = Sight.of(arrays, evaluation, made)
    rows = sight.rows
    wrong = np.flatnonzero((rows.verdict == FP) & (rows.error_type != CONFUSED))
    missed = np.flatnonzero((rows.verdict == FN) & (rows.error_type == MISSED))
    confused = np.flatnonzero((rows.verdict == FN) & (rows.error_type == CONFUSED))
    kinds = [
        ("false_positives", wrong, wrong[np.argsort(-rows.score[wrong], kind="stable")], _false_positive),
        ("missed", missed, missed[np.argsort(-sight.areas(missed), kind="stable")], _missed),
        ("confusions", confused, costly_boxes(sight, confused), _confusion),
    ]
    return [
        group(sight, kind, [shoot(sight, row) for row in spread_out(sight, ordered, EACH[kind])], len(all_of_them))
        for kind, all_of_them, ordered, shoot in kinds
    ]


def spread_out(sight: Sight, ordered: Ids, most: int) -> list[int]:
    """The first few, one of each image or sequence: one bad scene must not fill the page."""
    units = sight.arrays.units.groups[sight.rows.image_index[ordered]]
    first = np.sort(np.unique(units, return_index=True)[1])
    return ordered[first][:most].tolist()


def costly_boxes(sight: Sight, confused: Ids) -> Ids:
    """Confused boxes, two of each cell, the cells that take the largest share of a class's boxes first."""
    rows, classes = sight.rows, sight.arrays.classes
    labelled = np.maximum(1, np.bincount(sight.arrays.truth.class_index, minlength=classes))
    cell = rows.gt_class[confused] * classes + rows.pred_class[confused]
    cells, counts = np.unique(cell, return_counts=True)
    first = np.argsort(-counts / labelled[cells // classes], kind="stable")
    found = [confused[cell == one] for one in cells[first]]
    best = [one[np.argsort(-rows.score[one], kind="stable")][:OF_A_CELL] for one in found]
    return np.concatenate(best) if best else confused


def _false_positive(sight: Sight, row: int) -> Shot:
    w, rows = sight.made.words, sight.rows
    box, label = sight.prediction(row), sight.label(row)
    boxes = [CropBox(_tuple(box), False, "fp", main=True)] if box is not None else []
    if label is not None:
        boxes.append(CropBox(_tuple(label), True, "other"))
    why = w("errors.type." + ERROR_TYPES[int(rows.error_type[row])].value)
    detail = f"{w('examples.score', score=_two(rows.score[row]))} · {why}"
    return Shot(int(rows.image_index[row]), boxes, sight.class_name(int(rows.pred_class[row])), detail)


def _missed(sight: Sight, row: int) -> Shot:
    box = sight.label(row)
    boxes = [CropBox(_tuple(box), True, "fn", main=True)] if box is not None else []
    name = sight.class_name(int(sight.rows.gt_class[row]))
    return Shot(int(sight.rows.image_index[row]), boxes, name, _size(sight.made, box))


def _confusion(sight: Sight, row: int) -> Shot:
    w, rows = sight.made.words, sight.rows
    label, box = sight.label(row), sight.prediction(row)
    boxes = [CropBox(_tuple(one), is_label, tone, main=True)
             for one, is_label, tone in ((label, True, "fn"), (box, False, "fp")) if one is not None]  # fmt: skip
    truth, predicted = (sight.class_name(int(side[row])) for side in (rows.gt_class, rows.pred_class))
    said = [w("examples.score", score=_two(rows.score[row])), w("examples.iou", iou=_two(rows.iou[row]))]
    title = w("examples.confused", truth=truth, predicted=predicted)
    return Shot(int(rows.image_index[row]), boxes, title, " · ".join(said))


def of_comparison(
    arrays: Sequence[JudgedEvaluation], pair: tuple[Evaluation, Evaluation], made: Made, described: Json
) -> list[Group]:
    """Labels that only the later finds, and labels that only the earlier found, the largest first."""
    earlier, later = (Sight.of(one, row, made) for one, row in zip(arrays, pair, strict=True))
    return [
        group(finder, kind, [_found(finder, row) for row in spread_out(finder, found_alone(finder, other), EACH[kind])],
              described[kind]["boxes"])
        for kind, finder, other in (("fixed", later, earlier), ("broken", earlier, later))
    ]  # fmt: skip


def found_alone(finder: Sight, other: Sight) -> Ids:
    """The finder's true positives whose label the other misses, the largest first."""
    missed = other.rows.annotation_id[other.rows.verdict == FN]
    alone = np.flatnonzero((finder.rows.verdict == TP) & np.isin(finder.rows.annotation_id, missed))
    return alone[np.argsort(-finder.areas(alone), kind="stable")]


def _found(sight: Sight, row: int) -> Shot:
    w, rows = sight.made.words, sight.rows
    label, box = sight.label(row), sight.prediction(row)
    boxes = [CropBox(_tuple(one), is_label, "tp", main=True)
             for one, is_label in ((label, True), (box, False)) if one is not None]  # fmt: skip
    said = [w("examples.score", score=_two(rows.score[row])), w("examples.iou", iou=_two(rows.iou[row]))]
    return Shot(int(rows.image_index[row]), boxes, sight.class_name(int(rows.gt_class[row])), " · ".join(said))


def group(sight: Sight, kind: str, shots: Sequence[Shot], of: int) -> Group:
    """The shots whose pictures can be read."""
    ids = sight.arrays.ground.image_ids
    images = Image.objects.in_bulk([int(ids[shot.image]) for shot in shots])
    taken = ((shot, images.get(int(ids[shot.image]))) for shot in shots if shot.boxes)
    return Group(kind, list(_developed(sight, ((shot, image) for shot, image in taken if image))), of)


def _developed(sight: Sight, shots: Iterator[tuple[Shot, Image]]) -> Iterator[Crop]:
    for shot, image in shots:
        mains = np.array([one.box for one in shot.boxes if one.main])
        around = (*mains[:, :2].min(0).tolist(), *mains[:, 2:].max(0).tolist())
        region = region_around(around, image.width, image.height)
        try:
            key = crop(sha256=image.sha256, location=image.location, region=region, size=SIZE)
            data = blobs.read(key)
        except (FileNotFoundError, PictureRefused):
            continue
        boxes = [*shot.boxes, *_beside(sight, shot, region)]
        yield Crop(data, region, boxes, shot.title, shot.detail, image.key)


def _beside(sight: Sight, shot: Shot, region: tuple[int, int, int, int]) -> list[CropBox]:
    """Other labels in the region, the largest."""
    truth = sight.arrays.truth
    boxes = truth.boxes[truth.image_index == shot.image].astype(np.float64)
    drawn = {one.box for one in shot.boxes if one.is_label}
    inside = (
        (boxes[:, 0] < region[2]) & (boxes[:, 2] > region[0]) & (boxes[:, 1] < region[3]) & (boxes[:, 3] > region[1])
    )
    ignored = truth.crowd[truth.image_index == shot.image]
    others = dict(zip(map(_tuple, boxes[inside]), ignored[inside].tolist(), strict=True))  # each place once
    largest = sorted(others, key=lambda box: -(box[2] - box[0]) * (box[3] - box[1]))
    return [CropBox(box, True, "other", ignored=others[box]) for box in largest if box not in drawn][:MOST_BESIDE]


def _tuple(box: NDArray[np.float64]) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = box.tolist()
    return x1, y1, x2, y2


def _size(made: Made, box: NDArray[np.float64] | None) -> str:
    if box is None:
        return ""
    width, height = box[2] - box[0], box[3] - box[1]
    return made.words("examples.pixels", width=round(float(width)), height=round(float(height)))


def _two(value: float) -> str:
    return f"{value:.2f}"
