"""Further files as people bring them, of newer tools and odd corners. What is right was written before it was tried."""

# A case a line:
# ruff: noqa: E501
# fmt: off

import json
from pathlib import Path
from typing import Any

import pytest

from dataset.importing import box_forms
from dataset.importing.columns import Ignore
from dataset.importing.survey import NOT_LABELLED
from dataset.importing.types import Answers
from tests.dataset.brought import PICTURE, TURNED, Boxes, Brought, check, said

WHERE = [20, 10, 60, 40]
CAR: Boxes = {"a": [("car", WHERE)]}
BUS: Boxes = {"a": [("bus", WHERE)]}
CARS = CAR | {"b": CAR["a"]}
NOTHING: Boxes = {"a": []}
NEITHER: Boxes = {"a": [], "b": []}
UNKNOWN = {"a": NOT_LABELLED}
TWO = {"a.jpg": PICTURE, "b.jpg": PICTURE}
ROW = "0 0.2 0.25 0.2 0.3\n"
SQUARE = [20, 10, 60, 10, 60, 40, 20, 40]


def one(what: str, name: str, content: Any, boxes: Boxes = CAR, *, picture: Any = PICTURE, **more: Any) -> Brought:
    """One picture and one file."""
    return Brought(what, {"a.jpg": picture, name: content}, boxes, **more)


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


# ---- COCO: other orders of the four numbers, LVIS, several makers

BOX = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 10, 40, 30]}


def coco(*annotations: Any, **more: Any) -> dict[str, Any]:
    images = [{"id": 1, "file_name": "a.jpg", "width": 200, "height": 100}]
    return {"images": images, "categories": [{"id": 1, "name": "car"}], "annotations": list(annotations)} | more


def boxes(*given: list[float], **more: Any) -> dict[str, Any]:
    return coco(*[BOX | {"id": n, "bbox": box} | more for n, box in enumerate(given, 1)])


def answered(form: str) -> dict[str, Any]:
    return {"answers": Answers(form)}


