"""A form beside its checkpoint on the same images: their boxes, and mAP of both with the interval of the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from curate.evaluations.arrays import ground_truth, labelled_ground, resampling_units
from dataset.models import Dataset, Manifest
from model.engines import Predictions
from model.models import ExportedForm
from model.services.prediction import in_terms_of
from science.evaluation.agreement import FLOOR, agreement
from science.evaluation.arrays import Ground
from science.evaluation.as_json import json_number
from science.evaluation.bootstrap import PairedDifference, compare
from science.evaluation.matching import match
from science.evaluation.types import Detections

Verdict = ExportedForm.Verdict


@dataclass(frozen=True)
class Checked:
    """What came out, as JSON keeps it."""

    manifest: int
    dataset: int
    images: int
    revision: int  # of the labels
    floor: float  # score above which boxes are compared with each other
    boxes: dict[str, Any]  # see science.evaluation.agreement
    mAP: dict[str, Any] | None  # noqa: N815  as it is called; None where no image is labelled
    allowed_drop: float  # of mAP
    groups: str = "image"  # drawn by the bootstrap; or sequence
    resamples: int = 0


def check_form_boxes(
    manifest: Manifest, image_ids: Sequence[int], first: Predictions, second: Predictions, *, allowed_drop: float
) -> Checked:
    """Compare what the checkpoint (first) and the form (second) have found on the manifest's images."""
    alike = agreement(*(_detections(one) for one in (first, second)), floor=FLOOR)
    plain = {name: json_number(value) if isinstance(value, float) else value for name, value in asdict(alike).items()}
    common: dict[str, Any] = {
        "manifest": manifest.pk, "dataset": manifest.dataset_id, "images": len(image_ids),
        "revision": manifest.revision, "floor": FLOOR, "boxes": plain, "allowed_drop": allowed_drop,
    }  # fmt: skip
    ground = labelled_ground(manifest.dataset, list(image_ids), manifest.revision)
    if not len(ground.image_ids):
        return Checked(**common, mAP=None)
    truth = ground_truth(manifest.dataset, ground, manifest.revision)
    sides = [_on_ground(manifest.dataset, ground, one, image_ids) for one in (first, second)]
    drawn_by = resampling_units(ground.image_ids)
    before, after = (match(truth, side, classes=len(ground.class_ids)) for side in sides)
    found = compare(before, after, groups=drawn_by.groups)
    return Checked(**common, mAP=_figures(found.map), groups=drawn_by.kind, resamples=found.resamples)


def verdict_of(checked: Checked | None) -> str:
    """Passed only where the whole interval says that no more is lost than is allowed: not shown is not passed."""
    if checked is None or checked.mAP is None or checked.mAP["value"] is None:
        return Verdict.UNCHECKED
    low = checked.mAP["low"]
    return Verdict.PASSED if low is not None and low >= -checked.allowed_drop else Verdict.WORSE


def _figures(found: PairedDifference) -> dict[str, Any]:
    """mAP of the checkpoint and of the form, and the difference with its interval. Equal draw by draw, it has none."""
    interval = found.interval
    return {
        "checkpoint": json_number(found.first),
        "form": json_number(found.second),
        "value": json_number(interval.value),
        "low": json_number(interval.low),
        "high": json_number(interval.high),
    }


def _detections(found: Predictions) -> Detections:
    return Detections.of(
        image_index=found.image_index, class_index=found.class_index, boxes=found.boxes, scores=found.scores
    )


def _on_ground(dataset: Dataset, ground: Ground, found: Predictions, image_ids: Sequence[int]) -> Detections:
    """The boxes on labelled images, of classes that the dataset has."""
    known = in_terms_of(dataset, found, image_ids)
    kept = np.isin(known.image_ids, ground.image_ids)
    return Detections.of(
        image_index=ground.image_index(known.image_ids[kept]),
        class_index=ground.class_index(known.class_ids[kept]),
        boxes=known.boxes[kept],
        scores=known.scores[kept],
    )
