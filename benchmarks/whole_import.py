"""From a COCO folder of any size to the first page, facets and a split, end to end, and whether that grows linearly.

    PYTHONPATH=.:platform python benchmarks/whole_import.py [--images 50000 100000] [--boxes 20] [--labels-alone]

For each size an embedded Postgres of its own in a temporary folder, and a folder of generated pictures of 64 × 36
pixels (64 different ones under many names, as hard links: they say nothing else) with one COCO file, which is imported
in place through the service that the job calls: every picture is read, hashed and decoded. Then what the browser asks
first, forty times each, and a split into two slices by class, metadata and sequence. Told are seconds passed, and of
processor of this process and of the database's processes, which say more on a busy machine; the most memory that this
process had; median and p95 of the reads in milliseconds. A million images with 20 million boxes need about 20 GB.
With --labels-alone no picture is read: what is left is what an import's labels cost, and the memory that they take.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

import numpy as np
from import_labels import CLASSES, SMALL, Stopwatch, apart, encoded, peak, platform, server_seconds

TIMES = 40
FOLDER = 1000  # images in each
WRITTEN = 10_000  # images at once
READS = {
    "first page": "images?limit=100&boxes=1",
    "rainy": "images?limit=100&boxes=1&q=" + quote('weather = "rainy"'),
    "2 riders": "images?limit=100&boxes=1&q=" + quote("count(rider) >= 2"),
    "facets": "facets",
}
WEATHER = ("clear", "rainy", "snowy", "foggy", "overcast")


def generate(folder: Path, images: int, boxes: int) -> None:
    """Images, 1,000 to a folder, and annotations.json, written piece by piece."""
    from PIL import Image

    pictures = folder / "pictures"
    pictures.mkdir()
    for place in range(64):
        (pictures / f"{place}.jpg").write_bytes(encoded(Image.effect_noise(SMALL, 40 + place)))
    data = folder / "data"
    for place in range(images):
        name = data / name_of(place)
        if place % FOLDER == 0:
            name.parent.mkdir(parents=True)
        os.link(pictures / f"{place % 64}.jpg", name)
    with (data / "annotations.json").open("w") as file:
        write_labels(file, images, boxes)


def name_of(place: int) -> str:
    return f"images/{place // FOLDER:05}/{place:07}.jpg"


def write_labels(file: TextIO, images: int, boxes: int) -> None:
    dice = np.random.default_rng(7)
    size = {"width": SMALL[0], "height": SMALL[1]}
    file.write('{"images": [')
    for place in range(images):
        record = {"id": place + 1, "file_name": name_of(place), **size, "weather": WEATHER[place % 5]}
        file.write(("," if place else "") + json.dumps(record | {"sequence": f"drive {place // 20}"}))
    file.write('], "annotations": [')
    for first in range(0, images, WRITTEN):
        count = min(WRITTEN, images - first) * boxes
        sides = dice.uniform(3, (20, 14), (count, 2))
        corners = dice.uniform(0, np.array(SMALL) - sides)
        labels = np.minimum(dice.geometric(0.5, count), len(CLASSES))  # half as many of each class as of the one before
        rows = zip(corners.round(2).tolist(), sides.round(2).tolist(), labels.tolist(), strict=True)
        text = [
            f'{{"id": {first * boxes + n + 1}, "image_id": {first + n // boxes + 1}, "category_id": {label}, '
            f'"bbox": {[*corner, *side]}, "area": {side[0] * side[1]:.2f}, "iscrowd": 0}}'
            for n, (corner, side, label) in enumerate(rows)
        ]
        file.write(("," if first else "") + ",".join(text))
    categories = [{"id": n + 1, "name": name} for n, name in enumerate(CLASSES)]
    file.write(f'], "categories": {json.dumps(categories)}}}')


def unread_images(images: Sequence[Any], *_: Any, **__: Any) -> list[Any]:
    """In place of reading pictures: all are taken as they are."""
    from dataset.importing.intake import Taken

    return [
        Taken(image, hashlib.sha256(image.key.encode()).hexdigest(), "none", SMALL[0], SMALL[1]) for image in images
    ]


def measure(images: int, boxes: int, *, labels_alone: bool) -> dict[str, float]:
    """The figures of one size, in this process."""
    with platform() as folder:
        apart(generate, folder, images, boxes)
        if labels_alone:
            from dataset.services import imports

            imports.take_images = unread_images
        return imported(folder / "data") | {"images": images}


def imported(folder: Path) -> dict[str, float]:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from accounts.models import Member, Project, User
    from dataset.models import Dataset
    from dataset.services import imports
    from jobs.models import Job

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@example.org")
    project = Project.objects.create(name="Bench", slug="bench", import_roots=["*"])
    Member.objects.create(project=project, user=user, role="owner")
    dataset = Dataset.objects.create(project=project, name="Large")
    params: dict[str, Any] = {"path": str(folder), "format": "coco", "annotations": "annotations.json", "copy": False}
    job = Job.objects.create(
        kind=imports.KIND, project=project, dataset_id=dataset.pk, params=params | {"metadata": {}}, title="Import"
    )
    watch, before = Stopwatch(), peak()
    result = imports.import_from(job, watch)
    watch.close()
    assert result["boxes"]["added"] == result["boxes"]["found"], result["kinds"]
    found = {name.strip(): seconds for name, seconds in watch.rows().items()}
    found |= {"Reading images": watch.parts.get("Reading images", 0.0)}
    found |= {"Reading images, processor": watch.cpu.get("Reading images", 0.0)}
    found |= {"import": sum(watch.parts.values()), "import, processor": sum(watch.cpu.values())}
    found |= {"import, database": sum(watch.server.values()), "boxes": result["boxes"]["added"]}
    found |= {"peak MiB before": before, "peak MiB of the import": peak()}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE dataset_image, dataset_annotation")
    client = Client()
    client.force_login(user)
    found |= read_times(client, f"/api/v1/datasets/{dataset.pk}/")
    return found | split(dataset, user)


def read_times(client: Any, address: str) -> dict[str, float]:
    """Milliseconds of the first facets, which read the dataset's columns into memory, and of the reads once warm."""
    began = time.perf_counter()
    client.get(f"{address}facets")
    found = {"first facets, seconds": time.perf_counter() - began}
    for name, path in READS.items():
        taken = []
        for _ in range(TIMES + 1):
            began = time.perf_counter()
            response = client.get(address + path)
            taken.append((time.perf_counter() - began) * 1000)
            assert response.status_code == 200, response.content
        found |= {f"{name}, median ms": statistics.median(taken[1:])}
        found |= {f"{name}, p95 ms": statistics.quantiles(taken[1:], n=20)[-1]}
    return found


