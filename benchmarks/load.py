"""How many people at once: what a save and a grid page cost the processor, and how long fifty people wait.

    .halfday/venv/bin/python benchmarks/load.py [--images 100000] [--seconds 60] [--label-studio VENV] [--json FILE]

A platform of its own (`./halfday up`, everything as it is delivered) in a temporary folder gets a dataset of so many
images with 18 boxes each through the services, rows alone, and fifty labellers with a session and a task each. Then:

    cost        one person's calls one after the other: processor time of the web, database and cache processes, each
    labellers   everybody saves every two seconds, as the editor does: all boxes, one of them moved, by If-Match
    with grid   the same, while twenty people ask for a page of 100 images with boxes each second, here and there

Times count from when a call was due. Thumbnails are not asked for: browsers keep them for ever, and rows have none.
`--label-studio` is a virtual environment with label-studio==1.23.*: its server, as it starts by itself, then does the
same work with the same client in the same run, and both are asked as fast as they answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

import load_client as client  # noqa: E402
from load_client import Act, CallTimes, Person  # noqa: E402

from tests.faults.stage import Platform  # noqa: E402

LABELLERS, READERS = 50, 20
SAVE_EVERY, PAGE_EVERY = 2.0, 1.0  # seconds
PAGE = 100  # images, and tasks
TASKS = 200
ALONGSIDE = 16  # calls under way at once where as many as possible are asked
COSTS = ("web", "postgres", "valkey")
CSRF = "c" * 32


@dataclass(frozen=True)
class Workplace:
    """What there is to work on."""

    port: int
    sessions: list[str]  # cookies, one for each labeller
    tasks: list[int]
    batch: int
    dataset: int
    image_ids: list[int]


def prepare(platform: Platform, images: int) -> Workplace:
    """Fill the platform's database through the services, in this process."""
    from embedded.servers import Servers

    os.environ.update(Servers(platform.home.folder).environment())
    os.environ |= {"HALFDAY_HOME": str(platform.home.folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    from growth import add_batch, make_dataset

    _, dataset = make_dataset()
    add_batch(dataset, 0, images)
    ids = list(dataset.images.order_by("pk").values_list("pk", flat=True))
    batch = make_batch(dataset, ids[:TASKS])
    vacuum()
    return Workplace(
        port=int(platform.address.split(":")[2].split("/")[0]),
        sessions=[session_of(dataset.project, number) for number in range(LABELLERS)],
        tasks=list(batch.tasks.order_by("position").values_list("pk", flat=True)),
        batch=batch.pk,
        dataset=dataset.pk,
        image_ids=ids,
    )


def make_batch(dataset: Any, image_ids: list[int]) -> Any:
    from accounts.models import User
    from label.services.batches import NewBatch, create_batch

    owner = User.objects.get(email="bench@example.org")
    return create_batch(dataset=dataset, new=NewBatch("Load", slice_id=None, image_ids=image_ids), by=owner)


def vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def session_of(project: Any, number: int) -> str:
    """A labeller who has signed in: the session's cookie."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore

    from accounts.models import Member, User

    user = User.objects.create_user(f"labeller-{number}@example.org")
    Member.objects.create(project=project, user=user, role="labeller")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def person(scene: Workplace, number: int) -> Person:
    cookies = f"sessionid={scene.sessions[number % LABELLERS]}; csrftoken={CSRF}"
    return Person(scene.port, {"Cookie": cookies, "X-CSRFToken": CSRF, "Accept-Language": "ko,en"})


async def saver(scene: Workplace, number: int) -> Act:
    """A labeller at their own task, who has opened it."""
    who, path = person(scene, number), f"/api/v1/tasks/{scene.tasks[number]}"
    task = json.loads((await who.ask("GET", path))[1])
    boxes, version, turn = task["boxes"], task["version"], 0

    async def save() -> bool:
        nonlocal version, turn
        turn += 1
        boxes[turn % len(boxes)]["box"][2] += 0.25
        body = json.dumps({"boxes": boxes, "verdicts": [], "active_seconds": SAVE_EVERY}).encode()
        status, answer = await who.ask("PUT", path, body, f'If-Match: "{version}"\r\n')
        if status == 200:
            version = json.loads(answer)["version"]
        return status == 200

    return save


def reader(scene: Workplace, number: int) -> Act:
    """Somebody who scrolls through the grid with leaps."""
    from accounts.pages import encoded_key

    who, place = person(scene, number), number * 7919
    last = max(1, len(scene.image_ids) - PAGE - 1)

    async def page() -> bool:
        nonlocal place
        place = (place + 104_729) % last
        after = encoded_key([scene.image_ids[place]])
        path = f"/api/v1/datasets/{scene.dataset}/images?limit={PAGE}&boxes=1&after={after}"
        status, body = await who.ask("GET", path)
        return status == 200 and len(body) > PAGE * 100

    return page


def lister(scene: Workplace, number: int) -> Act:
    """Somebody who looks at a batch's tasks."""
    who, path = person(scene, number), f"/api/v1/batches/{scene.batch}/tasks?limit={PAGE}"

    async def page() -> bool:
        return (await who.ask("GET", path))[0] == 200

    return page


def seconds_of(platform: Platform) -> dict[str, float]:
    """Processor time so far of the programs that answer, their children included, also those that have ended."""
    pids = platform.pids()
    found = {}
    for name in COSTS:
        program = psutil.Process(pids[name])
        times = [one.cpu_times() for one in (program, *program.children(recursive=True))]
        found[name] = sum(t.user + t.system + t.children_user + t.children_system for t in times)
    return found


async def cost_of(platform: Platform, act: Act, times: int) -> dict[str, float]:
    """Milliseconds of processor time of one call, by program; `client` is what asking took."""
    await client.one_after_the_other(act, max(40, times // 10))  # every thread has its connection by then
    before, own = seconds_of(platform), client.own_seconds()
    taken = await client.one_after_the_other(act, times)
    after = seconds_of(platform)
    found = {name: (after[name] - before[name]) / times * 1000 for name in COSTS}
    return found | {"client": (client.own_seconds() - own) / times * 1000, "errors": taken.errors}


async def measure(platform: Platform, scene: Workplace, asked: argparse.Namespace) -> dict[str, Any]:
    """All three, in turn."""
    savers = [await saver(scene, number) for number in range(LABELLERS)]
    readers = [reader(scene, number) for number in range(READERS)]
    acts = {"save": savers[0], "grid page": readers[0], "list of tasks": lister(scene, 0)}
    found: dict[str, Any] = {"images": len(scene.image_ids), "load": os.getloadavg()[0]}
    found["cost"] = {name: await cost_of(platform, act, asked.calls) for name, act in acts.items()}
    print(cost_table(found["cost"]), flush=True)
    if asked.seconds:
        found["labellers"] = await waiting(savers, [], asked.seconds)
        found["with grid"] = await waiting(savers, readers, asked.seconds)
        print(wait_table(found), flush=True)
    if asked.label_studio:
        found["a second"] = await a_second(savers, [lister(scene, n) for n in range(ALONGSIDE)], asked.saturated)
    return found


async def waiting(savers: list[Act], readers: list[Act], seconds: float) -> dict[str, Any]:
    saves, pages = CallTimes(), CallTimes()
    own = client.own_seconds()
    await asyncio.gather(
        client.in_step(savers, saves, every=SAVE_EVERY, seconds=seconds),
        client.in_step(readers, pages, every=PAGE_EVERY, seconds=seconds),
    )
    found: dict[str, Any] = {"save": saves.row()} | ({"grid page": pages.row()} if readers else {})
    return found | {"client": (client.own_seconds() - own) / seconds}


async def a_second(savers: list[Act], listers: list[Act], seconds: float) -> dict[str, float]:
    """Calls a second, as many as it answers; errors must be none."""
    found = {}
    for name, acts in (("save", savers[:ALONGSIDE]), ("list of tasks", listers)):
        await client.as_fast_as_it_goes(acts, seconds / 4)
        found[name], taken = await client.as_fast_as_it_goes(acts, seconds)
        assert not taken.errors, f"{name}: {taken.errors} calls went wrong"
    return found


def cost_table(cost: dict[str, dict[str, float]]) -> str:
    lines = ["| CPU of one call, ms | web | Postgres | Valkey | the client |", "| --- | --- | --- | --- | --- |"]
    for name, row in cost.items():
        lines.append(f"| {name} | " + " | ".join(f"{row[one]:.1f}" for one in (*COSTS, "client")) + " |")
    return "\n".join(lines)


def wait_table(found: dict[str, Any]) -> str:
    lines = ["| | calls | errors | p50 ms | p95 ms | longest ms |", "| --- | --- | --- | --- | --- | --- |"]
    for scene, kinds in (("labellers", ["save"]), ("with grid", ["save", "grid page"])):
        for kind in kinds:
            row = found[scene][kind]
            figures = f"{row['p50']:.0f} | {row['p95']:.0f} | {row['max']:.0f}"
            lines.append(f"| {scene}: {kind} | {row['calls']:.0f} | {row['errors']:.0f} | {figures} |")
        lines.append(f"| {scene}: the client took {found[scene]['client']:.0%} of a core | | | | | |")
    return "\n".join(lines)


def peer_table(ours: dict[str, float], theirs: dict[str, float]) -> str:
    lines = ["| calls a second | Halfday | Label Studio | times |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | {own:.1f} | {theirs[name]:.1f} | {own / theirs[name]:.1f} |" for name, own in ours.items()]
    return "\n".join(lines)


def with_platform(work: Callable[[Platform], dict[str, Any]]) -> dict[str, Any]:
    """Run a platform for the length of the work."""
    with tempfile.TemporaryDirectory(prefix="halfday-load-") as folder:
        platform = Platform(Path(folder) / "home", HALFDAY_LOG_LEVEL="WARNING")
        try:
            platform.wait_until_up()
            return work(platform)
        finally:
            platform.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=400, help="of each kind, for its cost")
    parser.add_argument("--seconds", type=float, default=60, help="of each scene with many people; 0: costs alone")
    parser.add_argument("--saturated", type=float, default=20, help="seconds beside Label Studio, each kind of call")
    parser.add_argument("--label-studio", type=Path, help="a virtual environment that has it")
    parser.add_argument("--json", type=Path, help="write what was found there, too")
    asked = parser.parse_args()

    def ours(platform: Platform) -> dict[str, Any]:
        return asyncio.run(measure(platform, prepare(platform, asked.images), asked))

    found = with_platform(ours)
    if asked.label_studio:
        import load_label_studio as peer

        found["Label Studio"] = peer.measure(asked.label_studio, ALONGSIDE, asked.saturated)
        print(peer_table(found["a second"], found["Label Studio"]))
    print(f"load of the machine: {found['load']:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
