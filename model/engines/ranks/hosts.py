"""Several hosts that train as one: where they meet, and the side of those that only help.

The host whose worker has the run waits at the meeting place until the others are there; a helper waits there for the
next run, over and over: `python -m model.engines.ranks.hosts`. All see the same storage, where the request and the
reports lie. Who can reach the meeting place can run programs on all of them: it belongs on a network of their own.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.distributed.elastic.agent.server import WorkerSpec
from torch.distributed.elastic.agent.server.local_elastic_agent import LocalElasticAgent
from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs, SignalException
from torch.distributed.elastic.rendezvous import RendezvousError, RendezvousHandler, RendezvousParameters
from torch.distributed.elastic.rendezvous.registry import get_rendezvous_handler

from model.engines.ranks.dividing import COUNT

MODULE = "model.engines.ranks.member"
MEETING, ADDRESS = "HALFDAY_HOSTS_MEETING", "HALFDAY_HOSTS_ADDRESS"
AGAIN = 2.0  # seconds after which a helper looks again for a run


@dataclass(frozen=True, slots=True)
class Hosts:
    """So many that train together, and where they meet."""

    count: int
    meeting: str  # host:port, of the one whose worker takes runs
    address: str | None  # by which the others reach this one; its name where nobody says

    def rendezvous(self) -> RendezvousHandler:
        """A meeting of all of them."""
        return get_rendezvous_handler(
            RendezvousParameters("c10d", self.meeting, "halfday", self.count, self.count, local_addr=self.address)
        )


def hosts_here() -> Hosts | None:
    """What the environment says; None: this host trains alone."""
    count = int(os.environ.get(COUNT) or 1)
    return Hosts(count, os.environ[MEETING], os.environ.get(ADDRESS)) if count > 1 else None


def agent_of(processes: int, meeting: RendezvousHandler, logs: Path, *arguments: str) -> LocalElasticAgent:
    """torchrun's agent for this host's processes. One that is lost ends all; the run goes on from its last epoch."""
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")  # else each training is told that all its parts were used
    what = WorkerSpec(
        role="training",
        local_world_size=processes,
        entrypoint=sys.executable,
        args=("-m", MODULE, *arguments),
        rdzv_handler=meeting,
        max_restarts=0,
    )
    return LocalElasticAgent(what, DefaultLogsSpecs(log_dir=str(logs)))


def main() -> None:
    """Help with one run after the other."""
    hosts = hosts_here()
    if hosts is None:
        raise SystemExit(f"Set {COUNT} to the number of hosts and {MEETING} to where they meet, such as gpu-1:29400.")
    with tempfile.TemporaryDirectory(prefix="halfday-helper-") as folder, suppress(SignalException):
        while True:
            try:
                _help(hosts, Path(folder))
            except (RendezvousError, OSError) as error:
                print(f"No run so far ({type(error).__name__}).", flush=True)
            time.sleep(AGAIN)


def _help(hosts: Hosts, folder: Path) -> None:
    outcome = agent_of(torch.cuda.device_count() or 1, hosts.rendezvous(), folder).run()
    print("A run ended here." if not outcome.is_failed() else f"A run failed: {outcome.failures}", flush=True)


if __name__ == "__main__":
    main()
