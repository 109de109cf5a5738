"""Scenes whose true labels are known, the same with planted errors, and what a detector that never saw them says.

The detector finds objects by size and luck, confuses twin classes, scores rare classes low, places boxes roughly, names
several classes at a place, and raises false alarms: as a small network after a few epochs does. The errors are drawn
otherwise than those that the finder plants for itself.
"""

from dataclasses import dataclass

import numpy as np

from science.autocurate.mislabels import LabelErrorKind, SuggestedLabel
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import iou

WIDTH, HEIGHT = 480.0, 272.0  # pixels
FREQUENCY = np.array([3, 1.4, 1.1, 1, 0.4, 0.3, 0.25, 0.2, 0.12, 0.08])  # objects of each class per image
CLASSES = len(FREQUENCY)
NAMES = ["car", "truck", "person", "rider", "bus", "train", "bike", "motor", "light", "sign"]
SHARES = {
    LabelErrorKind.WRONG_CLASS: 0.4,
    LabelErrorKind.MISSING: 0.25,
    LabelErrorKind.SPURIOUS: 0.15,
    LabelErrorKind.BADLY_DRAWN: 0.2,
}


@dataclass(frozen=True)
class Planted:
    """One planted error; ``annotation_id`` is -1 for a missing label, ``box`` the true one (a spurious label's own)."""

    kind: LabelErrorKind
    image_index: int
    annotation_id: int
    true_class: int
    box: np.ndarray  # (4,)


@dataclass(frozen=True)
class World:
    """Labels as given, the errors in them, and the judge's detections."""

    truth: GroundTruth
    given: GroundTruth
    errors: list[Planted]
    detections: Detections
    sizes: np.ndarray  # (I, 2)

    def right(self, suggestions: list[SuggestedLabel]) -> list[tuple[SuggestedLabel, Planted | None]]:
        """Return each suggestion with the error that it points at, None where the label is sound."""
        of_label = {each.annotation_id: each for each in self.errors if each.annotation_id >= 0}
        missing = [each for each in self.errors if each.kind is LabelErrorKind.MISSING]
        pairs: list[tuple[SuggestedLabel, Planted | None]] = []
        for suggestion in suggestions:
            error = of_label.get(suggestion.annotation_id)
            if suggestion.kind is LabelErrorKind.MISSING:
                error = next((each for each in missing if _is_at(suggestion, each)), None)
                missing = [each for each in missing if each is not error]
            pairs.append((suggestion, error))
        return pairs


def _is_at(suggestion: SuggestedLabel, error: Planted) -> bool:
    assert suggestion.proposed_box is not None
    same_image = suggestion.image_index == error.image_index
    return same_image and float(iou([suggestion.proposed_box], [error.box])[0, 0]) >= 0.5


def world(*, seed: int, images: int, skill: float, rate: float) -> World:
    """Draw a world; ``skill`` 0 is a poor judge (AP50 .38), 1.5 a fair one (.49); ``rate`` of the labels are spoilt."""
    random = np.random.default_rng(seed)
    true_rows, found = [], []
    given_rows: list[tuple] = []
    errors: list[Planted] = []
    for image in range(images):
        labels = np.repeat(np.arange(CLASSES), random.poisson(FREQUENCY * random.gamma(3, 1 / 3)))
        boxes = np.array([_box(random, 3.4 - 0.1 * (label % 3)) for label in labels]).reshape(-1, 4)
        found += [(image, *each) for each in _seen(random, boxes, labels, skill)]
        true_rows += [(image, label, *box) for label, box in zip(labels, boxes, strict=True)]
        _spoil(random, image, boxes, labels, rate, given_rows, errors)
    given, true = np.array(given_rows), np.array(true_rows)
    return World(
        truth=_labels(images, true),
        given=_labels(images, given),
        errors=errors,
        detections=_suppressed(np.array(found)),
        sizes=np.tile([WIDTH, HEIGHT], (images, 1)),
    )


def _labels(images: int, rows: np.ndarray) -> GroundTruth:
    return GroundTruth.of(
        image_ids=np.arange(images),
        image_index=rows[:, 0],
        class_index=rows[:, 1],
        boxes=rows[:, 2:6].astype(np.float32),
    )


def _box(random: np.random.Generator, size: float) -> np.ndarray:
    side, aspect = np.exp(random.normal(size, 0.6)), np.exp(random.normal(0, 0.3))
    wide, high = side * aspect, side / aspect
    left, top = random.uniform(0, max(WIDTH - wide, 1)), random.uniform(0, max(HEIGHT - high, 1))
    return np.array([left, top, min(left + wide, WIDTH), min(top + high, HEIGHT)])


