"""Exports of platforms and of two data sets, by their public descriptions. What is right was written before it was tried."""

# A case a line:
# ruff: noqa: E501
# fmt: off

from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from dataset.importing.survey import NEGATIVE, NOT_LABELLED
from tests.dataset.brought import PICTURE, Boxes, Brought, check, said

WHERE = [20, 10, 60, 40]
CAR: Boxes = {"a": [("car", WHERE)]}
NOTHING: Boxes = {"a": []}
UNKNOWN = {"a": NOT_LABELLED}
RING = [[20, 10], [60, 10], [60, 40], [20, 40]]
TRIANGLE = [[20, 10], [60, 10], [60, 40]]


def points(ring: list[list[int]], width: float = 1, height: float = 1) -> list[dict[str, float]]:
    return [{"x": x / width, "y": y / height} for x, y in ring]


def polygon(*rings: list[list[int]]) -> dict[str, Any]:
    return {"kind": "polygon", "parts": [[[[float(x), float(y)] for x, y in ring] for ring in rings]]}


def one(what: str, name: str, content: Any, boxes: Boxes = CAR, states: dict[str, int] | None = None, **more: Any) -> Brought:
    """One picture and one file."""
    return Brought(what, {"a.jpg": PICTURE, name: content}, boxes, states or {}, **more)


# ---- Hasty

HASTY_BOX = {"class_name": "car", "bbox": WHERE, "polygon": None, "mask": None, "z_index": 1, "attributes": {"colour": "red"}}


def hasty(*labels: Any, status: str = "DONE", **image: Any) -> dict[str, Any]:
    classes = [{"class_name": "bus", "class_type": "object"}, {"class_name": "car", "class_type": "object"}, {"class_name": "sky", "class_type": "background"}]
    picture = {"image_name": "a.jpg", "dataset_name": "streets", "width": 200, "height": 100, "image_status": status, "labels": list(labels), "tags": ["night"]}
    return {"project_name": "p", "export_format_version": "1.1", "label_classes": classes, "images": [picture | image]}


HASTY = [
    one("Hasty: a box", "export.json", hasty(HASTY_BOX), format="hasty", classes=["bus", "car"], attributes=[{"colour": "red"}]),
    one("Hasty: a polygon", "export.json", hasty(HASTY_BOX | {"bbox": None, "polygon": TRIANGLE}), shapes=[polygon(TRIANGLE)]),
    one("Hasty: a mask is its box", "export.json", hasty(HASTY_BOX | {"mask": [10, 5, 3]}), said=said("polygon")),
    one("Hasty: nothing on it", "export.json", hasty(), NOTHING),
    one("Hasty: nobody began", "export.json", hasty(status="NEW"), NOTHING, UNKNOWN),
    one("Hasty: skipped", "export.json", hasty(status="SKIPPED"), NOTHING, UNKNOWN),
    one("Hasty: background is no object", "export.json", hasty(HASTY_BOX, HASTY_BOX | {"class_name": "sky"}), said=said("stuff")),
    one("Hasty: another size stated", "export.json", hasty(HASTY_BOX, width=400, height=200), said=said("size")),
    one("Hasty: neither box nor polygon", "export.json", hasty({"class_name": "car"}), NOTHING, UNKNOWN, said=said("no_box")),
    Brought("Hasty: two datasets with pictures of one name", {"streets/a.jpg": PICTURE, "parks/a.jpg": PICTURE, "export.json": hasty(HASTY_BOX)}, {"streets/a.jpg": CAR["a"], "parks/a.jpg": []}, {"parks/a.jpg": NOT_LABELLED}),
]

# ---- Scale

SCALE_BOX = {"type": "box", "label": "car", "left": 20, "top": 10, "width": 40, "height": 30, "uuid": "u", "attributes": {"parked": "yes"}}
LEANING = [[20, 10], [50, 50], [34, 62], [4, 22]]  # a rectangle of 50 × 20 pixels


