"""A wrong label, corrected by key in Label, sent to Curate, seen as a revision: in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from dataset.models import Annotation, Revision
from label.models import Task
from tests.e2e.stage import Stage
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """Open a task, correct a box, send to Curate, see the new revision and its diff."""
    page = signed_in
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "First look"})
    page.goto(f"/label/{stage.dataset}")
    page.get_by_role("link", name="First look").first.click()
    page.get_by_role("button", name="Start labelling").or_(
        page.get_by_role("link", name="Start labelling")
    ).first.click()
    expect(page.get_by_label("Tools")).to_be_visible()

    task = Task.objects.get(pk=int(page.url.rsplit("/", 1)[1]))
    before = {row.object_id: row.label_class.name for row in Annotation.objects.filter(image=task.image, died=None)}
    page.keyboard.press("]")  # the next box
    page.keyboard.press("c")  # choose its class by name
    other = next(name for name in ("bus", "train") if name not in before.values())
    page.get_by_label("Class name").fill(other)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+Enter")  # done, next image
    expect(page).not_to_have_url(re.compile(f"/tasks/{task.pk}$"))
    wait_for_state(task, Task.State.DONE)  # saved while the next image is already shown

    page.goto(f"/batches/{batch['id']}")
    page.get_by_role("button", name="Send to Curate").click()
    page.get_by_role("button", name="Send 1 change to Curate").click()
    page.get_by_role("link", name="Open revision 2").click()
    expect(page.get_by_text("Relabelled").first).to_be_visible()
    expect(page.get_by_text(other).first).to_be_visible()

    revision = Revision.objects.get(dataset_id=stage.dataset, number=2)
    assert revision.counts == {"added": 0, "changed": 1, "removed": 0}
    assert revision.author == stage.cast.alice
    now = {row.object_id: row.label_class.name for row in Annotation.objects.filter(image=task.image, died=None)}
    changed = {pk for pk in before if now[pk] != before[pk]}
    assert len(changed) == 1
    assert now[changed.pop()] == other


def wait_for_state(task: Task, state: Task.State) -> None:
    def reached() -> bool:
        task.refresh_from_db()
        return task.state == state

    until(reached, why=lambda: task.state)


def test_what_was_saved_is_there_after_a_reload(signed_in: Page, stage: Stage) -> None:
    page = signed_in
    batch = stage.api("POST", "batches", {"slice": stage.slice, "name": "Second look"})
    task = next(row for row in stage.all(f"batches/{batch['id']}/tasks") if row["boxes"] > 0)
    page.goto(f"/tasks/{task['id']}")
    expect(page.get_by_label("Tools")).to_be_visible()
    page.keyboard.press("]")
    page.keyboard.press("Delete")
    expect(page.get_by_text(re.compile("^saved"))).to_be_visible()
    page.reload()
    expect(page.get_by_label("Tools")).to_be_visible()
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(task["boxes"] - 1)
    assert len(Task.objects.get(pk=task["id"]).boxes) == task["boxes"] - 1
