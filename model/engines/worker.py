"""The engine's side: `python -m model.engines.worker SOCKET PARENT` is the nursery, its forks do the work.

A child reads its request from a folder, writes one JSON object per line to a pipe (progress, then a result or an
error), and everything else to the run's log. It dies with the nursery, and that with the process that started it.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import IO, Any

from model.engines import spec
from model.engines.types import (
    ConvertRequest,
    EngineError,
    EpochReport,
    PredictReport,
    PredictRequest,
    Reporter,
    TrainRequest,
)

PR_SET_PDEATHSIG = 1  # from linux/prctl.h
GPU = Path("/dev/nvidiactl")
IDLE = 60.0  # seconds without work after which the nursery goes
LOOK = 0.05  # seconds between looks at the children


def main(control: socket.socket, parent: int) -> None:
    """Load the libraries, then fork a child for each request until nobody asks any more."""
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    if not GPU.exists():
        _load()  # with a GPU each child does it: a loaded library may have touched the driver, which no fork survives
    fates: dict[int, socket.socket] = {}  # by the child's process id
    idle = 0.0
    while idle < IDLE:
        _tell_ends(fates)
        idle = 0.0 if fates else idle + LOOK
        if not select.select([control], [], [], LOOK)[0]:
            continue
        message, descriptors, _, _ = socket.recv_fds(control, 4096, 3)
        if not message:
            return
        pipe, log, fate = descriptors
        pid = os.fork()
        if pid == 0:
            control.close()
            os._exit(_child(Path(json.loads(message)["folder"]), pipe, log))
        os.close(pipe)
        os.close(log)
        fates[pid] = socket.socket(fileno=fate)
        fates[pid].send(str(pid).encode())


def _tell_ends(fates: dict[int, socket.socket]) -> None:
    """Reap children that have ended and say how."""
    for pid in list(fates):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            with fates.pop(pid) as fate:
                fate.send(str(os.waitstatus_to_exitcode(status)).encode())


def _child(folder: Path, pipe: int, log: int) -> int:
    """Do one request; the exit status is 0 where an answer was given, even if that is an error's sentence."""
    die_with(os.getppid())
    os.dup2(log, 1)
    os.dup2(log, 2)
    with os.fdopen(pipe, "w", encoding="utf-8", buffering=1) as channel:
        try:
            answer = spec.result_line(folder, _do(spec.read_request(folder), lambda r: _report(channel, r)))
        except EngineError as error:
            answer = {"event": "error", "sentence": str(error)}
        except Exception as error:
            traceback.print_exc()
            answer = {"event": "error", "sentence": _sentence(error)}
        _send(channel, answer)
    sys.stdout.flush()
    sys.stderr.flush()
    return 0


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent goes, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it went before we asked
        os._exit(1)


def _load() -> None:
    """Import the libraries, here and in no other process."""
    from model.engines.ultralytics import conversion, export, prediction, training  # noqa: F401


def _do(request: spec.Request, report: Reporter) -> spec.Result:
    """Hand the request to the engine."""
    from model.engines.ultralytics import conversion, export, prediction, training

    if isinstance(request, TrainRequest):
        return training.train(request, report)
    if isinstance(request, PredictRequest):
        return prediction.predict(request, report)
    if isinstance(request, ConvertRequest):
        return conversion.convert(request)
    return export.export(request)


def _report(channel: IO[str], report: EpochReport | PredictReport) -> None:
    """Progress to the pipe, and a line to the log."""
    if isinstance(report, EpochReport):
        figures = "  ".join(f"{name} {value:.4g}" for name, value in report.metrics.items())
        print(f"epoch {report.epoch}/{report.epochs}  {figures}  {report.seconds:.1f} s", flush=True)
    _send(channel, spec.report_line(report))


def _send(channel: IO[str], line: dict[str, Any]) -> None:
    channel.write(json.dumps(line) + "\n")
    channel.flush()


def _sentence(error: Exception) -> str:
    """An unforeseen error in one line."""
    if "out of memory" in str(error).lower():
        return "The device ran out of memory. Choose a smaller batch or image size."
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
