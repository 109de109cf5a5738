"""WhiteNoise as the tests run it."""

from collections.abc import Callable
from typing import Any, ClassVar

from whitenoise.middleware import WhiteNoiseMiddleware


class FoundOnce(WhiteNoiseMiddleware):
    """Looks for the static files once a process. Each test client would look again: that took most of a call."""

    first: ClassVar[WhiteNoiseMiddleware | None] = None

    def __init__(self, get_response: Callable[..., Any]) -> None:
        if FoundOnce.first is None:
            FoundOnce.first = WhiteNoiseMiddleware(get_response)
        vars(self).update(vars(FoundOnce.first), get_response=get_response)
