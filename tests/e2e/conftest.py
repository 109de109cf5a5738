"""A real Chromium on the built front end and the real API; skipped, saying so, where one of them is missing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.at_work import AtWork

if TYPE_CHECKING:
    from tests.e2e.kept_stage import KeptStage
    from tests.e2e.stage import Stage

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 60_000  # for one step of a page on a busy machine

# Playwright's loop runs in the test's own thread, where Django would forbid the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("No Chromium on this machine: the browser tests did not run.")
    if not (settings.FRONTEND_DIST / "index.html").is_file():
        pytest.skip("The front end is not built: the browser tests did not run. ./halfday test builds it.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kept_stages() -> list["KeptStage"]:
    """The stage, once a test has set it."""
    return []


@pytest.fixture
def stage(
    transactional_db: None,
    settings: Any,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    kept_stages: list["KeptStage"],
) -> "Stage":
    """Data to walk on; see stage.py. Set once a session, and put back as it was for each test."""
    from tests.e2e.kept_stage import keep, put_back
    from tests.e2e.stage import set_stage

    settings.IMPORT_ROOTS = [tmp_path / "import"]
    settings.STORAGE_ROOT = tmp_path / "storage"
    if kept_stages:
        return put_back(kept_stages[0], tmp_path)
    (tmp_path / "import").mkdir()
    made = set_stage(tmp_path / "import")
    folder = tmp_path_factory.mktemp("stage")
    for name in ("import", "storage"):
        shutil.copytree(tmp_path / name, folder / name)
    kept_stages.append(keep(made, folder))
    return made


@pytest.fixture
def at_work(live_server: Any) -> AtWork:
    return AtWork()


@pytest.fixture(scope="session")
def context(browser: Browser, live_server: Any) -> BrowserContext:
    """What all windows share: the code of the pages is then fetched and compiled once, not for every test."""
    return browser.new_context(
        viewport={"width": 1440, "height": 900}, base_url=live_server.url, locale="en-GB", reduced_motion="reduce"
    )


@pytest.fixture
def page(context: BrowserContext, live_server: Any, at_work: AtWork) -> Iterator[Page]:
    """A window of 1440 × 900 at the live server, of somebody new.

    A script error in the page fails the test, and so does whatever the page's security policy forbids it.
    """
    errors: list[str] = []
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    forget(page, live_server.url)
    page.close()
    at_work.wait_for_the_end()
    assert errors == []


def forget(page: Page, origin: str) -> None:
    """Leave nothing that the next test's page could remember: cookies, and what pages keep in the browser."""
    page.goto("about:blank")
    page.context.clear_cookies()
    page.context.clear_permissions()
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,indexeddb,cache_storage"}
    )


@pytest.fixture
def signed_in(page: Page, stage: "Stage", live_server: Any) -> Page:
    """Alice's window, still empty, as after signing in (test_sign_in.py does that by hand)."""
    client = Client()
    client.force_login(stage.cast.alice)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return page
