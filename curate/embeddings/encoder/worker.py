"""The encoder's side: `python -m curate.embeddings.encoder.worker PARENT` does one request after another.

Arrays lie in files that the request names. How requests come and answers go is the package `children`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from children import one_sentence
from children.answering import answer_requests
from curate.embeddings.encoder.pictures import Tiles, tiles_of
from curate.embeddings.encoder.types import PictureToEncode

Answer = dict[str, Any]


def main() -> None:
    """Answer requests until there are no more."""
    answer_requests(_answer)


def _answer(request: Answer) -> Answer:
    return _project(request) if request["do"] == "project" else _encode(_encoder(), request)


@cache
def _encoder() -> Any:
    """Import the heavy library, here and in no other process."""
    from curate.embeddings.encoder.efficientnet import EfficientNetLite0

    return EfficientNetLite0()


def _encode(encoder: Any, request: Answer) -> Answer:
    """Vectors of the pictures, into the file `to`. Those of a picture that cannot be read are zero, and said why."""
    pictures = [PictureToEncode(Path(one["path"]), _boxes(one["boxes"])) for one in request["pictures"]]
    failed: dict[int, str] = {}
    counts, side = [len(picture) for picture in pictures], request["side"]
    with ThreadPoolExecutor(2) as readers:  # the decoders let go of Python's lock
        found = readers.map(partial(_tiles, side=side), pictures)
        tiles = np.concatenate([_black(0, side), *_readable(found, pictures, side, failed)])
    vectors = encoder(tiles)
    unread = np.repeat([place in failed for place in range(len(pictures))], counts)
    vectors[unread] = 0
    np.save(request["to"], vectors)
    return {"failed": failed}


def _boxes(given: Any) -> Any:
    return None if given is None else np.array(given, np.float32).reshape(-1, 4)


def _tiles(picture: PictureToEncode, side: int) -> Tiles | str:
    """The picture's squares, or why there are none."""
    try:
        return tiles_of(picture, side)
    except Exception as error:  # decoders raise what they like on broken files
        return one_sentence(error)


def _readable(
    found: Iterator[Tiles | str], pictures: list[PictureToEncode], side: int, failed: dict[int, str]
) -> Iterator[Tiles]:
    """Squares for every picture; black ones where it could not be read."""
    for place, tiles in enumerate(found):
        if isinstance(tiles, str):
            failed[place] = tiles
            yield _black(len(pictures[place]), side)
        else:
            yield tiles


def _black(count: int, side: int) -> Tiles:
    return np.zeros((count, side, side, 3), np.uint8)


def _project(request: Answer) -> Answer:
    from science.projection import project

    found = project(np.load(request["from"]), request["seed"])
    np.save(request["to"], found.points)
    return {"method": found.method}


if __name__ == "__main__":
    main()
