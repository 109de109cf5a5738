"""Somebody's own folder as the truth of an experiment: read as an import would read it, before the platform starts."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from commandline import demo as demo_command
from commandline.labelled_folder import write_labelled_folder
from demo.material import Material
from demo.reading import CannotRead, read_material
from embedded.failures import Failure


def image(path: Path, number: int = 0, size: tuple[int, int] = (80, 60)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (number, 40, 90)).save(path)


def yolo_label(path: Path, text: str = "1 0.5 0.5 0.5 0.5\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty labelled images, YOLO."""
    own = tmp_path / "own"
    for i in range(30):
        image(own / "train" / "images" / f"{i}.png", i)
        yolo_label(own / "train" / "labels" / f"{i}.txt")
    (own / "data.yaml").write_text("train: train/images\nnames: ['cat', \"dog\"]\n")
    return own


def material(folder: Path, wanted: str = "auto", annotations: str | None = None, seed: int = 0) -> Material:
    target = folder.parent / "labels.json"
    write_labelled_folder(folder, target, wanted=wanted, annotations=annotations)
    return read_material(target, seed=seed)


def everything(found: Material) -> list:
    return [*found.experiment, *found.pool]


def test_it_works(folder: Path) -> None:
    found = material(folder)
    assert found.class_names == ("cat", "dog")
    assert (len(found.experiment), len(found.pool)) == (22, 8)
    picture = found.experiment[0]
    assert picture.labels.boxes.tolist() == [[20, 15, 60, 45]]
    assert picture.labels.classes.tolist() == [1]
    assert len({one.labels.key for one in everything(found)}) == 30
    assert all(one.path.exists() for one in everything(found))


def test_copies_are_left_out_and_counted(folder: Path) -> None:
    (folder / "train" / "images" / "copy.png").write_bytes((folder / "train" / "images" / "3.png").read_bytes())
    yolo_label(folder / "train" / "labels" / "copy.txt", "0 0.5 0.5 0.5 0.5\n")
    found = material(folder)
    assert len(everything(found)) == 30
    assert "1 exact copies of other images were left out." in found.notes


def test_an_empty_label_file_is_a_negative_and_none_is_not(folder: Path) -> None:
    image(folder / "train" / "images" / "negative.png", 101)
    yolo_label(folder / "train" / "labels" / "negative.txt", "")
    image(folder / "train" / "images" / "unlabelled.png", 102)
    found = material(folder)
    keys = {one.labels.key: len(one.labels.boxes) for one in everything(found)}
    assert keys["train-images-negative.png"] == 0
    assert len(keys) == 31
    assert "1 images without labels were left out." in found.notes


def coco(folder: Path, boxes: list[dict]) -> None:
    images = [{"id": i, "file_name": f"images/{i}.png", "width": 80, "height": 60} for i in range(25)]
    for i in range(25):
        image(folder / "images" / f"{i}.png", i)
    content = {"images": images, "annotations": boxes, "categories": [{"id": 7, "name": "boat"}]}
    (folder / "labels.json").write_text(json.dumps(content))


def test_coco(tmp_path: Path) -> None:
    boxes = [{"id": i, "image_id": i, "category_id": 7, "bbox": [10, 5, 100, 20], "iscrowd": 0} for i in range(25)]
    coco(tmp_path / "own", boxes)
    found = material(tmp_path / "own", seed=1)
    assert found.class_names == ("boat",)
    assert found.experiment[0].labels.boxes.tolist() == [[10, 5, 80, 25]]  # cut at the border


def test_pascal_voc(tmp_path: Path) -> None:
    own = tmp_path / "own"
    for i in range(24):
        image(own / "JPEGImages" / f"{i}.png", i)
        box = "<bndbox><xmin>11</xmin><ymin>6</ymin><xmax>30</xmax><ymax>20</ymax></bndbox>"
        text = f"<annotation><filename>{i}.png</filename><object><name>cell</name>{box}</object></annotation>"
        yolo_label(own / "Annotations" / f"{i}.xml", text)
    found = material(own)
    assert found.class_names == ("cell",)
    assert [len(one.labels.boxes) for one in everything(found)] == [1] * 24


def test_a_turned_photograph_is_measured_upright(folder: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = folder / "train" / "images" / "turned.jpg"
    Image.fromarray(np.zeros((60, 80, 3), np.uint8)).save(path, exif=exif)
    yolo_label(folder / "train" / "labels" / "turned.txt")
    found = material(folder)
    labels = next(one.labels for one in everything(found) if "turned" in one.labels.key)
    assert (labels.width, labels.height) == (60, 80)
    assert labels.boxes.tolist() == [[15, 20, 45, 60]]


def test_what_was_skipped_is_said(folder: Path) -> None:
    yolo_label(folder / "train" / "labels" / "0.txt", "1 0.5 0.5 0.5 0.5\n1 nonsense\n")
    found = material(folder)
    assert any("1 things were skipped or repaired" in note for note in found.notes)


def test_it_rejects_before_the_platform_starts(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(demo_command, "serve", lambda *args, **kwargs: started.append(args))
    (tmp_path / "empty").mkdir()
    for given, words in [("missing", "is not a folder"), ("empty", "no images or label files")]:
        with pytest.raises(Failure, match=words):
            demo_command.main(["--exit", "--data", str(tmp_path / given)])
    assert started == []
    demo_command.main(["--exit", "--data", str(folder)])
    assert len(started) == 1


def test_it_rejects_too_few_images(tmp_path: Path) -> None:
    own = tmp_path / "own"
    image(own / "a.png")
    yolo_label(own / "a.txt", "0 0.5 0.5 0.5 0.5\n")
    with pytest.raises(CannotRead, match="needs 20 or more"):
        material(own)
