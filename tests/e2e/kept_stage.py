"""The stage as it was after it was set, kept for the other tests of a session: rows and files are copied, not made."""

import shutil
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

from tests.e2e.stage import Stage
from tests.kept_rows import put_rows, rows_now


@dataclass(frozen=True)
class KeptStage:
    """Rows by table as COPY gives them, and the files of `folder`."""

    stage: Stage
    rows: dict[str, bytes]
    folder: Path


def keep(stage: Stage, folder: Path) -> KeptStage:
    """Keep what the tables hold now; `folder` is left alone from here on."""
    return KeptStage(stage, rows_now(), folder)


def put_back(kept: KeptStage, folder: Path) -> Stage:
    """Fill empty tables and an empty folder with what was kept."""
    shutil.copytree(kept.folder, folder, dirs_exist_ok=True)
    put_rows(kept.rows)
    return replace(kept.stage, cast=deepcopy(kept.stage.cast))
