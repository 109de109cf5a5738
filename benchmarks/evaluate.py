"""How fast each step of the evaluator and the bootstrap is, beside pycocotools.

    PYTHONPATH=platform:. python benchmarks/evaluate.py [--images 6000] [--no-peer]

Times are after a first call on little data has compiled the loops. benchmarks/evaluation_peers.py measures against the
other tools, from file to figures; benchmarks/bootstrap_coverage.py how often intervals cover the truth.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import bootstrap, compare
from science.evaluation.confidence import confidence_curves
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import confusion_matrix, verdicts

CLASSES = 10
SHARES = np.array([0.55, 0.2, 0.1, 0.05, 0.03, 0.03, 0.02, 0.01, 0.005, 0.005])  # of boxes, a long tail as BDD100K's
BOXES, DETECTIONS = 18, 50  # per image


def data(images: int, seed: int = 0, detections: int = DETECTIONS) -> tuple[GroundTruth, Detections]:
    """Return labels, and detections around them of which one in ten has another class."""
    random = np.random.default_rng(seed)
    count, found = images * BOXES, images * detections
    image, label = random.integers(0, images, count), random.choice(CLASSES, count, p=SHARES)
    corner, side = random.uniform(0, 1200, (count, 2)), random.lognormal(3.5, 0.8, (count, 2))
    boxes = np.concatenate([corner, corner + side], axis=1).astype(np.float32)
    source = random.integers(0, count, found)
    moved = boxes[source] + random.normal(0, 0.08, (found, 4)) * np.tile(side[source], 2)
    other = random.random(found) < 0.1
    judged = Detections.of(
        image_index=image[source],
        class_index=np.where(other, random.integers(0, CLASSES, found), label[source]),
        boxes=moved.astype(np.float32),
        scores=random.random(found).astype(np.float32),
    )
    return GroundTruth.of(image_ids=np.arange(images), image_index=image, class_index=label, boxes=boxes), judged


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Run, print the seconds, return the result."""
    began = time.perf_counter()
    result = work()
    print(f"{name:<58} {time.perf_counter() - began:8.2f} s", flush=True)
    return result


def peer(truth: GroundTruth, detections: Detections) -> np.ndarray:
    """Return the twelve figures of pycocotools on the same boxes."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": int(image)} for image in truth.image_ids],
            "categories": [{"id": label} for label in range(CLASSES)],
            "annotations": [
                {**row, "id": number, "iscrowd": 0, "area": row["bbox"][2] * row["bbox"][3]}
                for number, row in enumerate(_rows(truth), start=1)
            ],
        }
        coco.createIndex()
        scores = detections.scores.astype(float).tolist()
        results = [{**row, "score": score} for row, score in zip(_rows(detections), scores, strict=True)]
        evaluation = COCOeval(coco, coco.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    stats: np.ndarray = evaluation.stats
    return stats


def _rows(boxes: GroundTruth | Detections) -> Iterator[dict[str, Any]]:
    wide = boxes.boxes.astype(np.float64)
    xywh = np.concatenate([wide[:, :2], wide[:, 2:] - wide[:, :2]], axis=1).tolist()
    for image, label, box in zip(boxes.image_index.tolist(), boxes.class_index.tolist(), xywh, strict=True):
        yield {"image_id": image, "category_id": label, "bbox": box}


def speed(images: int, with_peer: bool) -> None:
    """Print how long each step takes."""
    small = data(50)
    compare(*[match(*small, classes=CLASSES)] * 2, resamples=10)
    verdicts(*small)
    truth, detections = data(images)
    print(f"{images} images, {len(truth)} boxes, {len(detections)} detections, {CLASSES} classes")
    matches = timed("match (10 IoU thresholds, 4 sizes)", lambda: match(truth, detections, classes=CLASSES))
    figures = timed("accumulate (12 figures, all classes)", lambda: accumulate(matches)).as_coco()
    timed("precision, recall and F1 at 1001 confidences", lambda: confidence_curves(matches))
    rows = timed("verdicts (a row per box and detection)", lambda: verdicts(truth, detections, confidence=0.3))
    timed("confusion matrix", lambda: confusion_matrix(rows, CLASSES))
    timed("bootstrap, 1000 resamples", lambda: bootstrap(matches))
    if with_peer:
        theirs = timed("pycocotools: evaluate, accumulate, summarize", lambda: peer(truth, detections))
        print(f"largest difference to pycocotools: {np.abs(figures - theirs).max():.1e}")


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=6000)
    parser.add_argument("--no-peer", action="store_true", help="leave pycocotools out")
    options = parser.parse_args()
    speed(options.images, not options.no_peer)


if __name__ == "__main__":
    main()
