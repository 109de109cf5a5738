"""Baselines, and weights that people bring: listed, uploaded, imported from the server, converted, downloaded."""

import json
import pickle
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import torch
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditLine, Role
from jobs import running
from jobs.errors import JobCancelled
from jobs.models import Job
from model.models import Checkpoint
from model.services import conversion
from model.services.base import base_checkpoint, base_file
from model.tasks import convert_weights
from storage import blobs
from storage.s3 import StorageUnavailable
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
assert convert_weights
BASE = base_file()
with_base = pytest.mark.skipif(BASE is None, reason="this checkout has no base checkpoint")


@pytest.fixture
def cast() -> Cast:
    return make_cast(Role.MANAGER)


def upload(user: Any, project: int, content: bytes, name: str = "weights.pt") -> Any:
    file = SimpleUploadedFile(name, content)
    return signed_in(user).post("/api/v1/checkpoints", {"project": project, "name": "Mine", "file": file})


def converted() -> Job:
    """The one job that waits, run and come to a good end."""
    (job,) = run_jobs()
    assert job.state == Job.State.SUCCEEDED, job.error
    assert job.result["checkpoint"] in Checkpoint.objects.values_list("pk", flat=True)
    return job


def refused() -> Job:
    (job,) = run_jobs()
    assert (job.state, job.result) == (Job.State.FAILED, None)
    assert not Checkpoint.objects.filter(kind="uploaded").exists()
    return job


@pytest.fixture(autouse=True)
def _no_uploads_of_others() -> None:
    """Storage is one for all tests of a process."""
    for path in kept_uploads():
        path.unlink()


def kept_uploads() -> list[Path]:
    folder = blobs.settings.STORAGE_ROOT / blobs.UPLOADS
    return list(folder.glob("*.pt"))


@with_base
def test_it_works(cast: Cast) -> None:
    answer = upload(cast.alice, cast.project.pk, BASE.read_bytes())
    assert answer.status_code == 202, answer.content
    assert not Checkpoint.objects.filter(kind="uploaded").exists()
    assert answer.json()["id"] == converted().pk
    made = call(cast.bob, "get", f"checkpoints/{Checkpoint.objects.get(kind='uploaded').pk}").json()
    assert kept_uploads() == []
    assert (made["name"], made["kind"], made["architecture"], made["run"]) == ("Mine", "uploaded", "road11t", None)
    assert made["classes"] == ["object"]
    assert made["parameters"] > 500_000
    row = Checkpoint.objects.get(pk=made["id"])
    assert blobs.local_path(row.location).stat().st_size == made["size"]
    assert AuditLine.objects.get(action="checkpoint.create").data["sha256"] == made["sha256"]
    file = call(cast.bob, "get", f"checkpoints/{row.pk}/file")
    assert "Mine.pt" in file["Content-Disposition"]
    assert sum(len(chunk) for chunk in file.streaming_content) == made["size"]
    assert_charlie_gets_404(cast, "get", f"checkpoints/{row.pk}/file")
    listed = call(cast.bob, "get", f"checkpoints?project={cast.project.pk}").json()["items"]
    assert made["id"] in [checkpoint["id"] for checkpoint in listed]


