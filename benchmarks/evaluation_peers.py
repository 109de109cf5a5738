"""Our evaluation beside its peers, from the same files, in one run: seconds, ratio, difference and peak memory.

    python -m venv /tmp/peers
    /tmp/peers/bin/pip install ultrafast-pycocotools==0.1.14 hotcoco==1.3.0 faster-coco-eval pycocotools tidecv==1.0.1
    PYTHONPATH=platform:. python benchmarks/evaluation_peers.py --peers /tmp/peers/bin/python [--images 6000] [--slow]

Each tool runs in a process of its own, does all once to warm up on a small set, then --repeats times on the large one.
The tools take turns for --rounds rounds, and the quickest of all counts, as other work on the machine only adds; beside
it stand the processor seconds of all threads together, which other work adds to least. --slow
adds pycocotools and tidecv once each at the first size, which takes a minute. Files are generated: 18 boxes and 49
detections per image, ten classes, boxes with two decimals and scores with five, as ultralytics writes them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import orjson

IMAGES, BOXES, DETECTIONS, CLASSES = (6_000, 30_000), 18, 49, 10
QUICK, SLOW = ("ultrafast", "hotcoco", "faster"), ("pycocotools", "tidecv")
TASKS = {
    "figures": "JSON files to twelve figures",
    "reading": "detections from JSON to columns",
    "slice": "figures of a 20 % slice",
    "errors": "verdict of every box, confusion matrix, error budget",
    "resamples": "1,000 paired resamples of the difference in mAP",
}
SLICE = 5  # every fifth image is the slice of 20 %

THEIRS = r"""
import contextlib, io, json, sys, time
tool, small, large, repeats = sys.argv[1], *map(json.loads, sys.argv[2:4]), int(sys.argv[4])
hush = contextlib.redirect_stdout(io.StringIO())
if tool == "ultrafast": from ultrafast_pycocotools import COCO, COCOeval
elif tool == "hotcoco": from hotcoco import COCO, COCOeval
elif tool == "faster": from faster_coco_eval import COCO, COCOeval_faster as COCOeval
elif tool == "pycocotools":
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
else:
    import tidecv
def evaluated(paths):
    truth = COCO(paths[0]); found = truth.loadRes(paths[1]); e = COCOeval(truth, found, "bbox")
    e.evaluate(); e.accumulate(); e.summarize()
    return e
def tide(paths):
    truth, found = tidecv.Data("truth"), tidecv.Data("found")
    gt, dt = json.load(open(paths[0])), json.load(open(paths[1]))
    for image in gt["images"]: truth.add_image(image["id"], str(image["id"]))
    for row in gt["annotations"]: truth.add_ground_truth(row["image_id"], row["category_id"], row["bbox"])
    for row in dt: found.add_detection(row["image_id"], row["category_id"], row["score"], row["bbox"])
    began = time.process_time()
    run = tidecv.TIDE(); run.evaluate(truth, found, mode=tidecv.TIDE.BOX, name="x")
    return run.get_all_errors(), time.process_time() - began
said = {"seconds": {}, "worked": {}, "stats": None, "delta": None}
def quickest(name, work):
    times, worked = [], []
    for _ in range(repeats):
        began, before = time.perf_counter(), time.process_time(); result = work()
        times.append(time.perf_counter() - began); worked.append(time.process_time() - before)
    said["seconds"][name], said["worked"][name] = min(times), min(worked)
    return result
with hush:
    if tool == "tidecv":
        errors, seconds = tide(large)
        said["seconds"]["errors"] = said["worked"]["errors"] = seconds
        said["delta"] = {k: v / 100 for part in errors.values() for k, v in part["x"].items()}
    else:
        evaluated(small)
        e = quickest("figures", lambda: evaluated(large))
        said["stats"] = [float(v) for v in e.stats[:12]]
        if tool == "hotcoco":
            ids = [i for i in e.coco_gt.get_img_ids() if i % 5 == 0]
            quickest("slice", lambda: e.slice_by({"part": ids}))
            errors = quickest("errors", lambda: e.tide_errors())
            quickest("confusion", lambda: e.confusion_matrix())
            said["delta"] = errors["delta_ap"]
