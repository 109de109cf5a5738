"""The report of `./halfday evaluate … --report`: that of an evaluation, made from the files alone."""

from __future__ import annotations

from datetime import UTC, datetime
from getpass import getuser
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from commandline.coco_files import Case
from curate.reports.document.content import ClassName, EvaluationContent, Made, ReportSide
from curate.reports.document.evaluation import evaluation_report
from curate.reports.document.words import words
from dataset.colours import colour_of
from science.coco.files import BadFile
from science.evaluation import EVALUATOR, charts
from science.evaluation.arrays import FLOOR, Ground, Predicted, Units
from science.evaluation.as_json import Scored, evaluation_columns, intervals
from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import bootstrap
from science.evaluation.confidence import confidence_curves
from science.evaluation.judged import JudgedEvaluation
from science.evaluation.matching import Matches
from science.evaluation.size_parts import size_parts
from science.shapes.kinds import IouType

IOU = 0.5


def write_report(case: Case, matches: Matches, files: tuple[Path, Path], target: Path, language: str) -> None:
    """Write the file; needs neither a server nor a database. Raises BadFile where it cannot be written."""
    html = evaluation_report(_content(case, matches, files, language))
    try:
        target.write_text(html, encoding="utf-8")
    except OSError as error:
        raise BadFile(f"{target} cannot be written: {error.strerror}.") from error


def evaluator_of(case: Case) -> str:
    """The evaluator, and what it compared where that is not boxes."""
    compared = case.coco.iou_type
    return EVALUATOR if compared is IouType.BBOX else f"{EVALUATOR} ({compared})"


def _content(case: Case, matches: Matches, files: tuple[Path, Path], language: str) -> EvaluationContent:
    arrays, curves = _judged(case, matches), confidence_curves(matches, IOU)
    conf = max(curves.best, FLOOR)
    rows = arrays.verdicts(iou=IOU, confidence=conf)
    scored = evaluation_columns(Scored(arrays.ground, accumulate(matches), curves, rows, conf))
    drawn = intervals(scored["per_class"], bootstrap(matches, groups=case.coco.groups), arrays.units.kind)
    now = datetime.now(UTC)
    judged = {"id": None, "name": files[1].name, "kind": "imported", "checkpoint": None, "run": None}
    named: dict[str, Any] = {
        "id": None, "name": files[1].name, "prediction_set": judged, "revision": None, "slices": [], "iou": IOU,
        "conf": conf, "evaluator": evaluator_of(case), "on_training_images": 0, "created_at": now,
    }  # fmt: skip
    hashes = [(path.name, sha256(path.read_bytes()).hexdigest()) for path in files]
    return EvaluationContent(
        made=Made(words(language), files[0].name, _classes(case), getuser(), now, ""),
        side=ReportSide(named | scored | drawn, "", "", files=hashes),
        at=charts.at_point(arrays, confidence=conf, iou=IOU),
        over=charts.over_confidence(arrays, iou=IOU),
        budget=charts.error_budget_chart(arrays, iou=IOU),
        sizes=size_parts(arrays, arrays.tally(iou=IOU, confidence=conf), None),
        parts=[],
        weak=None,
        pictures=[],
        without_pictures=True,
    )


def _judged(case: Case, matches: Matches) -> JudgedEvaluation:
    """The files as an evaluation of the platform has them: images, classes and predictions by their places."""
    images, found = case.truth.images, case.detections
    ground = Ground(np.arange(images), np.arange(case.classes), list(case.coco.category_names))
    row_ids = np.where(found.scores >= FLOOR, np.arange(len(found)), -1)
    groups = case.coco.groups
    drawn_by = Units(np.arange(images), "image") if groups is None else Units(groups, "sequence")
    return JudgedEvaluation(ground, case.truth, Predicted(found, row_ids), matches, drawn_by)


def _classes(case: Case) -> list[ClassName]:
    return [ClassName(place, str(name), colour_of(place)) for place, name in enumerate(case.coco.category_names)]
