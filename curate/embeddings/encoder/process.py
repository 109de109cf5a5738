"""The encoder in an operating system process of its own: a crash or a leak stays there, and cancelling is a kill."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from children import ChildFailed, Conversation
from curate.embeddings.encoder.types import SIDE, Encoded, EncoderError, PictureToEncode
from science.projection import Projected

WORKER = "curate.embeddings.encoder.worker"
AHEAD = 2  # requests that the process holds, so that it works on while an answer is stored


def _never() -> None:
    """Nobody wants it to stop."""


class EncoderProcess:
    """Encodes and projects. Use it in a `with`; the process starts with the first request and ends with the block.

    `check` is called four times a second while an answer is waited for; what it raises ends the wait. Pictures are
    stretched to squares of `side` pixels; vectors of different sides are not compared.
    """

    def __init__(self, environment: Mapping[str, str], check: Callable[[], None] = _never, side: int = SIDE) -> None:
        self.environment = environment
        self.check = check
        self.side = side
        self.child: Conversation | None = None
        self.folder = tempfile.TemporaryDirectory(prefix="halfday-encoder-")
        self.log = Path(self.folder.name) / "log"
        self._asked = 0

    def __enter__(self) -> EncoderProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.child is not None:
            self.child.end()
        self.folder.cleanup()

    def encode(self, batches: Iterable[Sequence[PictureToEncode]]) -> Iterator[Encoded]:
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

    def _ask_encoding(self, batch: Sequence[PictureToEncode]) -> Path:
        result = self._file()
        pictures = [
            {"path": str(one.path), "boxes": None if one.boxes is None else one.boxes.tolist()} for one in batch
        ]
        self._send({"do": "encode", "pictures": pictures, "side": self.side, "to": str(result)})
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
        child = self.child = self.child or self._start()
        try:
            child.ask(request)
        except ChildFailed as failed:
            raise EncoderError(str(failed)) from None

    def _start(self) -> Conversation:
        return Conversation(WORKER, self.environment, log=self.log, who="The encoder's process")

    def _answer(self) -> dict[str, Any]:
        """The next line of the process."""
        assert self.child is not None
        try:
            answer = self.child.answer(self.check)
        except ChildFailed as failed:
            raise EncoderError(str(failed)) from None
        if "error" in answer:
            raise EncoderError(f"The encoder could not go on: {answer['error']}")
        return answer
