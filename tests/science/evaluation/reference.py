"""pycocotools as the reference, and cases in COCO's own form that go to both evaluators."""

import contextlib
import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from science.evaluation.types import Detections, GroundTruth


@dataclass
class Case:
    """Ground truth and detections as COCO writes them: boxes are xywh, ids are free."""

    images: list[int]
    categories: list[int]
    annotations: list[dict[str, Any]] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)

    @property
    def classes(self) -> int:
        return len(self.categories)

    def ours(self) -> tuple[GroundTruth, Detections]:
        """Return the case as columns; images in rising id, as pycocotools walks them."""
        image_ids = sorted(self.images)
        image_of = {value: position for position, value in enumerate(image_ids)}
        class_of = {value: position for position, value in enumerate(sorted(self.categories))}
        truth = GroundTruth.from_xywh(
            boxes_xywh=[each["bbox"] for each in self.annotations],
            image_ids=image_ids,
            image_index=[image_of[each["image_id"]] for each in self.annotations],
            class_index=[class_of[each["category_id"]] for each in self.annotations],
            annotation_ids=[each["id"] for each in self.annotations],
            crowd=[each["iscrowd"] for each in self.annotations],
            area=[each["area"] for each in self.annotations],
        )
        detections = Detections.from_xywh(
            boxes_xywh=[each["bbox"] for each in self.results],
            image_index=[image_of[each["image_id"]] for each in self.results],
            class_index=[class_of[each["category_id"]] for each in self.results],
            scores=np.array([each["score"] for each in self.results], np.float64),
        )
        return truth, detections


def pycocotools_evaluation(case: Case) -> COCOeval:
    """Return the finished reference evaluation."""
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": image} for image in case.images],
            "categories": [{"id": category} for category in case.categories],
            "annotations": case.annotations,
        }
        coco.createIndex()
        found = coco.loadRes(case.results) if case.results else _no_results(coco)
        evaluation = COCOeval(coco, found, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def _no_results(coco: COCO) -> COCO:
    empty = COCO()
    empty.dataset = {**coco.dataset, "annotations": []}
    empty.createIndex()
    return empty
