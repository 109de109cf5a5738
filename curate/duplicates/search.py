"""Looking for copies among a dataset's images: asking for it, doing it, and what was found."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from curate.duplicates.found import store_found
from curate.duplicates.kept_signatures import keep_signatures
from curate.duplicates.looked import Searched
from curate.duplicates.signing import Signed, Told, signed
from curate.embeddings.rows import image_vectors
from dataset.models import Dataset
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.titles import Title
from science.duplicates.pairs import Pairs, find_pairs
from storage import blobs

KIND = "find_duplicates"
KEPT = "duplicates"  # of a job's result: what it found
READING = 0.7  # of the job's progress

Ids = NDArray[np.int64]


@transaction.atomic
def start_search(*, dataset: Dataset, by: User) -> Job:
    """Ask for a search of all images. Managers and above. Where one is not done yet, that job is given back."""
    access.check(by, dataset.project_id, Role.MANAGER)
    Dataset.objects.select_for_update().get(pk=dataset.pk)  # two clicks at once ask once
    if not dataset.images.exists():
        raise BadInput("There are no images to look at. Import some first.")
    if (same := open_search(dataset)) is not None:
        return same
    audit.record(by=by, action="duplicates.search", target=dataset, project=dataset.project_id, data={})
    return jobs.services.enqueue(
        kind=KIND,
        project=dataset.project,
        dataset=dataset,
        author=by,
        params={"dataset": dataset.pk},
        title=Title.of("duplicates", "Find duplicates in {dataset}", dataset=dataset.name),
        link=f"/curate/{dataset.pk}/duplicates",
    )


def open_search(dataset: Dataset) -> Job | None:
    """The search that is waiting or at work."""
    states = (Job.State.QUEUED, Job.State.RUNNING)
    asked = Job.objects.filter(kind=KIND, dataset_id=dataset.pk, state__in=states, cancel_requested=False)
    return asked.order_by("pk").first()


def run_search(job: Job, report: Report) -> dict[str, Any]:
    """The job: look at every image and keep the pairs."""
    dataset = Dataset.objects.filter(pk=job.params["dataset"]).first()
    if dataset is None:
        raise JobFailed("The dataset was deleted before its images were looked at.")
    image_ids = np.array(list(dataset.images.order_by("pk").values_list("pk", flat=True)), np.int64)
    read = signed(dataset, image_ids, report, READING)
    found = compare(dataset, read, report)
    store_found(dataset, found, job.pk, keep_signatures(read.image_ids, read.signatures))
    return {KEPT: keep(found)}


def look_at(dataset: Dataset, image_ids: Ids, report: Told) -> Searched:
    """Search these images."""
    return compare(dataset, signed(dataset, image_ids, report, READING), report)


def compare(dataset: Dataset, read: Signed, report: Told) -> Searched:
    """Compare what was signed."""
    vectors, place = _vectors(dataset, read.image_ids)

    def told(part: float) -> None:
        report(
            READING + (1 - READING) * part,
            Sentence.of("comparing_images", "Comparing {count} {count:image|images}", count=len(read.image_ids)),
        )

    found = find_pairs(read.signatures, vectors, place, told)
    return _searched(read.image_ids, read.unreadable, 0 if place is None else len(place), found)


def _vectors(dataset: Dataset, image_ids: Ids) -> tuple[NDArray[np.float16] | None, Ids | None]:
    """The embeddings that there are of these images, and each one's place among them."""
    owners, vectors = image_vectors(dataset)
    known = np.isin(owners, image_ids)
    if not known.any():
        return None, None
    return vectors[known], np.searchsorted(image_ids, owners[known])


def _searched(image_ids: Ids, unreadable: Ids, with_vector: int, found: Pairs) -> Searched:
    return Searched(
        image_ids, unreadable, with_vector, image_ids[found.pairs].reshape(-1, 2), found.overlap, found.agreement,
        found.maps,
    )  # fmt: skip


def keep(found: Searched) -> dict[str, Any]:
    """Store what was found; returns what a job's result says of it."""
    out = BytesIO()
    np.savez_compressed(
        out, image_ids=found.image_ids, unreadable=found.unreadable, with_vector=found.with_vector, pairs=found.pairs,
        overlap=found.overlap, agreement=found.agreement, maps=found.maps,
    )  # fmt: skip
    return {
        "location": blobs.put_bytes(out.getvalue(), suffix=".npz").key,
        "images": len(found.image_ids),
        "unreadable": len(found.unreadable),
        "with_embedding": found.with_vector,
        "pairs": len(found.pairs),
    }


def newest_search(dataset: Dataset) -> Job | None:
    """The newest job that looked at all of the dataset's images as they were then."""
    done = Job.objects.filter(dataset_id=dataset.pk, state=Job.State.SUCCEEDED, result__has_key=KEPT)
    return done.filter(kind=KIND).order_by("-pk").first()


def searched(dataset: Dataset) -> Searched | None:
    """What the newest search found; None where there was none, or its file is gone."""
    job = newest_search(dataset)
    if job is None or job.result is None:
        return None
    try:
        with np.load(BytesIO(blobs.read(job.result[KEPT]["location"]))) as arrays:
            return Searched(
                **{name: arrays[name] for name in arrays.files} | {"with_vector": int(arrays["with_vector"])}
            )
    except FileNotFoundError:
        return None


def searched_among(dataset: Dataset, image_ids: Ids, report: Told) -> Searched:
    """What is known of these images: from the newest search where it looked at all of them, else by looking now."""
    known = searched(dataset)
    if known is not None and known.looked_at(image_ids).all():
        return known.among(image_ids)
    return look_at(dataset, image_ids, report)
