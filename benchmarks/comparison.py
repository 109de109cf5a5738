"""How long a comparison takes, part by part, and how quickly what changed is listed.

    PYTHONPATH=.:platform python benchmarks/comparison.py [--images 10000]

An embedded Postgres of its own in a temporary folder with images of 8 to 28 boxes; two simulated detectors are
imported, judged and compared as their jobs do it. Printed are the seconds of each part of the comparison's job beside
those of one evaluation, and the milliseconds (median, p95) of the object grid's requests about what changed beside the
same requests without a comparison.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.grid_reads import fill, milliseconds, p95
from embedded.servers import Servers

READS = {
    "page of all objects": "objects?limit=100&evaluation={b}",
    "page of what was fixed": "objects?limit=100&evaluation={b}&comparison={c}&changed=fixed",
    "page of new false positives": "objects?limit=100&evaluation={b}&comparison={c}&changed=fp_new",
    "largest first": "objects?limit=100&order=-area&evaluation={b}&comparison={c}&changed=fixed",
    "count of what was fixed": "objects/count?evaluation={b}&comparison={c}&changed=fixed",
    "count of new false positives": "objects/count?evaluation={b}&comparison={c}&changed=fp_new",
    "facets of a comparison": "objects/facets?evaluation={b}&comparison={c}",
    "images with fewer errors": "images?limit=100&boxes=1&q=improved(comparison = {c})",
    "count of them": "images/count?q=improved(comparison = {c})",
}


class Clock:
    """A job's report that prints how long each part took."""

    def __init__(self) -> None:
        self.began, self.part = time.perf_counter(), ""

    def __call__(self, progress: float, message: str) -> None:
        self.stop()
        self.began, self.part = time.perf_counter(), message

    def stop(self) -> None:
        if self.part:
            print(f"  {self.part:52} {time.perf_counter() - self.began:7.2f} s", flush=True)
        self.part = ""


def detector(dataset: Any, name: str, seed: int, skill: float) -> Any:
    """A prediction set: most boxes, placed better the greater the skill, some of another class, and false alarms."""
    from dataset.bulk import copy_out
    from dataset.models import Manifest
    from dataset.services.predictions import store_predictions

    random = np.random.default_rng(seed)
    columns = [np.int64, np.int64, *[np.float32] * 4]
    query = "SELECT image_id, label_class_id, x1, y1, x2, y2 FROM dataset_annotation ORDER BY image_id, id"
    image, label, *sides = copy_out(query, [], columns)
    boxes = np.stack(sides, axis=1)
    seen = random.random(len(image)) < skill
    image, label, boxes = image[seen], label[seen], boxes[seen]
    classes = np.unique(label)
    label = np.where(random.random(len(label)) < 1 / 12, random.choice(classes, len(label)), label)
    size = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
    boxes = boxes + random.normal(0, 0.12 / skill, size.shape) * size
    alarms = random.random(len(image)) < 0.25
    moved = boxes[alarms] + random.uniform(200, 500, (int(alarms.sum()), 1))
    return store_predictions(
        dataset=dataset,
        manifest=Manifest.objects.earliest("pk"),
        name=name,
        kind="imported",
        image_ids=np.concatenate([image, image[alarms]]),
        class_ids=np.concatenate([label, label[alarms]]),
        boxes=np.concatenate([boxes, moved]).astype(np.float32),
        scores=np.concatenate([random.uniform(0.3, 1, len(image)), random.uniform(0.1, 0.7, len(moved))]),
    )


def evaluation_of_set(prediction_set: Any, report: Any = lambda progress, message: None) -> Any:
    """Its evaluation; prints the seconds."""
    from curate.evaluations import creation
    from curate.evaluations.evaluate import evaluate

    thresholds = creation.Thresholds()
    made = creation.create(prediction_set=prediction_set, author=None, revision=1, thresholds=thresholds)
    began = time.perf_counter()
    evaluate(made, report)
    print(f"evaluation of {prediction_set.name:40} {time.perf_counter() - began:7.2f} s", flush=True)
    return made


def compared(a: Any, b: Any) -> Any:
    """Their comparison; prints the seconds of its parts."""
    from curate.comparisons import compare
    from curate.models import Comparison

    comparison = Comparison.objects.create(dataset=a.dataset, a=a, b=b)
    clock, began = Clock(), time.perf_counter()
    report: Any = clock
    result = compare.compute_comparison(comparison, report)
    clock.stop()
    print(f"{'comparison':54} {time.perf_counter() - began:7.2f} s")
    print({name: result["changes"]["objects"][name] for name in ("fixed", "broken", "fp_gone", "fp_new")})
    return comparison


def measure(images: int) -> None:
    """Fill, judge, compare and ask."""
    from django.db import connection

    client, dataset, _ = fill(images)
    for warm in (True, False):  # the first time what is compiled is loaded
        sets = [detector(dataset, f"{name}{' warm' if warm else ''}", seed, skill)
                for name, seed, skill in (("first", 1, 0.7), ("second", 2, 0.8))]  # fmt: skip
        comparison = compared(*(evaluation_of_set(one) for one in sets))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"\n{'ms':32} {'median':>8} {'p95':>8}")
    for name, path in READS.items():
        where = f"/api/v1/datasets/{dataset.pk}/" + path.format(b=comparison.b_id, c=comparison.pk)
        taken = milliseconds(client, where)
        print(f"{name:32} {statistics.median(taken):8.1f} {p95(taken):8.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=10_000)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        load = os.getloadavg()[0]
        measure(asked.images)
        print(f"load of the machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after")
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
