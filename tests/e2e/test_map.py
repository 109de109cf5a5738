"""The embedding map in a browser: from nothing, to points, to a slice of those that were drawn around."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from curate.models import EmbeddingMap
from curate.query.image_search import image_ids
from dataset.models import Dataset, Slice
from tests.e2e.stage import IMAGES, Stage, job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def draw(page: Page, corners: list[tuple[float, float]]) -> None:
    """Drag the pointer along these places of the canvas, each from 0 to 1, and let go."""
    place = page.locator("canvas").bounding_box()
    assert place is not None
    spots = [(place["x"] + x * place["width"], place["y"] + y * place["height"]) for x, y in corners]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=12)
    page.mouse.up()


def test_it_works(signed_in: Page, stage: Stage) -> None:
    """No embeddings, compute them, draw around some, make a slice, open the same link, find what is similar."""
    page = signed_in
    page.goto(f"/curate/{stage.dataset}/map")
    expect(page.get_by_role("heading", name="No embeddings yet")).to_be_visible()
    expect(page.get_by_role("button", name="Compute embeddings")).to_be_enabled()

    job(stage, f"datasets/{stage.dataset}/embeddings", {})
    page.reload()
    expect(page.get_by_role("img", name=re.compile(f"^Map of {IMAGES} images"))).to_be_visible()
    expect(page.get_by_label("Colours").get_by_text("car")).to_be_visible()

    page.get_by_role("button", name="Draw around images").click()
    draw(page, [(0.1, 0.01), (0.5, 0.01), (0.55, 0.5), (0.5, 0.99), (0.1, 0.99)])
    bar = page.get_by_role("toolbar", name="Selection")
    expect(bar).to_be_visible()
    corners = parse_qs(urlsplit(page.url).query)["lasso"][0]
    meant = image_ids(Dataset.objects.get(pk=stage.dataset), f'in_lasso("{corners}")')
    assert 0 < len(meant) < IMAGES
    expect(bar.get_by_role("status")).to_have_text(f"{len(meant)} selected")

    bar.get_by_role("button", name="Make slice").click()
    page.get_by_label("Name", exact=True).fill("drawn around")
    page.get_by_role("dialog").get_by_role("button", name="Make slice").click()
    expect(page.get_by_text(f"“drawn around” holds {len(meant)} images.")).to_be_visible()
    made = Slice.objects.get(name="drawn around")
    assert sorted(made.slice_images.values_list("image_id", flat=True)) == meant
    assert made.origin["q"] == f'in_lasso("{corners}", map = {EmbeddingMap.objects.get().pk})'

    page.reload()  # the address holds all of it
    expect(bar.get_by_role("status")).to_have_text(f"{len(meant)} selected")
    bar.get_by_role("button", name="Open in the grid").click()
    expect(page.get_by_text(f"{len(meant)} images", exact=True)).to_be_visible()

    page.goto(f"/datasets/{stage.dataset}/images/{meant[0]}")
    strip = page.get_by_label("Similar images")
    expect(strip.get_by_role("listitem")).to_have_count(IMAGES - 1)
    nearest = stage.api("GET", f"images/{meant[0]}/similar")["items"][0]["image"]["id"]
    strip.get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile(f"/images/{nearest}$"))
    strip.get_by_role("link", name="Show in the grid").click()
    expect(page.get_by_text(f"{IMAGES} images", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Order")).to_have_value("Most similar first")
    q = quote(f"near(image = {nearest})")
    fourth = stage.all(f"datasets/{stage.dataset}/images?order=near&q={q}")[3]["id"]
    page.get_by_label("Images", exact=True).get_by_role("option").nth(3).click()
    page.keyboard.press("f")
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("q") == [f"near(image = {fourth})"])
