"""`./halfday export CHECKPOINT --form openvino`: a checkpoint in another form, checked against it, from the shell.

export HALFDAY_URL=http://localhost:8000 HALFDAY_TOKEN=…
./halfday export 8 --form openvino --imgsz 640 --out night.zip
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from client.errors import HalfdayError
from client.halfday import Halfday
from client.nouns import Job

FORMS = ("onnx", "openvino", "torchscript", "tensorrt")
NOT_FOR_SERVING = 3  # exit code


def main(arguments: list[str]) -> int:
    """Export, say what it costs, save it; 1 where it is refused or fails, 3 where the form is not for serving."""
    asked = options().parse_args(arguments)
    try:
        with Halfday.from_environment() as halfday:
            form = exported(halfday, asked)
            print("\n".join(told(form)))
            if asked.out:
                print(f"Saved as {halfday.forms.download(form['id'], asked.out)}.")
    except HalfdayError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if form["may_be_served"] else NOT_FOR_SERVING


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./halfday export",
        description="A checkpoint in the form of another runtime, run beside the checkpoint on labelled images"
        " (docs/export-checkpoints.md).",
        epilog="HALFDAY_URL and HALFDAY_TOKEN say where the platform is, and who asks. Exit code 0: may be served;"
        " 3: made, but not for serving; 1: refused, or the job failed.",
    )
    parser.add_argument("checkpoint", type=int, help="its id")
    parser.add_argument("--form", choices=FORMS, default="onnx")
    parser.add_argument("--precision", choices=("f32", "bf16"), default="f32", help="bf16: of openvino only")
    parser.add_argument("--imgsz", type=int, metavar="PX", help="what the checkpoint was trained at, if left out")
    parser.add_argument("--slice", type=int, metavar="ID", help="to check on; its run's validation images if left out")
    parser.add_argument("--allowed-drop", type=float, metavar="X", help="of mAP, 0 to 1 (0.001)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="save the zip here")
    return parser


def exported(halfday: Halfday, asked: argparse.Namespace) -> dict[str, Any]:
    """The form, once its job has ended."""
    more = {name: getattr(asked, name) for name in ("precision", "imgsz", "slice", "allowed_drop")}
    job = halfday.checkpoints.export(asked.checkpoint, form=asked.form, **more)
    ended = halfday.jobs.wait(job, progress=_tell)
    result = ended["result"] or {}
    return halfday.forms.get(result["form"])


def _tell(job: Job) -> None:
    if job["message"]:
        print(f"  {job['message']}", file=sys.stderr)


def told(form: dict[str, Any]) -> list[str]:
    """What the form is, and how it differs."""
    head = f"{form['form']} {form['precision']}, {form['imgsz']} px, {form['size'] / 1e6:.1f} MB"
    found = form["differences"]
    if found is None:
        return [head, "Not checked: its checkpoint has no validation images. Name a slice (--slice)."]
    boxes, lines = found["boxes"], [head]
    lines.append(
        f"{boxes['matched']} of {boxes['first']} boxes matched, {boxes['extra']} more, {found['images']} images"
    )
    if boxes["matched"]:
        lines.append(
            f"least IoU {boxes['iou_least']:.4f}, scores within {boxes['score_largest']:.4f},"
            f" sides within {boxes['pixels_largest']:.2f} px"
        )
    return [*lines, _map_told(found["mAP"], form["may_be_served"])]


def _map_told(figures: dict[str, Any] | None, may: bool) -> str:
    if figures is None:
        return "Not checked: none of the images is labelled."
    ends = [f"{100 * end:+.2f}" if end is not None else "–" for end in (figures["low"], figures["high"])]
    both = f"mAP {100 * figures['checkpoint']:.2f} → {100 * figures['form']:.2f}"
    word = "may be served" if may else "not for serving: it may have lost more than is allowed"
    return f"{both}, difference {100 * figures['value']:+.2f} [{ends[0]}, {ends[1]}]: {word}"
