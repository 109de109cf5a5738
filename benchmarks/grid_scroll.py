"""How smoothly Chromium scrolls 100,000 thumbnails, and two million objects, and whether its memory stays flat.

    PYTHONPATH=.:platform python benchmarks/grid_scroll.py [--images 100000] [--seconds 20] [--json FILE]

Fills an embedded Postgres of its own with SQL (the images share a few hundred pictures' bytes, under 100,000 ids),
serves it with gunicorn as `./halfday up` does, and drives the system's Chromium at 1440 × 900: first as a wheel that
turns 2,400 pixels a second, then the scroll bar through the whole list, in the image grid and in the object grid. A
frame is the time between two animation frames. Printed are p50, p95 and the longest, tasks of the page longer than 50
ms, and the heap after a collection before and after. Under that stand the tasks of the page's main thread by the
processor time that they took, from a trace: other work on the machine lengthens frames, but not these. The front end
must have been built (`./halfday test` or `up` does it).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Picture

from embedded.servers import Servers

ROOT = Path(__file__).resolve().parents[1]
CLASSES = ("car", "truck", "bus", "person", "rider", "bike", "motor", "sign", "light", "train")
COLOURS = ["#4e9af1", "#f2b134", "#5fc26b", "#e8604c", "#a57be8", "#35c4c8", "#e97cb7", "#b5c334", "#c98a55", "#7d8cf0"]
PICTURES = 200
TRACED = ["devtools.timeline", "v8", "blink", "cc"]
PASSWORD = "correct horse battery"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

# 10 to 30 boxes an image, classes as in a long tail, sides from 10 to 260 pixels.
FILL = """
INSERT INTO dataset_image (dataset_id, key, sha256, location, width, height, phash, sequence, metadata, created_at)
SELECT {dataset}, 'img-' || lpad(n::text, 7, '0') || '.jpg', picture.sha256, picture.location, 1280, 720, n * 7919,
       's' || n / 20, jsonb_build_object(
           'weather', (ARRAY['clear', 'rainy', 'snowy', 'foggy', 'overcast'])[1 + n % 5],
           'timeofday', (ARRAY['day', 'night', 'dawn'])[1 + (n / 7) % 3]), now()
FROM generate_series(1, {images}) n
JOIN (SELECT row_number() OVER () AS place, * FROM (VALUES {pictures}) AS v (sha256, location)) picture
  ON picture.place = 1 + n % {count}
ORDER BY n;
INSERT INTO dataset_annotation (dataset_id, image_id, label_class_id, x1, y1, x2, y2, provenance, born)
SELECT {dataset}, image.id, {first_class} + LEAST(9, floor(-ln(1 - dice.part) / ln(2)))::int,
       k * 32, k * 14, k * 32 + 10 + size, k * 14 + 10 + size * 0.7, 0, 1
FROM dataset_image image, generate_series(1, 10 + image.id::int % 21) k,
     LATERAL (SELECT (hashint8(image.id * 31 + k)::bigint + 2147483648) / 4294967297.0 AS part) dice,
     LATERAL (SELECT (250 * power(dice.part, 4))::int AS size) shape;
