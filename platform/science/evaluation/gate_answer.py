"""A gate's rules taken to the classes and images at hand, and what came of them as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.evaluation.as_json import json_number
from science.evaluation.gate import GateRule, RuleResult, finds_nothing, verdict_of_all
from science.evaluation.gate_rules import BadRules, Faults, WrittenGate, WrittenRule

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class NamedRule:
    """A rule to be judged, and the names by which it is told."""

    written: WrittenRule
    class_name: str | None
    rule: GateRule

    @property
    def title(self) -> str:
        """`mAP50 of rider on night`, for people and for CI."""
        of_class = f" of {self.class_name}" if self.class_name else ""
        on = f" on {self.written.scenario}" if self.written.scenario else ""
        figure = "AP" if self.class_name and self.written.figure == "mAP" else self.written.figure
        return f"{figure}{of_class}{on}"


def named_rules(gate: WrittenGate, class_names: Sequence[str], scenarios: Mapping[str, Bools]) -> list[NamedRule]:
    """Each rule with its class's place and its images (I,); one about every class becomes one for each.

    Raises BadRules where a class is not there, or no image is meant.
    """
    faults: Faults = {}
    for name, images in scenarios.items():
        if not images.any():
            faults[f"scenarios.{name}"] = "It means none of the images that are judged."
    found = []
    for number, written in enumerate(gate.rules):
        of_scenario = scenarios[written.scenario] if written.scenario else None
        if written.class_name is not None and written.class_name not in class_names:
            there = ", ".join(class_names)
            faults[f"rules.{number}.class"] = f"There is no class {written.class_name!r}. There are: {there}."
            continue
        for of_class in [*class_names] if written.every_class else [written.class_name]:
            place = None if of_class is None else class_names.index(of_class)
            found.append(NamedRule(written, of_class, GateRule(written.figure, written.drop, place, of_scenario)))
    if faults:
        raise BadRules(faults)
    return found


def gate_answer(rules: Sequence[NamedRule], results: Sequence[RuleResult]) -> dict[str, Any]:
    """The gate's verdict and each rule's; differences are in average precision, 0 to 1, drops in points."""
    rows = [rule_row(rule, result) for rule, result in zip(rules, results, strict=True)]
    return {"verdict": verdict_of_all([result.verdict for result in results]).value, "rules": rows}


def rule_row(named: NamedRule, result: RuleResult) -> dict[str, Any]:
    found = result.difference
    return {
        "title": named.title,
        "figure": named.rule.figure,
        "class": named.class_name,
        "scenario": named.written.scenario,
        "drop": named.rule.drop,
        "incumbent": json_number(found.first),
        "candidate": json_number(found.second),
        "value": json_number(found.interval.value),
        "low": json_number(found.interval.low),
        "high": json_number(found.interval.high),
        "smallest_shown": json_number(found.smallest_shown),
        "images": result.images,
        "units": found.interval.units,
        "verdict": result.verdict.value,
        "sentence": sentence(named, result),
    }


def sentence(named: NamedRule, result: RuleResult) -> str:
    """What a rule says, in words: `AP of rider fell by 7.1 points [-9.0, -5.2]; at most 2 are allowed.`"""
    interval = result.difference.interval
    if np.isnan(interval.value):
        return f"{named.title} cannot be judged: none of these images has such a box."
    if finds_nothing(result.difference):
        return f"{named.title} is 0 before and after: nothing is found, so there is nothing to compare."
    moved = "did not change" if abs(interval.value) < 5e-5 else (
        f"{'rose' if interval.value > 0 else 'fell'} by {abs(interval.value) * 100:.2f} points"
    )  # fmt: skip
    allowed = f"it may fall by at most {named.rule.drop:g}"
    if np.isnan(interval.low):
        return f"{named.title} {moved}, on a single image or sequence, which shows nothing; {allowed}."
    return f"{named.title} {moved} [{interval.low * 100:+.2f}, {interval.high * 100:+.2f}]; {allowed}."
