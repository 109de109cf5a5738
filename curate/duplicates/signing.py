"""Signatures of a dataset's images, made of the thumbnails that their import kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from curate.duplicates.kept_signatures import kept_signatures
from dataset.models import Dataset, Image
from jobs.sentences import Sentence
from science.duplicates.signatures import Signature, Signatures
from science.evaluation.threads import cores
from storage import blobs, thumbnails
from storage.facts import MEASURED_AT
from storage.refusals import PictureRefused

Ids = NDArray[np.int64]
Told = Callable[[float, Sentence], None]  # how far the work is, and what is being done
AT_ONCE = 512  # images


@dataclass(frozen=True, eq=False)
class Signed:
    """The images that could be read, and those that could not."""

    image_ids: Ids  # (N,) rising
    signatures: Signatures  # of N pictures
    unreadable: Ids


def signed(dataset: Dataset, image_ids: Ids, report: Told, upto: float) -> Signed:
    """Read each image's thumbnail, made where it is not there yet, as the job's progress goes up to `upto`.

    What the newest search has signed is not signed again.
    """
    rows = Image.objects.filter(dataset=dataset, pk__in=image_ids.tolist()).order_by("pk")
    kept = kept_signatures(dataset)

    def known_or_read(row: tuple[int, str, str]) -> Signature | None:
        return (kept and kept.of(row[0])) or _signature(row)

    found: list[Signature] = []
    read: list[int] = []
    unreadable: list[int] = []
    with ThreadPoolExecutor(cores(), thread_name_prefix="signatures") as pool:
        for some in _in_chunks(rows):
            for (pk, _, _), signature in zip(some, pool.map(known_or_read, some), strict=True):
                (unreadable if signature is None else read).append(pk)
                found += [] if signature is None else [signature]
            done = len(read) + len(unreadable)
            doing = Sentence.of(
                "looked_at", "Looked at {done} of {total} {total:image|images}", done=done, total=len(image_ids)
            )
            report(upto * done / max(len(image_ids), 1), doing)
    return Signed(np.array(read, np.int64), Signatures.of(found), np.array(unreadable, np.int64))


def _in_chunks(rows: QuerySet[Image]) -> Iterator[list[tuple[int, str, str]]]:
    listed = list(rows.values_list("pk", "sha256", "location"))
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))


def _signature(row: tuple[int, str, str]) -> Signature | None:
    """None where the image's file is gone or is no picture."""
    from curate.duplicates.keypoints import signature_of  # OpenCV is slow to load, and Django starts without it

    _, sha256, location = row
    try:
        return signature_of(blobs.read(thumbnails.thumbnail(sha256=sha256, location=location, size=MEASURED_AT)))
    except (OSError, ValueError, PictureRefused):
        return None
