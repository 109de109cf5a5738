"""Rules of a gate as people write them: plain lists and words in, checked rules out. What is wrong is said by place.

rules:
  - drop: 0.5                                  # mAP of all images and classes, by at most half a point
  - {class: rider, drop: 1}
  - {classes: every, drop: 2}
  - {scenario: night, figure: mAP50, drop: 1}
scenarios:
  night: {query: 'timeofday = "night"'}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from science.evaluation.gate import FIGURES

RULE_KEYS = ("figure", "drop", "class", "classes", "scenario")
KINDS = ("query", "slice", "images", "where")  # how a scenario says which images it means
EVERY = "every"
MOST_RULES, MOST_SCENARIOS, LONGEST_NAME, LONGEST_QUERY = 100, 50, 80, 4000
Faults = dict[str, str]  # by place: "rules.2.drop"


class BadRules(ValueError):
    """Rules that cannot be used: what is wrong, by place (`rules.2.drop`, counted from 0)."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        place, sentence = next(iter(faults.items()))
        super().__init__(f"{place}: {sentence}" if place else sentence)


@dataclass(frozen=True)
class WrittenRule:
    """A rule by names."""

    drop: float  # points
    figure: str = "mAP"
    class_name: str | None = None
    every_class: bool = False  # a rule for each class that there is
    scenario: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is written; what says nothing is left out."""
        said = {"figure": self.figure, "drop": self.drop, "class": self.class_name, "scenario": self.scenario}
        return {k: v for k, v in said.items() if v is not None} | ({"classes": EVERY} if self.every_class else {})


@dataclass(frozen=True)
class WrittenScenario:
    """Some images under a name: a query line, a slice, a list of file names or ids, or values of image fields."""

    kind: str  # one of KINDS
    value: Any  # of query and slice a text; of images a list of texts or numbers; of where a mapping

    def as_json(self) -> dict[str, Any]:
        return {self.kind: self.value}


@dataclass(frozen=True)
class WrittenGate:
    """Rules, and the scenarios that they name."""

    rules: tuple[WrittenRule, ...]
    scenarios: Mapping[str, WrittenScenario] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        scenarios = {name: one.as_json() for name, one in self.scenarios.items()}
        return {"rules": [rule.as_json() for rule in self.rules], "scenarios": scenarios}


def read_gate(given: Any) -> WrittenGate:
    """Check what was written. Raises BadRules with all that is wrong."""
    if not isinstance(given, Mapping):
        raise BadRules({"": "Rules are a mapping with the keys rules and, where there are any, scenarios."})
    faults = dict(_strangers("", given, ("rules", "scenarios")))
    scenarios = _scenarios(given.get("scenarios") or {}, faults)
    rules = _rules(given.get("rules"), scenarios, faults)
    if faults:
        raise BadRules(faults)
    return WrittenGate(tuple(rules), scenarios)


def _rules(given: Any, scenarios: Mapping[str, WrittenScenario], faults: Faults) -> list[WrittenRule]:
    if not isinstance(given, list) or not given:
        faults["rules"] = "Give a list of at least one rule, such as {drop: 0.5}."
        return []
    if len(given) > MOST_RULES:
        faults["rules"] = f"These are {len(given)} rules; {MOST_RULES} is the most."
        return []
    found = []
    for number, rule in enumerate(given):
        wrong = dict(_faults_of_rule(f"rules.{number}", rule, scenarios))
        faults |= wrong
        if not wrong:
            found.append(_rule(rule))
    return found


def _rule(rule: Mapping[str, Any]) -> WrittenRule:
    return WrittenRule(
        drop=float(rule["drop"]),
        figure=rule.get("figure", "mAP"),
        class_name=rule.get("class"),
        every_class="classes" in rule,
        scenario=rule.get("scenario"),
    )


def _faults_of_rule(place: str, rule: Any, scenarios: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not isinstance(rule, Mapping):
        yield place, "A rule is a mapping, such as {class: rider, drop: 1}."
        return
    yield from _strangers(place, rule, RULE_KEYS)
    if "drop" not in rule:
        yield place, "It does not say how many points the figure may drop. Add drop, such as drop: 0.5."
    elif not _is_drop(rule["drop"]):
        yield f"{place}.drop", f"{_shown(rule['drop'])} is not a number of points from 0 to 100."
    if rule.get("figure", "mAP") not in FIGURES:
        yield f"{place}.figure", f"{_shown(rule['figure'])} is no figure. There are: {', '.join(FIGURES)}."
    if "class" in rule and not _is_name(rule["class"]):
        yield (
            f"{place}.class",
            f"{_shown(rule['class'])} is not the name of a class. Put a name that looks so in quotes.",
        )
    if "classes" in rule and rule["classes"] != EVERY:
        yield f"{place}.classes", f"{_shown(rule['classes'])} is not {EVERY}. For one class write class: NAME."
    if "class" in rule and "classes" in rule:
        yield f"{place}.classes", "A rule is about one class or about every class, not both."
    if "scenario" in rule and not (isinstance(rule["scenario"], str) and rule["scenario"] in scenarios):
        there = f"There are: {', '.join(scenarios)}." if scenarios else "The rules name none under scenarios."
        yield f"{place}.scenario", f"There is no scenario {_shown(rule['scenario'])}. {there}"


def _scenarios(given: Any, faults: Faults) -> dict[str, WrittenScenario]:
    if not isinstance(given, Mapping) or len(given) > MOST_SCENARIOS:
        faults["scenarios"] = f"Scenarios are a mapping from at most {MOST_SCENARIOS} names to the images they mean."
        return {}
    found = {}
    for name, scenario in given.items():
        wrong = dict(_faults_of_scenario(f"scenarios.{name}", name, scenario))
        faults |= wrong
        if not wrong:
            ((kind, value),) = scenario.items()
            found[name] = WrittenScenario(kind, value)
    return found


def _faults_of_scenario(place: str, name: Any, scenario: Any) -> Iterator[tuple[str, str]]:
    if not _is_name(name):
        yield place, f"The name of a scenario is a text of 1 to {LONGEST_NAME} letters."
    if not isinstance(scenario, Mapping) or len(scenario) != 1 or next(iter(scenario)) not in KINDS:
        yield place, f"Say which images it means by exactly one of: {', '.join(KINDS)}."
        return
    ((kind, value),) = scenario.items()
    if sentence := _fault_of_images(kind, value):
        yield f"{place}.{kind}", sentence


def _fault_of_images(kind: str, value: Any) -> str:
    """What is wrong with what says which images a scenario means; nothing where it is well."""
    if kind in ("query", "slice"):
        well = isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_QUERY
        return "" if well else f"{_shown(value)} is not a {'query line' if kind == 'query' else 'name of a slice'}."
    if kind == "images":
        well = isinstance(value, list) and bool(value) and all(_is_image(one) for one in value)
        return "" if well else "Give a list of file names or image ids."
    well = isinstance(value, Mapping) and bool(value) and all(_is_scalar(one) for one in value.values())
    return "" if well else "Give a mapping from fields of an image to their values, such as {timeofday: night}."


def _strangers(place: str, given: Mapping[Any, Any], known: Sequence[str]) -> Iterator[tuple[str, str]]:
    for key in given:
        if key not in known:
            there = ", ".join(known)
            yield f"{place}.{key}".lstrip("."), f"There is no key {_shown(key)} here. There are: {there}."


def _is_drop(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100  # NaN is neither


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_NAME


def _is_image(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)  # true is no image 1


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
