"""`./halfday experiment`: start one that carries a run on with more data, or show how one stands.

export HALFDAY_URL=http://localhost:8000 HALFDAY_TOKEN=…
./halfday experiment start 12 --slices 9 11 --seeds 3 --wait
./halfday experiment show 4
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from client.errors import HalfdayError
from client.halfday import Halfday
from client.nouns import Experiment, Run

ENDED = ("succeeded", "failed", "cancelled")
ASKED_EVERY = 5.0  # seconds
NOT_SHOWN, REGRESSED = 2, 3  # exit codes


def main(arguments: list[str]) -> int:
    """Do what is asked for; 1 where the platform refuses or nothing was judged, 2 and 3 for --wait's verdict."""
    asked = options().parse_args(arguments)
    try:
        with Halfday.from_environment() as halfday:
            return int(asked.act(halfday, asked))
    except HalfdayError as error:
        print(error, file=sys.stderr)
        return 1


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./halfday experiment",
        description="Does a change of the data make the detector better? Treatment and control, each with several"
        " seeds (docs/experiments.md).",
        epilog="HALFDAY_URL and HALFDAY_TOKEN say where the platform is, and who asks. Exit code with --wait: 0 proven,"
        " 2 not shown, 3 regressed, 1 refused or not judged.",
    )
    what = parser.add_subparsers(required=True, metavar="start|show|more|cancel")
    start = what.add_parser("start", help="carry RUN on with further slices; the control with its own")
    start.add_argument("run", type=int, help="the parent's id")
    start.add_argument("--slices", type=int, nargs="*", default=[], metavar="ID", help="to train on beside its own")
    start.add_argument("--name", help="of the experiment; the parent's and + where left out")
    start.add_argument("--seeds", type=int, default=3, help="of each arm, 1 to 10 (3)")
    start.add_argument("--epochs", type=int, help="the parent's where left out")
    start.add_argument("--to-the-end", action="store_true", help="do not stop when the verdict can hardly change")
    start.add_argument("--estimate", action="store_true", help="only say what it would cost")
    start.add_argument("--wait", action="store_true", help="wait for the verdict")
    start.set_defaults(act=begin)
    others = {
        "show": (show_one, "how one stands"),
        "more": (more, "train further seeds"),
        "cancel": (cancel, "stop it"),
    }
    for name, (act, says) in others.items():
        one = what.add_parser(name, help=says)
        one.add_argument("experiment", type=int)
        if name == "more":
            one.add_argument("--seeds", type=int, default=1)
        if name != "cancel":
            one.add_argument("--wait", action="store_true", help="wait for the verdict")
        one.set_defaults(act=act)
    return parser


def begin(halfday: Halfday, asked: argparse.Namespace) -> int:
    parent: Any = halfday.runs.get(asked.run)
    body = _asked_of(parent, asked)
    if asked.estimate:
        print(cost_line(halfday.experiments.estimate(**body)))
        return 0
    made = halfday.experiments.start(name=asked.name or f"{parent['name']} +", **body)
    print(f"{halfday.url}/experiments/{made['id']}")
    return _answer(halfday, made, wait=asked.wait)


def _asked_of(parent: Run, asked: argparse.Namespace) -> dict[str, Any]:
    """The parent's data and settings with what was asked for beside."""
    known: Any = parent
    own = [one["id"] for one in known["train_slices"]]
    return {
        "dataset": known["dataset"],
        "parent": known["id"],
        "train_slices": list(dict.fromkeys([*own, *asked.slices])),
        "validation_slice": known["validation_slice"]["id"],
        "settings": {} if asked.epochs is None else {"epochs": asked.epochs},
        "seeds": asked.seeds,
        "early_stop": not asked.to_the_end,
    }


def show_one(halfday: Halfday, asked: argparse.Namespace) -> int:
    return _answer(halfday, halfday.experiments.get(asked.experiment), wait=asked.wait)


def more(halfday: Halfday, asked: argparse.Namespace) -> int:
    return _answer(halfday, halfday.experiments.more_seeds(asked.experiment, asked.seeds), wait=asked.wait)


def cancel(halfday: Halfday, asked: argparse.Namespace) -> int:
    return _answer(halfday, halfday.experiments.cancel(asked.experiment), wait=False)


def _answer(halfday: Halfday, found: Experiment, *, wait: bool) -> int:
    while wait and found["state"] not in ENDED:
        time.sleep(ASKED_EVERY)
        found = halfday.experiments.get(found["id"])
    print(rendered(found))
    return exit_code(found) if wait else 0


def exit_code(found: Experiment) -> int:
    """0 proven, 2 not shown, 3 regressed; 1 where nothing was judged."""
    delta = (found["result"] or {}).get("delta")
    if not delta:
        return 1
    return {"proven": 0, "regressed": REGRESSED}.get(delta["mAP"]["verdict"], NOT_SHOWN)


def cost_line(cost: dict[str, Any]) -> str:
    """What it would cost, in a sentence."""
    time_said = (
        "how long is not known: nothing like it was trained here yet; one epoch would tell"
        if cost["seconds"] is None
        else f"about {cost['seconds'] / 60:.0f} minutes at {cost['images_per_second']:.1f} images/s"
    )
    disk = "" if cost["disk_bytes"] is None else f", {cost['disk_bytes'] / 1e6:.0f} MB of disk"
    return f"{cost['runs']} runs, {cost['steps']} optimiser steps, {time_said}{disk}"


def rendered(found: Experiment) -> str:
    """The experiment for a terminal."""
    lines = [f"{found['name']}: {found['state']}"]
    for run in found["runs"]:
        score = ((run["evaluation"] or {}).get("figures") or {}).get("AP")
        shown = "" if score is None else f", mAP {100 * score:.1f}"
        lines.append(
            f"  {run['arm']:9} seed {run['seed']}: {run['state']}, epoch {run['epoch']}/{run['epochs']}{shown}"
        )
    result = found["result"] or {}
    if delta := result.get("delta"):
        lines.append(f"over {result['pairs']} seeds: {_gain(delta['mAP'])}")
        lines.append(f"of these checkpoints, over images alone: {_gain(result['images_alone'])}")
    if stopped := found["stopped"]:
        lines.append(
            f"stopped early after {stopped['pairs']} of {stopped['planned']} seeds: {stopped['saved']} runs saved"
        )
    for one in result.get("memory", []):
        lines += [f"run {one['run']} forgot: {lost['name']} {_gain(lost)}" for lost in one["forgot"]]
    return "\n".join(lines)


def _gain(found: dict[str, Any]) -> str:
    value, low, high = (found[name] for name in ("value", "low", "high"))
    between = "" if low is None or high is None else f" [{100 * low:+.1f}, {100 * high:+.1f}]"
    word = str(found.get("verdict", "")).replace("_", " ")
    return f"{'–' if value is None else f'{100 * value:+.1f}'}{between} {word}".rstrip()
