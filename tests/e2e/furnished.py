"""The stage with one of everything that has a page: batch, runs, experiment, endpoint, comparison, map, long work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from curate.models import AutoCurate
from dataset.models import Dataset, Slice
from jobs.models import Job
from label.models import Task
from model.models import Experiment
from tests.curate.history.scene import predictions_of
from tests.e2e.stage import Stage, image_ids, job
from tests.e2e.test_ledger import iterated
from tests.factories import call, run_jobs
from tests.model.endpoints.scene import Deployed


def furnished(stage: Stage, folder: Path) -> dict[str, str]:
    """Fill the stage; returns the addresses of its pages by a short name."""
    at, first = stage.dataset, sorted(image_ids(stage).values())[0]
    run, _ = iterated(stage)
    comparison = compared(stage)
    picked, mislabels, edges = (auto_curated(stage, kind) for kind in ("split", "mislabels", "edge_cases"))
    job(stage, f"datasets/{at}/embeddings", {})
    job(stage, f"datasets/{at}/exports", {"format": "coco", "slice": stage.slice})
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "First look"})["id"]
    task = Task.objects.filter(batch=batch).earliest("pk").pk
    experiment = Experiment.objects.create(dataset_id=at, name="Does more data help?", seeds=[0], parent=run).pk
    endpoint, gate = deployed(stage, folder)
    failed = Job.objects.create(
        kind="import_images", title="Import scenes", project=stage.cast.project, created_by=stage.cast.alice,
        state="failed", error="The disk is full.",
    )  # fmt: skip
    d, c, m = f"/datasets/{at}", f"/curate/{at}", f"/model/{at}"
    slices = list(Slice.objects.filter(dataset=at).order_by("pk").values_list("pk", flat=True))
    return {
        "home": "/", "project": f"/projects/{stage.cast.project.pk}",
        "history": f"/projects/{stage.cast.project.pk}/evaluations", "settings": "/settings",
        **{f"settings {part}": f"/settings?part={part}" for part in ("tokens", "members", "audit", "imports")},
        "jobs": "/jobs", "job": f"/jobs/{failed.pk}", "grid": d, "objects": f"{d}?view=objects",
        "judged objects": f"{d}?view=objects&evaluation={stage.evaluation}", "analytics": f"{d}/analytics",
        "image": f"{d}/images/{first}", "slices": f"{d}/slices", "slice": f"{d}/slices/{stage.slice}",
        "slices beside": f"{d}/slices/compare?a={slices[1]}&b={slices[2]}", "revisions": f"{d}/revisions",
        "revision": f"{d}/revisions/2", "imports": f"{d}/imports", "exports": f"{d}/exports",
        "classes": f"{d}/classes", "improve": f"{d}/improve", "auto-curate": c, "split": f"{c}/auto/{picked}",
        "mislabels": f"{c}/auto/{mislabels}", "edge cases": f"{c}/auto/{edges}", "map": f"{c}/map",
        "duplicates": f"{c}/duplicates", "leaks": f"{c}/leaks?train={slices[1]}&validation={slices[2]}",
        "evaluations": f"{c}/evaluations", "evaluation": f"/evaluations/{stage.evaluation}",
        "boxes": f"/evaluations/{stage.evaluation}/boxes", "comparison": f"/comparisons/{comparison[0]}",
        "comparisons": f"/comparisons?of={','.join(map(str, comparison[1]))}", "batches": f"/label/{at}",
        "batch": f"/batches/{batch}", "task": f"/tasks/{task}", "runs": m, "new run": f"{m}/new",
        "experiments": f"{m}/experiments", "new experiment": f"{m}/experiments/new?parent={run.pk}",
        "experiment": f"/experiments/{experiment}", "baselines": f"{m}/baselines",
        "endpoints": f"/model/{endpoint[1]}/endpoints", "endpoint": f"/endpoints/{endpoint[0]}",
        "gate result": f"/gate-results/{gate}", "run": f"/runs/{run.pk}", "ledger": f"/runs/{run.pk}/ledger",
    }  # fmt: skip


def auto_curated(stage: Stage, kind: str) -> int:
    judges = stage.all(f"datasets/{stage.dataset}/evaluations")[-1]["prediction_set"]["id"]
    params: dict[str, Any] = {"smallest_score": 0.02, "crops": False, "prediction_set": judges}
    if kind != "mislabels":
        params = {} if kind == "split" else {"prediction_set": judges}
    made = job(stage, f"datasets/{stage.dataset}/auto-curate", {"kind": kind, "params": params})
    return AutoCurate.objects.get(pk=made["auto_curate"]).pk


def compared(stage: Stage) -> tuple[int, list[int]]:
    """A comparison of two evaluations on the same images, and both of them."""
    dataset = Dataset.objects.get(pk=stage.dataset)
    sets = [predictions_of(None, dataset, list(dataset.images.all()), found) for found in (4, 9)]
    both = [job(stage, "evaluations", {"prediction_set": one.pk})["evaluation"] for one in sets]
    made = stage.api("POST", "comparisons", {"a": both[0], "b": both[1]})
    run_jobs()
    return made["id"], both


def deployed(stage: Stage, folder: Path) -> tuple[tuple[int, int], int]:
    """An endpoint and its dataset, and a gate's result."""
    scene = Deployed(cast=stage.cast)
    endpoint = scene.endpoint(scene.form(folder), gate=scene.gate({"drop": 2}, {"class": "rider", "drop": 3}))
    for checkpoint, cars, riders in ((scene.now, 0.8, 0.8), (scene.better, 1.0, 1.0)):
        scene.predicted(checkpoint, cars=cars, riders=riders)
    body = {"candidate": scene.better.pk, "incumbent": scene.now.pk, "slice": scene.slice.pk, "gate": endpoint.gate_id}
    asked = call(scene.cast.alice, "post", "gate-results", body)
    assert asked.status_code < 300, asked.content
    run_jobs()
    return (endpoint.pk, scene.dataset.pk), asked.json()["id"]
