"""Masks: our evaluation beside its peers, from the same files, in one run: seconds, ratio, difference, peak memory.

    python -m venv /tmp/peers
    /tmp/peers/bin/pip install pycocotools==2.0.11 hotcoco==1.3.0 faster-coco-eval==1.8.0
    PYTHONPATH=platform:. python benchmarks/shape_peers.py --peers /tmp/peers/bin/python [--images 2000]

JSON files to the twelve figures of masks. Each tool runs in a process of its own, once on a small set to warm up, then
--repeats times on the large one, and the tools take turns for --rounds rounds; the quickest counts. Files are made:
images of 640 x 480, seven polygons of 12 to 60 corners an image (one in twenty a crowd as RLE), twenty detections an
image as compressed RLE, as detectors write them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

HEIGHT, WIDTH, OBJECTS, DETECTIONS, CLASSES = 480, 640, 7, 20, 10
TOOLS = ("pycocotools", "hotcoco", "faster")

THEIRS = r"""
import contextlib, io, json, sys, time
tool, small, large, repeats = sys.argv[1], *map(json.loads, sys.argv[2:4]), int(sys.argv[4])
if tool == "hotcoco": from hotcoco import COCO, COCOeval
elif tool == "faster": from faster_coco_eval import COCO, COCOeval_faster as COCOeval
else:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
def evaluated(paths):
    truth = COCO(paths[0]); found = truth.loadRes(paths[1]); e = COCOeval(truth, found, "segm")
    e.evaluate(); e.accumulate(); e.summarize()
    return [float(v) for v in e.stats[:12]]
taken, worked = [], []
with contextlib.redirect_stdout(io.StringIO()):
    evaluated(small)
    for _ in range(repeats):
        began, before = time.perf_counter(), time.process_time(); stats = evaluated(large)
        taken.append(time.perf_counter() - began); worked.append(time.process_time() - before)
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
print(json.dumps({"seconds": min(taken), "worked": min(worked), "stats": stats, "memory": peak}))
"""


def outline(rng: np.random.Generator, centre: np.ndarray, size: float) -> np.ndarray:
    """(K, 2) corners of a bumpy shape around a centre."""
    corners = int(rng.integers(12, 61))
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    reach = size * rng.uniform(0.7, 1.0, corners)
    return np.column_stack([centre[0] + reach * np.cos(angle), centre[1] + reach * np.sin(angle)]).round(2)


def files(folder: Path, images: int) -> list[str]:
    """Write labels and detections, and return their paths."""
    from science.shapes.masks import counts_of
    from science.shapes.polygons import filled, polygons_of
    from science.shapes.rle_text import texts_of

    rng = np.random.default_rng(0)
    drawn: list[np.ndarray] = []
    found: list[np.ndarray] = []
    for _ in range(images):
        here = [
            outline(rng, rng.uniform(0, 1, 2) * (WIDTH, HEIGHT), float(rng.lognormal(3.6, 0.7))) for _ in range(OBJECTS)
        ]
        drawn.extend(here)
        shown = [here[k] for k in rng.integers(0, OBJECTS, DETECTIONS)]
        found.extend(shape + rng.normal(0, 1.5, shape.shape) + rng.normal(0, 3, 2) for shape in shown)
    shapes, guesses = (
        filled(
            polygons_of([[one.reshape(-1).tolist()] for one in outlines]),
            np.full(len(outlines), HEIGHT, np.int32),
            np.full(len(outlines), WIDTH, np.int32),
        )
        for outlines in (drawn, found)
    )
    lengths, boxes = counts_of(shapes), shapes.boxes()
    size = [HEIGHT, WIDTH]
    annotations = [
        {
            "id": k + 1,
            "image_id": k // OBJECTS + 1,
            "category_id": k % CLASSES + 1,
            "iscrowd": int(k % 20 == 0),
            "area": int(shapes.area[k]),
            "bbox": [*boxes[k, :2].tolist(), *(boxes[k, 2:] - boxes[k, :2]).tolist()],
            "segmentation": {"size": size, "counts": lengths[k]} if k % 20 == 0 else [drawn[k].reshape(-1).tolist()],
        }
        for k in range(len(drawn))
    ]
    results = [
        {
            "image_id": k // DETECTIONS + 1,
            "category_id": int(rng.integers(1, CLASSES + 1)),
            "score": round(float(rng.random()), 5),
            "segmentation": {"size": size, "counts": text},
        }
        for k, text in enumerate(texts_of(guesses))
    ]
    labels = {
        "images": [{"id": i + 1, "file_name": f"{i:06}.jpg", "width": WIDTH, "height": HEIGHT} for i in range(images)],
        "categories": [{"id": c + 1, "name": f"class {c}"} for c in range(CLASSES)],
        "annotations": annotations,
    }
    paths = [folder / f"labels{images}.json", folder / f"results{images}.json"]
    for path, content in zip(paths, (labels, results), strict=True):
        path.write_text(json.dumps(content))
    return [str(path) for path in paths]


def ours(small: list[str], large: list[str], repeats: int) -> dict[str, Any]:
    """What the peers' process does, with our functions."""
    from benchmarks.evaluation_peers import peak_mib
    from science.coco.files import read_results, read_truth
    from science.evaluation.average_precision import accumulate
    from science.evaluation.matching import match
    from science.shapes.kinds import IouType

    def evaluated(paths: list[str]) -> list[float]:
        coco = read_truth(Path(paths[0]), IouType.SEGM)
        found = read_results(Path(paths[1]), coco).detections
        return [float(value) for value in accumulate(match(coco.truth, found, classes=CLASSES)).as_coco()]

    evaluated(small)
    taken, worked = [], []
    for _ in range(repeats):
        began, before = time.perf_counter(), time.process_time()
        stats = evaluated(large)
        taken.append(time.perf_counter() - began)
        worked.append(time.process_time() - before)
    return {"seconds": min(taken), "worked": min(worked), "stats": stats, "memory": peak_mib()}


