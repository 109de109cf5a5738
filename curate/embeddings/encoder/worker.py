"""The encoder's side: `python -m curate.embeddings.encoder.worker PARENT` does one request after another.

A request is a line of JSON on stdin, its answer one on stdout; arrays lie in files that the request names. The process
ends when stdin does, or with the process that started it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from curate.embeddings.encoder.pictures import SIDE, Tiles, tiles_of
from curate.embeddings.encoder.types import Picture

PR_SET_PDEATHSIG = 1  # from linux/prctl.h
Answer = dict[str, Any]


def main(parent: int) -> None:
    """Answer requests until there are no more."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print belongs to the log
    encoder = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "project":
                answer = _project(request)
            else:
                encoder = encoder or _encoder()
                answer = _encode(encoder, request)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": _sentence(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _encoder() -> Any:
    """Import the heavy library, here and in no other process."""
    from curate.embeddings.encoder.efficientnet import EfficientNetLite0

    return EfficientNetLite0()


def _encode(encoder: Any, request: Answer) -> Answer:
    """Vectors of the pictures, into the file `to`. Those of a picture that cannot be read are zero, and said why."""
    pictures = [Picture(Path(one["path"]), _boxes(one["boxes"])) for one in request["pictures"]]
    failed: dict[int, str] = {}
    counts = [len(picture) for picture in pictures]
    with ThreadPoolExecutor(2) as readers:  # the decoders let go of Python's lock
        found = readers.map(_tiles, pictures)
        tiles = np.concatenate([np.zeros((0, SIDE, SIDE, 3), np.uint8), *_readable(found, pictures, failed)])
    vectors = encoder(tiles)
    unread = np.repeat([place in failed for place in range(len(pictures))], counts)
    vectors[unread] = 0
    np.save(request["to"], vectors)
    return {"failed": failed}


def _boxes(given: Any) -> Any:
    return None if given is None else np.array(given, np.float32).reshape(-1, 4)


def _tiles(picture: Picture) -> Tiles | str:
    """The picture's squares, or why there are none."""
    try:
        return tiles_of(picture)
    except Exception as error:  # decoders raise what they like on broken files
        return _sentence(error)


def _readable(found: Iterator[Tiles | str], pictures: list[Picture], failed: dict[int, str]) -> Iterator[Tiles]:
    """Squares for every picture; black ones where it could not be read."""
    for place, tiles in enumerate(found):
        if isinstance(tiles, str):
            failed[place] = tiles
            yield np.zeros((len(pictures[place]), SIDE, SIDE, 3), np.uint8)
        else:
            yield tiles


def _project(request: Answer) -> Answer:
    from science.projection import project

    found = project(np.load(request["from"]), request["seed"])
    np.save(request["to"], found.points)
    return {"method": found.method}


def _sentence(error: Exception) -> str:
    """An error in one line."""
    if "out of memory" in str(error).lower():
        return "The device ran out of memory."
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


if __name__ == "__main__":
    main(int(sys.argv[1]))
