"""Files of a known format with values that nobody would expect there: something is said of them, and nothing fails."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

VALUE = {"x": 10, "y": True, "width": [None], "height": ["a"], "rotation": 30, "rectanglelabels": [0]}
REGION = {"id": [1], "type": ["a"], "value": VALUE, "original_width": 800, "original_height": "\0"}
TASK = {"id": {"a": None}, "data": {"image": "a.jpg"}, "annotations": [{"result": [REGION, None]}]}
MIN = {"id": [1], "image": "a.jpg", "annotator": 1, "label": [{**VALUE, "original_width": 1}]}
SHAPE = {
    "annotation_type": "box",
    "class_name": "x",
    "annotation": {"coord": {"x": 1, "y": 2, "width": True, "height": 3}},
}
DETECTION = {"_cls": "Detection", "tags": 3, "label": "x", "bounding_box": {"a": 1}}
POLYLINE = {"_cls": "Polyline", "label": "x", "points": [0], "closed": True}
SAMPLE = {"filepath": "a.jpg", "g": {"_cls": "Detections", "detections": [DETECTION]}}
LINES = {"filepath": "a.jpg", "g": {"_cls": "Polylines", "polylines": [POLYLINE]}}
ITEM = {"id": "a", "annotations": [{"type": "bbox", "label_id": 0, "bbox": [{}, 2, 3, 4]}], "image": {"path": 3}}
DATUMARO = {"dm_format_version": "1.0", "categories": {"label": {"labels": [{"name": "\0"}]}}, "items": [ITEM]}
VIA = {"filename": "", "regions": [{"shape_attributes": {"name": "rect", "x": 1}, "region_attributes": ""}]}
FRAMES = '<box frame="{}" keyframe="1" outside="0" xtl="1" ytl="2" xbr="3" ybr="4"/>'


@pytest.mark.parametrize(
    ("form", "name", "content"),
    [
        ("label_studio", "t.json", [TASK]),
        ("label_studio", "t.json", [MIN]),
        ("superb", "a.json", {"objects": [SHAPE], "categories": []}),
        ("supervisely", "ann/a.jpg.json", {"size": {"width": "x"}, "tags": 3, "objects": [{"points": 1}]}),
        ("datumaro", "annotations/a.json", DATUMARO),
        ("fiftyone", "samples.json", {"samples": [SAMPLE]}),
        ("fiftyone", "samples.json", {"samples": [LINES]}),
        ("via", "v.json", {"_via_img_metadata": {"a": VIA}}),
        ("mot", "gt/gt.txt", "1,1e9998,1,2,3,nan,1,1,1\n"),
        ("tf_csv", "a.csv", "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,1e99,48,car,1,2,nan,4\n"),
        ("cvat", "a.xml", f'<annotations><track id="0" label="">{FRAMES.format(0)}</track></annotations>'),
    ],
)
def test_it_says_what_is_wrong(tmp_path: Path, form: str, name: str, content: Any) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / name, content if isinstance(content, str) else json.dumps(content))
    found = read(tmp_path, form)
    assert found.source.format == form
    assert found.states == {"a.jpg": "not labelled"}
    assert found.kinds


@pytest.mark.parametrize("meta", ["<meta><task><size>1e999</size><stop_frame>1e12</stop_frame></task></meta>", ""])
def test_a_track_of_odd_frames_is_not_filled(tmp_path: Path, meta: str) -> None:
    """A number of frames that no video has would make as many boxes."""
    write_image(tmp_path / "frame_000000.jpg")
    frames = FRAMES.format(0) + FRAMES.format(1e15)
    write_text(tmp_path / "a.xml", f'<annotations>{meta}<track id="0" label="a">{frames}</track></annotations>')
    assert read(tmp_path).boxes == {"frame_000000.jpg": [("a", [1, 2, 3, 4])]}


def test_other_files_of_a_known_form_but_broken(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "v.json", '{"_via_img_metadata": 3}')
    assert read(tmp_path, "via").states == {"a.jpg": "not labelled"}
