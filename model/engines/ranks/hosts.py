"""Several hosts that train as one, as the environment says: how many, and where they meet.

The host whose worker has the run waits at the meeting place until the others are there; a helper on each of these waits
for the next run. All see the same storage, where the request and the reports lie. Who can reach the meeting place can
run programs on all of them: it belongs on a network of their own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from model.engines.catalogue import ONE_DEVICE
from model.engines.types import EngineError, TrainSettings

COUNT, MEETING, ADDRESS = "HALFDAY_HOSTS", "HALFDAY_HOSTS_MEETING", "HALFDAY_HOSTS_ADDRESS"


@dataclass(frozen=True, slots=True)
class Hosts:
    """So many that train together, and where they meet."""

    count: int
    meeting: str  # host:port, of the one whose worker takes runs
    address: str | None  # by which the others reach this one; its name where nobody says


def hosts_here() -> Hosts | None:
    """What the environment says; None: this host trains alone. Raises EngineError where it says half of it."""
    count = int(os.environ.get(COUNT) or 1)
    if count == 1:
        return None
    if not os.environ.get(MEETING):
        raise EngineError(f"{COUNT} is {count}: set {MEETING} too, to where they meet, such as gpu-1:29400.")
    return Hosts(count, os.environ[MEETING], os.environ.get(ADDRESS))


def hosts_for(settings: TrainSettings, engine: str) -> Hosts | None:
    """Those that share a training for which nobody asked for a number of devices; None: this host alone."""
    return hosts_here() if settings.devices == "auto" and engine != ONE_DEVICE else None
