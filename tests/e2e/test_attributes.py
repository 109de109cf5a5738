"""Attributes of boxes and labels of the image, from the schema to the merge, with keys only: in a browser."""

import re

import pytest
from django.db.models import Count
from playwright.sync_api import Page, expect

from dataset.models import Annotation, Attribute, Image
from label.models import Task
from tests.e2e.stage import Stage
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ASKED = [
    {"name": "occlusion", "kind": "choice", "values": ["none", "part", "heavy"], "required": True},
    {"name": "speed", "kind": "number", "minimum": 0, "maximum": 200, "unit": "km/h"},
    {"name": "lit", "kind": "checkbox", "default": False},
]


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """Asked for, missed, given to one and to all, taken back; the weather said; done; the next image rejected."""
    page, keys = signed_in, signed_in.keyboard
    stage.api("POST", f"datasets/{stage.dataset}/attributes", {"attributes": ASKED})
    page.goto(f"/datasets/{stage.dataset}/classes")
    expect(page.get_by_role("button", name="Edit occlusion")).to_be_visible()
    images = Image.objects.annotate(boxes=Count("annotations")).order_by("-boxes")[:2]
    new = {"images": [image.pk for image in images], "name": "Attributes"}
    batch = stage.api("POST", "batches", new)["id"]
    first, second = Task.objects.filter(batch=batch).order_by("position")[:2]

    page.goto(f"/tasks/{first.pk}")
    expect(page.get_by_role("option", name=re.compile("lacks occlusion")).first).to_be_visible()
    keys.press("Control+Enter")  # done: not yet
    expect(page.get_by_text(re.compile("still needs occlusion before the image is done"))).to_be_visible()
    asked = page.get_by_role("radiogroup", name="occlusion")
    expect(asked).to_be_focused()
    keys.press("2")
    expect(asked.get_by_role("radio", name="part")).to_be_checked()
    keys.press("Tab")
    keys.type("999")
    expect(page.get_by_text("A number from 0 to 200")).to_be_visible()
    keys.press("Control+A")
    keys.type("30")
    keys.press("Enter")
    keys.press("Control+A")  # all boxes: they differ
    keys.press("q")
    expect(page.get_by_text("differ").first).to_be_visible()
    keys.press("h")  # heavy, by its letter
    keys.press("Enter")
    keys.press("Control+Z")  # one step back: the first box has its own again
    until(lambda: given(first) == {None: boxes(first) - 1, "part": 1})
    keys.press("q")
    keys.press("n")
    keys.press("Enter")
    until(lambda: given(first) == {"none": boxes(first)})

    keys.press("b")  # a new box begins with what is given
    stage_at = page.get_by_role("application").bounding_box()
    assert stage_at
    page.mouse.move(stage_at["x"] + 200, stage_at["y"] + 200)
    page.mouse.down()
    page.mouse.move(stage_at["x"] + 300, stage_at["y"] + 280)
    page.mouse.up()
    keys.press("q")
    expect(page.get_by_role("radiogroup", name="lit").get_by_role("radio", name="no")).to_be_checked()
    keys.press("1")
    keys.press("Enter")

    keys.press("Shift+Q")
    weather = page.get_by_role("radiogroup", name="weather")
    expect(weather).to_be_visible()
    weather.focus()
    keys.press("1")
    value = weather.get_by_role("radio").first.inner_text().split("\n")[-1]
    until(lambda: Image.objects.get(pk=first.image_id).metadata["weather"] == value)
    keys.press("Escape")
    keys.press("Control+Enter")
    expect(page).to_have_url(re.compile(f"/tasks/{second.pk}$"))
    until(lambda: Task.objects.get(pk=first.pk).state == "done")

    expect(page.get_by_role("button", name="Reject")).to_be_visible()
    keys.press("Shift+R")
    until(lambda: Task.objects.get(pk=second.pk).state == "skipped")
    assert list(second.image.image_tags.values_list("tag__name", flat=True)) == ["rejected"]

    stage.api("POST", f"batches/{batch}/merge", {"message": "Attributes"})
    merged = Annotation.objects.filter(image=first.image_id, died=None)
    assert set(merged.values_list("attributes__occlusion", flat=True)) == {"none"}
    assert sorted(merged.values_list("attributes__speed", flat=True), key=str)[0] == 30
    assert Attribute.objects.count() == len(ASKED)


def boxes(task: Task) -> int:
    task.refresh_from_db()
    return len(task.boxes or [])


def given(task: Task) -> dict[str | None, int]:
    """How many boxes have each occlusion, as they are saved."""
    task.refresh_from_db()
    values = [box["attributes"].get("occlusion") for box in task.boxes or []]
    return {value: values.count(value) for value in set(values)}
