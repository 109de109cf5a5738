"""From a weights file that somebody brings to a checkpoint of ours, in a job. The file is never unpickled."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.values import mended, mended_text
from dataset.services.imports import forget_upload, granted_to, upload_path
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.passing import is_final
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.engines import CheckpointFacts, ConversionLimits, ConvertReport, ConvertRequest
from model.models import Checkpoint
from model.services.engine import convert_weights
from storage import blobs, folders
from storage.blobs import Blob

JOB_KIND = "convert_weights"


def run(job: Job, report: Report) -> dict[str, Any]:
    """The job: convert and store. Safe to run again: what an attempt before has stored is found done."""
    if job.result is not None:
        return dict(job.result)
    try:
        result = _convert(job, report)
    except Exception as error:
        if is_final(error):  # after anything else the next attempt needs the upload
            forget_upload(job)
        raise
    finally:
        blobs.clear_work(_work_name(job))
    forget_upload(job)
    return result


def _convert(job: Job, report: Report) -> dict[str, Any]:
    folder = blobs.work_folder(_work_name(job))
    request = ConvertRequest(_source(job), folder / "converted.pt", limits())

    def on_step(begun: ConvertReport) -> None:
        report(begun.share, Sentence(begun.step.lower().replace(" ", "_"), begun.step))

    facts = convert_weights(request, log=folder / "engine.log", report=report, on_step=on_step)
    blob = blobs.put_file(request.destination, suffix=".pt")
    return _store(job, facts, blob)


def limits() -> ConversionLimits:
    return ConversionLimits(
        memory=settings.CONVERSION_MEMORY_BYTES,
        seconds=settings.CONVERSION_SECONDS,
        parameters=settings.CONVERSION_PARAMETERS,
    )


def _source(job: Job) -> Path:
    """The file: uploaded, or of the server, where it must still be allowed."""
    try:
        if "upload" in job.params:
            return upload_path(job)
        return folders.allowed_path(job.params["path"], granted_to(job))
    except folders.FolderRefused as error:
        raise JobFailed(str(error)) from error
    except FileNotFoundError as error:
        raise JobFailed("The uploaded file is gone. Upload it again.") from error


def can_be_asked_again(job: Job) -> bool:
    """Whether it failed and the file that it was to convert can still be read."""
    try:
        return job.state == Job.State.FAILED and _source(job).exists()
    except JobFailed:
        return False


@transaction.atomic
def _store(job: Job, facts: CheckpointFacts, blob: Blob) -> dict[str, Any]:
    """The checkpoint, and the job's result with it."""
    checkpoint = Checkpoint.objects.create(
        project=job.project,
        name=job.params["name"],
        kind=Checkpoint.Kind.UPLOADED,
        architecture=mended_text(facts.architecture)[:60],
        classes=mended(list(facts.class_names)),
        imgsz=facts.imgsz,
        parameters=facts.parameters,
        location=blob.key,
        sha256=blob.sha256,
        size=blob.size,
        created_by=job.created_by,
    )
    data = {"id": checkpoint.pk, "sha256": blob.sha256, "architecture": facts.architecture}
    audit.record(by=job.created_by, action="checkpoint.create", target=checkpoint.name, project=job.project, data=data)
    result = {"checkpoint": checkpoint.pk, "name": checkpoint.name, **({"note": facts.note} if facts.note else {})}
    Job.objects.filter(pk=job.pk).update(result=result)
    return result


def _work_name(job: Job) -> str:
    return f"convert-{job.pk}"
