"""`./halfday evaluate GT.json DT.json`: COCO's twelve figures, bit-equal to pycocotools, with intervals on request."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from commandline import coco_files as files
from commandline.evaluation_report import write_report
from curate.reports.document.words import LANGUAGES
from science.evaluation.average_precision import FIGURES, Accumulated, accumulate
from science.evaluation.bootstrap import FEWEST_SURE, Interval, bootstrap
from science.evaluation.integration import Rule, average_precisions
from science.evaluation.matching import MAX_DETECTIONS, Matches, match
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.ultralytics_figures import ultralytics_figures
from science.shapes.kinds import IouType
from science.shapes.overlap import GaussianBoxes
from science.shapes.turned import TurnedBoxes

# Figures that have an interval, as they are called in the answer's `interval` and in the bootstrap's result.
BOUNDED = {"AP": ("mAP", "map"), "AP50": ("mAP50", "map50"), "AP75": ("mAP75", "map75"), "AR100": ("AR100", "ar100")}


def main(arguments: list[str]) -> int:
    """Read, judge, print."""
    parser = files.parser("evaluate", __doc__, results={"results": "DT.json"})
    parser.add_argument("--iou", type=files.iou, nargs="+", default=[], metavar="IOU", help="AP at these IoU too")
    parser.add_argument("--per-class", action="store_true", help="print every class")
    parser.add_argument("--interval", action="store_true", help="95 %% intervals by 1,000 resamples of the images")
    parser.add_argument("--report", type=Path, metavar="OUT.html", help="write the report of an evaluation, too")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the report")
    options = parser.parse_args(arguments)
    return files.run_and_tell(lambda: evaluate(options), lambda answer: show(answer, options), as_json=options.json)


def evaluate(options: argparse.Namespace) -> dict[str, Any]:
    """The answer as docs/command-line.md describes it."""
    case = files.read_cases(options.truth, [options.results], options)[0]
    matches = match(case.truth, case.detections, classes=case.classes)
    accumulated = accumulate(matches)
    other = ultralytics_figures(*as_ultralytics_compares(case), classes=case.classes)
    case.notes.extend(rule_notes(case, matches))
    case.notes.extend(overlap_notes(case, accumulated))
    answer = {
        "iou_type": case.coco.iou_type.value,
        "stats": accumulated.as_coco(),
        "figures": accumulated.figures(),
        "images": case.truth.images,
        "annotations": len(case.truth),
        "detections": len(case.detections),
        "per_class": per_class(case, accumulated),
        "at_iou": [at_iou(case, iou) for iou in options.iou],
        "ultralytics": {
            "mAP50": other.map50,
            "mAP": other.map,
            "causes": {cause: other.effects[cause] for cause in other.causes},
            "why": other.why(accumulated.figures()["AP"]),
        },
        "notes": case.notes,
    }
    if options.report:
        write_report(case, matches, (options.truth, options.results), options.report, options.language)
        answer["report"] = str(options.report)
    return answer | ({"interval": interval(case, matches)} if options.interval else {})


def as_ultralytics_compares(case: files.Case) -> tuple[GroundTruth, Detections]:
    """Labels and detections, of which turned boxes are compared by their probabilistic IoU."""
    given, found = case.truth.shapes, case.detections.shapes
    if not isinstance(given, TurnedBoxes) or not isinstance(found, TurnedBoxes):
        return case.truth, case.detections
    return replace(case.truth, shapes=GaussianBoxes(given)), replace(case.detections, shapes=GaussianBoxes(found))


def rule_notes(case: files.Case, matches: Matches) -> list[str]:
    """Where COCO's rules, or another program's reading of them, decide the figures of these files."""
    notes = []
    if cut := len(case.detections) - len(matches.det_row):
        notes.append(
            f"{cut} detections were cut: COCO judges at most {MAX_DETECTIONS} of a class on an image, the highest"
            " scores."
        )
    if (case.truth.annotation_ids[~case.truth.crowd] == 0).any():
        notes.append(
            "An annotation has the id 0: pycocotools (2.0.11) takes whatever finds it for unmatched, so its figures"
            " are lower. Here it counts as any other. Ids from 1 on give the same figures everywhere."
        )
    return notes


def overlap_notes(case: files.Case, accumulated: Accumulated) -> list[str]:
    """What AP would be by the overlap of turned boxes that ultralytics uses."""
    truth, detections = as_ultralytics_compares(case)
    if truth is case.truth:
        return []
    by_gaussians = accumulate(match(truth, detections, classes=case.classes)).figures()["AP"]
    return [
        f"AP is {files.figure_text(accumulated.figures()['AP'])} by the exact overlap of turned boxes and"
        f" {files.figure_text(by_gaussians)} by the probabilistic one, which ultralytics trains and judges by: it takes"
        " a box for a normal distribution, so that a slim box a little off loses less, and the angle of a square counts"
        " for nothing."
    ]


def per_class(case: files.Case, accumulated: Accumulated) -> list[dict[str, Any]]:
    """A row per category, in rising id."""
    by_size = np.array([[_mean(accumulated.precision[:, :, c, a]) for a in (1, 2, 3)] for c in range(case.classes)])
    return [
        {
            "category_id": case.coco.category_ids[row.class_index],
            "name": case.coco.category_names[row.class_index],
            "AP": row.ap,
            "AP50": row.ap50,
            "AP75": row.ap75,
            "APs": sizes[0],
            "APm": sizes[1],
            "APl": sizes[2],
            "AR100": row.ar100,
            "annotations": row.boxes,
            "detections": row.detections,
        }
        for row, sizes in zip(accumulated.per_class(), by_size, strict=True)
    ]


def at_iou(case: files.Case, iou: float) -> dict[str, Any]:
    """AP at one IoU by the three rules of integration, mean over the classes that have a box."""
    matches = match(case.truth, case.detections, classes=case.classes, iou_thresholds=(iou,))
    scored = {rule: average_precisions(matches, iou, rule) for rule in Rule}
    return {
        "iou": iou,
        "AP": _mean(scored[Rule.COCO]),
        "voc11": _mean(scored[Rule.VOC11]),
        "voc": _mean(scored[Rule.VOC]),
        "per_class": scored[Rule.COCO],
    }


def with_ends(found: Interval) -> dict[str, float]:
    return {"value": found.value, "low": found.low, "high": found.high}


def interval(case: files.Case, matches: Matches) -> dict[str, Any]:
    """95 % intervals of mAP, mAP50, mAP75, AR100 and the classes."""
    found = bootstrap(matches, groups=case.coco.groups)
    drawn_by = "image" if case.coco.groups is None else "sequence"
    if found.groups < FEWEST_SURE:
        case.notes.append(
            f"The intervals come from {found.groups} {drawn_by}s: from fewer than {FEWEST_SURE}, those of mAP are a "
            "little too narrow (see docs/bootstrap.md)."
        )
    return {
        "drawn_by": drawn_by,
        **{name: with_ends(getattr(found, held)) for name, held in BOUNDED.values()},
        "per_class": [with_ends(each) for each in found.classes],
        "smallest_shown": found.smallest_shown,
        "resamples": found.resamples,
    }


def _mean(values: np.ndarray) -> float:
    present = values[~np.isnan(values)]
    return float(present.mean()) if present.size else float("nan")


def figure_row(name: str, value: float, intervals: dict[str, Any] | None) -> list[str]:
    """A figure, and where intervals were asked for the one it has."""
    row = [name, files.figure_text(value)]
    if intervals is None:
        return row
    if name not in BOUNDED:
        return [*row, ""]
    ends = intervals[BOUNDED[name][0]]
    return [*row, f"{files.figure_text(ends['low'])} to {files.figure_text(ends['high'])}"]


def show(answer: dict[str, Any], options: argparse.Namespace) -> None:
    """Print for people."""
    counts = (answer["images"], answer["annotations"], answer["detections"])
    compared = "" if answer["iou_type"] == IouType.BBOX else f", compared by {answer['iou_type']}"
    print("{:,} images, {:,} annotations, {:,} detections".format(*counts) + f"{compared}\n")
    found = answer.get("interval")
    head = ["", "value", "95 %"] if found else ["", "value"]
    files.table(head, [figure_row(name, answer["figures"][name], found) for name in FIGURES])
    if found:
        print(f"\nThe intervals come from {found['resamples']:,} resamples by {found['drawn_by']}.")
        print(f"A true gain of {files.figure_text(found['smallest_shown'])} would be shown four times in five.")
    if answer["at_iou"]:
        print()
        rows = [
            [f"IoU {row['iou']:g}", *map(files.figure_text, (row["AP"], row["voc11"], row["voc"]))]
            for row in answer["at_iou"]
        ]
        files.table(["", "AP", "VOC 11-point", "VOC all-point"], rows)
    if options.per_class:
        print()
        columns = ["AP", "AP50", "AP75", "AR100"]
        rows = [
            [
                row["name"],
                *(files.figure_text(row[name]) for name in columns),
                f"{row['annotations']:,}",
                f"{row['detections']:,}",
            ]
            for row in answer["per_class"]
        ]
        files.table(["class", *columns, "annotations", "detections"], rows)
    other = answer["ultralytics"]
    figures = f"mAP50 {files.figure_text(other['mAP50'])}, mAP50-95 {files.figure_text(other['mAP'])}"
    print(f"\nultralytics would print {figures}. {other['why']}")
    files.print_notes(answer)
    if options.report:
        print(f"\nThe report is in {options.report}.")
