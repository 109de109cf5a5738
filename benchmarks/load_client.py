"""The client of benchmarks/load.py: many people on kept-alive connections of their own, in one process and thread.

No library of HTTP: one of those takes longer to ask than the server takes to answer.
"""

from __future__ import annotations

import asyncio
import math
import resource
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

Act = Callable[[], Awaitable[bool]]  # one thing that a person does; whether it was answered as it should be


class Person:
    """One person's connection. As a browser does, it opens another where the server has closed an idle one."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.port = port
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.head = f"Host: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n{lines}"
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", more: str = "") -> tuple[int, bytes]:
        """Status and body of one call. `more` are further header lines, each with its line end."""
        head = f"{method} {path} HTTP/1.1\r\n{self.head}{more}Content-Length: {len(body)}\r\n\r\n"
        used = self.streams is not None
        try:
            return await self._send(head.encode() + body)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            if not used:
                raise
            return await self._send(head.encode() + body)

    async def _send(self, request: bytes) -> tuple[int, bytes]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        reader, writer = self.streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b"transfer-encoding: chunked" in head:
            body = await self._chunks(reader)
        else:
            length = head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
            body = await reader.readexactly(int(length or 0))
        if b"connection: close" in head:
            self.close()
        return int(head[9:12]), body

    async def _chunks(self, reader: asyncio.StreamReader) -> bytes:
        parts = []
        while size := int((await reader.readline()).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readline()
        return b"".join(parts)

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


@dataclass
class CallTimes:
    """What calls took, in milliseconds from when they were due, and how many went wrong."""

    milliseconds: list[float] = field(default_factory=list)
    errors: int = 0

    def at(self, part: float) -> float:
        """That part of the calls took no longer."""
        rising = sorted(self.milliseconds)
        return rising[max(0, math.ceil(part * len(rising)) - 1)] if rising else math.nan

    def row(self) -> dict[str, float]:
        found = {"calls": len(self.milliseconds), "errors": self.errors}
        return found | {"p50": self.at(0.5), "p95": self.at(0.95), "max": self.at(1.0)}


async def in_step(acts: Sequence[Act], taken: CallTimes, *, every: float, seconds: float) -> None:
    """Each act again and again, `every` so many seconds, all begun evenly within the first turn.

    A call that is due while the one before is still under way waits, and the waiting counts.
    """
    began = time.perf_counter()
    await asyncio.gather(
        *(_keep_on(act, taken, began + every * place / len(acts), every, began + seconds)
          for place, act in enumerate(acts))
    )  # fmt: skip


async def _keep_on(act: Act, taken: CallTimes, due: float, every: float, until: float) -> None:
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await _timed(act, taken, due)
        due += every


async def _timed(act: Act, taken: CallTimes, due: float) -> None:
    try:
        went_well = await act()
    except (OSError, asyncio.IncompleteReadError):
        went_well = False
    taken.errors += not went_well
    taken.milliseconds.append((time.perf_counter() - due) * 1000)


async def one_after_the_other(act: Act, times: int) -> CallTimes:
    """The act so many times, nothing beside it."""
    taken = CallTimes()
    for _ in range(times):
        await _timed(act, taken, time.perf_counter())
    return taken


async def as_fast_as_it_goes(acts: Sequence[Act], seconds: float) -> tuple[float, CallTimes]:
    """All acts at once, each again as soon as it is answered: calls a second that went well."""
    taken, began = CallTimes(), time.perf_counter()

    async def again(act: Act) -> None:
        while time.perf_counter() - began < seconds:
            await _timed(act, taken, time.perf_counter())

    await asyncio.gather(*map(again, acts))
    return (len(taken.milliseconds) - taken.errors) / (time.perf_counter() - began), taken


def own_seconds() -> float:
    """Processor time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
