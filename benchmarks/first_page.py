"""What a browser with an empty cache fetches for its first page, and when something is to be seen.

    PYTHONPATH=.:platform python benchmarks/first_page.py [--images 3000] [--times 3] [--json FILE]

Fills an embedded Postgres of its own, serves it with gunicorn as `./halfday up` does, and opens the login page, the
project's page and its grid in the system's Chromium at 1440 × 900, each time in a window without cache, the last two as
somebody who is logged in. Bytes and requests are those of the network, heads of answers included, as Chromium's
protocol counts them. A page is at rest when nothing was asked for half a second; pictures are listed apart.
Milliseconds are the Performance API's, from the navigation on: the first paint, and the content (the form, the
dataset's name, the first thumbnail decoded); the middle of `--times`. They say something on an idle machine only; the
processor time of the page's main thread beside them depends on that less.
The front end must have been built (`./halfday test` or `up` does it).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.grid_scroll import FLAGS, PASSWORD, ROOT, fill, free_port, serve
from embedded.servers import Servers

KINDS = {"Script": "scripts", "Stylesheet": "styles", "Font": "fonts", "Document": "page", "Image": "pictures"}
API = "/api/v1/"
TIMES = 20  # of compressing
QUIET = 500  # milliseconds without a request
GOALS = {"bytes": 280_000, "requests": 15}
# The moment at which the element is there, by frames; a picture counts once it has been decoded.
SEEN = """
(selector) => new Promise((resolve) => {
  const look = () => {
    const element = document.querySelector(selector)
    if (!element || (element instanceof HTMLImageElement && !(element.complete && element.naturalWidth)))
      return requestAnimationFrame(look)
    requestAnimationFrame(() => resolve(performance.now()))
  }
  look()
})
"""
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


class Traffic:
    """What a page fetched, by kind."""

    def __init__(self, cdp: Any) -> None:
        self.kinds: dict[str, str] = {}
        self.bytes: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        cdp.on("Network.requestWillBeSent", self.sent)
        cdp.on("Network.loadingFinished", self.finished)
        cdp.send("Network.enable")

    def sent(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if not url.startswith("http"):
            return
        is_call = API in url and event["type"] in ("Fetch", "XHR")
        self.kinds[event["requestId"]] = "API" if is_call else KINDS.get(event["type"], "other")

    def finished(self, event: dict[str, Any]) -> None:
        kind = self.kinds.get(event["requestId"])
        if kind:
            self.bytes[kind] += int(event["encodedDataLength"])
            self.requests[kind] += 1


def opened(browser: Any, address: str, cookies: list[Any], selector: str) -> dict[str, Any]:
    """One page in a new window."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.add_cookies(cookies)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    traffic = Traffic(cdp)
    cdp.send("Performance.enable")
    page.goto(address, wait_until="commit")
    seen = page.evaluate(SEEN, selector)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(QUIET)
    worked = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    found = {
        "bytes": dict(traffic.bytes),
        "requests": dict(traffic.requests),
        "first paint": page.evaluate(FIRST_PAINT),
        "content": seen,
        "main thread": worked["TaskDuration"] * 1000,
    }
    context.close()
    return found


def middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Bytes and requests of the last, the middle of the times."""
    times = {name: statistics.median(run[name] for run in runs) for name in ("first paint", "content", "main thread")}
    return runs[-1] | times


def table(found: dict[str, dict[str, Any]]) -> str:
    """Kinds in rows, pages in columns."""
    kinds = sorted({kind for page in found.values() for kind in page["bytes"]}, key=list(KINDS.values()).__contains__)
    lines = ["| KB (requests) | " + " | ".join(found) + " |", "| --- |" + " --- |" * len(found)]
    for kind in kinds:
        cells = [
            f"{page['bytes'].get(kind, 0) / 1000:.1f} ({page['requests'].get(kind, 0)})" for page in found.values()
        ]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    for name, left_out in (("all", ()), ("all but pictures", ("pictures",))):
        cells = [
            f"**{total(page, 'bytes', left_out) / 1000:.1f} ({total(page, 'requests', left_out)})**"
            for page in found.values()
        ]
        lines.append(f"| **{name}** | " + " | ".join(cells) + " |")
    lines += [
        f"| {name}, ms | " + " | ".join(f"{page[name]:.0f}" for page in found.values()) + " |"
        for name in ("first paint", "content", "main thread")
    ]
    return "\n".join(lines)


def total(page: dict[str, Any], what: str, left_out: tuple[str, ...]) -> int:
    return sum(value for kind, value in page[what].items() if kind not in left_out)


def measure(address: str, email: str, dataset: int, times: int) -> dict[str, dict[str, Any]]:
    """Each page several times; the first of all is not counted, as the server reads its code then."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        cookies = logged_in(browser, address, email)
        pages: dict[str, tuple[str, list[Any], str]] = {
            "login": ("/login", [], "form button[type=submit]"),
            "project": ("/projects/1", cookies, "a[href^='/datasets/']"),
            "grid": (f"/datasets/{dataset}", cookies, "[role=option] img"),
        }
        found = {}
        for name, (path, who, selector) in pages.items():
            runs = [opened(browser, address + path, who, selector) for _ in range(times + 1)]
            found[name] = middle(runs[1:])
        print(compressing(browser, address, cookies, dataset))
        browser.close()
    return found


def logged_in(browser: Any, address: str, email: str) -> list[Any]:
    """The cookies of somebody who has logged in; the thumbnails are made by looking at the grid once."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Large").first.click()
    page.locator("[role=option] img").first.wait_for()
    page.wait_for_load_state("networkidle")
    cookies: list[Any] = context.cookies()
    context.close()
    return cookies


def compressing(browser: Any, address: str, cookies: list[Any], dataset: int) -> str:
    """What it would take to compress a page of the grid's JSON, as Django's middleware does (zlib, level 6)."""
    context = browser.new_context()
    context.add_cookies(cookies)
    body = context.request.get(f"{address}{API}datasets/{dataset}/images?limit=100&boxes=true").body()
    context.close()
    began = time.process_time()
    for _ in range(TIMES):
        small = zlib.compress(body, 6)
    each = (time.process_time() - began) / TIMES * 1000
    sizes = f"{len(body) / 1000:.0f} → {len(small) / 1000:.0f} KB"
    return f"Compressing 100 images' JSON, {sizes}, would take {each:.1f} ms of processor time."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=3000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    home_built = Path(os.environ.get("HALFDAY_HOME", ROOT / ".halfday")) / "frontend" / "dist"
    built = Path(os.environ.get("HALFDAY_FRONTEND_DIST", home_built))
    if not (built / "index.html").is_file():
        raise SystemExit("The front end is not built. Run ./halfday up once.")
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    servers = Servers(home, durable=False)
    os.environ.update(servers.environment(), HALFDAY_HOME=str(home), HALFDAY_FRONTEND_DIST=str(built))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    web = None
    try:
        servers.start(die_with_parent=True)
        import django

        django.setup()
        (home / "pictures").mkdir()
        email, dataset = fill(asked.images, home / "pictures")
        port = free_port()
        web = serve(port)
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        found = measure(f"http://127.0.0.1:{port}", email, dataset, asked.times)
        print(table(found))
        print(
            f"Goals: {GOALS['bytes'] / 1000:.0f} KB and {GOALS['requests']} requests; first paint of the login page "
            "400 ms, first thumbnail of the grid 1,000 ms."
        )
        if asked.json:
            asked.json.write_text(json.dumps(found, indent=2))
    finally:
        if web:
            web.terminate()
            web.wait()
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
