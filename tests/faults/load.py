"""A mixed load, and a book of what was acknowledged: one person's thread each, whose work the others do not touch.

    saver      saves tasks of a batch; each save moves one box to a place of its own
    reviser    adds a box of its own place in a revision of its own
    sender     sends an archive with an image of its own in a part, and has it imported
    evaluator  has an evaluation made, a job
    exporter   has an export made, a job: the stand-in for a training, which would take minutes

Whatever was acknowledged must be there at the end, once. What got no answer may be there or not, but not twice.
"""

import http.client
import random
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import psycopg
from PIL import Image

from tests.faults.stage import Platform, Refused

NO_ANSWER = (OSError, http.client.HTTPException)
SIDE = 64  # pixels of an image
IOUS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
STEP = 1 / 64  # of a pixel: places that a float32 tells apart


@dataclass
class Book:
    """What was acknowledged, and what was asked for without an answer."""

    acknowledged: int = 0
    refused: int = 0
    unanswered: int = 0
    saved: dict[int, list[float]] = field(default_factory=dict)  # places by task; the last one is what must be there
    maybe_saved: dict[int, list[list[float]]] = field(default_factory=dict)  # asked for after it
    added: set[float] = field(default_factory=set)
    maybe_added: set[float] = field(default_factory=set)
    sent: dict[str, int] = field(default_factory=dict)  # the import's job by image
    began: dict[int, int] = field(default_factory=dict)  # acknowledged bytes by upload
    jobs: set[int] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)


class Load:
    """Runs the threads on one dataset until it is told to stop."""

    def __init__(self, platform: Platform, seed: int) -> None:
        self.platform = platform
        self.book = Book()
        self.random = random.Random(seed)
        self.places = iter(range(1, 1_000_000))
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self._prepare()
        work = [self.save, self.revise, self.send, self.evaluate, self.export]
        self.threads = [threading.Thread(target=self._again_and_again, args=[one], name=one.__name__) for one in work]

    def _prepare(self) -> None:
        ask = self.platform.ask
        self.project = ask("POST", "projects", {"name": "Faults"})["id"]
        body = {"project": self.project, "name": "Faults", "classes": [{"name": "car"}, {"name": "rider"}]}
        self.dataset = ask("POST", "datasets", body)["id"]
        self._wait(self._import(archive([f"base-{n}" for n in range(6)])))
        images = ask("GET", f"datasets/{self.dataset}/images")["items"]
        self.images = [image["id"] for image in images]
        self.classes = [one["id"] for one in ask("GET", f"datasets/{self.dataset}")["classes"]]
        batch = ask("POST", "batches", {"name": "Faults", "images": self.images})
        self.tasks = [task["id"] for task in ask("GET", f"batches/{batch['id']}/tasks")["items"]]
        self.evaluated = self._predictions()

    def _predictions(self) -> int:
        """A prediction set, read from a file that the platform may read."""
        folder = self.platform.home.folder / "import"
        folder.mkdir(exist_ok=True)
        file = folder / "predictions.json"
        file.write_text('[{"image_id": "base-0.jpg", "category_id": "car", "bbox": [8, 8, 32, 32], "score": 0.9}]')
        job = self.platform.ask("POST", f"datasets/{self.dataset}/prediction-sets", {"path": str(file)})
        return int(self._wait(job["id"])["result"]["prediction_set"])

    def _wait(self, job: int) -> dict[str, Any]:
        while (found := self.platform.ask("GET", f"jobs/{job}"))["state"] in {"queued", "running"}:
            time.sleep(0.1)
        assert found["state"] == "succeeded", found
        return dict(found)

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _again_and_again(self, act: Callable[[], None]) -> None:
        while not self.stopping.wait(0.05):
            try:
                act()
                self.book.acknowledged += 1
            except Refused as refusal:
                self.book.refused += 1
                if refusal.status < 500 and refusal.status not in {409, 412}:
                    self.book.broken.append(f"{act.__name__}: {refusal}")  # the harness asks wrongly
                    return
                self.stopping.wait(0.3)
            except NO_ANSWER:
                self.book.unanswered += 1
                self.stopping.wait(0.3)

    def place(self) -> float:
        """A left side that no other box has."""
        with self.lock:
            return next(self.places) * STEP

    def save(self) -> None:
        """Move the box of a task; `If-Match` says on which version that was done."""
        task, place = self.random.choice(self.tasks), self.place()
        version = self.platform.ask("GET", f"tasks/{task}")["version"]
        box = [place % 32, place / 1024, 60, 60]
        self.book.maybe_saved.setdefault(task, []).append(box)
        boxes = [{"id": "n1", "class_id": self.classes[0], "box": box}]
        self.platform.ask("PUT", f"tasks/{task}", {"boxes": boxes}, If_Match=f'"{version}"')
        self.book.saved[task] = box
        self.book.maybe_saved[task] = []

    def revise(self) -> None:
        place = self.place()
        head = self.platform.ask("GET", f"datasets/{self.dataset}")["head_revision"]
        box = [place % 32, place / 1024, 62, 62]
        edit = {"op": "add", "image": self.images[0], "class_id": self.classes[1], "box": box}
        self.book.maybe_added.add(place)
        self.platform.ask("POST", f"datasets/{self.dataset}/edits", {"on": head, "edits": [edit]})
        self.book.maybe_added.discard(place)
        self.book.added.add(place)

    def send(self) -> None:
        name = f"sent-{self.place()}"
        self.book.sent[f"{name}.jpg"] = self._import(archive([name]))
        self.stopping.wait(1.0)

    def _import(self, data: bytes) -> int:
        """Send it in parts, as browsers do, and have it imported; returns the job."""
        body = {"name": "faults", "size": len(data), "fingerprint": str(hash(data))}
        upload = self.platform.ask("POST", f"datasets/{self.dataset}/uploads", body)["id"]
        self.platform.ask("PUT", f"uploads/{upload}/parts?offset=0", data)
        self.book.began[upload] = len(data)
        job = int(self.platform.ask("POST", f"uploads/{upload}/finish", {})["id"])
        self.book.jobs.add(job)
        return job

    def evaluate(self) -> None:
        body = {"prediction_set": self.evaluated, "iou": self.random.choice(IOUS)}
        answer = self.platform.ask("POST", "evaluations", body)
        if job := answer.get("job"):
            self.book.jobs.add(job["id"] if isinstance(job, dict) else job)
        self.stopping.wait(1.0)

    def export(self) -> None:
        self.book.jobs.add(self.platform.ask("POST", f"datasets/{self.dataset}/exports", {"format": "coco"})["id"])
        self.stopping.wait(1.0)


