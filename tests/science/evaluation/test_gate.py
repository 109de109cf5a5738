"""The gate: verdicts of intervals by hand, rules about classes and images, and rules that cannot be used."""

from typing import Any

import numpy as np
import pytest

from science.evaluation.bootstrap import Gain, Interval, PairedDifference, compare
from science.evaluation.figure_differences import compare_figures
from science.evaluation.gate import (
    GateRule,
    GateSides,
    GateVerdict,
    RuleResult,
    judge_rules,
    verdict_of,
    verdict_of_all,
)
from science.evaluation.gate_answer import gate_answer, named_rules
from science.evaluation.gate_rules import BadRules, read_gate
from science.evaluation.matching import Matches
from tests.science.evaluation.world import evaluations

PASSED, NOT_SHOWN, BROKEN = GateVerdict.PASSED, GateVerdict.NOT_SHOWN, GateVerdict.BROKEN
NOTHING = float("nan")


def difference(low: float, high: float) -> PairedDifference:
    value = (low + high) / 2
    return PairedDifference(0.5, 0.5 + value, Interval(value, low, high, 0.01, 80), 0.2, Gain.NOT_SHOWN, 0.03)


@pytest.mark.parametrize(
    ("low", "high", "drop", "verdict"),
    [
        (-0.009, 0.030, 1.0, PASSED),  # worst 0.9 points down, 1 is allowed
        (-0.010, 0.030, 1.0, PASSED),  # at the limit
        (-0.011, 0.030, 1.0, NOT_SHOWN),  # it may be 1.1 down
        (-0.050, -0.011, 1.0, BROKEN),  # at best 1.1 down
        (-0.050, -0.010, 1.0, NOT_SHOWN),
        (-0.050, -0.001, 0.0, BROKEN),
        (0.0, 0.0, 0.0, PASSED),  # the same boxes
        (0.002, 0.020, 0.0, PASSED),
        (NOTHING, NOTHING, 5.0, NOT_SHOWN),
    ],
)
def test_a_rule_by_hand(low: float, high: float, drop: float, verdict: GateVerdict) -> None:
    assert verdict_of(difference(low, high), drop) == verdict


def test_what_finds_nothing_before_and_after_passes_nothing() -> None:
    nothing = PairedDifference(0.0, 0.0, Interval(0.0, 0.0, 0.0, 0.01, 80), 1.0, Gain.NOT_SHOWN, 0.03)
    assert verdict_of(nothing, 5.0) == NOT_SHOWN
    (rule,) = named_rules(read_gate({"rules": [{"drop": 1, "class": "rider"}]}), ["rider"], {})
    answer = gate_answer([rule], [RuleResult(nothing, NOT_SHOWN, 80)])
    assert answer["verdict"] == "not_shown"
    assert (
        "AP of rider is 0 before and after: nothing is found, so there is nothing to compare."
        in (answer["rules"][0]["sentence"])
    )


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ([PASSED, PASSED], PASSED),
        ([PASSED, NOT_SHOWN], NOT_SHOWN),
        ([NOT_SHOWN, BROKEN, PASSED], BROKEN),
        ([], NOT_SHOWN),
    ],
)
def test_one_rule_holds_all_back(verdicts: list[GateVerdict], whole: GateVerdict) -> None:
    assert verdict_of_all(verdicts) == whole


@pytest.fixture(scope="module")
def pair() -> list[Matches]:
    """A weaker and a stronger detector on the same 120 images."""
    return evaluations(seed=1, images=120, skills=(0.5, 2.2))


def test_the_better_passes_and_the_worse_is_held_back(pair: list[Matches]) -> None:
    rules = [GateRule("mAP", 1.0), GateRule("mAP", 1.0, class_index=0), GateRule("AR100", 1.0)]
    forth = judge_rules(GateSides(pair[0], pair[1], resamples=200), rules)
    back = judge_rules(GateSides(pair[1], pair[0], resamples=200), rules)
    assert [one.verdict for one in forth] == [PASSED] * 3
    assert [one.verdict for one in back] == [BROKEN] * 3
    assert [one.verdict for one in judge_rules(GateSides(pair[0], pair[0], resamples=50), rules)] == [PASSED] * 3