said["memory"] = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
print(json.dumps(said))
"""


def peak_mib() -> float:
    """The most memory that this process has had; getrusage would give its parent's where that is more."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def files(folder: Path, images: int) -> list[str]:
    """Write labels and detections, and return their paths."""
    from benchmarks.evaluate import data

    truth, found = data(images, detections=DETECTIONS)
    order = np.argsort(found.image_index, kind="stable")

    def xywh(boxes: np.ndarray) -> list[list[float]]:
        wide = boxes.astype(np.float64)
        sides = np.maximum(wide[:, 2:] - wide[:, :2], 1)
        rows: list[list[float]] = np.round(np.concatenate([wide[:, :2], sides], axis=1), 2).tolist()
        return rows

    paths = [folder / f"labels{images}.json", folder / f"results{images}.json"]
    annotations = [
        {"id": k + 1, "image_id": i + 1, "category_id": c + 1, "bbox": b, "area": b[2] * b[3], "iscrowd": 0}
        for k, (i, c, b) in enumerate(
            zip(truth.image_index.tolist(), truth.class_index.tolist(), xywh(truth.boxes), strict=True)
        )
    ]
    labels = {
        "images": [{"id": i + 1, "file_name": f"{i:06}.jpg", "width": 1280, "height": 720} for i in range(images)],
        "categories": [{"id": c + 1, "name": f"class {c}"} for c in range(CLASSES)],
        "annotations": annotations,
    }
    rows = zip(
        found.image_index[order].tolist(), found.class_index[order].tolist(), xywh(found.boxes[order]),
        np.round(found.scores[order].astype(np.float64), 5).tolist(), strict=True,
    )  # fmt: skip
    results = [{"image_id": i + 1, "category_id": c + 1, "bbox": b, "score": s} for i, c, b, s in rows]
    paths[0].write_text(json.dumps(labels))
    paths[1].write_text(json.dumps(results))
    return [str(path) for path in paths]


def ours(small: list[str], large: list[str], repeats: int) -> dict[str, Any]:
    """What the peers' process does, with our functions."""
    from science.coco.files import read_results, read_truth
    from science.evaluation.average_precision import accumulate
    from science.evaluation.bootstrap import compare
    from science.evaluation.error_budget import error_budget
    from science.evaluation.matching import match
    from science.evaluation.overlaps import overlapping
    from science.evaluation.verdicts import BACKGROUND_IOU, confusion_matrix, verdicts

    def evaluated(paths: list[str]) -> Any:
        coco = read_truth(Path(paths[0]))
        found = read_results(Path(paths[1]), coco).detections
        matches = match(coco.truth, found, classes=CLASSES)
        return coco.truth, found, matches, accumulate(matches).as_coco()

    def judged(truth: Any, found: Any) -> Any:
        overlaps = overlapping(truth, found, least=BACKGROUND_IOU)
        confusion_matrix(verdicts(truth, found, overlaps=overlaps), CLASSES)
        return error_budget(truth, found, classes=CLASSES, overlaps=overlaps)

    said: dict[str, Any] = {"seconds": {}, "worked": {}}

    def quickest(name: str, work: Callable[[], Any], times: int = repeats) -> Any:
        taken, worked = [], []
        for _ in range(times):
            began, before = time.perf_counter(), time.process_time()
            result = work()
            taken.append(time.perf_counter() - began)
            worked.append(time.process_time() - before)
        said["seconds"][name], said["worked"][name] = min(taken), min(worked)
        return result

    warm = evaluated(small)
    judged(*warm[:2])
    compare(warm[2], warm[2], resamples=2)
    truth, found, matches, stats = quickest("figures", lambda: evaluated(large))
    said["memory"] = peak_mib()
    coco = read_truth(Path(large[0]))
    quickest("reading", lambda: read_results(Path(large[1]), coco))
    quickest("orjson", lambda: with_orjson(large[1]))
    weights = np.arange(1, matches.images + 1) % SLICE == 0
    quickest("slice", lambda: accumulate(matches, weights).as_coco())
    budget = quickest("errors", lambda: judged(truth, found))
    if matches.images <= IMAGES[0]:
        worse = match(truth, found.take(found.scores > 0.02), classes=CLASSES)
        quickest("resamples", lambda: compare(worse, matches), 1)
    names = ("class", "localisation", "both", "duplicate", "background", "missed", "false_positive", "false_negative")
    short = ("Cls", "Loc", "Both", "Dupe", "Bkg", "Miss", "FalsePos", "FalseNeg")
    return said | {
        "stats": stats.tolist(),
        "delta": {theirs: budget.delta_ap[mine] for theirs, mine in zip(short, names, strict=True)},
    }


def with_orjson(path: str) -> list[np.ndarray]:
    """Read a results file into the same columns by way of objects."""
    rows = orjson.loads(Path(path).read_bytes())
    columns = [np.array([row[name] for row in rows], np.float64) for name in ("image_id", "category_id", "score")]
    return [*columns, np.fromiter(chain.from_iterable(row["bbox"] for row in rows), np.float64, 4 * len(rows))]


