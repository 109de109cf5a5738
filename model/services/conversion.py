"""From a weights file that somebody brings to a checkpoint of ours. The file is never unpickled."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accounts.problems import BadInput
from model.engines import CheckpointFacts, ConvertRequest, EngineError, run_in_process
from storage import blobs


@contextmanager
def convert(source: Path, *, called: str) -> Iterator[tuple[CheckpointFacts, Path]]:
    """What the file is, and the converted file, gone afterwards.

    Raises BadInput with the engine's sentence, which calls the file as its person does and says nothing of where it is.
    """
    with tempfile.TemporaryDirectory(dir=blobs.work_folder(), prefix="convert-") as name:
        folder = Path(name)
        request = ConvertRequest(source, folder / "converted.pt")
        try:
            facts = run_in_process(request, log=folder / "engine.log")
        except EngineError as error:
            sentence = str(error).replace(str(source), called).replace(source.name, called)
            raise BadInput(sentence, errors={"file": [sentence]}) from error
        yield facts, request.destination
