"""The form in which a checkpoint is deployed: one that has passed its check on labelled images, made where none has."""

from __future__ import annotations

from jobs.errors import JobFailed
from jobs.reporting import Report
from model.gate.asking import frozen_images
from model.models import Deployment, ExportedForm
from model.services import exporting
from model.services.exports import ALLOWED_DROP, USUAL_SIZE

# The quickest first. bf16 moves single boxes by pixels: it is taken only where somebody has had it made and it passed.
BEST_FIRST = (("openvino", "bf16"), ("openvino", "f32"), ("onnx", "f32"))
MADE_HERE = (("openvino", "f32"), ("onnx", "f32"))
PASSED = ExportedForm.Verdict.PASSED


def deployable_form(version: Deployment, report: Report) -> ExportedForm:
    """The best allowed form of the version's checkpoint. Raises JobFailed where every form loses too much."""
    found = best_of(version)
    if found is not None:
        report.log(f"{found} is there already and has passed its check.")
        return found
    for form, precision in MADE_HERE:
        try:
            made = made_now(version, form, precision, report)
        except JobFailed as failed:  # not every network can be had in every form
            report.log(f"{form}, {precision}: {failed}")
            continue
        if made.verdict == PASSED:
            return made
        report.log(f"{made} is not offered for serving: its check says {made.verdict}.")
    raise JobFailed(
        f"No form of {version.checkpoint.name} could be made that keeps the checkpoint's mAP on "
        f"{version.endpoint.validation_slice.name} within the allowed tenth of a point, so nothing was deployed. "
        "Why not is in this job's log; the forms are listed with its run."
    )


def best_of(version: Deployment) -> ExportedForm | None:
    """The quickest one that there is and that has passed, at the size at which the gate judges the checkpoint."""
    rows = ExportedForm.objects.filter(
        project=version.endpoint.project, checkpoint=version.checkpoint, verdict=PASSED, finished_at__isnull=False,
        imgsz=size_of(version),
    )  # fmt: skip
    found = {(row.form, row.precision): row for row in rows.order_by("pk")}
    return next((found[kind] for kind in BEST_FIRST if kind in found), None)


def size_of(version: Deployment) -> int:
    """Pixels; another size is another detector, and a form's check compares both at the form's own."""
    return version.checkpoint.imgsz or USUAL_SIZE


def made_now(version: Deployment, form: str, precision: str, report: Report) -> ExportedForm:
    """Made and checked within the version's own job, on the endpoint's validation slice."""
    row, _ = ExportedForm.objects.get_or_create(
        project=version.endpoint.project, checkpoint=version.checkpoint, form=form, precision=precision,
        imgsz=size_of(version),
        defaults={"allowed_drop": ALLOWED_DROP, "created_by": version.created_by},
    )  # fmt: skip
    if row.finished_at is None:
        row.manifest, row.job_id = frozen_images(version.endpoint.validation_slice), version.job_id
        row.save(update_fields=["manifest", "job_id"])
        exporting.make_form(row, report)
        row.refresh_from_db()
    return row
