"""The other tools' files as people bring them. What is right was written down before it was tried."""

# A case a line:
# ruff: noqa: E501
# fmt: off

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from dataset.importing.survey import NEGATIVE, NOT_LABELLED
from tests.dataset.brought import PICTURE, TURNED, Boxes, Brought, check, said
from tests.factories import jpeg

WHERE = [20, 10, 60, 40]
CAR: Boxes = {"a": [("car", [20, 10, 60, 40])]}
CARS = CAR | {"b": CAR["a"]}
NOTHING: Boxes = {"a": []}
UNKNOWN = {"a": NOT_LABELLED}
TWO = {"a.jpg": PICTURE, "b.jpg": PICTURE}
# 20 × 10 about (30, 20), turned by a quarter: 10 × 20
QUARTER: Boxes = {"a": [("car", [25, 10, 35, 30])]}
ANGLE = {"kind": "turned", "centre": [30.0, 20.0], "size": [20.0, 10.0], "angle": 90.0}


def one(what: str, name: str, content: Any, boxes: Boxes = CAR, *, picture: Any = PICTURE, **more: Any) -> Brought:
    """One picture and one file."""
    return Brought(what, {"a.jpg": picture, name: content}, boxes, **more)


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


# ---- Scalabel and BDD100K: x2 and y2 name the last pixel

BOX2D = {"x1": 20, "y1": 10, "x2": 59, "y2": 39}
LABEL = {"id": "1", "category": "car", "box2d": BOX2D}


def frame(name: str = "a.jpg", labels: Any = (LABEL,), **more: Any) -> dict[str, Any]:
    return {"name": name, "labels": labels if labels is None else list(labels)} | more


SCALABEL = [
    one("Scalabel: a list of frames", "l.json", [frame()], format="bdd100k"),
    one("Scalabel: an object of frames", "l.json", {"frames": [frame()], "groups": None, "config": {"categories": [{"name": "car"}, {"name": "bus"}]}}, format="bdd100k"),
    one("Scalabel: config before frames, with all that it may hold", "l.json", {"config": {"imageSize": {"width": 200, "height": 100}, "attributes": [], "categories": [{"name": "car"}]}, "frames": [frame()]}),
    one("Scalabel: the config's classes", "l.json", {"frames": [frame()], "config": {"categories": [{"name": "bus"}, {"name": "car"}]}}, classes=["bus", "car"]),
    one("Scalabel: the config's classes in a tree", "l.json", {"frames": [frame()], "config": {"categories": [{"name": "vehicle", "subcategories": [{"name": "bus"}, {"name": "car"}]}]}}, classes=["bus", "car"]),
    one("Scalabel: labels null", "l.json", [frame(labels=None)], NOTHING, states=UNKNOWN),
    one("Scalabel: labels empty", "l.json", [frame(labels=[])], NOTHING),
    one("Scalabel: no word of labels", "l.json", [{"name": "a.jpg", "videoName": "v", "attributes": {"weather": "rainy"}}], NOTHING, states=UNKNOWN),
    one("Scalabel: an address", "l.json", [frame("https://host.example/items/a.jpg?token=1")]),
    one("Scalabel: a box2d of null", "l.json", [frame(labels=[LABEL | {"box2d": None, "poly2d": [{"vertices": [[20, 10], [60, 40]], "types": "LL", "closed": True}]}])], NOTHING, states=UNKNOWN, said=said("no_box")),
    one("Scalabel: a crowd", "l.json", [frame(labels=[LABEL | {"attributes": {"crowd": True}}])], ignored=[Ignore.CROWD]),
    Brought("Scalabel: two videos with frames of one name", {"v1/0001.jpg": PICTURE, "v2/0001.jpg": PICTURE, "l.json": [frame("0001.jpg", videoName="v1"), frame("0001.jpg", labels=[], videoName="v2")]}, {"v1/0001.jpg": CAR["a"], "v2/0001.jpg": []}),
    Brought("Scalabel: videos in a folder of images", {"images/track/val/v1/v1-0001.jpg": PICTURE, "labels/v1.json": [frame("v1-0001.jpg", videoName="v1", frameIndex=0)]}, {"v1-0001": CAR["a"]}),
    Brought("Scalabel: the video in the name too", {"v1/v1-0001.jpg": PICTURE, "labels/v1.json": [frame("v1/v1-0001.jpg", videoName="v1", frameIndex=0)]}, {"v1-0001": CAR["a"]}),
]

# ---- CVAT

SHAPE = '<box label="car" xtl="20" ytl="10" xbr="60" ybr="40" occluded="0"/>'


def cvat(*images: str, meta: str = "") -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><annotations><version>1.1</version><meta>{meta}</meta>{"".join(images)}</annotations>'


def image(name: str = "a.jpg", inner: str = SHAPE, more: str = 'width="200" height="100"') -> str:
    return f'<image id="0" name="{name}" {more}>{inner}</image>'


def track(*shapes: tuple[int, int, int, int], label: str = "car") -> str:
    """frame, left, keyframe, outside"""
    drawn = "".join(f'<box frame="{at}" xtl="{left}" ytl="10" xbr="{left + 40}" ybr="40" keyframe="{key}" outside="{out}" occluded="0"/>' for at, left, key, out in shapes)
    return f'<track id="0" label="{label}">{drawn}</track>'


