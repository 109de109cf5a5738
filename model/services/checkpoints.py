"""Weights that people bring, and weights that nobody needs any more."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import access, audit
from accounts.models import Project, Role, User
from accounts.problems import BadInput, Conflict
from accounts.values import mended_text
from dataset.services.imports import keep_upload
from jobs.models import Job
from jobs.services import enqueue
from jobs.titles import Title
from model.models import Checkpoint
from model.services import conversion
from storage import blobs, folders

LARGEST = 4 << 30  # bytes
NAME_LENGTH = 200


def upload_checkpoint(*, project: Project, name: str, upload: UploadedFile, by: User) -> Job:
    """Keep an uploaded weights file and ask for its conversion; the job's result names the checkpoint. Owners only."""
    access.check(by, project.pk, Role.OWNER)
    if (upload.size or 0) > LARGEST:
        raise _refused(f"A weights file may have {LARGEST >> 30} GiB.")
    kept = keep_upload(upload, ".pt")
    return _ask(project, {"upload": kept, "name": name or str(upload.name)}, by)


def import_checkpoint(*, project: Project, name: str, path: str, by: User) -> Job:
    """Ask for the conversion of a weights file of the server, which must lie under a granted root. Owners only."""
    access.check(by, project.pk, Role.OWNER)
    try:
        source = folders.allowed_path(path, project.may_import_from)
    except folders.FolderRefused as error:
        raise BadInput(str(error), errors={"path": [str(error)]}) from error
    if not source.is_file():
        raise BadInput(f"{path} is not a file.", errors={"path": ["Not a file."]})
    return _ask(project, {"path": path, "name": name or source.name}, by)


@transaction.atomic
def convert_again(*, job: Job, by: User) -> Job:
    """Ask anew for a conversion that failed; asked twice, the answer is the same job. Owners only.

    Raises Conflict where it did not fail, or the uploaded file is gone, as it is when it was refused for what it is.
    """
    access.check(by, job.project_id, Role.OWNER)
    before = Job.objects.select_for_update(of=("self",)).select_related("project").get(pk=job.pk)
    if before.state != Job.State.FAILED or before.project is None:
        raise Conflict("This conversion has not failed, so there is nothing to do again.")
    if later := _asked_since(before):
        return later
    if not conversion.can_be_asked_again(before):
        raise Conflict("The file that was to be converted is gone. Upload it again.")
    return _ask(before.project, {**before.params}, by)


def _asked_since(job: Job) -> Job | None:
    """The conversion of the same file that was asked for later and has not failed."""
    later = Job.objects.filter(kind=job.kind, project=job.project, params=job.params, pk__gt=job.pk)
    return later.exclude(state__in=[Job.State.FAILED, Job.State.CANCELLED]).first()


def _ask(project: Project, params: dict[str, Any], by: User) -> Job:
    title = Title.of("convert", "Convert weights {name}", name=params["name"])
    params["name"] = mended_text(params["name"])[:NAME_LENGTH]
    with transaction.atomic():
        job = enqueue(kind=conversion.JOB_KIND, project=project, author=by, params=params, title=title)
        data = {"job": job.pk, **({"path": params["path"]} if "path" in params else {})}
        audit.record(by=by, action="checkpoint.bring", target=params["name"], project=project, data=data)
    return job


def _refused(sentence: str) -> BadInput:
    return BadInput(sentence, errors={"file": [sentence]})


def forget_weights(locations: Iterable[str]) -> None:
    """Remove the files that no checkpoint refers to any more."""
    for location in set(locations):
        if not Checkpoint.objects.filter(location=location).exists():
            blobs.delete(location)
