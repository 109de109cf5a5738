"""From a weights file that somebody brings to a checkpoint of ours. The file is never unpickled."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accounts.problems import BadInput
from model.engines import CheckpointFacts, ConvertRequest, EngineError, run_in_process
from storage import blobs


@contextmanager
def convert(source: Path) -> Iterator[tuple[CheckpointFacts, Path]]:
    """What the file is, and the converted file, gone afterwards. Raises BadInput with the engine's sentence."""
    with tempfile.TemporaryDirectory(dir=blobs.work_folder(), prefix="convert-") as name:
        folder = Path(name)
        request = ConvertRequest(source, folder / "converted.pt")
        try:
            facts = run_in_process(request, log=folder / "engine.log")
        except EngineError as error:
            raise BadInput(str(error), errors={"file": [str(error)]}) from error
        yield facts, request.destination
