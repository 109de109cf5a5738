"""What an exported form says of itself: all that somebody needs to feed it and to read its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

LETTERBOX, STRETCH = "letterbox", "stretch"
GRID, QUERIES, KEPT = "grid", "queries", "kept"
FITS = (LETTERBOX, STRETCH)
OUTPUTS = (GRID, QUERIES, KEPT)


class FormUnreadable(ValueError):
    """A file is no exported form, or not one that this runtime can use; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class FormFacts:
    """Facts of a form. In an ONNX file each is a `metadata_props` entry, in OpenVINO's an `rt_info`, as JSON text.

    The input is (batch, 3, height, width) float32, RGB, 0..1. `fit` says how a picture comes to be one:
    letterbox: longer side scaled to `imgsz` (linear), then grey (114) borders on both sides, alike, up to the next
    multiples of `stride`; stretch: scaled to `imgsz` x `imgsz`, whatever its shape.

    `output` says what comes out, float32:
    grid: (batch, 4 + classes, places), centre x, centre y, width, height in pixels of the input, then scores;
    queries: (batch, places, 4 + classes), the same as fractions of the input, 0..1, then scores;
    kept: (batch, boxes, 6), x1, y1, x2, y2 in pixels of the input, score, class.
    """

    class_names: tuple[str, ...]  # in the order of the class indices
    imgsz: int  # pixels
    stride: int = 32  # pixels
    fit: str = LETTERBOX
    output: str = GRID
    nms: bool = True  # whether boxes of one class that overlap more than `iou` are to be suppressed
    iou: float = 0.7
    precision: str = "f32"
    licence: str = ""
    architecture: str = ""
    checkpoint: str = ""  # SHA-256 of the checkpoint's file
    run: str = ""  # that trained it
    revision: int | None = None  # of the labels that it was trained on

    def __post_init__(self) -> None:
        if self.fit not in FITS or self.output not in OUTPUTS:
            raise FormUnreadable(f"The form is fitted by {self.fit!r} and answers {self.output!r}, which is not known.")


def texts_of_facts(facts: FormFacts) -> dict[str, str]:
    """Each fact as JSON text, by its name."""
    return {name: json.dumps(value, ensure_ascii=False) for name, value in asdict(facts).items()}


def facts_of_texts(texts: Mapping[str, str]) -> FormFacts:
    """The facts of JSON texts; entries of other names are passed over. Raises FormUnreadable."""
    try:
        return facts_of_values({f.name: json.loads(texts[f.name]) for f in fields(FormFacts) if f.name in texts})
    except json.JSONDecodeError as error:
        raise FormUnreadable("The form's facts are not written as Halfday writes them.") from error


def facts_of_values(values: Mapping[str, Any]) -> FormFacts:
    """The facts of plain values. Raises FormUnreadable where classes or size are not among them."""
    known = {f.name: values[f.name] for f in fields(FormFacts) if f.name in values}
    if not {"class_names", "imgsz"} <= known.keys():
        raise FormUnreadable("The file does not say its classes and its size. Export the checkpoint anew.")
    return FormFacts(**{**known, "class_names": tuple(known["class_names"])})
