"""Uploads that go on where they stopped: begin, receive parts, finish with an import, or give up."""

import hashlib
import os
import tempfile
from base64 import b64decode
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Sum
from django.http import Http404
from django.utils import timezone

from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict, NoRoom, Problem
from dataset.importing.types import NO_ANSWERS, Answers
from dataset.models import Dataset, Upload, UploadPart
from dataset.services import imports
from jobs.models import Job
from storage import blobs, room, s3

PART = 8 << 20  # bytes that a sender should put into one part
SMALLEST_PART, LARGEST_PART = 256 << 10, 64 << 20  # the last one may be smaller
OPEN = Q(job=None) | Q(job__state=Job.State.FAILED)  # nothing came of it yet: it can be gone on with, or given up
NOT_A_ZIP = "This is not a zip archive. Choose the folder itself, or pack it as .zip and send that."
KEPT = timedelta(seconds=blobs.UPLOADS_KEPT)  # without a part


class TooLarge(Problem):
    """More bytes than this installation or the project may hold."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def begin(*, dataset: Dataset, by: User, name: str, size: int, fingerprint: str = "") -> Upload:
    """A new upload, or one's unfinished one of the same size and fingerprint, to go on with. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    forget_abandoned()
    if fingerprint:
        known = _unfinished(dataset, by).filter(fingerprint=fingerprint, size=size).first()
        if known:
            return known
    check_room(dataset, size)
    with transaction.atomic():
        made = Upload.objects.create(dataset=dataset, created_by=by, name=name, size=size, fingerprint=fingerprint)
        _note(made, "begin", by)
    return made


def _note(upload: Upload, verb: str, by: User) -> None:
    """Beginning, end and giving up leave a line; the parts between them none, which may be thousands."""
    data = {"id": upload.pk, "size": upload.size}
    project = upload.dataset.project_id
    audit.record(by=by, action=f"upload.{verb}", target=upload.name, project=project, data=data)


def unfinished(*, dataset: Dataset, by: User) -> QuerySet[Upload]:
    """The person's uploads into the dataset that can be gone on with, newest first. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    return _unfinished(dataset, by)


def _unfinished(dataset: Dataset, by: User) -> QuerySet[Upload]:
    alive = timezone.now() - KEPT
    rows = Upload.objects.filter(OPEN, dataset=dataset, created_by=by, received_at__gt=alive)
    return rows.order_by("-pk")


def check_room(dataset: Dataset, size: int) -> None:
    """Raise TooLarge where the archive is over a limit."""
    if size > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(f"The archive has {size} bytes; the limit is {settings.MAX_UPLOAD_BYTES}.")
    others = Upload.objects.filter(dataset__project=dataset.project_id).aggregate(total=Sum("size"))["total"] or 0
    if others + size > settings.UPLOAD_QUOTA_BYTES:
        limit = settings.UPLOAD_QUOTA_BYTES
        raise TooLarge(f"The project's unfinished uploads would have {others + size} bytes; the limit is {limit}.")
    if s3.store() is None and size > room.left().free:
        raise NoRoom(f"The archive has {size} bytes, and the server's disk has less room than that.")


def check_own(user: User, upload: Upload) -> None:
    """Raise Http404 for an upload of somebody else, PermissionDenied below managers."""
    access.check(user, upload.dataset.project_id, Role.MANAGER)
    if upload.created_by_id != user.pk:
        raise Http404


def receive(*, upload: Upload, offset: int, length: int, digest: str, stream: BinaryIO, by: User) -> Upload:
    """Store the next part of one's own upload; it is safe on disk when this returns. Managers and above.

    Raises Conflict, which names the right offset, where it is not the next, and BadInput where it did not arrive whole.
    """
    check_own(by, upload)
    check_part(upload, offset, length)
    draft = received(stream, length, digest)
    try:
        check_kind(draft, offset)
        location = blobs.keep_upload(draft, f"{upload.pk}/{offset:015}-{uuid4().hex[:8]}")
    finally:
        draft.unlink(missing_ok=True)
    try:
        acknowledge(upload, offset, length, location)
    except (IntegrityError, Conflict) as error:
        blobs.delete(location)
        raise out_of_step(upload) from error
    return upload


def check_part(upload: Upload, offset: int, length: int) -> None:
    if upload.job_id is not None or offset != upload.offset:
        raise out_of_step(upload)
    if length > min(LARGEST_PART, upload.size - offset):
        raise BadInput(f"A part has at most {LARGEST_PART} bytes, and ends with the archive.")
    if length < min(SMALLEST_PART, upload.size - offset):
        raise BadInput(f"A part has at least {SMALLEST_PART} bytes, unless it is the last.")


def out_of_step(upload: Upload) -> Conflict:
    """Says where to go on."""
    upload.refresh_from_db()
    if upload.job_id is not None:
        return Conflict("The upload is finished.", extra={"offset": upload.offset})
    return Conflict(f"The next part starts at {upload.offset}.", extra={"offset": upload.offset})


def received(stream: BinaryIO, length: int, digest: str) -> Path:
    """The part in a settled file of the work folder."""
    room.check_room(length)
    descriptor, name = tempfile.mkstemp(dir=blobs.work_folder(), prefix="part-")
    seen, left = hashlib.sha256(), length
    try:
        with os.fdopen(descriptor, "wb") as out:
            while left and (chunk := stream.read(min(left, blobs.CHUNK))):
                seen.update(chunk)
                left -= out.write(chunk)
            blobs.settle(out)
        if left:
            raise BadInput(f"The part broke off: {left} of {length} bytes are missing.")
        if digest and b64decode_or_nothing(digest) != seen.digest():
            raise BadInput("The part arrived damaged: its SHA-256 is another. Send it again.")
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def b64decode_or_nothing(digest: str) -> bytes:
    """The SHA-256 of a Content-Digest header: sha-256=:…: (RFC 9530)."""
    try:
        return b64decode(digest.removeprefix("sha-256=").strip(":"), validate=True)
    except ValueError:
        return b""


def check_kind(draft: Path, offset: int) -> None:
    """Refuse with the first bytes what is no archive, rather than after the last."""
    with draft.open("rb") as file:
        if offset == 0 and file.read(2) != b"PK":
            raise BadInput(NOT_A_ZIP, errors={"file": [NOT_A_ZIP]})


@transaction.atomic
def acknowledge(upload: Upload, offset: int, length: int, location: str) -> None:
    """Write the part's row and move the offset; of two that send the same part, one wins."""
    moved = Upload.objects.filter(pk=upload.pk, offset=offset, job=None).update(
        offset=offset + length, received_at=timezone.now()
    )
    if not moved:
        raise Conflict("Another part came first.")
    UploadPart.objects.create(upload=upload, offset=offset, size=length, location=location)
    upload.offset = offset + length


