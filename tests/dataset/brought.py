"""Folders as people bring them, written out in a line or two, and what an import reads in them.

No database is needed: the same readers, the same report as an import into an empty dataset.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dataset.importing.columns import Ignore
from dataset.importing.files import walk
from dataset.importing.inspection import Survey, report_of, survey
from dataset.importing.survey import LABELLED, NEGATIVE, label_states, names_of
from dataset.importing.types import NO_ANSWERS, Answers, Problems, Source
from science.shapes.packed import unpack
from science.shapes.shape_json import as_json
from tests.factories import jpeg

Boxes = dict[str, list[tuple[str, list[float]]]]
PICTURE = (200, 100)
TURNED = (*PICTURE, 6)  # its EXIF says that it lies on its side: 100 × 200 when looked at


@dataclass(frozen=True)
class Brought:
    """A folder and what it means.

    `files`: by path a picture (width, height and perhaps an EXIF orientation), a text, bytes, or content for a JSON
    file. `boxes`: by an image's key or its stem, class and xyxy pixels of the upright image. `states` None: images with
    boxes are labelled, the others negatives. `said`: kinds of problems and notes that must be said, `silent` must not.
    """

    what: str
    files: dict[str, Any]
    boxes: Boxes
    states: dict[str, int] = field(default_factory=dict)
    said: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    splits: dict[str, str] = field(default_factory=dict)
    classes: list[str] | None = None
    predictions: int = 0
    format: str = ""
    ignored: list[Ignore] | None = None
    asked: bool = False  # whether the form of its boxes has to be asked about
    attributes: list[dict[str, Any] | None] | None = None
    answers: Answers = NO_ANSWERS
    shapes: list[dict[str, Any]] | None = None  # as JSON, of the boxes that have some


def said(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


def write(root: Path, files: dict[str, Any]) -> Path:
    for number, (name, content) in enumerate(files.items()):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(content, number))
    return root


def as_bytes(content: Any, number: int) -> bytes:
    if isinstance(content, tuple):
        width, height, orientation = (*content, 1)[:3]
        return jpeg(width, height, (number * 37 % 256, 90, 60), orientation)
    if isinstance(content, dict | list):
        return json.dumps(content, ensure_ascii=False).encode()
    return content.encode() if isinstance(content, str) else content


def look(root: Path, **options: Any) -> tuple[Survey, dict[str, Any]]:
    problems = Problems()
    options = {"wanted": "auto", "annotations": None} | options
    found = survey(walk(root, problems), problems, lambda *_: None, **options)
    return found, report_of(found).as_json(problems)


def boxes_of(found: Survey, expected: Boxes) -> Boxes:
    """What was read, by the names that the expectation uses."""
    names, pixels = names_of(found.source), found.pixels
    called = [name_in(image.key, expected) for image in found.source.images]
    boxes: Boxes = {name: [] for name in called}
    for image, label, box in zip(pixels.image, pixels.classes, pixels.boxes.tolist(), strict=True):
        boxes[called[image]].append((names[label], pytest.approx(box, abs=0.02)))
    return boxes


def shapes_in(source: Source) -> list[dict[str, Any]]:
    """The shapes that were read, in the order of their boxes, as JSON."""
    return [as_json(unpack(packed)) for _, packed in sorted(source.shapes.items())]


def name_in(key: str, expected: Boxes) -> str:
    return key if key in expected else Path(key).stem


def check(case: Brought, root: Path) -> None:
    """Read the folder, and compare all that the case tells."""
    found, report = look(write(root, case.files), answers=case.answers)
    source = found.source
    kinds = {one["kind"] for one in (*report["kinds"], *report["notes"])}
    assert boxes_of(found, case.boxes) == case.boxes, kinds
    plain = {key: LABELLED if some else NEGATIVE for key, some in case.boxes.items()}
    states = label_states(source, found.pixels)
    called = [name_in(image.key, case.boxes) for image in source.images]
    assert dict(zip(called, states.tolist(), strict=True)) == plain | case.states
    assert kinds >= case.said
    assert not kinds & case.silent
    splits = {name: image.metadata.get("split") for name, image in zip(called, source.images, strict=True)}
    assert {name: split for name, split in splits.items() if split and case.splits} == case.splits
    assert case.classes is None or names_of(source) == case.classes
    assert (report["predictions"] or {"boxes": 0})["boxes"] == case.predictions
    assert source.format == case.format or not case.format
    assert case.ignored is None or found.pixels.ignore.tolist() == case.ignored
    assert bool(report["questions"]) == case.asked
    if case.shapes is not None:
        assert shapes_in(source) == case.shapes
    if case.attributes is not None:
        assert [source.boxes.values.of(int(code)) for code in found.pixels.attributes] == case.attributes
