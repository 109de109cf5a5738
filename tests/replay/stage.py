"""An iteration that is really trained: drawn scenes at 160 px, an epoch a run. And the client, in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
from django.core.wsgi import get_wsgi_application

from accounts import services
from accounts.models import User
from client import Halfday
from client.jobs import Jobs
from client.nouns import Job
from curate import tasks as curate_tasks
from dataset import tasks as dataset_tasks
from demo.scenes import scenes
from model import tasks as model_tasks
from tests.e2e.stage import labels, write_images
from tests.factories import make_project, make_user, run_jobs

HANDLERS = (curate_tasks, dataset_tasks, model_tasks)  # imported so that their jobs are known here, as in a worker
IMAGES, TRAINED = 30, 20
QUICK = {"epochs": 1, "imgsz": 160, "batch": 5, "threads": 1, "workers": 0, "mosaic": 0.0, "warmup_epochs": 0.0}


class JobsHere(Jobs):
    """Jobs run when they are waited for."""

    def wait(self, job: Job | int, progress: Any = None) -> Job:
        run_jobs()
        return super().wait(job, progress)


def client_of(user: User) -> Halfday:
    """The client that scripts use, which asks this process instead of a server."""
    token = services.create_token(name="test", project=None, role=None, by=user).token
    halfday = Halfday("http://testserver", token)
    transport = httpx.WSGITransport(app=get_wsgi_application())
    halfday.transport.http = httpx.Client(
        transport=transport, base_url=halfday.transport.http.base_url, headers=halfday.transport.http.headers
    )
    halfday.jobs = JobsHere(halfday.transport)
    return halfday


class TrainedIteration:
    """Alice's: a baseline, two labels corrected, a run on them from the baseline, its control, and the comparison."""

    def __init__(self, root: Path) -> None:
        self.alice = make_user("Alice", is_superuser=True)
        self.halfday = client_of(self.alice)
        self.folder = root / "scenes"
        drawn = list(scenes(IMAGES, 3))
        write_images(self.folder, drawn)
        (self.folder / "labels.json").write_text(json.dumps(labels(drawn)))
        self.dataset = self.imported(make_project(self.alice, "Road").pk, "Road scenes")
        ids = [row["id"] for row in self.halfday.datasets.images(self.dataset)]
        self.train = self.halfday.slices.create(self.dataset, "train", images=ids[:TRAINED])["id"]
        self.validation = self.halfday.slices.create(self.dataset, "val", images=ids[TRAINED:])["id"]

    def imported(self, project: int, name: str) -> int:
        """The scenes with their first labels, in a dataset of that name."""
        made = self.halfday.datasets.create(project=project, name=name)["id"]
        self.halfday.jobs.wait(self.halfday.datasets.import_folder(made, str(self.folder), format="coco"))
        return int(made)

    def correct(self) -> None:
        """One label gets another class, one is removed, one is added: all three on one image to train on."""
        image = self.halfday.datasets.image(next(iter(self.halfday.datasets.image_ids(self.dataset))))
        first, second = image["annotations"][:2]
        classes = [one["id"] for one in self.halfday.datasets.get(self.dataset)["classes"]]
        other = next(pk for pk in classes if pk != first["class_id"])
        edits: list[dict[str, Any]] = [
            {"op": "set", "image": image["id"], "object_id": first["object_id"], "class_id": other},
            {"op": "remove", "image": image["id"], "object_id": second["object_id"]},
            {"op": "add", "image": image["id"], "class_id": other, "box": [3.5, 4.25, 40.1, 50.2]},
        ]
        head = self.halfday.datasets.get(self.dataset)["head_revision"]
        self.halfday.datasets.edit(self.dataset, on=head, message="Corrected", edits=edits)

    def trained(self, name: str, **more: Any) -> dict[str, Any]:
        run = self.halfday.runs.start(
            dataset=self.dataset,
            name=name,
            train_slices=[self.train],
            validation_slice=self.validation,
            **{"settings": QUICK, "weights": {"kind": "base"}, **more},
        )
        self.halfday.jobs.wait(run["job"]["id"])  # type: ignore[index]
        return dict(self.halfday.runs.get(run["id"]))

    def done(self) -> dict[str, Any]:
        """All of it; returns the ledger of the corrected run, and where its file is."""
        baseline = self.trained("baseline")
        start = {"kind": "checkpoint", "checkpoint": best_of(baseline)}
        self.correct()
        corrected = self.trained("corrected", weights=start, parent=baseline["id"])
        control = self.trained("control", weights=start, revision=1, control_of=corrected["id"])
        job = self.halfday.comparisons.start(control["evaluation"]["id"], corrected["evaluation"]["id"])
        self.halfday.jobs.wait(job["id"])
        self.file = self.halfday.runs.ledger_file(corrected["id"], self.folder.parent / "ledger.json")
        return self.halfday.runs.ledger(corrected["id"])


def best_of(run: dict[str, Any]) -> int:
    return next(one["id"] for one in run["checkpoints"] if one["kind"] == "best")
