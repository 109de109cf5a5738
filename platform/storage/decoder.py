"""The process that decodes what users bring: `python -m storage.decoder FILE PARENT`. What it dies of stays in it."""

import sys
from collections.abc import Callable
from dataclasses import asdict

from django.conf import settings

from children import Line, one_sentence
from children.answering import answer_requests
from children.shared_bytes import put, take
from storage.drawing import draw
from storage.pictures import Picture, PictureRefused, Unstretched, take_in_few


def main() -> None:
    settings.configure()
    answer_requests(answering(int(sys.argv[1])))


def answering(file: int) -> Callable[[Line], Line]:
    """Answers requests whose pictures lie in the shared file; what comes of each lies there afterwards."""

    def answer(request: Line) -> Line:
        settings.MAX_IMAGE_PIXELS = request["most_pixels"]
        pictures = take(file, request["lengths"])
        told, parts = (
            small_picture(pictures[0], request) if "draw" in request else taken_in(pictures, request["ranges"])
        )
        return told | {"lengths": put(file, parts)}

    return answer


def small_picture(data: bytes, request: Line) -> tuple[Line, list[bytes]]:
    """A stored picture small, or why not."""
    try:
        return {}, [draw(data, request["draw"], request["region"])]
    except PictureRefused as refused:
        return {"refused": str(refused)}, []
    except Exception as error:  # as below
        return {"refused": f"it cannot be decoded: {one_sentence(error)}"}, []


def taken_in(pictures: list[bytes], ranges: Line | None) -> tuple[Line, list[bytes]]:
    """What became of each picture, and two parts of bytes for each."""
    known = ranges and {kind: (low, high) for kind, (low, high) in ranges.items()}
    outcomes = [tell(found) for found in take_in_few(pictures, known)]
    return {"told": [told for told, _ in outcomes]}, [part for _, parts in outcomes for part in parts]


def tell(picture: Picture | Exception) -> tuple[Line, tuple[bytes, bytes]]:
    """What became of a picture, its thumbnail, and where it was converted its bytes."""
    if isinstance(picture, Unstretched):
        return {"unstretched": asdict(picture.found)}, (b"", b"")
    if isinstance(picture, Exception):
        refused = isinstance(picture, PictureRefused)
        return {"refused": str(picture) if refused else f"it cannot be decoded: {one_sentence(picture)}"}, (b"", b"")
    told = {name: getattr(picture, name) for name in ("suffix", "width", "height", "converted", "said")}
    told |= {"facts": asdict(picture.facts), "found": picture.found and asdict(picture.found)}
    return told, (picture.thumbnail, picture.data if picture.converted else b"")


if __name__ == "__main__":
    main()
