"""Our runtime of exported forms beside ultralytics' own predict of the same weights, in one run.

    PYTHONPATH=.:platform python benchmarks/serving.py [--architecture yolo11n] [--imgsz 640] [--images 24] [--rounds 3]

Both read the same JPEG files, scale, run the network, suppress overlaps and give boxes. Each side is a process of its
own; they take turns, and the least of the rounds counts. Printed: processor time an image with one thread, which holds
on a busy machine too; images a second with two threads, which does not; memory of the process that holds the form,
before its first picture and after 16 pictures at once; and how far the boxes agree.

No weights of yolo11n can be had without a download, so they are drawn, and its class branch made loud enough for
boxes to come out. `--architecture road11t` takes the weights that ship with Halfday. Theirs names the best class of a
place alone, ours every class that is loud enough, as its evaluation does: so theirs have to be among ours.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

CONF, IOU, MOST = 0.25, 0.7, 300
WIDTH, HEIGHT = 1280, 720
OURS, FORMS = "halfday", ("openvino", "onnx")
THEIRS = "ultralytics"
SPREAD, LOUD = 1.0, 0.002  # of drawn logits: standard deviation, and the share of places that are seen
ROOT = Path(__file__).resolve().parents[1]
NAMES = tuple(f"class {number}" for number in range(80))

Rows = list[list[float]]  # image, class, x1, y1, x2, y2, score
Find = Callable[[Path], Rows]


def make_weights(folder: Path, architecture: str) -> Path:
    """A checkpoint of ours, and beside it the same weights for ultralytics."""
    import torch

    from model.engines.checkpoint import CheckpointHeader
    from model.engines.fitting import fit, input_of_group
    from model.engines.ultralytics import networks

    if architecture == "road11t":
        return ROOT / "model" / "weights" / "road11t.pt"
    torch.manual_seed(0)
    layout = networks.layout_of(architecture)
    network = networks.build(layout, NAMES)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        pictures = input_of_group(
            [(0, fit(path, 640, stretched=False)) for path in sorted(folder.glob("*.jpg"))], torch.device("cpu")
        )
        network.train()(pictures)  # layers learn the scale of what they are given
        logits = network.eval()(pictures)[1]["scores"]  # (B, C, A)
        scale = SPREAD / logits.std()
        floor = torch.quantile(logits.amax(1).flatten() * scale, 1 - LOUD)
        for name, parameter in network.named_parameters():
            if "cv3" in name and name.endswith(".2.weight"):
                parameter.mul_(scale)
            if "cv3" in name and name.endswith(".2.bias"):
                parameter.copy_(parameter * scale - floor - 1.1)  # a score of .25
    path = folder / f"{architecture}.pt"
    networks.save(path, network, CheckpointHeader(architecture, layout, NAMES, imgsz=640))
    return path


def make_images(folder: Path, count: int) -> None:
    """Generated scenes at the size of a dash camera's pictures."""
    import cv2

    from demo.scenes import scenes

    for scene in scenes(count, seed=4_100_000):
        pixels = cv2.resize(scene.pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / f"{scene.key}.jpg"), pixels[..., ::-1])


def our_finder(weights: Path, threads: int, _: int, form: str) -> Find:
    """By the exported form that lies beside the weights."""
    from model.serving.detector import open_form
    from model.serving.pictures import pixels_of_picture

    detector = open_form(weights.parent / form, threads=threads)

    def find(path: Path) -> Rows:
        (found,) = detector.detect([pixels_of_picture(path.read_bytes())], floor=CONF, iou=IOU, most=MOST)
        return [
            [c, *box, s]
            for c, box, s in zip(found.classes.tolist(), found.boxes.tolist(), found.scores.tolist(), strict=True)
        ]

    return find


def their_finder(weights: Path, threads: int, imgsz: int, _: str) -> Find:
    """By ultralytics' predict, in torch."""
    import torch
    from ultralytics import YOLO

    from model.engines.ultralytics import networks

    torch.set_num_threads(threads)
    network, header = networks.load(weights)
    model: Any = YOLO(f"{header.architecture}.yaml") if header.architecture != "road11t" else YOLO("yolo11n.yaml")
    network.names = dict(enumerate(header.class_names))
    network._forward_pre_hooks.clear()
    model.model = network

    def find(path: Path) -> Rows:
        (answer,) = model.predict(
            str(path), imgsz=imgsz, conf=CONF, iou=IOU, max_det=MOST, device="cpu", verbose=False, save=False
        )
        boxes = answer.boxes
        return [
            [c, *box, s] for c, box, s in zip(boxes.cls.tolist(), boxes.xyxy.tolist(), boxes.conf.tolist(), strict=True)
        ]

    return find


