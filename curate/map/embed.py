"""Embeddings: asking for them, and the job that computes those that are missing, then the map."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput
from curate.embeddings import reads, rows
from curate.embeddings.encoder import ENCODER, Encoded, EncoderError, EncoderProcess, PictureToEncode
from curate.map.batches import PictureBatch, image_batches, object_batches
from curate.models import EmbeddingMap
from curate.query.image_source import ImageSource
from dataset.models import Dataset, Slice
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.titles import Title
from model.services.engine import process_environment
from storage import blobs

JOB_KIND = "compute_embeddings"
SEED = 0
MAPPING = 0.1  # of the job's progress

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class NewEmbeddings:
    """Whose embeddings are wanted: the images', and with `objects` also those of every labelled object on them."""

    source: ImageSource
    objects: bool = False

    def as_params(self, dataset: Dataset) -> dict[str, Any]:
        within = self.source.within
        return {
            "dataset": dataset.pk,
            "slice": within.pk if within else None,
            "q": self.source.q,
            "objects": self.objects,
        }


@transaction.atomic
def start_embeddings(*, dataset: Dataset, new: NewEmbeddings, by: User) -> Job:
    """Ask for what is missing. Managers and above. Where the same was asked and is not done, that job is given back."""
    access.check(by, dataset.project_id, Role.MANAGER)
    Dataset.objects.select_for_update().get(pk=dataset.pk)  # two clicks at once ask once
    if len(new.source.image_ids(dataset)) == 0:
        raise BadInput("There are no images to embed.", errors={"q" if new.source.q else "slice": ["No images."]})
    params = new.as_params(dataset)
    open_states = (Job.State.QUEUED, Job.State.RUNNING)
    asked = Job.objects.filter(kind=JOB_KIND, dataset_id=dataset.pk, state__in=open_states, cancel_requested=False)
    if (same := asked.filter(params=params).first()) is not None:
        return same
    audit.record(by=by, action="embeddings.compute", target=dataset, project=dataset.project_id, data=params)
    return jobs.services.enqueue(
        kind=JOB_KIND,
        project=dataset.project,
        dataset=dataset,
        author=by,
        params=params,
        title=Title.of("embed", "Compute embeddings of {source}", source=new.source),
        queue="gpu",
        link=f"/curate/{dataset.pk}/map",
    )


def run_embeddings(job: Job, report: Report) -> dict[str, Any]:
    """The job: encode what has no embedding yet, then draw the map. What is stored stays when it is stopped."""
    dataset, source = asked_of(job)
    image_ids = source.image_ids(dataset)
    with EncoderProcess(process_environment(), report.check) as encoder:
        try:
            work = Work(dataset, encoder, report)
            images = work.encode_images(reads.images_without(dataset, image_ids))
            objects = work.encode_objects(image_ids) if job.params["objects"] else 0
            drawn = draw_map(work, author=job.created_by)
        except EncoderError as error:
            raise JobFailed(str(error)) from error
    return {"images": images, "objects": objects, "unreadable": work.unreadable, "map": drawn.pk if drawn else None}


def asked_of(job: Job) -> tuple[Dataset, ImageSource]:
    """The dataset and the images that a job is about. Raises JobFailed where one of them is gone."""
    dataset = Dataset.objects.filter(pk=job.params["dataset"]).first()
    if dataset is None:
        raise JobFailed("The dataset was deleted before its embeddings were computed.")
    if job.params["slice"] is None:
        return dataset, ImageSource(None, job.params["q"])
    within = Slice.objects.filter(pk=job.params["slice"]).first()
    if within is None:
        raise JobFailed("The slice was deleted before its embeddings were computed.")
    return dataset, ImageSource(within, job.params["q"])


@dataclass
class Work:
    """One run of the job."""

    dataset: Dataset
    encoder: EncoderProcess
    report: Report
    unreadable: int = 0

    def encode_images(self, image_ids: Ids) -> int:
        """Encode and store these images; returns how many."""
        doing = Sentence.of(
            "embedded_images", "Embedded {done} of {total} {total:image|images}", total=f"{len(image_ids):,}"
        )
        return self._encode(image_batches(self.dataset, image_ids), len(image_ids), doing)

    def encode_objects(self, image_ids: Ids) -> int:
        """Encode and store the current labels of these images that have no embedding yet; returns how many."""
        reads.forget_past_objects(self.dataset)
        found = reads.objects_without(self.dataset, image_ids)
        doing = Sentence.of(
            "embedded_objects", "Embedded {done} of {total} {total:object|objects}", total=f"{len(found):,}"
        )
        return self._encode(object_batches(self.dataset, found), len(found), doing)

    def _encode(self, batches: Iterator[PictureBatch], total: int, doing: Sentence) -> int:
        """Encode batch by batch. Each is stored while the encoder has the next, and stays whatever comes."""
        asked: deque[PictureBatch] = deque()
        done = stored = 0

        def requests() -> Iterator[list[PictureToEncode]]:
            for batch in batches:
                asked.append(batch)
                yield batch.pictures

        for answer in self.encoder.encode(requests()):
            batch = asked.popleft()
            self._log_unreadable(batch, answer)
            kept = np.flatnonzero(answer.vectors.any(axis=1))
            stored += rows.store({name: values[kept] for name, values in batch.columns.items()}, answer.vectors[kept])
            done += len(answer.vectors)
            self.report((1 - MAPPING) * done / total, doing.also(done=f"{done:,}"))
        return stored

    def _log_unreadable(self, batch: PictureBatch, answer: Encoded) -> None:
        for place, why in answer.failed.items():
            self.unreadable += 1
            self.report.log(f"{batch.keys[place]} could not be read: {why}")


def draw_map(work: Work, *, author: User | None) -> EmbeddingMap | None:
    """Place the dataset's embedded images on a plane; None where there are none. What is as before is kept."""
    image_ids, vectors = rows.image_vectors(work.dataset)
    if len(image_ids) == 0:
        return None
    newest = reads.newest_map(work.dataset)
    if newest is not None and np.array_equal(reads.points_of(newest).image_ids, image_ids):
        return newest
    work.report(
        1 - MAPPING,
        Sentence.of("drawing_map", "Drawing the map of {count} {count:image|images}", count=f"{len(image_ids):,}"),
    )
    found = work.encoder.project(vectors, SEED)
    out = BytesIO()
    np.savez(out, image_ids=image_ids, points=np.round(found.points * EmbeddingMap.PLANE).astype(np.uint16))
    blob = blobs.put_bytes(out.getvalue(), suffix=".npz")
    return EmbeddingMap.objects.create(
        dataset=work.dataset,
        encoder=ENCODER,
        method=found.method,
        seed=SEED,
        image_count=len(image_ids),
        location=blob.key,
        created_by=author,
    )
