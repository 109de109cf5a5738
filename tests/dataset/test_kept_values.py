"""What label files bring is mended and reported, whichever reader read it; rows from before the gate by a migration."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from dataset.importing.detect import read_source
from dataset.importing.files import walk
from dataset.importing.types import Problems, Source
from dataset.models import Dataset
from dataset.tasks import run_export, run_import
from tests.dataset.folders import coco_content, coco_folder, import_folder, write_image, write_text, yolo_folder
from tests.factories import Cast, call, make_annotation, make_dataset, make_image, run_jobs

pytestmark = pytest.mark.django_db
assert run_import
assert run_export

HUGE = 10**30
EDGES = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01",
    "9999-12-31",
    -62135596800,
    1e300,
    "soon",
]


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=())


def read(root: Path, wanted: str = "auto") -> Source:
    problems = Problems()
    return read_source(walk(root, problems), problems, wanted=wanted, annotations=None, known_classes=[])


def reasons(source: Source, kind: str) -> list[str]:
    return [problem.reason for problem in source.problems.shown if problem.kind == kind]


@pytest.mark.parametrize("moment", EDGES)
def test_a_time_at_the_edge_is_left_out_and_said(
    cast: Cast, dataset: Dataset, import_root: Path, moment: str | float
) -> None:
    """Stored, it made the page of datasets fail for all."""
    content = coco_content()
    content["images"][0]["captured_at"] = moment
    job = import_folder(cast, dataset, coco_folder(import_root / "set", content))
    (problem,) = job.result["problems"]
    assert (problem["kind"], problem["action"]) == ("metadata", "repaired")
    assert "captured_at of images/a.jpg is no time" in problem["reason"]
    for path in (f"datasets/{dataset.pk}/images?boxes=true", "datasets", f"datasets/{dataset.pk}/analytics"):
        assert call(cast.alice, "GET", path).status_code == 200
    image = dataset.images.get(key="images/a.jpg")
    assert call(cast.alice, "GET", f"images/{image.pk}").json()["captured_at"] is None


HOSTILE = f'{{"speed": {HUGE}, "heat": NaN, "name": "a\\u0000b", "deep": {"[" * 70}{"]" * 70}, "lane": 2}}'


def test_attributes_are_mended_and_exported(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    text = json.dumps(coco_content()).replace('"bbox": [16', f'"attributes": {HOSTILE}, "bbox": [16')
    job = import_folder(cast, dataset, coco_folder(import_root / "set", text))
    said = [problem["reason"] for problem in job.result["problems"] if problem["kind"] == "attributes"]
    assert len(said) == 1
    image = dataset.images.get(key="images/a.jpg")
    (label,) = call(cast.alice, "GET", f"images/{image.pk}").json()["annotations"]
    assert label["attributes"]["lane"] == 2
    assert label["attributes"]["speed"] in (str(HUGE), 1e30)
    assert label["attributes"]["heat"] is None
    assert label["attributes"]["name"] == "a\ufffdb"
    for wanted in ("coco", "yolo", "voc", "bdd100k"):
        response = call(cast.alice, "POST", f"datasets/{dataset.pk}/exports", {"format": wanted})
        assert response.status_code == 202, response.content
        (export,) = run_jobs()
        assert export.state == "succeeded", export.error


def test_names_of_classes_and_sequences(tmp_path: Path) -> None:
    content = coco_content()
    content["categories"][0]["name"] = "car\0\ud800!"
    content["images"][0]["video"] = "s\0" * 300
    source = read(coco_folder(tmp_path, content))
    assert source.class_names[0] is not None
    assert all((name or "").isprintable() for name in source.class_names)
    assert [image.sequence.isprintable() and len(image.sequence) <= 200 for image in source.images] == [True, True]


def test_what_is_left_out_is_said(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    write_image(root / "train" / "images" / ".hidden.jpg", colour=7)
    write_image(root / "train" / "images" / "phone.jfif", colour=9)
    (root / "train" / "images" / "noext").write_bytes(b"\xff\xd8\xff")
    for name in ("a.npy", "b.npy", ".DS_Store", "._a.jpg"):
        (root / name).write_bytes(b"1")
    (root / ".cache").mkdir()
    job = import_folder(cast, dataset, root)
    said = {one["reason"]: one.get("count", 1) for one in job.result["problems"] if one["kind"] == "left_out"}
    assert said == {
        "a file whose name begins with a dot is hidden: left out (train/images/.hidden.jpg)": 1,
        "a file without an ending tells no kind: left out (train/images/noext)": 1,
        "a folder whose name begins with a dot is hidden: left out (.cache/)": 1,
        "files that end in .npy are not read: left out (2 of them, a.npy among them)": 2,
    }
    assert dataset.images.filter(key="train/images/phone.jfif").exists()


def test_a_folder_of_nothing_useful_still_says_so(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    (import_root / "set").mkdir()
    (import_root / "set" / "a.npy").write_bytes(b"1")
    assert (
        call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"path": str(import_root / "set")}).status_code
        == 202
    )
    (job,) = run_jobs()
    assert (job.state, "There are no images here" in job.error) == ("failed", True)


def test_no_message_shows_a_path_of_the_server(
    cast: Cast, dataset: Dataset, import_root: Path, monkeypatch: Any
) -> None:
    root = coco_folder(import_root / "set")
    write_text(root / "broken.json", "{")

    def fails(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(import_root / "secret" / "place"))

    monkeypatch.setattr("dataset.services.imports.read_source", fails)
    call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"path": str(root)})
    (job,) = run_jobs()
    assert job.state == "failed"
    assert "Permission denied" in job.error
    assert "secret" not in job.error


def test_the_migration_mends_what_is_there(cast: Cast) -> None:
    mend = importlib.import_module("dataset.migrations.0007_values_that_can_be_kept")
    dataset = make_dataset(cast.project)
    deep: Any = 1
    for _ in range(80):
        deep = [deep]
    image = make_image(dataset, metadata={"plate": "12345678901234567890123", "code": HUGE, "deep": deep, "n": 2**63})
    fine = make_image(dataset, metadata={"plate": "12345678901234567890123"})
    label = make_annotation(image, dataset.classes.first())
    label.attributes = {"speed": -HUGE, "lane": 1}
    label.save(update_fields=["attributes"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dataset_image SET captured_at = '0001-01-01 00:00+14 BC', latitude = 'NaN' WHERE id = %s",
            [image.pk],
        )
        cursor.execute(mend.TIMES)
        cursor.execute(mend.PLACES)
    with connection.schema_editor() as editor:
        mend.mend_json(apps, editor)
    for row in (image, fine, label):
        row.refresh_from_db()
    assert (image.captured_at, image.latitude) == (None, None)
    assert (image.metadata["code"], image.metadata["n"]) == (str(HUGE), 2**63)
    assert image.metadata["plate"] == fine.metadata["plate"] == "12345678901234567890123"
    assert label.attributes == {"speed": str(-HUGE), "lane": 1}
    assert call(cast.alice, "GET", f"datasets/{dataset.pk}/images?boxes=true").status_code == 200
