"""The report of `./halfday evaluate … --report`: that of an evaluation, made from the files alone."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from getpass import getuser
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from commandline.coco_files import Case
from curate.diagnosis.average_precision import accumulate
from curate.diagnosis.bootstrap import bootstrap
from curate.diagnosis.coco_files import BadFile
from curate.diagnosis.confidence import confidence_curves
from curate.diagnosis.matching import Matches
from curate.reports.content import ClassName, EvaluationContent, Made, Side
from curate.reports.evaluation import evaluation_report
from curate.reports.words import words

if TYPE_CHECKING:
    from curate.selectors.judged import Judged

IOU = 0.5


def write_report(case: Case, matches: Matches, files: tuple[Path, Path], target: Path, language: str) -> None:
    """Write the file. The charts are the page's; those need Django's models, and neither a server nor a database."""
    os.environ.setdefault("SECRET_KEY", "unused")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.apps import apps

    if not apps.ready:  # a second time it would only take logging over
        django.setup()
    html = evaluation_report(_content(case, matches, files, language))
    try:
        target.write_text(html, encoding="utf-8")
    except OSError as error:
        raise BadFile(f"{target} cannot be written: {error.strerror}.") from error


def _content(case: Case, matches: Matches, files: tuple[Path, Path], language: str) -> EvaluationContent:
    from curate.models import Evaluation
    from curate.selectors import evaluation_charts as charts
    from curate.selectors import evaluation_parts as parts
    from curate.selectors.judged import FLOOR
    from curate.services.evaluation_json import Scored, described, intervals

    arrays, curves = _judged(case, matches, files[0].name), confidence_curves(matches, IOU)
    conf = max(curves.best, FLOOR)
    rows = arrays.verdicts(iou=IOU, confidence=conf)
    scored = described(Scored(arrays.ground, accumulate(matches), curves, rows, conf))
    drawn = intervals(scored["per_class"], bootstrap(matches, groups=case.coco.groups), arrays.units.kind)
    now = datetime.now(UTC)
    judged = {"id": None, "name": files[1].name, "kind": "imported", "checkpoint": None, "run": None}
    named: dict[str, Any] = {
        "id": None, "name": files[1].name, "prediction_set": judged, "revision": None, "slices": [], "iou": IOU,
        "conf": conf, "evaluator": Evaluation.EVALUATOR, "on_training_images": 0, "created_at": now,
    }  # fmt: skip
    hashes = [(path.name, sha256(path.read_bytes()).hexdigest()) for path in files]
    return EvaluationContent(
        made=Made(words(language), files[0].name, _classes(case), getuser(), now, ""),
        side=Side(named | scored | drawn, "", "", files=hashes),
        at=charts.at_point(arrays, confidence=conf, iou=IOU),
        over=charts.over_confidence(arrays, iou=IOU),
        budget=charts.budget(arrays, iou=IOU),
        sizes=parts.parts(arrays, Evaluation(), parts.SIZE, confidence=conf, iou=IOU),
        parts=[],
        weak=None,
        pictures=[],
        without_pictures=True,
    )


def _judged(case: Case, matches: Matches, name: str) -> Judged:
    """The files as an evaluation of the platform has them: images, classes and predictions by their places."""
    from curate.selectors.arrays import Ground, Predicted, Units
    from curate.selectors.judged import FLOOR, Judged
    from dataset.models import Dataset

    images, found = case.truth.images, case.detections
    ground = Ground(Dataset(name=name), np.arange(images), np.arange(case.classes), list(case.coco.category_names))
    row_ids = np.where(found.scores >= FLOOR, np.arange(len(found)), -1)
    groups = case.coco.groups
    drawn_by = Units(np.arange(images), "image") if groups is None else Units(groups, "sequence")
    return Judged(ground, case.truth, Predicted(found, row_ids), matches, drawn_by)


def _classes(case: Case) -> list[ClassName]:
    from dataset.colours import colour_of

    return [ClassName(place, str(name), colour_of(place)) for place, name in enumerate(case.coco.category_names)]
