"""What an import of a folder would bring, found out without a database: the same readers, the same report."""

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dataset.importing import asking
from dataset.importing.archives import unpack
from dataset.importing.boxes import PixelBoxes, as_pixels
from dataset.importing.copies import tell_of_exact_copies
from dataset.importing.detect import read_source
from dataset.importing.files import Tree, only_folder, walk
from dataset.importing.intake import LOOKING, Taken, take_images
from dataset.importing.survey import class_counts, label_states, state_counts, tell_if_labels_only, tell_of_images
from dataset.importing.types import (
    NO_ANSWERS,
    Answers,
    ImportReport,
    LabelStateCounts,
    PredictionCounts,
    Problems,
    Question,
    Source,
)
from jobs.sentences import Sentence

Progress = Callable[[float, Sentence], None]


class CannotInspect(Exception):
    """The path cannot be looked into; the sentence says why."""


def inspect(
    path: Path,
    progress: Progress,
    *,
    wanted: str = "auto",
    annotations: str | None = None,
    answers: Answers = NO_ANSWERS,
) -> dict[str, Any]:
    """The report of an import of a folder or a zip archive into an empty dataset. Raises CannotInspect."""
    problems = Problems()
    if path.is_dir():
        tree = walk(path, problems)
        return report_on(tree, problems, progress, wanted=wanted, annotations=annotations, answers=answers)
    if not path.exists():
        raise CannotInspect(f"There is no folder {path}.")
    if not zipfile.is_zipfile(path):
        raise CannotInspect(f"{path} is neither a folder nor a zip archive.")
    with tempfile.TemporaryDirectory(prefix="halfday-inspect-") as folder:
        unpack(path, Path(folder), problems, progress)
        tree = walk(only_folder(Path(folder)), problems)
        return report_on(tree, problems, progress, wanted=wanted, annotations=annotations, answers=answers)


@dataclass(frozen=True, eq=False)
class Survey:
    """What an import would take."""

    source: Source
    taken: list[Taken]  # images that can be taken, in the source's order
    pixels: PixelBoxes  # their boxes; places in `source.images` and `source.class_names`
    questions: list[Question]
    states: LabelStateCounts


def report_on(
    tree: Tree, problems: Problems, progress: Progress, *, wanted: str, annotations: str | None, answers: Answers
) -> dict[str, Any]:
    found = survey(tree, problems, progress, wanted=wanted, annotations=annotations, answers=answers)
    return report_of(found).as_json(problems)


def survey(
    tree: Tree,
    problems: Problems,
    progress: Progress,
    *,
    wanted: str,
    annotations: str | None,
    answers: Answers = NO_ANSWERS,
) -> Survey:
    """Read the labels and look at each image; `answers` as an import takes them.

    Raises CannotInspect where there is nothing to read.
    """
    if annotations and annotations not in tree.others:
        raise CannotInspect(f"{annotations} is not a label file in {tree.root}.")
    if not tree.images and not tree.others:
        raise CannotInspect(f"There are no images or label files in {tree.root}.")
    progress(0.1, Sentence.of("reading_labels", "Reading labels"))
    source = read_source(tree, problems, wanted=wanted, annotations=annotations, known_classes=[], answers=answers)
    total = len(source.images)

    def count(done: int) -> None:
        doing = Sentence.of("looking_at_images", "Looking at images: {done} of {total}", done=done, total=total)
        progress(0.1 + 0.9 * done / max(total, 1), doing)

    taken = take_images(source.images, {}, problems, intake=LOOKING, report=count)
    tell_of_exact_copies(taken, {}, problems)
    sizes = {one.source.key: (one.width, one.height) for one in taken}
    size_of = np.array([sizes.get(image.key, (0, 0)) for image in source.images], dtype=np.int64).reshape(-1, 2)
    asked = asking.settle(source, size_of, answers)
    pixels = as_pixels(source, size_of)
    states = label_states(source, pixels)
    tell_of_images(source, size_of, states)
    tell_if_labels_only(source)
    return Survey(source, taken, pixels, asked, state_counts(states, size_of))


def report_of(found: Survey) -> ImportReport:
    """The counts of an import into an empty dataset."""
    source, pixels = found.source, found.pixels
    report = ImportReport(source.format, dry_run=True)
    report.images.found, report.images.added = source.images_found, len(found.taken)
    report.images.skipped = source.images_found - len(found.taken)
    usable = {one.source.key for one in found.taken}
    lost = sum(image.boxes or 0 for image in source.images if image.key not in usable)
    report.boxes.found, report.boxes.added = source.boxes_found, len(pixels.image)
    report.boxes.clipped, report.boxes.skipped = pixels.clipped, source.boxes_skipped + lost + pixels.skipped
    report.label_states = found.states
    report.classes, report.questions = class_counts(source, pixels), found.questions
    if len(source.predictions):
        files = len(set(source.predictions.view("file").tolist()))
        report.predictions = PredictionCounts(files, len(source.predictions))
    return report
