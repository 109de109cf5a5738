"""Plant label errors in a copy of true labels, and keep the truth.

Pure: labels in, labels out. The platform gets what comes out; what went in stays with the demo, for its scripted
reviewer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from science.geometry.boxes import iou

KINDS = ("wrong_class", "missing", "spurious", "badly_drawn")
SHARES = (0.4, 0.25, 0.15, 0.2)  # of the planted errors, in the order of KINDS
SMALLEST = 4.0  # pixels; no planted box has a shorter side
CONFUSABLE: Mapping[str, Sequence[str]] = {
    "person": ("rider",),
    "rider": ("person",),
    "car": ("truck", "bus"),
    "truck": ("bus", "car"),
    "bus": ("truck", "train"),
    "train": ("bus", "truck"),
    "motor": ("bike",),
    "bike": ("motor",),
    "traffic light": ("traffic sign",),
    "traffic sign": ("traffic light",),
}


@dataclass(frozen=True, slots=True)
class ImageLabels:
    """The labels of one image."""

    key: str
    width: int
    height: int
    boxes: NDArray[np.float32]  # (N, 4) xyxy pixels
    classes: NDArray[np.int32]  # (N,)


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted error. What does not exist is None: a missing label was not given, a spurious one is not true."""

    key: str
    kind: str
    true_box: tuple[float, ...] | None
    true_class: int | None
    given_box: tuple[float, ...] | None
    given_class: int | None


def plant(
    truth: Sequence[ImageLabels], rate: float, class_names: Sequence[str], seed: int
) -> tuple[list[ImageLabels], list[Planted]]:
    """Spoil a share `rate` (0..1) of the boxes of each image's labels.

    Spurious boxes are added at that rate's part per true box; the other kinds hit a true box each, and no box twice.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"The rate of planted errors must lie between 0 and 1, not {rate}.")
    rng = np.random.default_rng(seed)
    spoilt, errors = [], []
    for labels in truth:
        given, planted = _spoil(labels, rate, class_names, rng)
        spoilt.append(given)
        errors += planted
    return spoilt, errors


def _spoil(
    labels: ImageLabels, rate: float, class_names: Sequence[str], rng: Generator
) -> tuple[ImageLabels, list[Planted]]:
    """One image."""
    boxes: list[NDArray[np.float32]] = []
    classes: list[int] = []
    planted: list[Planted] = []
    for box, index in zip(labels.boxes, labels.classes.tolist(), strict=True):
        kind = str(rng.choice(KINDS, p=SHARES)) if rng.random() < rate else ""
        new_box, new_class = box, index
        if kind == "wrong_class":
            new_class = another_class(index, class_names, rng)
        elif kind == "badly_drawn":
            new_box = badly_drawn_box(box, labels, rng)
        if kind != "missing":
            boxes.append(new_box)
            classes.append(new_class)
        if kind in ("wrong_class", "badly_drawn"):
            planted.append(Planted(labels.key, kind, _plain(box), index, _plain(new_box), new_class))
        elif kind == "missing":
            planted.append(Planted(labels.key, kind, _plain(box), index, None, None))
        elif kind == "spurious":
            added = spurious_box(labels, rng)
            if added is not None:
                wrong = int(rng.choice(labels.classes))
                boxes.append(added)
                classes.append(wrong)
                planted.append(Planted(labels.key, kind, None, None, _plain(added), wrong))
    given = np.array(boxes, np.float32).reshape(-1, 4)
    return ImageLabels(labels.key, labels.width, labels.height, given, np.array(classes, np.int32)), planted


def another_class(index: int, class_names: Sequence[str], rng: Generator) -> int:
    """A class that a hurried person would take for this one; where none is known, any other."""
    near = [class_names.index(name) for name in CONFUSABLE.get(class_names[index], ()) if name in class_names]
    others = near or [i for i in range(len(class_names)) if i != index]
    return int(rng.choice(others)) if others else index


def badly_drawn_box(box: NDArray[np.float32], labels: ImageLabels, rng: Generator) -> NDArray[np.float32]:
    """A box around the same thing that overlaps the true one by an IoU of about .3 to .7."""
    size = np.array([box[2] - box[0], box[3] - box[1]])
    for _ in range(20):
        shift = rng.uniform(-0.35, 0.35, 2) * size
        grown = size * rng.uniform(0.65, 1.5, 2)
        middle = (box[:2] + box[2:]) / 2 + shift
        drawn = _inside(np.concatenate([middle - grown / 2, middle + grown / 2]), labels)
        if 0.3 <= iou(drawn[None], box[None])[0, 0] <= 0.7 and _large(drawn):
            return drawn
    return box


def spurious_box(labels: ImageLabels, rng: Generator) -> NDArray[np.float32] | None:
    """A box, as large as one of the image's own, around nothing in particular; None where there is no room."""
    if not len(labels.boxes):
        return None
    size = labels.boxes[int(rng.integers(len(labels.boxes)))]
    w, h = float(size[2] - size[0]), float(size[3] - size[1])
    for _ in range(20):
        x, y = rng.uniform(0, max(labels.width - w, 1)), rng.uniform(0, max(labels.height - h, 1))
        box = _inside(np.array([x, y, x + w, y + h]), labels)
        if iou(box[None], labels.boxes).max() < 0.1 and _large(box):
            return box
    return None


def _inside(box: NDArray[np.float64], labels: ImageLabels) -> NDArray[np.float32]:
    return np.clip(box, 0, [labels.width, labels.height] * 2).astype(np.float32)


def _large(box: NDArray[np.float32]) -> bool:
    return bool(min(box[2] - box[0], box[3] - box[1]) >= SMALLEST)


def _plain(box: NDArray[np.float32]) -> tuple[float, ...]:
    return tuple(float(v) for v in box)
