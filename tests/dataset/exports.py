"""Exporting by the API, and what a dataset holds as a whole, so that two can be compared."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from dataset.models import Dataset, Image
from jobs.models import Job
from tests.dataset.folders import import_folder
from tests.factories import Cast, call, make_dataset, run_jobs


def export(cast: Cast, dataset: Dataset, **body: Any) -> Job:
    """Ask for it by the API as Bob, who may only read, let it run, and expect it to succeed."""
    response = call(cast.bob, "POST", f"datasets/{dataset.pk}/exports", body)
    assert response.status_code == 202, response.content
    (job,) = run_jobs()
    assert job.state == "succeeded", (job.error, [line.text for line in job.lines.all()])
    return job


def fetched(cast: Cast, job: Job) -> zipfile.ZipFile:
    """The archive, fetched by the API."""
    response = call(cast.bob, "GET", f"exports/{job.pk}/file")
    assert response.status_code == 200, response.content
    archive = zipfile.ZipFile(BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    return archive


def there_and_back(cast: Cast, dataset: Dataset, root: Path, wanted: str, **body: Any) -> tuple[Dataset, Job, Job]:
    """Export with the image files and import into a new dataset; returns it and the two jobs."""
    out = export(cast, dataset, format=wanted, files=True, **body)
    folder = root / f"back-{out.pk}"
    fetched(cast, out).extractall(folder)
    back = make_dataset(cast.project, classes=())
    job = import_folder(cast, back, folder, format=wanted)
    return back, out, job


def labels_of(dataset: Dataset, revision: int | None = None) -> dict[str, list[Any]]:
    """By image key: class, box to the bit, attributes, ignore and area where they say something; in no order."""
    number = dataset.head_revision if revision is None else revision
    found: dict[str, list[Any]] = {key: [] for key in dataset.images.values_list("key", flat=True)}
    for image in dataset.images.prefetch_related("annotations__label_class"):
        for row in image.annotations.all():
            if row.born <= number and (row.died is None or row.died > number):
                box = (row.x1, row.y1, row.x2, row.y2)
                facts = {"ignore": row.ignore, "area": row.area}
                known = (row.attributes or {}) | {key: value for key, value in facts.items() if value}
                found[image.key].append((row.label_class.name, box, sorted(known.items())))
    return {key: sorted(rows, key=repr) for key, rows in found.items()}


def boxes_alone(dataset: Dataset) -> dict[str, list[Any]]:
    """The same without attributes, for formats that have no place for them."""
    return {key: sorted([(name, box) for name, box, _ in rows]) for key, rows in labels_of(dataset).items()}


def images_of(dataset: Dataset) -> dict[str, Any]:
    """What is known of every image, by key."""
    fields = ("sha256", "width", "height", "sequence", "captured_at", "latitude", "longitude", "metadata")
    return {
        image.key: tuple(getattr(image, field) for field in fields) for image in Image.objects.filter(dataset=dataset)
    }


def classes_of(dataset: Dataset) -> list[str]:
    return list(dataset.classes.order_by("index").values_list("name", flat=True))
