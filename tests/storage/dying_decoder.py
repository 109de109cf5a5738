"""A decoder for tests, with stand-ins for what a hostile picture does: it ends at once, or does not end."""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

from children.answering import answer_requests
from storage import decoder, pictures

DIES, HANGS = b"a picture that ends the process", b"a picture that never ends"


def hurt_by_some(work: Callable[..., Any]) -> Callable[..., Any]:
    def hurt(data: bytes, *more: Any, **named: Any) -> Any:
        if data.endswith(DIES):
            os._exit(7)
        if data.endswith(HANGS):
            time.sleep(3600)
        return work(data, *more, **named)

    return hurt


def main() -> None:
    settings.configure()
    decoder.draw = hurt_by_some(decoder.draw)
    pictures.decode = hurt_by_some(pictures.decode)
    answer_requests(decoder.answering(int(sys.argv[1])))


if __name__ == "__main__":
    main()
