"""What a frame of the box editor costs the page's main thread, with thousands of boxes on an image.

    PYTHONPATH=.:platform python benchmarks/editor_frames.py [--dist FOLDER ...] [--boxes 10000] [--polygons 500]

Opens the built editor (`--dist`, several to compare them in one run; default: the one of this HALFDAY_HOME) in the
system's Chromium at 1440 × 900, with one task whose answers this script gives itself: `--boxes` boxes of twelve classes
on a picture of 4000 × 3000, zoomed so that about a fifth of them is in sight. Then one gesture after the other, one
pointer event a frame: hover, drag a box, resize it, draw one, undo and redo, pan, zoom. Printed are, per
gesture, the processor milliseconds of the main thread per frame (Chromium's own TaskDuration, which other work on the
machine does not lengthen as it does frame times; software rendering, so with the drawing itself) and the share of the
16.7 ms of a frame. With `--polygons` there are so many polygons of `--points` points instead, 60 to 360 pixels wide and
all of them in sight. Each dist is measured `--rounds` times in turn; the least of each figure counts.
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import os
import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Picture
from playwright.sync_api import CDPSession, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTH, HEIGHT = 4000, 3000  # pixels of the picture
COLOURS = ["#4e9af1", "#f2b134", "#5fc26b", "#e8604c", "#a57be8", "#35c4c8", "#e97cb7", "#b5c334", "#c98a55", "#7d8cf0"]
THEN = "2026-03-01T12:00:00Z"
PERSON = {"id": 1, "email": "alice@example.org", "name": "Alice"}
FRAME_MS = 1000 / 60
VISIBLE = 0.2  # of all boxes
SIDE, CLEAR = 80, 120  # pixels of the picture: the box in its middle, and around it nothing else
GESTURES = ("hover", "drag", "resize", "draw", "undo", "pan", "zoom")

# `step` gets 0, 1, 2 … and does one thing; the next animation frame draws it.
DRIVE = """
async ([frames, kind]) => {
  const stage = document.querySelector('[role=application]')
  const { left, top, width, height } = stage.getBoundingClientRect()
  const pointer = (type, x, y, buttons = 0) => stage.dispatchEvent(new PointerEvent(type, {
    clientX: left + x, clientY: top + y, bubbles: true, pointerId: 1, pointerType: 'mouse', button: 0, buttons }))
  const key = (name, more = {}) => window.dispatchEvent(new KeyboardEvent('keydown', { key: name, ...more }))
  const [cx, cy] = [width / 2, height / 2]
  stage.setPointerCapture = () => undefined
  const at = (n) => [cx + 200 * Math.sin(n / 9), cy + 150 * Math.cos(n / 7)]
  const begin = {
    pan: () => { key('d'); pointer('pointerdown', cx, cy, 1) },
    drag: () => { const [x, y] = window.target_; pointer('pointerdown', x, y, 1) },
    resize: () => { const [, , x, y] = window.target_; pointer('pointerdown', x, y, 1) },
    draw: () => { key('b'); pointer('pointerdown', cx, cy, 1) },
  }
  const step = {
    hover: (n) => pointer('pointermove', ...at(n)),
    pan: (n) => pointer('pointermove', ...at(n), 1),
    zoom: (n) => stage.dispatchEvent(new WheelEvent('wheel', { deltaY: n % 20 < 10 ? -12 : 12, clientX: left + cx,
                                                               clientY: top + cy, bubbles: true, cancelable: true })),
    drag: (n) => pointer('pointermove', ...at(n), 1),
    resize: (n) => pointer('pointermove', ...at(n), 1),
    draw: (n) => pointer('pointermove', ...at(n), 1),
    undo: (n) => key(n % 2 ? 'y' : 'z', { ctrlKey: true }),
  }
  begin[kind]?.()
  for (let n = 0; n < frames; n += 1) {
    step[kind](n)
    await new Promise(requestAnimationFrame)
  }
  const rows = () => document.querySelector('#objects [aria-selected=true]')?.textContent
  if (begin[kind]) pointer('pointerup', cx + 40, cy + 40)
  key('v')
  await new Promise(requestAnimationFrame)
  if (kind === 'resize' && rows() === window.before_) throw new Error('Nothing was resized')
  window.before_ = rows()
  if (kind === 'drag' || kind === 'resize') key('z', { ctrlKey: true })
}
"""
SETTLE = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 900))))"


def main() -> None:
    options = parse()
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        least: dict[str, dict[str, float]] = {dist: {} for dist in options.dist}
        for _ in range(options.rounds):
            for dist in options.dist:
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                for gesture, cost in measure(page, Path(dist), options).items():
                    least[dist][gesture] = min(cost, least[dist].get(gesture, cost))
                page.close()
        browser.close()
    show(least, options)


def parse() -> argparse.Namespace:
    home = Path(os.environ.get("HALFDAY_HOME", ROOT / ".halfday"))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--dist", nargs="+", default=[str(home / "frontend" / "dist")])
    parser.add_argument("--boxes", type=int, default=10_000)
    parser.add_argument("--polygons", type=int, default=0, help="so many polygons instead of boxes, all in sight")
    parser.add_argument("--points", type=int, default=200, help="of each polygon")
    parser.add_argument("--frames", type=int, default=90)
    parser.add_argument("--rounds", type=int, default=2)
    return parser.parse_args()


def measure(page: Page, dist: Path, options: argparse.Namespace) -> dict[str, float]:
    """Milliseconds of the main thread per frame, by gesture."""
    serve(page, dist, answers_for(options.polygons or options.boxes, options.points if options.polygons else 0))
    page.goto("http://localhost/tasks/95")
    page.get_by_role("application").wait_for()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    look_closer(page, 1 if options.polygons else VISIBLE)
    return {gesture: cost_of(page, devtools, gesture, options.frames) for gesture in GESTURES}


def cost_of(page: Page, devtools: CDPSession, gesture: str, frames: int) -> float:
    page.evaluate(SETTLE)
    before = busy(devtools)
    page.evaluate(DRIVE, [frames, gesture])
    return (busy(devtools) - before) / frames


def busy(devtools: CDPSession) -> float:
    """Milliseconds that the page's main thread has been at work."""
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return 1000 * float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def look_closer(page: Page, share: float) -> None:
    """Zoom in by the wheel until a share of the picture is in sight, and choose the box in its middle by a click."""
    stage = page.get_by_role("application")
    page.evaluate(SETTLE)
    place = stage.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    if share < 1:
        page.mouse.wheel(0, -round(float(np.log(1 / np.sqrt(share)) / 0.0016)))
    page.evaluate(SETTLE)
    x, y = place["width"] / 2, place["height"] / 2
    page.mouse.click(place["x"] + x, place["y"] + y)
    page.get_by_role("option", selected=True).wait_for()
    corner = SIDE / 2 * min((place["width"] - 32) / WIDTH, (place["height"] - 32) / HEIGHT) / share**0.5
    page.evaluate(f"() => {{ window.target_ = [{x}, {y}, {x + corner}, {y + corner}] }}")


