"""`./halfday export`: what it says of a form, and its exit code. The job itself is tests/model/test_exports.py's."""

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts import services
from client import export
from client.halfday import Halfday
from model.models import Checkpoint, ExportedForm
from storage import blobs
from tests.factories import make_project, make_user

pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
BOXES = {
    "first": 96, "second": 97, "matched": 96, "missing": 0, "extra": 1, "alike": 90, "iou_least": 0.9512,
    "iou_low": 0.97, "iou_median": 1.0, "score_largest": 0.0312, "score_high": 0.02, "pixels_largest": 3.4,
}  # fmt: skip
DIFFERENCES = {
    "manifest": 1, "dataset": 1, "images": 18, "revision": 1, "floor": 0.25, "boxes": BOXES, "allowed_drop": 0.001,
    "mAP": {"checkpoint": 0.312, "form": 0.3105, "value": -0.0015, "low": -0.0042, "high": 0.0011},
    "groups": "image", "resamples": 1000,
}  # fmt: skip
FACTS = {
    "class_names": ["car"], "imgsz": 320, "stride": 32, "fit": "letterbox", "output": "grid", "nms": True, "iou": 0.7,
    "precision": "bf16", "licence": "AGPL-3.0", "architecture": "road11t", "checkpoint": "", "run": "", "revision": 1,
}  # fmt: skip


def test_it_works(
    live_server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    """A form that is there is refused with the sentence; told of, downloaded and removed by the client."""
    project = make_project(owner=(ada := make_user("Ada", is_superuser=True)))
    checkpoint = Checkpoint.objects.create(
        project=project, name="c", kind="uploaded", architecture="road11t", location="x", sha256="1" * 64, size=1
    )
    blob = blobs.put_bytes(b"a zip", suffix=".zip")
    form = ExportedForm.objects.create(
        project=project, checkpoint=checkpoint, form="openvino", precision="bf16", imgsz=320, allowed_drop=0.001,
        verdict="worse", differences=DIFFERENCES, facts=FACTS, location=blob.key, sha256=blob.sha256,
        size=10_400_000, finished_at=timezone.now(),
    )  # fmt: skip
    token = services.create_token(name="test", project=None, role=None, by=ada).token
    monkeypatch.setenv("HALFDAY_URL", live_server.url)
    monkeypatch.setenv("HALFDAY_TOKEN", token)
    asked = [str(checkpoint.pk), "--form", "openvino", "--precision", "bf16", "--imgsz", "320"]
    assert export.main(asked) == 1
    assert "There is this form already" in capsys.readouterr().err
    with Halfday.from_environment() as halfday:
        monkeypatch.setattr(export, "exported", lambda halfday, asked: halfday.forms.get(form.pk))
        assert export.main([*asked, "--out", str(tmp_path / "form.zip")]) == export.NOT_FOR_SERVING
        assert capsys.readouterr().out.splitlines()[:4] == [
            "openvino bf16, 320 px, 10.4 MB",
            "96 of 96 boxes matched, 1 more, 18 images",
            "least IoU 0.9512, scores within 0.0312, sides within 3.40 px",
            "mAP 31.20 → 31.05, difference -0.15 [-0.42, +0.11]: not for serving, it may have lost too much",
        ]
        assert (tmp_path / "form.zip").read_bytes() == b"a zip"
        assert [one["id"] for one in halfday.checkpoints.forms(checkpoint.pk)] == [form.pk]
        halfday.forms.delete(form.pk)
    assert not ExportedForm.objects.exists()
