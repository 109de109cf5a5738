"""Turned boxes of every tool, beside the boxes around them; and what is to be ignored, and encodings."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from dataset.importing.text import Undecodable, decoded
from tests.dataset.brought import shapes_in
from tests.dataset.folders import write_image, write_text
from tests.dataset.test_formats import boxes, read, reasons

# A box of 20 × 10 about (30, 20), turned by a quarter: 10 × 20, so 25,10–35,30. All by hand.
UPRIGHT, AROUND = [20, 15, 40, 25], [25, 10, 35, 30]
VOC = "<annotation><filename>a.jpg</filename><object><name>pipe</name>{}</object></annotation>"
CVAT = '<annotations><image id="0" name="a.jpg" width="64" height="48">{}</image></annotations>'
BNDBOX = "<bndbox><xmin>20</xmin><ymin>15</ymin><xmax>40</xmax><ymax>25</ymax></bndbox>"
ROBNDBOX = f"<robndbox><cx>30</cx><cy>20</cy><w>20</w><h>10</h><angle>{math.pi / 2}</angle></robndbox>"
ROTATION = "<attributes><attribute><name>rotation</name><value>{}</value></attribute></attributes>"


def coco(degrees: float, **more: Any) -> str:
    record = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 15, 20, 10]}
    facts = more if more else {"attributes": {"rotation": degrees}}
    content = {"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "pipe"}]}
    return json.dumps(content | {"annotations": [record | facts]})


def labelme(kind: str, corners: list[tuple[float, float]], **more: Any) -> str:
    shape = {"label": "pipe", "shape_type": kind, "points": corners} | more
    return json.dumps({"imagePath": "a.jpg", "shapes": [shape]})


CORNERS = [(35.0, 10.0), (35.0, 30.0), (25.0, 30.0), (25.0, 10.0)]  # from the one that was top left, clockwise


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xml", VOC.format(BNDBOX + ROTATION.format("90.0"))),
        ("a.xml", VOC.format(f"<type>robndbox</type>{ROBNDBOX}")),
        ("c.xml", CVAT.format('<box label="pipe" rotation="90" xtl="20" ytl="15" xbr="40" ybr="25"/>')),
    ],
)
def test_the_box_around_a_turned_one_is_taken(tmp_path: Path, name: str, content: str) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / name, content)
    source = read(tmp_path)
    assert boxes(source)["a.jpg"] == [("pipe", pytest.approx(AROUND, abs=1e-4), None)]
    assert shapes_in(source) == [{"kind": "turned", "centre": [30, 20], "size": [20, 10], "angle": 90}]
    assert reasons(source) == []


@pytest.mark.parametrize("content", [coco(90), coco(0, rotation=90.0)])
def test_cocos_rotation(tmp_path: Path, content: str) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "coco.json", content)
    source = read(tmp_path)
    ((label, box, attributes),) = boxes(source)["a.jpg"]
    assert (label, box) == ("pipe", pytest.approx(AROUND, abs=1e-4))
    assert attributes is None
    assert shapes_in(source) == [{"kind": "turned", "centre": [30, 20], "size": [20, 10], "angle": 90}]
    assert reasons(source) == []


@pytest.mark.parametrize("kind", ["rotation", "rectangle"])
def test_four_corners_that_stand_upright_are_a_box(tmp_path: Path, kind: str) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "a.json", labelme(kind, CORNERS))
    assert boxes(read(tmp_path))["a.jpg"] == [("pipe", AROUND, None)]


@pytest.mark.parametrize("kind", ["rotation", "rectangle", "oriented_rectangle"])
def test_four_corners_of_a_turned_box(tmp_path: Path, kind: str) -> None:
    """A square of side √200 on its corner: (30, 10), (40, 20), (30, 30), (20, 20)."""
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "a.json", labelme(kind, [(30, 10), (40, 20), (30, 30), (20, 20)], difficult=True))
    source = read(tmp_path)
    assert boxes(source)["a.jpg"] == [("pipe", pytest.approx([20, 10, 40, 30], abs=1e-3), None)]
    side = pytest.approx(math.sqrt(200), abs=1e-3)
    assert shapes_in(source) == [{"kind": "turned", "centre": [30, 20], "size": [side, side], "angle": 45}]
    assert source.boxes.view("ignore")[0] == Ignore.REGION


@pytest.mark.parametrize("rotation", ["0", "0.0", "360"])
def test_a_box_that_is_not_turned_says_nothing_of_it(tmp_path: Path, rotation: str) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "a.xml", VOC.format(BNDBOX + ROTATION.format(rotation)))
    source = read(tmp_path)
    assert (boxes(source)["a.jpg"], reasons(source)) == ([("pipe", UPRIGHT, None)], [])


@pytest.mark.parametrize("inner", ['label="ignore"', 'label="Ignored"'])
def test_cvats_ignore_labels_are_ignored(tmp_path: Path, inner: str) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "c.xml", CVAT.format(f'<box {inner} xtl="20" ytl="15" xbr="40" ybr="25"/>'))
    assert read(tmp_path).boxes.view("ignore").tolist() == [Ignore.ANYTHING]


def test_an_attribute_ignored_is_a_fact(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    inner = '<attribute name="ignored">True</attribute>'
    write_text(tmp_path / "c.xml", CVAT.format(f'<box label="x" xtl="2" ytl="1" xbr="4" ybr="5">{inner}</box>'))
    assert read(tmp_path).boxes.view("ignore").tolist() == [Ignore.REGION]


def test_fiftyones_elements_are_attributes(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "a.xml", VOC.format(BNDBOX + "<parked>True</parked><lane>2</lane><pose>Unspecified</pose>"))
    assert boxes(read(tmp_path))["a.jpg"] == [("pipe", UPRIGHT, {"parked": True, "lane": 2})]


ENCODINGS = [
    ("utf-8-sig", "lorry\ntaxi\n", "UTF-8"),
    ("utf-16", "lorry\n트럭\n", "UTF-16"),
    ("utf-16-le", "lorry\ntaxi\n", "UTF-16"),
    ("gbk", "卡车\n出租车\n行人\n", "GBK"),
    ("gbk", "火焰\n烟雾\n", "GBK"),
    ("cp949", "자동차\n보행자\n", "CP949"),
    ("cp949", "크레인\n지게차\n안전모\n", "CP949"),
    ("cp932", "トラック\nバス\n歩行者\n", "Shift-JIS"),
    ("cp932", "信号機\n", "Shift-JIS"),
]


@pytest.mark.parametrize(("codec", "text", "name"), ENCODINGS)
def test_encodings_are_recognised(codec: str, text: str, name: str) -> None:
    found = decoded(text.encode(codec))
    assert (found.text, found.encoding) == (text, name)


@pytest.mark.parametrize("data", [b"\x81", b"a\xffb\xfe\xfd", b"\xff\xfea", "Straße ł".encode("cp1250")])
def test_what_cannot_be_told_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable, match="UTF"):
        decoded(data)


@pytest.mark.parametrize(
    ("codec", "declared"), [("utf-16", None), ("gbk", "gbk"), ("cp949", "euc-kr"), ("cp949", None)]
)
def test_xml_in_another_encoding(tmp_path: Path, codec: str, declared: str | None) -> None:
    name = "卡车" if codec == "gbk" else "자동차"
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    write_image(tmp_path / "a.jpg")
    (tmp_path / "a.xml").write_bytes((head + VOC.replace("pipe", name).format(BNDBOX)).encode(codec))
    assert [label for label, _, _ in boxes(read(tmp_path))["a.jpg"]] == [name]
    (tmp_path / "a.xml").write_bytes(
        (head + CVAT.format(f'<box label="{name}" xtl="20" ytl="15" xbr="40" ybr="25"/>')).encode(codec)
    )
    assert [label for label, _, _ in boxes(read(tmp_path))["a.jpg"]] == [name]


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "gbk"])
def test_json_in_another_encoding(tmp_path: Path, codec: str) -> None:
    write_image(tmp_path / "a.jpg")
    text = json.dumps(json.loads(coco(0)), ensure_ascii=False).replace("pipe", "卡车")
    (tmp_path / "coco.json").write_bytes(text.encode(codec))
    source = read(tmp_path)
    assert [label for label, _, _ in boxes(source)["a.jpg"]] == ["卡车"]
    assert [note.kind for note in source.problems.notes] == ([] if codec == "utf-8-sig" else ["encoding"])


def test_a_csv_in_another_encoding(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    rows = "ImageID,LabelName,XMin,XMax,YMin,YMax\r\na,자동차,0,0.5,0,0.5\r\n"
    (tmp_path / "boxes.csv").write_bytes(rows.encode("cp949"))
    assert boxes(read(tmp_path))["a.jpg"] == [("자동차", [0, 0, 32, 24], None)]
