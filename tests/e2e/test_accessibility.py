"""axe finds nothing on any page or open dialog, best practices included, in either theme and language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.e2e.axe import violations
from tests.e2e.furnished import furnished
from tests.e2e.stage import Stage, image_ids

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
OPEN = "[role=dialog], [role=menu], [role=listbox]:not([data-page-keys])"
LEAVES = re.compile("^(log out|로그아웃)", re.IGNORECASE)
MOST = 40  # buttons that are pressed on a page; rows of a table repeat theirs


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """The pages that people open most, and what stands over every page."""
    page, at, image = signed_in, stage.dataset, sorted(image_ids(stage).values())[0]
    found = {}
    for address in (
        "/", "/settings", f"/datasets/{at}", f"/datasets/{at}?view=objects&evaluation={stage.evaluation}",
        f"/datasets/{at}/images/{image}", f"/datasets/{at}/slices", f"/evaluations/{stage.evaluation}",
        f"/model/{at}/new",
    ):  # fmt: skip
        page.goto(address)
        found[address] = violations(page)
    for keys in ("Control+k", "?"):
        page.locator("h1").first.click()
        page.keyboard.press(keys)
        page.get_by_role("dialog").wait_for()
        found[keys] = violations(page)
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("button", name=re.compile("Alice")).click()
    page.get_by_role("menu").wait_for()
    found["menu"] = violations(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.thorough
@pytest.mark.parametrize("look", [("dark", "en"), ("light", "ko"), ("light", "en"), ("dark", "ko")], ids="-".join)
def test_the_whole_product(signed_in: Page, stage: Stage, tmp_path: Path, look: tuple[str, str]) -> None:
    """Every page, and every dialog and menu that a button of it opens."""
    page = signed_in
    addresses = furnished(stage, tmp_path)
    stage.api("PATCH", "auth/me", {"theme": look[0], "language": look[1]})
    found: dict[str, list[str]] = {}
    for name, address in addresses.items():
        page.goto(address)
        found[name] = violations(page)
        for place in range(min(page.locator("button:visible").count(), MOST)):
            if (label := opened_by(page, address, place)) is not None:
                found[f"{name} > {label}"] = violations(page)
                page.goto(address)
                violations(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


def opened_by(page: Page, address: str, place: int) -> str | None:
    """Press the button at that place: its name where something opens, else None with the page as it was."""
    buttons = page.locator("button:visible")
    if place >= buttons.count() or not (button := buttons.nth(place)).is_enabled():
        return None
    label = name_of(button)
    if LEAVES.match(label):
        return None
    button.click()
    page.wait_for_timeout(150)
    if page.locator(OPEN).locator("visible=true").count() and page.url.split("?")[0].endswith(address.split("?")[0]):
        return label
    page.goto(address)
    page.locator("h1").wait_for()
    return None


def name_of(button: Locator) -> str:
    return (button.get_attribute("aria-label") or button.inner_text()).strip()[:40]