LVIS_IMAGE = {"id": 1, "coco_url": "http://images.cocodataset.org/train2017/a.jpg", "flickr_url": "http://farm.example/z.jpg", "width": 200, "height": 100, "neg_category_ids": [2], "not_exhaustive_category_ids": []}
MIDDLES = boxes([40, 25, 40, 30], [180, 80, 36, 38], [178, 30, 40, 40])
COCOS = [
    one("COCO: a middle and a size", "c.json", MIDDLES, {"a": [("car", [40, 25, 80, 55]), ("car", [180, 80, 200, 100]), ("car", [178, 30, 200, 70])]}, asked=True),
    one("COCO: a middle and a size, as it was said", "c.json", MIDDLES, {"a": [("car", WHERE), ("car", [162, 61, 198, 99]), ("car", [158, 10, 198, 50])]}, **answered("cxcywh")),
    one("COCO: a lone box that reaches out is clipped, not asked about", "c.json", boxes([130, 40, 100, 50]), {"a": [("car", [130, 40, 200, 90])]}, said=said("clipped")),
    one("COCO: a middle and a size, against the outline", "c.json", boxes([40, 25, 40, 30], segmentation=[SQUARE]), {"a": [("car", [40, 25, 80, 55])]}, asked=True),
    one("COCO: two corners, against the outline", "c.json", boxes(WHERE, segmentation=[SQUARE]), {"a": [("car", [20, 10, 80, 50])]}, asked=True),
    one("COCO: two corners, the second alone with an outline", "c.json", coco(BOX, BOX | {"id": 2, "bbox": [100, 10, 140, 40], "segmentation": [[100, 10, 140, 10, 140, 40, 100, 40]]}), {"a": [("car", WHERE), ("car", [100, 10, 200, 50])]}, asked=True),
    one("COCO: two corners, as it was said", "c.json", boxes(WHERE, segmentation=[SQUARE]), **answered("xyxy")),
    one("COCO: a corner and a size, far out of the image, with its outline", "c.json", boxes([180, 30, 30, 40], segmentation=[[180, 30, 210, 30, 210, 70, 180, 70]]), {"a": [("car", [180, 30, 200, 70])]}, said=said("clipped")),
    one("COCO: a middle and a size as fractions", "c.json", boxes([0.2, 0.25, 0.2, 0.3], [0.9, 0.8, 0.18, 0.38], [0.85, 0.8, 0.3, 0.4]), {"a": [("car", [0.2, 0.25, 0.4, 0.55]), ("car", [0.9, 0.8, 1.08, 1.18]), ("car", [0.85, 0.8, 1.15, 1.2])]}, asked=True),
    one("COCO: a middle and a size as fractions, as it was said", "c.json", boxes([0.2, 0.25, 0.2, 0.3], [0.9, 0.8, 0.18, 0.38], [0.85, 0.8, 0.3, 0.4]), {"a": [("car", WHERE), ("car", [162, 61, 198, 99]), ("car", [140, 60, 200, 100])]}, **answered("fractions_cxcywh")),
    one("COCO: two corners as fractions, as it was said", "c.json", boxes([0.1, 0.1, 0.3, 0.4], [0.5, 0.5, 0.9, 0.9]), {"a": [("car", WHERE), ("car", [100, 50, 180, 90])]}, **answered("fractions_xyxy")),
    one("COCO: LVIS has an address instead of a name", "lvis.json", coco(BOX, images=[LVIS_IMAGE], categories=[{"id": 1, "name": "car", "synset": "car.n.01", "frequency": "f"}, {"id": 2, "name": "bus", "frequency": "r"}])),
    one("COCO: panoptic alone", "panoptic.json", coco({"image_id": 1, "file_name": "a.png", "segments_info": [{"id": 7, "category_id": 1, "bbox": [20, 10, 40, 30], "area": 1200, "iscrowd": 0}]}), NOTHING, states=UNKNOWN, said=said("other_file")),
    one("COCO: results beside the pictures", "results.json", [{"image_id": 1, "category_id": 1, "bbox": [20, 10, 40, 30], "score": 0.9}], NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("COCO: a long class name", "c.json", coco(BOX, categories=[{"id": 1, "name": "x" * 130}]), {"a": [("x" * 120, WHERE)]}, said=said("long_name")),
    one("COCO: long class names that differ at their end", "c.json", coco(BOX, BOX | {"id": 2, "category_id": 2}, categories=[{"id": 1, "name": "x" * 130}, {"id": 2, "name": "x" * 131}]), {"a": [("x" * 120, WHERE), ("x" * 118 + " 2", WHERE)]}, said=said("long_name", "two_classes")),
    one("COCO: category_id in a list", "c.json", coco(BOX | {"category_id": [1]}), NOTHING, states=UNKNOWN, said=said("unknown_class")),
    one("COCO: an image twice under two ids, each with a box", "c.json", coco(BOX, BOX | {"id": 2, "image_id": 2, "bbox": [100, 10, 40, 30]}, images=[{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "a.jpg"}]), {"a": [("car", WHERE), ("car", [100, 10, 140, 40])]}, said=said("described_twice")),
    one("COCO: ids of 64 bits", "c.json", coco(BOX | {"image_id": 9007199254740993, "id": 9007199254740995}, images=[{"id": 9007199254740993, "file_name": "a.jpg"}])),
    one("COCO: a score that is null beside labels", "c.json", coco(BOX | {"score": None})),
    one("COCO: an ignore that is 1 without iscrowd", "c.json", coco(BOX | {"ignore": 1}), ignored=[Ignore.REGION]),
    Brought("COCO: a file for each image", TWO | {"a.json": coco(BOX), "b.json": coco(BOX, images=[{"id": 1, "file_name": "b.jpg"}])}, CARS),
    Brought("COCO: the same file twice, as a copy", {"a.jpg": PICTURE, "c.json": coco(BOX), "c (1).json": coco(BOX)}, CAR),
]

# ---- YOLO

NAMES = "names: [car, bus]\n"
FROM_ONE = "1 0.2 0.25 0.2 0.3\n2 0.6 0.25 0.2 0.3\n"


def yolo(what: str, text: Any, read: Boxes = CAR, files: dict[str, Any] | None = None, **more: Any) -> Brought:
    around = {"data.yaml": NAMES} if files is None else files
    return Brought(what, {"images/a.jpg": PICTURE, "labels/a.txt": text} | around, read, **more)


def platform(*rows: Any, **image: Any) -> str:
    """Ultralytics' own NDJSON: the set, then a line for each image."""
    first = {"type": "dataset", "task": "detect", "name": "set", "class_names": {"0": "car", "1": "bus"}}
    return lines(first, {"type": "image", "file": "a.jpg", "width": 200, "height": 100, "split": "val", "annotations": {"boxes": list(rows)}} | image)


YOLOS = [
    yolo("YOLO: counted from 1, asked", FROM_ONE, BUS, asked=True, said=said("broken_record")),
    yolo("YOLO: counted from 1, as it was said", FROM_ONE, {"a": [("car", WHERE), ("bus", [100, 10, 140, 40])]}, answers=Answers(class_numbers="from_1"), said=said("counted_from_one"), silent=said("broken_record")),
    yolo("YOLO: counted from 0, as it was said", FROM_ONE, BUS, answers=Answers(class_numbers="from_0"), said=said("broken_record", "counted_from_zero")),
    yolo("YOLO: said to count from 1 where nothing looks so", ROW, answers=Answers(class_numbers="from_1")),
    yolo("YOLO: counted from 1, beside a line that is none", FROM_ONE + "0 x\n", {"a": [("car", WHERE), ("bus", [100, 10, 140, 40])]}, answers=Answers(class_numbers="from_1"), said=said("counted_from_one", "broken_record")),
    yolo("YOLO: counted from 1, beside a remark that begins with a number", "0 is nothing\n" + FROM_ONE, {"a": [("car", WHERE), ("bus", [100, 10, 140, 40])]}, answers=Answers(class_numbers="from_1"), said=said("counted_from_one", "broken_record")),
    yolo("YOLO: counted from 1, with names in other lines", FROM_ONE + "bus 0.2 0.25 0.2 0.3\n", {"a": [("car", WHERE), ("bus", [100, 10, 140, 40]), ("bus", WHERE)]}, answers=Answers(class_numbers="from_1"), said=said("counted_from_one", "names_in_rows", "two_classes")),
    yolo("YOLO: labels without a picture do not make it ask", ROW.replace("0", "1", 1), BUS, {"data.yaml": NAMES, "labels/z.txt": ROW.replace("0", "2", 1)}, said=said("no_image")),
    yolo("YOLO: nc and no names", ROW, {"a": [("class 0", WHERE)]}, {"data.yaml": "nc: 2\ntrain: images\n"}, said=said("no_names")),
    yolo("YOLO: names in a nested yaml of another tool", ROW, {"a": [("class 0", WHERE)]}, {"config.yaml": "model:\n  names: [car]\n"}, said=said("no_names")),
    yolo("YOLO: anchors of old", ROW, CAR, {"data.yaml": "train: images\nval: images\nnc: 2\nnames: ['car',\n        'bus']\n"}),
    yolo("YOLO: the yaml in CP949", ROW, {"a": [("자동차", WHERE)]}, {"data.yaml": "names: [자동차, 버스]\n".encode("cp949")}, said=said("encoding")),
    yolo("YOLO: a mark and Windows line ends in the yaml", ROW, CAR, {"data.yaml": "\ufeffnames:\r\n  0: car\r\n  1: bus\r\n"}),
    Brought("YOLO: darknet's lists with paths of Windows", {"images/a.jpg": PICTURE, "labels/a.txt": ROW, "images/b.jpg": PICTURE, "labels/b.txt": ROW, "obj.names": "car\n", "obj.data": "classes = 1\r\ntrain = C:\\set\\train.txt\r\nvalid = C:\\set\\valid.txt\r\nnames = C:\\set\\obj.names\r\n", "train.txt": "C:\\set\\images\\a.jpg\r\n", "valid.txt": "C:\\set\\images\\b.jpg\r\n"}, CARS, splits={"a": "train", "b": "valid"}),
    Brought("YOLO: lists with a mark and Korean names", {"images/가.jpg": PICTURE, "labels/가.txt": ROW, "images/나.jpg": PICTURE, "labels/나.txt": ROW, "data.yaml": "train: train.txt\nval: val.txt\nnames: [car]\n", "train.txt": "\ufeff./images/가.jpg\n", "val.txt": "./images/나.jpg\n".encode("cp949")}, {"가": CAR["a"], "나": CAR["a"]}, splits={"가": "train", "나": "valid"}),
    Brought("YOLO beside VOC, each of its own image", TWO | {"a.txt": ROW, "classes.txt": "car\n", "b.xml": "<annotation><filename>b.jpg</filename><object><name>car</name><bndbox><xmin>20</xmin><ymin>10</ymin><xmax>60</xmax><ymax>40</ymax></bndbox></object></annotation>"}, {"a": [], "b": CAR["a"]}, UNKNOWN, said=said("other_format")),
    one("YOLO of old in Keras: a picture and its boxes on a line", "train.txt", "a.jpg 20,10,60,40,0\n", {"a": [("class 0", WHERE)]}, said=said("no_names")),
    yolo("YOLO-OBB with a confidence", "0 0.1 0.1 0.3 0.1 0.3 0.4 0.1 0.4 0.9\n", NOTHING, states=UNKNOWN, said=said("predictions"), predictions=1),
    yolo("YOLO: a polygon in which numbers come in scientific form", "0 1e-1 1e-1 3e-1 1e-1 3e-1 4e-1 1e-1 4e-1\n", said=frozenset()),
    yolo("YOLO: a class and its line's end lost", "0 0.2 0.25 0.2", NOTHING, states=UNKNOWN, said=said("broken_record")),
    Brought("YOLO: label files with the picture's whole name", {"images/a.jpg": PICTURE, "labels/a.jpg.txt": ROW, "classes.txt": "car\n"}, CAR),
    Brought("YOLO: two pictures of one stem", {"images/a.jpg": PICTURE, "images/a.png": PICTURE, "labels/a.txt": ROW, "classes.txt": "car\n"}, {"images/a.jpg": CAR["a"], "images/a.png": CAR["a"]}),
    one("Ultralytics' NDJSON", "set.ndjson", platform([0, 0.2, 0.25, 0.2, 0.3]), splits={"a": "valid"}, classes=["car", "bus"]),
    one("Ultralytics' NDJSON: nothing on it", "set.ndjson", platform(), NOTHING, classes=["car", "bus"]),
    one("Ultralytics' NDJSON: no annotations", "set.ndjson", platform(annotations={}), NOTHING, states=UNKNOWN),
    one("Ultralytics' NDJSON: outlines", "set.ndjson", platform(annotations={"segments": [[0, 0.1, 0.1, 0.3, 0.1, 0.3, 0.4, 0.2, 0.4, 0.1, 0.3]]}), said=said("shapes")),
    one("Ultralytics' NDJSON: poses", "set.ndjson", platform(annotations={"pose": [[1, 0.2, 0.25, 0.2, 0.3, 0.2, 0.2, 2]]}), BUS, said=said("pose")),
    one("Ultralytics' NDJSON: a class that the list lacks", "set.ndjson", platform([7, 0.2, 0.25, 0.2, 0.3]), NOTHING, states=UNKNOWN, said=said("broken_record")),
]

# ---- lists and tables of Google and WIDER FACE

AUTOML = "TRAIN,gs://bucket/a.jpg,car,0.1,0.1,,,0.3,0.4,,\n"
FACES = "0--Parade/a.jpg\n1\n20 10 40 30 2 0 0 0 1 0\n0--Parade/b.jpg\n0\n0 0 0 0 0 0 0 0 0 0\n"
FACE: Boxes = {"a": [("face", WHERE)]}
PARADE = {"WIDER_train/images/0--Parade/a.jpg": PICTURE, "WIDER_train/images/0--Parade/b.jpg": PICTURE}
TEXTS = [
    one("AutoML", "automl.csv", AUTOML, splits={"a": "train"}, format="automl"),
    one("AutoML: four corners", "automl.csv", "VALIDATION,gs://bucket/a.jpg,car,0.1,0.1,0.3,0.1,0.3,0.4,0.1,0.4\n", splits={"a": "valid"}),
    one("AutoML: no split", "automl.csv", AUTOML.removeprefix("TRAIN,")),
    one("AutoML: nothing on it", "automl.csv", "UNASSIGNED,gs://bucket/a.jpg,,,,,,,,,\n", NOTHING),
    one("AutoML: a corner missing", "automl.csv", "TEST,gs://bucket/a.jpg,car,0.1,0.1,,,,,,\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("AutoML: Roboflow's", "_annotations.csv", "TRAIN,a.jpg,car,0.1,0.1,,,0.3,0.4,,\n"),
    Brought("WIDER FACE: as it is downloaded", PARADE | {"wider_face_split/wider_face_train_bbx_gt.txt": FACES, "wider_face_split/wider_face_test_filelist.txt": "0--Parade/c.jpg\n"}, FACE | {"b": []}, format="wider", attributes=[{"blur": 2, "expression": 0, "illumination": 0, "occlusion": 1, "pose": 0}]),
    one("WIDER FACE: one that is not judged", "wider_face_val_bbx_gt.txt", "a.jpg\n1\n20 10 40 30 0 0 0 1 0 0\n", FACE, ignored=[Ignore.REGION]),
    one("WIDER FACE: datumaro's, with a class", "wider_face_split/wider_face_train_bbx_gt.txt", "a.jpg\n1\n20.0 10.0 40.0 30.0 car\n"),
    one("WIDER FACE: RetinaFace's", "label.txt", "# a.jpg\n20 10 40 30 30.1 20.2 0.0 40.5 20.2 0.0 35 25 1.0 30 30 0.0 40 30 0.0 0.82\n", FACE),
    one("WIDER FACE: a list of pictures alone", "wider_face_test_filelist.txt", "a.jpg\n", NOTHING, states=UNKNOWN),
    one("a csv of detections with another head", "detections.csv", "image_path,predicted_class,confidence,x_min,y_min,x_max,y_max\na.jpg,car,0.8,20,10,60,40\n", NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("a table whose score is a percent", "labels.csv", "filename,class,xmin,ymin,xmax,ymax,score\na.jpg,car,20,10,60,40,87\n", NOTHING, states=UNKNOWN, said=said("predictions")),
    one("a table with corners and sizes of names unknown", "labels.csv", "filename,class,x,y,w,h\na.jpg,car,20,10,40,30\n", NOTHING, states=UNKNOWN, said=said("unrecognised")),
]

# ---- the others

VOC_BOX = "<bndbox><xmin>20</xmin><ymin>10</ymin><xmax>60</xmax><ymax>40</ymax></bndbox>"


def voc(inside: str = f"<object><name>car</name>{VOC_BOX}</object>", before: str = "<filename>a.jpg</filename>") -> str:
    return f"<annotation>{before}<size><width>200</width><height>100</height><depth>3</depth></size>{inside}</annotation>"


def cvat(inside: str, **more: str) -> str:
    said = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<annotations><version>1.1</version><image id="0" name="a.jpg" width="200" height="100"{said}>{inside}</image></annotations>'


def ls(*results: Any, **more: Any) -> list[Any]:
    return [{"id": 1, "data": {"image": "/data/upload/1/1a2b3c4d-a.jpg"}, "annotations": [{"id": 1, "was_cancelled": False, "result": list(results)}]} | more]


LS_BOX = {"id": "r", "type": "rectanglelabels", "from_name": "label", "to_name": "image", "original_width": 200, "original_height": 100, "image_rotation": 0, "value": {"x": 10, "y": 10, "width": 20, "height": 30, "rotation": 0, "rectanglelabels": ["car"]}}
VIA_BOX = {"shape_attributes": {"name": "rect", "x": 20, "y": 10, "width": 40, "height": 30}, "region_attributes": {"type": {"car": True, "bus": False}}}
VIDEO_OBJECT = f"<object><trackid>3</trackid><name>car</name>{VOC_BOX}<occluded>1</occluded><generated>0</generated></object>"
OTHERS = [
    one("VOC: ImageNet VID's tracks", "a.xml", voc(VIDEO_OBJECT), attributes=[{"occluded": True, "generated": 0, "track": 3}]),
    one("VOC: a list for each class beside the splits", "ImageSets/Main/car_train.txt", "a  1\n", NOTHING, states=UNKNOWN),
    Brought("VOC: class lists give no split", {"JPEGImages/a.jpg": PICTURE, "Annotations/a.xml": voc(), "ImageSets/Main/car_val.txt": "a  1\n", "ImageSets/Main/train.txt": "a\n"}, CAR, splits={"a": "train"}),
    one("VOC: two boxes in one object", "a.xml", voc(f"<object><name>car</name>{VOC_BOX}{VOC_BOX.replace('60', '70')}</object>"), said=frozenset()),
    one("CVAT: a cuboid", "annotations.xml", cvat('<cuboid label="car" xtl1="20" ytl1="10" xbl1="20" ybl1="40" xtr1="60" ytr1="10" xbr1="60" ybr1="40" xtl2="20" ytl2="10" xbl2="20" ybl2="40" xtr2="60" ytr2="10" xbr2="60" ybr2="40"/>'), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("CVAT: a skeleton", "annotations.xml", cvat('<skeleton label="car" z_order="0"><points label="1" points="20.0,10.0" outside="0" occluded="0"/></skeleton>'), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("CVAT: another subset", "annotations.xml", cvat('<box label="car" xtl="20" ytl="10" xbr="60" ybr="40" occluded="0" z_order="0" source="auto"/>', subset="Validation"), splits={"a": "valid"}),
    one("Label Studio: two labels on one region", "ls.json", ls(LS_BOX | {"value": LS_BOX["value"] | {"rectanglelabels": ["car", "bus"]}}), CAR, said=said("several_labels")),
    one("Label Studio: numbers in quotes", "ls.json", ls(LS_BOX | {"value": {"x": "10", "y": "10", "width": "20", "height": "30", "rotation": "0", "rectanglelabels": ["car"]}})),
    one("Label Studio: keypoints and a box", "ls.json", ls(LS_BOX, LS_BOX | {"id": "k", "type": "keypointlabels", "value": {"x": 1, "y": 1, "width": 0.5, "keypointlabels": ["nose"]}}), said=said("no_box")),
    one("VIA: a ticked class", "via.json", {"a.jpg1": {"filename": "a.jpg", "size": 1, "regions": [VIA_BOX], "file_attributes": {}}}),
    one("Hugging Face: category, and a list of objects", "metadata.jsonl", lines({"file_name": "a.jpg", "objects": [{"bbox": [20, 10, 40, 30], "category": "car"}]})),
    one("Supervisely: a mask as any shape", "ds0/ann/a.jpg.json", {"description": "", "tags": [], "size": {"height": 100, "width": 200}, "objects": [{"classTitle": "car", "geometryType": "polyline", "tags": [], "points": {"exterior": [[20, 10], [60, 40]], "interior": []}}]}, NOTHING, states=UNKNOWN, said=said("no_box")),
    one("Detectron2's dictionaries", "d2.json", [{"file_name": "a.jpg", "height": 100, "width": 200, "image_id": 1, "annotations": [{"bbox": WHERE, "bbox_mode": 0, "category_id": 0}]}], NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("MMDetection's own", "mm.json", {"metainfo": {"classes": ["car"]}, "data_list": [{"img_path": "a.jpg", "height": 100, "width": 200, "instances": [{"bbox": WHERE, "bbox_label": 0, "ignore_flag": 0}]}]}, format="mmdetection"),
    one("a picture turned by EXIF with VOC's upright size", "a.xml", voc(before="<filename>a.jpg</filename>").replace("<width>200</width><height>100</height>", "<width>100</width><height>200</height>"), picture=TURNED),
]


@pytest.mark.parametrize("case", [*COCOS, *YOLOS, *TEXTS, *OTHERS], ids=lambda case: case.what)
def test_it_is_read_as_it_was_meant(case: Brought, tmp_path: Path) -> None:
    check(case, tmp_path)


@pytest.mark.parametrize("case", COCOS, ids=lambda case: case.what)
def test_so_it_is_when_boxes_are_looked_at_one_by_one(
    case: Brought, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is counted of a file's boxes adds up over the pieces that large files are looked at in."""
    monkeypatch.setattr(box_forms, "AT_ONCE", 1)
    check(case, tmp_path)