def scale(*annotations: Any, **task: Any) -> list[dict[str, Any]]:
    params = {"attachment_type": "image", "attachment": "https://host.example/set/a.jpg", "geometries": {"box": {"objects_to_annotate": ["car"]}}}
    return [{"task_id": "t", "type": "imageannotation", "status": "completed", "params": params, "response": {"annotations": list(annotations)}} | task]


SCALE = [
    one("Scale: a box", "tasks.json", scale(SCALE_BOX), format="scale", attributes=[{"parked": "yes"}]),
    one("Scale: one task alone", "task.json", scale(SCALE_BOX)[0], format="scale"),
    one("Scale: a polygon", "tasks.json", scale({"type": "polygon", "label": "car", "vertices": points(TRIANGLE)}), shapes=[polygon(TRIANGLE)]),
    one("Scale: a turned box", "tasks.json", scale(SCALE_BOX | {"vertices": points(LEANING), "rotation": 0.9}), {"a": [("car", [4, 10, 50, 62])]}),
    one("Scale: an upright box with its corners", "tasks.json", scale(SCALE_BOX | {"vertices": points(RING)}), shapes=[]),
    one("Scale: nothing on it", "tasks.json", scale(), NOTHING),
    one("Scale: not yet done", "tasks.json", scale(status="pending", response=None), NOTHING, UNKNOWN),
    one("Scale: a line", "tasks.json", scale({"type": "line", "label": "lane", "vertices": points(TRIANGLE)}), NOTHING, {"a": NOT_LABELLED}, said=said("no_box")),
    one("Scale: a video", "tasks.json", scale(response={"annotations": {"f1": {}}}), NOTHING, UNKNOWN, said=said("no_box")),
]

# ---- Dataloop

LOOP_BOX = {"id": "x", "type": "box", "label": "car", "attributes": ["red"], "coordinates": [{"x": 20, "y": 10, "z": 0}, {"x": 60, "y": 40, "z": 0}], "metadata": {"system": {}}}


def dataloop(*annotations: Any, status: list[str] | None = None) -> dict[str, Any]:
    system = {"width": 200, "height": 100, "annotationStatus": status or []}
    return {"id": "i", "datasetId": "d", "filename": "/cam/a.jpg", "name": "a.jpg", "annotations": list(annotations), "metadata": {"system": system}}


DATALOOP = [
    one("Dataloop: a box", "json/a.json", dataloop(LOOP_BOX), format="dataloop", attributes=[{"red": True}]),
    one("Dataloop: a segment", "json/a.json", dataloop(LOOP_BOX | {"type": "segment", "coordinates": [points(TRIANGLE)]}), shapes=[polygon(TRIANGLE)]),
    one("Dataloop: a segment with a hole", "json/a.json", dataloop(LOOP_BOX | {"type": "segment", "coordinates": [points(RING), points([[30, 20], [40, 20], [40, 30]])]}), shapes=[polygon(RING, [[30, 20], [40, 20], [40, 30]])]),
    one("Dataloop: a turned box", "json/a.json", dataloop(LOOP_BOX | {"coordinates": points(LEANING)}), {"a": [("car", [4, 10, 50, 62])]}),
    one("Dataloop: an ellipse", "json/a.json", dataloop(LOOP_BOX | {"type": "ellipse", "coordinates": {"center": {"x": 40, "y": 25}, "rx": 20, "ry": 15, "angle": 0}})),
    one("Dataloop: an ellipse that is turned", "json/a.json", dataloop(LOOP_BOX | {"type": "ellipse", "coordinates": {"center": {"x": 40, "y": 25}, "rx": 20, "ry": 15, "angle": 30}}), NOTHING, UNKNOWN, said=said("no_box")),
    one("Dataloop: a class of the whole item", "json/a.json", dataloop(LOOP_BOX, {"type": "class", "label": "night", "coordinates": {}})),
    one("Dataloop: nothing, and completed", "json/a.json", dataloop(status=["completed"]), NOTHING),
    one("Dataloop: nothing, and not", "json/a.json", dataloop(), NOTHING, UNKNOWN, format="dataloop"),
    one("Dataloop: a mask", "json/a.json", dataloop(LOOP_BOX | {"type": "binary", "coordinates": "data:image/png;base64,x"}), NOTHING, UNKNOWN, said=said("no_box")),
]

