"""A checkpoint in another form: made, checked against the checkpoint, downloaded, removed."""

import errno
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accounts.models import AuditLine
from jobs.models import Job
from model.engines.forms import detector_of_form
from model.models import Checkpoint, ExportedForm
from model.services.form_check import FormCheck, verdict_of
from model.serving.detector import open_form
from model.serving.facts import FormUnreadable
from model.serving.pictures import pixels_of_picture
from model.tasks import export_checkpoint
from storage import blobs
from tests.factories import NOT_THERE, assert_charlie_gets_404, assert_problem, call, run_jobs, signed_in
from tests.model.exported_scene import SIDE, ExportedScene, unpacked

pytestmark = pytest.mark.django_db
assert export_checkpoint
FILES = {
    "onnx": {"model.onnx"},
    "openvino": {"model.xml", "model.bin"},
    "torchscript": {"model.torchscript"},
}


@pytest.fixture
def scene() -> ExportedScene:
    return ExportedScene()


@pytest.mark.slow
@pytest.mark.parametrize("form", FILES)
def test_it_works(scene: ExportedScene, form: str, tmp_path: Path) -> None:
    """The boxes are the checkpoint's, the file says what it is, and its example finds the same boxes by itself."""
    made = scene.exported(form)
    answer = call(scene.cast.alice, "get", f"forms/{made.pk}").json()
    assert (answer["state"], answer["verdict"], answer["may_be_served"]) == ("succeeded", "passed", True)
    found = answer["differences"]
    assert (found["images"], found["revision"]) == (4, scene.run.revision)
    assert found["boxes"]["first"] == found["boxes"]["alike"] > 5
    assert (found["boxes"]["missing"], found["boxes"]["extra"]) == (0, 0)
    assert found["boxes"]["score_largest"] < 0.001
    assert found["mAP"]["checkpoint"] == pytest.approx(found["mAP"]["form"], abs=1e-4)
    assert found["mAP"]["checkpoint"] > 0.05
    assert abs(found["mAP"]["low"]) < 0.001
    assert {"class_names": ["object"], "imgsz": SIDE, "run": "night", "revision": 1}.items() <= answer["facts"].items()
    assert answer["facts"]["checkpoint"] == scene.checkpoint.sha256
    downloaded = signed_in(scene.cast.bob).get(f"/api/v1/forms/{made.pk}/file")
    with zipfile.ZipFile(BytesIO(b"".join(downloaded.streaming_content))) as archive:
        assert set(archive.namelist()) == {"facts.json", "example.py", *FILES[form]}
        archive.extractall(tmp_path)
    assert_example_finds_the_same(tmp_path, scene.picture())


def assert_example_finds_the_same(folder: Path, picture: Path) -> None:
    """Pillow scales as OpenCV does up to rounding, so boxes may move by a fraction of a pixel."""
    command = [sys.executable, "-I", "-W", "ignore", "example.py", str(picture)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    (ours,) = detector_of_form(folder, threads=1).detect([pixels_of_picture(picture.read_bytes())])
    sure = [row for row in rows if row[1] > 0.3]
    np.testing.assert_allclose([row[1] for row in sure], ours.scores[: len(sure)], atol=0.02)
    np.testing.assert_allclose([row[2:] for row in sure], ours.boxes[: len(sure)], atol=1.5)
    assert len(sure) > 1


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        (None, "unchecked"),
        ({"value": None, "low": None}, "unchecked"),
        ({"value": 0.0, "low": -0.0004}, "passed"),
        ({"value": 0.0, "low": -0.001}, "passed"),
        ({"value": 0.002, "low": -0.0011}, "worse"),  # not shown is not passed
        ({"value": 0.0, "low": None}, "worse"),  # one image speaks for nothing
    ],
)
def test_more_than_is_allowed_may_not_even_be_likely(figures: dict[str, float] | None, verdict: str) -> None:
    """The whole interval has to lie above what may be lost, a tenth of a point here."""
    checked = FormCheck(1, 1, 40, 4, 0.25, {}, figures, allowed_drop=0.001)
    assert verdict_of(checked) == verdict


@pytest.mark.thorough
@pytest.mark.slow
def test_openvino_computes_in_bfloat16_where_that_was_asked_for(scene: ExportedScene, tmp_path: Path) -> None:
    made = scene.exported("openvino", precision="bf16")
    assert (made.facts["precision"], made.verdict != "unchecked") == ("bf16", True)
    assert open_form(unpacked(made, tmp_path)).facts.precision == "bf16"


@pytest.mark.slow
def test_without_labelled_images_it_says_that_nothing_was_checked(scene: ExportedScene) -> None:
    Checkpoint.objects.filter(pk=scene.checkpoint.pk).update(run=None, kind="uploaded")
    made = scene.exported("torchscript")
    assert (made.verdict, made.differences, made.may_be_served) == ("unchecked", None, False)
    assert made.size > 0


@pytest.mark.slow
def test_the_checkpoint_of_nobody_is_exported_for_the_project_of_the_slice(scene: ExportedScene) -> None:
    assert_problem(scene.post(checkpoint=scene.base), 400, mentions="Name a slice")
    made = scene.exported("torchscript", checkpoint=scene.base, slice=scene.slice.pk)
    assert (made.project_id, made.verdict) == (scene.cast.project.pk, "passed")
    path = f"checkpoints/{scene.base.pk}/exports"
    assert [one["id"] for one in call(scene.cast.bob, "get", f"{path}?project={made.project_id}").json()] == [made.pk]
    assert_problem(call(scene.cast.bob, "get", path), 400, mentions="Name a project")
    assert call(scene.cast.charlie, "get", f"{path}?project={made.project_id}").status_code == 404


