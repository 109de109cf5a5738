"""`./halfday gate` and `compare --gate`: exit codes, JUnit XML, and rules that are refused with their line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from commandline import compare, gate
from commandline.junit import write_junit
from embedded.home import ROOT

IMAGES = 80


def labels() -> dict[str, Any]:
    """80 images, half of them by night, with a car and a rider each."""
    return {
        "images": [
            {"id": k, "file_name": f"{k}.jpg", "attributes": {"timeofday": "night" if k % 2 else "daytime"}}
            for k in range(IMAGES)
        ],
        "categories": [{"id": 1, "name": "car"}, {"id": 3, "name": "rider"}],
        "annotations": [
            {"id": 2 * k + place + 1, "image_id": k, "category_id": category, "bbox": [300 * place, 0, 40, 40]}
            for k in range(IMAGES)
            for place, category in enumerate((1, 3))
        ],
    }


def found(*, cars: float = 0.9, riders: float = 0.9, night: float = 1.0) -> list[dict[str, Any]]:
    """Which share of each is found; `night` multiplies that of riders by night. More is found of the same ones."""
    random = np.random.default_rng(4)
    rows = []
    for row in labels()["annotations"]:
        share = cars if row["category_id"] == 1 else riders * (night if row["image_id"] % 2 else 1)
        if random.random() < share:
            rows.append({name: row[name] for name in ("image_id", "category_id", "bbox")} | {"score": 0.9})
        random.random()
    return rows


@pytest.fixture
def write(tmp_path: Path):
    def written(content: Any, name: str) -> str:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    return written


RULES = """\
rules:
  - drop: 2
  - {class: rider, scenario: night, drop: 3}
scenarios:
  night: {where: {timeofday: night}}