CVAT = [
    one("CVAT: for images", "annotations.xml", cvat(image())),
    one("CVAT: a folder in the name", "annotations.xml", cvat(image("set/sub/a.jpg"))),
    one("CVAT: another ending", "annotations.xml", cvat(image("a.png"))),
    one("CVAT: nothing on it", "annotations.xml", cvat(image(inner="")), NOTHING),
    one("CVAT: turned", "annotations.xml", cvat(image(inner='<box label="car" xtl="20" ytl="15" xbr="40" ybr="25" rotation="90"/>')), QUARTER, said=said("shapes"), shapes=[ANGLE]),
    one("CVAT: a polygon", "annotations.xml", cvat(image(inner='<polygon label="car" points="20,10;60,10;60,40"/>')), said=said("shapes")),
    one("CVAT: an ellipse", "annotations.xml", cvat(image(inner='<ellipse label="car" cx="40" cy="25" rx="20" ry="15"/>')), said=said("shapes")),
    one("CVAT: a mask", "annotations.xml", cvat(image(inner='<mask label="car" rle="0, 1200" left="20" top="10" width="40" height="30"/>')), said=said("shapes")),
    one("CVAT: a mask as datumaro writes it, over the whole image", "annotations.xml", cvat(image(inner=f'<mask label="car" rle="{"2020, 40, " + "160, 40, " * 29 + "12140"}" left="0" top="0" width="200" height="100"/>')), said=said("shapes")),
    one("CVAT: points and lines", "annotations.xml", cvat(image(inner='<points label="car" points="20,10"/><polyline label="car" points="20,10;60,40"/>')), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("CVAT: a tag and no box", "annotations.xml", cvat(image(inner='<tag label="night"/>')), NOTHING),
    one("CVAT: the list of labels", "annotations.xml", cvat(image(), meta="<task><labels><label><name>bus</name></label><label><name>car</name></label></labels></task>"), classes=["bus", "car"]),
    one("CVAT: a crowd of an ignore label", "annotations.xml", cvat(image(inner=SHAPE.replace("car", "Ignore"))), {"a": [("Ignore", WHERE)]}, ignored=[Ignore.ANYTHING]),
    Brought("CVAT: a file for each job", TWO | {"job_1.xml": cvat(image()), "job_2.xml": cvat(image("b.jpg"))}, CARS),
    Brought("CVAT: two jobs that share a frame", TWO | {"job_1.xml": cvat(image()), "job_2.xml": cvat(image("a.jpg", SHAPE.replace("20", "100").replace("60", "140")), image("b.jpg"))}, {"a": [("car", WHERE), ("car", [100, 10, 140, 40])], "b": CAR["a"]}, said=said("described_twice")),
    Brought("CVAT: two tasks with pictures of one name", {"task_1/images/0.jpg": PICTURE, "task_2/images/0.jpg": PICTURE, "task_1/annotations.xml": cvat(image("0.jpg")), "task_2/annotations.xml": cvat(image("0.jpg", ""))}, {"task_1/images/0.jpg": CAR["a"], "task_2/images/0.jpg": []}),
    Brought("CVAT: a project's subsets", {"images/Train/a.jpg": PICTURE, "images/Validation/a.jpg": PICTURE, "annotations.xml": cvat(image(more='subset="Train"'), image(inner="", more='subset="Validation"'))}, {"images/Train/a.jpg": CAR["a"], "images/Validation/a.jpg": []}, splits={"images/Train/a.jpg": "train", "images/Validation/a.jpg": "valid"}),
    Brought("CVAT: a track of key frames", {f"images/frame_00000{n}.jpg": PICTURE for n in range(4)} | {"annotations.xml": cvat(track((0, 20, 1, 0), (2, 40, 1, 0), (3, 40, 1, 1)))}, {"frame_000000": [("car", [20, 10, 60, 40])], "frame_000001": [("car", [30, 10, 70, 40])], "frame_000002": [("car", [40, 10, 80, 40])], "frame_000003": []}, {"frame_000003": NOT_LABELLED}),
    Brought("CVAT: tracks of two videos", {"v1/frame_000000.jpg": PICTURE, "v2/frame_000000.jpg": PICTURE, "v1/annotations.xml": cvat(track((0, 20, 1, 0), (1, 20, 1, 1))), "v2/annotations.xml": cvat(track((0, 40, 1, 0), (1, 40, 1, 1)))}, {"v1/frame_000000.jpg": CAR["a"], "v2/frame_000000.jpg": [("car", [40, 10, 80, 40])]}),
]

# ---- Pascal VOC


def voc(inner: str = "", *, file: str = "a.jpg", box: str = "20 10 60 40", size: str = "200 100", label: str = "car", head: str = "") -> str:
    sides = "".join(f"<{name}>{value}</{name}>" for name, value in zip(("xmin", "ymin", "xmax", "ymax"), box.split(), strict=True))
    width, height = size.split()
    return (
        f"{head}<annotation><filename>{file}</filename><size><width>{width}</width><height>{height}</height><depth>3</depth></size>"
        f"<object><name>{label}</name><bndbox>{sides}</bndbox>{inner}</object></annotation>"
    )


PART = "<part><name>wheel</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></part>"
VOC = [
    one("VOC: as it should be", "a.xml", voc()),
    one("VOC: a stale name", "a.xml", voc(file="IMG_0001.jpg")),
    one("VOC: a path in the name", "x.xml", voc(file="../JPEGImages/a.jpg")),
    one("VOC: a path of Windows", "x.xml", voc(file="C:\\set\\a.jpg")),
    one("VOC: no ending in the name", "x.xml", voc(file="a")),
    one("VOC: another ending", "x.xml", voc(file="a.png")),
    one("VOC: another case", "x.xml", voc(file="A.JPG")),
    one("VOC: floats", "a.xml", voc(box="20.0 10.0 60.0 40.0")),
    one("VOC: scientific numbers", "a.xml", voc(box="2e1 1e1 6e1 4e1")),
    one("VOC: decimal commas", "a.xml", voc(box="20,0 10,0 60,0 40,0")),
    one("VOC: spaces and lines around", "a.xml", voc(label="\n  car \n").replace("<xmin>20</xmin>", "<xmin>\n 20 </xmin>")),
    one("VOC: corners the wrong way round", "a.xml", voc(box="60 40 20 10"), said=said("swapped")),
    one("VOC: from 0", "a.xml", voc(box="0 0 60 40"), {"a": [("car", [0, 0, 60, 40])]}),
    one("VOC: a size of nothing stated", "a.xml", voc(size="0 0"), silent=said("size")),
    one("VOC: another size stated", "a.xml", voc(size="100 50"), said=said("size")),
    one("VOC: fractions", "a.xml", voc(box="0.1 0.1 0.3 0.4"), {"a": [("car", [0.1, 0.1, 0.3, 0.4])]}, asked=True),
    one("VOC: parts", "a.xml", voc(PART)),
    one("VOC: difficult", "a.xml", voc("<difficult>1</difficult>"), ignored=[Ignore.REGION]),
    one("VOC: difficult in words", "a.xml", voc("<difficult>True</difficult>"), ignored=[Ignore.REGION]),
    one("VOC: nothing on it", "a.xml", "<annotation><filename>a.jpg</filename></annotation>", NOTHING),
    one("VOC: a polygon beside the box", "a.xml", voc("<polygon><x1>20</x1><y1>10</y1><x2>60</x2><y2>40</y2></polygon>")),
    one("VOC: no name", "a.xml", voc(label=""), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("VOC: GBK", "a.xml", voc(label="汽车", head='<?xml version="1.0" encoding="GBK"?>').encode("gbk"), {"a": [("汽车", WHERE)]}),
    one("VOC: GBK that says UTF-8", "a.xml", voc(label="汽车汽车行人", head='<?xml version="1.0" encoding="utf-8"?>').encode("gbk"), {"a": [("汽车汽车行人", WHERE)]}, said=said("encoding")),
    one("VOC: EUC-KR", "a.xml", voc(label="자동차", head='<?xml version="1.0" encoding="euc-kr"?>').encode("cp949"), {"a": [("자동차", WHERE)]}),
    one("VOC: UTF-16", "a.xml", voc(head='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16")),
    one("VOC: a mark at the start", "a.xml", voc(head='<?xml version="1.0"?>').encode("utf-8-sig")),
    one("VOC: empty lines at the start", "a.xml", "\n\n" + voc(head='<?xml version="1.0"?>')),
    one("VOC: an ampersand as it is", "a.xml", voc(file="a & b.jpg"), NOTHING, states=UNKNOWN, said=said("broken_file")),
    one("VOC: turned, beside the box", "a.xml", voc("<attributes><attribute><name>rotation</name><value>90.0</value></attribute></attributes>", box="20 15 40 25"), QUARTER, said=said("shapes"), shapes=[ANGLE]),
    one("VOC: drawn on what is stored", "a.xml", voc(box="150 10 190 40"), {"a": [("car", [60, 150, 90, 190])]}, picture=TURNED, said=said("exif")),
    Brought("VOC: its own layout", {"JPEGImages/a.jpg": PICTURE, "JPEGImages/b.jpg": PICTURE, "Annotations/a.xml": voc(), "Annotations/b.xml": voc(file="b.jpg"), "ImageSets/Main/train.txt": "a\n", "ImageSets/Main/val.txt": "b  1\n", "ImageSets/Main/car_train.txt": "a -1\n"}, CARS, splits={"a": "train", "b": "valid"}),
    one("VOC: the first LabelMe's polygon", "a.xml", "<annotation><filename>a.jpg</filename><object><name>car</name><polygon><pt><x>20</x><y>10</y></pt><pt><x>60</x><y>10</y></pt><pt><x>60</x><y>40</y></pt></polygon></object></annotation>", said=said("shapes")),
    Brought("VOC: masks beside the images", {"JPEGImages/a.jpg": PICTURE, "SegmentationClass/a.png": PICTURE, "SegmentationObject/a.png": PICTURE, "Annotations/a.xml": voc()}, CAR, said=said("masks")),
    Brought("VOC: two folders of one name", {"x/images/a.jpg": PICTURE, "x/xml/a.xml": voc(), "y/images/a.jpg": PICTURE, "y/xml/a.xml": voc(label="bus")}, {"x/images/a.jpg": CAR["a"], "y/images/a.jpg": [("bus", WHERE)]}),
    Brought("VOC: Roboflow's three folders", {"train/a.jpg": PICTURE, "train/a.xml": voc(), "test/a.jpg": PICTURE, "test/a.xml": voc(label="bus")}, {"train/a.jpg": CAR["a"], "test/a.jpg": [("bus", WHERE)]}, splits={"train/a.jpg": "train", "test/a.jpg": "test"}),
]

# ---- LabelMe


def labelme(*shapes: Any, path: Any = "a.jpg", **more: Any) -> dict[str, Any]:
    return {"version": "5.4.1", "flags": {}, "shapes": list(shapes), "imagePath": path, "imageData": None, "imageHeight": 100, "imageWidth": 200} | more


def shape(kind: str | None, *points: Any, **more: Any) -> dict[str, Any]:
    return {"label": "car", "points": list(points), "group_id": None, "shape_type": kind, "flags": {}} | more


LABELME = [
    one("LabelMe: a rectangle", "a.json", labelme(shape("rectangle", [20, 10], [60, 40]))),
    one("LabelMe: corners the wrong way round", "a.json", labelme(shape("rectangle", [60, 40], [20, 10]))),
    one("LabelMe: the other two corners", "a.json", labelme(shape("rectangle", [60, 10], [20, 40]))),
    one("LabelMe: four corners", "a.json", labelme(shape("rectangle", [20, 10], [60, 10], [60, 40], [20, 40]))),
    one("LabelMe: a circle", "a.json", labelme(shape("circle", [40, 30], [60, 30])), {"a": [("car", [20, 10, 60, 50])]}, said=said("shapes")),
    one("LabelMe: no type", "a.json", labelme(shape(None, [20, 10], [60, 10], [60, 40])), said=said("shapes")),
    one("LabelMe: a point", "a.json", labelme(shape("point", [20, 10])), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("LabelMe: a line", "a.json", labelme(shape("linestrip", [20, 10], [60, 40])), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("LabelMe: a mask", "a.json", labelme(shape("mask", [20, 10], [60, 40], mask="iVBORw0KGgo=")), said=said("bad_shape")),
    one("LabelMe: one corner alone", "a.json", labelme(shape("rectangle", [20, 10])), NOTHING, states=UNKNOWN),
    one("LabelMe: no shapes", "a.json", labelme(), NOTHING),
    one("LabelMe: a path of Windows", "a.json", labelme(shape("rectangle", [20, 10], [60, 40]), path="..\\images\\a.jpg")),
    one("LabelMe: no path", "a.json", labelme(shape("rectangle", [20, 10], [60, 40]), path=None)),
    one("LabelMe: a path of something else", "a.json", labelme(shape("rectangle", [20, 10], [60, 40]), path="c:/old/IMG_1.jpg")),
    one("LabelMe: a number for a label", "a.json", labelme(shape("rectangle", [20, 10], [60, 40], label=7)), {"a": [("7", WHERE)]}),
    one("LabelMe: X-AnyLabeling's turned box", "a.json", labelme(shape("rotation", [35, 10], [35, 30], [25, 30], [25, 10], direction=1.5708)), QUARTER),
    Brought("LabelMe: two folders of one name", {"x/a.jpg": PICTURE, "x/a.json": labelme(shape("rectangle", [20, 10], [60, 40])), "y/a.jpg": PICTURE, "y/a.json": labelme()}, {"x/a.jpg": CAR["a"], "y/a.jpg": []}),
]

# ---- Label Studio: percent

REGION = {"x": 10, "y": 10, "width": 20, "height": 30, "rotation": 0, "rectanglelabels": ["car"]}


def region(**more: Any) -> dict[str, Any]:
    own = {"id": "r1", "from_name": "label", "to_name": "image", "type": "rectanglelabels", "original_width": 200, "original_height": 100, "image_rotation": 0}
    return own | {"value": REGION} | more


def task(*annotations: Any, image: str = "/data/upload/1/3f2a1b4c-a.jpg", **more: Any) -> dict[str, Any]:
    return {"id": 1, "data": {"image": image}, "annotations": list(annotations), "predictions": [], "drafts": []} | more


def done(*result: Any, **more: Any) -> dict[str, Any]:
    return {"id": 1, "result": list(result), "was_cancelled": False, "ground_truth": False, "updated_at": "2026-01-01T00:00:00Z"} | more


def turned_region() -> dict[str, Any]:
    """20 × 10 at (35, 10), turned by a quarter about that corner: to the left of it."""
    return region(value=REGION | {"x": 17.5, "y": 10, "width": 10, "height": 10, "rotation": 90})


BUSES = region(value=REGION | {"rectanglelabels": ["bus"]})
LABEL_STUDIO = [
    one("Label Studio: a task", "p.json", [task(done(region()))]),
    one("Label Studio: the newest of two annotators", "p.json", [task(done(BUSES, updated_at="2026-01-01T00:00:00Z"), done(region(), id=2, updated_at="2026-01-02T00:00:00Z"))], said=said("annotators")),
    one("Label Studio: the ground truth of two", "p.json", [task(done(region(), ground_truth=True), done(BUSES, id=2, updated_at="2026-01-02T00:00:00Z"))], said=said("annotators")),
    one("Label Studio: skipped", "p.json", [task(done(was_cancelled=True))], NOTHING, states=UNKNOWN, said=said("cancelled")),
    one("Label Studio: skipped by one, done by another", "p.json", [task(done(was_cancelled=True), done(region(), id=2))]),
    one("Label Studio: a draft", "p.json", [task(drafts=[{"result": [region()]}])], NOTHING, states=UNKNOWN, said=said("drafts")),
    one("Label Studio: predictions alone", "p.json", [task(predictions=[{"result": [region()], "score": 0.9}])], NOTHING, states=UNKNOWN, said=said("predictions")),
    one("Label Studio: nothing on it", "p.json", [task(done())], NOTHING, states={"a": NEGATIVE}),
    one("Label Studio: nobody has looked", "p.json", [task()], NOTHING, states=UNKNOWN),
    one("Label Studio: turned", "p.json", [task(done(turned_region()))], {"a": [("car", [25, 10, 35, 30])]}, said=said("shapes"), shapes=[ANGLE]),
    one("Label Studio: turned by next to nothing", "p.json", [task(done(region(value=REGION | {"rotation": 0.0000001})))], attributes=[None]),
    one("Label Studio: turned by a whole turn", "p.json", [task(done(region(value=REGION | {"rotation": 360})))], attributes=[None]),
    one("Label Studio: a polygon", "p.json", [task(done(region(type="polygonlabels", value={"points": [[10, 10], [30, 10], [30, 40]], "polygonlabels": ["car"]})))], said=said("shapes")),
    one("Label Studio: an ellipse", "p.json", [task(done(region(type="ellipselabels", value={"x": 20, "y": 25, "radiusX": 10, "radiusY": 15, "rotation": 0, "ellipselabels": ["car"]})))], said=said("shapes")),
    one("Label Studio: a brush", "p.json", [task(done(region(type="brushlabels", value={"format": "rle", "rle": [1], "brushlabels": ["car"]})))], NOTHING, states=UNKNOWN, said=said("no_box")),
    one("Label Studio: no label on a box", "p.json", [task(done(region(type="rectangle", value={key: value for key, value in REGION.items() if key != "rectanglelabels"})))], NOTHING, states=UNKNOWN),
    one("Label Studio: the label on a record of its own", "p.json", [task(done(region(type="rectangle", value={key: value for key, value in REGION.items() if key != "rectanglelabels"}), region(type="labels", value={"labels": ["car"]})))]),
    one("Label Studio: local files", "p.json", [task(done(region()), image="/data/local-files/?d=set/a.jpg")]),
    one("Label Studio: an address", "p.json", [task(done(region()), image="https://host.example/set/a.jpg?sig=1")]),
    one("Label Studio: a bucket", "p.json", [task(done(region()), image="s3://bucket/set/a.jpg")]),
    one("Label Studio: another name for the field", "p.json", [task(done(region()), data={"img": "s3://bucket/a.jpg", "caption": "street"})]),
    one("Label Studio: one task, not a list", "p.json", task(done(region()))),
    one("Label Studio: older, completions", "p.json", [{"id": 1, "data": {"image": "/data/upload/a.jpg"}, "completions": [done(region())]}]),
    one("Label Studio: JSON-MIN", "p.json", [{"id": 1, "image": "/data/upload/1/3f2a1b4c-a.jpg", "label": [REGION | {"original_width": 200, "original_height": 100}], "annotator": 1, "annotation_id": 1}]),
    one("Label Studio: its CSV", "p.csv", 'image,id,label,annotator,annotation_id\n/data/upload/1/3f2a1b4c-a.jpg,1,"[{""x"": 10, ""y"": 10, ""width"": 20, ""height"": 30, ""rotation"": 0, ""rectanglelabels"": [""car""], ""original_width"": 200, ""original_height"": 100}]",1,1\n', format="label_studio"),
    one("Label Studio: turned by EXIF, the size as stored", "p.json", [task(done(region()))], {"a": [("car", [10, 20, 30, 80])]}, picture=TURNED),
]

# ---- boxes as text: KITTI, MOT, VisDrone, DOTA

KITTI_ROW = "car 0.00 0 -1.57 20.0 10.0 60.0 40.0 1.5 1.6 3.7 1.0 1.6 46.7 -1.55\n"
TRACK_ROW = "0 1 car 0 0 -1.57 20 10 60 40 1.5 1.6 3.7 1.0 1.6 46.7 -1.55\n"
TEXTS = [
    Brought("KITTI: as it should be", {"image_2/a.png": PICTURE, "label_2/a.txt": KITTI_ROW}, CAR, format="kitti"),
    Brought("KITTI: nothing on one", {"image_2/a.png": PICTURE, "image_2/b.png": PICTURE, "label_2/a.txt": KITTI_ROW, "label_2/b.txt": ""}, CAR | {"b": []}, format="kitti"),
    Brought("KITTI: results", {"image_2/a.png": PICTURE, "label_2/a.txt": KITTI_ROW.strip() + " 0.8\n"}, NOTHING, UNKNOWN, said("predictions")),
    Brought("KITTI: classes of two words", {"image_2/a.png": PICTURE, "label_2/a.txt": KITTI_ROW.replace("car", "Person_sitting")}, {"a": [("Person_sitting", WHERE)]}),
    Brought("KITTI: tracking", {"image_02/0003/000000.png": PICTURE, "image_02/0003/000001.png": PICTURE, "label_02/0003.txt": TRACK_ROW + "0 -1 DontCare -1 -1 -10 100 10 140 40 -1000 -1000 -1000 -10 -1 -1 -1\n"}, {"000000": [("car", WHERE), ("DontCare", [100, 10, 140, 40])], "000001": []}, {"000001": NOT_LABELLED}, ignored=[Ignore.NO, Ignore.ANYTHING]),
    Brought("KITTI: tracking of two sequences", {"image_02/0003/000000.png": PICTURE, "image_02/0004/000000.png": PICTURE, "label_02/0003.txt": TRACK_ROW, "label_02/0004.txt": TRACK_ROW.replace("car", "van")}, {"image_02/0003/000000.png": CAR["a"], "image_02/0004/000000.png": [("van", WHERE)]}),
    Brought("KITTI: masks beside the images", {"image_2/a.png": PICTURE, "instance/a.png": PICTURE, "semantic/a.png": PICTURE, "label_2/a.txt": KITTI_ROW}, CAR, format="kitti", said=said("masks")),
    Brought("MOT: not to be counted", {"S/img1/000001.jpg": PICTURE, "S/gt/gt.txt": "1,1,20,10,40,30,0,1,1\n"}, {"000001": [("pedestrian", WHERE)]}, ignored=[Ignore.REGION]),
    Brought("MOT: the older rows", {"S/img1/000001.jpg": PICTURE, "S/gt/gt.txt": "1,1,20,10,40,30,1,-1,-1,-1\n"}, {"000001": [("pedestrian", WHERE)]}),
    Brought("MOT: spaces after the commas", {"S/img1/000001.jpg": PICTURE, "S/gt/gt.txt": "1, 1, 20.0, 10.0, 40.0, 30.0, 1, 1, 1.0\n"}, {"000001": [("pedestrian", WHERE)]}),
    Brought("MOT: two sequences", {f"{s}/{rest}": content for s, left in (("S1", 20), ("S2", 50)) for rest, content in (("img1/000001.jpg", PICTURE), ("gt/gt.txt", f"1,1,{left},10,40,30,1,1,1\n"))}, {"S1/img1/000001.jpg": [("pedestrian", WHERE)], "S2/img1/000001.jpg": [("pedestrian", [50, 10, 90, 40])]}),
    Brought("MOT: a detector's file beside it", {"S/img1/000001.jpg": PICTURE, "S/gt/gt.txt": "1,1,20,10,40,30,1,1,1\n", "S/det/det.txt": "1,-1,20,10,40,30,0.9,-1,-1,-1\n"}, {"000001": [("pedestrian", WHERE)]}, said=said("predictions")),
    Brought("MOT: a frame that is not there", {"S/img1/000001.jpg": PICTURE, "S/gt/gt.txt": "1,1,20,10,40,30,1,1,1\n9,1,20,10,40,30,1,1,1\n"}, {"000001": [("pedestrian", WHERE)]}, said=said("no_image")),
    Brought("MOT: frames that are not of six digits", {"S/img1/frame1.jpg": PICTURE, "S/gt/gt.txt": "1,1,20,10,40,30,1,1,1\n"}, {"frame1": [("pedestrian", WHERE)]}),
    Brought("VisDrone: images", {"images/a.jpg": PICTURE, "annotations/a.txt": "20,10,40,30,1,4,0,0\n100,10,20,20,0,0,0,0\n"}, {"a": [("car", WHERE), ("ignored regions", [100, 10, 120, 30])]}, format="visdrone", ignored=[Ignore.NO, Ignore.ANYTHING]),
    Brought("VisDrone: a comma at the end", {"images/a.jpg": PICTURE, "annotations/a.txt": "20,10,40,30,1,4,0,0,\n"}, CAR, format="visdrone"),
    Brought("VisDrone: a video", {"sequences/s1/0000001.jpg": PICTURE, "sequences/s1/0000002.jpg": PICTURE, "annotations/s1.txt": "1,0,20,10,40,30,1,4,0,0\n2,0,30,10,40,30,1,4,0,1\n2,7,100,10,20,20,0,0,0,0\n"}, {"0000001": [("car", WHERE)], "0000002": [("car", [30, 10, 70, 40]), ("ignored regions", [100, 10, 120, 30])]}, format="visdrone", ignored=[Ignore.NO, Ignore.NO, Ignore.ANYTHING]),
    Brought("VisDrone: two videos, a frame without objects", {"sequences/s1/0000001.jpg": PICTURE, "sequences/s2/0000001.jpg": PICTURE, "sequences/s2/0000002.jpg": PICTURE, "annotations/s1.txt": "1,0,20,10,40,30,1,4,0,0\n", "annotations/s2.txt": "1,0,20,10,40,30,1,5,0,0\n"}, {"sequences/s1/0000001.jpg": CAR["a"], "sequences/s2/0000001.jpg": [("van", WHERE)], "0000002": []}, {"0000002": NOT_LABELLED}),
    Brought("VisDrone: a video's tracker", {"sequences/s1/0000001.jpg": PICTURE, "annotations/s1.txt": "1,0,20,10,40,30,0.8,4,0,0\n"}, {"0000001": []}, {"0000001": NOT_LABELLED}, said("predictions")),
    Brought("DOTA: upright", {"images/a.png": PICTURE, "labelTxt/a.txt": "imagesource:GoogleEarth\ngsd:0.1\n20.0 10.0 60.0 10.0 60.0 40.0 20.0 40.0 car 0\n"}, CAR, format="dota", attributes=[None]),
    Brought("DOTA: turned", {"images/a.png": PICTURE, "labelTxt/a.txt": "35 10 35 30 25 30 25 10 car 0\n50 20 60 30 50 40 40 30 car 1\n"}, {"a": [("car", [25, 10, 35, 30]), ("car", [40, 20, 60, 40])]}, said=said("shapes"), ignored=[Ignore.NO, Ignore.REGION]),
    Brought("DOTA: four corners that are no rectangle", {"images/a.png": PICTURE, "labelTxt/a.txt": "20 10 60 15 50 40 25 30 car 0\n"}, CAR, said=said("shapes")),
    Brought("DOTA: a class of two words", {"images/a.png": PICTURE, "labelTxt/a.txt": "20 10 60 10 60 40 20 40 small-vehicle 0\n"}, {"a": [("small-vehicle", WHERE)]}),
    Brought("DOTA: without difficult, with commas", {"images/a.png": PICTURE, "labelTxt/a.txt": "20,10,60,10,60,40,20,40,car\n"}, CAR),
]

# ---- JSON of other tools

VIA_REGION = {"shape_attributes": {"name": "rect", "x": 20, "y": 10, "width": 40, "height": 30}, "region_attributes": {"class": "car"}}
VIA_PICTURE = {"filename": "a.jpg", "size": 1000, "regions": [VIA_REGION], "file_attributes": {}}


def via3(*marks: Any, spatial: str = "none", **files: Any) -> dict[str, Any]:
    """VIA 3: views of files, and marks on views. `xy`: 2 is a rectangle, x, y, width, height."""
    return {
        "project": {"pid": "x", "rev": "1", "pname": "set", "data_format_version": "3.1.1"},
        "config": {"file": {"loc_prefix": {"1": "", "2": "", "3": "", "4": ""}}},
        "attribute": {"1": {"aname": "class", "anchor_id": "FILE1_Z0_XY1", "type": 3, "options": {"0": "car", "1": "bus"}, "default_option_id": ""}},
        "file": {"1": {"fid": "1", "fname": "a.jpg", "type": 2, "loc": 1, "src": ""}} | files,
        "metadata": {f"1_{n}": mark for n, mark in enumerate(marks)},
        "view": {"1": {"fid_list": ["1"]}},
    }


VIA3_MARK = {"vid": "1", "flg": 0, "z": [], "xy": [2, 20, 10, 40, 30], "av": {"1": "0"}}
DATA_ROW = {
    "data_row": {"id": "x", "external_id": "a.jpg", "row_data": "https://host.example/a.jpg"},
    "media_attributes": {"width": 200, "height": 100},
    "projects": {"p": {"labels": [{"annotations": {"objects": [{"name": "car", "bounding_box": {"top": 10, "left": 20, "height": 30, "width": 40}}], "classifications": []}}]}},
}


def old_labelbox(label: Any, **more: Any) -> dict[str, Any]:
    return {"ID": "c1", "DataRow ID": "d1", "Labeled Data": "https://host.example/x/a.jpg?sig=1", "Label": label, "External ID": "a.jpg", "Skipped": False, "Dataset Name": "set", "Project Name": "p", "Created By": "kim@example.org"} | more


OLD_OBJECT = {"featureId": "f", "schemaId": "s", "title": "car", "value": "car", "color": "#f00", "bbox": {"top": 10, "left": 20, "height": 30, "width": 40}}
SLY = {"description": "", "tags": [], "size": {"height": 100, "width": 200}, "objects": [{"classTitle": "car", "geometryType": "rectangle", "tags": [], "points": {"exterior": [[20, 10], [60, 40]], "interior": []}}]}


def sly(**more: Any) -> dict[str, Any]:
    return SLY | {"objects": [SLY["objects"][0] | more]}


def datumaro(*annotations: Any) -> dict[str, Any]:
    return {"info": {}, "categories": {"label": {"labels": [{"name": "car", "parent": "", "attributes": []}], "attributes": []}}, "items": [{"id": "a", "annotations": list(annotations), "image": {"path": "a.jpg", "size": [100, 200]}}]}


DM_BOX = {"id": 0, "type": "bbox", "attributes": {}, "group": 0, "label_id": 0, "z_order": 0, "bbox": [20, 10, 40, 30]}
FLAT = {key: value for key, value in DM_BOX.items() if key != "bbox"}


def superb(**annotation: Any) -> dict[str, Any]:
    own = {"id": "o", "class_id": "c", "class_name": "car", "annotation_type": "box", "annotation": {"coord": {"x": 20, "y": 10, "width": 40, "height": 30}}, "properties": []}
    return {"objects": [own | annotation], "categories": {"properties": []}}


SUPERB_META = {"data_key": "a.jpg", "dataset": "set", "image_info": {"width": 200, "height": 100}, "label_id": "x1", "label_path": ["labels/x1.json"], "status": "Submitted", "tags": []}
JSONS = [
    one("VIA 2: a project", "p.json", {"_via_settings": {}, "_via_img_metadata": {"a.jpg1000": VIA_PICTURE}, "_via_attributes": {"region": {}, "file": {}}}, format="via"),
    one("VIA 2: annotations alone", "p.json", {"a.jpg1000": VIA_PICTURE}, format="via"),
    one("VIA 1: regions by number", "p.json", {"a.jpg1000": VIA_PICTURE | {"regions": {"0": VIA_REGION}}}, format="via"),
    one("VIA 2: a circle", "p.json", {"a.jpg1000": VIA_PICTURE | {"regions": [VIA_REGION | {"shape_attributes": {"name": "circle", "cx": 40, "cy": 30, "r": 20}}]}}, {"a": [("car", [20, 10, 60, 50])]}, said=said("shapes")),
    one("VIA 2: CSV", "p.csv", 'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\na.jpg,1000,"{}",1,0,"{""name"":""rect"",""x"":20,""y"":10,""width"":40,""height"":30}","{""class"":""car""}"\n', format="via"),
    one("VIA 2: a picture without regions", "p.json", {"a.jpg1000": VIA_PICTURE | {"regions": []}}, NOTHING, states=UNKNOWN),
    one("VIA 3: a rectangle", "p.json", via3(VIA3_MARK), format="via"),
    one("VIA 3: a polygon", "p.json", via3(VIA3_MARK | {"xy": [7, 20, 10, 60, 10, 60, 40]}), said=said("shapes"), format="via"),
    one("VIA 3: a circle", "p.json", via3(VIA3_MARK | {"xy": [3, 40, 30, 20]}), {"a": [("car", [20, 10, 60, 50])]}, said=said("shapes"), format="via"),
    one("VIA 3: an ellipse", "p.json", via3(VIA3_MARK | {"xy": [4, 40, 25, 20, 15]}), said=said("shapes"), format="via"),
    one("VIA 3: a point and a line", "p.json", via3(VIA3_MARK | {"xy": [1, 40, 25]}, VIA3_MARK | {"xy": [5, 20, 10, 60, 40]}), NOTHING, states=UNKNOWN, said=said("no_box"), format="via"),
    one("VIA 3: no class", "p.json", via3(VIA3_MARK | {"av": {}}), NOTHING, states=UNKNOWN, said=said("broken_record"), format="via"),
    one("VIA 3: a class in words", "p.json", via3(VIA3_MARK | {"av": {"1": "tram"}}), {"a": [("tram", WHERE)]}, format="via"),
    one("VIA 3: nothing drawn", "p.json", via3(), NOTHING, states=UNKNOWN, format="via"),
    Brought("VIA 3: several pictures", TWO | {"p.json": via3(VIA3_MARK, VIA3_MARK | {"vid": "2"}, **{"2": {"fid": "2", "fname": "b.jpg", "type": 2, "loc": 2, "src": "https://host.example/b.jpg"}}) | {"view": {"1": {"fid_list": ["1"]}, "2": {"fid_list": ["2"]}}}}, CARS, format="via"),
    one("VIA 3: a video's mark", "p.json", via3(VIA3_MARK | {"z": [1.5, 2.0], "xy": []}), NOTHING, states=UNKNOWN, format="via"),
    one("Labelbox: lines", "e.ndjson", lines(DATA_ROW), format="labelbox"),
    one("Labelbox: a list", "e.json", [DATA_ROW], format="labelbox"),
    one("Labelbox: older", "e.json", [old_labelbox({"objects": [OLD_OBJECT], "classifications": []})], format="labelbox"),
    one("Labelbox: older, a polygon", "e.json", [old_labelbox({"objects": [{"title": "car", "value": "car", "polygon": [{"x": 20, "y": 10}, {"x": 60, "y": 10}, {"x": 60, "y": 40}]}]})], said=said("shapes"), format="labelbox"),
    one("Labelbox: older, nothing on it", "e.json", [old_labelbox({"objects": [], "classifications": []})], NOTHING, format="labelbox"),
    one("Labelbox: older, skipped", "e.json", [old_labelbox({}, Skipped=True), old_labelbox("Skip")], NOTHING, states=UNKNOWN, format="labelbox"),
    one("Labelbox: older, a point", "e.json", [old_labelbox({"objects": [{"title": "car", "point": {"x": 20, "y": 10}}]})], NOTHING, states=UNKNOWN, said=said("no_box"), format="labelbox"),
    one("Labelbox: oldest, geometry by class", "e.json", [old_labelbox({"car": [{"geometry": [{"x": 20, "y": 10}, {"x": 60, "y": 10}, {"x": 60, "y": 40}, {"x": 20, "y": 40}]}]})], NOTHING, states=UNKNOWN, said=said("no_box"), format="labelbox"),
    one("Labelbox: older, two labellers", "e.json", [old_labelbox({"objects": [OLD_OBJECT]}), old_labelbox({"objects": [OLD_OBJECT | {"bbox": {"top": 10, "left": 120, "height": 30, "width": 40}}]}, ID="c2")], {"a": [("car", WHERE), ("car", [120, 10, 160, 40])]}, said=said("annotators"), format="labelbox"),
    one("Supervisely: a project", "ds0/ann/a.jpg.json", sly(), format="supervisely"),
    one("Supervisely: corners the wrong way round", "ds0/ann/a.jpg.json", sly(points={"exterior": [[60, 40], [20, 10]], "interior": []})),
    one("Supervisely: turned", "ds0/ann/a.jpg.json", sly(geometryType="oriented_bbox", points={"exterior": [[20, 15], [40, 25]], "interior": []}, angle=1.5707963267948966), QUARTER, said=said("shapes"), shapes=[ANGLE]),
    one("Supervisely: a point", "ds0/ann/a.jpg.json", sly(geometryType="point", points={"exterior": [[20, 10]], "interior": []}), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("Supervisely: nothing on it", "ds0/ann/a.jpg.json", SLY | {"objects": []}, NOTHING),
    Brought("Supervisely: two datasets with pictures of one name", {"ds0/img/a.jpg": PICTURE, "ds0/ann/a.jpg.json": sly(), "ds1/img/a.jpg": PICTURE, "ds1/ann/a.jpg.json": sly(classTitle="bus"), "meta.json": {"classes": [{"title": "car", "shape": "rectangle", "color": "#f00"}], "tags": []}}, {"ds0/img/a.jpg": CAR["a"], "ds1/img/a.jpg": [("bus", WHERE)]}, classes=["car", "bus"]),
    one("Datumaro: a box", "annotations/default.json", datumaro(DM_BOX), format="datumaro"),
    one("Datumaro: a turned box", "annotations/default.json", datumaro(DM_BOX | {"bbox": [20, 15, 20, 10], "attributes": {"rotation": 90.0}}), QUARTER, said=said("shapes"), shapes=[ANGLE]),
    one("Datumaro: a box turned by nothing", "annotations/default.json", datumaro(DM_BOX | {"attributes": {"rotation": 0.0}}), attributes=[None]),
    one("Datumaro: a mask", "annotations/default.json", datumaro(FLAT | {"type": "mask", "rle": {"counts": [2010, 30] + [70, 30] * 39 + [14060], "size": [100, 200]}}), said=said("shapes")),
    one("Datumaro: a polygon", "annotations/default.json", datumaro(FLAT | {"type": "polygon", "points": [20, 10, 60, 10, 60, 40]}), said=said("shapes")),
    one("Datumaro: a label of the image alone", "annotations/default.json", datumaro({"id": 0, "type": "label", "label_id": 0, "attributes": {}, "group": 0}), NOTHING, states=UNKNOWN),
    one("Datumaro: nothing on it", "annotations/default.json", datumaro(), NOTHING),
    Brought("Superb: a box", {"a.jpg": PICTURE, "labels/x1.json": superb(), "meta/a.jpg.json": SUPERB_META, "project.json": {"object_detection": {"object_classes": [{"name": "car"}]}}}, CAR, format="superb"),
    Brought("Superb: turned", {"a.jpg": PICTURE, "labels/x1.json": superb(annotation_type="rbox", annotation={"coord": {"cx": 30, "cy": 20, "width": 20, "height": 10, "angle": 90}}), "meta/a.jpg.json": SUPERB_META}, QUARTER, said=said("shapes"), shapes=[ANGLE]),
    Brought("Superb: nothing on it, handed in", {"a.jpg": PICTURE, "labels/x1.json": {"objects": [], "categories": {"properties": []}}, "meta/a.jpg.json": SUPERB_META}, NOTHING),
    Brought("Superb: nothing on it, being worked on", {"a.jpg": PICTURE, "labels/x1.json": {"objects": [], "categories": {"properties": []}}, "meta/a.jpg.json": SUPERB_META | {"status": "Working"}}, NOTHING, UNKNOWN),
    one("CreateML: the middle", "_annotations.createml.json", [{"image": "a.jpg", "annotations": [{"label": "car", "coordinates": {"x": 40, "y": 25, "width": 40, "height": 30}}]}], format="createml"),
    one("CreateML: nothing on it", "_annotations.createml.json", [{"image": "a.jpg", "annotations": []}], NOTHING, format="createml"),
    one("CrowdHuman: people and masks", "v.odgt", lines({"ID": "a", "gtboxes": [{"tag": "person", "fbox": [20, 10, 40, 30], "hbox": [1, 1, 2, 2], "vbox": [20, 10, 40, 20], "extra": {"occ": 1}, "head_attr": {}}, {"tag": "mask", "fbox": [100, 10, 40, 30], "extra": {"ignore": 1}}]}), {"a": [("person", WHERE), ("mask", [100, 10, 140, 40])]}, format="crowdhuman", ignored=[Ignore.NO, Ignore.ANYTHING]),
    one("Hugging Face: columns", "metadata.jsonl", lines({"file_name": "a.jpg", "objects": {"bbox": [[20, 10, 40, 30]], "categories": ["car"]}}), format="hugging_face"),
    one("Hugging Face: nothing on it", "metadata.jsonl", lines({"file_name": "a.jpg", "objects": {"bbox": [], "categories": []}}), NOTHING, format="hugging_face"),
    one("Hugging Face: numbers and a card", "metadata.jsonl", lines({"file_name": "a.jpg", "objects": {"bbox": [[20, 10, 40, 30]], "categories": [0]}}), {"a": [("class 0", WHERE)]}, format="hugging_face"),
    one("Hugging Face: metadata.csv", "metadata.csv", 'file_name,objects\na.jpg,"{""bbox"": [[20, 10, 40, 30]], ""categories"": [""car""]}"\n', NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("FiftyOne: detections", "samples.json", {"samples": [{"filepath": "data/a.jpg", "tags": ["validation"], "ground_truth": {"_cls": "Detections", "detections": [{"_cls": "Detection", "label": "car", "bounding_box": [0.1, 0.1, 0.2, 0.3], "attributes": {}, "tags": []}]}}]}, format="fiftyone", splits={"a": "valid"}),
    one("FiftyOne: labels and a model's", "samples.json", {"samples": [{"filepath": "data/a.jpg", "tags": [], "ground_truth": {"_cls": "Detections", "detections": [{"_cls": "Detection", "label": "car", "bounding_box": [0.1, 0.1, 0.2, 0.3]}]}, "predictions": {"_cls": "Detections", "detections": [{"_cls": "Detection", "label": "bus", "confidence": 0.7, "bounding_box": [0.1, 0.1, 0.2, 0.3]}]}}]}, said=said("predictions")),
    one("AWS Ground Truth's manifest", "output.manifest", lines({"source-ref": "s3://bucket/a.jpg", "boxes": {"image_size": [{"width": 200, "height": 100, "depth": 3}], "annotations": [{"class_id": 0, "left": 20, "top": 10, "width": 40, "height": 30}]}, "boxes-metadata": {"class-map": {"0": "car"}}}), format="ground_truth"),
]

# ---- tables

TABLES = [
    one("OpenImages: rows", "train-annotations-bbox.csv", "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\na,xclick,/m/0k4j,1,0.1,0.3,0.1,0.4,0,0,0,0,0\n", {"a": [("/m/0k4j", WHERE)]}, format="openimages"),
    one("OpenImages: a group", "b.csv", "ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf\na,car,0.1,0.3,0.1,0.4,1\n", ignored=[Ignore.CROWD]),
    one("OpenImages: names with endings", "b.csv", "ImageID,LabelName,XMin,XMax,YMin,YMax\na.jpg,car,0.1,0.3,0.1,0.4\n"),
    one("TensorFlow's CSV", "labels.csv", "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,200,100,car,20,10,60,40\n", format="tf_csv"),
    one("TensorFlow's CSV: a mark and Windows line ends", "labels.csv", "\ufefffilename,width,height,class,xmin,ymin,xmax,ymax\r\na.jpg,200,100,car,20,10,60,40\r\n"),
    one("TensorFlow's CSV: quotes", "labels.csv", '"filename","width","height","class","xmin","ymin","xmax","ymax"\n"a.jpg","200","100","car","20","10","60","40"\n'),
    one("TensorFlow's CSV: semicolons", "labels.csv", "filename;width;height;class;xmin;ymin;xmax;ymax\na.jpg;200;100;car;20;10;60;40\n", format="tf_csv"),
    one("TensorFlow's CSV: semicolons and decimal commas", "labels.csv", "filename;width;height;class;xmin;ymin;xmax;ymax\na.jpg;200;100;car;20,0;10,0;60,0;40,0\n", format="tf_csv"),
    one("TensorFlow's CSV: tabs", "labels.tsv", "filename\twidth\theight\tclass\txmin\tymin\txmax\tymax\na.jpg\t200\t100\tcar\t20\t10\t60\t40\n", format="tf_csv"),
    one("TensorFlow's CSV: fractions", "labels.csv", "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,200,100,car,0.1,0.1,0.3,0.4\n", {"a": [("car", [0.1, 0.1, 0.3, 0.4])]}, asked=True),
    one("TensorFlow's CSV: CP949", "labels.csv", "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,200,100,자동차,20,10,60,40\n".encode("cp949"), {"a": [("자동차", WHERE)]}, said=said("encoding")),
    one("TensorFlow's CSV: a path", "labels.csv", "path,label,x1,y1,x2,y2\n/home/kim/set/a.jpg,car,20,10,60,40\n"),
    one("TensorFlow's CSV: a confidence", "labels.csv", "filename,class,xmin,ymin,xmax,ymax,confidence\na.jpg,car,20,10,60,40,0.8\n", NOTHING, states=UNKNOWN, said=said("predictions"), predictions=1),
    one("TensorFlow's CSV: an image without boxes", "labels.csv", "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,200,100,,,,,\n", NOTHING),
    Brought("Roboflow's CSV in three folders", {"train/a.jpg": PICTURE, "train/_annotations.csv": "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,200,100,car,20,10,60,40\n", "valid/a.jpg": PICTURE, "valid/_annotations.csv": "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,200,100,bus,20,10,60,40\n"}, {"train/a.jpg": CAR["a"], "valid/a.jpg": [("bus", WHERE)]}, splits={"train/a.jpg": "train", "valid/a.jpg": "valid"}),
    one("RetinaNet's CSV", "l.csv", "a.jpg,20,10,60,40,car\n", format="retinanet"),
    one("RetinaNet's CSV: an image without boxes", "l.csv", "a.jpg,,,,,\n", NOTHING, format="retinanet"),
    one("corners and sizes in a table", "l.csv", "image,label,x,y,width,height\na.jpg,car,20,10,40,30\n", NOTHING, states=UNKNOWN, said=said("unrecognised")),
]

# ---- TFRecord: tf.train.Example by hand, as protobuf lays it out


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def part(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def feature(value: Any) -> bytes:
    if isinstance(value[0], bytes):
        return part(1, b"".join(part(1, one) for one in value))
    if isinstance(value[0], float):
        return part(2, part(1, struct.pack(f"<{len(value)}f", *value)))
    return part(3, part(1, b"".join(map(varint, value))))


def record(**features: Any) -> bytes:
    entries = b"".join(part(1, part(1, key.replace("__", "/").encode()) + part(2, feature(value))) for key, value in features.items())
    message = part(1, entries)
    return struct.pack("<Q", len(message)) + b"\0" * 4 + message + b"\0" * 4


def example(name: str = "a.jpg", **more: Any) -> bytes:
    sides = {"xmin": [0.1], "ymin": [0.1], "xmax": [0.3], "ymax": [0.4]}
    boxes = {f"image__object__bbox__{side}": value for side, value in sides.items()}
    plain = {"image__filename": [name.encode()], "image__object__class__text": [b"car"], "image__object__class__label": [1]}
    return record(**plain, **boxes, **more)


PICTURE_INSIDE: dict[str, Any] = {"image__encoded": [jpeg(*PICTURE)], "image__format": [b"jpeg"]}
RECORDS = [
    one("TFRecord: pictures beside it", "train.record", example(**PICTURE_INSIDE), format="tfrecord"),
    Brought("TFRecord: pictures inside", {"train.tfrecord": example(**PICTURE_INSIDE)}, CAR, format="tfrecord", splits={"a": "train"}),
    Brought("TFRecord: several pictures inside", {"train.tfrecord": example(**PICTURE_INSIDE) + example("b.jpg", image__encoded=[jpeg(*PICTURE, (1, 2, 3))])}, CARS, format="tfrecord"),
    Brought("TFRecord: in pieces", {"d.tfrecord-00000-of-00002": example(**PICTURE_INSIDE), "d.tfrecord-00001-of-00002": example("b.jpg", image__encoded=[jpeg(*PICTURE, (1, 2, 3))])}, CARS, format="tfrecord"),
    Brought("TFRecord: one name in both splits", {"train/x.tfrecord": example(**PICTURE_INSIDE), "valid/x.tfrecord": example(image__encoded=[jpeg(*PICTURE, (1, 2, 3))])}, {"train/a.jpg": CAR["a"], "valid/a.jpg": CAR["a"]}, splits={"train/a.jpg": "train", "valid/a.jpg": "valid"}),
    Brought("TFRecord: no picture", {"train.tfrecord": example()}, {}, said=said("no_image")),
    Brought("TFRecord: a picture without a name", {"train.tfrecord": record(image__encoded=[jpeg(*PICTURE)], image__object__class__text=[b"car"], image__object__bbox__xmin=[0.1], image__object__bbox__ymin=[0.1], image__object__bbox__xmax=[0.3], image__object__bbox__ymax=[0.4])}, {"train-000000": CAR["a"]}, format="tfrecord"),
    Brought("TFRecord: a label map", {"a.jpg": PICTURE, "train.record": example().replace(b"image/object/class/text", b"image/object/class/tuxt"), "label_map.pbtxt": 'item {\n  id: 1\n  name: "car"\n}\n'}, CAR),
    one("TFRecord: cut off", "train.record", example()[:-8], NOTHING, states=UNKNOWN, said=said("broken_file")),
]

CASES = [*SCALABEL, *CVAT, *VOC, *LABELME, *LABEL_STUDIO, *TEXTS, *JSONS, *TABLES, *RECORDS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_is_read_as_it_was_meant(case: Brought, tmp_path: Path) -> None:
    check(case, tmp_path)
