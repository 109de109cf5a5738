"""Where the time of an iteration went: from first to last, machines and people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

STAGES = ("baseline", "diagnosis", "search", "correction", "training", "proof")


@dataclass(frozen=True)
class Spell:
    """Some work: its stage, when it began and ended, and for how many seconds a machine or a person was at it."""

    stage: str
    began: datetime | None
    ended: datetime | None
    machine: float = 0.0
    human: float = 0.0


def of_machine(stage: str, began: datetime | None, ended: datetime | None) -> Spell:
    """A job, which is at work from its beginning to its end."""
    return Spell(stage, began, ended, machine=_between(began, ended))


def stage_times(spells: Iterable[Spell]) -> dict[str, Any]:
    """By stage and in all. Wall-clock time is from the first beginning to the last end, pauses included."""
    listed = list(spells)
    stages = [(name, [one for one in listed if one.stage == name]) for name in STAGES]
    return {
        **_sums(listed),
        "stages": [{"stage": name, **_sums(found)} for name, found in stages if found],
    }


def _sums(spells: Sequence[Spell]) -> dict[str, Any]:
    began = min((one.began for one in spells if one.began), default=None)
    ended = max((one.ended for one in spells if one.ended), default=None)
    return {
        "started_at": began,
        "finished_at": ended,
        "wall_seconds": round(_between(began, ended), 1),
        "machine_seconds": round(sum(one.machine for one in spells), 1),
        "human_seconds": round(sum(one.human for one in spells), 1),
    }


def _between(began: datetime | None, ended: datetime | None) -> float:
    return max(0.0, (ended - began).total_seconds()) if began and ended else 0.0
