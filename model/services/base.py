"""The base checkpoint that ships with Halfday, as a row like any other."""

import hashlib
import json
from pathlib import Path

from model.models import Checkpoint
from storage import blobs

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"


def base_file() -> Path | None:
    """The file of the base checkpoint, if this installation has one."""
    return next(iter(sorted(WEIGHTS.glob("*.pt"))), None)


def base_checkpoint() -> Checkpoint | None:
    """The base checkpoint, registered on first use; None where there is no file."""
    path = base_file()
    if path is None:
        return None
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    known = Checkpoint.objects.filter(kind=Checkpoint.Kind.BASE, sha256=sha256).first()
    return known or _register(path)


def _register(path: Path) -> Checkpoint:
    facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))  # written when it was made
    blob = blobs.put_file(path, suffix=".pt")
    checkpoint, _ = Checkpoint.objects.get_or_create(
        kind=Checkpoint.Kind.BASE,
        sha256=blob.sha256,
        defaults={
            "name": path.stem,
            "architecture": facts["architecture"],
            "classes": facts["class_names"],
            "imgsz": facts["settings"]["imgsz"],
            "parameters": facts["parameters"],
            "location": blob.key,
            "size": blob.size,
        },
    )
    return checkpoint
