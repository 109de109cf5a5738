"""An experiment in a browser: from a run to its cost, its arms, the verdict as it comes, and what was forgotten."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from dataset.models import Annotation, Dataset, PredictionSet, Slice
from dataset.services.predictions import store_predictions
from jobs.models import Job
from model import tasks as model_tasks
from model.models import Experiment, Run
from model.services import judging
from tests.curate.history.scene import checkpoint_of, make_run
from tests.e2e.stage import Stage
from tests.factories import run_jobs

assert model_tasks
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def told(run: Run, missed: tuple[str, ...], kept: float) -> PredictionSet:
    """Predictions as if the run had found its validation labels, but for some classes and a share of the rest."""
    images = run.validation_manifest.image_ids
    chance = np.random.default_rng(run.seed)
    labels = [
        one
        for one in Annotation.objects.filter(image_id__in=images, died=None)
        .select_related("label_class")
        .order_by("pk")
        if one.label_class.name not in missed and chance.random() < kept
    ]
    labels.sort(key=lambda one: one.image_id)
    return store_predictions(
        dataset=run.dataset,
        manifest=run.validation_manifest,
        name=run.name,
        kind="run",
        checkpoint_id=checkpoint_of(run).pk,
        image_ids=np.array([one.image_id for one in labels], np.int64),
        class_ids=np.array([one.label_class_id for one in labels], np.int64),
        boxes=np.array([[one.x1, one.y1, one.x2, one.y2] for one in labels], np.float32).reshape(-1, 4),
        scores=np.full(len(labels), 0.9, np.float32),
    )


def judged(run: Run, missed: tuple[str, ...] = (), kept: float = 1.0) -> None:
    """As the run's job does when its training has ended; then the waiting judgement."""
    alice = User.objects.get(pk=run.created_by_id)
    predicted = told(run, missed, kept)
    Run.objects.filter(pk=run.pk).update(
        prediction_set=predicted, finished_at=run.created_at, started_at=run.created_at
    )
    Job.objects.filter(pk=run.job_id).update(state="succeeded")
    run.refresh_from_db()
    judging.ask_for_run(run=run, prediction_set=predicted, author=alice)
    waiting = Job.objects.filter(state="queued", kind="train")
    later = list(waiting.values_list("pk", flat=True))
    waiting.update(state="failed")  # no worker trains here
    assert {job.state for job in run_jobs()} == {"succeeded"}
    Job.objects.filter(pk__in=later).update(state="queued")


def made_parent(stage: Stage) -> tuple[Run, dict[str, Slice]]:
    """A run that was trained and judged, on three images; two more wait to be added."""
    ids = sorted(row["id"] for row in stage.all(f"datasets/{stage.dataset}/images?limit=200"))
    parts = {"roads": ids[:3], "more roads": ids[3:5], "judged on": ids[5:]}
    slices = {
        name: Slice.objects.get(
            pk=stage.api("POST", f"datasets/{stage.dataset}/slices", {"name": name, "images": images})["id"]
        )
        for name, images in parts.items()
    }
    dataset = Dataset.objects.get(pk=stage.dataset)
    parent = make_run(
        dataset, [slices["roads"]], slices["judged on"], name="parent", settings={"epochs": 30, "batch": 2},
        created_by=User.objects.get(pk=stage.cast.alice.pk), classes=[one.name for one in dataset.classes.all()],
    )  # fmt: skip
    predicted = told(parent, ("truck",), 0.8)
    Run.objects.filter(pk=parent.pk).update(
        prediction_set=predicted, started_at=parent.created_at, finished_at=parent.created_at
    )
    return parent, slices


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """From "Train with more data": cost, start, the verdict as it comes, what was forgotten, the pair's comparison."""
    page = signed_in
    parent, _ = made_parent(stage)
    page.goto(f"/runs/{parent.pk}")
    page.get_by_role("button", name="Train with more data").click()
    page.get_by_role("link", name="As an experiment").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("parent: does more data help?")
    expect(page.get_by_text("Both arms have the same images and labels")).to_be_visible()
    page.get_by_role("combobox", name="Training slices").click()
    page.get_by_role("option", name=re.compile("^more roads")).click()
    page.keyboard.press("Escape")
    page.get_by_label("Seeds of each arm").fill("2")
    expect(page.get_by_text("5 images, 30 epochs, 90 steps")).to_be_visible()
    expect(page.get_by_text("3 images, 50 epochs, 100 steps")).to_be_visible()
    expect(page.get_by_text("not known yet")).to_be_visible()
    page.get_by_role("button", name="Start 4 runs").click()
    expect(page).to_have_url(re.compile(r"/experiments/\d+$"))
    table = page.get_by_role("table", name="Arms and seeds")
    expect(table.get_by_text("Queued")).to_have_count(4)
    expect(page.get_by_text("The first figures come when")).to_be_visible()

    runs = list(Run.objects.filter(experiment__dataset=stage.dataset).order_by("pk"))
    for run in runs[:2]:
        judged(run, *(((), 0.95) if run.arm == "treatment" else (("truck",), 0.7)))
    expect(page.get_by_text("so far, 1 of 2 seeds")).to_be_visible()  # told by the stream of news
    judged(runs[2], ("car",), 0.95)
    judged(runs[3], ("truck",), 0.7)
    forgot = page.get_by_text(re.compile(r"is held back, it forgot: car −"))
    expect(forgot).to_be_visible()
    expect(page.get_by_text("Best run that forgot nothing:")).to_contain_text(runs[0].name)
    expect(page.get_by_text(re.compile("interval over 2 seeds and 13 images"))).to_be_visible()
    expect(page.get_by_role("table", name="Gain per class").get_by_text("truck")).to_be_visible()
    assert Experiment.objects.get().result["pairs"] == 2

    page.get_by_role("button", name="Compare seed 0").click()
    expect(page).to_have_url(re.compile(r"/comparisons/\d+$"))

    page.goto(f"/model/{stage.dataset}/experiments")
    expect(page.get_by_role("link", name="parent: does more data help?")).to_be_visible()
    expect(page.get_by_text("2 of 2")).to_be_visible()
