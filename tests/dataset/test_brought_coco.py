"""COCO files as people bring them. What is right was written down before it was tried."""

# A case a line:
# ruff: noqa: E501
# fmt: off

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools import mask as masks

from dataset.importing.columns import Ignore
from dataset.importing.survey import NOT_LABELLED
from tests.dataset.brought import PICTURE, TURNED, Boxes, Brought, check, said

BOX = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 10, 40, 30]}
CAR: Boxes = {"a": [("car", [20, 10, 60, 40])]}
NOTHING: Boxes = {"a": []}
UNKNOWN = {"a": NOT_LABELLED}
CATEGORIES = [{"id": 1, "name": "car"}, {"id": 2, "name": "bus"}]
SQUARE = [20, 10, 60, 10, 60, 40, 20, 40]


def coco(*annotations: Any, file_name: str = "a.jpg", **more: Any) -> dict[str, Any]:
    images = [{"id": 1, "file_name": file_name, "width": 200, "height": 100}]
    return {"images": images, "categories": CATEGORIES, "annotations": list(annotations or [BOX])} | more


def one(what: str, content: Any, boxes: Boxes = CAR, *, picture: Any = PICTURE, at: str = "a.jpg", **more: Any) -> Brought:
    """One picture and one file."""
    return Brought(what, {at: picture, "coco.json": content}, boxes, **more)


def drawn() -> np.ndarray[Any, Any]:
    mask = np.zeros((100, 200), dtype=np.uint8, order="F")
    mask[10:40, 20:60] = 1
    return mask


def run_lengths() -> list[int]:
    flat = drawn().flatten(order="F")
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat]))).tolist()
    return np.diff([0, *edges, len(flat)]).tolist()


def compressed() -> str:
    return str(masks.encode(drawn())["counts"].decode())


def without(record: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in keys}


def split_file(split: str, left: int) -> dict[str, Any]:
    return coco(BOX | {"bbox": [left, 10, 40, 30]}, file_name="a.jpg")


