"""The archives that exports leave: kept for some days, handed out to members, then forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import slugify

from accounts.problems import Conflict, Gone
from jobs.models import Job
from storage import blobs

KIND = "export_dataset"


def time_kept() -> timedelta:
    return timedelta(days=settings.EXPORT_DAYS)


def keep_archive(job: Job, path: Path, report: dict[str, Any]) -> dict[str, Any]:
    """Store the archive; returns the job's result. Where it lies stands in the job's params, which nobody is shown."""
    blob = blobs.put_file(path, suffix=".zip")
    job.params = job.params | {"archive": blob.key, "name": archive_name(job, report)}
    job.save(update_fields=["params"])
    file = {"size": blob.size, "sha256": blob.sha256, "expires_at": (timezone.now() + time_kept()).isoformat()}
    return {**report, "download": f"/api/v1/exports/{job.pk}/file", **file}


def archive_name(job: Job, report: dict[str, Any]) -> str:
    title = slugify(job.title.removeprefix("Export ").rpartition(" as ")[0], allow_unicode=True) or "export"
    return f"{title[:80]}-r{report['revision']}-{report['format']}.zip"


def open_archive(job: Job) -> tuple[BinaryIO, str]:
    """The archive and its name. Raises Conflict before it is there, Gone after it was removed."""
    if job.state != Job.State.SUCCEEDED:
        raise Conflict("There is no archive: the export has not ended well (yet).")
    try:
        return blobs.open_blob(job.params["archive"]), job.params["name"]
    except (KeyError, FileNotFoundError) as error:
        raise Gone(
            f"The archive was removed; exports are kept for {settings.EXPORT_DAYS} days. Export again."
        ) from error


def forget_old() -> None:
    """Remove the archives whose time is over; the clock calls this."""
    ended = Job.objects.filter(kind=KIND, finished_at__lt=Now() - time_kept(), params__has_key="archive")
    for job in ended.iterator(chunk_size=100):
        blobs.delete(job.params.pop("archive"))
        job.save(update_fields=["params"])