def measure(options: argparse.Namespace) -> None:
    """Print the table."""
    from benchmarks.evaluation_peers import run

    with tempfile.TemporaryDirectory() as name:
        small, large = files(Path(name), 50), files(Path(name), options.images)
        size = sum(Path(path).stat().st_size for path in large) / 2**20
        print(
            f"{options.images:,} images, {options.images * OBJECTS:,} masks, {options.images * DETECTIONS:,}", end=" "
        )
        print(f"detections, {size:.0f} MiB of JSON; cores {len(os.sched_getaffinity(0))}")
        paths, once = [json.dumps(small), json.dumps(large)], str(options.repeats)
        commands = {"ours": [sys.executable, __file__, "--one", *paths, once]}
        commands |= {tool: [options.peers, "-c", THEIRS, tool, *paths, once] for tool in options.tools}
        rounds = [{tool: run(command) for tool, command in commands.items()} for _ in range(options.rounds)]
    mine = quickest([one["ours"] for one in rounds])
    print(f"{'tool':<14}{'seconds':>9}{'ratio':>8}{'of all cores':>14}{'ratio':>8}{'difference':>13}{'MiB':>7}")
    for tool in commands:
        said = quickest([one[tool] for one in rounds])
        apart = max(abs(a - b) for a, b in zip(mine["stats"], said["stats"], strict=True))
        print(
            f"{tool:<14}{said['seconds']:9.2f}{said['seconds'] / mine['seconds']:8.1f}{said['worked']:14.2f}"
            f"{said['worked'] / mine['worked']:8.1f}{apart:13.1e}{said['memory']:7.0f}"
        )


def quickest(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """What a tool said, with the least of its rounds."""
    return rounds[0] | {what: min(one[what] for one in rounds) for what in ("seconds", "worked", "memory")}


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", help="a Python that has the peers")
    parser.add_argument("--images", type=int, default=2_000)
    parser.add_argument("--repeats", type=int, default=2, help="in a process")
    parser.add_argument("--rounds", type=int, default=2, help="processes of each tool, by turns")
    parser.add_argument("--tools", nargs="+", default=list(TOOLS), choices=TOOLS)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(ours(json.loads(options.one[0]), json.loads(options.one[1]), int(options.one[2]))))
        return
    if not options.peers:
        parser.error("--peers is needed")
    measure(options)


if __name__ == "__main__":
    main()
