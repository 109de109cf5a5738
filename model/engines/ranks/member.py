"""One of the processes that share a training: `python -m model.engines.ranks.member FOLDER`.

The folder holds the request; one that helps from another host learns of it from the others. The first process writes
its progress and the result there; one that fails leaves a note.
torchrun starts it as well as Halfday does: `torchrun --nproc-per-node 8 -m model.engines.ranks.member FOLDER`.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from children import die_with_parent, one_sentence, send_line
from model.engines import spec
from model.engines.choosing import engine_for
from model.engines.ranks.team import everybodys, joined, team
from model.engines.types import EngineError, Progress, TrainRequest, TrainSettings

REPORTS, NOTE, NOTES = "reports.jsonl", "failed-{rank}.json", "failed-*.json"
SMALLER = "Choose a smaller batch or image size."


def main() -> None:
    """Train this process's share."""
    die_with_parent()
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        with _noted(folder):
            request = _request(folder)
            with joined(request.settings):
                everybodys(folder)
                _train(folder, request)
        return
    with joined(TrainSettings()):
        unknown: Path | None = None
        told = next(one for one in everybodys(unknown) if one is not None)
        with _noted(told):
            _train(told, _request(told))


def _request(folder: Path) -> TrainRequest:
    request = spec.read_request(folder)
    assert isinstance(request, TrainRequest)
    return request


@contextmanager
def _noted(folder: Path) -> Iterator[None]:
    """What goes wrong meanwhile is noted in the folder, and ends this process."""
    try:
        yield
    except EngineError as error:
        _note(folder, {"sentence": str(error), "foreseen": True})
    except Exception as error:
        traceback.print_exc()
        _note(folder, {"sentence": one_sentence(error, advice=SMALLER), "foreseen": False})


def _train(folder: Path, request: TrainRequest) -> None:
    with (folder / REPORTS).open("a", encoding="utf-8") as channel:

        def report(progress: Progress) -> None:
            if team().leads:
                send_line(channel, spec.report_line(progress))

        result = engine_for(request).train(request, report)
        if team().leads:
            send_line(channel, spec.result_line(folder, result))


def _note(folder: Path, said: dict[str, Any]) -> None:
    """Leave word of why this process ends, before the others notice that it did."""
    path = folder / NOTE.format(rank=os.environ.get("RANK", "0"))
    path.write_text(json.dumps({**said, "at": time.time()}), encoding="utf-8")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)  # not through the library's farewell, which waits for the others


if __name__ == "__main__":
    main()
