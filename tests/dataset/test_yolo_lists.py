"""Which class list and which split a label file has: what stands nearest above it, and what the lists name."""

from pathlib import Path
from typing import Any

import pytest

from dataset.importing.survey import names_of
from tests.dataset.brought import shapes_in
from tests.dataset.folders import write_image, write_text
from tests.dataset.test_formats import boxes, read, reasons

LINE = "1 0.5 0.5 0.5 0.5\n"


def names(root: Path, *folders: str) -> dict[str, Any]:
    """The class of the box in each folder's image; class 1 everywhere."""
    for number, folder in enumerate(folders):
        write_image(root / folder / "images" / f"i{number}.jpg", colour=number)
        write_text(root / folder / "labels" / f"i{number}.txt", LINE)
    source = read(root)
    return {Path(key).parts[0]: some[0][0] for key, some in boxes(source).items() if some}


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("data.yaml", "names: [a, b]\n"),
        ("data.yaml", "names: {0: a, 1: b}\n"),
        ("data.yaml", "names:\n  '0': a\n  '1': b\n"),
        ("data.yaml", "names: {b: 1, a: 0}\n"),
        ("classes.txt", "\ufeffa\nb\n"),
        ("obj.names", "a\r\nb\r\n"),
        ("_darknet.labels", "a\nb\n"),
        ("predefined_classes.txt", "a\n b\u00a0\n"),
    ],
)
def test_every_kind_of_list_names_its_own_folder(tmp_path: Path, file: str, content: str) -> None:
    write_text(tmp_path / "x" / file, content)
    write_text(tmp_path / "y" / "classes.txt", "b\nc\n")
    assert names(tmp_path, "x", "y") == {"x": "b", "y": "c"}


def test_a_name_is_what_is_written(tmp_path: Path) -> None:
    """YAML would read no as false and 007 as a number."""
    write_text(tmp_path / "x" / "data.yaml", "names: [007, no]\n")
    assert names(tmp_path, "x") == {"x": "no"}


def test_a_folder_without_a_list_does_not_get_that_of_another(tmp_path: Path) -> None:
    write_text(tmp_path / "x" / "data.yaml", "names: [a, b]\n")
    assert names(tmp_path, "x", "y") == {"x": "b", "y": "class 1"}
    notes = {note.kind: note for note in read(tmp_path).problems.notes}
    assert notes["no_names"].count == 1
    assert "y/labels/i1.txt" in notes["no_names"].text


def test_a_list_apart_is_taken_where_it_is_the_only_one(tmp_path: Path) -> None:
    write_text(tmp_path / "cfg" / "yard.yaml", "names: [a, b]\n")
    assert names(tmp_path, "x", "y") == {"x": "b", "y": "b"}


def test_of_several_settings_the_one_is_meant_that_names_the_images(tmp_path: Path) -> None:
    write_text(tmp_path / "one.yaml", "names: [a, b]\ntrain: x/images\n")
    write_text(tmp_path / "two.yaml", "names: [b, c]\ntrain: y/images\n")
    assert names(tmp_path, "x", "y") == {"x": "b", "y": "c"}


def test_data_yaml_goes_before_others_and_it_is_said(tmp_path: Path) -> None:
    write_text(tmp_path / "x" / "a_old.yaml", "names: [b, c]\n")
    write_text(tmp_path / "x" / "data.yaml", "names: [a, b]\n")
    assert names(tmp_path, "x") == {"x": "b"}
    assert ("class_lists", "kept") in reasons(read(tmp_path))


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "a.txt", LINE)
    (tmp_path / "classes.txt").write_bytes(b"\xe9t\xe9\n\xff\xff\x81\n")
    source = read(tmp_path)
    assert ("encoding", "skipped") in reasons(source)
    assert names_of(source) == ["class 0", "class 1"]


