"""The same runs again: same images, labels, weights, settings and seeds; judged and compared as then."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from client.nouns import Evaluation, Run
from replay.material import SameMaterial, free_name
from replay.reading import CannotReplay

AGAIN = 0.3  # seconds between looks at a run whose evaluation has not begun


@dataclass
class Trainings:
    """What was trained so far, by the ledger's run ids."""

    material: SameMaterial
    done: dict[int, Run] = field(default_factory=dict)
    judged: dict[int, Evaluation] = field(default_factory=dict)

    def check_weights(self, runs: list[dict[str, Any]]) -> None:
        """Raise CannotReplay before anything is trained where starting weights are missing."""
        ids = {run["id"] for run in runs}
        for run in runs:
            if run["start"] and run["start"]["run"] not in ids:
                self.checkpoint_like(run)

    def train(self, run: dict[str, Any]) -> None:
        """Train one again, wait for it and for its evaluation."""
        material, api = self.material, self.material.halfday
        taken = {one["name"] for one in api.runs.list(material.dataset["id"])}
        links = {"parent": run["parent"], "control_of": self.controlled(run)}
        started = api.runs.start(
            dataset=material.dataset["id"],
            name=free_name(f"replay · {run['name']}"[:110], taken),
            train_slices=[material.slices[run["train"]]["id"]],
            validation_slice=material.slices[run["validation"]]["id"],
            settings=run["settings"],
            weights=self.weights_of(run),
            baseline=run["baseline"],
            revision=material.revisions[run["revision"]],
            **{name: self.done[then]["id"] for name, then in links.items() if then in self.done},
        )
        api.jobs.wait(job_of(dict(started)))
        self.done[run["id"]] = self.with_evaluation(started["id"])
        self.judged[run["id"]] = self.evaluated(self.done[run["id"]])

    def controlled(self, run: dict[str, Any]) -> int | None:
        """What the run is a control of: a control that another run lent is, here, that of the ledger's own run."""
        if run["role"] != "control" or run["control_of"] in self.done:
            found: int | None = run["control_of"]
            return found
        return next((one["id"] for one in self.material.file.replay["runs"] if one["role"] == "run"), None)

    def with_evaluation(self, number: int) -> Run:
        """The finished run, once its evaluation has begun."""
        while not (run := self.material.halfday.runs.get(number))["evaluation"]:
            time.sleep(AGAIN)
        return run

    def evaluated(self, run: Run) -> Evaluation:
        """Its evaluation with intervals."""
        api, number = self.material.halfday, (run["evaluation"] or {})["id"]
        found = api.evaluations.get(number)
        if found["job"]:
            api.jobs.wait(found["job"])
        return api.evaluations.get(number)

    def weights_of(self, run: dict[str, Any]) -> dict[str, Any]:
        """What to start from here."""
        start = run["start"]
        if start is None:
            return {"kind": "scratch"}
        if start["run"] in self.done:
            made = {one["kind"]: one["id"] for one in self.done[start["run"]]["checkpoints"]}
            return {"kind": "checkpoint", "checkpoint": made[start["kind"]]}
        found = self.checkpoint_like(run)
        return {"kind": "base"} if run["weights"] == "base" else {"kind": "checkpoint", "checkpoint": found["id"]}

    def checkpoint_like(self, run: dict[str, Any]) -> dict[str, Any]:
        """The project's checkpoint with the same bytes."""
        start = run["start"]
        listed = self.material.halfday.checkpoints.list(project=self.material.dataset["project"])
        found = next((one for one in listed if one["sha256"] == start["sha256"]), None)
        if found is None and run["weights"] == "base":
            raise CannotReplay(
                f"{run['name']} started from base weights with the SHA-256 {start['sha256'][:16]}…; this installation"
                " ships others. Replay with the release that wrote the ledger."
            )
        if found is None:
            raise CannotReplay(
                f"{run['name']} started from “{start['name']}”, and no checkpoint here has its SHA-256,"
                f" {start['sha256']}. Download that file from the other installation and upload it to this project"
                " (Model → Baselines → Upload weights)."
            )
        return found

    def compare(self, a: int, b: int) -> dict[str, Any]:
        """The comparison of b − a, of the ledger's runs."""
        api = self.material.halfday
        found = api.comparisons.start(self.judged[a]["id"], self.judged[b]["id"])
        if not found.get("delta"):
            result = api.jobs.wait(job_of(found))["result"] or {}
            found = dict(api.comparisons.get(int(result["comparison"])))
        return found


def job_of(answer: dict[str, Any]) -> int:
    """The job of an answer, which is a job itself or names one."""
    job = answer.get("job") or answer["id"]
    return int(job["id"] if isinstance(job, dict) else job)
