"""Importing from a bucket, copied or left there; and the platform's own storage in one."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from django.core.files.uploadedfile import SimpleUploadedFile

from dataset.models import Dataset
from dataset.tasks import run_import
from jobs import running
from jobs.models import Job
from model.services.training_data import image_files
from storage import blobs
from tests.dataset.folders import boxes_of, coco_folder, import_folder, write_image, write_text, yolo_folder
from tests.factories import (
    Cast,
    assert_charlie_gets_404,
    assert_problem,
    call,
    jpeg,
    make_dataset,
    run_jobs,
    signed_in,
)
from tests.processes import PATIENCE

pytestmark = pytest.mark.django_db
assert run_import


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    return make_dataset(cast.project, classes=())


def put_folder(client: Any, folder: Path, prefix: str) -> None:
    for path in sorted(folder.rglob("*.*")):
        client.put_object(Bucket="lake", Key=f"{prefix}/{path.relative_to(folder)}", Body=path.read_bytes())


def import_bucket(cast: Cast, dataset: Dataset, path: str, **options: Any) -> Job:
    return import_folder(cast, dataset, path, **options)  # type: ignore[arg-type]


def test_it_gives_what_a_folder_gives(cast: Cast, dataset: Dataset, bucket: Any, import_root: Path) -> None:
    folder = yolo_folder(import_root / "set")
    put_folder(bucket, folder, "open/set")
    job = import_bucket(cast, dataset, "s3://lake/open/set")
    assert job.title == f"Import set into {dataset.name}"
    other = make_dataset(cast.project, classes=())
    from_folder = import_folder(cast, other, folder)
    assert job.result == from_folder.result
    assert boxes_of(dataset) == boxes_of(other)
    assert {image.location[:6] for image in dataset.images.all()} == {"blobs/"}
    assert not list((import_root.parent / "storage" / "work").glob("import-*"))
    again = import_bucket(cast, dataset, "s3://lake/open/set")
    assert (again.result["images"]["unchanged"], again.result["revision"]) == (3, None)


def test_coco_with_its_annotation_file_named(cast: Cast, dataset: Dataset, bucket: Any, import_root: Path) -> None:
    put_folder(bucket, coco_folder(import_root / "set"), "open/set")
    job = import_bucket(cast, dataset, "s3://lake/open/set/", annotations="annotations.json")
    assert (job.result["format"], job.result["images"]["added"], job.result["boxes"]["added"]) == ("coco", 2, 2)


def test_label_files_of_unusual_endings_come_along(
    cast: Cast, dataset: Dataset, bucket: Any, import_root: Path
) -> None:
    write_image(import_root / "set" / "a.jpg")
    write_text(
        import_root / "set" / "train.odgt", '{"ID": "a", "gtboxes": [{"tag": "person", "fbox": [4, 6, 16, 24]}]}'
    )
    put_folder(bucket, import_root / "set", "open/set")
    job = import_bucket(cast, dataset, "s3://lake/open/set")
    assert job.result["format"] == "crowdhuman"
    assert boxes_of(dataset) == {"a.jpg": [("person", [4, 6, 20, 30])]}


def test_images_may_stay_there(cast: Cast, dataset: Dataset, bucket: Any, import_root: Path, settings: Any) -> None:
    put_folder(bucket, yolo_folder(import_root / "set"), "open/set")
    bucket.put_object(Bucket="lake", Key="open/set/train/images/lying.jpg", Body=jpeg(orientation=6))
    import_bucket(cast, dataset, "s3://lake/open/set", copy=False)
    image = dataset.images.get(key="train/images/a.jpg")
    assert image.location == "s3://lake/open/set/train/images/a.jpg"
    assert dataset.images.get(key="train/images/lying.jpg").location.startswith("blobs/")  # it had to be turned
    answer = call(cast.bob, "GET", f"images/{image.pk}/file")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "private, max-age=21600")
    assert httpx.get(answer["Location"], timeout=PATIENCE).content == (import_root / "set" / image.key).read_bytes()
    files = image_files([image.pk])
    assert files[image.pk].path.read_bytes() == (import_root / "set" / image.key).read_bytes()
    settings.IMPORT_PREFIXES = []
    assert call(cast.bob, "GET", f"images/{image.pk}/file").status_code == 404


def test_it_rejects_what_is_not_open(cast: Cast, dataset: Dataset, bucket: Any, settings: Any) -> None:
    bucket.put_object(Bucket="lake", Key="open-secret/a.jpg", Body=jpeg())
    path = f"datasets/{dataset.pk}/imports"
    for address in ("s3://lake/open-secret", "s3://lake", "s3://lake/other", "s3://sea/open", "s3://"):
        problem = assert_problem(call(cast.alice, "POST", path, {"path": address}), 400)
        assert problem["errors"] == {"path": [problem["detail"]]}
        assert "outside the S3 prefixes that may be imported (s3://lake/open)" in problem["detail"]
    assert_problem(call(cast.alice, "POST", path, {"path": "s3://lake/open/no"}), 400, mentions="nothing below")
    settings.IMPORT_PREFIXES = ["s3://sea"]
    problem = assert_problem(call(cast.alice, "POST", path, {"path": "s3://sea/x"}), 503)
    assert "There is no bucket sea" in problem["detail"]
    assert not Job.objects.exists()


def test_keys_that_are_no_paths_are_reported(cast: Cast, dataset: Dataset, bucket: Any, import_root: Path) -> None:
    for key in (
        "a.jpg",
        "../up.jpg",
        "../../up.txt",
        "deep//b.jpg",
        ".hidden/c.jpg",
        "x.txt/y.txt",
        "x.txt",
        "movie.mp4",
    ):
        bucket.put_object(Bucket="lake", Key=f"open/{key}", Body=jpeg() if key.endswith("jpg") else b"0 .5 .5 .1 .1")
    job = import_bucket(cast, dataset, "s3://lake/open", format="images")
    assert list(dataset.images.values_list("key", flat=True)) == ["a.jpg"]
    reasons = {problem["file"]: problem["reason"] for problem in job.result["problems"]}
    assert {key: reasons[key] for key in ("../up.jpg", "../../up.txt", "deep//b.jpg")} == dict.fromkeys(
        ("../up.jpg", "../../up.txt", "deep//b.jpg"), "its key is no path"
    )
    assert not list(import_root.parent.rglob("up.*"))


def test_many_pages_are_listed(
    cast: Cast, dataset: Dataset, bucket: Any, import_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dataset.importing.origins.PAGE", 2)
    put_folder(bucket, yolo_folder(import_root / "set"), "open/set")
    assert import_bucket(cast, dataset, "s3://lake/open/set").result["boxes"]["added"] == 2


def test_the_platforms_own_bytes_in_a_bucket(
    cast: Cast, dataset: Dataset, bucket: Any, import_root: Path, settings: Any
) -> None:
    """An import, then image and thumbnail by way of the platform's redirect; nobody else gets one."""
    settings.S3_BUCKET, settings.S3_PREFIX = "lake", "halfday"
    import_folder(cast, dataset, yolo_folder(import_root / "set"))
    assert not list((import_root.parent / "storage").rglob("*.jpg"))
    image = dataset.images.get(key="train/images/a.jpg")
    for what in ("file", "thumbnail?size=320", "thumbnail?size=160"):
        answer = call(cast.bob, "GET", f"images/{image.pk}/{what}")
        assert answer.status_code == 302, answer.content
        assert urlsplit(answer["Location"]).path.startswith("/lake/halfday/")
        fetched = httpx.get(answer["Location"], timeout=PATIENCE)
        assert (fetched.headers["Content-Type"], fetched.content[:2]) == ("image/jpeg", b"\xff\xd8")
        assert "immutable" in fetched.headers["Cache-Control"]
        assert_charlie_gets_404(cast, "GET", f"images/{image.pk}/{what}")
    unchanged = call(cast.bob, "GET", f"images/{image.pk}/file", **{"If-None-Match": f'"{image.sha256}"'})
    assert unchanged.status_code == 304
    settings.S3_REDIRECT = False
    through = call(cast.bob, "GET", f"images/{image.pk}/file")
    assert b"".join(through.streaming_content) == blobs.read(image.location)
    blobs.delete(image.location)
    assert call(cast.bob, "GET", f"images/{image.pk}/file").status_code == 404


