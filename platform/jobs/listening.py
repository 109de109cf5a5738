"""Who else hears that a job has moved. Every app's `ready` adds its own; they run in the move's transaction."""

from collections.abc import Callable
from typing import Any

LISTENERS: list[Callable[[Any], None]] = []


def hear(function: Callable[[Any], None]) -> Callable[[Any], None]:
    """Have the function called with every Job that has begun or ended. What it writes is kept or lost with the move."""
    LISTENERS.append(function)
    return function
