"""Start the processes of a training under torchrun's elastic agent, pass on what they report, end all with one.

They find each other through a file and speak over the loopback interface: nothing listens to other machines.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch.distributed as dist
from torch.distributed.elastic.agent.server import WorkerSpec
from torch.distributed.elastic.agent.server.local_elastic_agent import LocalElasticAgent
from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs
from torch.distributed.elastic.rendezvous import RendezvousHandler, RendezvousInfo, RendezvousStoreInfo

from children.death import how_it_ended
from model.engines import spec
from model.engines.ranks.member import NOTE, REPORTS
from model.engines.ranks.team import STORE, on_gpus
from model.engines.types import EngineError, Reporter, TrainRequest, TrainResult

MODULE = "model.engines.ranks.member"
LOOK = 0.2  # seconds between looks at the reports
LOOPBACK = {"GLOO_SOCKET_IFNAME": "lo", "NCCL_SOCKET_IFNAME": "lo"} if sys.platform == "linux" else {}


def train_together(folder: Path, request: TrainRequest, processes: int, report: Reporter) -> TrainResult:
    """Train with so many processes on this machine; the folder holds the request. Dies as `member` says.

    Raises EngineError with its cause where one process fails or is lost; the others are ended.
    """
    (folder / REPORTS).touch()
    with _environment(folder, processes), _followed(folder / REPORTS, report) as last:
        outcome = _agent(folder, processes).run()
    if outcome.is_failed():
        raise EngineError(cause_of_loss(folder, outcome.failures, processes, on_gpus(request.settings)))
    if not last:
        raise EngineError("The processes of the training ended without its result.")
    result = spec.read_result(folder, last)
    assert isinstance(result, TrainResult)
    return result


def _agent(folder: Path, processes: int) -> LocalElasticAgent:
    what = WorkerSpec(
        role="training",
        local_world_size=processes,
        entrypoint=sys.executable,
        args=("-m", MODULE, str(folder)),
        rdzv_handler=_OneMachine(),
        max_restarts=0,  # a lost process ends the run, which goes on from its last whole epoch
    )
    return LocalElasticAgent(what, DefaultLogsSpecs(log_dir=str(folder / "ranks")))


class _OneMachine(RendezvousHandler):
    """A meeting of one agent, which needs no server."""

    def __init__(self) -> None:
        self.store = dist.HashStore()

    def get_backend(self) -> str:
        return "one-machine"

    @property
    def use_agent_store(self) -> bool:
        return False

    def next_rendezvous(self) -> RendezvousInfo:
        return RendezvousInfo(self.store, 0, 1, RendezvousStoreInfo("127.0.0.1", 0))

    def is_closed(self) -> bool:
        return False

    def set_closed(self) -> None: ...

    def num_nodes_waiting(self) -> int:
        return 0

    def get_run_id(self) -> str:
        return "training"

    def shutdown(self) -> bool:
        return True


@contextmanager
def _environment(folder: Path, processes: int) -> Any:
    """What the processes find set: where to meet, and a share of the threads."""
    threads = max(1, int(os.environ.get("OMP_NUM_THREADS") or 1) // processes)
    changed = {STORE: str((folder / "store").resolve()), "OMP_NUM_THREADS": str(threads), **LOOPBACK}
    before = dict(os.environ)
    os.environ.update(changed)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _followed(path: Path, report: Reporter) -> Any:
    """Pass reports on while they are written; gives a dict that holds the line of the result at the end."""
    over, last = threading.Event(), dict[str, Any]()
    thread = threading.Thread(target=_follow, args=(path, report, over, last), name="reports")
    thread.start()
    try:
        yield last
    finally:
        over.set()
        thread.join()


def _follow(path: Path, report: Reporter, over: threading.Event, last: dict[str, Any]) -> None:
    with path.open(encoding="utf-8") as file:
        begun = ""
        while True:
            ended = over.wait(LOOK)
            *lines, begun = (begun + file.read()).split("\n")
            for line in map(json.loads, lines):
                if line["event"] == "result":
                    last.update(line)
                else:
                    report(spec.read_report(line))
            if ended:
                return


def cause_of_loss(folder: Path, failures: Mapping[int, Any], processes: int, on_gpu: bool) -> str:
    """Why a training ended, of the processes that failed: who was killed, else the one that failed first.

    The others fail soon after, as their calls to it get no answer.
    """
    notes = {rank: note for rank in range(processes) if (note := _note_of(folder, rank))}
    foreseen = [note for note in notes.values() if note["foreseen"]]
    if foreseen:
        return str(min(foreseen, key=lambda note: note["at"])["sentence"])
    kind = "GPU" if on_gpu else "process"
    for rank, failure in sorted(failures.items()):
        if rank not in notes:
            return f"The training's process for {kind} {rank + 1} of {processes} {how_it_ended(failure.exitcode)}."
    rank, note = min(notes.items(), key=lambda one: one[1]["at"])
    return f"{note['sentence']} ({kind} {rank + 1} of {processes})"


def _note_of(folder: Path, rank: int) -> dict[str, Any] | None:
    path = folder / NOTE.format(rank=rank)
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found
