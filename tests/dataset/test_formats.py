"""Each format by hand: what is kept of it, and what is said of what is not. No database is needed for it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dataset.importing.boxes import as_pixels
from dataset.importing.detect import read_source
from dataset.importing.files import Tree, walk
from dataset.importing.survey import tell_if_labels_only
from dataset.importing.types import Problems, Source
from tests.dataset.folders import write_image, write_text

SIZE = (64, 48)


def read(root: Path, **options: Any) -> Source:
    options = {"wanted": "auto", "annotations": None, "known_classes": [], **options}
    problems = Problems()
    return read_source(walk(root, problems), problems, **options)


def boxes(source: Source) -> dict[str, list[tuple[str, list[float], dict[str, Any] | None]]]:
    """By image key: class, xyxy pixels, attributes. Every image is 64 × 48."""
    pixels = as_pixels(source, np.array([SIZE] * len(source.images)).reshape(-1, 2))
    found: dict[str, list[Any]] = {image.key: [] for image in source.images}
    for image, label, box, code in zip(
        pixels.image, pixels.classes, pixels.boxes.tolist(), pixels.attributes, strict=True
    ):
        found[source.images[image].key].append((source.class_names[label], box, source.boxes.values.of(int(code))))
    return found


def reasons(source: Source) -> list[tuple[str, str]]:
    return [(problem.kind, problem.action) for problem in source.problems.shown]


VOC = """<annotation><filename>stale.jpg</filename><size><width>64</width><height>48</height></size>
<object><name>car</name><truncated>1</truncated><difficult>0</difficult><pose>Left</pose>
<bndbox><xmin>4</xmin><ymin>6</ymin><xmax>20</xmax><ymax>30</ymax></bndbox>
<attributes><attribute><name>colour</name><value>red</value></attribute></attributes></object>
<object><name>car</name></object><object><name>car</name>
<bndbox><xmin>9</xmin><ymin>6</ymin><xmax>9</xmax><ymax>6</ymax></bndbox></object></annotation>"""


def test_voc(tmp_path: Path) -> None:
    write_image(tmp_path / "JPEGImages" / "a.jpg")
    write_image(tmp_path / "JPEGImages" / "b.jpg")
    write_text(tmp_path / "Annotations" / "a.xml", VOC)
    write_text(tmp_path / "ImageSets" / "Main" / "val.txt", "a\n")
    source = read(tmp_path)
    attributes = {"truncated": True, "pose": "Left", "colour": "red"}
    assert boxes(source) == {
        "JPEGImages/a.jpg": [("car", [4, 6, 20, 30], attributes)],
        "JPEGImages/b.jpg": [],
    }
    assert [image.boxes for image in source.images] == [2, None]
    assert source.images[0].metadata == {"split": "valid"}
    assert reasons(source) == [("no_box", "skipped"), ("no_area", "skipped")]
    assert source.problems.shown[1].record == "object[2]"


FRAME = {
    "name": "a.jpg",
    "videoName": "v1",
    "timestamp": 10000,
    "frameIndex": 3,
    "attributes": {"weather": "rainy", "scene": "highway", "timeofday": "night"},
    "labels": [
        {
            "id": "7",
            "category": "rider",
            "attributes": {"occluded": True, "truncated": False},
            "box2d": {"x1": 4, "y1": 6, "x2": 19, "y2": 29},
        },
        {"id": "8", "category": "lane", "poly2d": [{"vertices": [[0, 0]]}]},
    ],
}


@pytest.mark.parametrize("content", [[FRAME], {"frames": [FRAME], "config": {"imageSize": None}}])
def test_bdd100k_in_both_forms(tmp_path: Path, content: Any) -> None:
    """x2 = 19 is the last pixel, so the edge is at 20; and it is said that this was done."""
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "det.json", json.dumps(content))
    source = read(tmp_path)
    expected = {"occluded": True, "truncated": False, "track": "7"}
    assert (source.format, boxes(source)) == ("bdd100k", {"a.jpg": [("rider", [4, 6, 20, 30], expected)]})
    (image,) = source.images
    assert image.metadata == {**FRAME["attributes"], "timestamp": 10000, "frameIndex": 3}
    assert image.sequence == "v1"
    assert reasons(source) == [("no_box", "skipped"), ("inclusive", "repaired")]
    assert source.problems.shown[0].reason == "it has no box2d, only poly2d"


def test_bdd100k_a_file_per_image(tmp_path: Path) -> None:
    write_image(tmp_path / "images" / "a.jpg")
    old = {"Occluded": True, "Traffic Light Color": [0, "NA"]}
    objects = [{"category": "car", "id": 0, "attributes": old, "box2d": {"x1": 4, "y1": 6, "x2": 19, "y2": 29}}]
    content = {"name": "a", "attributes": {"weather": "clear"}, "frames": [{"timestamp": 1, "objects": objects}]}
    write_text(tmp_path / "labels" / "a.json", json.dumps(content))
    source = read(tmp_path)
    attributes = {"occluded": True, "trafficLightColor": "NA"}
    assert boxes(source) == {"images/a.jpg": [("car", [4, 6, 20, 30], attributes)]}
    assert source.images[0].metadata == {"weather": "clear", "timestamp": 1}


CVAT = """<annotations><meta><task><labels><label><name>bus</name></label><label><name>car</name></label></labels>
</task></meta><image id="0" name="a.jpg" subset="Train" width="64" height="48">
<tag label="rain"/>
<box label="car" occluded="1" xtl="4" ytl="6" xbr="20" ybr="30"><attribute name="parked">true</attribute></box>
<polygon label="car" occluded="0" points="30,10;40,10;40,20"/>
<polyline label="car" points="30,10;40,10"/>
<box label="car" occluded="0" rotation="90" xtl="10" ytl="10" xbr="30" ybr="14"/>
</image><track id="0" label="car"/></annotations>"""


def test_cvat(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "annotations.xml", CVAT)
    source = read(tmp_path)
    assert source.class_names == ["bus", "car"]
    (found,) = boxes(source).values()
    assert found[0] == ("car", [4, 6, 20, 30], {"occluded": True, "parked": True})
    assert found[1][1] == [30, 10, 40, 20]
    assert found[2][1] == pytest.approx([18, 2, 22, 22])
    assert source.images[0].metadata == {"rain": True, "split": "train"}
    assert reasons(source) == [("no_box", "skipped")]
    assert [note.text for note in source.problems.notes] == [
        "1 polygons and 1 turned boxes were kept, each beside the box around it"
    ]


def test_labelme(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    shapes = [
        {"label": "car", "shape_type": "rectangle", "points": [[20, 30], [4, 6]], "flags": {"parked": True}},
        {"label": "car", "shape_type": "circle", "points": [[30, 20], [30, 24]], "group_id": 3},
        {"label": "car", "shape_type": "line", "points": [[30, 20], [30, 24]]},
    ]
    content = {"imagePath": "..\\x\\a.jpg", "imageWidth": 48, "imageHeight": 64, "flags": {"night": True}}
    write_text(tmp_path / "a.json", json.dumps(content | {"shapes": shapes}))
    source = read(tmp_path)
    assert boxes(source) == {
        "a.jpg": [("car", [4, 6, 20, 30], {"parked": True}), ("car", [26, 16, 34, 24], {"group": 3})]
    }
    assert source.images[0].metadata == {"night": True}
    assert reasons(source) == [("no_box", "skipped")]


def test_openimages(tmp_path: Path) -> None:
    write_image(tmp_path / "abc.jpg")
    header = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf\n"
    rows = 'abc,x,/m/0k4j,1,0.25,0.5,0.5,0.75,1,0,-1\nabc,x,/m/0k4j,1,"0,5",1,0,1,,,\nnone,x,/m/0k4j,1,0,1,0,1,,,\n'
    write_text(tmp_path / "train-annotations-bbox.csv", header + rows)
    write_text(tmp_path / "class-descriptions.csv", "/m/0k4j,Car\n")
    source = read(tmp_path)
    flags = {"occluded": True, "truncated": False}
    assert boxes(source) == {"abc.jpg": [("Car", [16, 24, 32, 36], flags), ("Car", [32, 0, 64, 48], None)]}
    assert (source.boxes_found, source.boxes_skipped) == (3, 1)
    assert [problem.line for problem in source.problems.shown if problem.kind == "no_image"] == [4]


def test_twins_are_told_apart_by_class(tmp_path: Path) -> None:
    """A box that stands twice is taken once; one of two classes is kept as it is; both are reported."""
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "classes.txt", "car\nbus\n")
    write_text(tmp_path / "a.txt", "0 0.5 0.5 0.5 0.5\n1 0.5 0.5 0.5 0.5\n0 0.5 0.5 0.5 0.5\n")
    source = read(tmp_path)
    assert [name for name, _, _ in boxes(source)["a.jpg"]] == ["car", "bus"]
    found = {problem.kind: (problem.action, problem.line, problem.reason) for problem in source.problems.shown}
    assert found["duplicate"] == ("skipped", 3, "the same box of the same class stands in line 1 already")
    assert found["two_classes"] == ("kept", 1, "the same box is of 2 classes: car and bus")


def test_of_several_formats_the_one_that_fits_the_images_is_taken(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "a.xml", VOC)
    write_text(tmp_path / "other.json", json.dumps({"images": [{"id": 1, "file_name": "else.jpg"}]}))
    write_text(tmp_path / "notes.json", "{}")
    source = read(tmp_path)
    assert source.format == "voc"
    assert {("other_format", "skipped"), ("unrecognised", "skipped")} <= set(reasons(source))


def test_labels_without_images_say_so(tmp_path: Path) -> None:
    write_text(tmp_path / "det.json", json.dumps([FRAME]))
    source = read(tmp_path)
    tell_if_labels_only(source)
    assert (source.images, source.boxes_found, source.boxes_skipped) == ([], 1, 1)
    assert source.lost == {0: 1}
    (note,) = source.problems.notes
    assert (note.kind, note.count) == ("labels_only", 1)


def test_labels_without_images_find_those_of_the_dataset(tmp_path: Path) -> None:
    write_text(tmp_path / "det.json", json.dumps([FRAME]))
    problems = Problems()
    tree = walk(tmp_path, problems)
    tree.elsewhere = ["train/a.jpg", "train/b.jpg"]
    source = read_source(tree, problems, wanted="auto", annotations=None, known_classes=[])
    assert [(image.key, image.path, image.boxes) for image in source.images] == [("train/a.jpg", None, 1)]


@pytest.mark.parametrize(
    ("label_file", "meant"),
    [
        ("labels/train/a.xml", "images/train/a.jpg"),
        ("labels/x/a.xml", None),
        ("instances_val2017.json", "images/valid/a.jpg"),
    ],
)
def test_namesakes_are_told_apart_by_folder_and_split(label_file: str, meant: str | None) -> None:
    from dataset.importing.finding import ImageFinder

    tree = Tree(Path("/"), ["images/train/a.jpg", "images/valid/a.jpg"])
    found = ImageFinder(tree).find_stem("a", label_file)
    assert found == meant if meant else not isinstance(found, str)
