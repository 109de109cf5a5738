"""The process that answers for one deployed form: `python -m model.serving.child FILE PARENT`.

The first request names the form; from then on pictures come through the shared file, and boxes go back as JSON. What
a picture or a form does to a process happens here, and costs the request that it came with.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from children import Line, one_sentence
from children.answering import answer_requests
from children.shared_bytes import take
from model.serving.detector import FormDetector, FoundBoxes, open_form
from model.serving.pictures import pixels_of_picture
from storage.refusals import PictureRefused

DIGITS = 2  # of a pixel
SCORE_DIGITS = 5


class Answering:
    """Opens the form once, then answers."""

    def __init__(self, file: int) -> None:
        self.file = file
        self.detector: FormDetector | None = None

    def __call__(self, request: Line) -> Line:
        if "form" in request:
            self.detector = open_form(Path(request["form"]), threads=request["threads"])
            return {"classes": list(self.detector.facts.class_names)}
        assert self.detector is not None
        taken = [pixels_or_reason(data, request["most_pixels"]) for data in take(self.file, request["lengths"])]
        pictures = [one for one in taken if not isinstance(one, str)]
        wanted = {name: request[name] for name in ("floor", "iou", "most", "zooms")}
        found = iter(self.detector.detect(pictures, **wanted))
        return {"images": [{"refused": one} if isinstance(one, str) else answer_of(one, next(found)) for one in taken]}


def pixels_or_reason(data: bytes, most_pixels: int) -> Any:
    """The pixels, or in words why there are none; the libraries that decode raise what they like."""
    try:
        return pixels_of_picture(data, most_pixels)
    except PictureRefused as refused:
        return str(refused)
    except Exception as error:
        return f"it cannot be decoded: {one_sentence(error)}"


def answer_of(pixels: Any, found: FoundBoxes) -> Line:
    """Size in pixels, and the boxes (xyxy pixels) by falling score."""
    height, width = pixels.shape[:2]
    return {
        "width": width,
        "height": height,
        "boxes": [[round(side, DIGITS) for side in box] for box in found.boxes.astype(float).tolist()],
        "scores": [round(score, SCORE_DIGITS) for score in found.scores.astype(float).tolist()],
        "classes": found.classes.tolist(),
    }


def main() -> None:
    answer_requests(Answering(int(sys.argv[1])))


if __name__ == "__main__":
    main()
