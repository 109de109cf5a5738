"""What a step from one run to the next was worth: the comparison that says so, or the two evaluations that would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Subquery

from curate.history.reads import image_sets
from curate.models import Comparison, Evaluation
from model.models import Checkpoint
from model.selectors.lineage import run_of_checkpoint

Pair = tuple[int, int]  # the ids of two runs, the earlier first


@dataclass(frozen=True)
class JudgedRun:
    """A finished evaluation of a run, as far as choosing one needs it."""

    id: int
    manifest: int
    images: str  # equal where the images are
    trained: bool  # whether the weights have seen some of the images


@dataclass(frozen=True)
class Worth:
    """`comparison` where the step was measured; else `pair`, what could be compared, where there is anything."""

    comparison: Comparison | None = None
    pair: Pair | None = None  # the ids of two evaluations on the same images, the earlier run's first


def worth_of(pairs: Sequence[Pair]) -> dict[Pair, Worth]:
    """Of each step from one run to another; three queries in all."""
    judged = judged_by_run({run for pair in pairs for run in pair})
    made = comparisons_between([one.id for rows in judged.values() for one in rows])
    return {(a, b): _worth(judged[a], judged[b], made) for a, b in pairs}


def judged_by_run(run_ids: Iterable[int]) -> dict[int, list[JudgedRun]]:
    """The finished evaluations of each run's checkpoints, newest first; an empty list for others."""
    of_runs = Checkpoint.objects.filter(run__in=set(run_ids)).values("pk")
    rows = Evaluation.objects.filter(of=None, prediction_set__checkpoint_id__in=of_runs, finished_at__isnull=False)
    rows = rows.annotate(run=Subquery(run_of_checkpoint("prediction_set__checkpoint_id"))).order_by("-pk")
    listed = list(rows.values_list("run", "pk", "manifest_id", "on_training_images"))
    images = image_sets(manifest for _, _, manifest, _ in listed)
    found: dict[int, list[JudgedRun]] = defaultdict(list)
    for run, pk, manifest, trained in listed:
        found[run].append(JudgedRun(pk, manifest, images[manifest], trained > 0))
    return found


def comparisons_between(evaluation_ids: Sequence[int]) -> dict[Pair, Comparison]:
    """All that were asked for among these evaluations, by the ids of their two."""
    rows = Comparison.objects.filter(Q(a__in=evaluation_ids) & Q(b__in=evaluation_ids))
    return {(row.a_id, row.b_id): row for row in rows}


def _worth(earlier: list[JudgedRun], later: list[JudgedRun], made: dict[Pair, Comparison]) -> Worth:
    """The best of the comparisons that there are, and the best pair."""
    both = sorted(((a, b) for a in earlier for b in later), key=_rank)
    compared = [made[a.id, b.id] for a, b in both if (a.id, b.id) in made]
    finished = [one for one in compared if one.finished_at is not None]
    best = next(iter([*finished, *compared]), None)
    pair = next(((a.id, b.id) for a, b in both if a.images == b.images), None)
    return Worth(best, None if best in finished and best is not None else pair)


def _rank(pair: tuple[JudgedRun, JudgedRun]) -> tuple[bool, bool, bool, int, int]:
    """Images that neither has seen come first, then the same labels, the same images, and the newest."""
    a, b = pair
    return (a.trained or b.trained, a.manifest != b.manifest, a.images != b.images, -b.id, -a.id)


def worth_json(one: Worth, states: Mapping[int, str]) -> dict[str, Any]:
    """As the API gives it; `states` are those of comparisons, by id."""
    comparison, pair = one.comparison, one.pair
    return {
        "comparison": comparison_json(comparison, states[comparison.pk]) if comparison else None,
        "pair": {"a": pair[0], "b": pair[1]} if pair else None,
    }


def comparison_json(row: Comparison, state: str) -> dict[str, Any]:
    result = row.result or {}
    return {
        "id": row.pk,
        "state": state,
        "same_labels": result.get("same_labels"),
        "images": result.get("images"),
        "delta": result.get("delta", {}).get("mAP"),
    }
