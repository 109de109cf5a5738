"""DOTA's labelTxt."""

from pathlib import Path

import pytest

from dataset.importing.columns import Ignore
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read

ABOUT = "imagesource:GoogleEarth\ngsd:0.146343\n"


def test_it_works(tmp_path: Path) -> None:
    """A box of 20 × 10 about (30, 20) stood on its end; an upright one; one of four odd corners."""
    for name in ("P0001", "P0002"):
        write_image(tmp_path / "images" / f"{name}.png", colour=ord(name[-1]))
    quarter = "35.0 10.0 35.0 30.0 25.0 30.0 25.0 10.0 ship 0"
    tilted = "16.67 15.77 25.33 20.77 23.33 24.23 14.67 19.23 plane 0"
    odd = "1 1 20 2 15 12 3 9 plane 1"
    write_text(tmp_path / "labelTxt" / "P0001.txt", f"{ABOUT}{quarter}\n{tilted}\n{odd}\n")
    write_text(tmp_path / "labelTxt" / "P0002.txt", ABOUT)
    found = read(tmp_path)
    key = "images/P0001.png"
    assert found.source.format == "dota"
    assert found.boxes[key] == [
        ("ship", [25, 10, 35, 30]),
        ("plane", [14.7, 15.8, 25.3, 24.2]),
        ("plane", [1, 1, 20, 12]),
    ]
    assert found.attributes[key][0] == {}
    turned, outline = found.shapes
    assert turned["angle"] == pytest.approx(30, abs=0.1)
    assert [*turned["centre"], *turned["size"]] == pytest.approx([20, 20, 10, 4], abs=0.01)
    assert outline == {"kind": "polygon", "parts": [[[[1, 1], [20, 2], [15, 12], [3, 9]]]]}
    assert found.ignore[key] == [Ignore.NO, Ignore.NO, Ignore.REGION]
    assert found.metadata(key) == {"imagesource": "GoogleEarth", "gsd": 0.146343}
    assert found.states["images/P0002.png"] == "negative"
    assert found.kinds == []


def test_it_rejects_lines_of_another_form(tmp_path: Path) -> None:
    write_image(tmp_path / "images" / "a.png")
    write_image(tmp_path / "images" / "b.png", colour=9)
    write_text(tmp_path / "labelTxt" / "a.txt", "35 10 35 30 25 30 25 10 ship 0\n35 10 35 30 ship\n")
    write_text(tmp_path / "labelTxt" / "b.txt", "35 10 35 30 25 30 25 x ship 0\n")
    found = read(tmp_path)
    assert found.states == {"images/a.png": "labelled", "images/b.png": "not labelled"}
    assert found.kinds == [("broken_record", "skipped")] * 2
