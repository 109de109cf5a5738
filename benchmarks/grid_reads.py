"""How quickly the grid answers at 100,000 images and two million boxes.

    PYTHONPATH=.:platform python benchmarks/grid_reads.py [--images 100000] [--json FILE]

Fills an embedded Postgres of its own in a temporary folder with SQL, asks every read of the grid as the browser does
(the whole request, without the network), seven times each, and prints the median in milliseconds.
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

from embedded.servers import Servers

CLASSES = ("car", "truck", "bus", "person", "rider", "bike", "motor", "sign", "light", "train")
TIMES = 7

# Every class has half as many boxes as the one before it, as in BDD's long tail; every image has 10 to 30 boxes.
FILL = """
INSERT INTO dataset_image
    (dataset_id, key, sha256, location, width, height, phash, sequence, metadata, created_at)
SELECT {dataset}, 'img-' || lpad(n::text, 7, '0') || '.jpg', md5(n::text) || md5(n::text), 'none', 1280, 720,
       n * 7919, 's' || n / 20,
       jsonb_build_object(
           'weather', (ARRAY['clear', 'rainy', 'snowy', 'foggy', 'overcast'])[1 + n % 5],
           'timeofday', (ARRAY['day', 'night', 'dawn'])[1 + (n / 7) % 3],
           'scene', 'scene ' || n % 9, 'speed', n % 90),
       now()
FROM generate_series(1, {images}) n;
INSERT INTO dataset_annotation (dataset_id, image_id, label_class_id, x1, y1, x2, y2, provenance, born)
SELECT {dataset}, image.id, {first_class} + LEAST(9, floor(-ln(1 - dice.part) / ln(2)))::int,
       k * 20, k * 10, k * 20 + 10 + image.id % 90, k * 10 + 10 + image.id % 70, 0, 1
FROM dataset_image image, generate_series(1, 10 + image.id::int % 21) k,
     LATERAL (SELECT (hashint8(image.id * 31 + k)::bigint + 2147483648) / 4294967297.0 AS part) dice;
INSERT INTO dataset_slice (dataset_id, name, description, origin, image_count, created_at)
VALUES ({dataset}, 'train', '', '{{}}', {images} * 4 / 5, now());
INSERT INTO dataset_sliceimage (slice_id, image_id)
SELECT (SELECT id FROM dataset_slice), id FROM dataset_image WHERE id % 5 > 0;
"""
READS = {
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


def fill(images: int) -> Any:
    """A project with one large dataset; returns the signed-in client, the dataset and the middle page's key."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from accounts.models import Member, Project, User
    from accounts.pages import encoded
    from dataset.models import Dataset, LabelClass

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
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(dataset=dataset.pk, images=images, first_class=first.pk if first else 0))
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM dataset_annotation")
        print(f"{images} images, {cursor.fetchone()[0]} boxes")
    client = Client()
    client.force_login(user)
    middle = encoded([dataset.images.order_by("id")[images // 2].pk])
    return client, dataset, middle


def milliseconds(client: Any, path: str) -> float:
    """The median of some requests, after one that warms up."""
    taken = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        response = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, response.content
    return statistics.median(taken[1:])


def measure(images: int) -> dict[str, float]:
    """Fill and ask; returns milliseconds by name."""
    client, dataset, middle = fill(images)
    found = {}
    for name, path in READS.items():
        found[name] = milliseconds(client, f"/api/v1/datasets/{dataset.pk}/{path.format(middle=middle)}")
        print(f"{name:28} {found[name]:8.1f} ms")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        found = measure(asked.images)
        if asked.json:
            asked.json.write_text(json.dumps(found, indent=2))
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
