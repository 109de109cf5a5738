"""Uploads in parts: what has been acknowledged stays, and the rest is gone on with."""

import errno
import hashlib
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.models import User
from dataset.models import Dataset, Upload
from dataset.services import imports, uploads
from dataset.tasks import run_import
from jobs import running
from jobs.errors import JobCancelled
from jobs.models import Job
from storage import blobs
from storage.s3 import StorageUnavailable
from tests.dataset.folders import boxes_of, yolo_folder
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


@pytest.fixture(autouse=True)
def small_parts(import_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SMALLEST_PART", 100)
    monkeypatch.setattr(uploads, "LARGEST_PART", 1500)


@pytest.fixture
def archive(import_root: Path) -> bytes:
    """A small dataset as a zip that is only stored, as browsers make it."""
    out, root = BytesIO(), yolo_folder(import_root / "set")
    with zipfile.ZipFile(out, "w") as opened:
        for path in sorted(root.rglob("*.*")):
            opened.write(path, path.relative_to(root))
    return out.getvalue()


def begin(user: User, dataset: Dataset, archive: bytes, fingerprint: str = "f1") -> dict[str, Any]:
    body = {"name": "my folder", "size": len(archive), "fingerprint": fingerprint}
    response = call(user, "POST", f"datasets/{dataset.pk}/uploads", body)
    assert response.status_code == 201, response.content
    return dict(response.json())


def send(user: User, upload: int, offset: int, data: bytes, **headers: str) -> Any:
    path = f"/api/v1/uploads/{upload}/parts?offset={offset}"
    return signed_in(user).put(path, data, content_type="application/octet-stream", headers=headers)


def parts_of(archive: bytes, size: int = 1000, start: int = 0) -> Iterator[tuple[int, bytes]]:
    return ((at, archive[at : at + size]) for at in range(start, len(archive), size))


def stored(settings: Any) -> list[Path]:
    return [path for path in (settings.STORAGE_ROOT / "work").rglob("*") if path.is_file()]


def test_it_works(cast: Cast, dataset: Dataset, archive: bytes, settings: Any) -> None:
    upload = begin(cast.alice, dataset, archive)
    assert (upload["offset"], upload["part_size"]) == (0, 8 << 20)
    for offset, data in parts_of(archive):
        answer = send(cast.alice, upload["id"], offset, data)
        assert (answer.status_code, answer.json()["offset"]) == (200, offset + len(data))
    body = {"format": "yolo", "metadata": {"from": "browser"}}
    asked = call(cast.alice, "POST", f"uploads/{upload['id']}/finish", body)
    assert asked.status_code == 202
    again = call(cast.alice, "POST", f"uploads/{upload['id']}/finish", body)  # the answer got lost
    assert again.json()["id"] == asked.json()["id"]
    (job,) = run_jobs()
    assert (job.state, job.title) == ("succeeded", f"Import my folder into {dataset.name}")
    assert set(boxes_of(dataset)) == {"train/images/a.jpg", "train/images/b.jpg", "train/images/c.jpg"}
    assert dataset.images.first().metadata["from"] == "browser"
    assert (Upload.objects.count(), stored(settings)) == (0, [])


def test_it_goes_on_where_it_stopped(cast: Cast, dataset: Dataset, archive: bytes) -> None:
    """The connection is lost after two parts; the same files are chosen again, in another browser."""
    upload = begin(cast.alice, dataset, archive)
    for offset, data in list(parts_of(archive))[:2]:
        send(cast.alice, upload["id"], offset, data)
    (listed,) = call(cast.alice, "GET", f"datasets/{dataset.pk}/uploads").json()
    assert (listed["id"], listed["offset"], listed["name"]) == (upload["id"], 2000, "my folder")
    known = begin(cast.alice, dataset, archive)
    assert (known["id"], known["offset"]) == (upload["id"], 2000)
    for offset, data in parts_of(archive, size=700, start=2000):
        send(cast.alice, upload["id"], offset, data)
    call(cast.alice, "POST", f"uploads/{upload['id']}/finish", {})
    (job,) = run_jobs()
    assert job.result["images"]["added"] == 3
    assert begin(cast.alice, dataset, archive)["offset"] == 0


def test_other_files_are_another_upload(cast: Cast, dataset: Dataset, archive: bytes) -> None:
    first = begin(cast.alice, dataset, archive)["id"]
    assert first not in (
        begin(cast.alice, dataset, archive, "f2")["id"],
        begin(cast.alice, dataset, archive + b"!")["id"],
        begin(cast.alice, dataset, archive, "")["id"],
    )


def test_a_part_out_of_step_is_told_where_to_go_on(cast: Cast, dataset: Dataset, archive: bytes, settings: Any) -> None:
    upload = begin(cast.alice, dataset, archive)["id"]
    send(cast.alice, upload, 0, archive[:1000])
    for offset in (0, 500, 2000):
        problem = assert_problem(send(cast.alice, upload, offset, archive[offset : offset + 1000]), 409)
        assert (problem["offset"], problem["detail"]) == (1000, "The next part starts at 1000.")
    assert len(stored(settings)) == 1
    problem = assert_problem(call(cast.alice, "POST", f"uploads/{upload}/finish", {}), 409)
    assert problem["offset"] == 1000


def test_of_two_that_send_the_same_part_one_wins(cast: Cast, dataset: Dataset, archive: bytes, settings: Any) -> None:
    """Both have passed the check of the offset when the first is acknowledged."""
    row = Upload.objects.get(pk=begin(cast.alice, dataset, archive)["id"])
    late = Upload.objects.get(pk=row.pk)
    one = {"offset": 0, "length": 1000, "digest": "", "by": cast.alice}
    uploads.receive(upload=row, stream=BytesIO(archive[:1000]), **one)
    with pytest.raises(uploads.Conflict, match="starts at 1000"):
        uploads.receive(upload=late, stream=BytesIO(archive[:1000]), **one)
    assert len(stored(settings)) == 1


def test_it_rejects_parts_that_cannot_be_right(cast: Cast, dataset: Dataset, archive: bytes, settings: Any) -> None:
    upload = begin(cast.alice, dataset, archive)["id"]
    assert_problem(send(cast.alice, upload, 0, b"GIF89a" + archive[6:1000]), 400, mentions="not a zip archive")
    assert_problem(send(cast.alice, upload, 0, archive[:50]), 400, mentions="at least 100 bytes")
    assert_problem(send(cast.alice, upload, 0, archive[:2000]), 400, mentions="at most 1500 bytes")
    wrong = b64encode(hashlib.sha256(b"other").digest()).decode()
    for digest in (f"sha-256=:{wrong}:", "sha-256=:?:"):
        answer = send(cast.alice, upload, 0, archive[:1000], **{"Content-Digest": digest})
        assert_problem(answer, 400, mentions="arrived damaged")
    right = b64encode(hashlib.sha256(archive[:1000]).digest()).decode()
    assert_problem(
        signed_in(cast.alice).put(f"/api/v1/uploads/{upload}/parts", archive[:1000]), 400, mentions="needs ?offset="
    )
    assert stored(settings) == []
    answer = send(cast.alice, upload, 0, archive[:1000], **{"Content-Digest": f"sha-256=:{right}:"})
    assert answer.json()["offset"] == 1000


def test_a_part_that_breaks_off_is_not_kept(cast: Cast, dataset: Dataset, archive: bytes, settings: Any) -> None:
    row = Upload.objects.get(pk=begin(cast.alice, dataset, archive)["id"])
    with pytest.raises(uploads.BadInput, match="broke off: 400 of 1000 bytes are missing"):
        uploads.receive(upload=row, offset=0, length=1000, digest="", stream=BytesIO(archive[:600]), by=cast.alice)
    assert stored(settings) == []


def test_it_rejects_what_is_too_large(cast: Cast, dataset: Dataset, settings: Any) -> None:
    def asked(size: int) -> Any:
        return call(cast.alice, "POST", f"datasets/{dataset.pk}/uploads", {"name": "x", "size": size})

    settings.MAX_UPLOAD_BYTES, settings.UPLOAD_QUOTA_BYTES = 10_000, 15_000
    assert_problem(asked(10_001), 413, mentions="the limit is 10000")
    assert asked(9000).status_code == 201
    assert_problem(asked(9000), 413, mentions="unfinished uploads would have 18000 bytes; the limit is 15000")
    assert_problem(asked(0), 400)


def test_it_can_be_given_up(cast: Cast, dataset: Dataset, archive: bytes, settings: Any) -> None:
    upload = begin(cast.alice, dataset, archive)["id"]
    send(cast.alice, upload, 0, archive[:1000])
    assert call(cast.alice, "DELETE", f"uploads/{upload}").status_code == 204
    assert (Upload.objects.count(), stored(settings)) == (0, [])
    assert_problem(call(cast.alice, "DELETE", f"uploads/{upload}"), 404)


def test_a_finished_one_is_not_given_up_but_cancelled(cast: Cast, dataset: Dataset, archive: bytes) -> None:
    upload = begin(cast.alice, dataset, archive)["id"]
    for offset, data in parts_of(archive):
        send(cast.alice, upload, offset, data)
    call(cast.alice, "POST", f"uploads/{upload}/finish", {})
    assert_problem(call(cast.alice, "DELETE", f"uploads/{upload}"), 409, mentions="Cancel the import")
    assert_problem(send(cast.alice, upload, len(archive), b"x" * 200), 409, mentions="finished")
    assert call(cast.alice, "GET", f"datasets/{dataset.pk}/uploads").json() == []


def test_an_abandoned_one_is_forgotten(cast: Cast, dataset: Dataset, archive: bytes, settings: Any) -> None:
    upload = begin(cast.alice, dataset, archive)["id"]
    send(cast.alice, upload, 0, archive[:1000])
    Upload.objects.update(received_at=timezone.now() - timedelta(days=8))
    assert call(cast.alice, "GET", f"datasets/{dataset.pk}/uploads").json() == []
    assert begin(cast.alice, dataset, archive)["offset"] == 0
    assert (Upload.objects.count(), stored(settings)) == (1, [])


def test_the_clock_removes_the_bytes_of_an_abandoned_one(
    cast: Cast, dataset: Dataset, archive: bytes, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(cast.alice, begin(cast.alice, dataset, archive)["id"], 0, archive[:1000])
    blobs.forget_old_uploads()
    assert len(stored(settings)) == 1
    monkeypatch.setattr(blobs, "UPLOADS_KEPT", -5)
    blobs.forget_old_uploads()
    assert stored(settings) == []


def test_what_is_no_archive_after_all_fails_with_the_reason(cast: Cast, dataset: Dataset, settings: Any) -> None:
    data = b"PK but nothing more" * 20
    upload = begin(cast.alice, dataset, data)["id"]
    send(cast.alice, upload, 0, data)
    call(cast.alice, "POST", f"uploads/{upload}/finish", {})
    (job,) = run_jobs()
    assert (job.state, Upload.objects.count(), stored(settings)) == ("failed", 0, [])
    assert "not a zip archive that can be read" in job.error


def sent(cast: Cast, dataset: Dataset, archive: bytes) -> int:
    """An upload of which all has arrived."""
    upload = int(begin(cast.alice, dataset, archive)["id"])
    for offset, data in parts_of(archive):
        send(cast.alice, upload, offset, data)
    return upload


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (OperationalError("the database system is shutting down"), 3),
        (StorageUnavailable("The storage at AWS does not answer."), 3),
        (MemoryError(), 3),
        (OSError(errno.EIO, "Input/output error"), 3),
        (OSError(errno.ENOSPC, "No space left on device"), None),  # it waits for room, however long that takes
        (KeyError("a fault of ours"), 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_happens_to_the_machine_during_an_import_does_not_cost_the_upload(
    cast: Cast,
    dataset: Dataset,
    archive: bytes,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    attempts: int | None,
) -> None:
    upload = sent(cast, dataset, archive)
    call(cast.alice, "POST", f"uploads/{upload}/finish", {})
    job = Job.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(imports, "take_images", lambda *_, **__: raise_it(error))
        for _ in range(attempts or 9):
            running.run(job.pk, beat=False)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (("failed", attempts) if attempts else ("queued", 0))
    assert len(stored(settings)) == len(list(parts_of(archive)))

    if attempts:  # somebody asks again
        (listed,) = call(cast.alice, "GET", f"datasets/{dataset.pk}/uploads").json()
        assert (listed["id"], listed["offset"]) == (upload, len(archive))
        again = call(cast.alice, "POST", f"uploads/{upload}/finish", {})
        assert again.json()["id"] != job.pk
    assert [done.state for done in run_jobs()] == ["succeeded"]
    assert (dataset.images.count(), Upload.objects.count(), stored(settings)) == (3, 0, [])


def test_an_import_that_failed_is_asked_for_again_by_its_job(
    cast: Cast, dataset: Dataset, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(cast.alice, "POST", f"uploads/{sent(cast, dataset, archive)}/finish", {})
    with monkeypatch.context() as patch:
        patch.setattr(imports, "take_images", lambda *_, **__: raise_it(KeyError("a fault of ours")))
        (failed,) = run_jobs()
    again = call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"check": failed.pk})
    assert again.status_code == 202
    assert call(cast.alice, "GET", f"datasets/{dataset.pk}/uploads").json() == []  # it is being imported
    assert [done.state for done in run_jobs()] == ["succeeded"]
    assert (dataset.images.count(), Upload.objects.count()) == (3, 0)


def test_a_full_disk_while_unpacking_is_not_the_archives_fault(
    cast: Cast, dataset: Dataset, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(cast.alice, "POST", f"uploads/{sent(cast, dataset, archive)}/finish", {})
    opened = Path.open

    def refuse_new_files(path: Path, mode: str = "r", *arguments: Any) -> Any:
        if mode == "xb":
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(path, mode, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse_new_files)
        (job,) = run_jobs()
    assert (job.state, job.message) == (
        "queued",
        "The server's disk is full. This goes on by itself when there is room.",
    )
    assert [done.state for done in run_jobs()] == ["succeeded"]
    assert dataset.images.count() == 3


def test_a_cancelled_import_forgets_its_upload(
    cast: Cast, dataset: Dataset, archive: bytes, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(cast.alice, "POST", f"uploads/{sent(cast, dataset, archive)}/finish", {})
    monkeypatch.setattr(imports, "take_images", lambda *_, **__: raise_it(JobCancelled()))
    assert [done.state for done in run_jobs()] == ["cancelled"]
    assert (Upload.objects.count(), stored(settings)) == (0, [])


def test_one_whose_import_was_cancelled_is_not_finished_again(
    cast: Cast, dataset: Dataset, archive: bytes, settings: Any
) -> None:
    """Cancelled while it waited: nothing ran that could have forgotten the bytes, so the next upload does."""
    upload = sent(cast, dataset, archive)
    job = call(cast.alice, "POST", f"uploads/{upload}/finish", {}).json()["id"]
    assert call(cast.alice, "POST", f"jobs/{job}/cancel").status_code == 200
    refused = call(cast.alice, "POST", f"uploads/{upload}/finish", {})
    assert_problem(refused, 409, mentions="was cancelled. To import the archive after all, upload it again.")
    begin(cast.alice, dataset, archive)
    assert (Upload.objects.count(), stored(settings)) == (1, [])


def raise_it(error: Exception) -> None:
    raise error


def test_only_managers_upload_and_only_their_own(archive: bytes) -> None:
    from accounts.models import Role

    cast = make_cast(bob=Role.MANAGER)
    dataset = make_dataset(cast.project)
    upload = begin(cast.alice, dataset, archive)["id"]
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/uploads").json() == []
    for user in (cast.bob, cast.charlie):
        assert_problem(send(user, upload, 0, archive[:1000]), 404)
    assert_problem(call(cast.bob, "DELETE", f"uploads/{upload}"), 404)
    for method, path in [
        ("GET", f"datasets/{dataset.pk}/uploads"),
        ("POST", f"datasets/{dataset.pk}/uploads"),
        ("GET", f"uploads/{upload}"),
        ("POST", f"uploads/{upload}/finish"),
        ("DELETE", f"uploads/{upload}"),
    ]:
        assert_charlie_gets_404(cast, method, path, {} if method == "POST" else None)
    reviewers = make_cast(bob=Role.REVIEWER)
    assert_problem(call(reviewers.bob, "POST", f"datasets/{make_dataset(reviewers.project).pk}/uploads", {}), 403)
    assert not Job.objects.exists()


def test_what_was_checked_first_is_imported_without_sending_it_again(
    cast: Cast, dataset: Dataset, archive: bytes, settings: Any
) -> None:
    upload = begin(cast.alice, dataset, archive)["id"]
    for offset, data in parts_of(archive):
        send(cast.alice, upload, offset, data)
    check = call(cast.alice, "POST", f"uploads/{upload}/finish", {"dry_run": True}).json()
    (checked,) = run_jobs()
    assert (checked.state, checked.title) == ("succeeded", f"Check my folder into {dataset.name}")
    assert (checked.result["images"]["added"], dataset.images.count()) == (3, 0)

    assert call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"check": check["id"]}).status_code == 202
    (imported,) = run_jobs()
    assert (imported.state, imported.title) == ("succeeded", f"Import my folder into {dataset.name}")
    assert (dataset.images.count(), Upload.objects.count(), stored(settings)) == (3, 0, [])
    again = call(cast.alice, "POST", f"datasets/{dataset.pk}/imports", {"check": check["id"]})
    assert_problem(again, 400, mentions="Upload it again")