# ---- Kili


def kili_object(ring: list[list[int]] = RING, kind: str = "rectangle", **more: Any) -> dict[str, Any]:
    return {"boundingPoly": [{"normalizedVertices": points(ring, 200, 100)}], "categories": [{"name": "car", "confidence": 100}], "mid": "m", "type": kind} | more


def kili(*objects: Any, kind: str = "DEFAULT", at: str = "2024-01-01", answers: Any = None) -> dict[str, Any]:
    return {"author": {"email": "a@host.example"}, "createdAt": at, "labelType": kind, "jsonResponse": answers if answers is not None else {"JOB_0": {"annotations": list(objects)}}}


def asset(*labels: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"id": "i", "externalId": "a", "content": "https://host.example/x", "labels": list(labels)} | more]


KILI = [
    one("Kili: a rectangle", "data.json", asset(kili(kili_object())), format="kili"),
    one("Kili: an asset's own file", "labels/a.json", asset(kili(kili_object()))[0], format="kili"),
    one("Kili: snake case, and the latest label", "data.json", [{"external_id": "a.jpg", "latest_label": {"label_type": "DEFAULT", "json_response": {"JOB": {"annotations": [kili_object()]}}}}]),
    one("Kili: a polygon", "data.json", asset(kili(kili_object(TRIANGLE, "polygon"))), shapes=[polygon(TRIANGLE)]),
    one("Kili: a review before a label", "data.json", asset(kili(kili_object([[0, 0], [9, 9]]), at="2024-03-01"), kili(kili_object(), kind="REVIEW")), said=said("several_labels")),
    one("Kili: a machine's proposal is no label", "data.json", asset(kili(kili_object(), kind="PREDICTION")), NOTHING, UNKNOWN),
    one("Kili: an empty answer", "data.json", asset(kili(answers={})), NOTHING),
    one("Kili: about the whole image alone", "data.json", asset(kili(answers={"LIGHT": {"categories": [{"name": "NIGHT"}]}})), NOTHING, UNKNOWN),
    one("Kili: nobody labelled it", "data.json", asset(), NOTHING, UNKNOWN),
    one("Kili: answers about an object", "data.json", asset(kili(kili_object(children={"COLOUR": {"categories": [{"name": "RED"}]}, "PLATE": {"text": "AB 12"}}))), attributes=[{"COLOUR": "RED", "PLATE": "AB 12"}]),
    one("Kili: a point", "data.json", asset(kili({"point": {"x": 0.1, "y": 0.1}, "categories": [{"name": "nose"}], "type": "marker"})), NOTHING, UNKNOWN, said=said("no_box")),
]

# ---- Encord

ENCORD_BOX = {"name": "car", "color": "#D33115", "shape": "bounding_box", "value": "car", "objectHash": "h1", "boundingBox": {"h": 0.3, "w": 0.2, "x": 0.1, "y": 0.1}}


def encord(*objects: Any, status: str = "LABELLED", **row: Any) -> list[dict[str, Any]]:
    unit = {"data_hash": "d", "data_title": "a.jpg", "data_type": "image/jpeg", "width": 200, "height": 100, "labels": {"objects": list(objects), "classifications": []}}
    return [{"label_hash": "l", "data_title": "a.jpg", "data_type": "image", "label_status": status, "data_units": {"d": unit}, "object_answers": {}} | row]