def test_each_rule_is_the_paired_bootstrap_of_its_part(pair: list[Matches]) -> None:
    night = np.arange(120) < 40
    rules = [
        GateRule("mAP50", 0.0, images=night),
        GateRule("mAP", 0.0, class_index=1, images=night),
        GateRule("APs", 0.0, class_index=1),
    ]
    found = [one.difference for one in judge_rules(GateSides(*pair, resamples=100), rules)]
    part = compare(*(one.of(night) for one in pair), resamples=100)
    only = np.arange(pair[0].classes) == 1
    sizes = compare_figures(*(one.of(classes=only) for one in pair), resamples=100)
    assert found == [part.map50, part.classes[1], sizes["APs"]]


def test_a_figure_that_does_not_exist_is_not_shown_and_said(pair: list[Matches]) -> None:
    nowhere = np.zeros(120, np.bool_)
    nowhere[0] = True
    gate = read_gate({"rules": [{"drop": 1, "scenario": "one"}], "scenarios": {"one": {"images": [1]}}})
    names = [f"class {c}" for c in range(pair[0].classes)]
    rules = named_rules(gate, names, {"one": nowhere})
    answer = gate_answer(rules, judge_rules(GateSides(*pair, resamples=50), [one.rule for one in rules]))
    (row,) = answer["rules"]
    assert (answer["verdict"], row["verdict"], row["images"], row["low"]) == ("not_shown", "not_shown", 1, None)
    assert "shows nothing" in row["sentence"]


def test_every_class_is_a_rule_for_each() -> None:
    gate = read_gate({"rules": [{"classes": "every", "drop": 2}, {"class": "rider", "drop": 1, "figure": "mAP50"}]})
    rules = named_rules(gate, ["car", "rider"], {})
    assert [(one.title, one.rule.class_index, one.rule.drop) for one in rules] == [
        ("AP of car", 0, 2.0), ("AP of rider", 1, 2.0), ("mAP50 of rider", 1, 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "place", "says"),
    [
        ([], "", "mapping"),
        ({}, "rules", "at least one rule"),
        ({"rules": [{"drop": 1}], "rule": 1}, "rule", "There are: rules, scenarios"),
        ({"rules": ["mAP"]}, "rules.0", "mapping"),
        ({"rules": [{"drop": 1}, {"class": "car"}]}, "rules.1", "how many points"),
        ({"rules": [{"drop": -1}]}, "rules.0.drop", "from 0 to 100"),
        ({"rules": [{"drop": True}]}, "rules.0.drop", "from 0 to 100"),
        ({"rules": [{"drop": 1, "figure": "map"}]}, "rules.0.figure", "mAP50"),
        ({"rules": [{"drop": 1, "class": 7}]}, "rules.0.class", "in quotes"),
        ({"rules": [{"drop": 1, "class": "car", "classes": "every"}]}, "rules.0.classes", "not both"),
        ({"rules": [{"drop": 1, "scenario": "night"}]}, "rules.0.scenario", "no scenario 'night'"),
        ({"rules": [{"drop": 1}], "scenarios": {"n": {"sql": "x"}}}, "scenarios.n", "exactly one of"),
        ({"rules": [{"drop": 1}], "scenarios": {"n": {"query": ""}}}, "scenarios.n.query", "query line"),
        ({"rules": [{"drop": 1}], "scenarios": {"n": {"images": []}}}, "scenarios.n.images", "list"),
    ],
)
def test_it_rejects_by_place(given: Any, place: str, says: str) -> None:
    with pytest.raises(BadRules) as refused:
        read_gate(given)
    assert says in refused.value.faults[place]


def test_it_rejects_a_class_and_a_scenario_that_are_not_there() -> None:
    gate = read_gate({"rules": [{"class": "tram", "drop": 1}], "scenarios": {"fog": {"images": [9]}}})
    with pytest.raises(BadRules) as refused:
        named_rules(gate, ["car"], {"fog": np.zeros(3, np.bool_)})
    assert set(refused.value.faults) == {"rules.0.class", "scenarios.fog"}


def test_what_was_read_is_written_as_it_was() -> None:
    given = {
        "rules": [{"figure": "AP75", "drop": 0.5, "scenario": "night"}, {"figure": "mAP", "drop": 2.0, "class": "car"}],
        "scenarios": {"night": {"query": 'timeofday = "night"'}},
    }
    assert read_gate(given).as_json() == given
