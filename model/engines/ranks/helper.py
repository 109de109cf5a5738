"""A host that helps with the trainings of another's worker: `python -m model.engines.ranks.helper`."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from pathlib import Path

import torch
from torch.distributed.elastic.multiprocessing import SignalException
from torch.distributed.elastic.rendezvous import RendezvousError

from model.engines.ranks.agent import agent_of, meeting_of
from model.engines.ranks.hosts import COUNT, Hosts, hosts_here

AGAIN = 2.0  # seconds after which it looks again for a run


def main() -> None:
    """Help with one run after the other, until a signal ends this."""
    hosts = hosts_here()
    if hosts is None:
        raise SystemExit(f"Set {COUNT} to the number of hosts that train together.")
    with tempfile.TemporaryDirectory(prefix="halfday-helper-") as folder, suppress(SignalException):
        while True:
            try:
                _help(hosts, Path(folder))
            except (RendezvousError, OSError) as error:
                print(f"No run so far ({type(error).__name__}).", flush=True)
            time.sleep(AGAIN)


def _help(hosts: Hosts, folder: Path) -> None:
    outcome = agent_of(torch.cuda.device_count() or 1, meeting_of(hosts), folder).run()
    print("A run ended here." if not outcome.is_failed() else f"A run failed: {outcome.failures}", flush=True)


if __name__ == "__main__":
    main()
