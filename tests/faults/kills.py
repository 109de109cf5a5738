"""Kills at random, by a seed, and how long each keeps people from writing."""

import contextlib
import random
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.faults.load import NO_ANSWER, Found, Load, check
from tests.faults.stage import PROGRAMS, SUPERVISOR, Platform, Refused

GIVE_UP = 240.0  # seconds
REST = (0.5, 2.0)  # seconds between a recovery and the next kill


@dataclass(frozen=True)
class Kill:
    """What was killed, and after how many seconds the next write was acknowledged."""

    what: str
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """All kills, and what was found at the end."""

    kills: list[Kill]
    found: Found
    stopped: float  # seconds from Ctrl-C under load to the end


def kill_at_random(folder: Path, *, seed: int, kills: int, patience: float = 300.0) -> Outcome:
    """Run a platform under load, kill so many of its processes one after the other, and take stock."""
    platform = Platform(folder)
    try:
        platform.wait_until_up()
        load, chance = Load(platform, seed), random.Random(seed)
        load.start()
        done = []
        try:
            for _ in range(kills):
                done.append(kill_one(platform, chance))
                time.sleep(chance.uniform(*REST))
        finally:
            load.stop()
        found = check(load, patience)
    finally:
        stopped = platform.stop()
    return Outcome(done, found, stopped)


def kill_one(platform: Platform, chance: random.Random) -> Kill:
    """Kill a program, one of its children, or the supervisor; wait for the next write."""
    name = chance.choice(sorted(PROGRAMS | {SUPERVISOR}))
    pid = _pid_of(platform, name)
    children = psutil.Process(pid).children() if name != SUPERVISOR else []
    child = chance.choice(sorted(children, key=lambda one: one.pid)) if children and chance.random() < 0.3 else None
    began = time.monotonic()
    with contextlib.suppress(ProcessLookupError):
        platform.kill(child.pid if child else pid)
    return Kill(f"{name}'s child" if child else name, seconds_to_a_write(platform, began))


def _pid_of(platform: Platform, name: str) -> int:
    deadline = time.monotonic() + GIVE_UP
    while time.monotonic() < deadline:
        if pid := platform.pids().get(name):
            return pid
        time.sleep(0.1)
    raise AssertionError(f"{name} does not come back")


def seconds_to_a_write(platform: Platform, began: float) -> float:
    """From a moment to the first acknowledged write that was asked for after it."""
    number = 0
    while time.monotonic() - began < GIVE_UP:
        try:
            platform.ask("POST", "projects", {"name": f"Probe {began}.{number}"})
            return time.monotonic() - began
        except (Refused, *NO_ANSWER):
            number += 1
            time.sleep(0.05)
    raise AssertionError("no write was acknowledged any more")
