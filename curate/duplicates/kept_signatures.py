"""Signatures that a dataset's newest search made, kept so that the next one signs only what is new.

An image's bytes never change, so its id is enough to know its signature by. About 12 KiB an image.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from curate.models import CopySearch
from dataset.models import Dataset
from science.duplicates.signatures import Signature, Signatures
from storage import blobs

MADE_BY = 1  # to be raised where other signatures are made of the same pictures
COLUMNS = ("small", "hashes", "start", "points", "words", "poses", "shape")

Ids = NDArray[np.int64]


class KeptSignatures:
    """Those that are kept, by image."""

    def __init__(self, image_ids: Ids, signatures: Signatures) -> None:
        self.places = {pk: place for place, pk in enumerate(image_ids.tolist())}
        self.signatures = signatures

    def of(self, image_id: int) -> Signature | None:
        place = self.places.get(image_id)
        return None if place is None else self.signatures.one(place)


def keep_signatures(image_ids: Ids, signatures: Signatures) -> str:
    """Store them; returns where."""
    columns = {name: getattr(signatures, name) for name in COLUMNS}
    with TemporaryDirectory(dir=blobs.work_folder()) as folder:
        path = Path(folder) / "signatures.npz"
        np.savez(path, made_by=MADE_BY, image_ids=image_ids, **columns)
        return blobs.put_file(path, suffix=".npz").key


def kept_signatures(dataset: Dataset) -> KeptSignatures | None:
    """Those of the newest search; None where there are none, or they are of another make."""
    location = CopySearch.objects.filter(dataset=dataset).values_list("signatures", flat=True).first()
    if not location or not blobs.exists(location):
        return None
    with blobs.open_blob(location) as file, np.load(file) as arrays:
        if int(arrays["made_by"]) != MADE_BY:
            return None
        return KeptSignatures(arrays["image_ids"], Signatures(**{name: arrays[name] for name in COLUMNS}))
