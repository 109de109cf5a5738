"""What `gate` and `compare --gate` share: options, the printed table, JUnit XML and the exit code."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from commandline import coco_files as files
from commandline.gate_file import at_its_line, images_meant, lines_of, read_gate_file
from commandline.junit import write_junit
from science.evaluation.bootstrap import RESAMPLES
from science.evaluation.gate import GateSides, judge_rules
from science.evaluation.gate_answer import gate_answer, named_rules
from science.evaluation.gate_rules import BadRules
from science.evaluation.matching import Matches

PASSED, BROKEN, NOT_SHOWN = 0, 1, 3  # exit codes; 2 is a bad file or option
CODES = {"passed": PASSED, "broken": BROKEN, "not_shown": NOT_SHOWN}
WORDS = {"passed": "passed", "broken": "broken", "not_shown": "not shown"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """How the verdict is told."""
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML, a test case for each rule")
    parser.add_argument(
        "--accept-not-shown", default="", metavar="REASON", help="let what is not shown pass, for a reason that is told"
    )


def add_drawing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--resamples", type=files.whole_number, default=RESAMPLES, help="default: %(default)s")
    parser.add_argument("--seed", type=files.whole_number, default=0, help="the same seed draws the same images")


def judged_by_file(
    rules: Path, cases: Sequence[files.Case], matches: Sequence[Matches], options: argparse.Namespace
) -> dict[str, Any]:
    """The gate's answer for two cases on the same labels. Raises BadFile, with the line in the file of rules."""
    gate = read_gate_file(rules)
    coco = cases[0].coco
    try:
        named = named_rules(gate, coco.category_names, images_meant(rules, gate, cases[0]))
    except BadRules as bad:
        raise at_its_line(rules, bad, lines_of(rules)) from None
    now, new = matches
    sides = GateSides(now, new, coco.groups, options.resamples, options.seed)
    return gate_answer(named, judge_rules(sides, [one.rule for one in named]))


def tell(answer: Mapping[str, Any], options: argparse.Namespace) -> int:
    """Write what was asked for, and give back the exit code."""
    if options.junit:
        write_junit(options.junit, answer, accepted=options.accept_not_shown)
    if answer["verdict"] == "not_shown" and options.accept_not_shown:
        return PASSED
    return CODES[answer["verdict"]]


def show_gate(answer: Mapping[str, Any], accepted: str = "") -> None:
    """Print for people."""
    files.table(
        ["rule", "now", "new", "change", "low", "high", "may drop", "verdict"],
        [
            [
                row["title"],
                *(_points(row[name]) for name in ("incumbent", "candidate")),
                *(_points(row[name], sign=True) for name in ("value", "low", "high")),
                f"{row['drop']:g}",
                WORDS[row["verdict"]],
            ]
            for row in answer["rules"]
        ],
    )
    print(f"\nThe gate: {WORDS[answer['verdict']]}. Points of average precision, 95 % intervals.")
    for row in answer["rules"]:
        if row["verdict"] != "passed":
            print(f"  {WORDS[row['verdict']]}: {row['sentence']}")
    if answer["verdict"] == "not_shown" and accepted:
        print(f"  Accepted: {accepted}")


def _points(value: float | None, *, sign: bool = False) -> str:
    return files.figure_text(None if value is None else 100 * value, sign=sign)