def _twin(label: int) -> int:
    return label + 1 if label % 2 == 0 else label - 1


def _seen(random: np.random.Generator, boxes: np.ndarray, labels: np.ndarray, skill: float) -> list[tuple]:
    """Return (class, box, score) of all that the judge says about an image."""
    said: list[tuple] = []
    hard = random.normal(0, 0.4)
    for box, label in zip(boxes, labels, strict=True):
        sides = box[2:] - box[:2]
        seen = 1.1 * (np.log(sides.prod()) / 2 - 3.3) + skill - 0.35 * (label > 3) - 0.25 * (label > 6)
        seen += random.normal(0, 0.9) - hard
        if seen < -1.8:
            continue
        wobble, clearness = 0.09 * np.exp(-0.25 * seen), random.normal(1.6, 1.3)
        for _ in range(1 + random.poisson(0.6)):
            placed = box + random.normal(0, wobble, 4) * np.tile(sides, 2)
            if (placed[2:] - placed[:2]).min() < 2:
                continue
            base = seen - 1.2 + random.normal(0, 0.3)
            for other in range(CLASSES):
                less = 0.0 if other == label else clearness if other == _twin(label) else 3.5 + random.normal(0, 0.7)
                said.append((other, *np.clip(placed, 0, [WIDTH, HEIGHT] * 2), base - less - 0.5 * (other > 3)))
    for _ in range(random.poisson(6)):
        alarm = random.choice(CLASSES, p=FREQUENCY / FREQUENCY.sum())
        said.append((alarm, *_box(random, 3.2), random.normal(-3.0, 1.1)))
    scored = [(*each[:5], 1 / (1 + np.exp(-each[5]))) for each in said]
    return [each for each in scored if each[5] > 0.01]


def _spoil(
    random: np.random.Generator,
    image: int,
    boxes: np.ndarray,
    labels: np.ndarray,
    rate: float,
    rows: list[tuple],
    errors: list[Planted],
) -> None:
    """Append the given labels of an image to ``rows`` and what is wrong with them to ``errors``."""
    for box, label in zip(boxes, labels, strict=True):
        kind = list(SHARES)[random.choice(4, p=list(SHARES.values()))] if random.random() < rate else None
        given_box, given_label = box, label
        if kind is LabelErrorKind.MISSING:
            errors.append(Planted(kind, image, -1, label, box))
            continue
        if kind is LabelErrorKind.WRONG_CLASS:
            others = [other for other in range(CLASSES) if other != label]
            given_label = _twin(label) if random.random() < 0.7 else random.choice(others)
        if kind is LabelErrorKind.BADLY_DRAWN:
            given_box = _redrawn(random, box)
        if kind in (LabelErrorKind.WRONG_CLASS, LabelErrorKind.BADLY_DRAWN):
            errors.append(Planted(kind, image, len(rows), label, box))
        rows.append((image, given_label, *given_box))
        if kind is LabelErrorKind.SPURIOUS:
            sides = box[2:] - box[:2]
            corner = random.uniform(0, np.maximum([WIDTH, HEIGHT] - sides, 1))
            made_up = np.concatenate([corner, corner + sides])
            if iou([made_up], boxes).max() < 0.1:
                errors.append(Planted(kind, image, len(rows), -1, made_up))
                rows.append((image, label, *made_up))


def _redrawn(random: np.random.Generator, box: np.ndarray) -> np.ndarray:
    sides, middle = box[2:] - box[:2], (box[:2] + box[2:]) / 2
    while True:
        centre, half = middle + random.uniform(-0.35, 0.35, 2) * sides, sides * random.uniform(0.65, 1.5, 2) / 2
        drawn = np.concatenate([centre - half, centre + half])
        if 0.3 <= iou([box], [drawn])[0, 0] <= 0.7:
            return drawn


def _suppressed(rows: np.ndarray) -> Detections:
    """Of detections of one class that overlap by more than .7 keep the best, as a detector does."""
    kept = []
    rows = rows[np.lexsort((-rows[:, 6], rows[:, 1], rows[:, 0]))]
    for group in np.split(rows, np.flatnonzero((np.diff(rows[:, :2], axis=0) != 0).any(axis=1)) + 1):
        overlaps = iou(group[:, 2:6], group[:, 2:6])
        alive = np.ones(len(group), bool)
        for i in range(len(group)):
            if alive[i]:
                kept.append(group[i])
                alive[i + 1 :] &= overlaps[i, i + 1 :] <= 0.7
    table = np.array(kept)
    return Detections.of(
        image_index=table[:, 0],
        class_index=table[:, 1],
        boxes=table[:, 2:6].astype(np.float32),
        scores=table[:, 6].astype(np.float32),
    )
