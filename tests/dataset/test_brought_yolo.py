"""YOLO folders as people bring them. What is right was written down before it was tried."""

# A case a line:
# ruff: noqa: E501
# fmt: off

from pathlib import Path
from typing import Any

import pytest

from dataset.importing.survey import NEGATIVE, NOT_LABELLED
from tests.dataset.brought import PICTURE, TURNED, Boxes, Brought, check, said

ROW = "0 0.2 0.25 0.2 0.3\n"  # of 200 × 100: 20,10–60,40
CAR: Boxes = {"a": [("car", [20, 10, 60, 40])]}
BUS: Boxes = {"a": [("bus", [20, 10, 60, 40])]}
NOTHING: Boxes = {"a": []}
UNKNOWN = {"a": NOT_LABELLED}
NAMES = "names: [car, bus]\nnc: 2\n"
CLASSES = ["car", "bus"]
TRAINING: dict[str, Any] = {f"{split}/images/{name}.jpg": PICTURE for split, name in (("train", "a"), ("valid", "b"))}
LABELLED = {"train/labels/a.txt": ROW, "valid/labels/b.txt": ROW}
SPLIT = {"a": "train", "b": "valid"}
BOTH = CAR | {"b": CAR["a"]}


def row(what: str, text: Any, boxes: Boxes = CAR, **more: Any) -> Brought:
    """One picture and its label file."""
    return Brought(what, {"images/a.jpg": PICTURE, "labels/a.txt": text, "data.yaml": NAMES}, boxes, **more)


def listed(what: str, files: dict[str, Any], boxes: Boxes = CAR, text: Any = ROW, **more: Any) -> Brought:
    """One picture, its label file, and files around them."""
    return Brought(what, {"images/a.jpg": PICTURE, "labels/a.txt": text} | files, boxes, **more)


def by_yaml(what: str, yaml: str, splits: dict[str, str] | None = None, **more: Any) -> Brought:
    """Two splits and a data.yaml above them."""
    return Brought(what, TRAINING | LABELLED | {"data.yaml": yaml}, BOTH, splits=SPLIT if splits is None else splits, **more)


