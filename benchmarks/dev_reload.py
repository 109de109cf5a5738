"""From a saved file to what a developer sees of it at the address of `./halfday dev`.

    PYTHONPATH=.:platform python benchmarks/dev_reload.py [--times 7] [--json FILE]

Copies the source tree into a temporary folder, starts `./halfday dev` from there with a HALFDAY_HOME of its own, and
saves files of the copy: a text of the back end, asked for with HTTP until the answer shows it; and a component of the
front end, looked at in the system's Chromium until the open page shows it, without a reload (what was typed into its
form must still be there). The first edit of each end warms up and is not counted. The front end's packages must have
been installed (`./halfday test` or `up` does it). Idle, the target is 3 s at both ends.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from embedded.machine import free_port
from tests.commandline.checkout import Checkout, has_packages
from tests.processes import PATIENCE, until

ROOT = Path(__file__).resolve().parents[1]
BUILT = Path(os.environ.get("HALFDAY_HOME") or ROOT / ".halfday").absolute()
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BACK_END = ("platform/accounts/problems.py", "There is nothing at {request.path}.")
FRONT_END = ("frontend/src/accounts/LoginPage.tsx", "          Halfday\n")


def main() -> None:
    """Start, measure, stop, remove."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=7, help="edits of each end")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not has_packages(BUILT):
        raise SystemExit("The front end's packages are not installed. Run ./halfday up once.")
    folder = Path(tempfile.mkdtemp(prefix="halfday-dev-"))
    checkout = Checkout(folder, built=BUILT)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    try:
        found = measured(checkout, options.times)
    finally:
        checkout.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for end, seconds in found.items():
        print(f"{end:<10} median {statistics.median(seconds):5.2f} s   longest {max(seconds):5.2f} s")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2))


def measured(checkout: Checkout, times: int) -> dict[str, list[float]]:
    """Seconds of each edit that counts, by end."""
    began = time.monotonic()
    checkout.start(free_port())
    until(lambda: checkout.address or not checkout.running, why=lambda: checkout.said)
    if not checkout.running:
        raise SystemExit(checkout.said)
    print(f"started in {time.monotonic() - began:.1f} s", flush=True)
    front_end = front_end_edits(checkout, times)
    return {"front end": front_end[1:], "back end": back_end_edits(checkout, times)[1:]}


def back_end_edits(checkout: Checkout, times: int) -> list[float]:
    """Each after the workers, which an edit starts anew too, have come to rest."""
    name, old = BACK_END
    found = []
    for number in range(times + 1):
        new = f"Edit {number}."
        saved = time.monotonic()
        checkout.edit(name, old, new)
        until(partial(shows, checkout, new))
        found.append(time.monotonic() - saved)
        old = new
        until(lambda: '"workers":{"cpu":1,"gpu":1}' in checkout.get("api/v1/health")[1])
        time.sleep(8)  # a pause to think: the workers' own start is not what is measured
    return found


def shows(checkout: Checkout, text: str) -> bool:
    """Whether the back end's answer holds the text."""
    return text in checkout.get("api/v1/nothing")[1]


def front_end_edits(checkout: Checkout, times: int) -> list[float]:
    """On the login page, with something typed into its form."""
    name, old = FRONT_END
    found = []
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--headless", "--no-sandbox"])
        page = opened(browser.new_page(), checkout.address)
        for number in range(times + 1):
            new = f"          Edit {number}\n"
            saved = time.monotonic()
            checkout.edit(name, old, new)
            page.get_by_text(f"Edit {number}").wait_for(timeout=1000 * PATIENCE)
            found.append(time.monotonic() - saved)
            expect(page.get_by_label("Email")).to_have_value("alice@example.org")
            old = new
        browser.close()
    return found


def opened(page: Page, address: str) -> Page:
    """The login page. Vite prepares the libraries at the first visit, and may load the page again when it has."""
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(f"{address}/login")
    page.get_by_label("Email").wait_for()
    page.wait_for_load_state("networkidle")
    page.get_by_label("Email").fill("alice@example.org")
    return page


if __name__ == "__main__":
    main()
