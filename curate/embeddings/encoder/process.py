"""The encoder in an operating system process of its own: a crash or a leak stays there, and cancelling is a kill."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curate.embeddings.encoder.types import Encoded, EncoderError, Picture
from science.projection import Projected

POLL = 0.25  # seconds between two looks at `check`
AHEAD = 2  # requests that the process holds, so that it works on while an answer is stored


def _never() -> None:
    """Nobody wants it to stop."""


class EncoderProcess:
    """Encodes and projects. Use it in a `with`; the process starts with the first request and ends with the block.

    `check` is called four times a second while an answer is waited for; what it raises ends the wait.
    """

    def __init__(self, environment: Mapping[str, str], check: Callable[[], None] = _never) -> None:
        self.environment = environment
        self.check = check
        self.process: subprocess.Popen[bytes] | None = None
        self.folder = tempfile.TemporaryDirectory(prefix="halfday-encoder-")
        self.log = Path(self.folder.name) / "log"
        self._pending = b""
        self._asked = 0

    def __enter__(self) -> EncoderProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
        self.folder.cleanup()

    def encode(self, batches: Iterable[Sequence[Picture]]) -> Iterator[Encoded]:
        """The vectors of each batch, in order. Raises EncoderError where the process refuses or dies."""
        waiting: deque[Path] = deque()
        for batch in batches:
            waiting.append(self._ask_encoding(batch))
            if len(waiting) == AHEAD:
                yield self._encoded(waiting.popleft())
        while waiting:
            yield self._encoded(waiting.popleft())

    def project(self, vectors: NDArray[np.float16], seed: int) -> Projected:
        """Points on a plane; see projection.py."""
        given = self._file()
        np.save(given, vectors)
        result = self._file()
        self._send({"do": "project", "from": str(given), "to": str(result), "seed": seed})
        answer = self._answer()
        return Projected(np.load(result), answer["method"])

    def _ask_encoding(self, batch: Sequence[Picture]) -> Path:
        result = self._file()
        pictures = [
            {"path": str(one.path), "boxes": None if one.boxes is None else one.boxes.tolist()} for one in batch
        ]
        self._send({"do": "encode", "pictures": pictures, "to": str(result)})
        return result

    def _encoded(self, result: Path) -> Encoded:
        answer = self._answer()
        vectors = np.load(result)
        result.unlink()
        return Encoded(vectors, {int(place): why for place, why in answer["failed"].items()})

    def _file(self) -> Path:
        self._asked += 1
        return Path(self.folder.name) / f"{self._asked}.npy"

    def _send(self, request: dict[str, Any]) -> None:
        process = self.process = self.process or self._start()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise EncoderError(self._cause_of_death()) from None

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "curate.embeddings.encoder.worker", str(os.getpid())]
        pipe = subprocess.PIPE
        with self.log.open("ab") as log:
            return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, env=dict(self.environment))

    def _answer(self) -> dict[str, Any]:
        """The next line of the process."""
        assert self.process is not None
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._pending:
                self.check()
                if not selector.select(POLL):
                    continue
                chunk = os.read(self.process.stdout.fileno(), 1 << 16)
                if not chunk:
                    raise EncoderError(self._cause_of_death())
                self._pending += chunk
        line, _, self._pending = self._pending.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise EncoderError(f"The encoder could not go on: {answer['error']}")
        return answer

    def _cause_of_death(self) -> str:
        status = self.process.wait() if self.process is not None else 0
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        said = f" Last line of its log: {lines[-1][:300]}" if lines else ""
        return f"The encoder's process ended with status {status}.{said}"
