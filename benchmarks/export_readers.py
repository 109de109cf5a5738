"""Exports of Halfday, read by the tools that people take them to: what does each find, and what does it lose?

    PYTHONPATH=.:platform python benchmarks/export_readers.py [--peer PYTHON …]

`--peer` names a Python with some of datumaro, fiftyone, supervision and label-studio-sdk (virtual environments of their
own; none is a dependency of Halfday); pycocotools and ultralytics are ours. Twelve pictures of odd sizes have 29 boxes
of three classes, one with a space in its name, by a fixed seed: eight pictures for training, four for validation, one
of each without boxes, and one that nobody has labelled. Three boxes are ignored, each in another way; one is turned;
attributes are a flag, a text and a number. A row says what a reader found: boxes (class and all sides within .01
pixel), those moved by up to 1.5 pixels, further ones, the splits, negatives, what became of the unlabelled picture, of
the ignored boxes, of the turned one, and which attributes came with their values.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = ["pan", "traffic light", "kettle"]
NEAR, KNOWN = 0.01, 1.5  # pixels: as it was, and the same box moved
ATTRIBUTES = {"occluded": True, "colour": "red", "lane": 3}
FORMATS = ("coco", "yolo", "voc", "cvat", "kitti", "label_studio")
TURN, BEFORE = 30.0, [40.0, 30.0, 80.0, 50.0]


@dataclass
class WrittenPicture:
    """`boxes`: class index, xyxy pixels, attributes, how it is ignored."""

    key: str
    size: tuple[int, int]
    split: str
    labelled: bool = True
    boxes: list[tuple[int, list[float], dict[str, Any], int]] = field(default_factory=list)


def world() -> list[WrittenPicture]:
    from dataset.importing.columns import Ignore
    from dataset.importing.turning import as_attributes, upright_box

    rng = np.random.default_rng(20)
    pictures = []
    for n in range(12):
        width, height = (int(side) for side in rng.integers(120, 400, 2))
        split = "train" if n < 8 else "valid"
        picture = WrittenPicture(f"{'day' if n % 2 else 'night'}/{n:06d}.jpg", (width, height), split, labelled=n != 5)
        for _ in range(0 if n in (3, 5, 9) else 3):
            x, y = rng.uniform(0, width - 30), rng.uniform(0, height - 30)
            box = [x, y, rng.uniform(x + 8, width), rng.uniform(y + 8, height)]
            picture.boxes.append((int(rng.integers(0, 3)), [float(np.float32(side)) for side in box], {}, Ignore.NO))
        pictures.append(picture)
    first, second = pictures[0].boxes, pictures[1].boxes
    first[0] = (first[0][0], first[0][1], ATTRIBUTES, Ignore.NO)
    facts = as_attributes(BEFORE, TURN)
    first[1] = (0, [float(np.float32(side)) for side in upright_box(facts)], facts, Ignore.NO)
    for place, ignore in enumerate((Ignore.REGION, Ignore.CROWD, Ignore.ANYTHING)):
        second[place] = (*second[place][:3], ignore)
    pictures[2].boxes.append((1, [10.0, 10.0, 30.0, 40.0], {}, Ignore.NO))
    pictures[2].boxes.append((2, [0.0, 0.0, *map(float, pictures[2].size)], {}, Ignore.NO))
    return pictures


def content_of(pictures: list[WrittenPicture], wanted: str) -> Any:
    """The pictures as what an export of that format is made of."""
    from dataset.exporting.layout import LAYOUTS, ImagePlaces, PlacedImage, split_name
    from dataset.exporting.types import Content, ExportImage

    placed = [PlacedImage(n + 1, one.key, split_name(one.split), one.labelled) for n, one in enumerate(pictures)]
    places = ImagePlaces(LAYOUTS[wanted], placed)
    images = [
        ExportImage(at.id, one.key, "", *one.size, "", None, None, None, {"split": one.split}, at.split, *places.of(at))
        for at, one in zip(placed, pictures, strict=True)
    ]
    listed = [at for at in range(len(pictures)) if pictures[at].labelled or wanted != "coco"]

    def content(chosen: list[int]) -> Content:
        some = [images[at] for at in chosen]
        chunk = chunk_of([pictures[at] for at in chosen], some)
        return Content(
            "Kitchen", 1, CLASSES, len(chosen), lambda: iter([some]), lambda: iter([chunk]),
            lambda: iter([replace(chunk, images=[])]), attributes=lambda: {0: KINDS, 1: KINDS, 2: KINDS},
        )  # fmt: skip

    whole = content(listed)
    parts = tuple((split, content([at for at in listed if placed[at].split == split])) for split in ("train", "val"))
    unlabelled = frozenset(one.id for one in placed if not one.labelled)
    return replace(whole, parts=parts, files=lambda: iter([images]), unlabelled=unlabelled), images


KINDS = {"occluded": {"boolean"}, "colour": {"string"}, "lane": {"number"}, "ignore": {"string"}}


def chunk_of(pictures: list[WrittenPicture], images: list[Any]) -> Any:
    from dataset.exporting.types import Chunk
    from dataset.importing.turning import BEFORE as BEFORE_KEY
    from dataset.importing.turning import own_area

    rows = [(at, *box) for at, picture in enumerate(pictures) for box in picture.boxes]
    attributes = {place: row[3] for place, row in enumerate(rows) if row[3]}
    areas = [own_area(row[3]) if BEFORE_KEY in row[3] else 0 for row in rows]
    return Chunk(
        np.array([image.id for image in images]),
        images,
        np.array([row[0] for row in rows], np.int64),
        np.array([1000 * images[row[0]].id + place for place, row in enumerate(rows)], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] for row in rows], np.float32).reshape(-1, 4),
        np.ones(len(rows), bool),
        attributes,
        np.array([row[4] for row in rows], np.int16),
        np.array(areas, np.float32),
    )


def write_export(folder: Path, pictures: list[WrittenPicture], wanted: str) -> dict[str, str]:
    """Write and unpack an export, with its pictures; returns the key of each picture by its stem."""
    from PIL import Image

    from dataset.exporting.write import Order, write_archive

    content, images = content_of(pictures, wanted)
    order = Order(wanted, False, 1, datetime(2026, 1, 1, tzinfo=UTC))
    write_archive(folder / "export.zip", content, order, lambda share, text: None)
    root = folder / wanted
    zipfile.ZipFile(folder / "export.zip").extractall(root)
    for at, image in enumerate(images):
        path = root / image.path
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (image.width, image.height), (at * 20, 40, 40)).save(path)
    return {image.stem: image.key for image in images}


PRELUDE = """
import json, sys
from pathlib import Path
root = Path(sys.argv[1])
found = []
def add(split, name, boxes):
    found.append({"split": split, "stem": Path(str(name)).stem, "boxes": boxes})
