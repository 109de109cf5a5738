"""What a gate's job does: predict with both checkpoints, match, draw, store."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.utils import timezone

from curate.evaluations.arrays import detections, ground_of, ground_truth, resampling_units
from dataset.models import Manifest, PredictionSet
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.gate.predicting import predicted_by
from model.models import Checkpoint, GateResult
from model.selectors.lineage import shared_images, training_image_ids
from science.evaluation.arrays import Ground
from science.evaluation.gate import GateSides, GateVerdict, judge_rules
from science.evaluation.gate_answer import gate_answer, named_rules
from science.evaluation.gate_rules import read_gate
from science.evaluation.matching import Matches, match

STORED = ["candidate_set", "incumbent_set", "verdict", "verdicts", "leaked", "finished_at"]
LEAKED = (
    "{images} of the images that it is judged on were among those that {name} was trained on, so these figures show "
    "nothing about new images: nothing is passed by them."
)

JUDGING = Sentence.of("judging_rules", "Judging the rules")


def judge(result: GateResult, report: Report) -> dict[str, Any]:
    """Judge and store; returns the verdict. Safe to run twice."""
    ids = result.manifest.image_ids
    ground = ground_of(result.dataset, ids)
    result.incumbent_set = predicted_by(result.incumbent, result.manifest, report, (0.0, 0.4), author=result.created_by)
    result.candidate_set = predicted_by(result.candidate, result.manifest, report, (0.4, 0.8), author=result.created_by)
    sides = GateSides(
        matches_of(result.incumbent_set, ground, result.revision),
        matches_of(result.candidate_set, ground, result.revision),
        resampling_units(ground.image_ids).groups,
    )
    scenarios = {name: np.isin(ground.image_ids, meant) for name, meant in result.scenario_images.items()}
    rules = named_rules(read_gate(result.document), ground.class_names, scenarios)
    judged = judge_rules(sides, [one.rule for one in rules], lambda share: report(0.8 + 0.2 * share, JUDGING))
    store(result, gate_answer(rules, judged))
    return {"gate_result": result.pk, "verdict": result.verdict}


def store(result: GateResult, answer: dict[str, Any]) -> None:
    """What a candidate shows on images that it was trained on is not shown."""
    result.leaked = seen_by(result.candidate, result.manifest)
    seen_before = seen_by(result.incumbent, result.manifest)
    passed = answer["verdict"] == GateVerdict.PASSED
    result.verdict = GateVerdict.NOT_SHOWN.value if passed and result.leaked else answer["verdict"]
    counted = [(result.leaked, result.candidate), (seen_before, result.incumbent)]
    notes = [LEAKED.format(images=images, name=one.name) for images, one in counted if images]
    result.verdicts = {"rules": answer["rules"], "notes": notes}
    result.finished_at = timezone.now()
    result.save(update_fields=STORED)


def seen_by(checkpoint: Checkpoint, manifest: Manifest) -> int:
    return shared_images(judged=manifest.image_ids, trained=sorted(training_image_ids(checkpoint)))


def matches_of(predicted: PredictionSet, ground: Ground, revision: int) -> Matches:
    truth = ground_truth(predicted.dataset, ground, revision)
    return match(truth, detections(ground, predicted), classes=len(ground.class_ids))
