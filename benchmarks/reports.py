"""How long a report takes to make, and how large it is.

    PYTHONPATH=.:platform python benchmarks/reports.py [--images 6000]

Fills an embedded Postgres of its own in a temporary folder as benchmarks/analytics.py does, with pictures of 1280 × 720
and 49 predictions an image by two simulated detectors, evaluates and compares them, and asks for the reports: with
nothing kept (arrays to be read, parts to be drawn anew), again, without pictures; then what takes how long.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.analytics import fill
from embedded.servers import Servers

PICTURES, PREDICTIONS, SIDE = 60, 49, (1280, 720)


def give_pictures(dataset: Any) -> None:
    """Some pictures of noise, which images share; each image keeps a hash of its own."""
    import numpy as np
    from PIL import Image as Picture

    from dataset.models import Image
    from storage import blobs

    random, ids = np.random.default_rng(0), list(Image.objects.filter(dataset=dataset).values_list("pk", flat=True))
    for place in range(PICTURES):
        coarse = random.integers(0, 255, (SIDE[1] // 8, SIDE[0] // 8, 3), dtype=np.uint8)
        file = BytesIO()
        Picture.fromarray(coarse).resize(SIDE).save(file, "JPEG", quality=85)
        blob = blobs.put_bytes(file.getvalue(), suffix=".jpg")
        Image.objects.filter(pk__in=ids[place::PICTURES]).update(location=blob.key)


def predict(dataset: Any, name: str, skill: float, seed: int) -> Any:
    """A detector that finds a share of the boxes, badly scored where badly placed, and imagines the rest."""
    import numpy as np

    from dataset.models import Image, Manifest
    from dataset.selectors.annotations import labels_at
    from dataset.services.predictions import store_predictions

    labels, random = labels_at(dataset=dataset, revision=1), np.random.default_rng(seed)
    ids = np.sort(np.array(Image.objects.filter(dataset=dataset).values_list("pk", flat=True), np.int64))
    manifest, _ = Manifest.objects.get_or_create(
        dataset=dataset, content_hash="0" * 64,
        defaults={"revision": 1, "image_ids": ids.tolist(), "image_count": len(ids), "annotation_count": len(labels)},
    )  # fmt: skip
    found = np.flatnonzero(random.random(len(labels)) < skill)
    side = np.maximum(4, labels.boxes[found, 2:] - labels.boxes[found, :2]).mean(1, keepdims=True)
    boxes = labels.boxes[found] + random.normal(0, 0.08, (len(found), 4)) * side
    air = PREDICTIONS * len(ids) - len(found)
    corner = random.uniform(0, 600, (air, 2))
    imagined = np.concatenate([corner, corner + random.uniform(8, 90, (air, 2))], axis=1)
    classes = labels.class_id[found].copy()
    wrong = random.random(len(found)) < 0.08
    classes[wrong] = random.permutation(classes[wrong])
    return store_predictions(
        dataset=dataset, manifest=manifest, name=name, kind="imported",
        image_ids=np.concatenate([labels.image_id[found], random.choice(ids, air)]),
        class_ids=np.concatenate([classes, random.choice(labels.class_id, air)]),
        boxes=np.concatenate([boxes, imagined]).astype(np.float32),
        scores=np.concatenate([random.beta(3, 2, len(found)), random.beta(1, 8, air)]).astype(np.float32),
    )  # fmt: skip


def silent() -> Any:
    """A report of progress that no job writes down."""
    from jobs.models import Job
    from jobs.reporting import Report

    return Report(Job(), "benchmark")


def evaluated(prediction_set: Any) -> int:
    from curate.evaluations import creation
    from curate.evaluations.evaluate import evaluate

    row = creation.create(prediction_set=prediction_set, author=None, revision=1, thresholds=creation.Thresholds())
    evaluate(row, silent())
    return int(row.pk)


def compared(dataset: Any, a: int, b: int) -> int:
    from curate.comparisons.compare import compute_comparison
    from curate.models import Comparison

    row = Comparison.objects.create(dataset=dataset, a_id=a, b_id=b)
    compute_comparison(row, silent())
    return int(row.pk)


def forget() -> None:
    """As in a web worker that has not looked at these evaluations yet."""
    from django.core.cache import cache

    from curate.evaluations import kept_arrays

    cache.clear()
    kept_arrays._kept.clear()


def timed(client: Any, name: str, path: str) -> None:
    began = time.perf_counter()
    response = client.get(f"/api/v1/{path}")
    taken = time.perf_counter() - began
    assert response.status_code == 200, response.content
    print(f"{name:44} {taken:6.2f} s  {len(response.content) / 1000:7.0f} kB", flush=True)


def stages(evaluation: int) -> None:
    """What of the first report takes how long."""
    from curate.evaluations import parts
    from curate.evaluations.kept_arrays import judged_evaluation
    from curate.models import Evaluation
    from curate.reports import content
    from science.evaluation import charts

    forget()
    row = Evaluation.objects.select_related("dataset", "prediction_set", "manifest").get(pk=evaluation)
    conf, iou = row.conf or 0.05, row.iou

    def stage(name: str, work: Any) -> Any:
        began = time.perf_counter()
        found = work()
        print(f"  {name:42} {time.perf_counter() - began:6.2f} s", flush=True)
        return found

    arrays = stage("reading the arrays", lambda: judged_evaluation(row))
    stage("counts and confusion matrix", lambda: charts.at_point(arrays, confidence=conf, iou=iou))
    stage("curves and scores", lambda: charts.over_confidence(arrays, iou=row.iou))
    stage("error budget", lambda: charts.error_budget_chart(arrays, iou=row.iou))
    stage("by size", lambda: parts.part_rows(arrays, row, parts.SIZE, confidence=conf, iou=iou))
    fields = stage(
        "choosing the fields", lambda: content.telling_fields(arrays, row, arrays.verdicts(confidence=conf, iou=iou))
    )
    for field in fields:
        one = partial(parts.part_rows, arrays, row, field.name, confidence=conf, iou=iou)
        stage(f"by {field.name}, with intervals", one)


def prepared(evaluation: int) -> None:
    """What the job of a large evaluation's report takes; then, as in a web worker, the arrays are to be read."""
    from curate.evaluations import kept_arrays
    from curate.models import Evaluation
    from curate.reports.preparation import prepare

    forget()
    began = time.perf_counter()
    prepare(Evaluation.objects.get(pk=evaluation), silent())
    print(f"{'the job that prepares it':44} {time.perf_counter() - began:6.2f} s", flush=True)
    kept_arrays._kept.clear()


def measure(images: int) -> None:
    client, dataset = fill(images)
    give_pictures(dataset)
    a, b = (evaluated(predict(dataset, *one)) for one in (("earlier", 0.7, 1), ("later", 0.8, 2)))
    comparison = compared(dataset, a, b)
    timed(client, "(the first of all, which loads the loops)", f"evaluations/{a}/report")
    forget()
    timed(client, "evaluation, nothing kept", f"evaluations/{a}/report")
    timed(client, "evaluation, again", f"evaluations/{a}/report")
    timed(client, "evaluation, again, without pictures", f"evaluations/{a}/report?pictures=0")
    stages(a)
    prepared(a)
    timed(client, "evaluation, after the job that prepares it", f"evaluations/{a}/report")
    forget()
    timed(client, "comparison, nothing kept", f"comparisons/{comparison}/report")
    timed(client, "comparison, again", f"comparisons/{comparison}/report")
    print(f"load {os.getloadavg()[0]:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=6000)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        measure(options.images)
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