CASES = [
    row("as it should be", ROW, classes=CLASSES),
    row("Windows line ends", "0 0.2 0.25 0.2 0.3\r\n1 0.6 0.25 0.2 0.3\r\n", {"a": [*CAR["a"], ("bus", [100, 10, 140, 40])]}),
    row("a byte order mark", ("\ufeff" + ROW).encode()),
    row("UTF-16", ROW.encode("utf-16"), said=said("encoding")),
    row("tabs", ROW.replace(" ", "\t")),
    row("several spaces, also before and after", "  0   0.2 0.25  0.2 0.3   \n\n\n"),
    row("commas", ROW.replace(" ", ","), NOTHING, states=UNKNOWN, said=said("broken_record")),
    row("commas and spaces", ROW.replace(" ", ", "), NOTHING, states=UNKNOWN, said=said("broken_record")),
    row("decimal commas", ROW.replace(".", ","), NOTHING, states=UNKNOWN, said=said("broken_record")),
    row("four numbers", "0.2 0.25 0.2 0.3\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    row("class names instead of numbers", "car 0.2 0.25 0.2 0.3\n", CAR, said=said("names_in_rows")),
    row("a name that no list has", "van 0.2 0.25 0.2 0.3\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    row("a class as 0.0", "0.0 0.2 0.25 0.2 0.3\n"),
    row("a class in scientific form", "0.000000000000000000e+00 2.0e-01 2.5e-01 2.0e-01 3.0e-01\n"),
    row("a class of −1", "-1 0.2 0.25 0.2 0.3\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    row("counted from 1", "1 0.2 0.25 0.2 0.3\n2 0.6 0.25 0.2 0.3\n", BUS, said=said("broken_record"), asked=True),
    row("a class beyond the list, others within", "0 0.2 0.25 0.2 0.3\n2 0.6 0.25 0.2 0.3\n", CAR, said=said("broken_record"), silent=said("counted_from_one")),
    row("pixels", "0 40 25 40 30\n", NOTHING, states=UNKNOWN, said=said("pixels")),
    row("corners in pixels", "0 20 10 60 40\n", NOTHING, states=UNKNOWN, said=said("pixels")),
    row("a little above 1", "0 0.9 0.5 0.20004 1.0000002\n", {"a": [("car", [160, 0, 200, 100])]}),
    row("half out of the image", "0 1.0 0.5 0.2 0.5\n", {"a": [("car", [180, 25, 200, 75])]}, said=said("clipped")),
    row("NaN", "0 nan 0.25 0.2 0.3\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    row("a width below nothing", "0 0.2 0.25 -0.2 0.3\n", NOTHING, states=UNKNOWN, said=said("no_area")),
    row("a width of nothing", "0 0.2 0.25 0 0.3\n", NOTHING, states=UNKNOWN, said=said("no_area")),
    row("a place below nothing", "0 -0.2 0.25 0.2 0.3\n", NOTHING, states=UNKNOWN, said=said("outside")),
    row("the same line twice", ROW + ROW, said=said("duplicate")),
    row("an empty file", "", NOTHING, said=said("no_boxes")),
    row("a file of empty lines", "\n \n\r\n", NOTHING, said=said("no_boxes")),
    row("a mark and nothing else", b"\xef\xbb\xbf", NOTHING, said=said("no_boxes")),
    row("a comment", "# class x y w h\n" + ROW, CAR, said=said("comment"), silent=said("broken_record")),
    row("a line of names above", "class x y w h\n" + ROW, CAR, said=said("comment"), silent=said("broken_record")),
    row("four corners that stand upright", "0 0.1 0.1 0.3 0.1 0.3 0.4 0.1 0.4\n"),
    row("a polygon and its first point again", "0 0.1 0.1 0.3 0.1 0.3 0.4 0.1 0.4 0.1 0.1\n", said=said("shapes")),
    row("a box and a polygon", "0 0.2 0.25 0.2 0.3\n1 0.5 0.1 0.7 0.1 0.7 0.4 0.6 0.5 0.5 0.4\n", {"a": [*CAR["a"], ("bus", [100, 10, 140, 50])]}, said=said("shapes")),
    row("a confidence", "0 0.2 0.25 0.2 0.3 0.87\n", NOTHING, states=UNKNOWN, predictions=1, said=said("predictions")),
    row("a confidence of 1 everywhere", "0 0.2 0.25 0.2 0.3 1.0\n", NOTHING, states=UNKNOWN, predictions=1),
    row("a track", "0 0.2 0.25 0.2 0.3 0.9 14\n", NOTHING, states=UNKNOWN, predictions=1),
    row("names as a list below each other", ROW, classes=CLASSES),
    listed("names by number", {"data.yaml": "names:\n  0: car\n  1: bus\n"}, classes=CLASSES),
    listed("numbers in quotes", {"data.yaml": "names:\n  '0': car\n  '1': bus\n"}, classes=CLASSES),
    listed("the keys in quotes", {"data.yaml": "\"names\": ['car', 'bus']\n\"nc\": 2\n"}, classes=CLASSES),
    listed("names as JSON", {"data.yaml": '{"names": {"0": "car", "1": "bus"}, "nc": 2}'}, classes=CLASSES),
    listed("numbers by name", {"data.yaml": "names: {car: 0, bus: 1}\n"}, classes=CLASSES),
    listed("names from 1", {"data.yaml": "names:\n  1: car\n  2: bus\n"}, text=ROW.replace("0 ", "1 ", 1), classes=CLASSES),
    listed("numbers with holes", {"data.yaml": "names: {0: car, 7: bus}\n"}, BUS, text=ROW.replace("0 ", "7 ", 1), classes=CLASSES),
    listed("yes, no and null as names", {"data.yaml": "names: [no, yes, null]\n"}, {"a": [("no", [20, 10, 60, 40])]}, classes=["no", "yes", "null"]),
    listed("fewer names than nc", {"data.yaml": "names: [car]\nnc: 3\n"}, CAR, said=said("class_count")),
    listed("tabs in the YAML", {"data.yaml": "names:\n\t- car\n\t- bus\n"}, {"a": [("class 0", [20, 10, 60, 40])]}, said=said("broken_file", "no_names")),
    listed("a YAML in GBK", {"data.yaml": "names: [汽车, 公交车]\n".encode("gbk")}, {"a": [("汽车", [20, 10, 60, 40])]}, said=said("encoding")),
    listed("no list at all", {}, {"a": [("class 0", [20, 10, 60, 40])]}, said=said("no_names")),
    listed("classes.txt above", {"classes.txt": "car\nbus\n"}, classes=CLASSES),
    listed("classes.txt beside the labels", {"labels/classes.txt": "car\nbus\n"}, classes=CLASSES),
    listed("classes.txt beside the images", {"images/classes.txt": "car\nbus\n"}, classes=CLASSES),
    listed("Classes.TXT", {"Classes.TXT": "car\nbus\n"}, classes=CLASSES),
    listed("class names by other names", {"class_names.txt": "car\nbus\n"}, classes=CLASSES),
    listed("obj.names", {"obj.names": "car\nbus\n"}, classes=CLASSES),
    listed("an empty line within the list", {"classes.txt": "car\n\nbus\n"}, BUS, text=ROW.replace("0 ", "2 ", 1)),
    listed("an empty line after the list", {"classes.txt": "car\nbus\n\n\n"}, classes=CLASSES),
    listed("Windows line ends in the list", {"classes.txt": "car\r\nbus\r\n"}, classes=CLASSES),
    listed("old Mac line ends in the list", {"classes.txt": "car\rbus\r"}, classes=CLASSES),
    listed("names on one line", {"classes.txt": "car, bus\n"}, classes=CLASSES, said=said("one_line")),
    listed("numbers before the names", {"classes.txt": "0 car\n1 bus\n"}, classes=CLASSES, said=said("numbered_list")),
    listed("numbers and colons before the names", {"classes.txt": "0: car\n1: bus\n"}, classes=CLASSES),
    listed("CP949", {"classes.txt": "자동차\n버스\n".encode("cp949")}, {"a": [("자동차", [20, 10, 60, 40])]}, said=said("encoding")),
    listed("Shift-JIS", {"classes.txt": "トラック\nバス\n".encode("shift-jis")}, {"a": [("トラック", [20, 10, 60, 40])]}, said=said("encoding")),
    listed("Big5", {"classes.txt": "汽車\n公車\n機車\n行人\n".encode("big5")}, {"a": [("汽車", [20, 10, 60, 40])]}, said=said("encoding")),
    listed("Windows-1252", {"classes.txt": "Fußgänger\nRöhre\n".encode("cp1252")}, {"a": [("Fußgänger", [20, 10, 60, 40])]}, said=said("encoding")),
    listed("Windows-1252 that could be Big5", {"classes.txt": "Äpfel\nÄste\nÅlesund\n".encode("cp1252")}, {"a": [("Äpfel", [20, 10, 60, 40])]}, said=said("encoding")),
    listed("GBK with a rare letter", {"classes.txt": "朱镕基\n汽车\n".encode("gbk")}, {"a": [("朱镕基", [20, 10, 60, 40])]}, said=said("encoding")),
    listed("UTF-16 list", {"classes.txt": "car\nbus\n".encode("utf-16")}, classes=CLASSES, said=said("encoding")),
    listed("letters of a Mac", {"classes.txt": "café\n"}, {"a": [("café", [20, 10, 60, 40])]}),
    listed("bytes that are no text", {"classes.txt": b"\x81\xff\x00\xfe\x9d\x8f"}, {"a": [("class 0", [20, 10, 60, 40])]}, said=said("encoding", "no_names")),
    listed("two names that are the same", {"classes.txt": "car\ncar\nbus\n"}, CAR, text=ROW.replace("0 ", "1 ", 1), classes=CLASSES),
    by_yaml("as Roboflow writes it", NAMES + "train: ../train/images\nval: ../valid/images\n"),
    by_yaml("an absolute path", NAMES + "path: /content/set\ntrain: train/images\nval: valid/images\n"),
    by_yaml("a path of Windows", NAMES + "path: C:\\data\\set\ntrain: train\\images\nval: valid\\images\n"),
    by_yaml("absolute folders", NAMES + "train: /content/set/train/images\nval: /content/set/valid/images\n"),
    by_yaml("a path of a dot", NAMES + "path: .\ntrain: train/images\nval: valid/images\n"),
    by_yaml("the folders above the images", NAMES + "train: train\nval: valid\n"),
    by_yaml("lists of folders", NAMES + "train: [train/images]\nval:\n  - valid/images\n"),
    by_yaml("no word of folders", NAMES),
    Brought("one folder for training and checking", {"images/a.jpg": PICTURE, "labels/a.txt": ROW, "data.yaml": NAMES + "train: images\nval: images\n"}, CAR, splits={}),
    Brought(
        "lists of images",
        {"images/a.jpg": PICTURE, "images/b.jpg": PICTURE, "labels/a.txt": ROW, "labels/b.txt": ROW, "data.yaml": NAMES + "train: train.txt\nval: val.txt\n", "train.txt": "./images/a.jpg\n", "val.txt": "images/b.jpg\r\n"},
        BOTH,
        splits=SPLIT,
    ),
    Brought(
        "lists of absolute names",
        {"images/a.jpg": PICTURE, "images/b.jpg": PICTURE, "labels/a.txt": ROW, "labels/b.txt": ROW, "data.yaml": NAMES + "train: autosplit_train.txt\nval: autosplit_val.txt\n", "autosplit_train.txt": "/home/kim/set/images/a.jpg\n", "autosplit_val.txt": "/home/kim/set/images/b.jpg\n"},
        BOTH,
        splits=SPLIT,
    ),
    Brought(
        "lists of names without endings",
        {"images/a.jpg": PICTURE, "images/b.jpg": PICTURE, "labels/a.txt": ROW, "labels/b.txt": ROW, "data.yaml": NAMES, "train.txt": "a\n", "val.txt": "b\n"},
        BOTH,
        splits=SPLIT,
    ),
    Brought(
        "images and labels above the splits",
        {"images/train/a.jpg": PICTURE, "images/val/b.jpg": PICTURE, "labels/train/a.txt": ROW, "labels/val/b.txt": ROW, "data.yaml": NAMES},
        BOTH,
        splits=SPLIT,
    ),
    Brought(
        "one name in both splits",
        {"images/train/a.jpg": PICTURE, "images/val/a.jpg": PICTURE, "labels/train/a.txt": ROW, "labels/val/a.txt": "1" + ROW[1:], "data.yaml": NAMES},
        {"images/train/a.jpg": CAR["a"], "images/val/a.jpg": BUS["a"]},
        splits={"images/train/a.jpg": "train", "images/val/a.jpg": "valid"},
    ),
    Brought(
        "splits above, one name in both",
        {"train/images/a.jpg": PICTURE, "val/images/a.jpg": PICTURE, "train/labels/a.txt": ROW, "val/labels/a.txt": "1" + ROW[1:], "data.yaml": NAMES},
        {"train/images/a.jpg": CAR["a"], "val/images/a.jpg": BUS["a"]},
        splits={"train/images/a.jpg": "train", "val/images/a.jpg": "valid"},
    ),
    Brought("folders with capitals", {"Images/a.jpg": PICTURE, "Labels/a.txt": ROW, "data.yaml": NAMES}, CAR),
    Brought("two folders with capitals and one name", {"x/Images/a.jpg": PICTURE, "x/Labels/a.txt": ROW, "y/Images/a.jpg": PICTURE, "y/Labels/a.txt": "1" + ROW[1:], "data.yaml": NAMES}, {"x/Images/a.jpg": CAR["a"], "y/Images/a.jpg": BUS["a"]}),
    Brought("labels beside the images", {"a.jpg": PICTURE, "a.txt": ROW, "classes.txt": "car\nbus\n"}, CAR),
    Brought("the image's ending within the label's name", {"images/a.jpg": PICTURE, "labels/a.jpg.txt": ROW, "data.yaml": NAMES}, CAR),
    Brought("capitals at the end", {"a.JPG": PICTURE, "a.TXT": ROW, "classes.txt": "car\nbus\n"}, CAR),
    Brought("another case of the name", {"images/A.jpg": PICTURE, "labels/a.txt": ROW, "data.yaml": NAMES}, {"A": CAR["a"]}, said=said()),
    Brought("a name with dots", {"images/a.v2.1.jpg": PICTURE, "labels/a.v2.1.txt": ROW, "data.yaml": NAMES}, {"a.v2.1": CAR["a"]}),
    Brought("a name with spaces in Korean as on a Mac", {"images/차량 1.jpg": PICTURE, "labels/차량 1.txt": ROW, "data.yaml": NAMES}, {"차량 1": CAR["a"]}),
    Brought("Label Studio's prefix on the labels alone", {"images/a.jpg": PICTURE, "labels/3f2a1b4c-a.txt": ROW, "classes.txt": "car\nbus\n"}, CAR),
    Brought("Label Studio's notes beside them", {"images/a.jpg": PICTURE, "labels/a.txt": ROW, "classes.txt": "car\nbus\n", "notes.json": {"categories": [{"id": 0, "name": "car"}, {"id": 1, "name": "bus"}], "info": {"year": 2024}}}, CAR, classes=CLASSES),
    Brought("turned by EXIF", {"images/a.jpg": TURNED, "labels/a.txt": ROW, "data.yaml": NAMES}, {"a": [("car", [10, 20, 30, 80])]}),
    Brought("a picture without a label file beside one that has one", {"images/a.jpg": PICTURE, "images/b.jpg": PICTURE, "labels/a.txt": ROW, "data.yaml": NAMES}, CAR | {"b": []}, {"b": NOT_LABELLED}, said("unlabelled")),
    Brought("a label file without a picture", {"images/a.jpg": PICTURE, "labels/a.txt": ROW, "labels/b.txt": ROW, "data.yaml": NAMES}, CAR, said=said("no_image")),
    Brought("texts to read lie about", {"images/a.jpg": PICTURE, "labels/a.txt": ROW, "data.yaml": NAMES, "README.txt": "Hello.\n", "requirements.txt": "torch\n"}, CAR, silent=said("unrecognised", "no_image")),
    Brought(
        "two folders, a list each",
        {"n/images/a.jpg": PICTURE, "n/labels/a.txt": ROW, "n/classes.txt": "car\n", "s/images/b.jpg": PICTURE, "s/labels/b.txt": ROW, "s/classes.txt": "bus\n"},
        CAR | {"b": BUS["a"]},
    ),
    Brought(
        "two YAMLs that differ",
        {"images/a.jpg": PICTURE, "labels/a.txt": ROW, "data.yaml": NAMES, "old.yaml": "names: [bus, car]\n"},
        CAR,
        said=said("class_lists"),
    ),
    Brought("YOLO and a COCO file of nothing", {"images/a.jpg": PICTURE, "labels/a.txt": ROW, "data.yaml": NAMES, "info.json": {"info": {}, "categories": []}}, CAR),
    Brought("empty label files only", {"images/a.jpg": PICTURE, "images/b.jpg": PICTURE, "labels/a.txt": "", "labels/b.txt": "", "data.yaml": NAMES}, {"a": [], "b": []}, {"a": NEGATIVE, "b": NEGATIVE}, said("no_boxes")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_is_read_as_it_was_meant(case: Brought, tmp_path: Path) -> None:
    check(case, tmp_path)
