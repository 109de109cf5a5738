"""Labelbox's export as NDJSON, and the NDJSON that labelbox 7.17 makes for its import."""

import json
from pathlib import Path
from typing import Any

from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read


def thing(**shape: Any) -> dict[str, Any]:
    classifications = [{"name": "colour", "radio_answer": {"name": "red", "value": "red"}}]
    return {"feature_id": "f", "name": "pot", "value": "pot", "classifications": classifications, **shape}


BOX = thing(annotation_kind="ImageBoundingBox", bounding_box={"top": 20, "left": 10, "height": 20, "width": 30})


def row(name: str, *labels: list[dict[str, Any]], **more: Any) -> str:
    """A line of an export; each label's objects."""
    weather = [{"name": "weather", "radio_answer": {"name": "rain"}}]
    made = [{"annotations": {"objects": one, "classifications": weather, "relationships": []}} for one in labels]
    about = {"id": "ck1", "external_id": name, "row_data": f"https://storage.example/{name}?sig=1"}
    media = {"height": 48, "width": 64, "mime_type": "image/jpeg"}
    return json.dumps({"data_row": about, "media_attributes": media, "projects": {"p1": {"labels": made}}, **more})


def test_it_works(tmp_path: Path) -> None:
    """Top and left come first in the file; a label without objects is a negative, no label says nothing."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        write_image(tmp_path / name, colour=ord(name[0]))
    fields = [{"schema_name": "site", "value": "Seoul"}, {"schema_name": "split", "value": [{"value": "valid"}]}]
    polygon = thing(annotation_kind="ImagePolygon", polygon=[{"x": 1, "y": 1}, {"x": 9, "y": 1}, {"x": 9, "y": 7}])
    lines = [row("a.jpg", [BOX, polygon], metadata_fields=fields), row("b.jpg", []), row("c.jpg")]
    write_text(tmp_path / "export.ndjson", "\n".join(lines))
    found = read(tmp_path)
    assert found.source.format == "labelbox"
    assert found.boxes["a.jpg"] == [("pot", [10, 20, 40, 40]), ("pot", [1, 1, 9, 7])]
    assert found.attributes["a.jpg"][0] == {"colour": "red"}
    assert found.metadata("a.jpg") == {"site": "Seoul", "weather": "rain", "split": "valid"}
    assert list(found.states.values()) == ["labelled", "negative", "not labelled"]
    assert found.shapes == [{"kind": "polygon", "parts": [[[[1, 1], [9, 1], [9, 7]]]]}]
    assert found.kinds == []


def test_skipped_and_several_labels(tmp_path: Path) -> None:
    """A label that was skipped says nothing of its image; those of several labellers are all taken, and it is said."""
    for name in ("a.jpg", "b.jpg"):
        write_image(tmp_path / name, colour=ord(name[0]))
    skipped = json.loads(row("a.jpg", []))
    skipped["projects"]["p1"]["labels"][0]["performance_details"] = {"skipped": True}
    other = thing(bounding_box={"top": 0, "left": 0, "height": 9, "width": 9})
    write_text(tmp_path / "export.ndjson", f"{json.dumps(skipped)}\n{row('b.jpg', [BOX], [other])}\n")
    found = read(tmp_path)
    assert found.states == {"a.jpg": "not labelled", "b.jpg": "labelled"}
    assert (len(found.boxes["b.jpg"]), found.kinds) == (2, [("annotators", "kept")])


def test_annotations_for_import(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    about: dict[str, Any] = {"uuid": "4c51", "dataRow": {"globalKey": "a.jpg"}}
    box: dict[str, Any] = {**about, "name": "pot", "bbox": {"top": 20.0, "left": 10.0, "height": 20.0, "width": 30.0}}
    box["classifications"] = [{"name": "colour", "answer": {"name": "red"}}]
    answer = {**about, "name": "weather", "answer": {"name": "rain"}}
    write_text(tmp_path / "labels.ndjson", f"{json.dumps(box)}\n{json.dumps(answer)}\n")
    found = read(tmp_path)
    assert found.boxes == {"a.jpg": [("pot", [10, 20, 40, 40])]}
    assert found.attributes["a.jpg"] == [{"colour": "red"}]
    assert found.metadata("a.jpg") == {"weather": "rain"}


def test_it_rejects_lines_that_it_cannot_take(tmp_path: Path) -> None:
    """A point, an image that is not here, a line that is cut: each with its line."""
    write_image(tmp_path / "a.jpg")
    point = thing(annotation_kind="ImagePoint", point={"x": 1, "y": 1})
    write_text(tmp_path / "export.ndjson", f'{row("a.jpg", [point])}\n{row("gone.jpg", [BOX])}\n{{"data_row": {{"id"\n')
    found = read(tmp_path)
    assert found.states == {"a.jpg": "not labelled"}
    kinds = {(one.kind, one.line) for one in found.source.problems.shown}
    assert kinds == {("no_box", 1), ("no_image", 2), ("broken_record", 3)}
