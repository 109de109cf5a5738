"""Files of single tools as people bring them: tracks, reviews, fields and folders. What is right was written first."""

# A case a line:
# ruff: noqa: E501
# fmt: off

import json
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from dataset.importing.survey import NOT_LABELLED
from tests.dataset.brought import PICTURE, TURNED, Boxes, Brought, check, said

WHERE = [20, 10, 60, 40]
CAR: Boxes = {"a": [("car", WHERE)]}
CARS = CAR | {"b": CAR["a"]}
NOTHING: Boxes = {"a": []}
UNKNOWN = {"a": NOT_LABELLED}
TWO = {"a.jpg": PICTURE, "b.jpg": PICTURE}
FRAMES = {f"images/frame_00000{n}.jpg": PICTURE for n in range(4)}
ROW = "0 0.2 0.25 0.2 0.3\n"
BOX = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 10, 40, 30]}
LV = {"x": 10, "y": 10, "width": 20, "height": 30, "rotation": 0, "rectanglelabels": ["car"]}
LB = {"id": "r", "type": "rectanglelabels", "from_name": "label", "to_name": "image", "original_width": 200, "original_height": 100, "image_rotation": 0, "value": LV}
CHOICE = {"id": "c", "type": "choices", "from_name": "q", "to_name": "image", "value": {"choices": ["night"]}}
DB = {"id": 0, "type": "bbox", "attributes": {}, "group": 0, "label_id": 0, "z_order": 0, "bbox": [20, 10, 40, 30]}


def one(what: str, name: str, content: Any, boxes: Boxes = CAR, *, picture: Any = PICTURE, **more: Any) -> Brought:
    """One picture and one file."""
    return Brought(what, {"a.jpg": picture, name: content}, boxes, **more)


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def coco(*annotations: Any, **more: Any) -> dict[str, Any]:
    images = [{"id": 1, "file_name": "a.jpg", "width": 200, "height": 100}]
    return {"images": images, "categories": [{"id": 1, "name": "car"}], "annotations": list(annotations)} | more


def ls(*results: Any) -> list[Any]:
    """A task of Label Studio."""
    annotation = {"id": 1, "was_cancelled": False, "result": list(results)}
    return [{"id": 1, "data": {"image": "/data/upload/1/1a2b3c4d-a.jpg"}, "annotations": [annotation]}]


def fo(**fields: Any) -> dict[str, Any]:
    """A sample of FiftyOne."""
    return {"samples": [{"filepath": "data/a.jpg", "tags": [], **fields}]}


def dets(*labels: str, **more: Any) -> dict[str, Any]:
    return {"_cls": "Detections", "detections": [{"_cls": "Detection", "label": label, "bounding_box": [0.1, 0.1, 0.2, 0.3], **more} for label in labels]}


def dm(*annotations: Any, item: Any = None) -> dict[str, Any]:
    """Datumaro's own."""
    labels = [{"name": "car", "parent": "", "attributes": []}]
    about = {"id": "a", "annotations": list(annotations), "image": {"path": "a.jpg", "size": [100, 200]}}
    return {"info": {}, "categories": {"label": {"labels": labels, "attributes": []}}, "items": [about | (item or {})]}


def cvat(*images: str, meta: str = "") -> str:
    return f'<annotations><version>1.1</version><meta>{meta}</meta>{"".join(images)}</annotations>'


def track(*shapes: tuple[int, int, int, int], label: str = "car") -> str:
    """Of CVAT: frame, left, keyframe, outside."""
    drawn = "".join(f'<box frame="{at}" xtl="{left}" ytl="10" xbr="{left + 40}" ybr="40" keyframe="{key}" outside="{out}" occluded="0"/>' for at, left, key, out in shapes)
    return f'<track id="0" label="{label}">{drawn}</track>'


def frame(number: int) -> str:
    return f"frame_00000{number}"


