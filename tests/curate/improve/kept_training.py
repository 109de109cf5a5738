"""A training of the scene, made once a session and put back for each test that needs one: rows and files are copied."""

import shutil
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from tests.factories import run_jobs
from tests.kept_rows import put_rows, rows_now
from tests.model.scene import Scene


@dataclass(frozen=True)
class KeptTraining:
    """The scene with its run, the rows by table, and the files of `folder`."""

    scene: Scene
    rows: dict[str, bytes]
    folder: Path


def train(storage: Path, folder: Path) -> tuple[Scene, KeptTraining]:
    """Twelve images, one epoch, predicted and judged; and what to keep, whose folder is left alone from here on."""
    scene = Scene()
    scene.run()
    assert [job.error for job in run_jobs()] == ["", ""]
    shutil.copytree(storage, folder)
    return scene, KeptTraining(deepcopy(scene), rows_now(), folder)


def put_back(kept: KeptTraining, storage: Path) -> Scene:
    """Have the tables hold what was kept, and an empty storage too."""
    shutil.copytree(kept.folder, storage)
    put_rows(kept.rows)
    return deepcopy(kept.scene)
