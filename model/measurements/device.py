"""What the device of this machine is called."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
MEMINFO = Path("/proc/meminfo")
ASK = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader", "--id=0"]


def device_name() -> str:
    """The first GPU, or the processor and how many of its cores may be used: "AMD EPYC 7B13, 2 cores"."""
    return _gpu() or f"{_processor()}, {len(os.sched_getaffinity(0))} cores"


def memory_left() -> float:
    """The share of this machine's memory that is free to be taken, 0 … 1; 1 where nobody knows."""
    if not MEMINFO.exists():
        return 1.0
    rows = (line.split() for line in MEMINFO.read_text(encoding="ascii").splitlines())
    found = {row[0]: int(row[1]) for row in rows if row[0] in ("MemTotal:", "MemAvailable:")}
    return found.get("MemAvailable:", 1) / max(found.get("MemTotal:", 1), 1)


def _gpu() -> str:
    try:
        said = subprocess.run(ASK, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip().splitlines()[0][:120] if said.stdout.strip() else ""


def _processor() -> str:
    lines = CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines() if CPUINFO.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "")[:100] or platform.machine() or "CPU"
