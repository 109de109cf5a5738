"""What an iteration brought: over its control, over the run before, over the first of the line, over seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from curate.evaluations.reads import states
from curate.history.run_steps import Pair, Worth, worth_of
from curate.ledger.iterations import Iteration
from curate.models import Comparison, Evaluation
from model.models import Run
from science.evaluation.seeds import mean_of

OVER = ("control", "before", "root")


def pairs_of(iteration: Iteration) -> dict[str, Pair]:
    """The pairs of runs to be set against each other, the earlier first, by what the gain is over."""
    others = {"control": next(iter(iteration.controls), None), "before": iteration.before, "root": iteration.root}
    if iteration.root == iteration.before:
        del others["root"]
    return {name: (one.pk, iteration.run.pk) for name, one in others.items() if one is not None}


def described_gains(iteration: Iteration) -> dict[str, Any]:
    """By what each is over; None where there is nothing that it could be over."""
    pairs = pairs_of(iteration)
    worth = worth_of(list(pairs.values()))
    state = states(one.comparison for one in worth.values() if one.comparison)
    runs = {run.pk: run for run in (iteration.run, iteration.before, iteration.root, *iteration.controls) if run}
    return {
        name: described_gain(worth[pairs[name]], runs[pairs[name][0]], state) if name in pairs else None
        for name in OVER
    }


def described_gain(worth: Worth, over: Run, state: Mapping[int, str]) -> dict[str, Any]:
    """The comparison, or the pair of evaluations that could be compared."""
    made = worth.comparison
    result = (made.result or {}) if made else {}
    delta = result.get("delta") or {}
    return {
        "over": {"id": over.pk, "name": over.name},
        "comparison": made.pk if made else None,
        "state": state[made.pk] if made else None,
        "pair": {"a": worth.pair[0], "b": worth.pair[1]} if worth.pair else None,
        **{name: result.get(name) for name in ("same_labels", "images", "groups", "units", "smallest_detectable")},
        "mAP": delta.get("mAP"),
        "mAP50": delta.get("mAP50"),
        "table": result.get("table"),
    }


def gain_over_seeds(iteration: Iteration, judged: Mapping[int, Evaluation]) -> dict[str, Any] | None:
    """The mean difference to the control over seeds in mAP (0 to 1), where two seeds or more have both."""
    differences = dict(_differences(iteration, judged))
    if len(differences) < 2:
        return None
    return {"seeds": sorted(differences), **asdict(mean_of(list(differences.values())))}


def _differences(iteration: Iteration, judged: Mapping[int, Evaluation]) -> Iterator[tuple[int, float]]:
    """By seed: mAP of the run or its repeat less that of the control with the same seed, on the same labels."""
    controls = {one.seed: one for one in reversed(iteration.controls)}
    for run in (iteration.run, *iteration.repeats):
        both = [judged.get(one.pk) for one in (controls.get(run.seed), run) if one]
        known = [one.figures["AP"] for one in both if one and one.figures and one.figures["AP"] is not None]
        if len(known) == 2 and len({one.manifest_id for one in both if one}) == 1:
            yield run.seed, known[1] - known[0]


def comparison_jobs(gains: Sequence[dict[str, Any] | None]) -> list[int]:
    """The jobs that computed the comparisons."""
    ids = [gain["comparison"] for gain in gains if gain and gain["comparison"]]
    jobs = Comparison.objects.filter(pk__in=ids).values_list("job_id", flat=True)
    return [job for job in jobs if job is not None]
