"""Uploads: an archive can neither escape its folder nor explode, and leaves nothing behind."""

import stat
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from dataset.models import Dataset
from dataset.tasks import run_import
from jobs.models import Job
from tests.dataset.folders import boxes_of, coco_folder, import_folder, write_image, yolo_folder
from tests.factories import (
    Cast,
    assert_charlie_gets_404,
    assert_problem,
    call,
    make_cast,
    make_dataset,
    run_jobs,
    signed_in,
)

pytestmark = pytest.mark.django_db
assert run_import


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=())


def zipped(folder: Path, extra: dict[str, bytes] | None = None) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, Path("export") / path.relative_to(folder))
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def upload(cast: Cast, dataset: Dataset, data: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("set.zip", data, "application/zip")
    return signed_in(cast.alice).post(f"/api/v1/datasets/{dataset.pk}/imports", {"file": file, **fields})


def imported(cast: Cast, dataset: Dataset, data: bytes, **fields: str) -> Job:
    assert upload(cast, dataset, data, **fields).status_code == 202
    return run_jobs()[0]


def left_behind(settings: Any) -> list[Path]:
    return [path for path in (settings.STORAGE_ROOT / "work").rglob("*") if path.is_file()]


def test_it_works(cast: Cast, dataset: Dataset, import_root: Path, settings: Any) -> None:
    job = imported(cast, dataset, zipped(yolo_folder(import_root / "set")), metadata='{"from": "upload"}')
    assert (job.state, job.result["images"]["added"], job.result["boxes"]["added"]) == ("succeeded", 3, 2)
    assert set(boxes_of(dataset)) == {"train/images/a.jpg", "train/images/b.jpg", "train/images/c.jpg"}
    assert dataset.images.first().metadata["from"] == "upload"
    assert left_behind(settings) == []


def test_the_same_from_a_folder_is_nothing_new(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = coco_folder(import_root / "set")
    imported(cast, dataset, zipped(root))
    assert import_folder(cast, dataset, root).result["images"]["unchanged"] == 2


def test_it_cannot_escape(cast: Cast, dataset: Dataset, import_root: Path, settings: Any) -> None:
    extra = {"../escaped.txt": b"x", "/absolute.txt": b"x", "export\\..\\..\\back.txt": b"x", "run.sh": b"rm"}
    link = zipfile.ZipInfo("export/link.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = BytesIO(zipped(yolo_folder(import_root / "set"), extra))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    job = imported(cast, dataset, data.getvalue())
    assert job.result["images"]["added"] == 3
    reasons = {problem["file"]: problem["reason"] for problem in job.result["problems"]}
    assert set(reasons) == {"../escaped.txt", "/absolute.txt", "export\\..\\..\\back.txt", "export/link.jpg", "run.sh"}
    assert reasons["export/link.jpg"] == "it is a link"
    assert not list(settings.STORAGE_ROOT.parent.rglob("escaped.txt"))


def test_it_cannot_explode(cast: Cast, dataset: Dataset, import_root: Path, settings: Any) -> None:
    root = yolo_folder(import_root / "set")
    bomb = imported(cast, dataset, zipped(root, {"export/bomb.txt": bytes(60_000_000)}))
    assert [problem["file"] for problem in bomb.result["problems"]] == ["export/bomb.txt"]
    settings.MAX_UPLOAD_BYTES = 1000
    job = imported(cast, dataset, zipped(root))
    assert (job.state, left_behind(settings)) == ("failed", [])
    assert "the limit is 1000" in job.error


def test_it_rejects_what_is_no_archive(cast: Cast, dataset: Dataset, import_root: Path, settings: Any) -> None:
    assert_problem(upload(cast, dataset, b"\x89PNG not a zip"), 400, mentions="not a zip archive")
    job = imported(cast, dataset, b"PK but nothing more")
    assert (job.state, left_behind(settings)) == ("failed", [])
    assert "not a zip archive that can be read" in job.error


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"path": "/etc"}, "path"),
        ({"path": "../.."}, "path"),
        ({"path": "nowhere"}, "path"),
        ({"path": "a\x00b"}, "path"),
        ({}, "path"),
        ({"path": "set", "format": "xml"}, "format"),
        ({"path": "set", "annotations": "../other.json"}, "annotations"),
    ],
)
def test_it_rejects_wrong_requests(
    cast: Cast, dataset: Dataset, import_root: Path, body: dict[str, Any], field: str
) -> None:
    yolo_folder(import_root / "set")
    (import_root / "other.json").write_text("{}")
    problem = assert_problem(call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", body), 400)
    assert field in problem["errors"]
    assert not Job.objects.exists()


def test_an_empty_folder_fails_with_the_reason(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    (import_root / "empty").mkdir()
    call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"path": "empty"})
    (job,) = run_jobs()
    assert (job.state, "There are no images here" in job.error) == ("failed", True)


def test_images_may_stay_where_they_are(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    root = yolo_folder(import_root / "set")
    write_image(root / "train" / "images" / "lying.jpg", orientation=6)
    import_folder(cast, dataset, root, copy=False)
    image = dataset.images.get(key="train/images/a.jpg")
    assert image.location == f"file:{root}/train/images/a.jpg"
    assert dataset.images.get(key="train/images/lying.jpg").location.startswith("blobs/")  # it had to be turned
    response = call(cast.alice, "GET", f"images/{image.pk}/file")
    assert b"".join(response.streaming_content) == (root / "train" / "images" / "a.jpg").read_bytes()


def test_imports_are_listed_with_their_reports(cast: Cast, dataset: Dataset, import_root: Path) -> None:
    job = import_folder(cast, dataset, yolo_folder(import_root / "set"))
    (listed,) = call(cast.bob, "GET", f"datasets/{dataset.pk}/imports").json()["items"]
    assert (listed["id"], listed["result"]["images"]["added"]) == (job.pk, 3)


def test_only_managers_import(import_root: Path) -> None:
    cast = make_cast(bob=Role.REVIEWER)
    dataset = make_dataset(cast.project)
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/imports", {"path": "set"}), 403)
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/imports", {"path": "set"})
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/imports")
