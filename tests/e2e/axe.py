"""axe-core on a page: every rule it has, best practices included. https://github.com/dequelabs/axe-core"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

from embedded.home import ROOT

PLACES = (Path(settings.FRONTEND_DIST).parent, ROOT / "frontend")  # where npm may have put it
# The page is drawn and nothing on it waits, for a quarter of a second.
READY = """() => new Promise((done, fail) => {
  let since = 0
  const begun = performance.now()
  const look = () => {
    const now = performance.now()
    const waits = document.querySelector('[aria-busy=true], .mantine-Skeleton-root, [data-loading]')
    since = document.querySelector('main') && document.querySelector('h1') && !waits ? since || now : 0
    if (since && now - since > 250) done()
    else if (now - begun > 60000) fail(new Error('the page is still on its way'))
    else setTimeout(look, 50)
  }
  look()
})"""
RUN = "() => axe.run(document, {resultTypes: ['violations'], iframes: false})"


def source() -> str:
    """The script of the pinned version (frontend/package.json)."""
    for place in PLACES:
        script = place / "node_modules" / "axe-core" / "axe.min.js"
        if script.is_file():
            return script.read_text(encoding="utf-8")
    raise FileNotFoundError(f"axe-core is not in node_modules below {' or '.join(map(str, PLACES))}: run npm ci.")


def violations(page: Page) -> list[str]:
    """What axe has against the page as it stands now, one line each place: the rule, why, and the element."""
    page.evaluate(READY)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source())
    found = page.evaluate(RUN)["violations"]
    return [line for one in found for line in lines(one)]


def lines(rule: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(node['html'].split())[:160]} – "
        f"{' '.join(node['failureSummary'].split())[:220]}"
        for node in rule["nodes"]
    ]
