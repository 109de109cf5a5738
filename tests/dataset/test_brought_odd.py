"""Odd corners of files as people bring them, met on the trackers of tools. What is right was written before it was tried."""

# A case a line:
# ruff: noqa: E501
# fmt: off

import json
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from dataset.importing.survey import NOT_LABELLED
from tests.dataset.brought import PICTURE, Boxes, Brought, check, look, said, write

WHERE = [20, 10, 60, 40]
CAR: Boxes = {"a": [("car", WHERE)]}
BUS: Boxes = {"a": [("bus", WHERE)]}
CARS = CAR | {"b": CAR["a"]}
NOTHING: Boxes = {"a": []}
UNKNOWN = {"a": NOT_LABELLED}
TWO = {"a.jpg": PICTURE, "b.jpg": PICTURE}
ROW = "0 0.2 0.25 0.2 0.3\n"
SQUARE = [20, 10, 60, 10, 60, 40, 20, 40]
BOX = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 10, 40, 30]}


def one(what: str, name: str, content: Any, boxes: Boxes = CAR, *, picture: Any = PICTURE, **more: Any) -> Brought:
    """One picture and one file."""
    return Brought(what, {"a.jpg": picture, name: content}, boxes, **more)


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def coco(*annotations: Any, **more: Any) -> dict[str, Any]:
    images = [{"id": 1, "file_name": "a.jpg", "width": 200, "height": 100}]
    return {"images": images, "categories": [{"id": 1, "name": "car"}], "annotations": list(annotations)} | more


# ---- COCO of other makers