def rss() -> float:
    """MiB of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / (1 << 20)


def side(asked: argparse.Namespace) -> None:
    """One process: how long, how much, and the boxes."""
    finder = their_finder if asked.side == THEIRS else our_finder
    find = finder(asked.weights, asked.threads, asked.imgsz, asked.side)
    held = rss()
    paths = sorted(asked.folder.glob("*.jpg"))
    find(paths[0])
    began, used = time.perf_counter(), time.process_time()
    found = [find(path) for path in paths]
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    rows = [[place, *row] for place, boxes in enumerate(found) for row in boxes]
    for path in paths[:16]:
        find(path)
    print(json.dumps({"wall": wall / len(paths), "cpu": cpu / len(paths), "held": held, "after": rss(), "rows": rows}))


def measured(folder: Path, weights: Path, what: str, threads: int, imgsz: int) -> dict[str, Any]:
    """One round of one side."""
    command = [sys.executable, "-W", "ignore", __file__, "--side", what, "--weights", str(weights)]
    command += ["--folder", str(folder), "--threads", str(threads), "--imgsz", str(imgsz)]
    quiet = {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_CONFIG_DIR": str(weights.parent / "settings")}
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    environment = {**os.environ, **quiet, "PYTHONPATH": path, "OMP_NUM_THREADS": str(threads)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def least(rounds: list[dict[str, Any]], figure: str) -> float:
    return float(min(one[figure] for one in rounds))


def export_forms(weights: Path, folder: Path, imgsz: int) -> None:
    from model.engines import ExportRequest, run_in_process

    for form in FORMS:
        run_in_process(ExportRequest(weights, folder / form, imgsz, form), log=folder / "log")


def engine_rows(weights: Path, folder: Path, imgsz: int) -> Rows:
    """The boxes of our engine's own prediction, in float32."""
    from model.engines import PredictRequest, PredictSettings, run_in_process

    settings = PredictSettings(imgsz=imgsz, conf=CONF, iou=IOU, max_det=MOST, half=False)
    found = run_in_process(PredictRequest(weights, tuple(sorted(folder.glob("*.jpg"))), settings), log=folder / "log")
    table = np.column_stack([found.image_index, found.class_index, found.boxes, found.scores])
    rows: Rows = table.tolist()
    return rows


def compare(ours: Rows, theirs: Rows) -> str:
    """How far the boxes agree."""
    from science.evaluation.agreement import agreement
    from science.evaluation.types import Detections

    def detections(rows: Rows) -> Detections:
        table = np.array(rows, float).reshape(-1, 7)
        return Detections.of(image_index=table[:, 0], class_index=table[:, 1], boxes=table[:, 2:6], scores=table[:, 6])

    seen = agreement(detections(theirs), detections(ours), floor=CONF)
    return (
        f"{seen.first} boxes, {seen.matched} matched, {seen.extra} more of ours;"
        f" {seen.alike} with IoU >= .99, least {seen.iou_least:.4f}; scores within {seen.score_largest:.5f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architecture", default="yolo11n")
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--images", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--side", help=argparse.SUPPRESS)
    parser.add_argument("--weights", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        asked.threads = asked.threads[0]
        side(asked)
        return
    with tempfile.TemporaryDirectory() as name:
        run_all(Path(name), asked)


def run_all(folder: Path, asked: argparse.Namespace) -> None:
    """Make everything, measure in turns, print."""
    os.environ.update(HALFDAY_HOME=str(folder / "home"), YOLO_CONFIG_DIR=str(folder / "settings"), YOLO_OFFLINE="true")
    make_images(folder, asked.images)
    made = make_weights(folder, asked.architecture)
    weights = folder / "weights.pt"
    weights.write_bytes(made.read_bytes())
    export_forms(weights, folder, asked.imgsz)
    for threads in asked.threads:
        rounds: dict[str, list[dict[str, Any]]] = {what: [] for what in (THEIRS, *FORMS)}
        for _ in range(asked.rounds):
            for what, so_far in rounds.items():
                so_far.append(measured(folder, weights, what, threads, asked.imgsz))
        show(asked, threads, rounds)
    known = engine_rows(weights, folder, asked.imgsz)
    print("\nBoxes")
    for what in FORMS:
        print(f"{what:12} beside our engine:   {compare(rounds[what][0]['rows'], known)}")
        print(
            f"{what:12} beside ultralytics:  {compare(rounds[what][0]['rows'], rounds[THEIRS][0]['rows'])}", flush=True
        )


def show(asked: argparse.Namespace, threads: int, rounds: dict[str, list[dict[str, Any]]]) -> None:
    print(
        f"\n{asked.architecture}, {asked.imgsz} px, {asked.images} pictures of {WIDTH} x {HEIGHT}, {threads} thread(s)"
    )
    theirs = rounds[THEIRS]
    for what, so_far in rounds.items():
        cpu, wall = least(so_far, "cpu"), least(so_far, "wall")
        print(
            f"{what:12} {1000 * cpu:6.1f} ms of the processor ({least(theirs, 'cpu') / cpu:4.2f} x)"
            f"  {1 / wall:6.1f} images/s ({least(theirs, 'wall') / wall:4.2f} x)"
            f"  {least(so_far, 'held'):4.0f} MiB held, {least(so_far, 'after'):4.0f} after use"
        )


if __name__ == "__main__":
    main()
