"""VIA 2: a project, annotations as JSON, annotations as CSV."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read


def region(shape: dict[str, Any], **told: Any) -> dict[str, Any]:
    return {"shape_attributes": shape, "region_attributes": {"type": "car", **told}}


RECT = {"name": "rect", "x": 10, "y": 20, "width": 30, "height": 20}
POLYGON = {"name": "polygon", "all_points_x": [1, 9, 9], "all_points_y": [1, 1, 7]}
CIRCLE = {"name": "circle", "cx": 30, "cy": 20, "r": 5}


def pictures(*regions: dict[str, Any]) -> dict[str, Any]:
    about = {"size": 675, "file_attributes": {"weather": "rain"}}
    return {
        "a.jpg675": {"filename": "a.jpg", "regions": list(regions), **about},
        "b.jpg675": {"filename": "b.jpg", "regions": [], **about},
    }


def write(root: Path, text: str, name: str = "via.json") -> None:
    write_image(root / "a.jpg")
    write_image(root / "b.jpg", colour=9)
    write_text(root / name, text)


@pytest.mark.parametrize("project", [True, False])
def test_it_works(tmp_path: Path, project: bool) -> None:
    """A picture without regions has been opened in VIA, which says nothing of it."""
    regions = (region(RECT, parked={"yes": True, "no": False}), region(POLYGON), region(CIRCLE))
    content = pictures(*regions)
    write(tmp_path, json.dumps({"_via_settings": {}, "_via_img_metadata": content} if project else content))
    found = read(tmp_path)
    assert found.source.format == "via"
    assert found.boxes["a.jpg"] == [("car", [10, 20, 40, 40]), ("car", [1, 1, 9, 7]), ("car", [25, 15, 35, 25])]
    assert found.attributes["a.jpg"][0] == {"parked": "yes"}
    assert found.metadata("a.jpg") == {"weather": "rain"}
    assert found.states["b.jpg"] == "not labelled"
    assert found.shapes[0] == {"kind": "polygon", "parts": [[[[1, 1], [9, 1], [9, 7]]]]}
    assert len(found.shapes) == 2
    assert found.kinds == [("class_attribute", "kept")]


def test_csv(tmp_path: Path) -> None:
    rows = [
        "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes",
        'a.jpg,675,"{""weather"":""rain""}",1,0,"{""name"":""rect"",""x"":10,""y"":20,""width"":30,""height"":20}",'
        '"{""type"":""car""}"',
        'b.jpg,675,"{}",0,0,"{}","{}"',
    ]
    write(tmp_path, "\n".join(rows), "via.csv")
    found = read(tmp_path)
    assert found.boxes == {"a.jpg": [("car", [10, 20, 40, 40])], "b.jpg": []}
    assert found.metadata("a.jpg") == {"weather": "rain"}
    assert found.states["b.jpg"] == "not labelled"


def test_which_attribute_is_the_class(tmp_path: Path) -> None:
    """Where none is called as one: the first that is a choice in the project."""
    regions = [{"shape_attributes": RECT, "region_attributes": {"note": "x", "kind of vehicle": "bus"}}]
    settings = {"region": {"note": {"type": "text"}, "kind of vehicle": {"type": "dropdown"}}, "file": {}}
    write(tmp_path, json.dumps({"_via_img_metadata": pictures(*regions), "_via_attributes": settings}))
    found = read(tmp_path)
    assert found.boxes["a.jpg"] == [("bus", [10, 20, 40, 40])]
    assert found.attributes["a.jpg"] == [{"note": "x"}]


def test_it_rejects_points_and_regions_without_a_class(tmp_path: Path) -> None:
    point = region({"name": "point", "cx": 3, "cy": 4})
    nameless = {"shape_attributes": RECT, "region_attributes": {}}
    write(tmp_path, json.dumps(pictures(point, nameless)))
    found = read(tmp_path)
    assert found.states["a.jpg"] == "not labelled"
    assert found.kinds[1:] == [("no_box", "skipped"), ("broken_record", "skipped")]