def box(label, x1, y1, x2, y2, ignored=False, turned=None, **attributes):
    plain = {str(k): v for k, v in attributes.items() if isinstance(v, (str, int, float, bool))}
    return {"label": label, "box": [float(x1), float(y1), float(x2), float(y2)], "ignored": bool(ignored),
            "turned": turned, "attributes": plain}
def done(version):
    print(json.dumps({"version": str(version), "found": found}))
"""

DATUMARO = """
from importlib.metadata import version
from datumaro.components.annotation import Bbox, RotatedBbox
from datumaro.components.dataset import Dataset
dataset = Dataset.import_from(str(root), FORMAT)
labels = dataset.categories()[list(dataset.categories())[0]]
names = [one.name for one in next(v for k, v in dataset.categories().items() if k.name == "label").items]
for item in dataset:
    boxes = []
    for one in item.annotations:
        about = dict(one.attributes)
        ignored = about.get("is_crowd") or about.get("difficult")
        if isinstance(one, RotatedBbox):
            x, y, w, h = one.cx - one.w / 2, one.cy - one.h / 2, one.w, one.h
            boxes.append(box(names[one.label], x, y, x + w, y + h, ignored, one.r, **about))
        elif isinstance(one, Bbox):
            x, y, w, h = one.get_bbox()
            boxes.append(box(names[one.label], x, y, x + w, y + h, ignored, about.get("rotation"), **about))
    add(item.subset, item.id + ".jpg", boxes)