ENCORD = [
    one("Encord: a box", "labels.json", encord(ENCORD_BOX), format="encord"),
    one("Encord: of its first days", "labels.json", encord({key: ENCORD_BOX[key] for key in ("name", "shape")} | {"bounding_box": ENCORD_BOX["boundingBox"]})),
    one("Encord: a polygon by numbers", "labels.json", encord({"name": "car", "shape": "polygon", "polygon": {str(at): point for at, point in enumerate(points(TRIANGLE, 200, 100))}}), shapes=[polygon(TRIANGLE)]),
    one("Encord: polygons of several rings", "labels.json", encord({"name": "car", "shape": "polygon", "polygons": [[[0.1, 0.1, 0.3, 0.1, 0.3, 0.4, 0.1, 0.4], [0.15, 0.2, 0.2, 0.2, 0.2, 0.3]]]}), shapes=[polygon(RING, [[30, 20], [40, 20], [40, 30]])]),
    one("Encord: a turned box", "labels.json", encord({"name": "car", "shape": "rotatable_bounding_box", "rotatableBoundingBox": {"h": 0.3, "w": 0.2, "x": 0.1, "y": 0.1, "theta": 90}}), {"a": [("car", [25, 5, 55, 45])]}, said=said("polygon")),
    one("Encord: a point", "labels.json", encord({"name": "nose", "shape": "point", "point": {"0": {"x": 0.1, "y": 0.1}}}), NOTHING, said=said("no_box"), states=UNKNOWN),
    one("Encord: nothing on it", "labels.json", encord(), NOTHING),
    one("Encord: not labelled", "labels.json", encord(status="NOT_LABELLED"), NOTHING, UNKNOWN),
    one("Encord: a video", "labels.json", encord(data_units={"d": {"data_title": "v.mp4", "labels": {"0": {"objects": [ENCORD_BOX]}}}}), NOTHING, UNKNOWN, said=said("no_box")),
    one("Encord: answers about an object", "labels.json", encord(ENCORD_BOX, object_answers={"h1": {"objectHash": "h1", "classifications": [{"name": "colour", "answers": [{"name": "red"}]}, {"name": "plate", "answers": "AB 12"}]}}), attributes=[{"colour": "red", "plate": "AB 12"}]),
]

# ---- Cityscapes, CityPersons

TOWN = "aachen_000000_000019"
CITY: Boxes = {TOWN + "_leftImg8bit": CAR["a"]}


def city(what: str, objects: list[Any], boxes: Boxes = CITY, *, kind: str = "gtFine_polygons", **more: Any) -> Brought:
    content = {"imgHeight": 100, "imgWidth": 200, "objects": objects}
    files = {f"leftImg8bit/train/aachen/{TOWN}_leftImg8bit.jpg": PICTURE, f"gtFine/train/aachen/{TOWN}_{kind}.json": content}
    return Brought(f"Cityscapes: {what}", files | more.pop("files", {}), boxes, **more)


def painted(label: str, ring: list[list[int]] = RING) -> dict[str, Any]:
    return {"label": label, "polygon": ring}