def archive(names: list[str]) -> bytes:
    """A YOLO dataset as a zip, with an image of its own bytes for each name."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("data.yaml", "names: [car, rider]\nnc: 2\n")
        for name in names:
            colour = (hash(name) % 251, hash(name) // 251 % 251, hash(name) // 63001 % 251)
            Image.new("RGB", (SIDE, SIDE), colour).save(picture := BytesIO(), "JPEG")
            opened.writestr(f"images/{name}.jpg", picture.getvalue())
            opened.writestr(f"labels/{name}.txt", "0 0.5 0.5 0.5 0.5\n")
    return out.getvalue()


@dataclass(frozen=True)
class Found:
    """What became of it all."""

    acknowledged: int
    lost: list[str]
    doubled: list[str]
    stuck: list[str]
    failed: list[str]


def check(load: Load, patience: float) -> Found:
    """Let the jobs come to an end, and look for each acknowledged thing behind the API.

    A job is stuck where none has ended for `patience` seconds.
    """
    book = load.book
    lost, doubled = list[str](), list[str]()
    assert not book.broken, book.broken
    jobs = _ended(load, patience)
    with psycopg.connect(load.platform.database) as connection:
        rows = connection.execute(
            "SELECT x1, y1 FROM dataset_annotation WHERE dataset_id = %s AND x2 = 62 AND y2 = 62 AND died IS NULL",
            [load.dataset],
        ).fetchall()
        keys = [key for (key,) in connection.execute(
            "SELECT key FROM dataset_image WHERE dataset_id = %s", [load.dataset]).fetchall()]  # fmt: skip
    found = [round(y * 1024 / STEP) for _, y in rows]
    added = {round(place / STEP) for place in book.added}
    lost += [f"revision {place}" for place in added - set(found)]
    doubled += [f"revision {place}" for place in set(found) if found.count(place) > 1]
    for task, box in book.saved.items():
        (present,) = load.platform.ask("GET", f"tasks/{task}")["boxes"]
        if not any(_same(present["box"], one) for one in [box, *book.maybe_saved[task]]):
            lost.append(f"save of task {task}: {present['box']} where {box} was acknowledged")
    for name, job in book.sent.items():
        there = sum(key.endswith(name) for key in keys)
        doubled += [f"image {name}"] * (there > 1)
        ended_well = jobs.get(job) not in {"queued", "running", "failed"}
        if not there and (ended_well or not _kept(load, job)):
            lost.append(f"upload {name}: its import {job} {jobs.get(job)}")
    stuck = [f"job {job}: {state}" for job, state in jobs.items() if state in {"queued", "running"}]
    failed = [f"job {job}" for job, state in jobs.items() if state == "failed"]
    return Found(book.acknowledged, lost, doubled, stuck, failed)


def _ended(load: Load, patience: float) -> dict[int, str]:
    """The states of the jobs, once all have ended, or none has for so many seconds."""
    ids, open_before, moved_at = list(load.book.jobs), -1, time.monotonic()
    while True:
        with psycopg.connect(load.platform.database) as connection:
            rows = connection.execute("SELECT id, state FROM jobs_job WHERE id = ANY(%s)", [ids]).fetchall()
        states: dict[int, str] = dict(rows)
        still_open = sum(state in {"queued", "running"} for state in states.values())
        if still_open != open_before:
            open_before, moved_at = still_open, time.monotonic()
        if not still_open or time.monotonic() - moved_at > patience:
            return states
        time.sleep(0.5)


def _kept(load: Load, job: int) -> bool:
    """Whether what was sent for a failed import is still there to be imported again."""
    with psycopg.connect(load.platform.database) as connection:
        row = connection.execute("SELECT count(*) FROM dataset_upload WHERE job_id = %s", [job]).fetchone()
    return bool(row and row[0])


def _same(one: list[float], other: list[float]) -> bool:
    return all(abs(a - b) < STEP / 4096 for a, b in zip(one, other, strict=True))
