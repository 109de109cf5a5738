"""What `assist.py` measures on: true boxes, and a detector's boxes down to .03, of images that it was not trained on.

Each part is made once and kept in the folder: scenes as the demo draws them with the baseline that it trains on
spoilt labels, and photographs of vehicles with a network that knows COCO, as it is and fine-tuned.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from demo.material import _draw
from demo.objects import CLASSES
from demo.plant import ImageLabels, plant
from demo.presets import PRESETS, TUNED
from model.engines import (
    ConvertRequest,
    LabelledImage,
    PredictRequest,
    PredictSettings,
    TrainRequest,
    TrainSettings,
    run_in_process,
)
from model.serving.suppression import kept_of_overlapping

FLOOR, ROOM, ALIKE = 0.03, 300, 0.9  # as model/endpoints/candidates.py
BASE = Path(__file__).resolve().parents[1] / "model" / "weights" / "road11t.pt"
VEHICLES = ("Ambulance", "Bus", "Car", "Motorcycle", "Truck")
AS_COCO = {"Bus": "bus", "Car": "car", "Motorcycle": "motorcycle", "Truck": "truck"}


@dataclass(frozen=True, eq=False)
class JudgedPicture:
    """One image: what is there, and what the detector says."""

    path: Path
    truth: ImageLabels
    boxes: np.ndarray  # (M, 4) xyxy pixels, by falling score
    classes: np.ndarray  # (M,) of the truth's classes
    scores: np.ndarray  # (M,)


def scenes_after_the_baseline(folder: Path, images: int, zooms: Sequence[float]) -> list[JudgedPicture]:
    """Scenes that the tiny demo's baseline has never seen, judged by it."""
    preset = PRESETS["tiny"]
    drawn = folder / "scenes"
    drawn.mkdir(parents=True, exist_ok=True)
    weights = folder / "baseline" / "best.pt"
    if not weights.exists():
        pictures = [*_draw(drawn, preset.experiment * 4 // 5, 0, "scene")]
        given, _ = plant([one.labels for one in pictures], preset.plant, CLASSES, 0)
        settings = TrainSettings(epochs=preset.epochs, imgsz=preset.imgsz, **preset.settings)
        train(weights, BASE, [one.path for one in pictures], given, CLASSES, settings)
    seen = [*_draw(drawn, images, 2, "validation")]
    paths, labels = [one.path for one in seen], [one.labels for one in seen]
    return judge(weights, paths, labels, CLASSES, sizes(preset.imgsz, zooms))


def vehicles(data: Path, folder: Path, *, tuned: bool, zooms: Sequence[float]) -> list[JudgedPicture]:
    """Photographs that were held back, judged by YOLOv8n as COCO taught it or fine-tuned on the others."""
    coco = folder / "coco.pt"
    if not coco.exists():
        folder.mkdir(parents=True, exist_ok=True)
        source = next((data / "weights" / "yolov8n_coco").glob("*.pt"))
        run_in_process(ConvertRequest(source, coco), log=folder / "convert.log")
    weights = folder / "vehicles" / "best.pt"
    if tuned and not weights.exists():
        paths, labels = photographs(data, "train")
        tuned_so: dict[str, Any] = TUNED
        settings = TrainSettings(epochs=5, imgsz=320, **tuned_so)
        train(weights, coco, paths, labels, VEHICLES, settings)
    paths, labels = photographs(data, "valid")
    names = VEHICLES if tuned else tuple(AS_COCO.get(name, name) for name in VEHICLES)
    return judge(weights if tuned else coco, paths, labels, names, sizes(320 if tuned else 416, zooms))


def photographs(data: Path, part: str) -> tuple[list[Path], list[ImageLabels]]:
    """Each photograph once: every one stands there twice under two names."""
    folder = data / "vehicles_openimages" / part
    found = {one.name.partition(".rf.")[0]: one for one in sorted((folder / "images").iterdir())}
    paths = list(found.values())
    return paths, [yolo_labels(path, folder / "labels" / f"{path.stem}.txt") for path in paths]


def yolo_labels(path: Path, file: Path) -> ImageLabels:
    width, height = Image.open(path).size
    rows = np.array([line.split()[:5] for line in file.read_text().splitlines() if line.strip()], float).reshape(-1, 5)
    middle, half = rows[:, 1:3], rows[:, 3:5] / 2
    boxes = np.hstack([middle - half, middle + half]) * [width, height, width, height]
    return ImageLabels(path.name, width, height, boxes.astype(np.float32), rows[:, 0].astype(np.int32))


def train(
    target: Path,
    start: Path,
    paths: Sequence[Path],
    labels: Sequence[ImageLabels],
    names: tuple[str, ...],
    settings: TrainSettings,
) -> None:
    """One training; its best weights lie at `target` afterwards."""
    target.parent.mkdir(parents=True, exist_ok=True)
    images = tuple(
        LabelledImage(path, one.width, one.height, one.boxes, one.classes)
        for path, one in zip(paths, labels, strict=True)
    )
    request = TrainRequest(architecture_of(start), names, images, target.parent, replace(settings, threads=2), start)
    run_in_process(request, log=target.parent / "train.log")


def architecture_of(weights: Path) -> str:
    facts = weights.with_suffix(".json")
    return str(json.loads(facts.read_text())["architecture"]) if facts.exists() else "yolov8n"


def sizes(imgsz: int, zooms: Sequence[float]) -> list[PredictSettings]:
    """As the editor asks: one look for each size, and boxes that overlap."""
    return [PredictSettings(imgsz=round(imgsz * zoom / 32) * 32, conf=FLOOR, iou=ALIKE) for zoom in zooms]


def judge(
    weights: Path,
    paths: Sequence[Path],
    labels: Sequence[ImageLabels],
    names: tuple[str, ...],
    looks: Sequence[PredictSettings],
) -> list[JudgedPicture]:
    """The images with the detector's boxes, in the classes of the truth; those of other classes are left out."""
    log = weights.parent / "predict.log"
    found = [run_in_process(PredictRequest(weights, tuple(paths), settings), log=log) for settings in looks]
    place = {name: index for index, name in enumerate(names)}
    classes = np.concatenate([np.array([place.get(n, -1) for n in one.class_names])[one.class_index] for one in found])
    images, boxes, scores = (
        np.concatenate([getattr(one, name) for one in found]) for name in ("image_index", "boxes", "scores")
    )
    pictures = []
    for index, (path, truth) in enumerate(zip(paths, labels, strict=True)):
        mine = np.flatnonzero((images == index) & (classes >= 0))
        mine = mine[np.argsort(-scores[mine], kind="stable")]
        mine = mine[kept_of_overlapping(boxes[mine], classes[mine].astype(np.int32), ALIKE, ROOM)]
        pictures.append(JudgedPicture(path, truth, boxes[mine], classes[mine], scores[mine]))
    return pictures
