"""How quickly, and in how much memory, labels leave as COCO: 30,000 images with 540,000 boxes, and FiftyOne beside.

    PYTHONPATH=.:platform python benchmarks/export_coco.py [--images 30000] [--peer PYTHON] [--json FILE]

Ours: the whole job, from the rows in an embedded Postgres of its own to the stored zip, labels only. FiftyOne: its
`export(dataset_type=COCODetectionDataset, labels_path=…)` of the same labels, from its own database, without images.
`--peer` names a Python that has fiftyone (a virtual environment of its own; it is no dependency of Halfday); without
one, or without fiftyone in it, its line says so. Peak memory is that of the process that exports, less what it held
before it began.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from embedded.servers import Servers

CLASSES = ("car", "truck", "bus", "person", "rider", "bike", "motor", "sign", "light", "train")
BOXES = 18  # an image
WIDTH, HEIGHT = 1280, 720

# Corners as labellers draw them, with fractions; every third box has attributes, as BDD100K's have.
FILL = """
INSERT INTO dataset_image
    (dataset_id, key, sha256, location, width, height, phash, sequence, metadata, created_at)
SELECT {dataset}, 'train/img-' || lpad(n::text, 7, '0') || '.jpg', md5(n::text) || md5(n::text), 'none',
       {width}, {height}, n * 7919, 's' || n / 20,
       jsonb_build_object(
           'weather', (ARRAY['clear', 'rainy', 'snowy', 'foggy', 'overcast'])[1 + n % 5],
           'timeofday', (ARRAY['day', 'night', 'dawn'])[1 + (n / 7) % 3], 'split', 'train'),
       now()
FROM generate_series(1, {images}) n;
INSERT INTO dataset_annotation
    (dataset_id, image_id, label_class_id, x1, y1, x2, y2, attributes, provenance, born)
SELECT {dataset}, image.id, {first_class} + (image.id + k) % {classes},
       dice.a * 1000, dice.b * 600, dice.a * 1000 + 8 + dice.c * 250, dice.b * 600 + 8 + dice.d * 100,
       CASE WHEN k % 3 = 0 THEN '{{"occluded": true, "truncated": false}}'::jsonb END, 0, 1
FROM dataset_image image, generate_series(1, {boxes}) k,
     LATERAL (SELECT random() + image.id * 0 AS a, random() AS b, random() + k * 0 AS c, random() AS d) dice;
"""

PEER = """
import json, resource, sys, time
import fiftyone as fo
labels, out = json.load(open(sys.argv[1])), sys.argv[2]
names = {category["id"]: category["name"] for category in labels["categories"]}
boxes = {}
for box in labels["annotations"]:
    boxes.setdefault(box["image_id"], []).append(box)
dataset = fo.Dataset("export-bench", overwrite=True)
samples = []
for image in labels["images"]:
    w, h = image["width"], image["height"]
    detections = [
        fo.Detection(
            label=names[b["category_id"]], bounding_box=[side / of for side, of in zip(b["bbox"], (w, h, w, h))])
        for b in boxes.get(image["id"], [])
    ]
    samples.append(fo.Sample(
        filepath="/none/" + image["file_name"], metadata=fo.ImageMetadata(width=w, height=h, num_channels=3),
        ground_truth=fo.Detections(detections=detections)))
dataset.add_samples(samples, progress=False)
del samples, boxes, labels
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
dataset.export(labels_path=out, dataset_type=fo.types.COCODetectionDataset, label_field="ground_truth", progress=False)
seconds = time.perf_counter() - began
written = json.load(open(out))
print(json.dumps({
    "seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "before_mib": before / 1024,
    "images": len(written["images"]), "boxes": len(written["annotations"]), "version": fo.__version__}))
