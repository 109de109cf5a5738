"""`./halfday gate`: may the new one take the place of what there is? An exit code for CI, and JUnit XML.

Files alone:    ./halfday gate GT.json NOW.json NEW.json --rules RULES.yaml
On a platform:  ./halfday gate --candidate 15 --endpoint street [--rules RULES.yaml]
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from client.errors import HalfdayError
from client.gate import GateAsked, judged_by_platform
from commandline import coco_files as files
from commandline import gate_verdict
from commandline.gate_file import read_document
from science.evaluation.matching import match

REFUSED = 4  # the platform refuses, does not answer, or its job failed


def main(arguments: list[str]) -> int:
    """Judge, print, and give back 0 passed, 1 broken, 3 not shown, 2 a bad file, 4 a platform that refuses."""
    parser = parser_of_gate()
    options = parser.parse_args(arguments)
    given = [options.truth, options.first, options.second]
    if any(given) == bool(options.candidate):
        parser.error("give GT.json NOW.json NEW.json, or --candidate ID for a running platform")
    if options.candidate:
        check_platform(parser, options)
    elif not all(given) or not options.rules:
        parser.error("three files and --rules RULES.yaml are needed")
    answers: list[dict[str, Any]] = []

    def judged() -> dict[str, Any]:
        answers.append(by_platform(options) if options.candidate else by_files(options))
        return answers[0]

    try:
        code = files.run_and_tell(
            judged, lambda answer: gate_verdict.show_gate(answer, options.accept_not_shown), as_json=options.json
        )
    except HalfdayError as error:
        print(error, file=sys.stderr)
        return REFUSED
    return code or files.exit_code_of(lambda: gate_verdict.tell(answers[0], options))


def parser_of_gate() -> argparse.ArgumentParser:
    parser = files.parser("gate", __doc__, results={"first": "NOW.json", "second": "NEW.json"})
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    for action in parser._positionals._group_actions:
        action.nargs, action.required = "?", False
    parser.add_argument("--rules", type=Path, metavar="RULES.yaml", help="docs/gate.md")
    gate_verdict.add_drawing(parser)
    gate_verdict.add_options(parser)
    platform = parser.add_argument_group("on a running platform (HALFDAY_URL, HALFDAY_TOKEN)")
    platform.add_argument("--candidate", type=int, metavar="ID", help="the new checkpoint")
    platform.add_argument("--endpoint", metavar="NAME", help="compare with what is deployed there, by its rules")
    platform.add_argument("--incumbent", type=int, metavar="ID", help="the checkpoint to compare with")
    platform.add_argument("--slice", type=int, metavar="ID", help="the images to judge on; the endpoint's own else")
    return parser


def check_platform(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    alone = options.incumbent and options.slice and options.rules
    if not options.endpoint and not alone:
        parser.error("--candidate wants --endpoint NAME, or --incumbent ID with --slice ID and --rules RULES.yaml")


def by_files(options: argparse.Namespace) -> dict[str, Any]:
    cases = files.read_cases(options.truth, [options.first, options.second], options)
    matches = [match(case.truth, case.detections, classes=case.classes) for case in cases]
    answer = gate_verdict.judged_by_file(options.rules, cases, matches, options)
    return answer | {"notes": list(dict.fromkeys(note for case in cases for note in case.notes))}


def by_platform(options: argparse.Namespace) -> dict[str, Any]:
    """The platform's own result; a file of rules is judged by in place of the saved ones."""
    document = read_document(options.rules) if options.rules else None
    return judged_by_platform(
        GateAsked(options.candidate, options.incumbent, options.endpoint, options.slice, document)
    )
