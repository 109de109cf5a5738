"""Having stored pictures drawn small, in the processes where a death costs one picture (storage.drawing).

A picture that was refused is not tried again for a while: it would end a process at each look at a page.
"""

import hashlib
import time

from django.conf import settings

from children import ChildFailed, TookTooLong
from storage import decoding
from storage.refusals import PictureRefused

LONGEST = 30.0  # seconds that somebody who looks at a page waits for one picture
REMEMBERED = 600.0  # seconds; want of memory passes
MOST_REMEMBERED = 1000

Region = tuple[int, int, int, int]  # xyxy whole pixels

_refused: dict[bytes, tuple[float, str]] = {}  # by the picture's digest: until when, and why


def draw_apart(data: bytes, size: int, region: Region | None = None) -> bytes:
    """As `drawing.draw`, in a process of its own. Raises PictureRefused also where that died of the picture."""
    picture = hashlib.sha1(data, usedforsecurity=False).digest()
    until, reason = _refused.get(picture, (0.0, ""))
    if time.monotonic() < until:
        raise PictureRefused(reason)
    try:
        return drawn_surely(data, size, region)
    except PictureRefused as refused:
        if len(_refused) >= MOST_REMEMBERED:
            _refused.clear()
        _refused[picture] = (time.monotonic() + REMEMBERED, str(refused))
        raise


def drawn_surely(data: bytes, size: int, region: Region | None) -> bytes:
    """In a process that may have been hurt by another picture; where it dies, in a fresh one."""
    try:
        return drawn_by_crew(data, size, region)
    except TookTooLong:
        raise PictureRefused(f"it is not decoded within {LONGEST:.0f} seconds") from None
    except ChildFailed:
        pass
    try:
        return drawn_by_crew(data, size, region)
    except ChildFailed as died:
        raise PictureRefused(f"decoding it ends the process that decodes: {died}") from died


def drawn_by_crew(data: bytes, size: int, region: Region | None) -> bytes:
    request = {"draw": size, "region": region, "most_pixels": settings.MAX_IMAGE_PIXELS}
    answer, parts = decoding.crew.ask(request, [data], seconds=LONGEST)
    if "refused" in answer or "error" in answer:
        raise PictureRefused(answer.get("refused") or answer["error"])
    return parts[0]
