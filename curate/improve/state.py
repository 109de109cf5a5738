"""All that the page and the command show of a dataset's place in the loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from curate.improve.loop import Loop, Stage, open_tasks
from curate.improve.measurements import Measurements, minutes_left
from curate.improve.skips import skipped_steps
from curate.improve.steps import StepAdvice, structural
from curate.improve.words import why
from dataset.models import LabelClass
from science.evaluation.as_json import json_number
from science.guidance.advice import POINTS, Advice, StepSource, next_of, ranked
from science.guidance.power_law import Range

MINUTES = 30.0  # of people's time, unless told otherwise: half an hour is what the product promises to make worth it
BY_PEOPLE = "batch_open", "batch_done"
LINKS: dict[str, Callable[[int, int], str]] = {
    "evaluation": lambda dataset, pk: f"/evaluations/{pk}",
    "comparison": lambda dataset, pk: f"/comparisons/{pk}",
    "run": lambda dataset, pk: f"/runs/{pk}",
    "auto_curate": lambda dataset, pk: f"/curate/{dataset}/auto/{pk}",
    "batch": lambda dataset, pk: f"/batches/{pk}",
    "learning_curve": lambda dataset, pk: f"/datasets/{dataset}/improve?curve={pk}",
}


@dataclass(frozen=True, eq=False)
class ImproveState:
    """A loop with its advice."""

    loop: Loop
    minutes: float = MINUTES

    @cached_property
    def skipped(self) -> set[tuple[str, int | None]]:
        return skipped_steps(self.loop)

    @cached_property
    def classes(self) -> list[int]:
        """Class ids by index."""
        rows = LabelClass.objects.filter(dataset=self.loop.dataset).order_by("index")
        return list(rows.values_list("pk", flat=True))

    @cached_property
    def advice(self) -> list[Advice]:
        """All steps that stand to choose from, best first; none before there is a base that was judged."""
        base = self.loop.base
        if base is None or self.loop.evaluation is None:
            return []
        return ranked(StepAdvice(self.loop, self.minutes, Measurements(self.loop, base)).all())

    @cached_property
    def next(self) -> Advice | None:
        """What has begun, or has to come first, else the best that nobody skipped."""
        first = structural(self.loop, self.skipped)
        open_ = [one for one in self.advice if not self.is_skipped(one) and one.why != "curve_impossible"]
        return first or next_of([one for one in open_ if one.step != "validation"]) or next_of(open_)

    def is_skipped(self, one: Advice) -> bool:
        return (one.step, self.class_of(one)) in self.skipped

    def class_of(self, one: Advice) -> int | None:
        """The id of the class that a step is about."""
        return None if one.class_index is None else self.classes[one.class_index]

    def as_json(self) -> dict[str, Any]:
        following = self.next
        others = [one for one in self.advice if one is not following]
        return {
            "dataset": self.loop.dataset.pk,
            "minutes": self.minutes,
            "stage": self.loop.stage.value,
            "stages": stages_of(self.loop, self.skipped),
            "round": len(self.loop.steps),
            "base": base_of(self.loop),
            "batch": batch_of(self.loop),
            "proven": proven_of(self.loop),
            "next": self.step_json(following) if following else None,
            "others": [self.step_json(one) for one in others],
            "skipped": [{"step": step, "class_id": class_id} for step, class_id in sorted(self.skipped, key=str)],
        }

    def step_json(self, one: Advice) -> dict[str, Any]:
        dataset = self.loop.dataset.pk
        return {
            "step": one.step,
            "class_id": self.class_of(one),
            "gain": gain_json(one.gain),
            "at_most": json_number(one.at_most, 3) if one.at_most is not None else None,
            "people_minutes": json_number(one.people_minutes, 1),
            "machine_minutes": json_number(one.machine_minutes, 2) if one.machine_minutes is not None else None,
            "per_hour": json_number(one.per_hour, 3) if one.per_hour is not None else None,
            "per_people_hour": json_number(one.per_people_hour, 3) if one.per_people_hour is not None else None,
            "why_code": one.why,
            "why_params": dict(one.facts),
            "why": why(one),
            "needs": list(one.needs),
            "sources": [source_json(source, dataset) for source in one.sources],
            "by_people": one.why in BY_PEOPLE,
            "possible": one.why != "curve_impossible",
            "skipped": self.is_skipped(one),
        }


def gain_json(gain: Range | None) -> dict[str, Any] | None:
    """Points of mAP."""
    if gain is None:
        return None
    return {name: json_number(getattr(gain, name), 3) for name in ("value", "low", "high")}


def source_json(source: StepSource, dataset: int) -> dict[str, Any]:
    return {"kind": source.kind, "id": source.id, "link": LINKS[source.kind](dataset, source.id)}


def stages_of(loop: Loop, skipped: set[tuple[str, int | None]]) -> list[dict[str, Any]]:
    """Each stage of the round: done, current, waiting; or skipped, where somebody left it out."""
    order, now = list(Stage), list(Stage).index(loop.stage)
    return [
        {"stage": stage.value, "state": _stage_state(place, now, (stage.value, None) in skipped)}
        for place, stage in enumerate(order)
    ]


def _stage_state(place: int, now: int, is_skipped: bool) -> str:
    if place == now:
        return "current"
    return "done" if place < now else "skipped" if is_skipped else "waiting"


def base_of(loop: Loop) -> dict[str, Any] | None:
    """The training that the next step goes on from, with its figure."""
    if loop.base is None:
        return None
    judged = loop.evaluation
    interval = (judged.interval if judged else None) or {}
    return {
        "run": {"id": loop.base.pk, "name": loop.base.name},
        "evaluation": judged.pk if judged else None,
        "ap": (judged.figures or {}).get("AP") if judged else None,
        "low": interval.get("low"),
        "high": interval.get("high"),
        "smallest_shown": interval.get("smallest_shown"),
        "revision": loop.base.revision,
    }


def batch_of(loop: Loop) -> dict[str, Any] | None:
    """The work that waits for people."""
    if loop.batch is None:
        return None
    progress: Sequence[int] = list(loop.batch.progress.values())
    return {
        "id": loop.batch.pk,
        "name": loop.batch.name,
        "tasks": sum(progress),
        "open": open_tasks(loop.batch),
        "minutes": json_number(minutes_left(loop.batch), 1),
        "link": f"/batches/{loop.batch.pk}",
    }


def proven_of(loop: Loop) -> dict[str, Any] | None:
    """What the last step brought, in points of mAP."""
    row = loop.proven
    if row is None or row.finished_at is None:
        return None
    delta = (row.result or {})["delta"]["mAP"]
    before, base = loop.steps[-1]
    control = loop.control_for(base)
    return {
        "comparison": row.pk,
        "run": {"id": base.pk, "name": base.name},
        "against": {"id": (control or before or base).pk, "name": (control or before or base).name},
        "is_control": control is not None,
        "gain": {name: _points(delta[name]) for name in ("value", "low", "high")},
        "verdict": delta["verdict"],
    }


def _points(value: float | None) -> float | None:
    return None if value is None else json_number(POINTS * value, 3)
