"""How quickly leaks and duplicates are answered at 100,000 images and 50,000 stored pairs.

    PYTHONPATH=.:platform python benchmarks/leaks.py [--images 100000] [--pairs 50000] [--json FILE]

Fills an embedded Postgres of its own in a temporary folder with SQL: four images in five are trained on, one is judged
on, one in a hundred has the bytes of another, every image is of a sequence. Asks as the browser does (the whole
request, without the network) and prints milliseconds of CPU, of the platform and of Postgres, and the shortest of ten
requests by the clock: on a machine on which other things run, the CPU is what can be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from embedded.servers import Servers

TIMES = 10

FILL = """
INSERT INTO dataset_image
    (dataset_id, key, sha256, location, width, height, phash, sequence, metadata, created_at)
SELECT {dataset}, 'img-' || lpad(n::text, 7, '0') || '.jpg',
       md5((n - (n % 100 = 0)::int)::text) || md5('x'), 'none',
       1280, 720, n::bigint * 7919, 's' || n / 20, '{{}}', now()
FROM generate_series(1, {images}) n;
INSERT INTO dataset_slice (dataset_id, name, description, origin, image_count, created_at)
VALUES ({dataset}, 'train', '', '{{}}', {images} * 4 / 5, now()),
       ({dataset}, 'validation', '', '{{}}', {images} / 5, now());
INSERT INTO dataset_sliceimage (slice_id, image_id)
SELECT slice.id, image.id FROM dataset_image image
JOIN dataset_slice slice ON slice.name = CASE WHEN image.id % 5 > 0 THEN 'train' ELSE 'validation' END;
INSERT INTO curate_copypair (dataset_id, first_id, second_id, overlap, agreement, pose)
SELECT {dataset}, first + n % {images}, first + (n % {images} + 7 + n / {images}) % {images}, 0.6, 0.95, n % 4
FROM generate_series(1, {pairs}) n, (SELECT min(id) AS first FROM dataset_image) lowest
ON CONFLICT DO NOTHING;
INSERT INTO curate_copysearch (dataset_id, job_id, upto, images, unreadable, with_embedding, found_at)
SELECT {dataset}, 1, max(id), {images}, '{{}}', 0, now() FROM dataset_image;
"""


def fill(images: int, pairs: int) -> tuple[Any, dict[str, str]]:
    """The signed-in client, and what is asked by name."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from accounts.models import Member, Project, User
    from dataset.models import Dataset

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@example.org")
    project = Project.objects.create(name="Bench", slug="bench")
    Member.objects.create(project=project, user=user, role="owner")
    dataset = Dataset.objects.create(project=project, name="Large", head_revision=1, image_count=images)
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(dataset=dataset.pk, images=images, pairs=pairs))
        cursor.execute("VACUUM ANALYZE")
    train, validation = dataset.slices.order_by("name").values_list("pk", flat=True)
    client = Client()
    client.force_login(user)
    sides = f"train={train}&validation={validation}"
    address = f"/api/v1/datasets/{dataset.pk}"
    return client, {
        "leaks, the line": f"{address}/leaks?{sides}&limit=1",
        "leaks, a page": f"{address}/leaks?{sides}&limit=50",
        "evaluation, the line": f"/api/v1/evaluations/{evaluation_of(dataset, train, validation)}/leaks?limit=1",
        "duplicates, exact": f"{address}/duplicates?limit=30",
        "duplicates, near": f"{address}/duplicates?likeness=near&limit=30",
    }


def evaluation_of(dataset: Any, train: int, validation: int) -> int:
    """An evaluation on the validation slice of a checkpoint that was trained on the training slice."""
    from django.utils import timezone

    from curate.models import Evaluation
    from dataset.models import Manifest, PredictionSet, SliceImage
    from model.models import Checkpoint, Run

    def frozen(slice_id: int) -> Manifest:
        ids = list(SliceImage.objects.filter(slice=slice_id).order_by("image").values_list("image", flat=True))
        return Manifest.objects.create(
            dataset=dataset, revision=1, content_hash=str(slice_id), image_ids=ids, image_count=len(ids),
            annotation_count=0,
        )  # fmt: skip

    trained, judged = frozen(train), frozen(validation)
    run = Run.objects.create(
        dataset=dataset, name="bench", train_manifest=trained, validation_manifest=judged,
        validation_slice_id=validation, revision=1,
    )  # fmt: skip
    checkpoint = Checkpoint.objects.create(project=dataset.project, run=run, name="best", kind="best", size=0)
    found = PredictionSet.objects.create(
        dataset=dataset, manifest=judged, name="bench", kind="predicted", checkpoint_id=checkpoint.pk
    )
    made = Evaluation.objects.create(
        dataset=dataset, prediction_set=found, manifest=judged, revision=1, finished_at=timezone.now()
    )
    return made.pk


def backend_seconds() -> float:
    """CPU that the database's process of this connection has used."""
    from django.db import connection

    pid = connection.connection.info.backend_pid
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(client: Any, path: str) -> dict[str, float]:
    """Milliseconds of a request, after one that warms up."""
    client.get(path)
    ours, theirs, walls = time.process_time(), backend_seconds(), []
    for _ in range(TIMES):
        began = time.perf_counter()
        response = client.get(path)
        walls.append(time.perf_counter() - began)
        assert response.status_code == 200, response.content
    spent = {"platform": time.process_time() - ours, "postgres": backend_seconds() - theirs}
    return {name: round(1000 * seconds / TIMES, 1) for name, seconds in spent.items()} | {
        "shortest": round(1000 * min(walls), 1)
    }


def measure(images: int, pairs: int) -> dict[str, dict[str, float]]:
    client, asked = fill(images, pairs)
    found = {}
    for name, path in asked.items():
        found[name] = timed(client, path)
        print(f"{name:24} {found[name]}", flush=True)
        if "leaks" in path:
            answer = client.get(path).json()
            print("   ", {key: answer[key] for key in ("images", "pairs", "sequence_images")}, flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=50_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        found = measure(asked.images, asked.pairs)
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")
        if asked.json:
            asked.json.write_text(json.dumps(found, indent=2))
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