@contextmanager
def failing(operation: str) -> Iterator[None]:
    """The server does what it is asked once more, then answers the operation with an error."""
    real, calls = BaseClient._make_api_call, itertools.count()

    def answer(client: Any, name: str, parameters: dict[str, Any]) -> Any:
        if name == operation and next(calls):
            raise ClientError({"Error": {"Code": "ServiceUnavailable"}}, name)
        return real(client, name, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", answer)
        yield


@pytest.fixture
def own_bucket(bucket: Any, settings: Any) -> Any:
    """The platform's own bytes lie in the bucket too."""
    settings.S3_BUCKET, settings.S3_PREFIX = "lake", "halfday"
    return bucket


def kept(client: Any) -> list[str]:
    entries = client.list_objects_v2(Bucket="lake", Prefix=f"halfday/{blobs.UPLOADS}/").get("Contents", ())
    return [entry["Key"] for entry in entries]


def test_a_storage_that_goes_away_during_an_import_does_not_cost_the_upload(
    cast: Cast, dataset: Dataset, own_bucket: Any, import_root: Path
) -> None:
    packed = shutil.make_archive(str(import_root / "set"), "zip", yolo_folder(import_root / "set"))
    file = SimpleUploadedFile("set.zip", Path(packed).read_bytes())
    asked = signed_in(cast.alice).post(f"/api/v1/datasets/{dataset.pk}/imports", {"file": file})
    assert asked.status_code == 202, asked.content
    assert len(kept(own_bucket)) == 1
    with failing("PutObject"):
        for _ in range(3):
            running.run(asked.json()["id"], beat=False)
    job = Job.objects.get()
    assert (job.state, job.attempts, dataset.images.count()) == ("failed", 3, 0)
    assert "The bucket lake at" in job.error
    assert "answered ServiceUnavailable" in job.error
    assert len(kept(own_bucket)) == 1

    assert call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"check": job.pk}).status_code == 202
    assert [done.state for done in run_jobs()] == ["succeeded"]
    assert (dataset.images.count(), kept(own_bucket)) == (3, [])


def test_a_source_that_goes_away_during_an_import_is_asked_again(
    cast: Cast, dataset: Dataset, bucket: Any, import_root: Path
) -> None:
    put_folder(bucket, yolo_folder(import_root / "set"), "open/set")
    asked = call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"path": "s3://lake/open/set"})
    with failing("GetObject"):
        running.run(asked.json()["id"], beat=False)
    job = Job.objects.get()
    assert (job.state, job.attempts, dataset.images.count()) == ("queued", 1, 0)
    assert "answered ServiceUnavailable. It starts again in half a minute." in job.message
    assert [done.state for done in run_jobs()] == ["succeeded"]
    assert dataset.images.count() == 3
