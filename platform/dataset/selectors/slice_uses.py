"""What a slice is used by. The products stand above datasets, so each leaves its own reading here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dataset.models import Slice

ROLES = ["training", "validation", "judged", "predicted", "labelled", "searched"]


@dataclass(frozen=True)
class Use:
    """One thing that uses a slice, and as what. `ap` and `interval` where it has a figure to show."""

    kind: str  # run, evaluation, prediction_set, batch, auto_curate
    id: int
    name: str
    role: str  # one of ROLES
    created_at: datetime
    link: str  # the front end's address
    ap: float | None = None
    interval: dict[str, Any] | None = None


Reader = Callable[[Slice], Iterable[Use]]
_readers: dict[str, Reader] = {}


def register(room: str, reader: Reader) -> None:
    """The app configs of the products call this."""
    _readers[room] = reader


def uses_of(row: Slice) -> list[Use]:
    """Newest first."""
    found = [use for reader in _readers.values() for use in reader(row)]
    return sorted(found, key=lambda use: (use.created_at, use.id), reverse=True)