dataset.delete()
"""


def fill(images: int) -> Any:
    """A project with one dataset; returns the dataset and its owner."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.models import Member, Project, User
    from dataset.models import Dataset, LabelClass, Revision

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@example.org")
    project = Project.objects.create(name="Bench", slug="bench")
    Member.objects.create(project=project, user=user, role="owner")
    dataset = Dataset.objects.create(project=project, name="Large", head_revision=1, image_count=images)
    Revision.objects.create(dataset=dataset, number=1, kind="import")
    for index, name in enumerate(CLASSES):
        LabelClass.objects.create(dataset=dataset, index=index, name=name, colour="#808080")
    first = dataset.classes.first()
    values = {
        "dataset": dataset.pk, "images": images, "boxes": BOXES, "width": WIDTH, "height": HEIGHT,
        "first_class": first.pk if first else 0, "classes": len(CLASSES),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(**values))
        cursor.execute("VACUUM ANALYZE")
    return dataset, user


def ours(dataset: Any, user: Any) -> tuple[dict[str, float], Path]:
    """Run the job in a process of its own; returns its figures and where the archive lies."""
    from dataset.services import exports
    from jobs.models import Job
    from storage import blobs

    job = exports.start(dataset=dataset, by=user, wanted=exports.ExportWish(format="coco"))
    told = subprocess.run([sys.executable, __file__, "--run", str(job.pk)], capture_output=True, text=True, check=False)
    if told.returncode:
        raise SystemExit(told.stderr)
    done = Job.objects.get(pk=job.pk)
    if done.state != "succeeded":
        raise SystemExit(done.error)
    return json.loads(told.stdout.splitlines()[-1]), blobs.local_path(done.params["archive"])


def run_job(number: int) -> None:
    """What the process of its own does, as a worker: claim, export, store."""
    import django

    django.setup()
    import dataset.tasks  # noqa: F401, so that the kind is known, as in a worker
    from jobs import running

    used = resource.getrusage(resource.RUSAGE_SELF)
    before, idle = used.ru_maxrss, used.ru_utime + used.ru_stime
    began = time.perf_counter()
    running.run(number)
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    processor = used.ru_utime + used.ru_stime - idle
    print(
        json.dumps({"seconds": seconds, "cpu_seconds": processor, "peak_mib": peak / 1024, "before_mib": before / 1024})
    )


def theirs(python: Path | None, labels: Path, folder: Path) -> dict[str, Any] | str:
    """FiftyOne's figures, or why there are none."""
    if python is None or not python.exists():
        return "FiftyOne was not measured: --peer names no Python that has it."
    script = folder / "peer.py"
    script.write_text(PEER)
    told = subprocess.run(
        [str(python), str(script), str(labels), str(folder / "peer.json")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "FIFTYONE_DATABASE_DIR": str(folder / "mongo"), "FIFTYONE_DO_NOT_TRACK": "true"},
    )
    if told.returncode:
        return (
            f"FiftyOne was not measured: {told.stderr.strip().splitlines()[-1] if told.stderr.strip() else 'no word'}"
        )
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def measure(images: int, peer: Path | None, folder: Path) -> dict[str, Any]:
    dataset, user = fill(images)
    figures, archive = ours(dataset, user)
    with zipfile.ZipFile(archive) as opened:
        opened.extract("annotations/instances_default.json", folder)
    labels = folder / "annotations/instances_default.json"
    print(f"{images} images, {images * BOXES} boxes; {labels.stat().st_size / 1e6:.0f} MB of JSON, ", end="")
    print(f"{archive.stat().st_size / 1e6:.0f} MB zipped; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    above = figures["peak_mib"] - figures["before_mib"]
    print(f"Halfday    {figures['seconds']:7.2f} s   peak {figures['peak_mib']:6.0f} MiB", end="")
    print(f"  ({figures['cpu_seconds']:.1f} s of processor, {above:.0f} MiB above what the worker holds idle)")
    other = theirs(peer, labels, folder)
    if isinstance(other, str):
        print(other)
        return {"halfday": figures}
    print(f"FiftyOne   {other['seconds']:7.2f} s   peak {other['peak_mib']:6.0f} MiB  (version {other['version']})")
    print(f"ratio      {other['seconds'] / figures['seconds']:7.1f}")
    return {"halfday": figures, "fiftyone": other, "ratio": other["seconds"] / figures["seconds"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=30_000)
    parser.add_argument("--peer", type=Path, help="a Python that has fiftyone")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--run", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        return run_job(asked.run)
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        found = measure(asked.images, asked.peer, home)
        if asked.json:
            asked.json.write_text(json.dumps(found, indent=2))
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
