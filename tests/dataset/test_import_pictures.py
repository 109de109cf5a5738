"""Pictures as an import meets them: deep ones by one rule, copies, pictures inside label files, those left in place."""

import base64
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from dataset.models import Dataset, Image
from dataset.tasks import run_import
from storage import blobs
from tests.dataset.folders import boxes_of, import_folder, write_image, write_text
from tests.factories import Cast, jpeg, make_dataset

pytestmark = pytest.mark.django_db
assert run_import


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project)


@pytest.fixture
def folder(import_root: Path) -> Path:
    return import_root


def write_deep(path: Path, *levels: int) -> None:
    """A grey PNG of 16 bits, a column for each level."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.fromarray(np.tile(np.array(levels, np.uint16), (8, 1))).save(path)


def levels_of(dataset: Dataset, key: str) -> list[int]:
    stored = Pillow.open(BytesIO(blobs.read(dataset.images.get(key=key).location)))
    return np.asarray(stored)[0].tolist()


def notes_of(result: dict[str, Any]) -> dict[str, str]:
    return {note["kind"]: note["text"] for note in result["notes"]}


def test_deep_pictures_of_an_import_are_stretched_alike(cast: Cast, dataset: Dataset, folder: Path) -> None:
    """A bright picture of 12 bits, one whose largest value is 255, one with 256: the dark ones stay dark, alike."""
    write_deep(folder / "bright.png", 0, 2048, 4095)
    write_deep(folder / "dark.png", 0, 128, 255)
    write_deep(folder / "dark2.png", 0, 96, 256)
    job = import_folder(cast, dataset, folder)
    assert [levels_of(dataset, f"{name}.png") for name in ("bright", "dark", "dark2")] == [
        [0, 128, 255],
        [0, 8, 16],
        [0, 6, 16],
    ]
    assert notes_of(job.result) == {"stretched": "3 pictures of 16-bit values: 0 … 4,095 was stretched to 0 … 255"}
    (note,) = job.result["notes"]
    assert note["values"] == {"low": "0", "high": "4,095", "lowest": "0", "highest": "4,095"}


def test_more_of_the_dataset_is_stretched_as_before(cast: Cast, dataset: Dataset, folder: Path) -> None:
    write_deep(folder / "bright.png", 0, 2048, 4095)
    import_folder(cast, dataset, folder)
    write_deep(folder / "dark.png", 0, 128, 255)
    job = import_folder(cast, dataset, folder)
    assert job.result["images"] == {"found": 2, "added": 1, "unchanged": 1, "skipped": 0}
    assert levels_of(dataset, "dark.png") == [0, 8, 16]
    write_deep(folder / "other.png", 0, 4095, 60_000)
    job = import_folder(cast, dataset, folder)
    assert levels_of(dataset, "other.png") == [0, 255, 255]
    assert (
        "as in the dataset's earlier pictures; values from 0 to 60,000 were cut to that"
        in job.result["notes"][0]["text"]
    )


def test_a_check_says_what_the_import_does(cast: Cast, dataset: Dataset, folder: Path) -> None:
    write_deep(folder / "bright.png", 0, 2048, 4095)
    checked = import_folder(cast, dataset, folder, dry_run=True).result
    assert notes_of(checked) == notes_of(import_folder(cast, dataset, folder).result)


def test_exact_copies_are_counted(cast: Cast, dataset: Dataset, folder: Path) -> None:
    for name in ("a", "b", "c"):
        write_image(folder / f"{name}.jpg")
    write_image(folder / "other.jpg", colour=90)
    first = import_folder(cast, dataset, folder).result
    assert notes_of(first)["exact_copies"] == "2 images are exact copies of others, b.jpg of a.jpg among them"
    assert "exact_copies" not in notes_of(import_folder(cast, dataset, folder).result)  # nothing new came in
    write_image(folder / "later" / "d.jpg", colour=90)
    later = import_folder(cast, dataset, folder).result
    assert notes_of(later)["exact_copies"] == "1 images are exact copies of others, later/d.jpg of other.jpg among them"


def test_what_cannot_stay_in_place_is_stored(cast: Cast, dataset: Dataset, folder: Path) -> None:
    """The originals stay as they are; what is used is the copy that every reader sees alike."""
    write_image(folder / "plain.jpg")
    write_image(folder / "turned.jpg", orientation=6)
    picture = Pillow.new("RGBA", (20, 10), (0, 255, 0, 0))
    picture.save(folder / "transparent.png")
    (folder / "odd.jpg").write_bytes(jpeg(64, 48, (1, 2, 3)) + b"\0")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    job = import_folder(cast, dataset, folder, copy=False)
    places = {image.key: image.location.split(":")[0].split("/")[0] for image in Image.objects.all()}
    assert places == {"plain.jpg": "file", "odd.jpg": "file", "turned.jpg": "blobs", "transparent.png": "blobs"}
    assert levels_of(dataset, "transparent.png")[0] == [255, 255, 255]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "2 images had to be converted" in notes_of(job.result)["stored_copies"]
    said = {problem["file"]: (problem["kind"], problem["action"]) for problem in job.result["problems"]}
    assert said["odd.jpg"] == ("odd_image", "kept")
    assert said["turned.jpg"] == ("converted", "repaired")


def test_a_picture_inside_a_labelme_file(cast: Cast, dataset: Dataset, folder: Path) -> None:
    shapes = [{"label": "car", "shape_type": "rectangle", "points": [[4, 4], [20, 30]]}]
    content = {"imagePath": "../raw/street.jpg", "imageData": base64.b64encode(jpeg(64, 48)).decode(), "shapes": shapes}
    write_text(folder / "street.json", json.dumps(content))
    job = import_folder(cast, dataset, folder, copy=False)
    image = dataset.images.get()
    assert (image.key, image.width, blobs.read(image.location)) == ("street.jpg", 64, jpeg(64, 48))
    assert boxes_of(dataset) == {"street.jpg": [("car", [4, 4, 20, 30])]}
    assert job.result["problems"] == []
    again = import_folder(cast, dataset, folder)
    assert (again.result["images"]["unchanged"], again.result["revision"]) == (1, None)


def test_a_labelme_file_whose_picture_is_nonsense(cast: Cast, dataset: Dataset, folder: Path) -> None:
    write_image(folder / "good.jpg")
    write_text(folder / "b.json", json.dumps({"imagePath": "b.jpg", "imageData": "!!!!", "shapes": []}))
    job = import_folder(cast, dataset, folder)
    assert list(dataset.images.values_list("key", flat=True)) == ["good.jpg"]
    assert "it is empty" in job.result["problems"][0]["reason"]


@pytest.mark.parametrize("ending", [".jfif", ".jpe", ".mpo", ".JPG"])
def test_a_jpeg_under_its_other_endings(cast: Cast, dataset: Dataset, folder: Path, ending: str) -> None:
    (folder / f"a{ending}").write_bytes(jpeg(64, 48))
    import_folder(cast, dataset, folder)
    image = dataset.images.get()
    assert (image.key, image.location.endswith(".jpg")) == (f"a{ending}", True)
