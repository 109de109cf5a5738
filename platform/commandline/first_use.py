"""`python -m commandline.first_use`: what the first process would wait for, done once and kept in the cache folder.

Python compiles each library to bytecode when it is first imported (torch and what comes with it: 40 seconds of CPU),
and each of our loops becomes machine code when it is first called. Both are kept on disk; here they are made
while set-up waits for the network or for the front end's build, on another core.
"""

import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from children import die_with_parent
from embedded.home import ROOT, Home
from embedded.stamps import Stamp, digest_of

LIBRARIES = ["rest_framework.views", "drf_spectacular.openapi", "boto3", "sklearn.linear_model", "umap", "cv2"]
LIBRARIES += ["ultralytics.models.yolo", "torchvision"]
NICENESS = 5  # what somebody waits for goes first
PROGRAM = ["-m", "commandline.first_use"]
SIDE, STEP = 40.0, 8.0  # of the made-up boxes, in pixels
IMAGES, CLASSES = 12, 2


@contextlib.contextmanager
def prepared_beside(home: Home, *, wait: bool) -> Iterator[None]:
    """Do it in a process beside the block, unless it was done; with `wait` stay until it has ended.

    It only saves time: where it fails the first use does it, and says what is wrong.
    """
    if stamp_of(home).matches(digest()):
        yield
        return
    with (home.logs / "setup-first-use.log").open("ab") as log:
        command = [sys.executable, *PROGRAM, digest()]
        process = subprocess.Popen(command, env=home.environment(), stdout=log, stderr=log)
    yield
    if wait:
        process.wait()


def stamp_of(home: Home) -> Stamp:
    """In the cache folder: what it speaks of lies there."""
    return Stamp(home.cache, "first-use")


def digest(root: Path = ROOT) -> str:
    """Of what is compiled: the libraries by their versions, and our loops."""
    return digest_of([root / "requirements.txt", *(root / "platform" / "science").rglob("*.py")])


def import_libraries() -> None:
    """Import what the web, the workers and the trainings import."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    for name in LIBRARIES:
        importlib.import_module(name)


def call_loops(folder: Path) -> None:
    """Judge made-up boxes by every command that reads label files, and as jobs and pages do."""
    from commandline import compare, errors, evaluate, first_judgement

    truth, found = write_boxes(folder)
    evaluate.main([str(truth), str(found), "--interval", "--iou", "0.5"])
    compare.main([str(truth), str(found), str(found), "--resamples", "10"])
    errors.main([str(truth), str(found)])
    first_judgement.call_loops()


def write_boxes(folder: Path) -> tuple[Path, Path]:
    """Write a COCO file and detections of it, most of them a little beside their box; return both paths."""
    numbers = range(1, IMAGES + 1)
    rows: list[dict[str, Any]] = [
        {"image_id": image, "category_id": 1 + (k + k // 2) % CLASSES, "bbox": [STEP * k, STEP * k, SIDE, SIDE]}
        for image in numbers
        for k in range(4)
    ]
    truth = {
        "images": [{"id": image, "file_name": f"{image}.jpg", "width": 640, "height": 480} for image in numbers],
        "categories": [{"id": c + 1, "name": f"class {c + 1}"} for c in range(CLASSES)],
        "annotations": [
            row | {"id": n + 1, "area": SIDE * SIDE, "iscrowd": int(n % 11 == 10)} for n, row in enumerate(rows)
        ],
    }
    found = [
        row | {"bbox": [row["bbox"][0] + n % 5, *row["bbox"][1:]], "score": round(0.99 - n / 100, 2)}
        for n, row in enumerate(rows)
    ]
    paths = folder / "truth.json", folder / "found.json"
    for path, content in zip(paths, (truth, found), strict=True):
        path.write_text(json.dumps(content))
    return paths


def main(sources: str) -> None:
    """Do both, and note for which sources."""
    die_with_parent()
    os.nice(NICENESS)
    home = Home.find()
    import_libraries()
    with tempfile.TemporaryDirectory(prefix="halfday-first-use-") as folder:
        call_loops(Path(folder))
    stamp_of(home).set(sources)


if __name__ == "__main__":
    main(sys.argv[1])