@pytest.mark.slow
def test_a_second_attempt_goes_on_from_what_the_first_made(scene: ExportedScene, monkeypatch: Any) -> None:
    """The disk is full as the form is stored: the job waits, and later takes what it had from its work folder."""
    store = blobs.put_file
    monkeypatch.setattr(blobs, "put_file", full)
    scene.post("torchscript")
    (job,) = run_jobs()
    folder = blobs.work_folder(f"export-{job.pk}-{job.params['form']}")
    written = {path.name: path.stat().st_mtime_ns for path in [*folder.glob("*.npz"), *folder.glob("form/*")]}
    assert {"checkpoint.npz", "form.npz", "model.torchscript", "facts.json"} <= written.keys()
    kept = [(path, path.read_bytes()) for path in (folder / "form").iterdir()]
    monkeypatch.setattr(blobs, "put_file", store)
    Job.objects.filter(pk=job.pk).update(state="queued")
    (job,) = run_jobs()
    assert job.state == Job.State.SUCCEEDED, job.error
    made = ExportedForm.objects.get()
    with zipfile.ZipFile(blobs.local_path(made.location)) as archive:
        assert all(archive.read(path.name) == data for path, data in kept)
    assert list(folder.glob("*")) == []


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("fields", "mentions"),
    [
        ({"form": "coreml"}, ""),
        ({"imgsz": 100}, "multiple of 32"),
        ({"imgsz": 4096}, ""),
        ({"precision": "bf16"}, "f32 only"),
        ({"slice": NOT_THERE}, f"no slice {NOT_THERE}"),
        ({"allowed_drop": -1}, ""),
    ],
)
def test_it_rejects(scene: ExportedScene, fields: dict[str, Any], mentions: str) -> None:
    assert_problem(scene.post(**fields), 400, mentions=mentions)
    assert not ExportedForm.objects.exists()


def test_it_rejects_a_size_that_is_no_multiple_of_the_networks_own_stride(scene: ExportedScene) -> None:
    Checkpoint.objects.filter(pk=scene.checkpoint.pk).update(architecture="yolov6n6")
    assert_problem(scene.post(imgsz=96), 400, mentions="multiple of 64")


def test_asked_twice_it_is_one_job_and_one_form(scene: ExportedScene) -> None:
    first, second = scene.post().json(), scene.post().json()
    assert first["id"] == second["id"]
    (form,) = call(scene.cast.alice, "get", f"checkpoints/{scene.checkpoint.pk}/exports").json()
    assert (form["state"], form["verdict"], form["facts"], form["may_be_served"]) == ("queued", "", None, False)
    assert_problem(call(scene.cast.alice, "delete", f"forms/{form['id']}"), 409, mentions="Cancel its job")
    assert signed_in(scene.cast.alice).get(f"/api/v1/forms/{form['id']}/file").status_code == 404


def test_a_cancelled_one_can_be_asked_for_again(scene: ExportedScene) -> None:
    job = scene.post().json()
    call(scene.cast.alice, "post", f"jobs/{job['id']}/cancel")
    (form,) = call(scene.cast.alice, "get", f"checkpoints/{scene.checkpoint.pk}/exports").json()
    assert form["state"] == "cancelled"
    again = scene.post().json()
    assert again["id"] != job["id"]
    assert ExportedForm.objects.count() == 1


@pytest.mark.slow
def test_an_engine_that_cannot_says_why(scene: ExportedScene) -> None:
    """TensorRT without a GPU."""
    assert scene.post("tensorrt").status_code == 202
    (job,) = run_jobs()
    assert (job.state, job.error) == (
        "failed", "TensorRT needs an NVIDIA GPU, and the machine that makes the form has none."
    )  # fmt: skip


def test_removing_it_removes_the_file_and_is_written_down(scene: ExportedScene) -> None:
    blob = blobs.put_bytes(b"a form", suffix=".zip")
    form = ExportedForm.objects.create(
        project=scene.cast.project, checkpoint=scene.checkpoint, form="onnx", imgsz=SIDE, allowed_drop=0.001,
        verdict="passed", location=blob.key, sha256=blob.sha256, size=blob.size, finished_at=scene.run.created_at,
    )  # fmt: skip
    assert_problem(scene.post(), 409, mentions="already")
    assert_problem(call(scene.cast.bob, "delete", f"forms/{form.pk}"), 403)
    assert call(scene.cast.alice, "delete", f"forms/{form.pk}").status_code == 204
    assert not blobs.exists(blob.key)
    assert AuditLine.objects.filter(action="form.delete", project=scene.cast.project).exists()


def test_charlie_gets_404(scene: ExportedScene) -> None:
    form = ExportedForm.objects.create(
        project=scene.cast.project, checkpoint=scene.checkpoint, form="onnx", imgsz=SIDE, allowed_drop=0.001
    )
    path = f"checkpoints/{scene.checkpoint.pk}/exports"
    for method, address in [
        ("get", path), ("post", path), ("get", f"forms/{form.pk}"), ("delete", f"forms/{form.pk}"),
        ("get", f"forms/{form.pk}/file"),
    ]:  # fmt: skip
        assert_charlie_gets_404(scene.cast, method, address)


def test_what_is_no_form_says_so(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a network")
    with pytest.raises(FormUnreadable, match=r"model\.onnx cannot be read as ONNX"):
        open_form(tmp_path)
    with pytest.raises(FormUnreadable, match="no exported form"):
        open_form(tmp_path / "nowhere")