def serve(
    page: Page, dist: Path, answers: dict[str, Any], told: Callable[[dict[str, Any]], object] = lambda body: None
) -> None:
    """Answer for the platform; what the page saves is handed to `told`."""
    picture = picture_bytes()

    def answer(route: Route) -> None:
        path = re.sub(r"^https?://[^/]+/|\?.*$", "", route.request.url)
        if path.startswith("api/v1/images/"):
            route.fulfill(body=picture, content_type="image/jpeg")
        elif path.startswith("api/v1/"):
            found = answers.get(path.removeprefix("api/v1/"))
            if route.request.method == "PUT":
                told(route.request.post_data_json or {})
                found = {"version": 4, "state": "in_progress", "saved_at": THEN, "notes": []}
            status = 404 if found is None else 200
            route.fulfill(status=status, json=found if found is not None else {"status": 404, "title": "Not found"})
        else:
            file = dist / path if (dist / path).is_file() else dist / "index.html"
            kind = mimetypes.guess_type(file.name)[0] or "text/html"
            route.fulfill(body=file.read_bytes(), content_type=kind)

    page.route("**/*", answer)


def picture_bytes() -> bytes:
    rng = np.random.default_rng(3)
    small = Picture.fromarray(rng.integers(40, 200, (HEIGHT // 20, WIDTH // 20, 3), np.uint8))
    held = BytesIO()
    small.resize((WIDTH, HEIGHT), Picture.Resampling.BICUBIC).save(held, "JPEG", quality=80)
    return held.getvalue()


def answers_for(boxes: int, points: int = 0) -> dict[str, Any]:
    classes = [
        {"id": 11 + k, "index": k, "name": f"class {k + 1}", "colour": COLOURS[k % len(COLOURS)], "hotkey": None}
        for k in range(12)
    ]
    dataset = {
        "id": 7, "project": 3, "name": "Crowds", "description": "", "classes": classes, "head_revision": 4,
        "image_count": 1, "annotation_count": boxes, "created_at": THEN, "metadata_keys": [], "cover": [],
    }  # fmt: skip
    project = {"id": 3, "name": "Roads", "slug": "roads", "role": "owner", "created_at": THEN, "datasets": 1}
    me = PERSON | {"language": "en", "theme": "dark", "is_admin": False, "second_factor": False}
    return {
        "auth/me": me,
        "projects": [project],
        "datasets": {"items": [dataset], "next": None},
        "datasets/7": dataset,
        "health": {},
        "jobs": {"items": [], "next": None},
        "tasks/95": task(boxes, classes) | ({"boxes": scattered_polygons(boxes, points, classes)} if points else {}),
        "batches/81": {
            "id": 81, "dataset": 7, "name": "Crowds", "slice": {"id": 21, "name": "all", "image_count": 1},
            "revision": 4, "auto_curate": None, "prediction_set": None, "evaluation": None, "state": "open",
            "review": False, "tasks": {"to_label": 0, "in_progress": 1, "in_review": 0, "done": 0, "skipped": 0},
            "review_share": 1, "own_review": False, "due": None, "take_over": False,
            "merged_revision": None, "created_by": PERSON, "created_at": THEN,
        },
    }  # fmt: skip


def task(boxes: int, classes: list[dict[str, Any]]) -> dict[str, Any]:
    image = {
        "id": 101, "key": "crowd.jpg", "thumb": "/api/v1/images/101/thumbnail", "width": WIDTH, "height": HEIGHT,
        "file": "/api/v1/images/101/file", "metadata": {}, "sequence": "", "tags": [],
    }  # fmt: skip
    return {
        "id": 95, "batch": 81, "image": image, "state": "in_progress", "version": 3, "assignee": PERSON,
        "reviewer": None, "saved_by": None, "saved_at": None, "active_seconds": 0, "revision": 4,
        "boxes": scattered_boxes(boxes, classes), "suggestions": [], "predictions": [], "previous": None, "next": None,
        "position": 0, "total": 1, "classes": classes, "attributes": [], "due": None,
    }  # fmt: skip


def scattered_boxes(boxes: int, classes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Boxes of 8 to 60 pixels all over the picture; the last lies in its middle with nothing around it."""
    rng = np.random.default_rng(1)
    corners = rng.uniform([0, 0], [WIDTH - 60, HEIGHT - 60], (2 * boxes, 2))
    clear = np.abs(corners + 30 - [WIDTH / 2, HEIGHT / 2]).max(axis=1) > CLEAR
    corners = np.vstack([corners[clear][: boxes - 1], [[WIDTH / 2 - SIDE / 2, HEIGHT / 2 - SIDE / 2]]])
    sizes = np.vstack([rng.uniform(8, 60, (boxes - 1, 2)), [[SIDE, SIDE]]])
    return [
        {
            "id": f"o{k}", "object_id": k, "class_id": classes[k % len(classes)]["id"], "attributes": {},
            "box": [round(float(value), 1) for value in (*corner, *(corner + size))],
            "ignore": "no", "provenance": "imported",
        }
        for k, (corner, size) in enumerate(zip(corners, sizes, strict=True))
    ]  # fmt: skip


def scattered_polygons(polygons: int, points: int, classes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Wavy rings all over the picture; the last is small and lies in its middle with no other around it."""
    rng = np.random.default_rng(2)
    angles = np.arange(points) * 2 * np.pi / points
    middles = rng.uniform([200, 200], [WIDTH - 200, HEIGHT - 200], (4 * polygons, 2))
    clear = np.abs(middles - [WIDTH / 2, HEIGHT / 2]).max(axis=1) > CLEAR + 180
    middles = np.vstack([middles[clear][: polygons - 1], [[WIDTH / 2, HEIGHT / 2]]])
    sizes = np.append(rng.uniform(30, 180, polygons - 1), SIDE / 2)
    waves = 1 - 0.15 * (1 + np.sin(angles * rng.integers(3, 12, (polygons, 1))))
    rings = middles[:, None] + (sizes[:, None] * waves)[..., None] * np.stack([np.cos(angles), np.sin(angles)], -1)
    return [
        {
            "id": f"o{k}", "object_id": k, "class_id": classes[k % len(classes)]["id"], "attributes": {},
            "box": [round(float(value), 1) for value in (*ring.min(axis=0), *ring.max(axis=0))],
            "shape": {"kind": "polygon", "parts": [[ring.round(2).tolist()]]}, "ignore": "no", "provenance": "imported",
        }
        for k, ring in enumerate(rings)
    ]  # fmt: skip


def show(least: dict[str, dict[str, float]], options: argparse.Namespace) -> None:
    boxes = f"{options.boxes} boxes, about {round(options.boxes * VISIBLE)} in sight"
    polygons = f"{options.polygons} polygons of {options.points} points in sight"
    print(f"{polygons if options.polygons else boxes}; ms per frame (share of {FRAME_MS:.1f} ms)")
    width = max(map(len, least))
    print(f"{'':{width}}  " + "  ".join(f"{gesture:>12}" for gesture in GESTURES))
    for dist, costs in least.items():
        cells = (f"{costs[gesture]:.1f} ({costs[gesture] / FRAME_MS:.0%})" for gesture in GESTURES)
        print(f"{dist:{width}}  " + "  ".join(f"{cell:>12}" for cell in cells))
    print(json.dumps(least))


if __name__ == "__main__":
    main()
