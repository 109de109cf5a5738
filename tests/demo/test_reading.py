"""Somebody's own folder as the truth of an experiment."""

import json

import numpy as np
import pytest
from PIL import Image

from demo.reading import CannotRead, read_own_data, yolo_names


def image(path, number=0, size=(80, 60)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (number, 40, 90)).save(path)


@pytest.fixture
def yolo(tmp_path):
    for i in range(30):
        image(tmp_path / "train" / "images" / f"{i}.png", i)
        label = tmp_path / "train" / "labels" / f"{i}.txt"
        label.parent.mkdir(parents=True, exist_ok=True)
        label.write_text("1 0.5 0.5 0.5 0.5\n")
    (tmp_path / "data.yaml").write_text("train: train/images\nnames: ['cat', \"dog\"]\n")
    return tmp_path


def test_it_works(yolo):
    material = read_own_data(yolo, format="auto", seed=0)
    assert material.class_names == ("cat", "dog")
    assert (len(material.experiment), len(material.pool)) == (22, 8)
    picture = material.experiment[0]
    assert picture.labels.boxes.tolist() == [[20, 15, 60, 45]]
    assert picture.labels.classes.tolist() == [1]
    keys = [p.labels.key for p in (*material.experiment, *material.pool)]
    assert len(set(keys)) == 30


def test_copies_are_left_out_and_counted(yolo):
    (yolo / "train" / "images" / "copy.png").write_bytes((yolo / "train" / "images" / "3.png").read_bytes())
    (yolo / "train" / "labels" / "copy.txt").write_text("0 0.5 0.5 0.5 0.5\n")
    material = read_own_data(yolo, format="yolo", seed=0)
    assert len(material.experiment) + len(material.pool) == 30
    assert material.notes == ("1 exact copies of other images were left out.",)


def test_coco(tmp_path):
    images = [{"id": i, "file_name": f"images/{i}.png", "width": 80, "height": 60} for i in range(25)]
    boxes = [{"id": i, "image_id": i, "category_id": 7, "bbox": [10, 5, 100, 20], "iscrowd": 0} for i in range(25)]
    for i in range(25):
        image(tmp_path / "images" / f"{i}.png", i)
    content = {"images": images, "annotations": boxes, "categories": [{"id": 7, "name": "boat"}]}
    (tmp_path / "labels.json").write_text(json.dumps(content))
    material = read_own_data(tmp_path, format="auto", seed=1)
    assert material.class_names == ("boat",)
    assert material.experiment[0].labels.boxes.tolist() == [[10, 5, 80, 25]]  # cut at the border


def test_a_turned_photograph_is_measured_upright(tmp_path):
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.zeros((60, 80, 3), np.uint8)).save(path, exif=exif)
    from demo.reading import upright_size

    assert upright_size(path) == (60, 80)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("names: [a, 'b c']\n", ["a", "b c"]),
        ("names:\n  - a\n  - b c\nnc: 2\n", ["a", "b c"]),
        ("nc: 2\nnames:\n  0: a\n  1: b c\n", ["a", "b c"]),
        ("nc: 2\n", []),
    ],
)
def test_names_in_a_data_yaml(tmp_path, text, names):
    (tmp_path / "data.yaml").write_text(text)
    assert yolo_names(tmp_path) == names


def test_it_rejects_a_folder_without_labels(tmp_path):
    with pytest.raises(CannotRead, match="no images"):
        read_own_data(tmp_path, format="auto", seed=0)


def test_it_rejects_too_few_images(tmp_path):
    image(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text("0 0.5 0.5 0.5 0.5\n")
    with pytest.raises(CannotRead, match="needs 20 or more"):
        read_own_data(tmp_path, format="yolo", seed=0)
