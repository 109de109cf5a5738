"""Make model/weights/road11t.pt, the base checkpoint that the demo starts from, and its record beside it.

    PYTHONPATH=.:platform python benchmarks/base_checkpoint.py [--images 2400] [--epochs 16]

Trained from scratch on generated road scenes with one class, "object": it knows where things are and nothing about what
they are. The scenes come from seeds that the demo never uses.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from demo.scenes import SIZE, scenes
from model.engines import (
    ConvertRequest,
    EpochReport,
    LabelledImage,
    PredictRequest,
    PredictSettings,
    Progress,
    TrainRequest,
    TrainSettings,
    run_in_process,
)
from science.evaluation.average_precision import accumulate
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth

WEIGHTS = Path(__file__).resolve().parents[1] / "model" / "weights"
NAME, CLASS = "road11t", "object"
TRAIN_SEED, TEST_SEED = 9_000_001, 9_500_001  # the demo's seeds lie below 1,000,000


def draw(count: int, seed: int, folder: Path) -> tuple[LabelledImage, ...]:
    """Generate scenes into a folder, all of one class."""
    made = []
    for scene in scenes(count, seed):
        path = folder / f"{scene.key}.jpg"
        cv2.imwrite(str(path), scene.pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
        made.append(LabelledImage(path, *SIZE, scene.boxes, np.zeros_like(scene.classes)))
    return tuple(made)


def score(weights: Path, images: tuple[LabelledImage, ...], imgsz: int, log: Path) -> dict[str, float]:
    """The twelve COCO figures on images that were not trained on."""
    found = run_in_process(
        PredictRequest(weights, tuple(i.path for i in images), PredictSettings(imgsz=imgsz)), log=log
    )
    truth = GroundTruth.of(
        image_ids=np.arange(len(images)),
        image_index=np.repeat(np.arange(len(images)), [len(i.boxes) for i in images]),
        class_index=np.concatenate([i.classes for i in images]),
        boxes=np.concatenate([i.boxes for i in images]),
    )
    detections = Detections.of(
        image_index=found.image_index, class_index=found.class_index, boxes=found.boxes, scores=found.scores
    )
    return {k: round(float(v), 4) for k, v in accumulate(match(truth, detections, classes=1)).figures().items()}


def show(report: Progress) -> None:
    """A line per epoch."""
    if isinstance(report, EpochReport):
        print(f"epoch {report.epoch}/{report.epochs} {report.seconds:.1f} s {report.metrics}", flush=True)


def main() -> None:
    """Draw, train, score, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=2400)
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--imgsz", type=int, default=256)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    settings = TrainSettings(
        epochs=options.epochs,
        imgsz=options.imgsz,
        batch=8,
        lr0=0.003,
        close_mosaic=3,
        scale=0.5,
        threads=1,
        workers=1,
        seed=1,
    )
    with tempfile.TemporaryDirectory(prefix="halfday-base-") as name:
        folder = Path(name)
        train_images = draw(options.images, TRAIN_SEED, folder)
        test_images = draw(300, TEST_SEED, folder)
        began = time.monotonic()
        request = TrainRequest(NAME, (CLASS,), train_images, folder / "run", settings, resume=False)
        result = run_in_process(request, log=folder / "log", report=show)
        seconds = time.monotonic() - began
        figures = score(result.best, test_images, options.imgsz, folder / "log")
        options.out.mkdir(parents=True, exist_ok=True)
        target = options.out / f"{NAME}.pt"
        target.write_bytes(result.best.read_bytes())
        facts = run_in_process(ConvertRequest(target, folder / "converted.pt"), log=folder / "log")
    record = {
        "file": target.name,
        "sha256": result.sha256,
        "bytes": target.stat().st_size,
        "architecture": NAME,
        "class_names": [CLASS],
        "parameters": facts.parameters,
        "licence": "AGPL-3.0",
        "made_by": "benchmarks/base_checkpoint.py",
        "made_on": datetime.now(UTC).date().isoformat(),
        "training_scenes": {"count": options.images, "seed": TRAIN_SEED, "size": SIZE},
        "test_scenes": {"count": 300, "seed": TEST_SEED},
        "figures_on_test_scenes": figures,
        "seconds": round(seconds, 1),
        "processor_threads": settings.threads,
        "machine": platform.machine(),
        "settings": asdict(settings),
    }
    (options.out / f"{NAME}.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=2))


if __name__ == "__main__":
    main()
