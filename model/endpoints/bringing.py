"""Kept pictures become images of a dataset of their own, by an ordinary import."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from PIL import Image

from accounts.wording import worded
from dataset.models import Dataset
from dataset.services import imports
from dataset.services.datasets import add_classes
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.models import Endpoint, KeptPicture
from storage import blobs

NAME = "{name} from production"


def bring(endpoint: Endpoint, job: Job, report: Report) -> dict[str, Any]:
    """Ask for the import of what is not in the dataset yet; returns the dataset and the import's job."""
    rows = list(KeptPicture.objects.filter(deployment__endpoint=endpoint, brought_at=None).select_related("deployment"))
    if not rows:
        raise JobFailed("There is no kept picture that is not in the dataset already.")
    dataset = production_dataset(endpoint, job)
    upload = archive_of(endpoint, rows, report)
    params = {
        "upload": upload, "format": "images", "annotations": None, "copy": True, "dry_run": False,
        "metadata": {"endpoint": endpoint.name},
    }  # fmt: skip
    with transaction.atomic():
        title = imports.import_title(worded("{n} {n:picture|pictures}", n=len(rows)), dataset, dry_run=False)
        asked = imports.ask(dataset, params, title=title, author=job.created_by)  # type: ignore[arg-type]
        KeptPicture.objects.filter(pk__in=[row.pk for row in rows]).update(brought_at=timezone.now())
    return {"dataset": dataset.pk, "import": asked.pk, "pictures": len(rows)}


def production_dataset(endpoint: Endpoint, job: Job) -> Dataset:
    """The endpoint's own, made on first use with the classes of the dataset that it learned on."""
    if endpoint.sample_dataset is not None:
        return endpoint.sample_dataset
    with transaction.atomic():
        name = NAME.format(name=endpoint.name)
        dataset, made = Dataset.objects.get_or_create(
            project=endpoint.project, name=name, defaults={"created_by": job.created_by}
        )
        if made:
            rows = endpoint.dataset.classes.order_by("index")
            classes: list[dict[str, str]] = [
                {"name": row.name, "colour": row.colour, "hotkey": row.hotkey} for row in rows
            ]
            add_classes(dataset=dataset, classes=classes)
        endpoint.sample_dataset = dataset
        endpoint.save(update_fields=["sample_dataset"])
    return dataset


def archive_of(endpoint: Endpoint, rows: list[KeptPicture], report: Report) -> str:
    """A zip of the pictures among the uploads; its name. A picture is called by endpoint, version and content."""
    name = f"{uuid4().hex}.zip"
    draft = blobs.work_folder() / name
    try:
        with zipfile.ZipFile(draft, "w") as archive:
            for done, row in enumerate(rows):
                report(
                    done / len(rows),
                    Sentence.of("brought", "{done} of {total} {total:picture|pictures}", done=done, total=len(rows)),
                )
                data = blobs.read(row.location)
                key = f"{endpoint.name}/v{row.deployment.version}-{row.sha256[:20]}{ending_of(data)}"
                archive.writestr(key, data)
        blobs.keep_upload(draft, name)
    finally:
        Path(draft).unlink(missing_ok=True)
    return name


def ending_of(data: bytes) -> str:
    """By what it is; the endpoint has answered for it, so it is a picture."""
    with Image.open(BytesIO(data)) as picture:
        return {"JPEG": ".jpg", "MPO": ".jpg", "TIFF": ".tif"}.get(
            str(picture.format), f".{str(picture.format).lower()}"
        )
