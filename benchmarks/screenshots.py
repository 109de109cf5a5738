"""The pictures of the README, taken from a running platform that has replayed the demo.

    ./halfday demo            # in one shell; leave it running
    PYTHONPATH=.:platform .halfday/venv/bin/python benchmarks/screenshots.py [--url URL] [--token FILE] [--out FOLDER]

Writes grid.png, diagnosis.png and editor.png (1440 × 900) to docs/pictures. The pages are those of the demo's dataset:
its images with boxes, its newest diagnosis, and a task of its batch in Label that nobody has opened yet.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SETTLED_MS = 1_500  # for charts that draw themselves after the last answer


class Platform:
    """The API of the running platform."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {token}"}

    def items(self, path: str) -> list[dict[str, Any]]:
        """The rows of a list."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", headers=self.headers)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def addresses(self) -> dict[str, str]:
        """Page by name of the picture. Raises ValueError where the demo has not been replayed here."""
        dataset = max(row["id"] for row in self.items("datasets"))
        evaluation = max(row["id"] for row in self.items(f"datasets/{dataset}/evaluations") if row["figures"])
        batch = max(row["id"] for row in self.items(f"datasets/{dataset}/batches"))
        tasks = self.items(f"batches/{batch}/tasks?limit=500")
        task = next((row["id"] for row in tasks if row["state"] == "to_label"), tasks[0]["id"])  # with open suggestions
        return {
            "grid": f"/datasets/{dataset}?q=count(car) >= 2",
            "diagnosis": f"/evaluations/{evaluation}",
            "editor": f"/tasks/{task}",
        }


def take(page: Page, address: str, target: Path) -> None:
    """Open the address, wait until nothing is asked for any more, and take the picture."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=target)
    print(f"{target}  {target.stat().st_size // 1024} KiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--token", type=Path, default=HERE / ".halfday" / "admin-token")
    parser.add_argument("--out", type=Path, default=HERE / "docs" / "pictures")
    asked = parser.parse_args()
    platform = Platform(asked.url, asked.token.read_text().strip())
    asked.out.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, base_url=platform.url, locale="en-GB", color_scheme="dark",
            extra_http_headers=platform.headers,
        )  # fmt: skip
        page = context.new_page()
        for name, address in platform.addresses().items():
            take(page, address, asked.out / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