def split(dataset: Any, user: Any) -> dict[str, float]:
    """Seconds of a split in two by class, metadata and sequence, and the most memory until then."""
    from curate.autocurate.params import checked_params
    from curate.autocurate.split import run_split
    from curate.models import AutoCurate

    dataset.refresh_from_db()
    run = AutoCurate.objects.create(
        dataset=dataset,
        kind="split",
        params=checked_params(dataset, "split", {"sight": False}),
        source={"q": "", "slice": None, "revision": dataset.head_revision},
        created_by=user,
    )
    began, processor, server = time.perf_counter(), time.process_time(), server_seconds()
    run_split(run, Stopwatch())
    return {
        "split": time.perf_counter() - began,
        "split, processor": time.process_time() - processor,
        "split, database": server_seconds() - server,
        "peak MiB after the split": peak(),
    }


def in_its_own_process(images: int, boxes: int, *, labels_alone: bool) -> dict[str, float]:
    """Memory and caches of one size must not show in the next."""
    command = [sys.executable, __file__, "--images", str(images), "--boxes", str(boxes), "--alone"]
    command += ["--labels-alone"] if labels_alone else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, nargs="+", default=[50_000, 100_000])
    parser.add_argument("--boxes", type=int, default=20, help="an image")
    parser.add_argument("--labels-alone", action="store_true", help="read no picture")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--alone", action="store_true", help="one size, in this process, as JSON")
    options = parser.parse_args()
    if options.alone:
        print(json.dumps(measure(options.images[0], options.boxes, labels_alone=options.labels_alone)))
        return
    found = []
    for images in options.images:
        print(f"{images} images; load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        found.append(in_its_own_process(images, options.boxes, labels_alone=options.labels_alone))
        for name, value in found[-1].items():
            grown = f"{value / found[0][name]:9.2f} ×" if len(found) > 1 and found[0][name] else ""
            print(f"  {name:<44} {value:12.2f} {grown}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