done(version("datumaro"))
"""

FIFTYONE = """
import fiftyone as fo
import fiftyone.utils.coco as coco
import fiftyone.utils.cvat as cvat
import fiftyone.utils.kitti as kitti
import fiftyone.utils.voc as voc
import fiftyone.utils.yolo as yolo
from PIL import Image
def importers():
    if FORMAT == "coco":
        for split in ("train", "val"):
            yield split, coco.COCODetectionDatasetImporter(data_path=str(root / "images" / split),
                labels_path=str(root / "annotations" / f"instances_{split}.json"), label_types="detections")
    elif FORMAT == "yolo":
        for split in ("train", "val"):
            yield split, yolo.YOLOv5DatasetImporter(yaml_path=str(root / "data.yaml"), split=split)
    elif FORMAT == "voc":
        yield None, voc.VOCDetectionDatasetImporter(data_path=str(root / "JPEGImages"),
                                                    labels_path=str(root / "Annotations"))
    elif FORMAT == "cvat":
        yield None, cvat.CVATImageDatasetImporter(data_path=str(root / "images"),
                                                  labels_path=str(root / "annotations.xml"))
    else:
        for split in ("train", "val"):
            yield split, kitti.KITTIDetectionDatasetImporter(data_path=str(root / split / "image_2"),
                                                             labels_path=str(root / split / "label_2"))
for split, importer in importers():
    with importer:
        for path, _, label in importer:
            wide, high = Image.open(path).size
            if isinstance(label, dict):
                label = label.get("detections")
            boxes = []
            for one in (label.detections if label is not None else []):
                x, y, w, h = one.bounding_box
                about = {k: one[k] for k in one.field_names if k not in ("id", "label", "bounding_box")}
                about |= {k: v.value for k, v in (one.attributes or {}).items()}
                ignored = about.get("iscrowd") or about.get("difficult")
                boxes.append(box(one.label, x * wide, y * high, (x + w) * wide, (y + h) * high, ignored,
                                 about.get("rotation"), **about))
            add(split, path, boxes)
done(fo.__version__)
"""

SUPERVISION = """
import supervision as sv
def of(split, dataset):
    for path, _, found_here in dataset:
        count = len(found_here)
        crowds = found_here.data.get("iscrowd", [0] * count)
        boxes = [box(dataset.classes[int(label)], *xyxy, ignored)
                 for xyxy, label, ignored in zip(found_here.xyxy, found_here.class_id if count else [], crowds)]
        add(split, path, boxes)
if FORMAT == "voc":
    of(None, sv.DetectionDataset.from_pascal_voc(str(root / "JPEGImages"), str(root / "Annotations")))
for split in ("train", "val") if FORMAT != "voc" else ():
    if FORMAT == "coco":
        labels = str(root / "annotations" / f"instances_{split}.json")
        of(split, sv.DetectionDataset.from_coco(str(root / "images" / split), labels))
    else:
        folders = str(root / "images" / split), str(root / "labels" / split)
        of(split, sv.DetectionDataset.from_yolo(*folders, str(root / "data.yaml")))
done(sv.__version__)
"""

LABEL_STUDIO = """
from importlib.metadata import version
from label_studio_sdk.converter import Converter
converter = Converter((root / "labelling_config.xml").read_text(), str(root), download_resources=False)
for task in converter.iter_from_json_file(str(root / "tasks.json")):
    boxes = []
    for one in task["output"].get("label", []):
        wide, high = one["original_width"], one["original_height"]
        x, y, w, h = (one[k] / 100 * side for k, side in zip(("x", "y", "width", "height"), (wide, high, wide, high)))
        about = {}
        for name, answers in task["output"].items():
            for answer in answers if name != "label" else ():
                if abs(answer["x"] - one["x"]) < 1e-9 and abs(answer["y"] - one["y"]) < 1e-9:
                    value = answer.get("choices") or answer.get("text") or answer.get("number")
                    about[name] = value[0] if isinstance(value, list) else value
        boxes.append(box(one["rectanglelabels"][0], x, y, x + w, y + h, about.get("ignore"), one["rotation"] or None,
                         **about))
    add(None, task["input"]["image"], boxes)
