"""Exports of further makers, by their public descriptions. What is right was written before it was tried."""

# A case a line:
# ruff: noqa: E501
# fmt: off

import json
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from dataset.importing.survey import NEGATIVE, NOT_LABELLED
from dataset.importing.types import Answers
from tests.dataset.brought import PICTURE, Boxes, Brought, check, said

WHERE = [20, 10, 60, 40]
CAR: Boxes = {"a": [("car", WHERE)]}
CARS = CAR | {"b": CAR["a"]}
NOTHING: Boxes = {"a": []}
UNKNOWN = {"a": NOT_LABELLED}
TWO = {"a.jpg": PICTURE, "b.jpg": PICTURE}


def one(what: str, name: str, content: Any, boxes: Boxes = CAR, **more: Any) -> Brought:
    """One picture and one file."""
    return Brought(what, {"a.jpg": PICTURE, name: content}, boxes, **more)


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


# ---- SageMaker Ground Truth: a manifest

AWS_BOX = {"class_id": 0, "left": 20, "top": 10, "width": 40, "height": 30}
AWS_SIZE = [{"width": 200, "height": 100, "depth": 3}]
AWS_TOLD = {"objects": [{"confidence": 0.87}], "class-map": {"0": "car"}, "type": "groundtruth/object-detection", "human-annotated": "yes", "creation-date": "2024-01-02T03:04:05", "job-name": "boxes"}


def manifest(*boxes: Any, ref: str = "s3://bucket/set/a.jpg", told: Any = AWS_TOLD, **more: Any) -> str:
    return lines({"source-ref": ref, "boxes": {"image_size": AWS_SIZE, "annotations": list(boxes)}, "boxes-metadata": told} | more)


ADJUSTED = {"better": {"image_size": AWS_SIZE, "annotations": [AWS_BOX | {"left": 100}]}, "better-metadata": AWS_TOLD | {"creation-date": "2024-02-02T03:04:05", "adjustment-status": "adjusted"}}
AWS = [
    one("Ground Truth: a manifest", "output.manifest", manifest(AWS_BOX), format="ground_truth"),
    one("Ground Truth: named as JSON lines", "output.jsonl", manifest(AWS_BOX), format="ground_truth"),
    one("Ground Truth: nothing on it", "output.manifest", manifest(), NOTHING),
    one("Ground Truth: the job failed", "output.manifest", lines({"source-ref": "s3://bucket/a.jpg", "boxes-metadata": {"failure-reason": "ClientError", "type": "groundtruth/object-detection"}}), NOTHING, states=UNKNOWN),
    one("Ground Truth: not labelled yet", "dataset.manifest", lines({"source-ref": "s3://bucket/a.jpg"}), NOTHING, states=UNKNOWN),
    one("Ground Truth: adjusted by a later job", "output.manifest", manifest(AWS_BOX, **ADJUSTED), {"a": [("car", [100, 10, 140, 40])]}, said=said("other_field")),
    one("Ground Truth: a class that the map lacks", "output.manifest", manifest(AWS_BOX | {"class_id": 3}), NOTHING, states=UNKNOWN, said=said("unknown_class")),
    one("Ground Truth: numbers in quotes", "output.manifest", manifest({key: str(value) for key, value in AWS_BOX.items()})),
    one("Ground Truth: verified as bad is still what was drawn", "output.manifest", manifest(AWS_BOX, verify=1, **{"verify-metadata": {"class-name": "bad", "type": "groundtruth/label-verification"}})),
    one("Ground Truth: classes of the whole image", "output.manifest", lines({"source-ref": "s3://bucket/a.jpg", "kind": 0, "kind-metadata": {"class-name": "car", "type": "groundtruth/image-classification", "confidence": 0.9}}), NOTHING, states=UNKNOWN),
    one("Ground Truth: another size stated", "output.manifest", manifest(AWS_BOX).replace('"width": 200', '"width": 400'), said=said("size")),
    one("a manifest of something else", "other.manifest", lines({"source": "some text", "label": 1}), NOTHING, states=UNKNOWN, said=said("unrecognised")),
]

# ---- V7 Darwin

V7_BOX = {"id": "x", "name": "car", "bounding_box": {"x": 20, "y": 10, "w": 40, "h": 30}, "slot_names": ["0"], "annotators": [], "properties": []}
V7_PATH = [{"x": 20, "y": 10}, {"x": 60, "y": 10}, {"x": 60, "y": 40}]