IMAGE = {"id": 1, "file_name": "a.jpg", "width": 200, "height": 100}
NAMED = [{"id": 1, "name": "car"}, {"id": 2, "name": "bus"}]
COCOS = [
    one("COCO: Objects365's flags", "c.json", coco(BOX | {"iscrowd": 0, "isfake": 0, "isreflected": 1, "area": 1200, "segmentation": []}, images=[IMAGE | {"file_name": "images/v1/patch8/a.jpg"}]), attributes=[{"isfake": 0, "isreflected": 1}]),
    one("COCO: CrowdHuman's conversions, with visible and head boxes", "c.json", coco(BOX | {"vbox": [20, 10, 40, 20], "hbox": [30, 10, 10, 10], "ignore": 0, "height": 30, "vis_ratio": 0.7}), ignored=[Ignore.NO]),
    one("COCO: an area in quotes", "c.json", coco(BOX | {"area": "300.5"})),
    one("COCO: supercategory null, colours beside names", "c.json", coco(BOX, categories=[{"id": 1, "name": "car", "supercategory": None, "color": "#ff0000", "metadata": {}}])),
    one("COCO: category in words instead of a number", "c.json", coco({"id": 1, "image_id": 1, "category": "car", "bbox": [20, 10, 40, 30]}), NOTHING, states=UNKNOWN, said=said("unknown_class")),
    one("COCO: image_id is the image's name without its ending", "c.json", coco(BOX | {"image_id": "a"}, images=[{"id": "a", "file_name": "a.jpg"}])),
    one("COCO: images under filename", "c.json", coco(BOX, images=[{"id": 1, "filename": "a.jpg"}])),
    one("COCO: images under path, as COCO Annotator has them", "c.json", coco(BOX, images=[IMAGE | {"path": "/datasets/set/a.jpg", "annotated": True, "annotating": [], "deleted": False}])),
    one("COCO: COCO Annotator's turned flag and colour", "c.json", coco(BOX | {"isbbox": True, "color": "#112233", "metadata": {}, "segmentation": [SQUARE], "area": 1200})),
    one("COCO: a box of four zeros beside an outline", "c.json", coco(BOX | {"bbox": [0, 0, 0, 0], "segmentation": [SQUARE]})),
    one("COCO: outline of two points", "c.json", coco({"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[20, 10, 60, 40]]}), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("COCO: an empty outline and no box", "c.json", coco({"id": 1, "image_id": 1, "category_id": 1, "segmentation": []}), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("COCO: empty outline beside a box", "c.json", coco(BOX | {"segmentation": [[]]})),
    one("COCO: iscrowd null", "c.json", coco(BOX | {"iscrowd": None}), ignored=[Ignore.NO]),
    one("COCO: iscrowd false", "c.json", coco(BOX | {"iscrowd": False}), ignored=[Ignore.NO]),
    one("COCO: iscrowd 1.0", "c.json", coco(BOX | {"iscrowd": 1.0}), ignored=[Ignore.CROWD]),
    one("COCO: ignore true and iscrowd", "c.json", coco(BOX | {"iscrowd": 1, "ignore": True}), ignored=[Ignore.CROWD]),
    one("COCO: a crowd that is difficult stays a crowd", "c.json", coco(BOX | {"iscrowd": 1, "attributes": {"difficult": True}}), ignored=[Ignore.CROWD]),
    one("COCO: difficult below attributes", "c.json", coco(BOX | {"attributes": {"difficult": True, "colour": "red"}}), ignored=[Ignore.REGION], attributes=[{"colour": "red"}]),
    one("COCO: CVAT's attributes", "c.json", coco(BOX | {"attributes": {"occluded": False, "rotation": 0.0, "track_id": 3, "keyframe": True}}), said=frozenset(), silent=said("shapes")),
    one("COCO: an image with id 0", "c.json", coco(BOX | {"image_id": 0}, images=[IMAGE | {"id": 0}])),
    one("COCO: an image's id in quotes, its annotation's bare", "c.json", coco(BOX, images=[IMAGE | {"id": "1"}])),
    one("COCO: an image's id with zeros before", "c.json", coco(BOX | {"image_id": 1}, images=[IMAGE | {"id": "0001"}]), NOTHING, states=UNKNOWN, said=said("unknown_image")),
    one("COCO: annotations by image", "c.json", coco(annotations={"1": [BOX]}), NOTHING, states=UNKNOWN, said=said("broken_file")),
    one("COCO: lower case names of lists", "c.json", {"Images": [IMAGE], "Annotations": [BOX], "Categories": NAMED}, NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("COCO: nested below a key", "c.json", {"coco": coco(BOX)}, NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("COCO: comments in JSON", "c.json", "// made by hand\n" + json.dumps(coco(BOX)), NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("COCO: single quotes, as Python prints a dictionary", "c.json", str(coco(BOX)), NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("COCO: two objects one after the other", "c.json", json.dumps(coco(BOX)) + json.dumps(coco(BOX)), NOTHING, states=UNKNOWN, said=said("broken_file")),
    one("COCO: categories missing", "c.json", {"images": [IMAGE], "annotations": [BOX]}, NOTHING, states=UNKNOWN, said=said("unknown_class")),
    one("COCO: a name with a line end", "c.json", coco(BOX, categories=[{"id": 1, "name": "car\n"}])),
    one("COCO: a name of spaces alone", "c.json", coco(BOX, categories=[{"id": 1, "name": "   "}]), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("COCO: a name of full-width letters stays", "c.json", coco(BOX, categories=[{"id": 1, "name": "ｃａｒ"}]), {"a": [("ｃａｒ", WHERE)]}),
    one("COCO: a minus before nothing", "c.json", coco(BOX | {"bbox": [-0.0, 10, 40, 30]}), {"a": [("car", [0, 10, 40, 40])]}),
    one("COCO: numbers of 1e300", "c.json", coco(BOX | {"bbox": [1e300, 10, 40, 30]}), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("COCO: five numbers", "c.json", coco(BOX | {"bbox": [20, 10, 40, 30, 0.9]}), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("COCO: turned, five numbers with an angle", "c.json", coco(BOX | {"bbox": [30, 20, 20, 10, 90]}), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("COCO: train and val in one image list", "c.json", coco(BOX, images=[IMAGE | {"split": "val"}]), splits={"a": "valid"}),
    one("COCO: a split called dev", "c.json", coco(BOX, images=[IMAGE | {"subset": "train"}])),
    one("COCO: keypoints with a box", "person_keypoints.json", coco(BOX | {"keypoints": [20, 10, 2], "num_keypoints": 1}, categories=[{"id": 1, "name": "car", "keypoints": ["nose"], "skeleton": []}])),
    Brought("COCO: instances and keypoints of the same people", {"a.jpg": PICTURE, "annotations/instances_val2017.json": coco(BOX), "annotations/person_keypoints_val2017.json": coco(BOX | {"keypoints": [20, 10, 2], "num_keypoints": 1})}, CAR, said=frozenset()),
    Brought("COCO: a picture beside a mask of its stem in png", {"images/a.jpg": PICTURE, "masks/a.png": PICTURE, "c.json": coco(BOX)}, CAR, said=said("masks")),
    Brought("COCO: train2017 and val2017 beside annotations", {"train2017/a.jpg": PICTURE, "val2017/b.jpg": PICTURE, "annotations/instances_train2017.json": coco(BOX), "annotations/instances_val2017.json": coco(BOX, images=[IMAGE | {"file_name": "b.jpg"}])}, CARS, splits={"a": "train", "b": "valid"}),
    Brought("COCO: a list of all beside a list of each split", TWO | {"all.json": coco(BOX, BOX | {"id": 2, "image_id": 2}, images=[IMAGE, IMAGE | {"id": 2, "file_name": "b.jpg"}]), "train.json": coco(BOX), "val.json": coco(BOX, images=[IMAGE | {"file_name": "b.jpg"}])}, CARS),
]

# ---- YOLO

NAMES = "names: [car, bus]\n"
DARKNET = {"obj.names": "car\nbus\n", "obj.data": "classes = 2\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n"}


def yolo(what: str, text: Any, read: Boxes = CAR, files: dict[str, Any] | None = None, **more: Any) -> Brought:
    around = {"data.yaml": NAMES} if files is None else files
    return Brought(what, {"images/a.jpg": PICTURE, "labels/a.txt": text} | around, read, **more)


YOLOS = [
    Brought("YOLO: as CVAT 1.1 exports it", {"obj_train_data/a.jpg": PICTURE, "obj_train_data/a.txt": ROW, "train.txt": "data/obj_train_data/a.jpg\n"} | DARKNET, CAR, splits={"a": "train"}, classes=["car", "bus"]),
    Brought("YOLO: as CVAT 1.1 exports it, no labels on a picture", {"obj_train_data/a.jpg": PICTURE, "obj_train_data/a.txt": "", "train.txt": "data/obj_train_data/a.jpg\n"} | DARKNET, NOTHING),
    Brought("YOLO: as CVAT exports it for Ultralytics", {"images/train/a.jpg": PICTURE, "labels/train/a.txt": ROW, "data.yaml": "names:\n  0: car\n  1: bus\npath: .\ntrain: train.txt\n", "train.txt": "data/images/train/a.jpg\n"}, CAR, splits={"a": "train"}),
    Brought("YOLO: VOC's folders with labels", {"VOCdevkit/VOC2007/JPEGImages/a.jpg": PICTURE, "VOCdevkit/VOC2007/labels/a.txt": ROW, "voc.names": "car\nbus\n"}, CAR),
    Brought("YOLO: a folder labels_yolo", {"images/a.jpg": PICTURE, "labels_yolo/a.txt": ROW, "classes.txt": "car\nbus\n"}, CAR),
    Brought("YOLO: annotations as folder", {"images/a.jpg": PICTURE, "annotations/a.txt": ROW, "classes.txt": "car\nbus\n"}, CAR),
    Brought("YOLO: labels of a model's run beside them", {"images/a.jpg": PICTURE, "labels/a.txt": ROW, "data.yaml": NAMES, "runs/detect/predict/labels/a.txt": "1 0.5 0.5 0.2 0.3 0.9\n"}, CAR),
    Brought("YOLO: a cache beside them", {"images/a.jpg": PICTURE, "labels/a.txt": ROW, "labels.cache": b"\x93NUMPY", "data.yaml": NAMES}, CAR),
    yolo("YOLO: a box of four zeros for nothing", "0 0 0 0 0\n", NOTHING, states=UNKNOWN, said=said("no_area")),
    yolo("YOLO: a class alone", "0\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    yolo("YOLO: a class with a plus", "+0 0.2 0.25 0.2 0.3\n"),
    yolo("YOLO: a class between two", "0.5 0.2 0.25 0.2 0.3\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    yolo("YOLO: percent", "0 20 25 20 30\n", NOTHING, states=UNKNOWN, said=said("pixels")),
    yolo("YOLO: quoted numbers", '"0" "0.2" "0.25" "0.2" "0.3"\n', NOTHING, states=UNKNOWN, said=said("broken_record")),
    yolo("YOLO: JSON in the text", "[[0, 0.2, 0.25, 0.2, 0.3]]\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    yolo("YOLO: no-break spaces between", ROW.replace(" ", "\u00a0")),
    yolo("YOLO: NUL at the end, as a crash leaves it", ROW.encode() + b"\0" * 8, said=frozenset()),
    yolo("YOLO: names in a text that the yaml names", ROW, CAR, {"data.yaml": "train: images\nnames: names.txt\n", "names.txt": "car\nbus\n"}),
    yolo("YOLO: names as one text", ROW, CAR, {"data.yaml": "names: car, bus\n"}, classes=["car", "bus"], said=said("one_line")),
    yolo("YOLO: numbers as names", ROW, {"a": [("0", WHERE)]}, {"data.yaml": "names: ['0', '1']\n"}),
    yolo("YOLO: names twice in the yaml", ROW, BUS, {"data.yaml": "names: [car]\nnames: [bus]\n"}, said=frozenset()),
    yolo("YOLO: names with a colon inside quotes", ROW, {"a": [("sign: stop", WHERE)]}, {"data.yaml": "names: ['sign: stop', bus]\n"}),
    yolo("YOLO: a yaml of three documents", ROW, {"a": [("class 0", WHERE)]}, {"data.yaml": "---\nnames: [car, bus]\n---\nother: 1\n"}, said=said("broken_file", "no_names")),
    yolo("YOLO: a hyperparameter file beside", ROW, CAR, {"data.yaml": NAMES, "hyp.scratch.yaml": "lr0: 0.01\nnames_of: x\n", "args.yaml": "task: detect\nmode: train\nmodel: yolo11n.pt\ndata: coco.yaml\n"}, silent=said("class_lists")),
    yolo("YOLO: a segment whose box would be whole", "0 0.1 0.1 0.3 0.1 0.3 0.4 0.1 0.4 0.2 0.25\n", said=said("shapes")),
    yolo("YOLO: a pose of two numbers a point", "0 0.2 0.25 0.2 0.3 0.15 0.2 0.25 0.3\n", CAR, {"data.yaml": NAMES + "kpt_shape: [2, 2]\n"}, said=said("pose")),
    yolo("YOLO: a pose with a point out of sight", "0 0.2 0.25 0.2 0.3 0 0 0 0.2 0.2 2\n", CAR, {"data.yaml": NAMES + "kpt_shape: [2, 3]\n"}, said=said("pose")),
    yolo("YOLO: OBB of xywhr", "0 0.2 0.25 0.2 0.3 1.5708\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    yolo("YOLO: labels for a picture of another ending", ROW, CAR, {"data.yaml": NAMES + "train: images\nval: images\n"}),
    Brought("YOLO: pictures in png and jpg, labels by one name", {"images/a.png": PICTURE, "labels/a.txt": ROW, "images/b.jpg": PICTURE, "labels/b.txt": ROW, "data.yaml": NAMES}, CARS),
    Brought("YOLO: the split above images and above labels", {"dataset/images/Train/a.jpg": PICTURE, "dataset/labels/Train/a.txt": ROW, "dataset/images/Test/b.jpg": PICTURE, "dataset/labels/Test/b.txt": ROW, "dataset/dataset.yml": NAMES}, CARS, splits={"a": "train", "b": "test"}),
    Brought("YOLO: splits called train_1 and val_1", {"train/images/a.jpg": PICTURE, "train/labels/a.txt": ROW, "val/images/b.jpg": PICTURE, "val/labels/b.txt": ROW, "data.yaml": NAMES + "path: ../datasets/set\ntrain: train/images\nval: val/images\ntest:\n"}, CARS, splits={"a": "train", "b": "valid"}),
]

# ---- VOC and other XML


def voc(inside: str, before: str = "<filename>a.jpg</filename>", size: str = "<size><width>200</width><height>100</height><depth>3</depth></size>") -> str:
    return f"<annotation>{before}{size}{inside}</annotation>"


VOC_BOX = "<bndbox><xmin>20</xmin><ymin>10</ymin><xmax>60</xmax><ymax>40</ymax></bndbox>"
VOC_CAR = f"<object><name>car</name>{VOC_BOX}</object>"


def cvat(inside: str, label: str = "", **more: str) -> str:
    told = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<annotations><version>1.1</version>{label}<image id="0" name="a.jpg" width="200" height="100"{told}>{inside}</image></annotations>'


CVAT_BOX = '<box label="car" xtl="20" ytl="10" xbr="60" ybr="40" occluded="0"'
XMLS = [
    one("VOC: sides in another order", "a.xml", voc("<object><bndbox><xmax>60</xmax><xmin>20</xmin><ymax>40</ymax><ymin>10</ymin></bndbox><name>car</name></object>")),
    one("VOC: difficult empty", "a.xml", voc(VOC_CAR.replace("<name>", "<difficult/><name>")), ignored=[Ignore.NO]),
    one("VOC: difficult unspecified", "a.xml", voc(VOC_CAR.replace("<name>", "<difficult>Unspecified</difficult><name>"))),
    one("VOC: truncated unspecified", "a.xml", voc(VOC_CAR.replace("<name>", "<truncated>Unspecified</truncated><name>"))),
    one("VOC: capitals in the tags", "a.xml", voc(VOC_CAR).replace("object>", "Object>")),
    one("VOC: a side missing", "a.xml", voc(VOC_CAR.replace("<ymax>40</ymax>", "")), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("VOC: a side empty", "a.xml", voc(VOC_CAR.replace("<ymax>40</ymax>", "<ymax></ymax>")), NOTHING, states=UNKNOWN, said=frozenset()),
    one("VOC: NaN", "a.xml", voc(VOC_CAR.replace("40", "nan")), NOTHING, states=UNKNOWN, said=frozenset()),
    one("VOC: a namespace", "a.xml", voc(VOC_CAR).replace("<annotation>", '<annotation xmlns="http://example.org/a">'), said=frozenset()),
    one("VOC: verified, as LabelImg marks it", "a.xml", voc(VOC_CAR).replace("<annotation>", '<annotation verified="yes">')),
    one("VOC: verified and nothing on it", "a.xml", voc("").replace("<annotation>", '<annotation verified="yes">'), NOTHING),
    one("VOC: comments and a doctype", "a.xml", "<?xml version='1.0'?><!DOCTYPE annotation><!-- by hand -->" + voc(VOC_CAR), said=frozenset()),
    one("VOC: the folder and path of another machine", "a.xml", voc(VOC_CAR, "<folder>set</folder><filename>a</filename><path>C:\\set\\a.jpg</path>")),
    one("VOC: cut off in the middle", "a.xml", voc(VOC_CAR)[:-30], NOTHING, states=UNKNOWN, said=said("broken_file")),
    one("VOC: two annotations in a file", "a.xml", voc(VOC_CAR) + voc(VOC_CAR), NOTHING, states=UNKNOWN, said=said("broken_file")),
    one("VOC: an empty file", "a.xml", "", NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("VOC: a root that says nothing of an image", "a.xml", "<annotation><shapes/></annotation>", NOTHING, states=UNKNOWN),
    one("VOC: deleted", "a.xml", voc(VOC_CAR.replace("<name>", "<deleted>1</deleted><name>")), NOTHING, states=UNKNOWN, said=said("deleted")),
    one("VOC: roLabelImg's angle in radians", "a.xml", voc("<object><type>robndbox</type><name>car</name><robndbox><cx>30</cx><cy>20</cy><w>20</w><h>10</h><angle>1.570796</angle></robndbox></object>"), {"a": [("car", [25, 10, 35, 30])]}, said=said("shapes")),
    one("CVAT: hidden and from a model", "annotations.xml", cvat(CVAT_BOX + ' source="semi-auto" z_order="0"></box>')),
    one("CVAT: attributes of a box", "annotations.xml", cvat(CVAT_BOX + '><attribute name="colour">red</attribute><attribute name="parked">true</attribute></box>'), said=frozenset()),
    one("CVAT: turned by nothing", "annotations.xml", cvat(CVAT_BOX + ' rotation="0.0"/>'), silent=said("shapes")),
    one("CVAT: a deleted frame's pictures stay", "annotations.xml", cvat(CVAT_BOX + "/>"), silent=said("unrecognised")),
    one("CVAT: label DontCare", "annotations.xml", cvat(CVAT_BOX.replace("car", "DontCare") + "/>"), {"a": [("DontCare", WHERE)]}, ignored=[Ignore.ANYTHING]),
    one("XML: UA-DETRAC's, without its pictures", "MVI_20011.xml", '<sequence name="MVI_20011"><frame density="1" num="1"><target_list><target id="1"><box left="20" top="10" width="40" height="30"/></target></target_list></frame></sequence>', NOTHING, states=UNKNOWN, said=said("no_image")),
    one("XML: an SVG", "a.xml", "<svg><rect x='20' y='10'/></svg>", NOTHING, states=UNKNOWN, said=said("unrecognised")),
]

# ---- LabelMe, X-AnyLabeling, Label Studio, Supervisely, VIA


def labelme(*shapes: Any, **more: Any) -> dict[str, Any]:
    return {"version": "5.4.1", "flags": {}, "shapes": list(shapes), "imagePath": "a.jpg", "imageData": None, "imageHeight": 100, "imageWidth": 200} | more


MARK = {"label": "car", "points": [[20, 10], [60, 40]], "group_id": None, "shape_type": "rectangle", "flags": {}}


def ls(*results: Any, data: Any = None, **more: Any) -> list[Any]:
    annotation = {"id": 1, "was_cancelled": False, "result": list(results)} | more
    return [{"id": 1, "data": data or {"image": "/data/upload/1/1a2b3c4d-a.jpg"}, "annotations": [annotation]}]


LS_VALUE = {"x": 10, "y": 10, "width": 20, "height": 30, "rotation": 0, "rectanglelabels": ["car"]}
LS_BOX = {"id": "r", "type": "rectanglelabels", "from_name": "label", "to_name": "image", "original_width": 200, "original_height": 100, "image_rotation": 0, "value": LS_VALUE}
VIA_REGION = {"shape_attributes": {"name": "rect", "x": 20, "y": 10, "width": 40, "height": 30}, "region_attributes": {"name": "car"}}


def via(*regions: Any, **more: Any) -> dict[str, Any]:
    return {"a.jpg123": {"filename": "a.jpg", "size": 123, "regions": list(regions), "file_attributes": {}} | more}


TOOLS = [
    one("LabelMe: a region to be ignored by its own word", "a.json", labelme(MARK | {"label": "__ignore__"}), {"a": [("__ignore__", WHERE)]}, ignored=[Ignore.ANYTHING]),
    one("X-AnyLabeling: a score and a description", "a.json", labelme(MARK | {"score": 0.87, "description": "", "difficult": False, "attributes": {}, "kie_linking": []}), said=frozenset(), predictions=0),
    one("X-AnyLabeling: difficult", "a.json", labelme(MARK | {"score": None, "difficult": True}), ignored=[Ignore.REGION]),
    one("LabelMe: a path with a folder that is gone", "a.json", labelme(MARK, imagePath="../raw/2024/a.jpg")),
    one("LabelMe: numbers in quotes", "a.json", labelme(MARK | {"points": [["20", "10"], ["60", "40"]]}), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("LabelMe: three points called a rectangle", "a.json", labelme(MARK | {"points": [[20, 10], [60, 10], [60, 40]]}), said=frozenset()),
    one("LabelMe: an empty label", "a.json", labelme(MARK | {"label": ""}), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("LabelMe: shapes null", "a.json", labelme() | {"shapes": None}, NOTHING, states=UNKNOWN, said=frozenset()),
    one("LabelMe: a size of nothing", "a.json", labelme(MARK, imageHeight=None, imageWidth=None)),
    one("Label Studio: percent beyond 100", "ls.json", ls(LS_BOX | {"value": LS_VALUE | {"x": 90, "width": 20}}), {"a": [("car", [180, 10, 200, 40])]}, said=said("clipped")),
    one("Label Studio: a cancelled one", "ls.json", ls(LS_BOX, was_cancelled=True), NOTHING, states=UNKNOWN),
    one("Label Studio: a ground truth of two", "ls.json", [ls(LS_BOX)[0] | {"annotations": [ls(LS_BOX)[0]["annotations"][0], ls(LS_BOX | {"value": LS_VALUE | {"x": 50}})[0]["annotations"][0] | {"id": 2, "ground_truth": True}]}], said=frozenset(), boxes={"a": [("car", [100, 10, 140, 40])]}),
    one("Label Studio: labels by another tag's name", "ls.json", ls(LS_BOX | {"type": "rectangle", "value": {k: v for k, v in LS_VALUE.items() if k != "rectanglelabels"}}, LS_BOX | {"type": "labels", "value": {"x": 10, "y": 10, "width": 20, "height": 30, "rotation": 0, "labels": ["car"]}}), said=frozenset()),
    one("Label Studio: an image under another key", "ls.json", ls(LS_BOX, data={"photo": "s3://bucket/a.jpg", "note": "x"})),
    one("Label Studio: a file in Azure's blob", "ls.json", ls(LS_BOX, data={"image": "azure-blob://box/a.jpg"})),
    one("Label Studio: base64 in the task", "ls.json", ls(LS_BOX, data={"image": "/data/local-files/?d=set%2Fa.jpg"})),
    one("VIA: two regions and one of no class", "via.json", via(VIA_REGION, VIA_REGION | {"region_attributes": {}}), said=said("broken_record")),
    one("VIA: a file's size of −1 and an address", "via.json", {"https://host.example/a.jpg-1": {"filename": "https://host.example/a.jpg", "size": -1, "regions": [VIA_REGION], "file_attributes": {}}}),
    one("VIA: a csv of nothing drawn", "via.csv", 'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\na.jpg,1,"{}",0,0,"{}","{}"\n', NOTHING, states=UNKNOWN),
    one("VIA: a csv", "via.csv", 'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\na.jpg,1,"{}",1,0,"{""name"":""rect"",""x"":20,""y"":10,""width"":40,""height"":30}","{""name"":""car""}"\n'),
]

# ---- tables

TF = "filename,width,height,class,xmin,ymin,xmax,ymax\n"
TABLES = [
    one("a table: the order of OpenImages with small letters", "l.csv", "filename,class,xmin,xmax,ymin,ymax\na.jpg,car,20,60,10,40\n"),
    one("a table: spaces after the commas", "l.csv", TF.replace(",", ", ") + "a.jpg, 200, 100, car, 20, 10, 60, 40\n"),
    one("a table: an index column of pandas", "l.csv", "," + TF + "0,a.jpg,200,100,car,20,10,60,40\n"),
    one("a table: a class in quotes with a comma", "l.csv", TF + 'a.jpg,200,100,"car, red",20,10,60,40\n', {"a": [("car, red", WHERE)]}),
    one("a table: VoTT's", "vott.csv", '"image","xmin","ymin","xmax","ymax","label"\n"a.jpg",20.0,10.0,60.0,40.0,"car"\n'),
    one("a table: NaN for an image without boxes", "l.csv", TF + "a.jpg,200,100,,nan,nan,nan,nan\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("a table: VinBigData's No finding", "train.csv", "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max\na,No finding,14,R11,,,,\n", NOTHING, said=frozenset()),
    one("a table: VinBigData's", "train.csv", "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max\na,car,0,R11,20,10,60,40\n"),
    one("a table: numbers for classes", "l.csv", "filename,class,xmin,ymin,xmax,ymax\na.jpg,3,20,10,60,40\n", {"a": [("3", WHERE)]}),
    one("a table: LISA's", "frameAnnotations.csv", "Filename;Annotation tag;Upper left corner X;Upper left corner Y;Lower right corner X;Lower right corner Y;Occluded,On another road;Origin file;Origin frame number\na.jpg;car;20;10;60;40;0,0;x.avi;1\n", format="tf_csv"),
    one("a table: GTSRB's", "GT-00000.csv", "Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId\na.jpg;200;100;20;10;60;40;7\n", {"a": [("7", WHERE)]}, format="tf_csv"),
    one("a table: a number for the class alone", "l.csv", "filename,class_id,xmin,ymin,xmax,ymax\na.jpg,7,20,10,60,40\n", {"a": [("7", WHERE)]}, format="tf_csv"),
    one("a table: no class at all", "l.csv", "image,xmin,ymin,xmax,ymax\na.jpg,20,10,60,40\n", NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("a table: wheat's boxes in one cell", "train.csv", 'image_id,width,height,bbox,source\na,200,100,"[20.0, 10.0, 40.0, 30.0]",usask_1\n', NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("a table: pneumonia's, without a class", "stage_2.csv", "patientId,x,y,width,height,Target\na,20,10,40,30,1\n", NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("a table: SKU-110K's", "annotations_train.csv", "a.jpg,20,10,60,40,object,200,100\n", {"a": [("object", WHERE)]}, format="retinanet"),
    one("a table: SKU-110K's, another size stated", "annotations_train.csv", "a.jpg,20,10,60,40,object,400,200\n", {"a": [("object", WHERE)]}, said=said("size")),
    one("a table: RetinaNet's with Windows line ends", "l.csv", "a.jpg,20,10,60,40,car\r\n"),
    one("a table: RetinaNet's beside its classes", "l.csv", "set/a.jpg,20,10,60,40,car\n"),
    Brought("a table: RetinaNet's class list beside", {"a.jpg": PICTURE, "l.csv": "a.jpg,20,10,60,40,car\n", "classes.csv": "car,0\nbus,1\n"}, CAR, said=frozenset()),
    one("a table: classes of a whole image", "_classes.csv", "filename, car, bus\na.jpg, 1, 0\n", NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("a table: OpenImages of V6 with clicks", "b.csv", "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside,XClick1X,XClick2X\na,xclick,car,1,0.1,0.3,0.1,0.4,0,0,0,0,0,0.1,0.2\n"),
    one("a table: OpenImages' labels of whole images", "labels.csv", "ImageID,Source,LabelName,Confidence\na,verification,/m/0k4j,1\n", NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("a table: WIDER's and YOLO's mixed up is neither", "l.csv", "0,0.2,0.25,0.2,0.3\n", NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("a table: makesense's", "labels_my-project.csv", "car,20,10,40,30,a.jpg,200,100\n", format="makesense"),
    one("a table: makesense's, with names", "labels.csv", "label_name,bbox_x,bbox_y,bbox_width,bbox_height,image_name,image_width,image_height\ncar,20,10,40,30,a.jpg,200,100\n", format="makesense"),
    one("a table: half a row", "l.csv", TF + "a.jpg,200,100,car,20,10\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("a table: a row twice", "l.csv", TF + "a.jpg,200,100,car,20,10,60,40\n" * 2, said=said("duplicate")),
]

# ---- KITTI, MOT, VisDrone, DOTA, OIDv4

KITTI = "car 0.00 0 -1.57 20.00 10.00 60.00 40.00 1.5 1.6 3.9 1.0 2.0 20.0 -1.6\n"
DRONE = "20,10,40,30,1,4,0,0\n"
TEXTS = [
    one("KITTI: without the three dimensions", "label_2/a.txt", " ".join(KITTI.split()[:8]) + "\n", NOTHING, states=UNKNOWN, said=frozenset()),
    one("KITTI: truncated −1", "label_2/a.txt", KITTI.replace("0.00 0", "-1 -1", 1), attributes=[None]),
    one("KITTI: a class with a space's stand-in", "label_2/a.txt", KITTI.replace("car", "Person_sitting"), {"a": [("Person_sitting", WHERE)]}),
    Brought("KITTI: tracking", {"image_02/0000/000000.jpg": PICTURE, "label_02/0000.txt": "0 2 " + KITTI + "0 -1 DontCare -1 -1 -10 100.0 10.0 140.0 40.0 -1000 -1000 -1000 -10 -1 -1 -1\n"}, {"000000": [("car", WHERE), ("DontCare", [100, 10, 140, 40])]}, ignored=[Ignore.NO, Ignore.ANYTHING], attributes=[{"track": 2, "truncated": 0.0, "occluded": 0}, None]),
    one("VisDrone: a comma at the end", "annotations/a.txt", DRONE.strip() + ",\n", {"a": [("car", WHERE)]}),
    one("VisDrone: ignored regions alone", "annotations/a.txt", "20,10,40,30,0,0,0,0\n", said=frozenset(), boxes={"a": [("ignored regions", WHERE)]}, ignored=[Ignore.ANYTHING]),
    one("VisDrone: others, score 0", "annotations/a.txt", "20,10,40,30,0,11,0,0\n", {"a": [("others", WHERE)]}, ignored=[Ignore.REGION]),
    one("DOTA: a header and a difficult one", "labelTxt/a.txt", "imagesource:GoogleEarth\ngsd:0.146\n20 10 60 10 60 40 20 40 car 1\n", ignored=[Ignore.REGION]),
    one("DOTA: no difficult", "labelTxt/a.txt", "20 10 60 10 60 40 20 40 car\n"),
    one("DOTA: a class with a hyphen", "labelTxt/a.txt", "20 10 60 10 60 40 20 40 small-vehicle 0\n", {"a": [("small-vehicle", WHERE)]}),
    one("OIDv4's labels in pixels by name", "Label/a.txt", "Vehicle registration plate 20.0 10.0 60.0 40.0\n", {"a": [("Vehicle registration plate", WHERE)]}, asked=True),
    one("Cartucho's ground truth", "ground-truth/a.txt", "car 20 10 60 40\n", asked=True),
    one("Cartucho's detections", "detection-results/a.txt", "car 0.87 20 10 60 40\n", NOTHING, states=UNKNOWN, said=said("predictions"), predictions=1),
    one("BBox-Label-Tool's", "Labels/a.txt", "1\n20 10 60 40 car\n", NOTHING, states=UNKNOWN, said=frozenset()),
    Brought("MOT: detections alone", {"MOT17-02/img1/000001.jpg": PICTURE, "MOT17-02/det/det.txt": "1,-1,20,10,40,30,0.9,-1,-1,-1\n"}, {"000001": []}, {"000001": NOT_LABELLED}, said=frozenset()),
    Brought("MOT: one that does not count", {"MOT17-02/img1/000001.jpg": PICTURE, "MOT17-02/gt/gt.txt": "1,1,20,10,40,30,0,7,0.5\n"}, {"000001": [("static person", WHERE)]}, ignored=[Ignore.REGION], said=frozenset()),
    one("ICDAR's quadrangles", "gt_a.txt", "20,10,60,10,60,40,20,40,WORD\n", NOTHING, states=UNKNOWN, said=frozenset()),
]

# ---- what lies where a file should be

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
PAGE = "<!DOCTYPE html><html><body>404</body></html>"
STAND_INS = [
    Brought("Git LFS: a pointer for a picture", {"a.jpg": PICTURE, "b.jpg": POINTER.encode(), "c.json": coco(BOX)}, CAR | {"b": []}, {"b": NOT_LABELLED}, said=said("bad_image")),
    one("Git LFS: a pointer for the labels", "c.json", POINTER, NOTHING, states=UNKNOWN, said=said("unrecognised")),
    yolo("Git LFS: a pointer for a text", POINTER, NOTHING, states=UNKNOWN, said=said("broken_file"), silent=said("broken_record")),
    one("a web page for the labels", "c.json", PAGE, NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("an empty file for the labels", "c.json", "", NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("COCO results for the labels", "c.json", [BOX | {"score": 0.5}], NOTHING, states=UNKNOWN, said=said("unrecognised")),
]
REASONS = {
    "c.json": {POINTER: "git lfs pull", PAGE: "web page", "": "empty", json.dumps([BOX | {"score": 0.5}]): "New evaluation"},
    "b.jpg": {POINTER: "git lfs pull", PAGE: "web page", "": "empty"},
    "a.txt": {POINTER: "git lfs pull", "0,0.2,0.25,0.2,0.3": "commas"},
}
CASES = [*COCOS, *YOLOS, *XMLS, *TOOLS, *TABLES, *TEXTS, *STAND_INS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_is_read_as_it_was_meant(case: Brought, tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.parametrize(("name", "content", "word"), [(name, *row) for name, rows in REASONS.items() for row in rows.items()])
def test_it_says_what_lies_there_and_what_to_do(name: str, content: str, word: str, tmp_path: Path) -> None:
    _, report = look(write(tmp_path, {"a.jpg": PICTURE, "classes.txt": "car\n", name: content.encode()}))
    assert word in " ".join(one["reason"] for one in report["problems"] if one["file"] == name)
