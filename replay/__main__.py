"""`./halfday replay LEDGER.json`: do an iteration again on this installation, and say which figures differ."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from client import Halfday, HalfdayError
from replay.figures import FigureTwice, conclusion, rendered
from replay.material import SameMaterial, find_dataset
from replay.reading import CannotReplay, LedgerFile, read_ledger
from replay.trainings import Trainings

DIFFER = 3  # exit code where everything ran and figures lie outside their intervals


def main(arguments: list[str] | None = None) -> int:
    """0 where the figures agree, 3 where they do not, 1 where it could not be done."""
    options = parser().parse_args(arguments)
    try:
        file = read_ledger(options.ledger)
        check_report(options.report)
        with Halfday.from_environment() as halfday:
            return replay(file, halfday, options)
    except (HalfdayError, CannotReplay) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. What was made stays.", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The options of `./halfday replay`, which also looks here before it starts a platform."""
    parser = argparse.ArgumentParser(
        prog="./halfday replay",
        description=__doc__,
        epilog="Exit code: 0 where every figure lies within the ledger's interval, 3 where one does not, 1 where the"
        " replay was not possible.",
    )
    parser.add_argument("ledger", type=Path, metavar="LEDGER.json", help="downloaded from the page of an iteration")
    parser.add_argument("--dataset", metavar="N", help="name or id (12 or id:12) of the dataset with the images")
    parser.add_argument("--seeds", action="store_true", help="also the repeats with other seeds")
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the table and what led to it as JSON")
    return parser


def replay(file: LedgerFile, halfday: Halfday, options: argparse.Namespace) -> int:
    """Check, train, judge, compare, tell."""
    clock = time.monotonic()
    material = SameMaterial(halfday, file, find_dataset(halfday, file, options.dataset), say)
    runs = file.runs(repeats=options.seeds)
    trainings = Trainings(material)
    trainings.check_weights(runs)
    material.prepare()
    for number, run in enumerate(runs, 1):
        say(f"training {number} of {len(runs)}: {run['name']} …")
        trainings.train(run)
    rows = [*run_rows(runs, trainings), *gain_rows(file, trainings)]
    print(f"\n{rendered(rows)}\n\n{conclusion(rows)}", flush=True)
    if options.report:
        options.report.write_text(json.dumps(report(rows, trainings, clock), indent=2) + "\n", encoding="utf-8")
    return 0 if all(row.agrees for row in rows) else DIFFER


def check_report(report: Path | None) -> None:
    """Raise CannotReplay where the report could not be written: better now than after the trainings."""
    if report is not None and (report.is_dir() or not os.access(report.absolute().parent, os.W_OK)):
        raise CannotReplay(f"The report cannot be written to {report}: that is a folder, or its folder is not there.")


def say(text: str) -> None:
    """A line as it happens."""
    print(text, flush=True)


def run_rows(runs: list[dict[str, Any]], trainings: Trainings) -> Iterator[FigureTwice]:
    """mAP and mAP50 of every run that had been judged on its own labels."""
    for run in runs:
        then, now = run["figures"], trainings.judged[run["id"]]["figures"] or {}
        for figure, name in (("AP", "mAP"), ("AP50", "mAP50")):
            if then:
                yield FigureTwice(f"{name} of {run['name']}", **ends(then[figure]), now=now.get(figure))


def gain_rows(file: LedgerFile, trainings: Trainings) -> Iterator[FigureTwice]:
    """The differences that had been computed."""
    for one in file.replay["comparisons"]:
        if one["a"] not in trainings.judged or one["b"] not in trainings.judged:
            continue
        then, now = one["mAP"], trainings.compare(one["a"], one["b"])["delta"]["mAP"]
        words = {"word_then": then["verdict"], "word_now": now["verdict"]}
        yield FigureTwice(f"Δ mAP over the {NAMES[one['over']]}", **ends(then), now=now["value"], **words)


NAMES = {"control": "control", "before": "run before", "root": "first run"}


def ends(figure: dict[str, Any]) -> dict[str, Any]:
    """A figure of the ledger with its interval."""
    return {"then": figure["value"], "low": figure["low"], "high": figure["high"]}


def report(rows: list[FigureTwice], trainings: Trainings, clock: float) -> dict[str, Any]:
    """For --report."""
    material = trainings.material
    return {
        "ledger": {name: material.file.content[name] for name in ("project", "dataset", "run", "made_at")},
        "platform": material.halfday.url,
        "dataset": material.dataset["id"],
        "revisions": {str(then): here for then, here in material.revisions.items()},
        "runs": {str(then): run["id"] for then, run in trainings.done.items()},
        "figures": [{**asdict(row), "difference": row.difference, "agrees": row.agrees} for row in rows],
        "agree": all(row.agrees for row in rows),
        "seconds": round(time.monotonic() - clock, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
