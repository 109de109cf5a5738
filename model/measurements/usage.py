"""How busy the machine is that trains: its processor, memory and GPUs, as the system and the driver count them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

STAT, MEMINFO = Path("/proc/stat"), Path("/proc/meminfo")
EVERY = 3.0  # seconds between looks
FIELDS = "index,name,utilization.gpu,memory.used,memory.total"
ASK = ["nvidia-smi", f"--query-gpu={FIELDS}", "--format=csv,noheader,nounits"]
IDLE_AND_WAITING = (3, 4)  # columns of /proc/stat: no work, and waiting for a disk
COUNTED = 8  # columns; those behind count guests a second time
PARTS = 5  # of a line of the driver

CoreTimes = dict[int, tuple[int, int]]  # by core: ticks without work, and ticks in all


@dataclass(frozen=True, slots=True)
class GpuUse:
    """One GPU; what the driver does not say is None."""

    index: int
    name: str
    use: float | None  # 0..1
    memory: int | None  # bytes
    memory_total: int | None  # bytes


@dataclass(frozen=True, slots=True)
class MachineUse:
    """The whole machine, other work on it included."""

    cpu: float | None  # 0..1 of the cores that may be used, since the look before
    cores: int
    memory: int | None  # bytes taken
    memory_total: int | None  # bytes
    gpus: tuple[GpuUse, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the run keeps it."""
        return asdict(self)


@dataclass
class UsageWatch:
    """Looks at most every few seconds and tells what it saw."""

    tell: Callable[[MachineUse], None]
    without_driver: bool = False  # asked once, and there is none
    before: CoreTimes = field(default_factory=lambda: core_times(_read(STAT)))
    looked_at: float = field(default_factory=time.monotonic)

    def look(self) -> None:
        """Called as often as one likes."""
        if time.monotonic() - self.looked_at < EVERY:
            return
        now = core_times(_read(STAT))
        memory, total = memory_of(_read(MEMINFO))
        gpus = () if self.without_driver else gpus_now()
        self.without_driver = not gpus
        self.tell(MachineUse(busy_share(self.before, now), len(_cores()), memory, total, gpus))
        self.before, self.looked_at = now, time.monotonic()


def core_times(stat: str) -> CoreTimes:
    """Of each core named in /proc/stat."""
    found: CoreTimes = {}
    for line in stat.splitlines():
        name, *ticks = line.split() or [""]
        if name.startswith("cpu") and name[3:].isdigit():
            counted = [int(one) for one in ticks[:COUNTED]]
            found[int(name[3:])] = (sum(counted[at] for at in IDLE_AND_WAITING), sum(counted))
    return found


def busy_share(before: CoreTimes, now: CoreTimes) -> float | None:
    """Of the cores that this process may use, between two looks; None where no time has been counted."""
    cores = [one for one in _cores() if one in before and one in now]
    total = sum(now[one][1] - before[one][1] for one in cores)
    idle = sum(now[one][0] - before[one][0] for one in cores)
    return min(1.0, max(0.0, 1 - idle / total)) if total > 0 else None


def memory_of(meminfo: str) -> tuple[int | None, int | None]:
    """Bytes taken and bytes in all; None where the system does not say."""
    rows = (line.split() for line in meminfo.splitlines())
    found = {row[0]: 1024 * int(row[1]) for row in rows if row and row[0] in ("MemTotal:", "MemAvailable:")}
    total, free = found.get("MemTotal:"), found.get("MemAvailable:")
    return (total - free if total is not None and free is not None else None), total


def gpus_now() -> tuple[GpuUse, ...]:
    """Those that the driver lists; none where there is no driver."""
    try:
        said = subprocess.run(ASK, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return read_gpus(said.stdout)


def read_gpus(said: str) -> tuple[GpuUse, ...]:
    """The driver's lines, `0, NVIDIA A100, 97, 31202, 81920`, in percent and MiB; `[N/A]` is None."""
    rows = [[part.strip() for part in line.split(",")] for line in said.splitlines()]
    return tuple(
        GpuUse(int(index), name, _hundredth(use), _mebibytes(memory), _mebibytes(total))
        for index, name, use, memory, total in (row for row in rows if len(row) == PARTS)
    )


def _hundredth(text: str) -> float | None:
    return float(text) / 100 if text.isdigit() else None


def _mebibytes(text: str) -> int | None:
    return int(text) << 20 if text.isdigit() else None


def _cores() -> list[int]:
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    return sorted(allowed)


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii", errors="replace") if path.exists() else ""
