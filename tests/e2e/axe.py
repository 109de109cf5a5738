"""axe-core on a page: every rule it has, best practices included. https://github.com/dequelabs/axe-core"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

from embedded.home import ROOT

PLACES = (Path(settings.FRONTEND_DIST).parent, ROOT / "frontend")  # where npm may have put it
READY = "() => !document.querySelector('[aria-busy=true], .mantine-Skeleton-root, .mantine-Modal-root [data-loading]')"
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
    page.wait_for_function(READY)
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
