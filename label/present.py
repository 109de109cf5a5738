"""What stands around a task now, as the editor shows it."""

from dataclasses import dataclass
from typing import Any

from curate.models import Suggestion


@dataclass(frozen=True)
class Present:
    """What stands around a task now."""

    image: dict[str, Any]
    boxes: list[dict[str, Any]]  # the working copy, or the labels that it starts from
    suggestions: list[Suggestion]
    predictions: list[dict[str, Any]]  # {"class_id", "box", "score"}
    previous: int | None  # the ids of the tasks before and after it
    next: int | None
    total: int
