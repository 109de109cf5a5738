"""Shapes between Halfday and other tools: what they find in its exports, and what it finds in theirs.

    PYTHONPATH=.:platform python benchmarks/shape_round_trips.py --peer PYTHON [--peer PYTHON …]

`--peer` names a Python with some of datumaro, supervision, label-studio-sdk, pycocotools and ultralytics (a virtual
environment of its own; this one is tried too). One picture of 64 × 48 pixels gets five polygons, two masks and three
turned boxes, those that a format is for. A row says how many came back in the kind that the format has, and the least
IoU of their pixels, as Halfday fills them, with those that were meant.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

READERS = {
    ("datumaro", "cvat", "cvat"): ("polygon", "mask", "turned"),
    ("datumaro", "voc", "voc"): ("mask",),
    ("datumaro", "dota", "dota"): ("turned",),
    ("supervision", "yolo segments", "yolo"): ("polygon",),
    ("supervision", "yolo turned", "yolo-obb"): ("turned",),
    ("ultralytics", "yolo segments", "segment"): ("polygon",),
    ("ultralytics", "yolo turned", "obb"): ("turned",),
    ("label_studio_sdk", "label_studio", "brush"): ("mask",),
    ("pycocotools", "coco", "coco"): ("polygon", "mask"),
}  # tool, our export, what it reads it as: kinds that are in it
WRITERS = {
    ("datumaro", "cvat"): ("polygon", "mask", "turned"),
    ("datumaro", "datumaro"): ("polygon", "mask"),
    ("datumaro", "coco_instances"): ("polygon", "mask"),
    ("datumaro", "voc"): ("mask",),
    ("datumaro", "dota"): ("turned",),
    ("supervision", "yolo"): ("polygon",),
}

PRELUDE = """
import json, sys, warnings
warnings.filterwarnings("ignore")
from importlib.metadata import version
from pathlib import Path
import numpy as np
root, form = Path(sys.argv[1]), sys.argv[2]
found = []
def polygon(xy): found.append({"kind": "polygon", "points": np.asarray(xy, float).reshape(-1, 2).tolist()})
def mask(pixels): found.append({"kind": "mask", "pixels": np.asarray(pixels).astype(int).tolist()})
def turned(xy): found.append({"kind": "turned", "points": np.asarray(xy, float).reshape(-1, 2).tolist()})
def box(x, y, w, h, degrees):
    a = np.radians(degrees); c, s = np.cos(a), np.sin(a)
    turned([(x + u * w * c - v * h * s, y + u * w * s + v * h * c) for u, v in ((-.5,-.5),(.5,-.5),(.5,.5),(-.5,.5))])
"""

READ = {
    "datumaro": """
from datumaro.components.dataset import Dataset
for item in Dataset.import_from(str(root), form):
    for one in item.annotations:
        kind = one.type.name
        if kind == "polygon": polygon(one.points)
        elif kind == "mask": mask(one.image)
        elif kind == "rotated_bbox": box(one.cx, one.cy, one.w, one.h, one.r)
print(json.dumps([version("datumaro"), found]))
""",
    "supervision": """
import supervision as sv
images, labels, data = (str(root / name) for name in ("images/train", "labels/train", "data.yaml"))
made = sv.DetectionDataset.from_yolo(images, labels, data, force_masks=form == "yolo", is_obb=form == "yolo-obb")
for _, _, one in made:
    for at in range(len(one)):
        turned(one.data["xyxyxyxy"][at]) if form == "yolo-obb" else mask(one.mask[at])
print(json.dumps([version("supervision"), found]))
""",
    "ultralytics": """
import yaml
from ultralytics.data.dataset import YOLODataset
from ultralytics import __version__
data = yaml.safe_load((root / "data.yaml").read_text()) | {"path": str(root), "channels": 3}
made = YOLODataset(img_path=str(root / "images/train"), data=data, task=form, imgsz=64, augment=False)
for one in made.labels:
    h, w = one["shape"]
    for segment in one["segments"]:
        (polygon if form == "segment" else turned)(segment * [w, h])
print(json.dumps([__version__, found]))
""",
    "label_studio_sdk": """