UPDATE dataset_dataset SET annotation_count = (SELECT count(*) FROM dataset_annotation) WHERE id = {dataset};
"""
WATCH = """
() => {
  window.frames_ = []; window.long_ = []
  let last = performance.now(), on = true
  const tick = (now) => { window.frames_.push(now - last); last = now; if (on) requestAnimationFrame(tick) }
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(tick) })
  window.watcher_ = new PerformanceObserver((list) => window.long_.push(...list.getEntries().map((e) => e.duration)))
  window.watcher_.observe({ type: 'longtask' })
  window.stop_ = () => { on = false; window.watcher_.disconnect(); return [window.frames_, window.long_] }
}
"""
# Small steps each frame, as a wheel that turns steadily gives after smoothing.
WHEEL = """
async (seconds) => {
  const list = document.querySelector('[role=listbox]')
  const began = performance.now()
  let last = began
  while (performance.now() - began < seconds * 1000) {
    await new Promise(requestAnimationFrame)
    const now = performance.now()
    list.scrollTop += ((now - last) / 1000) * 2400
    last = now
  }
}
"""
DRAG = """
async (seconds) => {
  const list = document.querySelector('[role=listbox]')
  const began = performance.now(), far = list.scrollHeight - list.clientHeight
  for (;;) {
    await new Promise(requestAnimationFrame)
    const part = (performance.now() - began) / (seconds * 1000)
    list.scrollTop = far * Math.min(1, part)
    if (part >= 1) return
  }
}
"""


def pictures(folder: Path) -> list[tuple[str, str]]:
    """Some hundred road-like pictures in the storage; returns SHA-256 and location of each."""
    from storage import blobs

    rng = np.random.default_rng(7)
    found = []
    for number in range(PICTURES):
        sky, road = rng.integers(60, 230, 3), rng.integers(40, 120, 3)
        pixels = np.zeros((720, 1280, 3), np.uint8)
        pixels[:300], pixels[300:] = sky, road
        for _ in range(40):
            x, y, w, h = rng.integers(0, 1200), rng.integers(200, 680), rng.integers(10, 200), rng.integers(10, 120)
            pixels[y : y + h, x : x + w] = rng.integers(0, 255, 3)
        noisy = np.clip(pixels + rng.normal(0, 12, pixels.shape), 0, 255).astype(np.uint8)
        path = folder / f"{number}.jpg"
        Picture.fromarray(noisy).save(path, quality=85)
        blob = blobs.put_bytes(path.read_bytes(), suffix=".jpg")
        found.append((blob.sha256, blob.key))
    return found


def fill(images: int, folder: Path) -> tuple[str, int]:
    """A project with one large dataset; returns who may sign in, and the dataset."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.models import Member, Project, User
    from dataset.models import Dataset, LabelClass, Revision

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@example.org", PASSWORD, name="Bench")
    project = Project.objects.create(name="Bench", slug="bench")
    Member.objects.create(project=project, user=user, role="owner")
    dataset = Dataset.objects.create(
        project=project, name="Large", head_revision=1, image_count=images, metadata_keys=["timeofday", "weather"]
    )
    counts = {"added": 0, "changed": 0, "removed": 0}
    Revision.objects.create(dataset=dataset, number=1, kind="import", counts=counts)
    for index, (name, colour) in enumerate(zip(CLASSES, COLOURS, strict=True)):
        LabelClass.objects.create(dataset=dataset, index=index, name=name, colour=colour)
    first = dataset.classes.order_by("index").values_list("pk", flat=True)[0]
    values = ", ".join(f"('{sha256}', '{location}')" for sha256, location in pictures(folder))
    statement = FILL.format(dataset=dataset.pk, images=images, first_class=first, pictures=values, count=PICTURES)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
    dataset.refresh_from_db()
    print(f"{images} images, {dataset.annotation_count} boxes", flush=True)
    return user.email, dataset.pk


def serve(port: int) -> subprocess.Popen[bytes]:
    """Gunicorn as on a single machine; returns when it answers."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload", "--no-control-socket"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
    for _ in range(900):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
            return process
        except OSError:
            time.sleep(0.2)
    process.terminate()
    raise SystemExit("The server did not come up.")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def heap(cdp: Any) -> float:
    """Megabytes of JavaScript's heap after a collection."""
    cdp.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / 1e6


def tasks(trace: bytes) -> np.ndarray:
    """Milliseconds of processor time of each task of the page's main thread, of which there is one with most tasks."""
    by_thread: dict[tuple[int, int], list[float]] = {}
    events = json.loads(trace)["traceEvents"]
    mains = {(e["pid"], e["tid"]) for e in events if e.get("args", {}).get("name") == "CrRendererMain"}
    for event in events:
        if event["name"] == "RunTask" and (event["pid"], event["tid"]) in mains and "tdur" in event:
            by_thread.setdefault((event["pid"], event["tid"]), []).append(event["tdur"] / 1000)
    return np.array(max(by_thread.values(), key=len, default=[0.0]))


