"""What the job of a form does: make it, pack it, run checkpoint and form on the same images, compare, store."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.utils import timezone

from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.engines import (
    ExportRequest,
    FormPredictRequest,
    Predictions,
    PredictReport,
    PredictRequest,
    PredictSettings,
    architecture,
)
from model.models import ExportedForm
from model.services.engine import export_weights, predict_boxes
from model.services.form_check import FormCheck, check_form_boxes, verdict_of
from model.services.form_package import packed
from model.services.prediction import weights_path
from model.services.training_data import image_files
from storage import blobs
from storage.room import check_room

JOB_KIND = "export_checkpoint"
MADE, BY_CHECKPOINT, BY_FORM = 0.2, 0.55, 0.9  # of the job's progress
TIMES_THE_WEIGHTS = 8  # room on the disk that making a form may take: float32 of half-precision weights, and copies
LICENCE = "AGPL-3.0"  # of a network that is none of the known ones
CHECKED = {  # by what predicts
    "checkpoint": Sentence.of("checked_checkpoint", "The checkpoint on {done} of {total} {total:image|images}"),
    "form": Sentence.of("checked_form", "The form on {done} of {total} {total:image|images}"),
}


def run(job: Job, report: Report) -> dict[str, Any]:
    """The job. Safe to run again: what an attempt before has made or predicted is taken from its work folder."""
    rows = ExportedForm.objects.select_related("checkpoint__run", "manifest__dataset")
    form = rows.filter(pk=job.params["form"]).first()
    if form is None:
        raise JobFailed("The form was deleted before it was made.")
    make_form(form, report)
    return {"form": form.pk, "checkpoint": form.checkpoint_id, "verdict": form.verdict}


def make_form(form: ExportedForm, report: Report) -> None:
    """Make and check it within a job, whichever; nothing where that is done."""
    if form.finished_at is None:
        name = f"export-{report.job.pk}-{form.pk}"
        _make(form, blobs.work_folder(name), report)
        blobs.clear_work(name)


def _make(form: ExportedForm, folder: Path, report: Report) -> None:
    """All of it, in a folder that a second attempt finds."""
    check_room(TIMES_THE_WEIGHTS * form.checkpoint.size)
    report(0.0, Sentence.of("writing_form", "Writing the form"))
    made = folder / "form"
    if not (made / "facts.json").exists():
        export_weights(_request(form, made), log=folder / "engine.log", report=report)
    checked = _check(form, folder, report)
    report(BY_FORM, Sentence.of("storing_form", "Storing the form"))
    blob = blobs.put_file(packed(made, folder / "form.zip"), suffix=".zip")
    form.facts = json.loads((made / "facts.json").read_text("utf-8"))
    form.location, form.sha256, form.size = blob.key, blob.sha256, blob.size
    form.differences, form.verdict = (asdict(checked) if checked else None), verdict_of(checked)
    form.finished_at = timezone.now()
    form.save(update_fields=["facts", "location", "sha256", "size", "differences", "verdict", "finished_at"])


def _request(form: ExportedForm, folder: Path) -> ExportRequest:
    checkpoint, known = form.checkpoint, architecture(form.checkpoint.architecture)
    origin = {
        "licence": known.licence if known else LICENCE,
        "checkpoint": checkpoint.sha256,
        "run": checkpoint.run.name if checkpoint.run else "",
        "revision": checkpoint.run.revision if checkpoint.run else None,
    }
    return ExportRequest(weights_path(checkpoint), folder, form.imgsz, form.form, form.precision, origin)


def _check(form: ExportedForm, folder: Path, report: Report) -> FormCheck | None:
    """How the form's boxes differ from the checkpoint's; None where there is nothing to check on."""
    if form.manifest is None:
        return None
    settings = PredictSettings(imgsz=form.imgsz, half=False)  # a form is compared with what float32 gives
    ids = sorted(form.manifest.image_ids)
    files = image_files(ids)
    paths = tuple(files[image_id].path for image_id in ids)
    asked = PredictRequest(weights_path(form.checkpoint), paths, settings)
    first = _predicted(asked, folder, "checkpoint", report, (MADE, BY_CHECKPOINT))
    asked_form = FormPredictRequest(folder / "form", paths, settings)
    second = _predicted(asked_form, folder, "form", report, (BY_CHECKPOINT, BY_FORM))
    return check_form_boxes(form.manifest, ids, first, second, allowed_drop=form.allowed_drop)


def _predicted(
    request: PredictRequest | FormPredictRequest,
    folder: Path,
    name: str,
    report: Report,
    progress: tuple[float, float],
) -> Predictions:
    """The boxes of the request, kept in the folder: what an attempt before has predicted is read."""
    kept = folder / f"{name}.npz"
    if not kept.exists():
        found = predict_boxes(
            request, log=folder / "engine.log", report=report, on_images=_on_images(name, report, progress)
        )
        draft = kept.with_suffix(".draft")
        with draft.open("wb") as file:
            np.savez(file, **{**asdict(found), "class_names": np.array(found.class_names)})
        draft.replace(kept)
    with np.load(kept) as arrays:
        columns = {column: arrays[column] for column in ("image_index", "class_index", "boxes", "scores")}
        return Predictions(**columns, class_names=tuple(arrays["class_names"].tolist()))


def _on_images(name: str, report: Report, progress: tuple[float, float]) -> Callable[[PredictReport], None]:
    low, high = progress

    def tell(done: PredictReport) -> None:
        part = low + (high - low) * done.done / max(done.total, 1)
        report(part, CHECKED[name].also(done=done.done, total=done.total))

    return tell