from label_studio_sdk.converter.brush import decode_rle
for task in json.loads((root / "tasks.json").read_text()):
    for one in task["annotations"][0]["result"]:
        if one["type"] == "brushlabels":
            pixels = decode_rle(one["value"]["rle"]).reshape(one["original_height"], one["original_width"], 4)
            mask(pixels[..., 3] > 0)
print(json.dumps([version("label-studio-sdk"), found]))
""",
    "pycocotools": """
import contextlib
from pycocotools.coco import COCO
with contextlib.redirect_stdout(sys.stderr):
    made = COCO(str(root / "annotations/instances_train.json"))
for one in made.loadAnns(made.getAnnIds()):
    if one.get("segmentation"): mask(made.annToMask(one))
print(json.dumps([version("pycocotools"), found]))
""",
}
WRITE = {
    "datumaro": """
from datumaro.components.annotation import Bbox, Mask, Polygon, RotatedBbox
from datumaro.components.dataset import Dataset
from datumaro.components.dataset_base import DatasetItem
from datumaro.components.media import Image
made = []
for n, one in enumerate(json.loads(Path(sys.argv[3]).read_text()), 1):
    more = {"label": n % 2, "id": n, "group": n}
    if one["kind"] == "polygon": made.append(Polygon(np.array(one["points"]).ravel().tolist(), **more))
    elif one["kind"] == "mask":
        made.append(Mask(np.array(one["pixels"], bool), **more))
        if form == "voc":  # whose XML names only what has a box
            made.append(Bbox(*made[-1].get_bbox(), **more))
    else: made.append(RotatedBbox(*one["box"], **more))
picture = Image.from_numpy(data=np.zeros((48, 64, 3), np.uint8))
item = DatasetItem(id="a", subset="train", media=picture, annotations=made)
Dataset.from_iterable([item], categories=["pan", "pot"]).export(str(root), form, save_media=True)
print(json.dumps([version("datumaro"), []]))
""",
    "supervision": """
import cv2
import supervision as sv
from PIL import Image
(root / "images").mkdir(parents=True)
path = str(root / "images" / "a.png")
Image.new("RGB", (64, 48)).save(path)
masks = []
for one in json.loads(Path(sys.argv[3]).read_text()):
    masks.append(sv.polygon_to_mask(np.array(one["points"]).round().astype(int), (64, 48)).astype(bool))
masks = np.array(masks)
boxes = sv.Detections(xyxy=sv.mask_to_xyxy(masks), mask=masks, class_id=np.zeros(len(masks), int))
sv.DetectionDataset(["pan", "pot"], [path], {path: boxes}).as_yolo(
    annotations_directory_path=str(root / "labels"), data_yaml_path=str(root / "data.yaml"))
print(json.dumps([version("supervision"), []]))
""",
}


def drawings(kinds: tuple[str, ...]) -> list[Any]:
    """The shapes of these kinds, none of which covers another of its kind."""
    from science.shapes.finer import mask_of_pixels, polygon_of, turned_box_of

    rng = np.random.default_rng(7)
    found: list[Any] = []
    for at in range(5 if "polygon" in kinds else 0):
        angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
        lengths = rng.uniform(3, 6, 9)
        middle = np.array([7 + 12.3 * at, 8.4])
        found.append(polygon_of([[np.column_stack([np.cos(angles), np.sin(angles)]) * lengths[:, None] + middle]]))
    for at in range(2 if "mask" in kinds else 0):
        pixels = np.zeros((48, 64), np.bool_)
        pixels[18:30, 4 + 30 * at : 20 + 30 * at] = rng.uniform(size=(12, 16)) > 0.3
        found.append(mask_of_pixels(pixels))
    count = 3 if "turned" in kinds else 0
    return [*found, *(turned_box_of(12 + 18.5 * at, 38.2, 13.7, 6.4, 20 + 30 * at) for at in range(count))]


def pixels_in(one: dict[str, Any]) -> np.ndarray:
    from science.shapes.conversions import pixels_of_shape
    from science.shapes.finer import polygon_of

    if one["kind"] == "mask":
        return np.array(one["pixels"], np.bool_)
    return pixels_of_shape(polygon_of([[one["points"]]]), 48, 64)


def run(peers: list[Path], tool: str, script: str, *arguments: str) -> tuple[str, list[dict[str, Any]]] | str:
    """What a tool's script prints: its version and the shapes; or why there is none."""
    for python in peers:
        if subprocess.run([str(python), "-c", f"import {tool}"], capture_output=True, check=False).returncode:
            continue
        told = subprocess.run(
            [str(python), "-c", PRELUDE + script, *arguments], capture_output=True, text=True, check=False
        )
        if told.returncode:
            return told.stderr.strip().splitlines()[-1]
        version, found = json.loads(told.stdout.strip().splitlines()[-1])
        return version, found
    return "no Python given has it"


