"""The environment of an engine process: offline, quiet, its own settings folder, a fair share of the processor."""

from __future__ import annotations

import os
from pathlib import Path

PASSIVE = ("OMP_WAIT_POLICY", "KMP_BLOCKTIME", "GOMP_SPINCOUNT")  # of the worker, not for the engine


def engine_environment(threads: int) -> dict[str, str]:
    """Environment variables for `python -m model.engines.worker`.

    `threads` 0 leaves their number to HALFDAY_ENGINE_THREADS, and without that to the number of cores.
    """
    home = Path(os.environ.get("HALFDAY_HOME") or ".halfday").resolve()
    folder = home / "engines" / "ultralytics"
    folder.mkdir(parents=True, exist_ok=True)
    count = threads or int(os.environ.get("HALFDAY_ENGINE_THREADS") or 0) or available_cores()
    root = Path(__file__).resolve().parents[2]
    return {
        **{name: value for name, value in os.environ.items() if name not in PASSIVE},
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "platform")]),
        "PYTHONUNBUFFERED": "1",
        "YOLO_CONFIG_DIR": str(folder),  # else it writes to ~/.config
        "YOLO_OFFLINE": "true",  # no telemetry, no update check, no download
        "YOLO_AUTOINSTALL": "false",  # never runs pip
        "YOLO_VERBOSE": "false",  # our own lines go to the log
        "ULTRALYTICS_SAFE_LOAD": "true",  # weights files: tensors and known layers only, no eval in layouts
        "OMP_NUM_THREADS": str(count),
        "GOMP_SPINCOUNT": "2000",  # waiting threads spin for a moment: never is half the speed, long stalls neighbours
    }


def available_cores() -> int:
    """Cores that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1
