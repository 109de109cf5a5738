"""Datumaro's own JSON, in the shape that datumaro 1.13.12 writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from tests.dataset.folders import write_image, write_text
from tests.dataset.importing.reading import read


def annotation(kind: str, **more: Any) -> dict[str, Any]:
    return {"id": 1, "type": kind, "attributes": {}, "group": 0, "label_id": 1, "z_order": 0, **more}


def write(root: Path, subset: str, items: list[tuple[str, list[dict[str, Any]]]]) -> None:
    for name, _ in items:
        write_image(root / "images" / subset / f"{name}.jpg", colour=ord(name[0]))
    listed = [
        {"id": name, "annotations": found, "attr": {"frame": 3}, "image": {"path": f"{name}.jpg", "size": [48, 64]}}
        for name, found in items
    ]
    labels: list[dict[str, Any]] = [{"name": name, "parent": "", "attributes": []} for name in ("pan", "pot")]
    content = {"dm_format_version": "1.0", "media_type": 2, "infos": {}, "categories": {"label": {"labels": labels}}}
    write_text(root / "annotations" / f"{subset}.json", json.dumps({**content, "items": listed}))


def test_it_works(tmp_path: Path) -> None:
    """Two subsets have an image of the same name, each in its own folder."""
    box = annotation("bbox", bbox=[4, 6, 16, 24], attributes={"occluded": True, "is_crowd": True}, group=1)
    polygon = annotation("polygon", points=[30, 10, 40, 10, 40, 20], label_id=0)
    write(tmp_path, "train", [("a", [box, polygon, annotation("label")])])
    write(tmp_path, "val", [("a", [])])
    found = read(tmp_path)
    assert found.source.format == "datumaro"
    assert found.boxes["images/train/a.jpg"] == [("pot", [4, 6, 20, 30]), ("pan", [30, 10, 40, 20])]
    assert found.ignore["images/train/a.jpg"] == [Ignore.CROWD, Ignore.NO]
    assert found.attributes["images/train/a.jpg"][0] == {"occluded": True, "group": 1}
    assert found.metadata("images/train/a.jpg") == {"split": "train", "frame": 3}
    assert found.states["images/val/a.jpg"] == "negative"
    assert found.metadata("images/val/a.jpg")["split"] == "valid"


def test_rotation_beside_an_unturned_box(tmp_path: Path) -> None:
    """20 × 10 about (30, 20), by a quarter."""
    write(tmp_path, "train", [("a", [annotation("bbox", bbox=[20, 15, 20, 10], attributes={"rotation": 90.0})])])
    found = read(tmp_path)
    assert found.boxes["images/train/a.jpg"] == [("pot", [25, 10, 35, 30])]
    assert found.shapes == [{"kind": "turned", "centre": [30, 20], "size": [20, 10], "angle": 90}]


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        (annotation("mask", rle={"counts": "0", "size": [48, 64]}), "broken_record"),
        (annotation("bbox", bbox=[4, 6, 16, 24], label_id=9), "broken_record"),
        (annotation("bbox", bbox=[4, 6]), "broken_record"),
    ],
)
def test_it_rejects(tmp_path: Path, refused: dict[str, Any], kind: str) -> None:
    write(tmp_path, "train", [("a", [refused])])
    found = read(tmp_path)
    assert (found.states, found.kinds) == ({"images/train/a.jpg": "not labelled"}, [(kind, "skipped")])
