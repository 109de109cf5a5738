"""How many 1280 × 720 JPEGs a core takes in a second.

    PYTHONPATH=.:platform OMP_NUM_THREADS=1 python benchmarks/thumbnails.py [--images 200] [--rounds 5] [--json FILE]

Draws road-like scenes, then, in turns within one run and on one thread: thumbnails of 320 pixels by plain Pillow, by
Pillow's draft mode, by simplejpeg alone (decode at a quarter, encode), by ours; and our whole intake of a file left in
place, which decodes once for the check, the hash, the three facts and the thumbnail, hashes the file and stores the
thumbnail. Rates are per second of processor time, so that what else the machine does matters little; the best round
counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import simplejpeg
from PIL import Image, ImageDraw

WIDTH, HEIGHT, SIZE = 1280, 720, 320
Work = Callable[[bytes], object]


def scene(number: int) -> bytes:
    """Soft ground, some sharp boxes and sensor noise: about as hard to decode as a dashboard camera's picture."""
    dice = np.random.default_rng(number)
    ground = Image.fromarray(dice.integers(30, 220, (18, 32, 3), dtype=np.uint8))
    picture = ground.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for x, y, w, h in dice.integers((0, 200, 8, 8), (WIDTH, HEIGHT, 160, 120), (60, 4)).tolist():
        draw.rectangle((x, y, x + w, y + h), fill=tuple(dice.integers(0, 255, 3).tolist()), outline="black")
    noisy = np.asarray(picture, dtype=np.float32) + dice.normal(0, 4, (HEIGHT, WIDTH, 1)).astype(np.float32)
    out = BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=75)
    return out.getvalue()


def plain_pillow(data: bytes) -> bytes:
    picture = Image.open(BytesIO(data))
    picture.load()
    return pillow_jpeg(picture.resize((SIZE, SIZE * HEIGHT // WIDTH), Image.Resampling.BICUBIC))


def pillow_draft(data: bytes) -> bytes:
    picture = Image.open(BytesIO(data))
    picture.draft("RGB", (SIZE, SIZE * HEIGHT // WIDTH))
    picture.thumbnail((SIZE, SIZE))
    return pillow_jpeg(picture)


def pillow_jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def bare_simplejpeg(data: bytes) -> bytes:
    small = simplejpeg.decode_jpeg(data, "RGB", min_width=SIZE, min_height=SIZE * HEIGHT // WIDTH)
    return bytes(simplejpeg.encode_jpeg(small, quality=82, colorsubsampling="420"))


def entropy_floor(data: bytes) -> object:
    """The least that reading all of a JPEG costs: grey, at an eighth."""
    return simplejpeg.decode_jpeg(data, "GRAY", min_width=WIDTH // 8, min_height=HEIGHT // 8)


def ours() -> dict[str, Work]:
    """Thumbnail alone, and an import's work on one image file; into a temporary storage."""
    from dataset.importing.intake import take_few
    from dataset.importing.origins import FOLDER
    from dataset.importing.storing import intake_from
    from dataset.importing.types import SourceImage
    from storage.shrinking import shrink

    folder = Path(os.environ["HALFDAY_HOME"])

    def intake(data: bytes) -> object:
        path = folder / f"{hashlib.sha256(data[-64:]).hexdigest()}.jpg"
        if not path.exists():
            path.write_bytes(data)
        (taken,) = take_few([SourceImage(path.name, path.parent)], {}, intake_from(FOLDER, copy=False), {})
        assert not isinstance(taken, str), taken
        return taken

    return {"ours, thumbnail": lambda data: shrink(data, SIZE), "ours, whole intake": intake}


def rate(work: Work, files: list[bytes]) -> float:
    started = time.process_time()
    for data in files:
        work(data)
    return len(files) / (time.process_time() - started)


def measure(images: int, rounds: int) -> dict[str, float]:
    files = [scene(number) for number in range(images)]
    size, load = sum(map(len, files)) / images / 1000, os.getloadavg()[0]
    print(f"{images} JPEGs of {WIDTH} × {HEIGHT}, {size:.0f} kB each; load of the machine {load:.1f}")
    works: dict[str, Work] = {
        "plain Pillow": plain_pillow,
        "Pillow draft": pillow_draft,
        "simplejpeg": bare_simplejpeg,
        "entropy floor": entropy_floor,
        **ours(),
    }
    best = dict.fromkeys(works, 0.0)
    for _ in range(rounds):
        for name, work in works.items():
            best[name] = max(best[name], rate(work, files))
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HALFDAY_HOME": home, "HALFDAY_IMPORT_ROOTS": home, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        best = measure(given.images, given.rounds)
    for name, value in best.items():
        print(f"{name:20} {value:6.0f} images/s and core   {value / best['plain Pillow']:.1f} × plain Pillow")
    if given.json:
        given.json.write_text(json.dumps(best, indent=1))


if __name__ == "__main__":
    main()