@transaction.atomic
def finish(
    *,
    upload: Upload,
    by: User,
    wanted: str = "auto",
    metadata: dict[str, Any] | None = None,
    dry_run: bool = False,
    answers: Answers = NO_ANSWERS,
) -> Job:
    """Import what one has uploaded, or only check it; asked again, the answer is the same job, unless that failed and
    the bytes are still there: then they are imported anew. Managers and above.

    Raises Conflict while bytes are missing, and where the import was cancelled.
    """
    check_own(by, upload)
    locked = Upload.objects.select_for_update(of=("self",)).select_related("dataset__project", "job").get(pk=upload.pk)
    if locked.job is not None and (locked.job.cancel_requested or locked.job.state == Job.State.CANCELLED):
        raise Conflict("The import of this upload was cancelled. To import the archive after all, upload it again.")
    if locked.job is not None and locked.job.state != Job.State.FAILED:
        return locked.job
    if locked.offset != locked.size:
        missing = locked.size - locked.offset
        raise Conflict(f"{missing} bytes have not arrived yet.", extra={"offset": locked.offset})
    params = {"parts": locked.pk, "format": wanted, "copy": True, "metadata": metadata or {}, "dry_run": dry_run}
    params |= answers.given()
    title = imports.import_title(locked.name, locked.dataset, dry_run=dry_run)
    locked.job = imports.ask(locked.dataset, params, title=title, author=by)
    locked.save(update_fields=["job"])
    return locked.job


def give_up(*, upload: Upload, by: User) -> None:
    """Remove one's own unfinished upload and its bytes. Managers and above.

    Raises Conflict where it is being imported: cancel the job instead.
    """
    check_own(by, upload)
    with transaction.atomic():
        if not Upload.objects.filter(OPEN, pk=upload.pk).delete()[0]:
            raise Conflict("The upload is finished and being imported. Cancel the import instead.")
        _note(upload, "give_up", by)
    blobs.forget_uploads(f"{upload.pk}/")


def forget_abandoned() -> None:
    """Remove the uploads that nothing arrived for, and those whose import was cancelled before it began."""
    over = Q(received_at__lt=timezone.now() - KEPT) | Q(job__state=Job.State.CANCELLED)
    for upload in Upload.objects.filter(over):
        blobs.forget_uploads(f"{upload.pk}/")
        upload.delete()