done(version("label-studio-sdk"))
"""

PYCOCOTOOLS = """
import contextlib
from importlib.metadata import version
from pycocotools.coco import COCO
for split in ("train", "val"):
    with contextlib.redirect_stdout(sys.stderr):
        coco = COCO(str(root / "annotations" / f"instances_{split}.json"))
    for image in coco.loadImgs(coco.getImgIds()):
        assert (root / "images" / split / image["file_name"]).exists()
        boxes = []
        for one in coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]])):
            x, y, w, h = one["bbox"]
            about = one.get("attributes", {})
            boxes.append(box(coco.cats[one["category_id"]]["name"], x, y, x + w, y + h, one["iscrowd"],
                             about.get("rotation"), **about))
        add(split, image["file_name"], boxes)
done(version("pycocotools"))
"""

ULTRALYTICS = """
import contextlib
with contextlib.redirect_stdout(sys.stderr):
    import ultralytics
    from ultralytics.data.dataset import YOLODataset
    from ultralytics.data.utils import check_det_dataset
    data = check_det_dataset(str(root / "data.yaml"), autodownload=False)
    for split in ("train", "val"):
        for one in YOLODataset(img_path=data[split], data=data, task="detect", augment=False).labels:
            high, wide = one["shape"]
            boxes = []
            for (label,), (x, y, w, h) in zip(one["cls"].tolist(), one["bboxes"].tolist()):
                boxes.append(box(data["names"][int(label)], (x - w / 2) * wide, (y - h / 2) * high,
                                 (x + w / 2) * wide, (y + h / 2) * high))
            add(split, one["im_file"], boxes)