"""


ON_A_SCENARIO = "rules:\n  - {drop: 1, scenario: n}\nscenarios:\n"


def judged(write, new: list[dict[str, Any]], rules: str = RULES, *options: str) -> int:
    files = write(labels(), "gt.json"), write(found(), "now.json"), write(new, "new.json")
    return gate.main([*files, "--rules", write(rules, "rules.yaml"), "--resamples", "200", *options])


def test_it_works(write, capsys, tmp_path) -> None:
    junit = tmp_path / "gate.xml"
    assert judged(write, found(cars=1, riders=1), RULES, "--junit", str(junit), "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "passed"
    assert [(row["title"], row["images"], row["drop"]) for row in answer["rules"]] == [
        ("mAP", 80, 2), ("AP of rider on night", 40, 3),
    ]  # fmt: skip
    suite = Xml.parse(junit).getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "0", "0")
    assert [case.get("name") for case in suite.iter("testcase")] == ["mAP", "AP of rider on night"]


def test_a_broken_rule_is_code_1_though_the_total_rose(write, capsys, tmp_path) -> None:
    junit = tmp_path / "gate.xml"
    worse_by_night = found(cars=1, riders=1, night=0.5)
    only_night = RULES.replace("  - drop: 2\n", "")
    assert judged(write, worse_by_night, only_night, "--junit", str(junit)) == 1
    said = capsys.readouterr().out
    assert "The gate: broken." in said
    assert "AP of rider on night fell by" in said
    assert "it may fall by at most 3." in said
    (failure,) = Xml.parse(junit).getroot().iter("failure")
    assert failure.get("type") == "broken"
    assert str(failure.get("message")).startswith("AP of rider on night fell by")


def test_not_shown_is_code_3_and_passes_for_a_reason_alone(write, capsys, tmp_path) -> None:
    junit = tmp_path / "gate.xml"
    strict = "rules:\n  - {drop: 0}\n"
    a_little_else = found(cars=0.85, riders=0.95)
    assert judged(write, a_little_else, strict, "--junit", str(junit)) == 3
    assert "not shown" in capsys.readouterr().out
    assert next(Xml.parse(junit).getroot().iter("failure")).get("type") == "not_shown"
    accept = ("--accept-not-shown", "few riders yet", "--junit", str(junit))
    assert judged(write, a_little_else, strict, *accept) == 0
    assert "Accepted: few riders yet" in capsys.readouterr().out
    (skipped,) = Xml.parse(junit).getroot().iter("skipped")
    assert "few riders yet" in str(skipped.get("message"))
    assert judged(write, found(cars=0.2), strict, *accept) == 1  # what is broken is not accepted so


def test_compare_takes_the_same_rules(write, capsys) -> None:
    files = write(labels(), "gt.json"), write(found(), "now.json"), write(found(riders=0.3), "new.json")
    rules = ["--gate", write(RULES, "rules.yaml"), "--resamples", "200"]
    assert compare.main([*files, *rules, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["gate"]["verdict"], answer["delta"]["mAP"]["verdict"]) == ("broken", "regressed")
    assert compare.main([*files, "--resamples", "50"]) == 0  # without rules nothing is held back


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("rules:\n  - drop: 1\n  - {class: tram, drop: 1}\n", "line 3, rules.1.class: There is no class 'tram'"),
        ("rules:\n  - drop: one\n", "rules.yaml, line 2, rules.0.drop: 'one' is not a number of points"),
        (f"rules:\n  - drop: 1{400 * '0'}\n", "rules.yaml, line 2, rules.0.drop: 1000"),
        ("rules:\n  - {drop: 1, scenario: [n]}\n", "line 2, rules.0.scenario: There is no scenario ['n']"),
        (ON_A_SCENARIO + "  n: {images: [true]}\n", "line 4, scenarios.n.images: Give a list of file names"),
        ("rules:\n  - drop: 1\n    figur: mAP\n", "line 3, rules.0.figur: There is no key 'figur' here"),
        ("rules:\n  - drop: 1\n    drop: 2\n", "line 3: the key drop stands here twice"),
        ("rules: [", "rules.yaml, line 1: "),
        ("", "rules.yaml is empty"),
        (ON_A_SCENARIO + "  n: {query: 'a = 1'}\n", "line 4, scenarios.n.query: A file of labels"),
        (ON_A_SCENARIO + "  n: {images: [none.jpg]}\n", "line 4, scenarios.n: It means none"),
    ],
)  # fmt: skip
def test_bad_rules_are_code_2_and_named_by_their_line(write, capsys, rules: str, says: str) -> None:
    assert judged(write, found(), rules) == 2
    assert says in capsys.readouterr().err


def test_junit_is_xml_whatever_a_class_is_called(tmp_path) -> None:
    """XML holds no control characters, not even escaped: a CI would refuse the whole file."""
    row = {"title": "AP of a<&>\x08\x00\ufffe]]>", "verdict": "broken", "sentence": "a<&>\x08 fell"}
    write_junit(tmp_path / "gate.xml", {"rules": [row, {**row, "verdict": "not_shown"}]}, accepted="\x1b few")
    cases = Xml.parse(tmp_path / "gate.xml").getroot().iter("testcase")
    assert [case.get("name") for case in cases] == 2 * ["AP of a<&>\ufffd\ufffd\ufffd]]>"]


@pytest.mark.parametrize("option", ["--seed", "--resamples"])
def test_a_negative_number_is_a_bad_option_and_no_verdict(write, option: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        judged(write, found(), RULES, option, "-1")


def test_by_the_command_itself(write) -> None:
    """As CI calls it, files alone; and options that do not go together."""
    files = write(labels(), "gt.json"), write(found(), "now.json"), write(found(cars=0.2), "new.json")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)])}
    command = [sys.executable, "-c", "import sys; from commandline.gate import main; sys.exit(main(sys.argv[1:]))"]
    rules = write(RULES, "rules.yaml")
    done = subprocess.run([*command, *files, "--rules", rules, "--resamples", "50"], env=environment, check=False)
    assert done.returncode == 1
    with pytest.raises(SystemExit) as refused:
        gate.main([*files, "--candidate", "3"])
    assert refused.value.code == 2
    with pytest.raises(SystemExit):
        gate.main(["--candidate", "3"])
