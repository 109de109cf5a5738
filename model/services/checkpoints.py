"""Weights that people bring, and weights that nobody needs any more."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import access, audit
from accounts.models import Project, Role, User
from accounts.problems import BadInput
from model.models import Checkpoint
from model.services.conversion import convert
from storage import blobs, folders

LARGEST = 4 << 30  # bytes


def upload_checkpoint(*, project: Project, name: str, upload: UploadedFile, by: User) -> Checkpoint:
    """Take in an uploaded weights file. Owners only."""
    access.check(by, project.pk, Role.OWNER)
    if (upload.size or 0) > LARGEST:
        raise _refused(f"A weights file may have {LARGEST >> 30} GiB.")
    suffix = ".pt" if str(upload.name).endswith(".pt") else ""
    with tempfile.NamedTemporaryFile(dir=blobs.work_folder(), prefix="upload-", suffix=suffix) as draft:
        for chunk in upload.chunks():
            draft.write(chunk)
        draft.flush()
        called = str(upload.name)
        return _take_in(Path(draft.name), project=project, name=name or called, called=called, by=by)


def import_checkpoint(*, project: Project, name: str, path: str, by: User) -> Checkpoint:
    """Take in a weights file of the server, which must lie under a configured root. Owners only."""
    access.check(by, project.pk, Role.OWNER)
    try:
        source = folders.allowed_path(path, project.may_import_from)
    except folders.FolderRefused as error:
        raise BadInput(str(error), errors={"path": [str(error)]}) from error
    if not source.is_file():
        raise BadInput(f"{path} is not a file.", errors={"path": ["Not a file."]})
    return _take_in(source, project=project, name=name or source.name, called=source.name, by=by)


def _take_in(source: Path, *, project: Project, name: str, called: str, by: User) -> Checkpoint:
    with convert(source, called=called) as (facts, converted):
        blob = blobs.put_file(converted, suffix=".pt")
    with transaction.atomic():
        checkpoint = Checkpoint.objects.create(
            project=project,
            name=name,
            kind=Checkpoint.Kind.UPLOADED,
            architecture=facts.architecture,
            classes=list(facts.class_names),
            imgsz=facts.imgsz,
            parameters=facts.parameters,
            location=blob.key,
            sha256=blob.sha256,
            size=blob.size,
            created_by=by,
        )
        data = {"id": checkpoint.pk, "sha256": blob.sha256, "architecture": facts.architecture}
        audit.record(by=by, action="checkpoint.create", target=name, project=project, data=data)
    return checkpoint


def _refused(sentence: str) -> BadInput:
    return BadInput(sentence, errors={"file": [sentence]})


def forget_weights(locations: Iterable[str]) -> None:
    """Remove the files that no checkpoint refers to any more."""
    for location in set(locations):
        if not Checkpoint.objects.filter(location=location).exists():
            blobs.delete(location)
