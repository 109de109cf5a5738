"""Sources by name: what a dataset's file names tell, kept as the images' sequence, and taken off again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import access
from accounts.models import Role, User
from dataset.models import Dataset
from dataset.services.sequences import LONGEST, store_sequences
from science.duplicates.names import NamedSources, sources_by_name

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SourcesOfImages:
    """What the names of all of a dataset's images tell, and what is known already."""

    image_ids: Ids  # (I,) rising
    sequence: list[str]  # (I,) as it is now
    named: NamedSources  # of (I,) images

    def taken_up(self, place: int) -> bool:
        """Whether an image's sequence is the source that its name tells of."""
        return bool(self.named.source[place]) and self.sequence[place] == kept_name(self.named.source[place])

    def to_keep(self, image_ids: Ids | None = None) -> dict[int, str]:
        """The sequences that keeping would give: only images that have none get one."""
        return {
            int(pk): kept_name(self.named.source[place])
            for place, pk in self._among(image_ids)
            if self.named.source[place] and not self.sequence[place]
        }

    def to_forget(self, image_ids: Ids | None = None) -> dict[int, str]:
        """No sequence for those that have the one that their name tells of."""
        return {int(pk): "" for place, pk in self._among(image_ids) if self.taken_up(place)}

    def _among(self, image_ids: Ids | None) -> list[tuple[int, int]]:
        wanted = np.ones(len(self.image_ids), bool) if image_ids is None else np.isin(self.image_ids, image_ids)
        return [(int(place), int(self.image_ids[place])) for place in np.flatnonzero(wanted)]

    def as_json(self, image_ids: Ids | None = None) -> dict[str, Any]:
        """What a person is shown before a split."""
        places = [place for place, _ in self._among(image_ids)]
        sources = [self.named.source[place] for place in places if self.named.source[place]]
        return {
            "images": len(places),
            "named": len(sources),
            "sources": len(set(sources)),
            "kept": sum(self.taken_up(place) for place in places),
            "to_keep": len(self.to_keep(image_ids)),
            "with_sequence": sum(bool(self.sequence[place]) for place in places),
            "found": [
                {
                    "naming": one.naming.value,
                    "images": one.images,
                    "sources": one.sources,
                    "largest": one.largest,
                    "example": one.example,
                    "example_names": one.example_names,
                }
                for one in self.named.found
            ],
        }


def kept_name(source: str) -> str:
    """The source as a sequence: its end, where it is too long, since that is where names differ."""
    return source[-LONGEST:]


def sources_of(dataset: Dataset) -> SourcesOfImages:
    """Read from the names of all images, whichever are asked about: a way of naming holds for a whole dataset."""
    rows = list(dataset.images.order_by("pk").values_list("pk", "key", "sequence"))
    classes = list(dataset.classes.values_list("name", flat=True))
    named = sources_by_name([key for _, key, _ in rows], classes)
    return SourcesOfImages(np.array([pk for pk, _, _ in rows], np.int64), [sequence for _, _, sequence in rows], named)


def keep_sources(*, dataset: Dataset, image_ids: Ids | None, by: User) -> int:
    """Make what the names tell the sequence of images that have none; returns how many. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    return store_sources(dataset, image_ids, author=by)


def store_sources(dataset: Dataset, image_ids: Ids | None, *, author: User | None) -> int:
    """As `keep_sources`, for what asks no more."""
    given = sources_of(dataset).to_keep(image_ids)
    before = store_sequences(dataset=dataset, sequences=given, author=author, what="by name") if given else {}
    return sum(map(len, before.values()))


def forget_sources(*, dataset: Dataset, image_ids: Ids | None, by: User) -> int:
    """Undo `keep_sources`: who has the sequence that its name tells of has none then. Managers and above."""
    access.check(by, dataset.project_id, Role.MANAGER)
    given = sources_of(dataset).to_forget(image_ids)
    before = store_sequences(dataset=dataset, sequences=given, author=by, what="not by name") if given else {}
    return sum(map(len, before.values()))