CASES = [
    one("Label Studio: choices alone beside boxes", "l.json", [*ls(LB), ls(CHOICE)[0] | {"id": 2, "data": {"image": "/data/upload/b.jpg"}}], CAR),
    one("Label Studio: drafts alone", "l.json", [{"id":1,"data":{"image":"a.jpg"},"annotations":[],"drafts":[{"result":[LB]}],"predictions":[]}], NOTHING, states=UNKNOWN),
    one("Label Studio: predictions alone", "l.json", [{"id":1,"data":{"image":"a.jpg"},"annotations":[],"predictions":[{"result":[LB],"score":0.9}]}], NOTHING, states=UNKNOWN),
    one("Label Studio: brush", "l.json", ls(LB | {"type":"brushlabels","value":{"format":"rle","rle":[0,1,2],"brushlabels":["car"]}}), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("Label Studio: polygon", "l.json", ls(LB | {"type":"polygonlabels","value":{"points":[[10,10],[30,10],[30,40]],"polygonlabels":["car"]}}), said=said("shapes")),
    one("Label Studio: EXIF upright size", "l.json", ls(LB | {"original_width":100,"original_height":200}), {"a":[("car",[10,20,30,80])]}, picture=TURNED),
    one("Label Studio: EXIF stored size", "l.json", ls(LB), {"a":[("car",[10,20,30,80])]}, picture=TURNED),
    one("Label Studio: rotation 30", "l.json", ls(LB | {"value":LV | {"rotation":90,"x":30,"y":10,"width":20,"height":20}}), {"a":[("car",[40,10,60,50])]}, said=said("shapes")),
    one("Label Studio: min", "l.json", [{"id":1,"image":"/data/upload/1/1a2b3c4d-a.jpg","label":[LV | {"original_width":200,"original_height":100}],"annotator":1,"annotation_id":1}], CAR),
    Brought("Label Studio: relation regions", TWO | {"l.json": ls(LB, {"type":"relation","from_id":"r","to_id":"s","direction":"right"})}, CAR | {"b":[]}, {"b":NOT_LABELLED}),
    one("FiftyOne: two fields", "samples.json", fo(ground_truth=dets("car"), corrected=dets("bus")), CAR, said=said("other_field")),
    one("FiftyOne: detection alone", "samples.json", fo(ground_truth={"_cls":"Detection","label":"car","bounding_box":[0.1,0.1,0.2,0.3]}), CAR),
    one("FiftyOne: polylines", "samples.json", fo(ground_truth={"_cls":"Polylines","polylines":[{"_cls":"Polyline","label":"car","points":[[[0.1,0.1],[0.3,0.1],[0.3,0.4]]],"closed":True,"filled":True}]}), CAR, said=said("shapes")),
    one("FiftyOne: crowd", "samples.json", fo(ground_truth=dets("car", iscrowd=1)), ignored=[Ignore.CROWD]),
    one("FiftyOne: null", "samples.json", fo(ground_truth=None), NOTHING, states=UNKNOWN),
    one("FiftyOne: labels.json", "labels.json", {"classes":["car"],"labels":{"a":[{"label":"car","bounding_box":[0.1,0.1,0.2,0.3],"attributes":{}}]}}, CAR),
    one("FiftyOne: labels.json null", "labels.json", {"classes":["car"],"labels":{"a":None}}, NOTHING, states=UNKNOWN),
    one("Datumaro: is_crowd", "annotations/train.json", dm(DB | {"attributes":{"is_crowd":True}}), ignored=[Ignore.CROWD], splits={"a":"train"}),
    one("Datumaro: media", "annotations/default.json", dm(DB, item={"image":None,"media":{"path":""}}), CAR),
    one("Datumaro: label_id none", "annotations/default.json", dm(DB | {"label_id":None}), NOTHING, states=UNKNOWN, said=said("broken_record")),
    Brought("Datumaro: two subsets", {"images/train/a.jpg":PICTURE,"images/val/b.jpg":PICTURE,"annotations/train.json":dm(DB),"annotations/val.json":dm(DB,item={"id":"b","image":{"path":"b.jpg","size":[100,200]}})}, CARS, splits={"a":"train","b":"valid"}),
    Brought("Datumaro: track", {"a.jpg":PICTURE,"annotations/default.json":dm(DB | {"attributes":{"track_id":4,"keyframe":True,"outside":False}})}, CAR),
    Brought("Datumaro: outside", {"a.jpg":PICTURE,"annotations/default.json":dm(DB | {"attributes":{"track_id":4,"keyframe":True,"outside":True}})}, NOTHING, UNKNOWN),
    Brought("CVAT: track with step", {f"images/frame_00000{n}.jpg":PICTURE for n in range(3)} | {"annotations.xml":cvat(track((0,20,1,0),(2,40,1,0),(3,40,1,1)), meta="<task><mode>interpolation</mode><start_frame>0</start_frame><stop_frame>20</stop_frame><frame_filter>step=10</frame_filter></task>")}, {frame(0):[("car",WHERE)],frame(1):[("car",[30,10,70,40])],frame(2):[("car",[40,10,80,40])]}),
    Brought("CVAT: outside in between", FRAMES | {"annotations.xml":cvat(track((0,20,1,0),(1,20,1,1),(3,60,1,0)))}, {frame(0):[("car",WHERE)],frame(1):[],frame(2):[],frame(3):[("car",[60,10,100,40])]}, {frame(1):NOT_LABELLED,frame(2):NOT_LABELLED}),
    Brought("CVAT: track label ignore", FRAMES | {"annotations.xml":cvat(track((0,20,1,0),(1,20,1,1),label="ignore"))}, {frame(0):[("ignore",WHERE)],frame(1):[],frame(2):[],frame(3):[]}, {frame(n):NOT_LABELLED for n in (1,2,3)}, ignored=[Ignore.ANYTHING]),
    Brought("CVAT: tracks beside images", TWO | {"annotations.xml":cvat('<image id="0" name="a.jpg" width="200" height="100"><box label="car" xtl="20" ytl="10" xbr="60" ybr="40" occluded="0"/></image>','<image id="1" name="b.jpg" width="200" height="100"/>')}, CAR | {"b":[]}),
    Brought("CVAT: coco subset", {"images/Train/a.jpg":PICTURE,"annotations/instances_Train.json":coco(BOX),"images/Test/a.jpg":PICTURE,"annotations/instances_Test.json":coco()}, {"images/Train/a.jpg":CAR["a"],"images/Test/a.jpg":[]}, splits={"images/Train/a.jpg":"train","images/Test/a.jpg":"test"}),
    Brought("Roboflow: readmes", {"train/images/a.jpg":PICTURE,"train/labels/a.txt":ROW,"data.yaml":"names: [car]\nroboflow:\n  version: 1\n","README.roboflow.txt":"\nset - v1\n====\n","README.dataset.txt":"# set > v1\nhttps://x\n"}, CAR, silent=said("unrecognised","no_image","broken_record")),
    Brought("Roboflow: multiclass", {"train/a.jpg":PICTURE,"train/_classes.csv":"filename, car\na.jpg, 1\n"}, NOTHING, UNKNOWN, said=said("unrecognised")),
    Brought("Hugging Face: card", {"a.jpg":PICTURE,"metadata.jsonl":lines({"file_name":"a.jpg","objects":{"bbox":[[20,10,40,30]],"category":[1]}}),"README.md":"---\ndataset_info:\n  features:\n  - name: objects\n    sequence:\n    - name: category\n      dtype:\n        class_label:\n          names:\n            '0': bus\n            '1': car\n---\n"}, CAR),
    one("Hugging Face: jsonl without objects", "metadata.jsonl", lines({"file_name":"a.jpg","text":"a car"}), NOTHING, states=UNKNOWN),
    one("Hugging Face: xyxy corner", "metadata.jsonl", lines({"file_name":"a.jpg","objects":{"bbox":[[0.1,0.1,0.2,0.3]],"categories":["car"]}}), {"a":[("car",[0.1,0.1,0.3,0.4])]}, asked=True),
    Brought("Labelbox: bbox at null", {"a.jpg":PICTURE,"e.ndjson":lines({"data_row":{"id":"1","external_id":"a.jpg"},"media_attributes":{"width":200,"height":100},"projects":{"p":{"labels":[]}}})}, NOTHING, UNKNOWN),
    Brought("YOLO beside COCO of the same", {"images/a.jpg":PICTURE,"labels/a.txt":ROW,"data.yaml":"names: [car]\n","annotations.json":coco(BOX)}, CAR, said=said("other_format")),
    Brought("YOLO and VOC of the same", {"a.jpg":PICTURE,"a.txt":ROW,"classes.txt":"bus\n","a.xml":"<annotation><filename>a.jpg</filename><object><name>car</name><bndbox><xmin>20</xmin><ymin>10</ymin><xmax>60</xmax><ymax>40</ymax></bndbox></object></annotation>"}, CAR, said=said("other_format")),
    Brought("NFC class", {"images/a.jpg":PICTURE,"labels/a.txt":ROW,"classes.txt":"가위\n"}, {"a":[("가위",WHERE)]}, classes=["가위"]),
    Brought("two COCO files contradict", TWO | {"x.json":coco(BOX),"y.json":coco(BOX | {"bbox":[22,10,40,30]})}, CAR | {"b":[]}, {"b":NOT_LABELLED}, said=said("contradicts")),
    Brought("COCO: one says nothing, other box", {"a.jpg":PICTURE,"x.json":coco(BOX),"y.json":coco()}, CAR),
    Brought("COCO: captions and boxes by name", {"val/a.jpg":PICTURE,"annotations/captions_val.json":coco({"id":1,"image_id":1,"caption":"x"}),"annotations/instances_val.json":coco(BOX)}, CAR, said=said("other_file")),
    Brought("MOT: gt and det", {"S/img1/000001.jpg":PICTURE,"S/gt/gt.txt":"1,1,20,10,40,30,1,1,1\n","S/det/det.txt":"1,-1,20,10,40,30,0.9\n","S/seqinfo.ini":"[Sequence]\nname=S\nimDir=img1\nframeRate=30\nseqLength=1\nimWidth=200\nimHeight=100\nimExt=.jpg\n"}, {"000001":[("pedestrian",WHERE)]}),
    Brought("crowdhuman images in folders", {"Images/273271,1a0d6000b9e1f5b7.jpg":PICTURE,"annotation_val.odgt":lines({"ID":"273271,1a0d6000b9e1f5b7","gtboxes":[{"tag":"person","fbox":[20,10,40,30],"hbox":[1,1,2,2],"vbox":[20,10,40,30],"extra":{},"head_attr":{}}]})}, {"273271,1a0d6000b9e1f5b7":[("person",WHERE)]}),
    Brought("Supervisely: tags negative", {"ds/img/a.jpg":PICTURE,"ds/ann/a.jpg.json":{"description":"","tags":[{"name":"night","value":None}],"size":{"height":100,"width":200},"objects":[]}}, NOTHING),
    Brought("KITTI: empty txt", {"image_2/a.png":PICTURE,"label_2/a.txt":"","image_2/b.png":PICTURE,"label_2/b.txt":"car 0 0 0 20 10 60 40 1 1 1 1 1 1 0\n"}, {"a":[],"b":CAR["a"]}),
    Brought("VisDrone: VID", {"sequences/s1/0000001.jpg":PICTURE,"annotations/s1.txt":"1,0,20,10,40,30,1,4,0,0\n"}, {"0000001":[("car",WHERE)]}),
    Brought("OpenImages: descriptions", {"a.jpg":PICTURE,"b.csv":"ImageID,LabelName,XMin,XMax,YMin,YMax\na,/m/0k4j,0.1,0.3,0.1,0.4\n","class-descriptions-boxable.csv":"/m/0k4j,Car\n"}, {"a":[("Car",WHERE)]}, silent=said("unrecognised")),
    Brought("BDD100K: per image", {"a.jpg":PICTURE,"labels/a.json":{"name":"a","attributes":{"weather":"clear"},"frames":[{"timestamp":1000,"objects":[{"category":"car","id":1,"attributes":{},"box2d":{"x1":20,"y1":10,"x2":59,"y2":39}}]}]}}, CAR),
    Brought("LabelMe: split folders, one name", {"train/a.jpg":PICTURE,"train/a.json":{"version":"5","flags":{},"shapes":[{"label":"car","points":[[20,10],[60,40]],"shape_type":"rectangle","flags":{}}],"imagePath":"a.jpg","imageData":None,"imageHeight":100,"imageWidth":200},"val/a.jpg":PICTURE,"val/a.json":{"version":"5","flags":{},"shapes":[],"imagePath":"a.jpg","imageData":None,"imageHeight":100,"imageWidth":200}}, {"train/a.jpg":CAR["a"],"val/a.jpg":[]}, splits={"train/a.jpg":"train","val/a.jpg":"valid"}),
    one("Datumaro: a box that a track keeps, in COCO", "c.json", coco(BOX, BOX | {"id": 2, "bbox": [100, 10, 40, 30], "attributes": {"track_id": 1, "keyframe": True, "outside": True}}), said=said("broken_record")),
    one("a box outside of something, which is no track's", "c.json", coco(BOX | {"attributes": {"outside": True}}), attributes=[{"outside": True}]),
    one("FiftyOne: labels.json with numbers for classes", "labels.json", {"classes": ["bus", "car"], "labels": {"a": [{"label": 1, "bounding_box": [0.1, 0.1, 0.2, 0.3]}]}}, classes=["bus", "car"], format="fiftyone"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_is_read_as_it_was_meant(case: Brought, tmp_path: Path) -> None:
    check(case, tmp_path)
