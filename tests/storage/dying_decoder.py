"""A decoder for tests, with stand-ins for what a hostile picture does: it ends at once, or does not end."""

import os
import sys
import time

from django.conf import settings

from children.answering import answer_requests
from storage import decoder

DIES, HANGS = b"a picture that ends the process", b"a picture that never ends"


def main() -> None:
    settings.configure()
    take_in = decoder.take_in

    def hurt_by_some(data: bytes, ranges: object) -> object:
        if data.endswith(DIES):
            os._exit(7)
        if data.endswith(HANGS):
            time.sleep(3600)
        return take_in(data, ranges)

    decoder.take_in = hurt_by_some
    answer_requests(decoder.answering(int(sys.argv[1])))


if __name__ == "__main__":
    main()
