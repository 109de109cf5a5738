"""`./halfday gate --candidate`: have a running platform judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from client.errors import HalfdayError
from client.halfday import Halfday


@dataclass(frozen=True)
class GateAsked:
    """What `./halfday gate --candidate` asks a platform."""

    candidate: int
    incumbent: int | None = None
    endpoint: str | None = None
    slice: int | None = None
    document: dict[str, Any] | None = None


def judged_by_platform(asked: GateAsked) -> dict[str, Any]:
    """The finished result. Raises HalfdayError where the platform refuses or the job fails."""
    with Halfday.from_environment() as halfday:
        body = {"candidate": asked.candidate, "incumbent": asked.incumbent, "endpoint": asked.endpoint}
        result = halfday.gates.judge(**body, slice=asked.slice, document=asked.document)
        if result["verdict"] is None:
            halfday.jobs.wait(result["job"])
            result = halfday.gates.result(result["id"])
    if result["verdict"] is None:
        raise HalfdayError("The gate's job ended without a verdict.")
    return result | {"notes": list(result["notes"])}
