"""What `evaluate`, `compare` and `errors` share: COCO files in, one sentence and exit code 2 where one is bad."""

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from science.coco.federated import leave_out_unchecked
from science.coco.files import BadFile, CocoResults, CocoTruth, read_results, read_truth
from science.evaluation.types import Detections, GroundTruth
from science.shapes.kinds import IouType

BAD_FILE = 2
DIGITS = 3


@dataclass(frozen=True)
class Case:
    """The labels and one detector's results, with the options applied."""

    coco: CocoTruth
    truth: GroundTruth
    detections: Detections
    notes: list[str]

    @property
    def classes(self) -> int:
        return len(self.coco.category_ids)


def parser(name: str, description: str | None, *, results: dict[str, str]) -> argparse.ArgumentParser:
    """The arguments that the three commands have in common."""
    made = argparse.ArgumentParser(prog=f"./halfday {name}", description=description)
    made.add_argument("truth", type=Path, metavar="GT.json", help="COCO labels")
    for field, metavar in results.items():
        made.add_argument(field, type=Path, metavar=metavar, help="COCO results: a list of detections")
    made.add_argument("--json", action="store_true", help="print JSON; its fields stand in docs/command-line.md")
    made.add_argument("--inclusive", action="store_true", help="a box of x1 … x2 is x2 - x1 + 1 wide, as in BDD100K")
    made.add_argument(
        "--iou-type",
        type=IouType,
        choices=list(IouType),
        default=IouType.BBOX,
        help="compare boxes, masks (segm), masks and their outlines (boundary), or turned boxes (obb)",
    )
    made.add_argument(
        "--federated", action="store_true", help="judge a class only on images that were checked for it, as in LVIS"
    )
    return made


def iou(text: str) -> float:
    """An IoU threshold for argparse."""
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and up to 1")
    return value


def whole_number(text: str) -> int:
    """A whole number from 0 on, for argparse: anything else would end in a traceback, with the code of a verdict."""
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 on")
    return int(text)


def run_and_tell(work: Callable[[], dict[str, Any]], show: Callable[[dict[str, Any]], None], *, as_json: bool) -> int:
    """Print what the work returns, or say in one sentence what is wrong with a file."""

    def tell() -> int:
        answer = work()
        if as_json:
            sys.stdout.buffer.write(orjson.dumps(plain(answer), option=orjson.OPT_INDENT_2) + b"\n")
        else:
            show(answer)
        return 0

    return exit_code_of(tell)


def exit_code_of(work: Callable[[], int]) -> int:
    """The exit code of the work; a bad file's where it meets one, which is said in one sentence."""
    try:
        return work()
    except BadFile as bad:
        print(bad, file=sys.stderr)
        return BAD_FILE
    except MemoryError:
        print("There is not enough memory for these files.", file=sys.stderr)
        return BAD_FILE


def read_cases(truth: Path, results: Iterable[Path], options: argparse.Namespace) -> list[Case]:
    """The files of the command line, a case for each of the results."""
    if options.inclusive and options.iou_type is not IouType.BBOX:
        raise BadFile("--inclusive is about boxes: it cannot stand beside --iou-type.")
    coco = read_truth(truth, options.iou_type)
    labels = coco.truth.inclusive() if options.inclusive else coco.truth
    return [_case(coco, labels, path, read_results(path, coco), options) for path in results]


def _case(coco: CocoTruth, labels: GroundTruth, path: Path, found: CocoResults, options: argparse.Namespace) -> Case:
    detections = found.detections.inclusive() if options.inclusive else found.detections
    notes = []
    if coco.left_out:
        notes.append(f"{coco.left_out} annotations of categories that the labels do not list were left out.")
    if found.left_out:
        notes.append(f"{found.left_out} detections of {path.name} were left out: the labels lack their categories.")
    if found.drawn:
        notes.append(f"{found.drawn} detections of {path.name} have no segmentation: their boxes stand for it.")
    if options.federated:
        detections, unchecked = leave_out_unchecked(
            labels, detections, coco.image_rows, coco.category_ids, classes=len(coco.category_ids)
        )
        notes.append(f"{unchecked} detections of {path.name} were left out: their images were not checked for them.")
    return Case(coco, labels, detections, notes)


def plain(value: Any) -> Any:
    """For JSON: arrays as lists, and null for what does not exist."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def figure_text(value: float | None, *, sign: bool = False) -> str:
    """A figure with three decimals; a dash where it does not exist."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:+.{DIGITS}f}" if sign else f"{value:.{DIGITS}f}"


def table(head: list[str], rows: list[list[str]]) -> None:
    """Print columns, the first to the left and the others to the right."""
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    for row in [head, *rows]:
        cells = [
            cell.ljust(width) if k == 0 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def print_notes(answer: Mapping[str, Any]) -> None:
    """Say what was left out."""
    for note in answer["notes"]:
        print(f"\nNote: {note}")
