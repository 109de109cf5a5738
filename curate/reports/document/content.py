"""What a report is made of: the API's answers, names, and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from curate.reports.document.words import Words

Json = dict[str, Any]


@dataclass(frozen=True)
class ClassName:
    """A class as it is called, and its colour as #rrggbb."""

    id: int
    name: str
    colour: str


@dataclass(frozen=True)
class CropBox:
    """A box on a crop, xyxy pixels of the image.

    `tone`: tp, fp, fn or other; `main`: the crop is about it; `ignored`: neither object nor background lies there.
    """

    box: tuple[float, float, float, float]
    is_label: bool
    tone: str
    main: bool = False
    ignored: bool = False


@dataclass(frozen=True)
class Crop:
    """A part of an image with boxes on it."""

    jpeg: bytes
    region: tuple[int, int, int, int]  # xyxy whole pixels of the image
    boxes: Sequence[CropBox]
    title: str
    detail: str
    key: str  # of the image


@dataclass(frozen=True)
class Group:
    """Crops of one kind: `kind` names its heading, `of` how many there are in all."""

    kind: str
    crops: Sequence[Crop]
    of: int


@dataclass(frozen=True)
class ReportSide:
    """An evaluation with what is needed to find its inputs again; `described` is as the API gives it."""

    described: Json
    manifest_hash: str
    by: str
    files: Sequence[tuple[str, str]] = ()  # names and SHA-256 of files, where it was made from these
    narrowed_to: int | None = None  # the slice, where only its images of the prediction set were judged


@dataclass(frozen=True)
class Made:
    """When, where and for whom the report was made."""

    words: Words
    dataset: str
    classes: Sequence[ClassName]
    by: str
    at: datetime
    api: str  # the address below which the API answers, with / at its end

    def class_name(self, class_id: int | None) -> str:
        return next((one.name for one in self.classes if one.id == class_id), f"#{class_id}")

    def colour(self, class_id: int | None) -> str:
        return next((one.colour for one in self.classes if one.id == class_id), "#8f8f8b")


@dataclass(frozen=True)
class EvaluationContent:
    """All that the report of an evaluation shows."""

    made: Made
    side: ReportSide
    at: Json  # evaluations/{id}/at
    over: Json  # evaluations/{id}/over-confidence
    budget: Json  # evaluations/{id}/error-budget
    sizes: Sequence[Json]  # evaluations/{id}/parts?by=size
    parts: Sequence[tuple[str, Sequence[Json]]]  # the fields that matter most, and their parts
    weak: Sequence[Json] | None  # None: not looked for
    pictures: Sequence[Group]
    resamples: int = 0  # of the intervals of parts
    without_pictures: bool = False


@dataclass(frozen=True)
class ComparisonContent:
    """All that the report of a comparison shows."""

    made: Made
    described: Json  # comparisons/{id}
    a: ReportSide
    b: ReportSide
    over: tuple[Json, Json] | None  # over-confidence of both on the common images and the same labels
    pictures: Sequence[Group]
    without_pictures: bool = False