done(ultralytics.__version__)
"""

DATUMARO_NAMES = {"coco": "coco", "yolo": "yolo", "voc": "voc", "cvat": "cvat", "kitti": "kitti_detection"}
READERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "pycocotools": ("pycocotools", PYCOCOTOOLS, ("coco",)),
    "ultralytics": ("ultralytics", ULTRALYTICS, ("yolo",)),
    "supervision": ("supervision", SUPERVISION, ("coco", "yolo", "voc")),
    "datumaro": ("datumaro", DATUMARO, ("coco", "yolo", "voc", "cvat", "kitti")),
    "fiftyone": ("fiftyone", FIFTYONE, ("coco", "yolo", "voc", "cvat", "kitti")),
    "label-studio-sdk": ("label_studio_sdk", LABEL_STUDIO, ("label_studio",)),
}


def read_by(tool: str, wanted: str, root: Path, peers: list[Path]) -> dict[str, Any] | str:
    """What a tool finds in an export, or why it finds nothing."""
    module, script, _ = READERS[tool]
    name = DATUMARO_NAMES[wanted] if tool == "datumaro" else wanted
    path = root.parent / f"{tool}-{wanted}.py"
    path.write_text(PRELUDE + f"FORMAT = {name!r}\n" + script)
    for python in peers:
        if subprocess.run([str(python), "-c", f"import {module}"], capture_output=True, check=False).returncode:
            continue
        environment = {**os.environ, "FIFTYONE_DO_NOT_TRACK": "true", "YOLO_OFFLINE": "true"}
        told = subprocess.run(
            [str(python), str(path), str(root)], capture_output=True, text=True, check=False, env=environment
        )
        if told.returncode == 0:
            found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
            return found
        return told.stderr.strip().splitlines()[-1]
    return "no Python given has it"


def compare(pictures: list[WrittenPicture], keys: dict[str, str], told: dict[str, Any]) -> dict[str, Any]:
    """A row of the table."""
    by_key = {one.key: one for one in pictures}
    found: dict[str, dict[str, Any]] = {}
    for one in told["found"]:
        if stem := next((stem for stem in keys if stem == one["stem"] or one["stem"].endswith(stem)), None):
            found[keys[stem]] = one
    matched, further = matches(by_key, found)
    counted = [row for row in matched if not row[0][3] and row[0][2].get("rotated_box") is None]
    ignored = [row[1] for row in matched if row[0][3]]
    turned = next((one["turned"] for (_, _, facts, _), one in matched if "rotated_box" in facts and one), None)
    about: dict[str, Any] = next(
        (one["attributes"] for (_, _, facts, _), one in matched if facts == ATTRIBUTES and one), {}
    )
    negatives = [one.key for one in pictures if one.labelled and not one.boxes]
    new = next(one.key for one in pictures if not one.labelled)
    return {
        "boxes": f"{sum(one is not None and is_exact(given, one) for given, one in counted)} of {len(counted)}",
        "moved": sum(one is not None and not is_exact(given, one) for given, one in counted),
        "further": further,
        "splits": f"{sum(is_split(by_key[key].split, one['split']) for key, one in found.items())} of {len(found)}",
        "negatives": f"{sum(key in found and not found[key]['boxes'] for key in negatives)} of {len(negatives)}",
        "new": "negative" if new in found else "not read",
        "ignored": [("ignored" if one["ignored"] else "counted") if one else "missing" for one in ignored],
        "turned": turned,
        "attributes": {name: about.get(name) for name in ATTRIBUTES},
    }


def is_split(given: str, found: str | None) -> bool:
    return found == {"train": "train", "valid": "val"}[given]


def matches(pictures: dict[str, WrittenPicture], found: dict[str, dict[str, Any]]) -> tuple[list[Any], int]:
    """Every box of the pictures with what was found of it, or None; and how many were found besides."""
    rows, further = [], 0
    for key, picture in pictures.items():
        left = list(found.get(key, {"boxes": []})["boxes"])
        for given in picture.boxes:
            same = next((one for one in left if is_same(given, one, KNOWN)), None)
            if same:
                left.remove(same)
            rows.append((given, same))
        further += len(left)
    return rows, further


def is_exact(given: tuple[int, list[float], dict[str, Any], int], found: dict[str, Any]) -> bool:
    return is_same(given, found, NEAR)


def is_same(given: tuple[int, list[float], dict[str, Any], int], found: dict[str, Any], tolerance: float) -> bool:
    """Class and box; of the turned one also as it was before."""
    names = {CLASSES[given[0]], CLASSES[given[0]].replace(" ", "_")} | ({"DontCare"} if given[3] else set())
    boxes = [given[1], *([BEFORE] if "rotated_box" in given[2] else [])]
    near = any(np.abs(np.array(box) - np.array(found["box"])).max() <= tolerance for box in boxes)
    corner = "rotated_box" in given[2] and found["turned"] == TURN  # Label Studio's stands at its turned corner
    return found["label"] in names and (near or corner)


def rows_of(
    pictures: list[WrittenPicture], peers: list[Path], folder: Path, only: list[str]
) -> Iterator[tuple[str, str, str, Any]]:
    keys = {wanted: write_export(folder, pictures, wanted) for wanted in only}
    for tool, (_, _, formats) in READERS.items():
        for wanted in (one for one in formats if one in only):
            told = read_by(tool, wanted, folder / wanted, peers)
            row = told if isinstance(told, str) else compare(pictures, keys[wanted], told)
            yield tool, "" if isinstance(told, str) else told["version"], wanted, row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, action="append", default=[], metavar="PYTHON")
    parser.add_argument("--format", choices=FORMATS, action="append", default=[], help="one or several; all otherwise")
    options = parser.parse_args()
    only, python = options.format or list(FORMATS), [Path(sys.executable), *options.peer]
    with tempfile.TemporaryDirectory() as name:
        for tool, version, wanted, row in rows_of(world(), python, Path(name), only):
            print(f"{tool} {version} {wanted}")
            for what, value in row.items() if isinstance(row, dict) else [("failed", row)]:
                print(f"    {what:10} {value}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    main()
