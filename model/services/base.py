"""The base checkpoint that ships with Halfday, as a row like any other."""

import hashlib
from pathlib import Path

from model.models import Checkpoint
from model.services.conversion import convert
from storage import blobs

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"


def base_file() -> Path | None:
    """The file of the base checkpoint, if this installation has one."""
    return next(iter(sorted(WEIGHTS.glob("*.pt"))), None)


def base_checkpoint() -> Checkpoint | None:
    """The base checkpoint, registered on first use (which takes some seconds); None where there is no file."""
    path = base_file()
    if path is None:
        return None
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    known = Checkpoint.objects.filter(kind=Checkpoint.Kind.BASE, sha256=sha256).first()
    return known or _register(path)


def _register(path: Path) -> Checkpoint:
    with convert(path, called=path.name) as (facts, _):
        blob = blobs.put_file(path, suffix=".pt")
    checkpoint, _ = Checkpoint.objects.get_or_create(
        kind=Checkpoint.Kind.BASE,
        sha256=blob.sha256,
        defaults={
            "name": path.stem,
            "architecture": facts.architecture,
            "classes": list(facts.class_names),
            "imgsz": facts.imgsz,
            "parameters": facts.parameters,
            "location": blob.key,
            "size": blob.size,
        },
    )
    return checkpoint
