"""`./halfday errors GT.json DT.json`: what each type of error costs (TIDE), and the verdict of every box as CSV."""

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

from commandline import coco_files as files
from science.evaluation.error_budget import error_budget
from science.evaluation.explaining import Explained
from science.evaluation.judging import NO_ROW, NONE
from science.evaluation.verdicts import BACKGROUND_IOU, ERROR_TYPES

COLUMNS = [
    "image_id", "verdict", "error", "annotation_id", "detection", "annotation_category_id", "detection_category_id",
    "iou", "score",
]  # fmt: skip
SHORT = {
    "class": "Cls", "localisation": "Loc", "both": "Both", "duplicate": "Dupe", "background": "Bkg", "missed": "Miss",
    "false_positive": "FalsePos", "false_negative": "FalseNeg",
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Read, explain, print."""
    parser = files.parser("errors", __doc__, results={"results": "DT.json"})
    parser.add_argument("--iou", type=files.iou, default=0.5, help="from which IoU on a box is found (default: 0.5)")
    parser.add_argument("--matches", type=Path, metavar="OUT.csv", help="write a row for every box and detection")
    options = parser.parse_args(arguments)
    if options.matches and not options.matches.absolute().parent.is_dir():
        parser.error(f"there is no folder {options.matches.absolute().parent}")
    return files.run_and_tell(lambda: explained(options), show, as_json=options.json)


def explained(options: argparse.Namespace) -> dict[str, Any]:
    """The answer as docs/command-line.md describes it."""
    case = files.read_cases(options.truth, [options.results], options)[0]
    budget = error_budget(case.truth, case.detections, classes=case.classes, iou=options.iou)
    if options.matches:
        write(options.matches, case, budget.explained)
    return {
        "iou": budget.iou,
        "background_iou": BACKGROUND_IOU,
        "ap": budget.ap,
        "delta_ap": budget.delta_ap,
        "counts": budget.counts,
        "per_class": [
            {"category_id": number, "name": name, "ap": budget.class_ap[c],
             "delta_ap": {kind: gains[c] for kind, gains in budget.class_delta_ap.items()}}
            for c, (number, name) in enumerate(zip(case.coco.category_ids, case.coco.category_names, strict=True))
        ],
        "notes": case.notes,
    }  # fmt: skip


def write(path: Path, case: files.Case, found: Explained) -> None:
    """Write the rows: every detection that counts, and every box that was not found."""
    truth, detections = case.truth, case.detections
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        category = case.coco.category_ids.tolist()
        for d, (kind, box) in enumerate(zip(found.error.tolist(), found.box.tolist(), strict=True)):
            if kind == NO_ROW or found.on_crowd[d]:
                continue
            rows.writerow(
                [
                    truth.image_ids[detections.image_index[d]],
                    "tp" if kind == NONE else "fp",
                    ERROR_TYPES[kind].value,
                    truth.annotation_ids[box] if box >= 0 else "",
                    detections.prediction_ids[d],
                    category[truth.class_index[box]] if box >= 0 else "",
                    category[detections.class_index[d]],
                    round(float(found.overlap[d]), 6),
                    float(detections.scores[d]),
                ]
            )
        for b, (kind, best) in enumerate(zip(found.box_error.tolist(), found.best.tolist(), strict=True)):
            if kind <= NONE:
                continue
            rows.writerow(
                [
                    truth.image_ids[truth.image_index[b]],
                    "fn",
                    ERROR_TYPES[kind].value,
                    truth.annotation_ids[b],
                    detections.prediction_ids[best] if best >= 0 else "",
                    category[truth.class_index[b]],
                    category[detections.class_index[best]] if best >= 0 else "",
                    round(float(found.box_overlap[b]), 6),
                    float(detections.scores[best]) if best >= 0 else "",
                ]
            )


def show(answer: dict[str, Any]) -> None:
    """Print for people."""
    print(f"AP at IoU {answer['iou']:g}: {files.figure_text(answer['ap'])}\n")
    files.table(
        ["error", "TIDE", "costs AP", "count"],
        [
            [
                kind.replace("_", " "),
                SHORT[kind],
                files.figure_text(gain),
                f"{answer['counts'][kind]:,}" if kind in answer["counts"] else "",
            ]
            for kind, gain in answer["delta_ap"].items()
        ],
    )
    files.print_notes(answer)
    sys.stdout.flush()