def agreement(meant: list[Any], found: list[np.ndarray]) -> tuple[int, float]:
    """How many shapes have one that is theirs, of IoU above a half; and the least of their IoUs."""
    from science.shapes.conversions import pixels_of_shape

    left, scores = list(found), []
    for shape in meant:
        pixels = pixels_of_shape(shape, 48, 64)
        each = [float((pixels & one).sum() / max((pixels | one).sum(), 1)) for one in left]
        if each and max(each) > 0.5:
            scores.append(max(each))
            left.pop(int(np.argmax(each)))
    return len(scores), min(scores, default=0.0)


def read_by_tools(peers: list[Path]) -> None:
    from tests.dataset.shape_files import written

    print(f"{'export':14} {'read by':26} shapes back least IoU")
    for (tool, export, form), kinds in READERS.items():
        wanted, _, lines = export.partition(" ")
        with tempfile.TemporaryDirectory() as name:
            meant = drawings(kinds)
            written(Path(name), meant, wanted, lines or "boxes")
            told = run(peers, tool, READ[tool], name, form)
        if isinstance(told, str):
            print(f"{export:14} {tool:26} {told}")
            continue
        back, least = agreement(meant, [pixels_in(one) for one in told[1]])
        print(f"{export:14} {tool + ' ' + told[0]:26} {back:2} of {len(meant):2}    {least:.4f}")


def read_from_tools(peers: list[Path]) -> None:
    from science.shapes.conversions import pixels_of_shape
    from tests.dataset.importing.reading import read

    print(f"\n{'written by':26} {'as':17} {'read as':10} shapes back least IoU  kinds")
    for (tool, form), kinds in WRITERS.items():
        meant = drawings(kinds)
        with tempfile.TemporaryDirectory() as name:
            given = Path(name) / "given.json"
            given.write_text(json.dumps([as_given(one) for one in meant]))
            told = run(peers, tool, WRITE[tool], str(Path(name) / "set"), form, str(given))
            if isinstance(told, str):
                print(f"{tool:26} {form:17} {told}")
                continue
            found = read(Path(name) / "set")
        shapes = shapes_of(found.source)
        back, least = agreement(meant, [pixels_of_shape(one, 48, 64) for one in shapes])
        seen = ", ".join(sorted({type(one).__name__ for one in shapes}))
        told_of = f"{tool + ' ' + told[0]:26} {form:17} {found.source.format:10}"
        print(f"{told_of} {back:2} of {len(meant):2}    {least:.4f}  {seen}")


def shapes_of(source: Any) -> list[Any]:
    from science.shapes.packed import unpack

    return [unpack(packed) for packed in source.shapes.values()]


def as_given(shape: Any) -> dict[str, Any]:
    from science.shapes.finer import Mask, TurnedBox, pixels_of_mask

    if isinstance(shape, Mask):
        return {"kind": "mask", "pixels": pixels_of_mask(shape).astype(int).tolist()}
    if isinstance(shape, TurnedBox):
        return {"kind": "turned", "box": [shape.x, shape.y, shape.width, shape.height, shape.angle]}
    return {"kind": "polygon", "points": shape.parts[0][0].tolist()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, action="append", default=[], metavar="PYTHON")
    peers = [*parser.parse_args().peer, Path(sys.executable)]
    read_by_tools(peers)
    read_from_tools(peers)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    main()
