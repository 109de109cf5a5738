"""prediction-sets over HTTP: COCO results made elsewhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dataset.models import Dataset, PredictionSet
from dataset.selectors import predictions as prediction_reads
from dataset.services.slices import create_slice
from dataset.tasks import run_prediction_import
from jobs.models import Job
from tests.factories import (
    Cast,
    assert_charlie_gets_404,
    assert_problem,
    call,
    make_dataset,
    make_image,
    run_jobs,
    signed_in,
)

pytestmark = pytest.mark.django_db
assert run_prediction_import


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    dataset = make_dataset(cast.project)
    for name in ("a", "b", "c"):
        make_image(dataset, key=f"train/{name}.jpg", width=100, height=80)
    return dataset


def write(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content))
    return path.name


def ask(cast: Cast, dataset: Dataset, **body: Any) -> Job:
    response = call(cast.alice, "POST", f"datasets/{dataset.pk}/prediction-sets", body)
    assert response.status_code == 202, response.content
    return run_jobs()[0]


def test_it_works(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    results = [
        {"image_id": "train/a.jpg", "category_id": "car", "bbox": [10, 10, 20, 30], "score": 0.9},
        {"image_id": "b", "category_id": 1, "bbox": [-5, 0, 20, 30], "score": 0.01},
    ]
    job = ask(cast, dataset, path=write(import_root / "yolox.json", results))
    assert (job.state, job.result["stored"], job.result["problems"]) == ("succeeded", 2, [])
    body = call(cast.bob, "GET", f"prediction-sets/{job.result['prediction_set']}").json()
    assert (body["name"], body["kind"], body["box_count"], body["image_count"]) == ("yolox", "imported", 2, 2)
    assert body["manifest"]["revision"] == 0
    loaded = prediction_reads.load(PredictionSet.objects.get())
    assert loaded.boxes.tolist() == [[10, 10, 30, 40], [0, 0, 15, 30]]
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/prediction-sets").json()["items"] == [body]


def test_ids_of_a_coco_file(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    truth = {
        "images": [{"id": 5, "file_name": "a.jpg"}, {"id": 6, "file_name": "c.jpg"}, {"id": 7, "file_name": "no.jpg"}],
        "categories": [{"id": 3, "name": "rider"}],
    }
    results = [{"image_id": 5, "category_id": 3, "bbox": [10, 10, 20, 30], "score": 0.9}]
    names = {"path": write(import_root / "r.json", results), "annotations": write(import_root / "t.json", truth)}
    job = ask(cast, dataset, **names, name="mine")
    assert (job.result["stored"], job.result["images"]) == (1, 2)  # c.jpg was looked at, and nothing was found there


def test_images_of_a_slice_were_looked_at(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    ids = list(dataset.images.values_list("pk", flat=True))
    row = create_slice(dataset=dataset, name="all", image_ids=ids, origin={"kind": "hand"}, by=cast.alice)
    results = [{"image_id": "a", "category_id": 0, "bbox": [1, 1, 5, 5], "score": 0.5}]
    job = ask(cast, dataset, path=write(import_root / "r.json", results), slice=row.pk)
    assert job.result["images"] == 3


def test_wrong_records_are_named(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    good = {"image_id": "a", "category_id": 0, "bbox": [1, 1, 5, 5], "score": 0.5}
    wrong = [{"image_id": "x"}, {"category_id": 9}, {"bbox": [1, 2, 3]}, {"score": 7}, {"bbox": [500, 1, 5, 5]}]
    results = [good, "nonsense", *({**good, **change} for change in wrong)]
    job = ask(cast, dataset, path=write(import_root / "r.json", results))
    assert (job.result["stored"], job.result["problems_total"]) == (1, 6)
    assert [problem["record"] for problem in job.result["problems"]] == [f"[{n}]" for n in range(1, 7)]


def test_an_upload(cast: Cast, dataset: Dataset, import_root: Path, settings: Any) -> None:
    results = [{"image_id": "a", "category_id": 0, "bbox": [1, 1, 5, 5], "score": 0.5}]
    file = SimpleUploadedFile("mine.json", json.dumps(results).encode())
    response = signed_in(cast.alice).post(f"/api/v1/datasets/{dataset.pk}/prediction-sets", {"file": file})
    assert response.status_code == 202
    assert run_jobs()[0].state == "succeeded"
    assert PredictionSet.objects.get().name == "mine"
    assert not [path for path in (settings.STORAGE_ROOT / "work").rglob("*") if path.is_file()]


def test_an_upload_with_the_file_that_its_ids_are_from(
    cast: Cast, dataset: Dataset, import_root: Path, settings: Any
) -> None:
    truth = {"images": [{"id": 5, "file_name": "a.jpg"}, {"id": 6, "file_name": "c.jpg"}]}
    truth |= {"categories": [{"id": 3, "name": "rider"}]}
    results = [{"image_id": 5, "category_id": 3, "bbox": [1, 1, 5, 5], "score": 0.5}]
    files = {
        "file": SimpleUploadedFile("mine.json", json.dumps(results).encode()),
        "annotations": SimpleUploadedFile("instances.json", json.dumps(truth).encode()),
    }
    response = signed_in(cast.alice).post(f"/api/v1/datasets/{dataset.pk}/prediction-sets", files)
    assert response.status_code == 202, response.content
    job = run_jobs()[0]
    assert (job.result["stored"], job.result["images"]) == (1, 2)
    assert not [path for path in (settings.STORAGE_ROOT / "work").rglob("*") if path.is_file()]
    assert not [path for path in (settings.STORAGE_ROOT / "uploads").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("text", "reason"), [("[{]", "Broken JSON in line 1"), ("{}", "is not a list"), ("[]", "None of")]
)
def test_a_file_of_no_use_fails_with_the_reason(
    cast: Cast, dataset: Dataset, import_root: Path, text: str, reason: str
) -> None:
    (import_root / "r.json").write_text(text)
    job = ask(cast, dataset, path="r.json")
    assert (job.state, reason in job.error) == ("failed", True)


def test_it_rejects_files_outside_the_roots_and_strangers(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    path = f"datasets/{dataset.pk}/prediction-sets"
    assert "path" in assert_problem(call(cast.alice, "POST", path, {"path": "/etc/passwd"}), 400)["errors"]
    (import_root / "r.json").write_text("[]")
    assert "slice" in assert_problem(call(cast.alice, "POST", path, {"path": "r.json", "slice": 0}), 400)["errors"]
    assert_problem(call(cast.bob, "POST", path, {"path": "r.json"}), 403)
    assert_charlie_gets_404(cast, "GET", path)
    assert_charlie_gets_404(cast, "POST", path, {"path": "r.json"})