BARE: Boxes = {TOWN + "_leftImg8bit": []}
CITYSCAPES = [
    city("a car", [painted("car")], format="cityscapes", splits={TOWN + "_leftImg8bit": "train"}, shapes=[polygon(RING)]),
    city("of two, what the later one hides is not seen", [painted("car"), painted("truck", [[50, 0], [90, 0], [90, 90], [50, 90]])], {TOWN + "_leftImg8bit": [("car", [20, 10, 50, 40]), ("truck", [50, 0, 90, 90])]}),
    city("ground behind hides nothing and is no object", [painted("road", [[0, 0], [200, 0], [200, 100], [0, 100]]), painted("car")], said=said("stuff")),
    city("a pole in front makes two parts", [painted("car"), painted("pole", [[30, 0], [40, 0], [40, 90], [30, 90]])], said=said("stuff")),
    city("a number plate is part of its car", [painted("car"), painted("license plate", [[30, 20], [40, 20], [40, 25], [30, 25]])], shapes=[polygon(RING)], said=said("stuff")),
    city("a polygon that is none", [{"label": "car", "polygon": [[20, 10]]}], BARE, states={TOWN + "_leftImg8bit": NOT_LABELLED}, said=said("broken_record")),
    city("wholly hidden", [painted("car"), painted("car")], said=said("hidden")),
    city("a group is a crowd", [painted("cargroup")], ignored=[Ignore.CROWD]),
    city("deleted", [painted("car"), painted("bus") | {"deleted": 1}]),
    city("ground alone", [painted("road")], BARE, states={TOWN + "_leftImg8bit": NEGATIVE}),
    city("classes of one's own", [painted("forklift")], {TOWN + "_leftImg8bit": [("forklift", WHERE)]}),
    city("its pictures of classes are no images", [painted("car")], files={f"gtFine/train/aachen/{TOWN}_gtFine_{kind}.png": PICTURE for kind in ("color", "labelIds", "instanceIds")}, said=said("masks")),
    city("coarse beside fine", [painted("car")], files={f"gtCoarse/train/aachen/{TOWN}_gtCoarse_polygons.json": {"imgHeight": 100, "imgWidth": 200, "objects": [painted("bus")]}}, said=said("other_format")),
    city("CityPersons", [{"instanceId": 24000, "label": "pedestrian", "bbox": [20, 10, 40, 30], "bboxVis": [20, 10, 40, 10]}, {"label": "ignore", "bbox": [100, 10, 40, 30]}], {TOWN + "_leftImg8bit": [("pedestrian", WHERE), ("ignore", [100, 10, 140, 40])]}, kind="gtBboxCityPersons", ignored=[Ignore.NO, Ignore.ANYTHING]),
]

# ---- UA-DETRAC

TARGET = '<target id="3"><box left="20" top="10" width="40" height="30"/><attribute orientation="18.5" speed="6.8" trajectory_length="5" truncation_ratio="0.1" vehicle_type="car"/></target>'


def detrac(what: str, frames: str, boxes: Boxes, *, ignored: str = "", **more: Any) -> Brought:
    content = f'<?xml version="1.0" encoding="utf-8"?><sequence name="MVI_20011"><sequence_attribute camera_state="unstable" sence_weather="sunny"/><ignored_region>{ignored}</ignored_region>{frames}</sequence>'
    files = {"Insight-MVT/MVI_20011/img00001.jpg": PICTURE, "Insight-MVT/MVI_20011/img00002.jpg": PICTURE, "xml/MVI_20011.xml": content}
    return Brought(f"UA-DETRAC: {what}", files, boxes, **more)


FRAME = f'<frame density="1" num="1"><target_list>{TARGET}</target_list></frame>'
SECOND = {"img00002": NOT_LABELLED}
DETRAC = [
    detrac("a frame", FRAME, {"img00001": CAR["a"], "img00002": []}, states=SECOND, format="ua_detrac", attributes=[{"track": 3, "truncated": 0.1, "orientation": 18.5, "speed": 6.8}]),
    detrac("a region that is ignored in every frame that is listed", FRAME, {"img00001": [*CAR["a"], ("ignored", [100, 10, 140, 40])], "img00002": []}, states=SECOND, ignored='<box left="100" top="10" width="40" height="30"/>'),
    detrac("a frame that is not there", FRAME.replace('num="1"', 'num="9"'), {"img00001": [], "img00002": []}, states={"img00001": NOT_LABELLED} | SECOND, said=said("no_image")),
    detrac("broken", "<frame", {"img00001": [], "img00002": []}, states={"img00001": NOT_LABELLED} | SECOND, said=said("broken_file")),
    detrac("a target without a type", FRAME.replace('vehicle_type="car"', ""), {"img00001": [], "img00002": []}, states={"img00001": NOT_LABELLED} | SECOND, said=said("broken_record")),
]
CASES = [*HASTY, *SCALE, *DATALOOP, *KILI, *ENCORD, *CITYSCAPES, *DETRAC]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_is_what_was_meant(case: Brought, tmp_path: Path) -> None:
    check(case, tmp_path)
