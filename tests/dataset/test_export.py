"""An export becomes a job, its zip is for members only, and it goes when its time is over."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dataset.models import Dataset
from dataset.services.revisions import revert
from dataset.tasks import run_export
from jobs.models import Job
from jobs.registry import TIDYING
from storage import blobs
from tests.dataset.exports import export, fetched
from tests.dataset.folders import coco_folder, import_folder
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_dataset, run_jobs

pytestmark = pytest.mark.django_db
assert run_export


@pytest.fixture
def dataset(cast: Cast, import_root: Path) -> Dataset:
    """Two images with a box each, of the classes rider and car."""
    dataset = make_dataset(cast.project, classes=(), name="Night drive")
    import_folder(cast, dataset, coco_folder(import_root / "set"))
    return dataset


def labels(cast: Cast, job: Job) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(fetched(cast, job).read("annotations/instances_default.json"))
    return content


def test_it_works(cast: Cast, dataset: Dataset) -> None:
    job = export(cast, dataset, format="coco", files=True)
    archive = fetched(cast, job)
    assert sorted(archive.namelist()) == [
        "README.md", "annotations/instances_default.json", "halfday.json",
        "images/default/a.jpg", "images/default/b.jpg",
    ]  # fmt: skip
    content = json.loads(archive.read("annotations/instances_default.json"))
    assert content["categories"] == [{"id": 1, "name": "rider"}, {"id": 2, "name": "car"}]
    first = dataset.images.get(key="images/a.jpg")
    assert content["images"][0] == {
        "id": first.pk, "file_name": "a.jpg", "width": 64, "height": 48, "key": "images/a.jpg",
        "sequence": "s1", "metadata": {"weather": "rainy"},
    }  # fmt: skip
    box = first.annotations.get()
    assert content["annotations"][0] == {
        "id": box.object_id, "image_id": first.pk, "category_id": 2, "bbox": [16, 12, 32, 24], "area": 768, "iscrowd": 0
    }  # fmt: skip
    assert archive.read("images/default/a.jpg") == blobs.read(first.location)
    told = ("format", "revision", "images", "boxes", "problems", "problems_total")
    assert {key: job.result[key] for key in told} == {
        "format": "coco", "revision": 1, "images": {"exported": 2, "files": 2, "unlabelled": 0},
        "boxes": {"exported": 2, "skipped": 0}, "problems": [], "problems_total": 0,
    }  # fmt: skip
    assert "2 images, 2 boxes of 2 classes, as of revision 1" in archive.read("README.md").decode()


def test_its_name_and_size_are_told(cast: Cast, dataset: Dataset) -> None:
    job = export(cast, dataset, format="coco")
    response = call(cast.bob, "GET", job.result["download"].removeprefix("/api/v1/"))
    data = b"".join(response.streaming_content)
    assert response["Content-Disposition"] == 'attachment; filename="night-drive-r1-coco.zip"'
    assert response["Content-Type"] == "application/zip"
    assert len(data) == job.result["size"] == int(response["Content-Length"])
    assert timezone.datetime.fromisoformat(job.result["expires_at"]) > timezone.now() + timedelta(days=6)
    listed = call(cast.bob, "GET", f"datasets/{dataset.pk}/exports").json()["items"]
    assert [(item["id"], item["link"]) for item in listed] == [(job.pk, f"/datasets/{dataset.pk}/exports")]


def test_a_slice_a_query_line_and_images_by_id(cast: Cast, dataset: Dataset) -> None:
    a = dataset.images.get(key="images/a.jpg")
    made = call(cast.alice, "POST", f"datasets/{dataset.pk}/slices", {"name": "Wet", "images": [a.pk]}).json()
    for body in ({"slice": made["id"]}, {"q": 'weather = "rainy"'}, {"images": [a.pk]}):
        content = labels(cast, export(cast, dataset, format="coco", **body))
        assert [image["file_name"] for image in content["images"]] == ["a.jpg"], body
        assert [box["image_id"] for box in content["annotations"]] == [a.pk]
        assert len(content["categories"]) == 2  # all classes, whatever the images show
    assert Job.objects.order_by("pk")[1].title == "Export Wet as COCO"


def test_the_labels_of_an_earlier_revision(cast: Cast, dataset: Dataset) -> None:
    revert(dataset=dataset, to=0, by=cast.alice)
    assert labels(cast, export(cast, dataset, format="coco", unlabelled=True))["annotations"] == []
    assert len(labels(cast, export(cast, dataset, format="coco", revision=1))["annotations"]) == 2


def test_a_file_that_is_gone_is_named_and_the_rest_is_exported(cast: Cast, dataset: Dataset) -> None:
    blobs.delete(dataset.images.get(key="images/a.jpg").location)
    job = export(cast, dataset, format="coco", files=True)
    assert job.result["images"] == {"exported": 2, "files": 1, "unlabelled": 0}
    assert [problem["file"] for problem in job.result["problems"]] == ["images/a.jpg"]
    assert "images/default/b.jpg" in fetched(cast, job).namelist()


@pytest.mark.parametrize(
    ("body", "mentions"),
    [
        ({}, "format"),
        ({"format": "xls"}, "format"),
        ({"format": "coco", "q": "", "images": []}, "at most one"),
        ({"format": "coco", "q": "weather ="}, "expected"),
        ({"format": "coco", "q": 'weather = "snowy"'}, "no images"),
        ({"format": "coco", "images": [0]}, "not in this dataset"),
        ({"format": "coco", "slice": 0}, "no slice 0"),
        ({"format": "coco", "revision": 9}, "no revision 9"),
        ({"format": "coco", "prediction_set": 0}, "no prediction set 0"),
        ({"format": "yolo", "prediction_set": 0}, "as COCO"),
    ],
)
def test_it_rejects_what_is_not_there(cast: Cast, dataset: Dataset, body: dict[str, Any], mentions: str) -> None:
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/exports", body), 400, mentions=mentions)


def test_it_can_be_cancelled_and_leaves_nothing(cast: Cast, dataset: Dataset) -> None:
    job = call(cast.bob, "POST", f"datasets/{dataset.pk}/exports", {"format": "coco"}).json()["id"]
    assert_problem(call(cast.bob, "GET", f"exports/{job}/file"), 409, mentions="not ended")
    assert call(cast.alice, "POST", f"jobs/{job}/cancel").status_code == 200
    assert run_jobs() == []
    assert not list(blobs.work_folder().glob("export-*"))


def test_a_slice_deleted_before_it_runs_is_said(cast: Cast, dataset: Dataset) -> None:
    ids = list(dataset.images.values_list("pk", flat=True))
    made = call(cast.alice, "POST", f"datasets/{dataset.pk}/slices", {"name": "Short", "images": ids}).json()["id"]
    call(cast.bob, "POST", f"datasets/{dataset.pk}/exports", {"format": "coco", "slice": made})
    call(cast.alice, "DELETE", f"slices/{made}")
    (job,) = run_jobs()
    assert (job.state, job.error) == ("failed", f"There is no slice {made} in this dataset.")


def test_the_archive_goes_when_its_time_is_over(cast: Cast, dataset: Dataset) -> None:
    old, fresh = export(cast, dataset, format="coco"), export(cast, dataset, format="coco")
    Job.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=8))
    old.refresh_from_db()
    location = old.params["archive"]
    for put_away in TIDYING:  # as the clock does
        put_away()
    assert not blobs.exists(location)
    assert_problem(call(cast.bob, "GET", f"exports/{old.pk}/file"), 410, mentions="kept for 7 days")
    assert fetched(cast, fresh)


def test_charlie(cast: Cast, dataset: Dataset) -> None:
    job = export(cast, dataset, format="coco")
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/exports", {"format": "coco"})
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/exports")
    assert_charlie_gets_404(cast, "GET", f"exports/{job.pk}/file")


def test_other_jobs_have_no_archive(cast: Cast, dataset: Dataset) -> None:
    imported = Job.objects.get(kind="import_dataset")
    assert_problem(call(cast.alice, "GET", f"exports/{imported.pk}/file"), 404)
