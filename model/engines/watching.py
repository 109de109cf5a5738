"""The fast figures between epochs, by the platform's own evaluator, and when they say that it is enough."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.engines.fitting import MOSTLY, Found
from model.engines.types import EVERY_CLASS, LabelledImage, TrainSettings
from science.evaluation.average_precision import accumulate
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth

SUBSET = 11  # seed of the subset: not the run's, so that runs with other seeds are watched on the same images
# A resumed training may have these otherwise: when it ends, what it runs on, and how many images make a step.
MAY_CHANGE = ("epochs", "patience", "stop_on", "device", "devices", "threads", "workers", "batch")


def watched_images(images: Sequence[LabelledImage], settings: TrainSettings) -> tuple[LabelledImage, ...]:
    """At most `validate_images` of the validation images, the same ones in every epoch and run."""
    if len(images) <= settings.validate_images:
        return tuple(images)
    chosen = np.random.default_rng(SUBSET).permutation(len(images))[: settings.validate_images]
    return tuple(images[place] for place in np.sort(chosen))


def fast_figures(found: Found, images: Sequence[LabelledImage]) -> dict[str, float]:
    """mAP and mAP50 of image_index (M,), class_index (M,), boxes (M, 4) and scores (M,) on the images' labels."""
    index, class_index, boxes, scores = found
    classes = 1 + max((int(one.max(initial=-1)) for one in (class_index, *(i.classes for i in images))), default=-1)
    ignored = [in_ignored(boxes[index == i], class_index[index == i], one) for i, one in enumerate(images)]
    detections = Detections.of(
        image_index=index,
        class_index=class_index,
        boxes=boxes,
        scores=scores,
        optional=np.concatenate([np.zeros(0, bool), *ignored]),
    )
    figures = accumulate(match(truth_of_images(images), detections, classes=classes)).figures()
    return {"mAP": float(np.nan_to_num(figures["AP"])), "mAP50": float(np.nan_to_num(figures["AP50"]))}


def truth_of_images(images: Sequence[LabelledImage]) -> GroundTruth:
    """The labels that count, for the evaluator."""
    return GroundTruth.of(
        image_ids=np.arange(len(images)),
        image_index=np.repeat(np.arange(len(images)), [len(one.boxes) for one in images]),
        class_index=np.concatenate([np.zeros(0, np.int32), *(one.classes for one in images)]),
        boxes=np.concatenate([np.zeros((0, 4), np.float32), *(one.boxes.reshape(-1, 4) for one in images)]),
    )


def in_ignored(boxes: NDArray[np.float32], classes: NDArray[np.int32], image: LabelledImage) -> NDArray[np.bool_]:
    """(K,) whether half or more of a prediction lies in an ignored box of its class, or of every class."""
    low = np.maximum(boxes[:, None, :2], image.ignored[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], image.ignored[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)  # (K, R)
    concerns = (image.ignored_classes == classes[:, None]) | (image.ignored_classes == EVERY_CLASS)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    found: NDArray[np.bool_] = ((shared >= MOSTLY * area[:, None]) & concerns).any(axis=1)
    return found


@dataclass
class Patience:
    """Counts the epochs in which a figure was no better than before."""

    settings: TrainSettings
    best: float = -math.inf
    waited: int = 0

    def is_over(self, metrics: Mapping[str, float]) -> bool:
        """Whether training ends after an epoch with these figures; never without patience, or where there is none."""
        figure = metrics.get(self.settings.stop_on)
        if not self.settings.patience or figure is None:
            return False
        better = figure > self.best
        self.best, self.waited = (figure, 0) if better else (self.best, self.waited + 1)
        return self.waited >= self.settings.patience

    def state(self) -> tuple[float, int]:
        """What a resume needs."""
        return self.best, self.waited

    def go_on(self, state: tuple[float, int] | None) -> None:
        """Count on from there; None: a checkpoint of before there was patience."""
        self.best, self.waited = state or (self.best, self.waited)


def is_same_training(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a training with these settings may go on from one with those: they may differ in MAY_CHANGE.

    A setting that one of them lacks, as it was made before there was this, has its default.
    """
    defaults = {field: getattr(TrainSettings(), field) for field in TrainSettings.__dataclass_fields__}
    whole = [{**defaults, **settings} for settings in (one, other)]
    return all(whole[0][name] == whole[1][name] for name in defaults if name not in MAY_CHANGE)
