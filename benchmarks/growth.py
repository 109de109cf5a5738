"""Whether import stays linear and pages stay quick, up to a million images and 18 million boxes.

    PYTHONPATH=.:platform python benchmarks/growth.py [--batches 10] [--images 100000] [--json FILE]

An embedded Postgres of its own in a temporary folder (about 9 GB at a million images) takes a batch of images with 18
boxes each, batch after batch, each as one revision through the services: rows by COPY into indexed tables, counts and
audit line included; no image files are read. After each batch the first page, a page in the middle, a filter, counts
and facets are asked for as the browser does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from embedded.servers import Servers

BOXES = 18  # on each image
TIMES = 15
CLASSES = ("car", "truck", "bus", "person", "rider", "bike", "motor", "sign", "light", "train")
READS = {
    "first page": "images?limit=100&boxes=1",
    "middle page": "images?limit=100&boxes=1&after={middle}",
    "rainy, 2 riders": "images?limit=100&boxes=1&q=" + quote('weather = "rainy" and count(rider) >= 2'),
    "not any(car)": "images?limit=100&boxes=1&q=" + quote("not any(car)"),
    "facets, rainy": "facets?q=" + quote('weather = "rainy"'),
}
IMAGES = """
INSERT INTO dataset_image
    (dataset_id, key, sha256, location, width, height, phash, sequence, metadata, created_at)
SELECT {dataset}, 'img-' || lpad(n::text, 8, '0') || '.jpg', md5(n::text) || md5(n::text), 'none', 1280, 720,
       n::bigint * 7919, 's' || n / 20,
       jsonb_build_object('weather', (ARRAY['clear', 'rainy', 'snowy', 'foggy', 'overcast'])[1 + n % 5],
                          'timeofday', (ARRAY['day', 'night', 'dawn'])[1 + (n / 7) % 3]),
       now()
FROM generate_series({first}, {last}) n RETURNING id
"""


def make_dataset() -> tuple[Any, Any]:
    """An empty dataset, and a client that may see it."""
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import Member, Project, User
    from dataset.models import Dataset, LabelClass

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@example.org")
    project = Project.objects.create(name="Bench", slug="bench")
    Member.objects.create(project=project, user=user, role="owner")
    dataset = Dataset.objects.create(project=project, name="Large", metadata_keys=["timeofday", "weather"])
    for index, name in enumerate(CLASSES):
        LabelClass.objects.create(dataset=dataset, index=index, name=name, colour="#808080")
    client = Client()
    client.force_login(user)
    return client, dataset


def boxes_for(image_ids: np.ndarray, class_ids: np.ndarray, seed: int) -> Any:
    """Rows for a revision: every class has half as many boxes as the one before it."""
    from dataset.services.rows import NEW_OBJECT, NewRows

    dice = np.random.default_rng(seed)
    count = len(image_ids) * BOXES
    corners = dice.uniform(0, 600, (count, 2)).astype(np.float32)
    sides = dice.uniform(8, 100, (count, 2)).astype(np.float32)
    return NewRows(
        image_id=np.repeat(image_ids, BOXES),
        class_id=class_ids[np.minimum(dice.geometric(0.5, count) - 1, len(class_ids) - 1)],
        boxes=np.concatenate([corners, corners + sides], axis=1),
        provenance=np.zeros(count, np.int16),
        object_id=np.full(count, NEW_OBJECT, np.int64),
        attributes=np.full(count, -1, np.int32),
    )


def add_batch(dataset: Any, first: int, images: int) -> float:
    """One more revision; the seconds that it took, images and boxes together."""
    from django.db import connection, transaction
    from django.db.models import F

    from dataset.models import Dataset
    from dataset.services.change_plans import Counts, RevisionPlan
    from dataset.services.revisions import RevisionNote, lock, write_revision

    class_ids = np.array(dataset.classes.order_by("index").values_list("id", flat=True), np.int64)
    began = time.perf_counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(IMAGES.format(dataset=dataset.pk, first=first + 1, last=first + images))
            ids = np.array([row[0] for row in cursor.fetchall()], np.int64)
        Dataset.objects.filter(pk=dataset.pk).update(image_count=F("image_count") + images)
        rows = boxes_for(ids, class_ids, first)
        plan = RevisionPlan(np.zeros(0, np.int64), rows, Counts(added=len(rows)))
        write_revision(lock(dataset), plan, RevisionNote("import", f"{images} images"), author=None)
    return time.perf_counter() - began


def milliseconds(client: Any, path: str) -> float:
    """The median, warm."""
    taken = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        response = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, response.content
    return statistics.median(taken[1:])


def measure(batches: int, images: int) -> list[dict[str, float]]:
    """A row of figures for each size."""
    from django.db import connection

    from accounts.pages import encoded_key

    client, dataset = make_dataset()
    address = f"/api/v1/datasets/{dataset.pk}/"
    print(f"{'images':>9} {'import s':>9} {'columns s':>9}" + "".join(f" {name:>16}" for name in READS))
    found = []
    for batch in range(batches):
        seconds = add_batch(dataset, batch * images, images)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE dataset_image, dataset_annotation")
        began = time.perf_counter()
        client.get(f"{address}facets")  # reads the columns that counts are taken from
        row = {"images": (batch + 1) * images, "import s": seconds, "columns s": time.perf_counter() - began}
        middle = encoded_key([dataset.images.order_by("id")[row["images"] // 2].pk])
        row |= {name: milliseconds(client, address + path.format(middle=middle)) for name, path in READS.items()}
        print(
            f"{row['images']:9.0f} {seconds:9.1f} {row['columns s']:9.1f}"
            + "".join(f" {row[name]:13.1f} ms" for name in READS),
            flush=True,
        )
        found.append(row)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=10)
    parser.add_argument("--images", type=int, default=100_000, help="in each batch")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="halfday-growth-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        load = os.getloadavg()[0]
        found = measure(asked.batches, asked.images)
        print(f"load of the machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after")
        if asked.json:
            asked.json.write_text(json.dumps(found, indent=2))
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
