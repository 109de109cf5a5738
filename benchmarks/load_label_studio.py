"""Label Studio's side of benchmarks/load.py: its server as it starts by itself, on loopback, with its own database.

    uv venv VENV && uv pip install --python VENV/bin/python 'label-studio==1.23.*'

Its own environment: never Halfday's. The work is the same: tasks with 18 rectangles each; an annotation is saved whole,
one rectangle moved, by as many people at once; and a project's tasks are listed, 100 a page.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import load_client as client
from load_client import Act, Person

BOXES, TASKS, PAGE = 18, 200, 100
CLASSES = ("car", "truck", "bus", "person")
TOKEN = "0123456789abcdef0123456789abcdef01234567"  # of a server that lives for the length of a run
START_TIMEOUT = 900  # seconds; its migrations take a minute on an idle machine


def measure(environment: Path, alongside: int, seconds: float) -> dict[str, float]:
    """Calls a second: of saves, and of pages of tasks."""
    with tempfile.TemporaryDirectory(prefix="label-studio-load-") as folder:
        port = free_port()
        server = start(environment, Path(folder), port)
        try:
            wait_for(server, port, Path(folder))
            return asyncio.run(calls_a_second(port, alongside, seconds))
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def start(environment: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    """`label-studio start`, as its documentation has it; it is told not to call home."""
    quiet = {"COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": ""}
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    command = [environment / "bin" / "label-studio", "start", "--no-browser", "--data-dir", folder, "-p", port]
    command += ["--internal-host", "127.0.0.1", "--username", "bench@example.org", "--password", TOKEN]
    command += ["--user-token", TOKEN, "--enable-legacy-api-token", "--log-level", "ERROR"]
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            list(map(str, command)),
            env=kept | quiet | {"HOME": str(folder)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"Label Studio did not start: {(folder / 'server.log').read_text()[-2000:]}")


async def calls_a_second(port: int, alongside: int, seconds: float) -> dict[str, float]:
    people = [Person(port, {"Authorization": f"Token {TOKEN}"}) for _ in range(alongside)]
    project = await prepare(people[0])
    tasks = await asked(people[0], "GET", f"/api/tasks/?project={project}&page=1&page_size={PAGE}")
    savers = [await saver(who, task["id"]) for who, task in zip(people, tasks["tasks"], strict=False)]
    found = {}
    for name, acts in (("save", savers), ("list of tasks", [lister(who, project) for who in people])):
        await client.as_fast_as_it_goes(acts, seconds / 4)
        found[name], taken = await client.as_fast_as_it_goes(acts, seconds)
        print(f"Label Studio, {name}: {taken.errors} of {len(taken.milliseconds)} calls went wrong")
    for who in people:
        who.close()
    return found


async def asked(who: Person, method: str, path: str, body: Any = None) -> Any:
    status, answer = await who.ask(method, path, b"" if body is None else json.dumps(body).encode())
    if not 200 <= status < 300:
        raise SystemExit(f"Label Studio answered {method} {path} with {status}: {answer[:500]!r}")
    return json.loads(answer)


async def prepare(who: Person) -> int:
    """A project whose tasks have an annotation each."""
    labels = "".join(f'<Label value="{name}"/>' for name in CLASSES)
    config = '<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image">'
    config += f"{labels}</RectangleLabels></View>"
    project = await asked(who, "POST", "/api/projects/", {"title": "Load", "label_config": config})
    given = {"was_cancelled": False, "result": [rectangle(place) for place in range(BOXES)]}
    tasks = [
        {"data": {"image": f"http://127.0.0.1/{number}.jpg"}, "annotations": [dict(given)]} for number in range(TASKS)
    ]
    await asked(who, "POST", f"/api/projects/{project['id']}/import", tasks)
    return int(project["id"])


def rectangle(place: int) -> dict[str, Any]:
    """One box in per cent of the image, as Label Studio has them."""
    value = {"x": place * 5.0, "y": place * 4.0, "width": 4.5, "height": 3.5, "rotation": 0}
    value["rectanglelabels"] = [CLASSES[place % len(CLASSES)]]  # type: ignore[assignment]
    size = {"original_width": 1280, "original_height": 720, "image_rotation": 0}
    return size | {
        "id": f"box{place}", "type": "rectanglelabels", "from_name": "label", "to_name": "image", "value": value,
    }  # fmt: skip


async def saver(who: Person, task: int) -> Act:
    (given,) = await asked(who, "GET", f"/api/tasks/{task}/annotations/")
    path, result, turn = f"/api/annotations/{given['id']}/", given["result"], 0

    async def save() -> bool:
        nonlocal turn
        turn += 1
        result[turn % len(result)]["value"]["width"] = 4.5 + turn % 10 / 100
        body = json.dumps({"result": result, "lead_time": 2.0}).encode()
        return (await who.ask("PATCH", path, body))[0] == 200

    return save


def lister(who: Person, project: int) -> Act:
    path = f"/api/tasks/?project={project}&page=1&page_size={PAGE}"

    async def page() -> bool:
        return (await who.ask("GET", path))[0] == 200

    return page