ROBOFLOW = [
    {"id": 0, "name": "vehicles", "supercategory": "none"},
    {"id": 1, "name": "bus", "supercategory": "vehicles"},
    {"id": 2, "name": "car", "supercategory": "vehicles"},
]
TWO = [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.jpg"}]

CASES = [
    one("category ids as floats", coco(BOX | {"category_id": 1.0})),
    one("category ids in quotes", coco(BOX | {"category_id": "1"})),
    one("category ids from 0", coco(BOX | {"category_id": 0}, categories=[{"id": 0, "name": "car"}])),
    one("a category that is not in the list", coco(BOX | {"category_id": 9}), NOTHING, states=UNKNOWN, said=said("unknown_class", "all_refused")),
    one("numbered from 0, the list from 1", coco(BOX | {"category_id": 0}), NOTHING, states=UNKNOWN, said=said("unknown_class")),
    one("image ids in quotes", coco(BOX | {"image_id": "1"})),
    one("image ids are file names", coco(BOX | {"image_id": "a.jpg"}, images=[{"id": "a.jpg", "file_name": "a.jpg"}])),
    one("the same annotation id twice", coco(BOX, BOX | {"bbox": [80, 10, 40, 30]}), {"a": [*CAR["a"], ("car", [80, 10, 120, 40])]}),
    one("no ids of annotations", coco(without(BOX, "id"))),
    one("an annotation with id 0", coco(BOX | {"id": 0})),
    one("a polygon and no bbox", coco(without(BOX, "bbox") | {"segmentation": [SQUARE]}), said=said("polygon")),
    one("a polygon and an empty bbox", coco(BOX | {"bbox": [], "segmentation": [SQUARE]}), said=said("polygon")),
    one("a polygon and null for a bbox", coco(BOX | {"bbox": None, "segmentation": [SQUARE]}), said=said("polygon")),
    one("two polygons of one thing", coco(without(BOX, "bbox") | {"segmentation": [[20, 10, 30, 10, 30, 40], [50, 10, 60, 10, 60, 40]]})),
    one("a flat polygon", coco(without(BOX, "bbox") | {"segmentation": SQUARE})),
    one("a polygon of points", coco(without(BOX, "bbox") | {"segmentation": [[[20, 10], [60, 10], [60, 40], [20, 40]]]})),
    one("polygon numbers in quotes", coco(without(BOX, "bbox") | {"segmentation": [list(map(str, SQUARE))]})),
    one("a mask as run lengths", coco(without(BOX, "bbox") | {"segmentation": {"size": [100, 200], "counts": run_lengths()}})),
    one("a compressed mask", coco(without(BOX, "bbox") | {"segmentation": {"size": [100, 200], "counts": compressed()}})),
    one("neither box nor outline", coco(without(BOX, "bbox")), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("keypoints and no box", coco(without(BOX, "bbox") | {"keypoints": [20, 10, 2], "num_keypoints": 1}), NOTHING, states=UNKNOWN),
    one("numbers in quotes", coco(BOX | {"bbox": ["20", "10.0", "40", "30"]})),
    one("a bbox as one text", coco(BOX | {"bbox": "[20, 10, 40, 30]"}), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("a bbox as an object", coco(BOX | {"bbox": {"x": 20, "y": 10, "width": 40, "height": 30}}), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("NaN in a box", json.dumps(coco(BOX | {"bbox": [float("nan"), 10, 40, 30]})), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("NaN as an area", json.dumps(coco(BOX | {"area": float("nan")}))),
    one("Infinity somewhere", json.dumps(coco(BOX | {"attributes": {"depth": float("inf")}}))),
    one("a size below nothing", coco(BOX | {"bbox": [60, 40, -40, -30]}), NOTHING, states=UNKNOWN, said=said("no_area")),
    one("a little out of the image", coco(BOX | {"bbox": [180, 10, 20.4, 30]}), {"a": [("car", [180, 10, 200, 40])]}, silent=said("clipped")),
    one("far out of the image", coco(BOX | {"bbox": [180, 10, 60, 30]}), {"a": [("car", [180, 10, 200, 40])]}, said=said("clipped")),
    one("no sizes of images", coco(images=[{"id": 1, "file_name": "a.jpg"}])),
    one("sizes are null", coco(images=[{"id": 1, "file_name": "a.jpg", "width": None, "height": None}])),
    one("another size", coco(images=[{"id": 1, "file_name": "a.jpg", "width": 400, "height": 200}]), said=said("size")),
    one("a folder in the name", coco(file_name="train2017/a.jpg")),
    one("a folder that the name lacks", coco(), at="data/all/a.jpg"),
    one("backslashes", coco(file_name="images\\a.jpg"), at="images/a.jpg"),
    one("a path of another machine", coco(file_name="C:\\Users\\kim\\set\\a.jpg")),
    one("another path of another machine", coco(file_name="/home/kim/set/images/a.jpg"), at="images/a.jpg"),
    one("a dot and a slash", coco(file_name="./a.jpg")),
    one("one folder up", coco(file_name="../images/a.jpg"), at="images/a.jpg"),
    one("%20 in the name", coco(file_name="a%20b.jpg"), {"a b": CAR["a"]}, at="a b.jpg"),
    one("%20 in the file's name too", coco(file_name="a%20b.jpg"), {"a%20b": CAR["a"]}, at="a%20b.jpg"),
    one("a plus for a space", coco(file_name="a+b.jpg"), {"a b": CAR["a"]}, at="a b.jpg"),
    one("another case", coco(file_name="A.JPG")),
    one("another case the other way", coco(file_name="a.jpg"), {"A": CAR["a"]}, at="A.JPG"),
    one("another ending", coco(file_name="a.png"), said=said("other_ending")),
    one("jpeg for jpg", coco(file_name="a.jpeg"), said=said("other_ending")),
    one("no ending", coco(file_name="a")),
    one("an address", coco(file_name="https://bucket.example/set/a.jpg?X-Signature=1a%2F")),
    one("a place in a bucket", coco(file_name="s3://bucket/set/a.jpg")),
    one("Label Studio's prefix", coco(file_name="images/3f2a1b4c-a.jpg")),
    one("Label Studio's prefix on the file alone", coco(file_name="a.jpg"), {"3f2a1b4c-a": CAR["a"]}, at="3f2a1b4c-a.jpg"),
    one("Label Studio's local files", coco(file_name="/data/local-files/?d=set/a.jpg")),
    one("Korean, spelt as on a Mac", coco(file_name="차량.jpg"), {"차량": CAR["a"]}, at="차량.jpg"),
    one("UTF-16", json.dumps(coco()).encode("utf-16"), said=said("encoding")),
    one("UTF-16 without a mark", json.dumps(coco()).encode("utf-16-le"), said=said("encoding")),
    one("a byte order mark", json.dumps(coco()).encode("utf-8-sig")),
    one("CP949", json.dumps(coco(categories=[{"id": 1, "name": "자동차"}]), ensure_ascii=False).encode("cp949"), {"a": [("자동차", [20, 10, 60, 40])]}, said=said("encoding")),
    one("a comma too many", json.dumps(coco())[:-1] + ",}", NOTHING, states=UNKNOWN, said=said("broken_file")),
    one("cut off", json.dumps(coco())[:-20], NOTHING, states=UNKNOWN, said=said("broken_file")),
    one("annotations first", dict(reversed(coco().items()))),
    one("a crowd as run lengths", coco(BOX, {"id": 2, "image_id": 1, "category_id": 1, "iscrowd": 1, "bbox": [100, 10, 50, 30], "segmentation": {"size": [100, 200], "counts": run_lengths()}}), {"a": [*CAR["a"], ("car", [100, 10, 150, 40])]}, ignored=[Ignore.NO, Ignore.CROWD]),
    one("a crowd in quotes", coco(BOX | {"iscrowd": "1"}), ignored=[Ignore.CROWD]),
    one("a crowd as true", coco(BOX | {"iscrowd": True}), ignored=[Ignore.CROWD]),
    one("two corners", coco(BOX | {"bbox": [120, 10, 160, 40], "area": 1200}), {"a": [("car", [120, 10, 200, 50])]}, asked=True, said=said("clipped")),
    one("fractions", coco(BOX | {"bbox": [0.1, 0.1, 0.2, 0.3]}), {"a": [("car", [0.1, 0.1, 0.3, 0.4])]}, asked=True),
    one("scores of 1 everywhere", coco(BOX | {"score": 1.0})),
    one("scores", coco(BOX | {"score": 0.9}), NOTHING, states=UNKNOWN, predictions=1, said=said("predictions")),
    one("annotations is null", coco(annotations=None), NOTHING, states=UNKNOWN, said=said("broken_file")),
    one("no annotations at all, and classes", coco(annotations=[]), NOTHING, said=said("no_boxes")),
    one("an image without annotations beside one that has some", coco(images=TWO), CAR),
    one("a category twice", coco(BOX | {"category_id": 2}, categories=[{"id": 1, "name": "car"}, {"id": 2, "name": "car"}]), classes=["car"]),
    one("names that differ by spaces", coco(BOX, BOX | {"id": 2, "category_id": 2, "bbox": [80, 10, 40, 30]}, categories=[{"id": 1, "name": "car "}, {"id": 2, "name": "car\u00a0"}]), {"a": [*CAR["a"], ("car", [80, 10, 120, 40])]}, classes=["car"]),
    one("names that differ by case", coco(BOX, BOX | {"id": 2, "category_id": 2, "bbox": [80, 10, 40, 30]}, categories=[{"id": 1, "name": "car"}, {"id": 2, "name": "Car"}]), {"a": [*CAR["a"], ("Car", [80, 10, 120, 40])]}, said=said("alike_names")),
    one("a category without a name", coco(categories=[{"id": 1}]), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("categories of numbers", coco(categories=[{"id": 1, "name": 7}]), {"a": [("7", [20, 10, 60, 40])]}),
    one("categories as a list of names", coco(BOX, categories=["car", "bus"]), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("attributes on the record", coco(BOX | {"occluded": True, "colour": "red"}), attributes=[{"occluded": True, "colour": "red"}]),
    one("Roboflow's class of classes", coco(BOX | {"category_id": 2}, categories=ROBOFLOW), classes=["bus", "car"], said=said("group_of_classes")),
    one("turned by EXIF, drawn on what one sees", coco(BOX | {"bbox": [20, 110, 40, 30]}, images=[{"id": 1, "file_name": "a.jpg", "width": 100, "height": 200}]), {"a": [("car", [20, 110, 60, 140])]}, picture=TURNED, silent=said("size")),
    one("turned by EXIF, drawn on what is stored", coco(BOX | {"bbox": [150, 10, 40, 30]}), {"a": [("car", [60, 150, 90, 190])]}, picture=TURNED, said=said("exif")),
    one("two records of one image, of the same id", coco(images=[{"id": 1, "file_name": "a.jpg"}] * 2)),
    one("two records that differ by their ending, one file", coco(BOX, BOX | {"id": 2, "image_id": 2, "bbox": [100, 10, 40, 30]}, images=[{"id": 2, "file_name": "a.png"}, {"id": 1, "file_name": "a.jpg"}]), said=said("no_image", "lost_boxes")),
    Brought(
        "Roboflow's three folders",
        {f"{split}/a.jpg": PICTURE for split in ("train", "valid", "test")}
        | {f"{split}/_annotations.coco.json": split_file(split, left) for split, left in (("train", 10), ("valid", 60), ("test", 110))},
        {f"{split}/a.jpg": [("car", [left, 10, left + 40, 40])] for split, left in (("train", 10), ("valid", 60), ("test", 110))},
        splits={f"{split}/a.jpg": split for split in ("train", "valid", "test")},
    ),
    Brought(
        "one name in two folders, a file for each",
        {"images/train/a.jpg": PICTURE, "images/val/a.jpg": PICTURE, "annotations/instances_train.json": split_file("train", 10), "annotations/instances_val.json": split_file("val", 60)},
        {"images/train/a.jpg": [("car", [10, 10, 50, 40])], "images/val/a.jpg": [("car", [60, 10, 100, 40])]},
        splits={"images/train/a.jpg": "train", "images/val/a.jpg": "valid"},
    ),
    Brought(
        "one name in two folders, and nothing that tells them apart",
        {"x/a.jpg": PICTURE, "y/a.jpg": PICTURE, "coco.json": coco()},
        {"x/a.jpg": [], "y/a.jpg": []},
        {"x/a.jpg": NOT_LABELLED, "y/a.jpg": NOT_LABELLED},
        said("no_image", "lost_boxes"),
    ),
    Brought(
        "one name in two folders, a file beside each",
        {"x/images/a.jpg": PICTURE, "y/images/a.jpg": PICTURE, "x/coco.json": split_file("", 10), "y/coco.json": split_file("", 60)},
        {"x/images/a.jpg": [("car", [10, 10, 50, 40])], "y/images/a.jpg": [("car", [60, 10, 100, 40])]},
    ),
    Brought(
        "captions beside boxes, by other names",
        {"a.jpg": PICTURE, "a_text.json": coco({"id": 1, "image_id": 1, "caption": "a car"}), "b_boxes.json": coco()},
        CAR,
        said=said("other_file"),
    ),
    Brought(
        "captions alone",
        {"a.jpg": PICTURE, "captions_val.json": coco({"id": 1, "image_id": 1, "caption": "a car"}, categories=[])},
        NOTHING,
        UNKNOWN,
        said("other_file"),
    ),
    Brought(
        "a list of images beside boxes",
        {"a.jpg": PICTURE, "b.jpg": PICTURE, "image_info_test.json": without(coco(images=TWO), "annotations"), "instances_val.json": coco()},
        CAR | {"b": []},
        {"b": NOT_LABELLED},
    ),
    Brought(
        "two files of other classes",
        {"a.jpg": PICTURE, "cars.json": coco(), "buses.json": coco(BOX | {"category_id": 2, "bbox": [100, 10, 60, 60]})},
        {"a": [("bus", [100, 10, 160, 70]), ("car", [20, 10, 60, 40])]},
        said=said("described_twice"),
    ),
    Brought(
        "two files with other numbers for the same classes",
        {"a.jpg": PICTURE, "b.jpg": PICTURE, "1.json": coco(), "2.json": coco(BOX | {"category_id": 2}, file_name="b.jpg", categories=[{"id": 2, "name": "car"}])},
        CAR | {"b": CAR["a"]},
        classes=["car", "bus"],
    ),
    Brought(
        "detections beside labels",
        {"a.jpg": PICTURE, "labels.json": coco(), "results.json": [without(BOX, "id") | {"score": 0.7}]},
        CAR,
        said=said("unrecognised"),
    ),
    Brought("what a Mac leaves behind", {"a.jpg": PICTURE, "coco.json": coco(), "__MACOSX/._a.jpg": b"\0", "._coco.json": b"\0", "Thumbs.db": b"\0", ".DS_Store": b"\0"}, CAR, silent=said("unrecognised", "bad_image", "archive_inside")),
    Brought("packed labels", {"a.jpg": PICTURE, "coco.json.gz": b"\x1f\x8b"}, NOTHING, UNKNOWN, said("archive_inside")),
    Brought("an archive within", {"a.jpg": PICTURE, "labels.zip": b"PK\x03\x04"}, NOTHING, UNKNOWN, said("archive_inside")),
    Brought("a kind of table that is not read", {"a.jpg": PICTURE, "labels.parquet": b"PAR1"}, NOTHING, UNKNOWN, said("unrecognised")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_is_read_as_it_was_meant(case: Brought, tmp_path: Path) -> None:
    check(case, tmp_path)
