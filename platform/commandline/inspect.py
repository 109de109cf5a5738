"""`./halfday inspect PATH`: what an import of a folder or a zip would bring. No server and no account are needed."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

BAD_PATH = 2
SHOWN = 3  # entries of each kind

Report = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Print the report; 2 where the path is of no use."""
    from dataset.importing.box_forms import FORMS
    from dataset.importing.types import CLASS_NUMBERS, FORMATS

    parser = argparse.ArgumentParser(prog="./halfday inspect", description=__doc__)
    parser.add_argument("path", type=Path, metavar="PATH", help="a folder, or a zip archive")
    parser.add_argument("--format", choices=FORMATS, default="auto", help="default: found out")
    parser.add_argument("--annotations", metavar="FILE", help="the label file in PATH, where there are several")
    parser.add_argument("--box-form", choices=FORMS, help="what boxes are that a file does not tell")
    parser.add_argument("--class-numbers", choices=CLASS_NUMBERS, help="YOLO: whether they count from 0 or from 1")
    parser.add_argument("--json", action="store_true", help="the report as JSON, as the platform gives it")
    parser.add_argument("--all", action="store_true", help="every entry that the report keeps, not three of each kind")
    options = parser.parse_args(arguments)
    try:
        report = look_into(options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return BAD_PATH
    print(json.dumps(report, ensure_ascii=False, indent=1) if options.json else as_text(report, options))
    return 0


class Refused(Exception):
    """The path is of no use; the sentence says why."""


def configure() -> None:
    """Tell Django the limits and nothing else: no database, no applications."""
    from django.conf import settings

    from storage import limits

    if not settings.configured:
        settings.configure(MAX_IMAGE_PIXELS=limits.MAX_IMAGE_PIXELS, MAX_UPLOAD_BYTES=limits.MAX_UPLOAD_BYTES)


def look_into(options: argparse.Namespace) -> Report:
    """The report."""
    configure()
    from dataset.importing.inspection import CannotInspect, inspect
    from dataset.importing.types import Answers
    from jobs.errors import JobFailed

    try:
        answers = Answers(options.box_form, options.class_numbers)
        return inspect(options.path, say, wanted=options.format, annotations=options.annotations, answers=answers)
    except (CannotInspect, JobFailed) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{options.path} cannot be read: {error.strerror}.") from error
    finally:
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def say(progress: float, message: object) -> None:
    """Where somebody watches: one line that is written over."""
    if sys.stderr.isatty():
        print(f"\r\033[K{progress:4.0%}  {message}", end="", file=sys.stderr, flush=True)


def as_text(report: Report, options: argparse.Namespace) -> str:
    images, boxes = report["images"], report["boxes"]
    lines = [
        f"{options.path}: {report['format']}",
        f"  images  {images['found']:>9,} found  {images['added']:>9,} usable  {images['skipped']:>7,} skipped",
        f"  boxes   {boxes['found']:>9,} found  {boxes['added']:>9,} usable  {boxes['skipped']:>7,} skipped"
        f"  {boxes['clipped']:>7,} clipped",
        *class_lines(report["classes"]),
        *[f"\n  Question: {question['text']}" for question in report["questions"]],
        *prediction_lines(report["predictions"]),
        *[f"\n  {note['text']}." for note in report["notes"]],
        *problem_lines(report, most=None if options.all else SHOWN),
    ]
    return "\n".join(lines)


def class_lines(classes: list[Report]) -> list[str]:
    if not classes:
        return []
    width = max(5, *(len(one["name"]) for one in classes))
    rows = [f"  {one['name']:<{width}}  {one['found']:>9,}  {one['usable']:>9,}" for one in classes]
    return [f"\n  {'class':<{width}}  {'boxes':>9}  {'usable':>9}", *rows]


def prediction_lines(found: Report | None) -> list[str]:
    if not found:
        return []
    return [f"\n  {found['boxes']:,} predictions in {found['files']:,} files, which a prediction set can be made of."]


def problem_lines(report: Report, *, most: int | None) -> list[str]:
    """The entries, kind by kind, the first few of each."""
    lines: list[str] = [] if report["kinds"] else ["\n  Nothing would be skipped or repaired."]
    for kind in report["kinds"]:
        title = kind["kind"].replace("_", " ")
        speaks = f", of {kind['count']:,} boxes or images" if kind["count"] != kind["entries"] else ""
        lines.append(f"\n  {kind['action']}: {title} ({kind['entries']:,}{speaks})")
        own = [one for one in report["problems"] if (one["kind"], one["action"]) == (kind["kind"], kind["action"])]
        lines += [f"    {where(one)}: {one['reason']}" for one in own[:most]]
        if (rest := kind["entries"] - len(own[:most])) > 0:
            lines.append(f"    … and {rest:,} more")
    return lines


def where(one: Report) -> str:
    """File, and line or record."""
    if "line" in one:
        return f"{one['file']}, line {one['line']}"
    return f"{one['file']}, {one['record']}" if "record" in one else str(one["file"])
