"""Training pictures in a folder, read back without a library of pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LIST = "pictures.json"


def read_pictures(folder: Path) -> list[dict[str, Any]]:
    """width, height, boxes (N, 4) xyxy pixels, classes (N,), ignored (N,), and the JPEG's bytes of each picture."""
    listed: list[dict[str, Any]] = json.loads((folder / LIST).read_text(encoding="utf-8"))
    return [{**one, "jpeg": (folder / f"{place}.jpg").read_bytes()} for place, one in enumerate(listed)]
