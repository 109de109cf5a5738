"""Baselines, checkpoints, runs."""
# ruff: noqa: A002 - slice, format and list are the words of the API

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from client.nouns import Experiment, Job, Run
from client.transport import Transport

Rows = list[dict[str, Any]]
ITERATIONS = 50  # of a page of ledgers, at most


class Baselines:
    """Networks that can be trained."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def list(self) -> list[dict[str, Any]]:
        """All of them."""
        found: list[dict[str, Any]] = self.transport.get("baselines")
        return found

    def measure(self, baseline: str, *, project: int, imgsz: int, batch: int) -> Job:
        """Measure how fast it trains and predicts on the platform's device; the figures join it in `list`."""
        body = {"baseline": baseline, "project": project, "imgsz": imgsz, "batch": batch}
        job: Job = self.transport.post("baselines/measure", body)
        return job


class Checkpoints:
    """Weights."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def list(self, **filters: Any) -> list[dict[str, Any]]:
        """All that can be started from; filter by project or dataset."""
        return list(self.transport.items("checkpoints", **filters))

    def upload(self, *, project: int, file: Path, name: str) -> Job:
        """Bring weights from this machine; the job that converts them names the checkpoint. Owners only."""
        job: Job = self.transport.upload("checkpoints", file, {"project": str(project), "name": name})
        return job

    def download(self, checkpoint: int, target: Path) -> Path:
        """Save a checkpoint's file."""
        return self.transport.download(f"checkpoints/{checkpoint}/file", target)

    def predict(self, checkpoint: int, *, dataset: int, slice: int | None = None, q: str | None = None) -> Job:
        """Predict a slice; the job's result names the prediction set."""
        job: Job = self.transport.post(
            f"checkpoints/{checkpoint}/predict", {"dataset": dataset, "slice": slice, "q": q}
        )
        return job

    def export(self, checkpoint: int, *, form: str, **more: Any) -> Job:
        """Have a checkpoint exported as onnx, openvino, torchscript or tensorrt; the job's result names the form.

        `more`: precision (f32, or bf16 of openvino), imgsz (pixels), slice (to check it on), allowed_drop (of mAP).
        """
        job: Job = self.transport.post(f"checkpoints/{checkpoint}/exports", {"form": form, **more})
        return job

    def forms(self, checkpoint: int, *, project: int | None = None) -> Rows:
        """Its exported forms, newest first; `project` is needed for the checkpoint that belongs to none."""
        found: Rows = self.transport.get(f"checkpoints/{checkpoint}/exports", project=project)
        return found


class Forms:
    """Checkpoints in other forms."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def get(self, form: int) -> dict[str, Any]:
        """What it is, how it differs from its checkpoint, and whether it may be served."""
        found: dict[str, Any] = self.transport.get(f"forms/{form}")
        return found

    def download(self, form: int, target: Path) -> Path:
        """Save its zip: the network, its facts and an example."""
        return self.transport.download(f"forms/{form}/file", target)

    def delete(self, form: int) -> None:
        """Remove it."""
        self.transport.delete(f"forms/{form}")


class Runs:
    """Trainings."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def start(
        self,
        *,
        dataset: int,
        name: str,
        train_slices: Sequence[int],
        validation_slice: int,
        settings: dict[str, Any],
        weights: dict[str, Any],
        **more: Any,
    ) -> Run:
        """Start a training. `weights` is {"kind": "base" | "scratch"} or {"kind": "checkpoint", "checkpoint": id}.

        `more`: baseline, revision, parent (the run whose training is continued), control_of (the run that this one is
        the control of).
        """
        body = {
            "dataset": dataset,
            "name": name,
            "train_slices": list(train_slices),
            "validation_slice": validation_slice,
            "settings": settings,
            "weights": weights,
            **more,
        }
        made: Run = self.transport.post("runs", body)
        return made

    def pictures(self, *, dataset: int, train_slices: Sequence[int], **more: Any) -> Job:
        """Have training pictures drawn as the baseline would see them; `drawn` gives them when the job has ended.

        `more`: baseline, weights, revision, parent, settings, seed, count (8).
        """
        body = {"dataset": dataset, "train_slices": [*train_slices], **more}
        job: Job = self.transport.post("augmentations", body)
        return job

    def drawn(self, job: int) -> Rows:
        """The pictures of such a job with their boxes; the JPEG of each stands at its `url` for half an hour."""
        found: Rows = self.transport.get(f"augmentations/{job}")
        return found

    def get(self, run: int) -> Run:
        """Its state, checkpoints and evaluation."""
        found: Run = self.transport.get(f"runs/{run}")
        return found

    def list(self, dataset: int) -> list[Run]:
        """The runs of a dataset, newest first."""
        return list(self.transport.items(f"datasets/{dataset}/runs"))

    def cancel(self, run: int) -> Run:
        """Stop it."""
        found: Run = self.transport.post(f"runs/{run}/cancel")
        return found

    def ledger(self, run: int) -> dict[str, Any]:
        """The iteration that ends with the run: the weakness found, what was done, by whom, how long, and the gain."""
        found: dict[str, Any] = self.transport.get(f"runs/{run}/ledger")
        return found

    def ledger_file(self, run: int, target: Path) -> Path:
        """Save the ledger with all that `./halfday replay` needs to do the iteration again."""
        return self.transport.download(f"runs/{run}/ledger/file", target)

    def ledger_report(self, run: int, *, language: str | None = None) -> bytes:
        """The ledger as one HTML file that can be mailed; `language` is en or ko, else that of the account."""
        return self.transport.get_bytes(f"runs/{run}/ledger/report", language=language)

    def iterations(self, project: int, *, dataset: int | None = None) -> Iterator[dict[str, Any]]:
        """A project's iterations, newest first: what each changed, and its gain over the control."""
        return self.transport.items(f"projects/{project}/ledgers", dataset=dataset, limit=ITERATIONS)


