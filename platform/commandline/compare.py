"""`./halfday compare GT.json A.json B.json`: is B better than A? Differences with 95 % intervals and verdicts."""

import argparse
from pathlib import Path
from typing import Any

from commandline import coco_files as files
from commandline import gate_verdict
from science.evaluation.bootstrap import Gain, PairedDifference, compare
from science.evaluation.matching import match

WORDS = {Gain.PROVEN: "proven", Gain.NOT_SHOWN: "not shown", Gain.REGRESSED: "regressed"}


def main(arguments: list[str]) -> int:
    """Read, compare, print."""
    parser = files.parser("compare", __doc__, results={"first": "A.json", "second": "B.json"})
    gate_verdict.add_drawing(parser)
    parser.add_argument("--gate", type=Path, metavar="RULES.yaml", help="judge B by these rules (docs/gate.md)")
    gate_verdict.add_options(parser)
    options = parser.parse_args(arguments)
    if options.resamples < 1:
        parser.error("--resamples must be at least 1")
    if not options.gate and (options.junit or options.accept_not_shown):
        parser.error("--junit and --accept-not-shown go with --gate")
    answers: list[dict[str, Any]] = []

    def judged() -> dict[str, Any]:
        answers.append(compared(options))
        return answers[0]

    code = files.run_and_tell(judged, lambda answer: show(answer, options), as_json=options.json)
    if code or not options.gate:
        return code
    return files.exit_code_of(lambda: gate_verdict.tell(answers[0]["gate"], options))


def compared(options: argparse.Namespace) -> dict[str, Any]:
    """The answer as docs/command-line.md describes it."""
    cases = files.read_cases(options.truth, [options.first, options.second], options)
    matches = [match(case.truth, case.detections, classes=case.classes) for case in cases]
    coco = cases[0].coco
    found = compare(*matches, groups=coco.groups, resamples=options.resamples, seed=options.seed)
    names = zip(coco.category_ids.tolist(), coco.category_names, found.classes, strict=True)
    gate = {} if not options.gate else {"gate": gate_verdict.judged_by_file(options.gate, cases, matches, options)}
    return {
        "a": str(options.first),
        "b": str(options.second),
        "delta": {
            "mAP": difference(found.map),
            "mAP50": difference(found.map50),
            "per_class": [{"category_id": number, "name": name} | difference(each) for number, name, each in names],
        },
        "level": 0.95,
        "correction": "Holm, over the classes",
        "drawn_by": "image" if coco.groups is None else "sequence",
        "resamples": found.resamples,
        "groups": found.groups,
        "notes": list(dict.fromkeys(note for case in cases for note in case.notes)),
        **gate,
    }


def difference(found: PairedDifference) -> dict[str, Any]:
    """B minus A with its interval and verdict."""
    return {
        "value": found.interval.value,
        "low": found.interval.low,
        "high": found.interval.high,
        "verdict": found.gain.value,
        "p_value": found.p_value,
        "a": found.first,
        "b": found.second,
        "smallest_shown": found.smallest_shown,
    }


def show(answer: dict[str, Any], options: argparse.Namespace) -> None:
    """Print for people."""
    delta = answer["delta"]
    rows = [("mAP", delta["mAP"]), ("mAP50", delta["mAP50"]), *((row["name"], row) for row in delta["per_class"])]
    files.table(
        ["", "A", "B", "B - A", "low", "high", "verdict"],
        [
            [
                name, files.figure_text(row["a"]), files.figure_text(row["b"]),
                *(files.figure_text(row[end], sign=True) for end in ("value", "low", "high")),
                WORDS[Gain(row["verdict"])],
            ]
            for name, row in rows
        ],
    )  # fmt: skip
    print(f"\n95 %, {answer['resamples']:,} paired resamples by {answer['drawn_by']}; classes corrected (Holm).")
    smallest = files.figure_text(delta["mAP"]["smallest_shown"])
    print(f"A true difference in mAP of {smallest} would be shown four times in five.")
    files.print_notes(answer)
    if "gate" in answer:
        print()
        gate_verdict.show_gate(answer["gate"], options.accept_not_shown)
