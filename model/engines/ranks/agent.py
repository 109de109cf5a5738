"""torchrun's elastic agent, which starts the processes of one host and ends them all when one is lost."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from torch.distributed.elastic.agent.server import WorkerSpec
from torch.distributed.elastic.agent.server.local_elastic_agent import LocalElasticAgent
from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs
from torch.distributed.elastic.rendezvous import RendezvousHandler, RendezvousParameters
from torch.distributed.elastic.rendezvous.registry import get_rendezvous_handler

from model.engines.ranks.hosts import Hosts

MODULE = "model.engines.ranks.member"


def agent_of(processes: int, meeting: RendezvousHandler, logs: Path, *arguments: str) -> LocalElasticAgent:
    """The agent for this host's processes. It starts none again: a run goes on from its last whole epoch."""
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


def meeting_of(hosts: Hosts) -> RendezvousHandler:
    """A meeting of all of them."""
    return get_rendezvous_handler(
        RendezvousParameters("c10d", hosts.meeting, "halfday", hosts.count, hosts.count, local_addr=hosts.address)
    )