@with_base
def test_a_file_of_the_server_is_taken_from_under_a_root_only(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_ROOTS = [tmp_path / "allowed"]
    inside, outside = tmp_path / "allowed" / "w.pt", tmp_path / "secret.pt"
    inside.parent.mkdir()
    inside.write_bytes(BASE.read_bytes())
    outside.write_bytes(BASE.read_bytes())
    (inside.parent / "link.pt").symlink_to(outside)
    body = {"project": cast.project.pk, "path": str(inside)}
    assert call(cast.alice, "post", "checkpoints", body).status_code == 202
    assert converted().result["name"] == "w.pt"
    for path in (str(outside), str(inside.parent / "link.pt"), "../secret.pt", "/etc/passwd", str(inside.parent)):
        answer = call(cast.alice, "post", "checkpoints", {"project": cast.project.pk, "path": path})
        assert "path" in assert_problem(answer, 400)["errors"]


class Harmful:
    """What unpickling runs."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path("/tmp/halfday-was-harmed").touch, ())


@pytest.mark.parametrize("content", [b"not weights", pickle.dumps(Harmful()), b"PK\x03\x04 broken zip"])
def test_it_rejects_what_is_no_checkpoint_and_runs_nothing(cast: Cast, content: bytes) -> None:
    harmed, before = Path("/tmp/halfday-was-harmed"), set(blobs.work_folder().iterdir())
    assert upload(cast.alice, cast.project.pk, content).status_code == 202
    said = refused().error
    assert "cannot be read" in said
    assert "/" not in said  # where the file lies is nobody's business
    assert not harmed.exists()
    assert set(blobs.work_folder().iterdir()) == before
    assert kept_uploads() == []


@with_base
def test_a_layer_outside_the_bounds_is_refused_by_its_place(cast: Cast) -> None:
    content, out = torch.load(BASE, weights_only=True), BytesIO()
    content["layout"]["backbone"][1][3][1] = 16
    torch.save(content, out)
    upload(cast.alice, cast.project.pk, out.getvalue())
    assert refused().error == "Layer 1 (Conv), argument 2: the kernel size is 16; allowed: 1 to 15."


@with_base
@pytest.mark.parametrize(
    ("name", "limit", "said"),
    [
        ("CONVERSION_MEMORY_BYTES", 16 << 20, "more than 16 MiB of memory"),
        ("CONVERSION_SECONDS", 0.0, "longer than 0 seconds"),
        ("CONVERSION_PARAMETERS", 1000, "747,027 parameters; 1,000 are allowed"),
    ],
)
def test_it_ends_at_its_limits(cast: Cast, settings: Any, name: str, limit: float, said: str) -> None:
    setattr(settings, name, limit)
    upload(cast.alice, cast.project.pk, BASE.read_bytes())
    assert said in refused().error


@with_base
def test_it_can_be_cancelled_and_forgets_the_upload(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = upload(cast.alice, cast.project.pk, BASE.read_bytes()).json()["id"]
    monkeypatch.setattr("jobs.reporting.Report.check", asked_to_stop)
    (ended,) = run_jobs()
    assert (ended.pk, ended.state) == (job, Job.State.CANCELLED)
    assert not Checkpoint.objects.filter(kind="uploaded").exists()
    assert kept_uploads() == []


def asked_to_stop(report: Any) -> None:
    raise JobCancelled


@with_base
def test_a_storage_that_is_away_does_not_cost_the_upload(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job.objects.get(pk=upload(cast.alice, cast.project.pk, BASE.read_bytes()).json()["id"])
    with monkeypatch.context() as patch:
        patch.setattr(blobs, "put_file", away)
        running.run(job.pk, beat=False)
    job.refresh_from_db()
    assert (job.state, job.attempts, len(kept_uploads())) == (Job.State.QUEUED, 1, 1)
    assert converted().pk == job.pk
    assert kept_uploads() == []


def away(*_: Any, **__: Any) -> None:
    raise StorageUnavailable("The storage does not answer.")


@with_base
def test_done_twice_it_makes_one_checkpoint(cast: Cast) -> None:
    upload(cast.alice, cast.project.pk, BASE.read_bytes())
    job = converted()
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    assert converted().result == job.result
    assert Checkpoint.objects.filter(kind="uploaded").count() == 1


@with_base
def test_one_that_failed_is_asked_for_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed by a fault of ours keeps its file; asked twice, one conversion comes of it."""
    upload(cast.alice, cast.project.pk, BASE.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(conversion, "convert_weights", at_fault)
        failed = refused()
    address = f"checkpoints/conversions/{failed.pk}"
    assert call(cast.bob, "get", address).json() == {"again": True}
    assert_problem(call(cast.bob, "post", f"{address}/again"), 403, mentions="owner")
    assert_charlie_gets_404(cast, "post", f"{address}/again")
    first, second = (call(cast.alice, "post", f"{address}/again") for _ in range(2))
    assert (first.status_code, first.json()["id"]) == (202, second.json()["id"])
    assert converted().pk == first.json()["id"]
    assert Checkpoint.objects.get(kind="uploaded").name == "Mine"
    assert kept_uploads() == []
    assert call(cast.bob, "get", address).json() == {"again": False}


def test_what_was_refused_for_what_it_is_is_not_asked_for_again(cast: Cast) -> None:
    upload(cast.alice, cast.project.pk, b"not weights")
    address = f"checkpoints/conversions/{refused().pk}"
    assert call(cast.alice, "get", address).json() == {"again": False}
    assert_problem(call(cast.alice, "post", f"{address}/again"), 409, mentions="Upload it again")


def at_fault(*_: Any, **__: Any) -> None:
    raise KeyError("a fault of ours")


def test_only_owners_bring_weights(cast: Cast) -> None:
    assert_problem(upload(cast.bob, cast.project.pk, b"x"), 403, mentions="owner")
    assert upload(cast.charlie, cast.project.pk, b"x").status_code == 404
    assert_charlie_gets_404(cast, "post", "checkpoints", {"project": cast.project.pk, "path": "x.pt"})


def test_it_rejects_nothing_at_all(cast: Cast) -> None:
    assert_problem(
        call(cast.alice, "post", "checkpoints", {"project": cast.project.pk}), 400, mentions="file or a path"
    )
    assert "file" in assert_problem(upload(cast.alice, cast.project.pk, b""), 400)["errors"]


def test_a_list_names_a_project_or_a_dataset(cast: Cast) -> None:
    assert_problem(call(cast.alice, "get", "checkpoints"), 400, mentions="project or a dataset")
    assert_problem(call(cast.alice, "get", "checkpoints?project=x"), 400)
    assert_charlie_gets_404(cast, "get", f"checkpoints?project={cast.project.pk}")
    assert_charlie_gets_404(cast, "get", f"checkpoints?dataset={make_dataset(cast.project).pk}")


@with_base
def test_the_base_checkpoint_is_registered_once_and_is_everybodys(cast: Cast) -> None:
    first, again = base_checkpoint(), base_checkpoint()
    assert first == again
    record = json.loads(BASE.with_suffix(".json").read_text())
    assert (first.kind, first.project, first.architecture) == ("base", None, record["architecture"])
    assert (first.sha256, first.classes, first.imgsz) == (record["sha256"], ["object"], record["settings"]["imgsz"])
    for user in (cast.alice, cast.charlie):
        assert call(user, "get", f"checkpoints/{first.pk}").status_code == 200


@with_base
def test_baselines_say_what_they_cost_and_what_there_is_to_start_from(cast: Cast) -> None:
    Checkpoint.objects.create(
        project=cast.project, name="COCO", kind="uploaded", architecture="yolo11n", classes=["car"],
        location="blobs/none", sha256="0" * 64, size=1,
    )  # fmt: skip
    rows = {row["name"]: row for row in call(cast.bob, "get", f"baselines?project={cast.project.pk}").json()}
    assert rows["road11t"]["weights_available"]
    assert [weights["id"] for weights in rows["road11t"]["weights"]] == ["base", "scratch"]
    assert [weights["label"] for weights in rows["yolo11n"]["weights"]] == ["COCO", "From scratch"]
    assert not rows["yolo26x"]["weights_available"]
    assert rows["yolo26x"]["params"] > rows["road11t"]["params"] > 0
    assert rows["road11t"]["settings"]["epochs"] > 0
    assert rows["yolov6l6"]["licence"] == "AGPL-3.0"
    assert (rows["yolov6l6"]["settings"]["optimizer"], rows["yolov6l6"]["imgsz"]) == ("SGD", 1280)
    elsewhere = {row["name"]: row for row in call(cast.charlie, "get", "baselines").json()}
    assert [weights["id"] for weights in elsewhere["yolo11n"]["weights"]] == ["scratch"]
    assert_charlie_gets_404(cast, "get", f"baselines?project={cast.project.pk}")
