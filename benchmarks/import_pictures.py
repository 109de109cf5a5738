"""What an import costs for each picture, beside Pillow's thumbnail of the same files, in one run.

    PYTHONPATH=.:platform OMP_NUM_THREADS=1 python benchmarks/import_pictures.py [--images 100] [--rounds 9]

The pictures are road-like scenes of 1280 × 720, as in benchmarks/thumbnails.py. The work of an import on one picture
(read, SHA-256, check, decode, hash, three facts, thumbnail stored; with a copy also the file stored) is done on one
thread and in one process that decodes, eight pictures at a time as an import hands them over (`--together`), in turns
with Pillow's plain thumbnail in draft mode, which decodes at a quarter. Times are processor time of both, system calls
included, and of each eight the best round counts, so that what else the machine does matters little. An import runs
on all cores: on two it takes twice as many pictures as here.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from thumbnails import pillow_draft, scene

Files = dict[Path, bytes]
Work = Callable[[Files], object]


def importing(*, copy: bool) -> Work:
    """An import's whole work on a picture."""
    from dataset.importing.intake import take_few
    from dataset.importing.origins import FOLDER
    from dataset.importing.storing import intake_from
    from dataset.importing.types import SourceImage

    intake = intake_from(FOLDER, copy=copy)

    def work(files: Files) -> object:
        taken = list(take_few([SourceImage(path.name, path.parent) for path in files], {}, intake, {}))
        assert not any(isinstance(one, str) for one in taken), taken
        return taken

    return work


def each(work: Callable[[Path, bytes], object]) -> Work:
    """The work on one picture after the other."""
    return lambda files: [work(path, data) for path, data in files.items()]


def steps() -> dict[str, Callable[[Path, bytes], object]]:
    """Parts of it, to see what there is to save."""
    import hashlib

    from storage.facts import facts_of
    from storage.headers import read_header
    from storage.pictures import is_plain, small_of_jpeg
    from storage.shrinking import as_jpeg

    smalls = {}

    def small(path: Path, data: bytes) -> None:
        found = small_of_jpeg(data)
        assert found is not None
        smalls[path] = found

    return {
        "  reading the file": lambda path, data: path.read_bytes(),
        "  SHA-256": lambda path, data: hashlib.sha256(data).hexdigest(),
        "  header": lambda path, data: is_plain(read_header(data), data),
        "  decoding": small,
        "  encoding": lambda path, data: as_jpeg(smalls[path]),
        "  facts": lambda path, data: facts_of(smalls[path]),
    }


def few(files: Files, together: int) -> Iterator[Files]:
    rest = iter(files.items())
    while some := dict(islice(rest, together)):
        yield some


def empty(storage: Path) -> None:
    """Remove what was stored, but not its 256 folders, which a large import makes once."""
    for path in storage.rglob("*"):
        if path.is_file():
            path.unlink()


def measured(files: Files, rounds: int, storage: Path, together: int) -> dict[str, float]:
    """Milliseconds a picture: for each few pictures their best round, and the mean of these."""
    works = {
        "Pillow's draft thumbnail": each(lambda path, data: pillow_draft(path.read_bytes())),
        "import, left in place": importing(copy=False),
        "import, copied": importing(copy=True),
        **{name: each(step) for name, step in steps().items()},
    }
    groups = list(few(files, together))
    best = {name: [float("inf")] * len(groups) for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            empty(storage)
            for place, some in enumerate(groups):
                started = spent()
                work(some)
                best[name][place] = min(best[name][place], 1000 * (spent() - started))
    return {name: sum(times) / len(files) for name, times in best.items()}


def spent() -> float:
    """Seconds of processor time of this process and of those that decode for it."""
    from storage.decoding import crew

    stats = [Path(f"/proc/{one.talk.process.pid}/schedstat") for one in crew.idle]
    return time.process_time() + sum(int(path.read_text().split()[0]) for path in stats) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--together", type=int, default=8, help="pictures that the decoder gets at once")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HALFDAY_HOME": home, "HALFDAY_IMPORT_ROOTS": home, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django
        from django.conf import settings

        django.setup()
        files = {Path(home) / f"{number}.jpg": scene(number) for number in range(given.images)}
        for path, data in files.items():
            path.write_bytes(data)
        best = measured(files, given.rounds, settings.STORAGE_ROOT, given.together)
    peer = best["Pillow's draft thumbnail"]
    for name, value in best.items():
        print(
            f"{name:26} {value:6.2f} ms   {peer / value:6.2f} × Pillow's rate   on two cores {2 * peer / value:6.2f} ×"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    if given.json:
        given.json.write_text(json.dumps(best, indent=1))


if __name__ == "__main__":
    main()