def darwin(*annotations: Any, **item: Any) -> dict[str, Any]:
    slot = {"type": "image", "slot_name": "0", "width": 200, "height": 100, "source_files": [{"file_name": "a.jpg", "url": "https://host.example/a"}]}
    return {"version": "2.0", "schema_ref": "https://darwin-public.example/darwin_json_2_0.schema.json", "item": {"name": "a.jpg", "path": "/", "slots": [slot]} | item, "annotations": list(annotations)}


def darwin_1(*annotations: Any) -> dict[str, Any]:
    image = {"width": 200, "height": 100, "original_filename": "a.jpg", "filename": "a.jpg", "url": "https://host.example/a", "workview_url": "https://host.example/w", "path": "/"}
    return {"dataset": "set", "image": image, "annotations": list(annotations)}


V7 = [
    one("Darwin: a box", "annotations/a.json", darwin(V7_BOX), format="darwin"),
    one("Darwin: the first version", "annotations/a.json", darwin_1({"name": "car", "bounding_box": V7_BOX["bounding_box"]}), format="darwin"),
    one("Darwin: a polygon has its box beside it", "annotations/a.json", darwin(V7_BOX | {"polygon": {"paths": [V7_PATH]}}), said=said("shapes")),
    one("Darwin: a polygon without a box", "annotations/a.json", darwin({"name": "car", "polygon": {"paths": [V7_PATH]}}), said=said("shapes")),
    one("Darwin: the first version's polygon", "annotations/a.json", darwin_1({"name": "car", "polygon": {"path": V7_PATH}}), said=said("shapes")),
    one("Darwin: an ellipse", "annotations/a.json", darwin({"name": "car", "ellipse": {"center": {"x": 40, "y": 25}, "radius": {"x": 20, "y": 15}, "angle": 0}}), said=said("shapes")),
    one("Darwin: nothing on it", "annotations/a.json", darwin(), NOTHING),
    one("Darwin: a tag alone", "annotations/a.json", darwin({"name": "night", "tag": {}}), NOTHING),
    one("Darwin: keypoints and lines", "annotations/a.json", darwin({"name": "nose", "keypoint": {"x": 1, "y": 2}}, {"name": "lane", "line": {"path": V7_PATH}}), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("Darwin: a video's frames", "annotations/a.json", darwin({"name": "car", "frames": {"0": {"bounding_box": V7_BOX["bounding_box"], "keyframe": True}}, "ranges": [[0, 5]]}), NOTHING, states=UNKNOWN, said=said("no_box")),
    one("Darwin: attributes and an id of the object", "annotations/a.json", darwin(V7_BOX | {"attributes": ["red", "parked"], "instance_id": {"value": 3}, "text": {"text": "AB 12"}}), attributes=[{"red": True, "parked": True, "track": 3, "text": "AB 12"}]),
    one("Darwin: no name", "annotations/a.json", darwin({key: V7_BOX[key] for key in ("id", "bounding_box")}), NOTHING, states=UNKNOWN, said=said("broken_record")),
    Brought("Darwin: folders in the platform", {"cam1/a.jpg": PICTURE, "cam2/a.jpg": PICTURE, "annotations/1.json": darwin(V7_BOX, path="/cam1"), "annotations/2.json": darwin(path="/cam2")}, {"cam1/a.jpg": CAR["a"], "cam2/a.jpg": []}),
]

# ---- VoTT

VOTT_BOX = {"id": "r1", "type": "RECTANGLE", "tags": ["car"], "boundingBox": {"height": 30, "width": 40, "left": 20, "top": 10}, "points": [{"x": 20, "y": 10}, {"x": 60, "y": 10}, {"x": 60, "y": 40}, {"x": 20, "y": 40}]}


def vott_asset(*regions: Any, name: str = "a.jpg") -> dict[str, Any]:
    return {"asset": {"format": "jpg", "id": "0c1d", "name": name, "path": f"file:C:/set/{name}", "size": {"width": 200, "height": 100}, "state": 2, "type": 1}, "regions": list(regions), "version": "2.2.0"}


def vott(**assets: Any) -> dict[str, Any]:
    return {"name": "set", "securityToken": "t", "tags": [{"name": "bus", "color": "#fff"}, {"name": "car", "color": "#000"}], "assets": assets, "version": "2.2.0"}


VOTT = [
    one("VoTT: an export", "set-export.json", vott(x=vott_asset(VOTT_BOX)), format="vott", classes=["bus", "car"]),
    one("VoTT: a picture's own file", "0c1d-asset.json", vott_asset(VOTT_BOX), format="vott"),
    one("VoTT: no regions", "set-export.json", vott(x=vott_asset()), NOTHING, states=UNKNOWN, format="vott"),
    one("VoTT: a polygon", "set-export.json", vott(x=vott_asset(VOTT_BOX | {"type": "POLYGON"})), said=said("shapes")),
    one("VoTT: two tags", "set-export.json", vott(x=vott_asset(VOTT_BOX | {"tags": ["car", "bus"]})), said=said("several_labels")),
    one("VoTT: no tag", "set-export.json", vott(x=vott_asset(VOTT_BOX | {"tags": []})), NOTHING, states=UNKNOWN, said=said("broken_record")),
    one("VoTT: spaces escaped in the path", "set-export.json", vott(x=vott_asset(VOTT_BOX, name="sub%20dir/a.jpg"))),
    Brought("VoTT: the export and the pictures' own files", TWO | {"set-export.json": vott(x=vott_asset(VOTT_BOX), y=vott_asset(VOTT_BOX, name="b.jpg")), "0c1d-asset.json": vott_asset(VOTT_BOX)}, CARS),
]

# ---- makesense, OpenMMLab, nuImages, TT100K

MAKESENSE = "label_name,bbox_x,bbox_y,bbox_width,bbox_height,image_name,image_width,image_height\ncar,20,10,40,30,a.jpg,200,100\n"
MM_BOX = {"bbox": WHERE, "bbox_label": 1, "ignore_flag": 0}


def mm(*instances: Any, **more: Any) -> dict[str, Any]:
    return {"metainfo": {"dataset_type": "my", "task_name": "det", "classes": ["bus", "car"]}, "data_list": [{"img_path": "images/a.jpg", "height": 100, "width": 200, "instances": list(instances)}]} | more


def nuimages(*annotations: Any, **data: Any) -> dict[str, Any]:
    frame = {"token": "d1", "sample_token": "s1", "filename": "samples/CAM_FRONT/a.jpg", "width": 200, "height": 100, "is_key_frame": True, "fileformat": "jpg", "timestamp": 1}
    tables = {"category": [{"token": "c1", "name": "vehicle.car", "description": ""}], "attribute": [{"token": "t1", "name": "vehicle.parked", "description": ""}], "sample_data": [frame | data], "object_ann": list(annotations), "sensor": [{"token": "n1", "channel": "CAM_FRONT", "modality": "camera"}], "log": [{"token": "l1", "location": "here"}]}
    return {"samples/CAM_FRONT/a.jpg": PICTURE} | {f"v1.0-mini/{name}.json": rows for name, rows in tables.items()}


NU_BOX = {"token": "o1", "sample_data_token": "d1", "category_token": "c1", "attribute_tokens": ["t1"], "bbox": WHERE, "mask": None}
NU_CAR: Boxes = {"a": [("vehicle.car", WHERE)]}
TT = {"category": "car", "bbox": {"xmin": 20.0, "ymin": 10.0, "xmax": 60.0, "ymax": 40.0}, "ellipse_org": [[1, 2]]}


def tt(*objects: Any) -> dict[str, Any]:
    return {"types": ["bus", "car"], "imgs": {"7": {"id": 7, "path": "train/a.jpg", "objects": list(objects)}}}


SETS = [
    one("makesense: with names of columns", "labels.csv", MAKESENSE, format="makesense"),
    one("makesense: without", "labels_my-project_2024.csv", MAKESENSE.split("\n")[1], format="makesense"),
    one("makesense: a class with a comma", "labels.csv", MAKESENSE.replace("\ncar", '\n"car, red"'), {"a": [("car, red", WHERE)]}),
    one("makesense: another size stated", "labels.csv", MAKESENSE.replace(",200,100", ",400,200"), said=said("size")),
    one("makesense: a row cut off", "labels.csv", MAKESENSE + "car,20,10\n", said=said("broken_record")),
    one("OpenMMLab: as its docs have it", "train.json", mm(MM_BOX), format="mmdetection", classes=["bus", "car"]),
    one("OpenMMLab: capitals", "train.json", mm(MM_BOX, metainfo={"CLASSES": ["bus", "car"]})),
    one("OpenMMLab: one that is ignored", "train.json", mm(MM_BOX | {"ignore_flag": 1}), ignored=[Ignore.REGION]),
    one("OpenMMLab: nothing on it", "train.json", mm(), NOTHING),
    one("OpenMMLab: no classes", "train.json", mm(MM_BOX, metainfo={"dataset_type": "my"}), {"a": [("class 1", WHERE)]}),
    one("OpenMMLab: a class beyond the list", "train.json", mm(MM_BOX | {"bbox_label": 5}), NOTHING, states=UNKNOWN, said=said("unknown_class")),
    one("OpenMMLab: of before", "train.json", [{"filename": "a.jpg", "width": 200, "height": 100, "ann": {"bboxes": [WHERE], "labels": [0], "bboxes_ignore": [[100, 10, 140, 40]]}}], {"a": [("class 0", WHERE), ("ignored", [100, 10, 140, 40])]}, ignored=[Ignore.NO, Ignore.ANYTHING], format="mmdetection"),
    Brought("nuImages: its tables", nuimages(NU_BOX), NU_CAR, format="nuimages", attributes=[{"vehicle.parked": True}], silent=said("unrecognised")),
    Brought("nuImages: a key frame with nothing on it", nuimages(), NOTHING, states={"a": NEGATIVE}),
    Brought("nuImages: a frame between", nuimages(is_key_frame=False), NOTHING, UNKNOWN),
    Brought("nuImages: a category that is not in the table", nuimages(NU_BOX | {"category_token": "zz"}), NOTHING, UNKNOWN, said=said("unknown_class")),
    Brought("nuImages: a table missing", {name: content for name, content in nuimages(NU_BOX).items() if "sample_data" not in name}, NOTHING, UNKNOWN, said=said("broken_file")),
    one("Tsinghua-Tencent 100K", "annotations.json", tt(TT), format="tt100k", classes=["bus", "car"]),
    one("Tsinghua-Tencent 100K: nothing on it", "annotations_all.json", tt(), NOTHING),
    one("Tsinghua-Tencent 100K: no box", "annotations.json", tt({"category": "car"}), NOTHING, states=UNKNOWN, said=said("broken_record")),
]

# ---- JSON lines of Google and Microsoft

VERTEX = {"imageGcsUri": "gs://bucket/a.jpg", "boundingBoxAnnotations": [{"displayName": "car", "xMin": 0.1, "yMin": 0.1, "xMax": 0.3, "yMax": 0.4}], "dataItemResourceLabels": {"aiplatform.googleapis.com/ml_use": "validation"}}
AZURE = {"image_url": "azureml://subscriptions/x/datastores/workspaceblobstore/paths/set/a.jpg", "image_details": {"format": "jpg", "width": "200px", "height": "100px"}, "label": [{"label": "car", "topX": 0.1, "topY": 0.1, "bottomX": 0.3, "bottomY": 0.4, "isCrowd": 0}]}
CLOUDS = [
    one("Vertex AI: JSON lines", "import.jsonl", lines(VERTEX), format="vertex", splits={"a": "valid"}),
    one("Vertex AI: numbers in quotes", "import.jsonl", lines(VERTEX | {"boundingBoxAnnotations": [{"displayName": "car", "xMin": "0.1", "yMin": "0.1", "xMax": "0.3", "yMax": "0.4"}]})),
    one("Vertex AI: nothing on it", "import.jsonl", lines(VERTEX | {"boundingBoxAnnotations": []}), NOTHING),
    one("Vertex AI: a picture alone", "import.jsonl", lines({"imageGcsUri": "gs://bucket/a.jpg"}), NOTHING, states=UNKNOWN),
    one("Vertex AI: zeros left out, as protobuf does", "import.jsonl", lines(VERTEX | {"boundingBoxAnnotations": [{"displayName": "car", "yMin": 0.1, "xMax": 0.3, "yMax": 0.4}]}), {"a": [("car", [0, 10, 60, 40])]}),
    one("Azure ML: JSON lines", "train.jsonl", lines(AZURE), format="azure_ml", splits={"a": "train"}),
    one("Azure ML: a crowd", "train.jsonl", lines(AZURE | {"label": [AZURE["label"][0] | {"isCrowd": "true"}]}), ignored=[Ignore.CROWD]),
    one("Azure ML: nothing on it", "train.jsonl", lines(AZURE | {"label": []}), NOTHING),
    one("Azure ML: one class of the whole image", "train.jsonl", lines(AZURE | {"label": "car"}), NOTHING, states=UNKNOWN),
    one("Azure ML: an outline", "train.jsonl", lines(AZURE | {"label": [{"label": "car", "polygon": [[0.1, 0.1, 0.3, 0.1, 0.3, 0.4]], "isCrowd": 0}]}), said=said("shapes")),
    one("JSON lines of no known kind", "spans.jsonl", lines({"text": "hello", "spans": []}), NOTHING, states=UNKNOWN, said=said("unrecognised")),
    one("a tsv of no known kind", "what.tsv", "one\ttwo\n1\t2\n", NOTHING, states=UNKNOWN, said=said("unrecognised")),
]

# ---- texts

KERAS = "a.jpg 20,10,60,40,1\n"
NAMES = {"_classes.txt": "bus\ncar\n"}


def keras(what: str, text: str, boxes: Boxes = CAR, names: dict[str, str] | None = None, **more: Any) -> Brought:
    return Brought(what, {"a.jpg": PICTURE, "_annotations.txt": text} | (NAMES if names is None else names), boxes, **more)


BOTH_WAYS = Answers("xywh")
TEXTS = [
    keras("Keras: a picture and its boxes on a line", KERAS, format="keras_lines", classes=["bus", "car"]),
    keras("Keras: two boxes", "a.jpg 20,10,60,40,1 100,10,140,40,0\n", {"a": [("car", WHERE), ("bus", [100, 10, 140, 40])]}),
    keras("Keras: a path with spaces", "my set/a.jpg 20,10,60,40,1\n"),
    keras("Keras: no list of classes", KERAS, {"a": [("class 1", WHERE)]}, {}, said=said("no_names")),
    keras("Keras: a class beyond the list", "a.jpg 20,10,60,40,7\n", NOTHING, states=UNKNOWN, said=said("broken_record")),
    Brought("Keras: a picture without boxes", TWO | NAMES | {"_annotations.txt": KERAS + "b.jpg\n"}, CAR | {"b": []}),
    Brought("Keras: Roboflow's three folders", {"train/a.jpg": PICTURE, "train/_annotations.txt": KERAS, "train/_classes.txt": "bus\ncar\n", "valid/b.jpg": PICTURE, "valid/_annotations.txt": "b.jpg 20,10,60,40,1\n", "valid/_classes.txt": "bus\ncar\n"}, CARS, splits={"a": "train", "b": "valid"}),
    one("names and pixels: asked about", "Label/a.txt", "car 20.0 10.0 60.0 40.0\n", asked=True, format="named_lines"),
    one("names and pixels: two corners, as it was said", "Label/a.txt", "car 20.0 10.0 60.0 40.0\n", answers=Answers("xyxy")),
    one("names and pixels: a corner and a size, as it was said", "Label/a.txt", "car 20 10 40 30\n", answers=BOTH_WAYS),
    one("names and pixels: no size would fit", "Label/a.txt", "car 120 10 160 40\n", {"a": [("car", [120, 10, 160, 40])]}),
    one("names and pixels: OIDv4's names of several words", "Label/a.txt", "Vehicle registration plate 120.0 10.0 160.0 40.0\n", {"a": [("Vehicle registration plate", [120, 10, 160, 40])]}),
    one("names and pixels: Cartucho's difficult", "ground-truth/a.txt", "car 120 10 160 40 difficult\n", {"a": [("car", [120, 10, 160, 40])]}, ignored=[Ignore.REGION]),
    one("names and pixels: with a confidence", "detection-results/a.txt", "car 0.87 120 10 160 40\n", NOTHING, states=UNKNOWN, said=said("predictions"), predictions=1),
    Brought("names and pixels: an empty text", TWO | {"Label/a.txt": "car 120 10 160 40\n", "Label/b.txt": ""}, {"a": [("car", [120, 10, 160, 40])], "b": []}),
]

CASES = [*AWS, *V7, *VOTT, *SETS, *CLOUDS, *TEXTS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_is_read_as_it_was_meant(case: Brought, tmp_path: Path) -> None:
    check(case, tmp_path)