def run(command: list[str]) -> dict[str, Any]:
    """Run one tool and read the last line that it prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[3] if len(command) > 3 else command} failed:\n{done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def measure(images: int, options: argparse.Namespace, *, slow: bool) -> None:
    """Print the table of one size."""
    with tempfile.TemporaryDirectory() as name:
        small, large = files(Path(name), 100), files(Path(name), images)
        size = sum(Path(path).stat().st_size for path in large) / 2**20
        print(
            f"\n{images:,} images, {images * BOXES:,} boxes, {images * DETECTIONS:,} detections, {size:.0f} MiB of JSON"
        )
        paths, once = [json.dumps(small), json.dumps(large)], str(options.repeats)
        commands = {"ours": [sys.executable, __file__, "--one", *paths, once]}
        commands |= {tool: [options.peers, "-c", THEIRS, tool, *paths, once] for tool in options.tools}
        rounds = [{tool: run(command) for tool, command in commands.items()} for _ in range(options.rounds)]
        said = {tool: quickest_of([each[tool] for each in rounds]) for tool in commands}
        for tool in SLOW if slow else ():
            said[tool] = run([options.peers, "-c", THEIRS, tool, *paths, "1"])
    print(f"cores {len(os.sched_getaffinity(0))}, load {' '.join(f'{load:.1f}' for load in os.getloadavg())}")
    print_table(said)


def quickest_of(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a tool said, with the least seconds and memory of its rounds."""
    least = {
        what: {task: min(each[what][task] for each in rounds) for task in rounds[0][what]}
        for what in ("seconds", "worked")
    }
    return rounds[0] | least | {"memory": min(each["memory"] for each in rounds)}


def print_table(said: dict[str, dict[str, Any]]) -> None:
    """Print a row for each task and tool; ratios are how many times as long as ours the tool took."""
    mine = said["ours"]
    said = said | {"orjson": {what: {"reading": mine[what].pop("orjson")} for what in ("seconds", "worked")}}
    print(f"{'':<70}{'':>9}{'':>8}{'of all cores':>17}")
    print(f"{'task':<56}{'tool':<14}{'seconds':>9}{'ratio':>8}{'seconds':>9}{'ratio':>8}{'difference':>13}{'MiB':>7}")
    for task, seconds in mine["seconds"].items():
        worked = mine["worked"][task]
        print(f"{TASKS[task]:<56}{'ours':<14}{seconds:9.3f}{'':>8}{worked:9.3f}{'':>21}{memory(task, mine)}")
        for tool, theirs in said.items():
            if tool == "ours" or task not in theirs["seconds"]:
                continue
            taken, theirs_worked = (
                theirs[what][task] + (theirs[what].get("confusion", 0) if task == "errors" else 0)
                for what in ("seconds", "worked")
            )
            print(
                f"{'':<56}{tool:<14}{taken:9.3f}{taken / seconds:8.1f}{theirs_worked:9.3f}{theirs_worked / worked:8.1f}"
                f"{difference(task, mine, theirs):>13}{memory(task, theirs)}"
            )


def memory(task: str, said: dict[str, Any]) -> str:
    """The peak of the process in MiB, beside the figures."""
    return f"{said['memory']:7.0f}" if task == "figures" else ""


def difference(task: str, mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """The largest difference of what both computed."""
    if task == "figures":
        return f"{max(abs(a - b) for a, b in zip(mine['stats'], theirs['stats'], strict=True)):.1e}"
    if task == "errors":
        shared = mine["delta"].keys() & theirs["delta"].keys()
        return f"{max(abs(mine['delta'][name] - theirs['delta'][name]) for name in shared):.1e}"
    return ""


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", help="a Python that has the peers")
    parser.add_argument("--images", type=int, nargs="+", default=list(IMAGES))
    parser.add_argument("--repeats", type=int, default=5, help="in a process")
    parser.add_argument("--rounds", type=int, default=3, help="processes of each tool, by turns")
    parser.add_argument("--tools", nargs="+", default=list(QUICK), choices=QUICK)
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(ours(json.loads(options.one[0]), json.loads(options.one[1]), int(options.one[2]))))
        return
    if not options.peers:
        parser.error("--peers is needed")
    for images in options.images:
        measure(images, options, slow=options.slow and images == options.images[0])


if __name__ == "__main__":
    main()
