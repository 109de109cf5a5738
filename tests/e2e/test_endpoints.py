"""In a browser: a worse checkpoint is held back at the gate, the better promoted, a picture tried, and rolled back."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import model.tasks
from model.endpoints import deploying
from model.models import Endpoint
from tests.e2e.stage import Stage
from tests.factories import run_jobs
from tests.model.endpoints.scene import Deployed, coloured, serving

assert model.tasks
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def scene(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """`street`, at which `now` is deployed behind a gate; `worse` has lost its riders, `better` finds all."""
    scene = Deployed(cast=stage.cast)
    form = scene.form(tmp_path)
    monkeypatch.setattr(deploying, "deployable_form", lambda *_: form)
    scene.endpoint(form, gate=scene.gate({"drop": 2}, {"class": "rider", "drop": 3}))
    for checkpoint, cars, riders in ((scene.now, 0.8, 0.8), (scene.worse, 0.95, 0.3), (scene.better, 1.0, 1.0)):
        scene.predicted(checkpoint, cars=cars, riders=riders)
    return scene


def choose(page: Page, name: str) -> Any:
    """The promote dialog, with the checkpoint judged."""
    page.get_by_role("button", name="Promote", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Candidate").click()
    page.get_by_role("option", name=name).click()
    dialog.get_by_role("button", name="Judge by gate 0").click()
    expect(dialog.get_by_role("button", name="Judge by gate 0")).to_have_count(0)
    run_jobs()
    expect(dialog.get_by_role("status")).to_be_visible()
    return dialog


def test_it_works(signed_in: Page, scene: Deployed, settings: Any, tmp_path: Path) -> None:
    page, endpoint = signed_in, Endpoint.objects.get()
    page.goto(f"/model/{scene.dataset.pk}/endpoints")
    page.get_by_role("link", name="street").click()

    dialog = choose(page, "worse")
    expect(dialog.get_by_role("status")).to_contain_text("broken")
    expect(dialog.get_by_role("row", name="AP rider")).to_contain_text("broken")
    expect(dialog.get_by_role("button", name="Promote", exact=True)).to_be_disabled()
    expect(dialog.get_by_role("button", name="Promote all the same")).to_be_disabled()  # without a reason
    dialog.get_by_role("button", name="Close", exact=True).last.click()

    dialog = choose(page, "better")
    expect(dialog.get_by_role("status")).to_contain_text("passed")
    dialog.get_by_role("button", name="Promote", exact=True).click()
    expect(dialog).to_have_count(0)
    run_jobs()
    expect(page.get_by_text("Version 2 answers: better")).to_be_visible()

    picture = tmp_path / "picture.png"
    picture.write_bytes(coloured(120, 90))
    with serving(settings):
        page.get_by_label("Drop a picture here, or choose one").set_input_files(picture)
        shown = page.get_by_role("img", name="The picture with 2 boxes")
        expect(shown).to_be_visible()
        page.get_by_role("slider", name="Confidence").press("End")
        expect(page.get_by_role("img", name="The picture with 0 boxes")).to_be_visible()
        page.get_by_role("button", name="JSON", exact=True).click()
        expect(page.get_by_text('"version": 2')).to_be_visible()

    page.get_by_role("button", name="Roll back", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Roll back", exact=True).click()
    expect(page.get_by_text("Version 3 answers: now")).to_be_visible()
    expect(page.get_by_role("row", name="back to version 1")).to_be_visible()
    endpoint.refresh_from_db()
    assert endpoint.current is not None
    assert endpoint.current.checkpoint_id == scene.now.pk


def test_an_owner_passes_the_gate_for_a_reason(signed_in: Page, scene: Deployed) -> None:
    page = signed_in
    page.goto(f"/endpoints/{Endpoint.objects.get().pk}")
    dialog = choose(page, "worse")
    dialog.get_by_label("Reason").fill("Riders are counted elsewhere from today.")
    dialog.get_by_role("button", name="Promote all the same").click()
    expect(dialog).to_have_count(0)
    run_jobs()
    expect(page.get_by_role("row", name="Riders are counted elsewhere").first).to_be_visible()


def test_a_gate_is_made_and_bad_rules_are_said(signed_in: Page, scene: Deployed) -> None:
    page = signed_in
    page.goto(f"/model/{scene.dataset.pk}/endpoints")
    page.get_by_role("button", name="New gate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("strict")
    dialog.get_by_role("button", name="Add a scenario").click()
    dialog.get_by_label("Name, such as night").fill("night")
    dialog.get_by_label("Query line", exact=True).fill("timeofday = ")
    dialog.get_by_role("button", name="Save the gate").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Query line", exact=True).fill('timeofday = "night"')
    dialog.get_by_label("On which images").click()
    page.get_by_role("option", name="night").click()
    dialog.get_by_role("button", name="Save the gate").click()
    expect(page.get_by_role("row", name="strict")).to_contain_text("mAP on night ≤ 1")