class Experiments:
    """Trainings with and without a change of the data, each with several seeds."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def start(
        self,
        *,
        dataset: int,
        name: str,
        train_slices: Sequence[int],
        validation_slice: int,
        parent: int | None = None,
        seeds: int = 3,
        **more: Any,
    ) -> Experiment:
        """Start both arms. `more`: settings, weights, baseline, revision, control, control_slices, match, early_stop …

        The control has the parent's slices and labels unless `control_slices` and `control_revision` name others.
        """
        body = _body(dataset, name, train_slices, validation_slice, parent=parent, seeds=seeds, **more)
        made: Experiment = self.transport.post("experiments", body)
        return made

    def estimate(
        self,
        *,
        dataset: int,
        train_slices: Sequence[int],
        validation_slice: int,
        parent: int | None = None,
        seeds: int = 3,
        **more: Any,
    ) -> dict[str, Any]:
        """What that would cost: runs, optimiser steps, seconds (None where nothing like it was trained yet), disk."""
        body = _body(dataset, "", train_slices, validation_slice, parent=parent, seeds=seeds, **more)
        found: dict[str, Any] = self.transport.post("experiments/estimate", body)
        return found

    def get(self, experiment: int) -> Experiment:
        """Its runs, and what they show so far."""
        found: Experiment = self.transport.get(f"experiments/{experiment}")
        return found

    def list(self, dataset: int) -> list[Experiment]:
        """The experiments of a dataset, newest first."""
        return list(self.transport.items(f"datasets/{dataset}/experiments"))

    def cancel(self, experiment: int) -> Experiment:
        """Stop all its runs."""
        found: Experiment = self.transport.post(f"experiments/{experiment}/cancel")
        return found

    def more_seeds(self, experiment: int, count: int = 1) -> Experiment:
        """Train both arms with further seeds."""
        found: Experiment = self.transport.post(f"experiments/{experiment}/more-seeds", {"count": count})
        return found

    def judge(self, experiment: int) -> Job:
        """Judge it again, where that failed."""
        job: Job = self.transport.post(f"experiments/{experiment}/judge")
        return job

    def delete(self, experiment: int) -> None:
        """Delete it with its runs and their checkpoints."""
        self.transport.delete(f"experiments/{experiment}")


class Searches:
    """Searches for better settings: repeats of the unchanged ones, then trials of others."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def settings(self) -> Rows:
        """What can be searched for, and the ranges that are proposed."""
        found: Rows = self.transport.get("searches/settings")
        return found

    def start(
        self,
        *,
        dataset: int,
        name: str,
        train_slices: Sequence[int],
        validation_slice: int,
        ranges: Sequence[dict[str, Any]],
        **more: Any,
    ) -> dict[str, Any]:
        """Start one. `ranges` are {"name", "low", "high", "log"} or {"name", "choices"}, 1 to 8 of them.

        `more`: trials (20), repeats (5), minutes, prune, settings, weights, baseline, revision.
        """
        body = _body(dataset, name, train_slices, validation_slice, ranges=list(ranges), **more)
        made: dict[str, Any] = self.transport.post("searches", body)
        return made

    def estimate(
        self,
        *,
        dataset: int,
        train_slices: Sequence[int],
        validation_slice: int,
        ranges: Sequence[dict[str, Any]],
        **more: Any,
    ) -> dict[str, Any]:
        """What that would take at most, and how far above the repeats a trial must lie to be called better."""
        body = _body(dataset, "", train_slices, validation_slice, ranges=list(ranges), **more)
        found: dict[str, Any] = self.transport.post("searches/estimate", body)
        return found

    def get(self, search: int) -> dict[str, Any]:
        """What was tried, the noise floor, and the best so far."""
        found: dict[str, Any] = self.transport.get(f"searches/{search}")
        return found

    def list(self, dataset: int) -> Rows:
        """The searches of a dataset, newest first."""
        return list(self.transport.items(f"datasets/{dataset}/searches"))

    def cancel(self, search: int) -> dict[str, Any]:
        """Stop it; it can be resumed."""
        found: dict[str, Any] = self.transport.post(f"searches/{search}/cancel")
        return found

    def resume(self, search: int, *, trials: int | None = None, minutes: float | None = None) -> dict[str, Any]:
        """Go on with it, up to so many trials and minutes in all."""
        body = {"trials": trials, "minutes": minutes}
        found: dict[str, Any] = self.transport.post(f"searches/{search}/resume", body)
        return found

    def delete(self, search: int) -> None:
        """Delete it with its runs and their checkpoints."""
        self.transport.delete(f"searches/{search}")


def _body(dataset: int, name: str, train_slices: Sequence[int], validation_slice: int, **more: Any) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "name": name,
        "train_slices": list(train_slices),
        "validation_slice": validation_slice,
        **more,
    }
