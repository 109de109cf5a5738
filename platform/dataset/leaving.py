"""What has to be ended when a dataset goes. The products stand above datasets, so each leaves its own ending here."""

from collections.abc import Callable

from dataset.models import Dataset

Ending = Callable[[Dataset], None]
_endings: dict[str, Ending] = {}


def register(room: str, ending: Ending) -> None:
    """Have the function called before a dataset's rows go, in their transaction; what it ends waits for the commit."""
    _endings[room] = ending


def end_what_hangs_on(dataset: Dataset) -> None:
    """Of all rooms."""
    for ending in _endings.values():
        ending(dataset)
