"""Auto-curate, evaluations, comparisons."""
# ruff: noqa: A002 - slice, format and list are the words of the API

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from client.nouns import Comparison, Evaluation, Job, Suggestion
from client.transport import Transport

RUNS = 200  # of a page of the lineage, at most


class AutoCurate:
    """Split, find mislabels, find edge cases."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def start(
        self,
        dataset: int,
        kind: str,
        *,
        slice: int | None = None,
        q: str | None = None,
        params: dict[str, Any] | None = None,
    ) -> Job:
        """Start one; its job's result names the auto-curate run and its slices."""
        body = {"kind": kind, "slice": slice, "q": q, "params": params or {}}
        job: Job = self.transport.post(f"datasets/{dataset}/auto-curate", body)
        return job

    def get(self, auto_curate: int) -> dict[str, Any]:
        """Its parameters, slices and report."""
        found: dict[str, Any] = self.transport.get(f"auto-curates/{auto_curate}")
        return found

    def suggestions(self, auto_curate: int, **filters: Any) -> Iterator[Suggestion]:
        """What it suggests, the most certain first; filter by kind, verdict, image."""
        return self.transport.items(f"auto-curates/{auto_curate}/suggestions", **filters)

    def review(self, auto_curate: int, *, minutes: float = 30) -> dict[str, Any]:
        """The plan of a review of mislabels, and the `forecast` of what so many minutes will bring."""
        found: dict[str, Any] = self.transport.get(f"auto-curates/{auto_curate}/review", minutes=minutes)
        return found

    def test_finder(
        self,
        auto_curate: int,
        *,
        rates: dict[str, float] | None = None,
        retrain: bool = False,
        hard: bool = False,
        seed: int = 0,
    ) -> Job:
        """Plant errors in a copy of the labels that a search for mislabels looked at, and see which it finds.

        `rates` are of the labels, by kind of error; with `retrain` the judges learn the planted labels first; `hard`
        plants errors where the judges are unsure too, as people err.
        """
        body = {"rates": rates or {}, "retrain": retrain, "hard": hard, "seed": seed}
        job: Job = self.transport.post(f"auto-curates/{auto_curate}/self-test", body)
        return job

    def self_test(self, auto_curate: int) -> dict[str, Any]:
        """How the newest test ended, and its result: recall and precision by kind and class."""
        found: dict[str, Any] = self.transport.get(f"auto-curates/{auto_curate}/self-test")
        return found


class Evaluations:
    """A checkpoint's predictions measured against labels."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def get(self, evaluation: int) -> Evaluation:
        """Its figures, with those of each class."""
        found: Evaluation = self.transport.get(f"evaluations/{evaluation}")
        return found

    def start(
        self, *, prediction_set: int, revision: int | None = None, slice: int | None = None, iou: float = 0.5
    ) -> Job:
        """Evaluate a prediction set."""
        job: Job = self.transport.post(
            "evaluations", {"prediction_set": prediction_set, "revision": revision, "slice": slice, "iou": iou}
        )
        return job

    def import_predictions(
        self,
        dataset: int,
        file: Path,
        *,
        annotations: Path | None = None,
        slice: int | None = None,
        name: str | None = None,
    ) -> Job:
        """Bring predictions made elsewhere, as COCO results; the job's result names the prediction set.

        `annotations` is the COCO file that its ids are from; without it images go by key or file name. `slice` are the
        images that were predicted on, also those without a box.
        """
        fields = {"slice": slice, "name": name}
        given = {key: str(value) for key, value in fields.items() if value is not None}
        beside = {"annotations": annotations} if annotations else {}
        job: Job = self.transport.upload(f"datasets/{dataset}/prediction-sets", file, given, beside)
        return job

    def of_checkpoint(
        self,
        checkpoint: int,
        *,
        dataset: int,
        slice: int | None = None,
        q: str | None = None,
        revision: int | None = None,
        iou: float = 0.5,
    ) -> Job:
        """Predict images with a checkpoint and evaluate what it finds; the job's result names the evaluation.

        That is computed by a job of its own, which `get(evaluation)["job"]` names.
        """
        body = {"dataset": dataset, "slice": slice, "q": q, "revision": revision, "iou": iou}
        job: Job = self.transport.post(f"checkpoints/{checkpoint}/evaluate", body)
        return job

    def preview(self, dataset: int, **asked: Any) -> dict[str, int]:
        """How many images and boxes an evaluation would be judged on, and how many the weights were trained on.

        `asked`: prediction_set or checkpoint, and slice and revision where they are wanted.
        """
        found: dict[str, int] = self.transport.get(f"datasets/{dataset}/evaluations/preview", **asked)
        return found

    def of_project(self, project: int, **filters: Any) -> Iterator[Evaluation]:
        """All of a project, newest first; filter by dataset, slice; `newest="true"`: one of each run and manifest.

        With `class` (the name of one) each has `of_class`.
        """
        return self.transport.items(f"projects/{project}/evaluations", **filters)

    def lineage(self, project: int, **filters: Any) -> Iterator[dict[str, Any]]:
        """A project's runs, newest first: what each goes on from, what changed, and what the step was worth."""
        return self.transport.items(f"projects/{project}/lineage", **{"limit": RUNS, **filters})

    def delete(self, evaluation: int) -> None:
        """Delete it with its verdicts and its comparisons; the predictions stay."""
        self.transport.delete(f"evaluations/{evaluation}")

    def report(self, evaluation: int, *, pictures: bool = True, language: str | None = None) -> bytes:
        """The evaluation as one HTML file that can be mailed; `language` is en or ko, else that of the account."""
        return self.transport.get_bytes(f"evaluations/{evaluation}/report", pictures=int(pictures), language=language)

    def confusion(self, evaluation: int) -> dict[str, Any]:
        """The confusion matrix with background."""
        found: dict[str, Any] = self.transport.get(f"evaluations/{evaluation}/confusion")
        return found


class Comparisons:
    """Two evaluations of the same images, with intervals on the difference."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def start(self, a: int, b: int) -> dict[str, Any]:
        """Compare evaluation b with a. Gives back a job, or the comparison where it is there already."""
        found: dict[str, Any] = self.transport.post("comparisons", {"a": a, "b": b})
        return found

    def get(self, comparison: int) -> Comparison:
        """The differences b - a."""
        found: Comparison = self.transport.get(f"comparisons/{comparison}")
        return found

    def objects(self, comparison: int, changed: str, limit: int = 12) -> list[dict[str, Any]]:
        """The largest objects that were `fixed`, `broken`, `fp_gone` or `fp_new`, as `earlier` and `later` see them."""
        path = f"comparisons/{comparison}/objects"
        found: list[dict[str, Any]] = self.transport.get(path, changed=changed, limit=limit)
        return found

    def report(self, comparison: int, *, pictures: bool = True, language: str | None = None) -> bytes:
        """The comparison as one HTML file that can be mailed; `language` is en or ko, else that of the account."""
        return self.transport.get_bytes(f"comparisons/{comparison}/report", pictures=int(pictures), language=language)
