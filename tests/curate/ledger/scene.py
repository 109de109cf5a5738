"""One iteration, as people would leave it: a baseline, suggestions, a batch that Bob corrects, a run and its control.

Nothing is trained; runs and predictions are written into the tables, labels are changed through Label's API.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.models import AutoCurate, Evaluation, Suggestion
from dataset.models import Slice
from dataset.services.manifests import freeze
from dataset.services.slices import create_slice
from model.models import Run
from tests.curate.factories import Picture, make_dataset, make_images
from tests.curate.history.scene import BOX, checkpoint_of, make_run, predictions_of
from tests.factories import Cast, call, make_cast, run_jobs

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
SECONDS = 90.0  # that Bob's editor counts for one task


class IterationScene:
    """Twelve images with a car each: 6 to train on, 2 more, 4 to judge on. Two cars of the training are no cars."""

    def __init__(self, bob: Role = Role.REVIEWER) -> None:
        self.cast: Cast = make_cast(bob=bob)
        self.dataset = make_dataset(self.cast.project, classes=("car", "bike"))
        self.images = make_images(self.dataset, [Picture(boxes=[("car", *BOX)]) for _ in range(12)])
        self.car, self.bike = (self.dataset.classes.get(name=name).pk for name in ("car", "bike"))
        self.train = self.slice("train", 0, 6)
        self.more = self.slice("more", 6, 8)
        self.validation = self.slice("val", 8, 12)

    def slice(self, name: str, first: int, last: int, origin: dict[str, Any] | None = None) -> Slice:
        ids = [image.pk for image in self.images[first:last]]
        return create_slice(
            dataset=self.dataset, name=name, image_ids=ids, origin=origin or {"kind": "hand"}, by=self.cast.alice
        )

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = call(self.cast.bob, method, path, body, **headers)
        assert answer.status_code < 300, answer.content
        return answer.json()

    def get(self, path: str) -> Any:
        return self.api("GET", path)

    def run(self, name: str, found: int, *, minutes: tuple[int, int], **fields: Any) -> Run:
        """A run that was at work from one minute of Monday morning to another, and what it finds of the four cars."""
        began, ended = (MONDAY + timedelta(minutes=minute) for minute in minutes)
        trained = fields.pop("train", [self.train])
        run = make_run(self.dataset, trained, self.validation, name=name, started_at=began, finished_at=ended, **fields)
        self.judge(run, found)
        return run

    def judge(self, run: Run, found: int) -> Evaluation:
        judged = predictions_of(run, self.dataset, self.images[8:], found)
        self.api("POST", "evaluations", {"prediction_set": judged.pk})
        (job,) = run_jobs()
        assert job.state == "succeeded", job.error
        evaluation = Evaluation.objects.get(pk=job.result["evaluation"])
        Run.objects.filter(pk=run.pk).update(evaluation_id=evaluation.pk)
        run.evaluation_id = evaluation.pk
        return evaluation

    def doubts(self) -> AutoCurate:
        """Suggestions that two labels of the training have the wrong class, and the slice of their images."""
        row = AutoCurate.objects.create(
            dataset=self.dataset,
            kind="mislabels",
            params={"folds": 2},
            source={"slice": {"id": self.train.pk, "name": "train"}, "q": "", "revision": self.dataset.head_revision},
            report={"expected_precision": 0.75},
            created_by=self.cast.alice,
            finished_at=timezone.now(),
        )
        made = self.slice("mislabels", 0, 2, {"kind": "auto_curate", "auto_curate": row.pk})
        row.slice_ids = [made.pk]
        row.save(update_fields=["slice_ids"])
        for image in self.images[:2]:
            Suggestion.objects.create(
                auto_curate=row,
                image=image,
                kind="wrong_class",
                score=0.8,
                reason="",
                given={"class_id": self.car, "box": list(BOX)},
                proposed={"class_id": self.bike, "box": list(BOX)},
            )
        return row

    def correct(self, doubts: AutoCurate, *, accepted: int = 2) -> int:
        """Bob looks at both images, relabels as many as are `accepted`, and sends the batch back."""
        body = {"slice": doubts.slice_ids[0], "name": f"mislabels {doubts.pk}", "auto_curate": doubts.pk}
        batch = int(self.api("POST", "batches", body)["id"])
        for place, row in enumerate(self.get(f"batches/{batch}/tasks")["items"]):
            task = self.get(f"tasks/{row['id']}")
            right = place < accepted
            boxes = [{**box, "class_id": self.bike} for box in task["boxes"]] if right else task["boxes"]
            verdict = {"id": task["suggestions"][0]["id"], "verdict": "accepted" if right else "rejected"}
            save = {"boxes": boxes, "state": "done", "verdicts": [verdict], "active_seconds": SECONDS}
            self.api("PUT", f"tasks/{task['id']}", save, **{"If-Match": f'"{task["version"]}"'})
        self.api("POST", f"batches/{batch}/merge", {"message": "Mislabels corrected"})
        self.dataset.refresh_from_db()
        return batch

    def compare(self, a: Run, b: Run) -> int:
        """The comparison of b − a, computed."""
        self.api("POST", "comparisons", {"a": a.evaluation_id, "b": b.evaluation_id})
        jobs = run_jobs()
        assert [job.state for job in jobs] == ["succeeded"]
        return int(jobs[0].result["comparison"])

    def iteration(self) -> tuple[Run, Run, Run, int]:
        """Baseline, corrected run, control, and the batch: the whole of it, not compared yet."""
        baseline = self.run("baseline", 1, minutes=(0, 10))
        start = checkpoint_of(baseline)
        old = self.dataset.head_revision
        batch = self.correct(self.doubts())
        corrected = self.run("corrected", 3, minutes=(60, 70), start=start, train=[self.train, self.more])
        control = make_run(
            self.dataset, [self.train], self.validation, name="control", start=start, control_of=corrected,
            started_at=MONDAY + timedelta(minutes=70), finished_at=MONDAY + timedelta(minutes=80),
        )  # fmt: skip
        unchanged = freeze(dataset=self.dataset, slices=[self.train], revision=old)
        Run.objects.filter(pk=control.pk).update(revision=old, train_manifest=unchanged)
        self.judge(control, 2)
        return baseline, corrected, control, batch
