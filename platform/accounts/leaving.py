"""Who else is told that somebody can no longer do what they did in a project. Every app's `ready` adds its own."""

from collections.abc import Callable

LEAVING: list[Callable[[int, int], None]] = []  # each takes the ids of the project and of the person


def left(project_id: int, user_id: int) -> None:
    """The person has left the project, or has become less in it; in the transaction of that change."""
    for told in LEAVING:
        told(project_id, user_id)
