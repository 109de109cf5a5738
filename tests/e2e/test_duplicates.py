"""Duplicates in a browser: compared, one of each kept, copies of validation taken out of training and put back."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dataset.models import Dataset, Image, Slice
from tests.curate.duplicates.pictures import store
from tests.curate.history.scene import make_run, predictions_of
from tests.e2e.stage import Stage, job
from tests.factories import make_annotation, run_jobs
from tests.processes import until
from tests.science.duplicates.drawing import darker, mirrored, scene, turned, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def sides(stage: Stage) -> tuple[Slice, Slice]:
    """Training and validation: of validation's four images one has its bytes in training, one is mirrored, one cut."""
    dataset = Dataset.objects.get(pk=stage.dataset)
    train = [store(dataset, f"site/{seed}.jpg", scene(seed)) for seed in range(6)]
    train.append(store(dataset, "site/3-darker.jpg", turned(darker(scene(3)))))
    validation = [
        store(dataset, "again/0.jpg", scene(0)),
        store(dataset, "again/1-mirrored.jpg", mirrored(scene(1))),
        store(dataset, "again/2-window.jpg", window(scene(2), 0.1, 0.1, 0.8, 0.9)),
        store(dataset, "again/new.jpg", scene(51)),
    ]
    return named(stage, "sites", train), named(stage, "held out", validation)


def named(stage: Stage, name: str, images: list[Image]) -> Slice:
    body = {"name": name, "images": [image.pk for image in images]}
    return Slice.objects.get(pk=stage.api("POST", f"datasets/{stage.dataset}/slices", body)["id"])


def shot(page: Page, name: str) -> None:
    """A picture of the page, where somebody wants to look at it."""
    if folder := os.environ.get("HALFDAY_SHOTS"):
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_it_works(signed_in: Page, stage: Stage, sides: tuple[Slice, Slice]) -> None:
    page = signed_in
    page.goto(f"/curate/{stage.dataset}/duplicates")
    expect(page.get_by_text("1 group of 2 images.")).to_be_visible()
    page.get_by_text("Near", exact=True).click()
    expect(page.get_by_role("heading", name="The pictures have not been compared yet")).to_be_visible()
    shot(page, "empty")
    page.get_by_role("button", name="Compare all pictures").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("status").filter(has_text="images in all")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("link", name="3-darker.jpg")).to_be_visible()
    shot(page, "near")

    page.keyboard.press("k")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Open the slice")).to_be_visible()
    train, validation = sides
    assert Slice.objects.get(name="duplicates").image_count >= 3
    assert train.slice_images.count() + validation.slice_images.count() < 11
    shot(page, "made")
    dialog.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("All slices are as they were.")).to_be_visible()
    assert (train.slice_images.count(), validation.slice_images.count()) == (7, 4)
    assert not Slice.objects.filter(name="duplicates").exists()


def test_copies_leave_training_and_come_back(signed_in: Page, stage: Stage, sides: tuple[Slice, Slice]) -> None:
    page = signed_in
    train, validation = sides
    stage.api("POST", f"datasets/{stage.dataset}/duplicates/search")
    run_jobs()
    page.goto(f"/curate/{stage.dataset}/leaks")
    expect(page.get_by_role("heading", name="Choose what is trained on")).to_be_visible()
    page.goto(f"/curate/{stage.dataset}/leaks?train={train.pk}&validation={validation.pk}")
    expect(page.get_by_text("3 of 4 validation images have a copy in training.")).to_be_visible()
    expect(page.get_by_text("Shows the same · mirrored")).to_be_visible()
    expect(page.get_by_role("link", name="0.jpg").first).to_be_visible()
    shot(page, "leaks")
    page.get_by_role("button", name="Take 3 copies out of training").click()
    page.get_by_role("dialog").get_by_role("button", name="Take them out").click()
    expect(page.get_by_text("0 of 4 validation images have a copy in training.")).to_be_visible()
    assert train.slice_images.count() == 4
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 of 4 validation images have a copy in training.")).to_be_visible()
    assert train.slice_images.count() == 7

    say_leaks_before_a_run(page, stage, train, validation)
    say_leaks_beside_an_evaluation(page, stage, train, validation)

    page.goto(f"/curate/{stage.dataset}")
    page.get_by_role("button", name=re.compile("Split")).first.click()
    expect(page.get_by_text("The names tell of no sources.")).to_be_visible()
    shot(page, "split")
    set_a_sequence(page, stage)


def say_leaks_before_a_run(page: Page, stage: Stage, train: Slice, validation: Slice) -> None:
    page.goto(f"/model/{stage.dataset}/new?slice={train.pk}")
    page.get_by_role("combobox", name="Validation slice").click()
    page.get_by_role("option", name=re.compile("^held out")).click()
    line = page.get_by_role("alert").filter(has_text="3 validation images have a copy in training.")
    expect(line).to_be_visible()
    shot(page, "run")
    line.get_by_role("link", name="Show the pairs").click()
    expect(page).to_have_url(re.compile(f"/leaks\\?train={train.pk}&validation={validation.pk}"))
    expect(page.get_by_text("3 of 4 validation images have a copy in training.")).to_be_visible()


def say_leaks_beside_an_evaluation(page: Page, stage: Stage, train: Slice, validation: Slice) -> None:
    dataset = Dataset.objects.get(pk=stage.dataset)
    judged = list(Image.objects.filter(slice_images__slice=validation))
    for image in judged:
        make_annotation(image, dataset.classes.get(name="car"))
    found = predictions_of(make_run(dataset, [train], validation), dataset, judged, found=2)
    evaluation = job(stage, "evaluations", {"prediction_set": found.pk})["evaluation"]
    page.goto(f"/evaluations/{evaluation}")
    line = page.get_by_role("alert").filter(has_text="3 validation images have a copy in training.")
    expect(line).to_be_visible()
    shot(page, "evaluation")
    line.get_by_role("link", name="Show the pairs").click()
    expect(page.get_by_text("Shows the same · mirrored")).to_be_visible()


def set_a_sequence(page: Page, stage: Stage) -> None:
    """By the grid's selection, and taken back."""
    page.goto(f'/datasets/{stage.dataset}?q=key like "site/%"')
    expect(page.locator("[role=option][data-index]").first).to_be_visible()
    page.keyboard.press("x")
    bar = page.get_by_role("toolbar", name="Selection")
    expect(bar.get_by_role("status")).to_have_text("7 selected")
    bar.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Set sequence").click()
    page.get_by_role("dialog").get_by_label("Sequence").fill("depot")
    shot(page, "sequence")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_text("The sequence of 7 images was changed.")).to_be_visible()
    assert Image.objects.filter(dataset=stage.dataset, sequence="depot").count() == 7
    with page.expect_response(lambda answer: "/bulk/" in answer.url):
        page.get_by_role("button", name="Undo").click()
    until(lambda: not Image.objects.filter(dataset=stage.dataset, sequence="depot").exists())