@pytest.mark.parametrize(
    "files",
    [
        {
            "data.yaml": "names: [p]\ntrain: tr.txt\nval: [va.txt]\n",
            "tr.txt": "./images/a.jpg\n",
            "va.txt": "x/images/b.jpg\n",
        },
        {
            "data.yaml": "names: [p]\npath: /content/set\ntrain: lists/tr.txt\nval: lists/va.txt\n",
            "lists/tr.txt": "/content/set/images/a.jpg",
            "lists/va.txt": "/content/set/images/b.jpg",
        },
        {
            "obj.data": "classes = 1\ntrain = data/train.txt\nvalid = data/valid.txt\nnames = data/obj.names\n",
            "obj.names": "p\n",
            "train.txt": "data/images/a.jpg\n",
            "valid.txt": "data/images/b.jpg\n",
        },
        {"train.txt": "images/a.jpg\n", "val.txt": "images\\b.jpg\n", "classes.txt": "p\n"},
    ],
)
def test_lists_of_images_say_the_split(tmp_path: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        write_text(tmp_path / name, content)
    for number, name in enumerate("abc"):
        write_image(tmp_path / "images" / f"{name}.jpg", colour=number)
        write_text(tmp_path / "labels" / f"{name}.txt", "0 0.5 0.5 0.5 0.5\n")
    source = read(tmp_path)
    assert {image.key[7]: image.metadata.get("split") for image in source.images} == {
        "a": "train",
        "b": "valid",
        "c": None,
    }
    assert names_of(source) == ["p"]
    assert reasons(source) == []


def test_folders_say_the_split_unless_they_are_named_for_two(tmp_path: Path) -> None:
    write_text(tmp_path / "data.yaml", "names: [p]\ntrain: [one, two]\nval: two\ntest: three\n")
    for number, folder in enumerate(("one", "two", "three")):
        write_image(tmp_path / folder / "a.jpg", colour=number)
        write_text(tmp_path / folder / "a.txt", "0 0.5 0.5 0.5 0.5\n")
    found = {image.key.split("/")[0]: image.metadata.get("split") for image in read(tmp_path).images}
    assert found == {"one": "train", "two": None, "three": "test"}


def test_turned_boxes_keep_their_angle(tmp_path: Path) -> None:
    """(32, 8)–(48, 24)–(32, 40)–(16, 24) of 64 × 48: a square on its corner, 45 degrees."""
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "classes.txt", "p\n")
    corners = [(32, 8), (48, 24), (32, 40), (16, 24)]
    line = " ".join(f"{x / 64} {y / 48}" for x, y in corners)
    write_text(tmp_path / "a.txt", f"0 {line}\n")
    source = read(tmp_path)
    assert boxes(source)["a.jpg"] == [("p", pytest.approx([16, 8, 48, 40], abs=1e-3), None)]
    side = pytest.approx(16 * 2**0.5, abs=1e-3)
    assert shapes_in(source) == [{"kind": "turned", "centre": [32, 24], "size": [side, side], "angle": 45}]


def test_mixed_lines_are_each_what_they_are(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "classes.txt", "p\n")
    write_text(tmp_path / "a.txt", "0 0.5 0.5 0.5 0.5\n0 0 0 0.5 0 0.5 0.25\n0 0.5 0.5 0.5 0.5 0.9\n")
    source = read(tmp_path)
    assert [box for _, box, _ in boxes(source)["a.jpg"]] == [[16, 12, 48, 36], [0, 0, 32, 12]]
    assert reasons(source) == [("predictions", "skipped")]
    assert shapes_in(source) == [{"kind": "polygon", "parts": [[[[0, 0], [32, 0], [32, 12]]]]}]
    assert (len(source.predictions), source.scores.tolist()) == (1, [0.9])


def test_four_corners_that_are_no_rectangle_in_the_image_are_a_polygon(tmp_path: Path) -> None:
    """A rhombus: its sides lie askew as soon as the image is not square."""
    write_image(tmp_path / "a.jpg")
    write_text(tmp_path / "classes.txt", "p\n")
    write_text(tmp_path / "a.txt", "0 0.5 0.25 0.75 0.5 0.5 0.75 0.25 0.5\n")
    source = read(tmp_path)
    assert boxes(source)["a.jpg"] == [("p", [16, 12, 48, 36], None)]
    assert shapes_in(source) == [{"kind": "polygon", "parts": [[[[32, 12], [48, 24], [32, 36], [16, 24]]]]}]


def test_predictions_beside_labels_are_named(tmp_path: Path) -> None:
    write_image(tmp_path / "images" / "a.jpg")
    write_text(tmp_path / "classes.txt", "p\n")
    write_text(tmp_path / "labels" / "a.txt", "0 0.5 0.5 0.5 0.5\n")
    write_text(tmp_path / "runs" / "labels" / "a.txt", "0 0.5 0.5 0.5 0.5 0.9\n")
    source = read(tmp_path)
    assert (len(boxes(source)["images/a.jpg"]), reasons(source)) == (1, [("other_file", "skipped")])