def scrolled(page: Any, cdp: Any, script: str, seconds: float, keep: Path | None = None) -> dict[str, float]:
    """Scroll in one way; returns frames in milliseconds and the heap before and after."""
    before = heap(cdp)
    browser = page.context.browser
    browser.start_tracing(page=page, categories=["toplevel", "disabled-by-default-devtools.timeline", *TRACED])
    page.evaluate(WATCH)
    page.evaluate(script, seconds)
    frames, long = page.evaluate("() => window.stop_()")
    trace = browser.stop_tracing()
    if keep:
        keep.write_bytes(trace)
    worked = tasks(trace)
    page.wait_for_timeout(1500)
    times = np.array(frames[1:])
    return {
        "frames": len(times),
        "p50": float(np.percentile(times, 50)),
        "p95": float(np.percentile(times, 95)),
        "longest": float(times.max()),
        "over_50": int((times > 50).sum()),
        "long_tasks": len(long),
        "longest_task": float(max(long, default=0)),
        "tasks": len(worked),
        "tasks_over_50": int((worked > 50).sum()),
        "tasks_over_16": int((worked > 1000 / 60).sum()),
        "longest_worked": float(worked.max()),
        "heap_before": before,
        "heap_after": heap(cdp),
    }


def row_text(row: dict[str, float]) -> str:
    """One way to scroll in a line."""
    return (
        f"p50 {row['p50']:5.1f}  p95 {row['p95']:5.1f}  longest {row['longest']:6.1f} ms  "
        f"over 50 ms: {row['over_50']:3} of {row['frames']}  "
        f"long tasks: {row['long_tasks']} (longest {row['longest_task']:.0f} ms)  "
        f"heap {row['heap_before']:.1f} → {row['heap_after']:.1f} MB\n{'':22} of processor time: "
        f"{row['tasks_over_50']} of {row['tasks']} tasks over 50 ms, {row['tasks_over_16']} over a frame, "
        f"longest {row['longest_worked']:.1f} ms"
    )


def measure(
    address: str, email: str, dataset: int, seconds: float, screens: Path | None, traces: Path | None
) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    found = {}
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(address)
        page.get_by_label("Email").fill(email)
        page.get_by_role("textbox", name="Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_text("Large").first.wait_for()
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")
        for view in ("images", "objects"):
            page.goto(f"{address}/datasets/{dataset}?view={view}")
            page.locator("[role=option]").first.wait_for()
            page.wait_for_timeout(4000)
            if screens:
                page.screenshot(path=screens / f"{view}.png")
            for way, script in (("wheel", WHEEL), ("scroll bar", DRAG)):
                found[f"{view}, {way}"] = row = scrolled(
                    page, cdp, script, seconds, traces and traces / f"{view} {way}.json"
                )
                print(f"{view + ', ' + way:22} {row_text(row)}", flush=True)
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20, help="of each way to scroll")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--screens", type=Path, help="a folder for pictures of the pages")
    parser.add_argument("--traces", type=Path, help="a folder for what Chromium recorded, to be opened in its tools")
    parser.add_argument("--stay", action="store_true", help="leave the server running until Enter is pressed")
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
        port = asked.port or free_port()
        web = serve(port)
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        found = measure(f"http://127.0.0.1:{port}", email, dataset, asked.seconds, asked.screens, asked.traces)
        if asked.json:
            asked.json.write_text(json.dumps(found, indent=2))
        if asked.stay:
            input(f"http://127.0.0.1:{port} as {email}, {PASSWORD}. Enter ends. ")
    finally:
        if web:
            web.terminate()
            web.wait()
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
