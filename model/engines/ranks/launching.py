"""Start the processes of a training under torchrun's elastic agent, pass on what they report, end all with one.

They find each other through a file and speak over the loopback interface: nothing listens to other machines.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch.distributed as dist
from torch.distributed.elastic.agent.server.api import RunResult
from torch.distributed.elastic.rendezvous import RendezvousError, RendezvousHandler, RendezvousInfo, RendezvousStoreInfo

from children import Line
from children.death import how_it_ended
from model.engines import spec
from model.engines.ranks.agent import agent_of, meeting_of
from model.engines.ranks.hosts import Hosts
from model.engines.ranks.member import NOTES, REPORTS
from model.engines.ranks.team import STORE, on_gpus
from model.engines.types import EngineError, Reporter, TrainRequest, TrainResult

LOOK = 0.2  # seconds between looks at the reports
LOOPBACK = {"GLOO_SOCKET_IFNAME": "lo", "NCCL_SOCKET_IFNAME": "lo"} if sys.platform == "linux" else {}


def train_together(folder: Path, request: TrainRequest, processes: int, report: Reporter) -> TrainResult:
    """Train with so many processes on this machine; the folder holds the request. Dies as `member` says.

    Raises EngineError with its cause where one process fails or is lost; the others are ended.
    """
    (folder / REPORTS).touch()
    with _environment(_one_machine(folder), processes), _followed(folder / REPORTS, report) as last:
        outcome = agent_of(processes, _OneMachine(), folder / "ranks", str(folder)).run()
    return _result(folder, outcome, last, on_gpus(request.settings))


def train_with_hosts(request: TrainRequest, processes: int, hosts: Hosts, report: Reporter) -> TrainResult:
    """Train with so many processes here and with those of the other hosts, for which it waits."""
    with tempfile.TemporaryDirectory(prefix="shared-", dir=request.output.parent) as name:
        folder = Path(name)
        spec.write_request(folder, request)
        (folder / REPORTS).touch()
        print(f"Waiting for {hosts.count - 1} other hosts at {hosts.meeting}", flush=True)
        with _environment({}, processes), _followed(folder / REPORTS, report) as last:
            outcome = _met(hosts, processes, folder)
        return _result(folder, outcome, last, on_gpus(request.settings))


def _met(hosts: Hosts, processes: int, folder: Path) -> RunResult:
    try:
        outcome: RunResult = agent_of(processes, meeting_of(hosts), folder / "ranks", str(folder)).run()
        return outcome
    except RendezvousError as error:
        raise EngineError(
            f"The {hosts.count} hosts of a training did not meet at {hosts.meeting} ({type(error).__name__}). Start the"
            " helpers on the others, or set devices to a number, for which this host alone is enough."
        ) from error


def _result(folder: Path, outcome: RunResult, last: Line, on_gpu: bool) -> TrainResult:
    """Of what the agent and the first process say."""
    if outcome.is_failed():
        raise EngineError(cause_of_loss(folder, outcome.failures, on_gpu))
    if not last:
        raise EngineError("The processes of the training ended without its result.")
    result = spec.read_result(folder, last)
    assert isinstance(result, TrainResult)
    return result


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


def _one_machine(folder: Path) -> dict[str, str]:
    return {STORE: str((folder / "store").resolve()), **LOOPBACK}


@contextmanager
def _environment(meeting: Mapping[str, str], processes: int) -> Iterator[None]:
    """What the processes find set: where to meet, and a share of the threads."""
    threads = max(1, int(os.environ.get("OMP_NUM_THREADS") or 1) // processes)
    before = dict(os.environ)
    os.environ.update({**meeting, "OMP_NUM_THREADS": str(threads)})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _followed(path: Path, report: Reporter) -> Iterator[Line]:
    """Pass reports on while they are written; gives a dict that holds the line of the result at the end."""
    over, last = threading.Event(), Line()
    thread = threading.Thread(target=_follow, args=(path, report, over, last), name="reports")
    thread.start()
    try:
        yield last
    finally:
        over.set()
        thread.join()


def _follow(path: Path, report: Reporter, over: threading.Event, last: Line) -> None:
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


def cause_of_loss(folder: Path, failures: Mapping[int, Any], on_gpu: bool) -> str:
    """Why a training ended, of the processes that failed: who was killed, else the one that failed first.

    The others fail soon after, as their calls to it get no answer.
    """
    notes = {int(path.stem.rpartition("-")[2]): json.loads(path.read_text()) for path in folder.glob(NOTES)}
    foreseen = [note for note in notes.values() if note["foreseen"]]
    if foreseen:
        return str(min(foreseen, key=lambda note: note["at"])["sentence"])
    kind = "GPU" if on_gpu else "process"
    for rank, failure in sorted(failures.items()):
        if rank not in notes:
            who = f"The training's process for GPU {rank + 1}" if on_gpu else f"Process {rank + 1} of the training"
            return f"{who} {how_it_ended(failure.exitcode)}."
    rank, note = min(notes.items(), key=lambda one: one[1]["at"])
    return f"{note['sentence']} ({kind} {rank + 1})"
