"""Copies found by sight: how many of those that were made, how many pairs that are none, and how long 100,000 take.

    PYTHONPATH=.:platform python benchmarks/near_duplicates.py [--images 150] [--scale 100000] [--json FILE]

Four sets: generated scenes (demo/scenes.py) and, where ../shared/data is there, vehicles_openimages (each photo once),
carla_driving (frames at least 300 apart, since a simulator's neighbours do show the same) and bccd. Each original gets
two copies of kinds drawn by a seed. A copy is found where its pair with the original is. A pair of pictures of
different originals counts as false, whatever it shows: what such pairs show is looked at by eye (docs/duplicates.md).
Beside it in the same run, on the same thumbnails, where they are installed (`pip install imagehash imagededup`):
imagededup's PHash with its own threshold, and imagehash's phash and crop-resistant hash.
Scale: signatures made of real ones (bits of points flipped, pictures shifted), so many, compared in one go; the time of
reading and describing a thumbnail is measured on the sets and counted for each.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from curate.duplicates.keypoints import signature_of
from demo.scenes import scenes
from science.duplicates import candidates
from science.duplicates.pairs import find_pairs
from science.duplicates.signatures import Signature, Signatures

REAL = Path(__file__).resolve().parents[2] / "shared" / "data"
TURN = Image.Transpose
THUMBNAIL = 320
Pair = tuple[int, int]


@dataclass(frozen=True)
class MadePicture:
    """A picture of a set: of which original, what was done to it, and its thumbnail."""

    source: int
    kind: str
    jpeg: bytes
    others: frozenset[int] = frozenset()  # further originals that are seen in it

    def moved(self, by: int) -> MadePicture:
        """The same of other sources."""
        return replace(self, source=self.source + by, others=frozenset(one + by for one in self.others))

    def of_one_source(self, other: MadePicture) -> bool:
        """Whether both show something of one original."""
        return bool((self.others | {self.source}) & (other.others | {other.source}))


def window(picture: Image.Image, left: float, top: float, wide: float, high: float) -> Image.Image:
    width, height = picture.size
    box = (left * width, top * height, (left + wide) * width, (top + high) * height)
    return picture.crop(tuple(int(side) for side in box))  # type: ignore[arg-type]


def lit(picture: Image.Image, chance: random.Random) -> Image.Image:
    strength = chance.choice([chance.uniform(0.6, 0.85), chance.uniform(1.15, 1.4)])
    return ImageEnhance.Brightness(picture).enhance(strength)


def cut(picture: Image.Image, chance: random.Random) -> Image.Image:
    wide = chance.uniform(0.75, 0.95)
    return window(picture, chance.uniform(0, 1 - wide), chance.uniform(0, 1 - wide), wide, wide)


def contrasted(picture: Image.Image, chance: random.Random) -> Image.Image:
    strength = chance.choice([chance.uniform(0.55, 0.8), chance.uniform(1.25, 1.6)])
    return ImageEnhance.Contrast(picture).enhance(strength)


def turned_a_little(picture: Image.Image, chance: random.Random) -> Image.Image:
    """By 3 to 10 degrees, with black corners, as augmenters do."""
    angle = chance.choice([-1, 1]) * chance.uniform(3, 10)
    return picture.rotate(angle, Image.Resampling.BILINEAR)


def noisy(picture: Image.Image, chance: random.Random) -> Image.Image:
    random_of = np.random.default_rng(chance.randrange(10**6))
    pixels = np.asarray(picture.convert("RGB"), np.float32)
    return Image.fromarray(np.clip(pixels + random_of.normal(0, 12, pixels.shape), 0, 255).astype(np.uint8))


def encoded_again(picture: Image.Image, chance: random.Random) -> Image.Image:
    out = BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=chance.randrange(20, 60))
    return Image.open(out).convert("RGB")


def other_size(picture: Image.Image, chance: random.Random) -> Image.Image:
    """To half to one and a half of its sides, each for itself within a tenth: what fits a network's input."""
    scale = chance.uniform(0.5, 1.5)
    width, height = picture.size
    return picture.resize((int(width * scale), int(height * scale * chance.uniform(0.9, 1.1))))


def mosaic(pictures: list[Image.Image]) -> Image.Image:
    """Four pictures in one, as YOLO's augmentation lays them side by side."""
    whole = Image.new("RGB", (640, 640))
    for place, picture in enumerate(pictures):
        square = ImageOps.pad(picture.convert("RGB"), (320, 320), color="gray")
        whole.paste(square, (320 * (place % 2), 320 * (place // 2)))
    return whole


COPIES: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "mirrored": lambda one, chance: one.transpose(TURN.FLIP_LEFT_RIGHT),
    "upside down": lambda one, chance: one.transpose(TURN.FLIP_TOP_BOTTOM),
    "quarter turn": lambda one, chance: one.transpose(chance.choice([TURN.ROTATE_90, TURN.ROTATE_270])),
    "brightness": lit,
    "contrast": contrasted,
    "gray": lambda one, chance: one.convert("L").convert("RGB"),
    "noise": noisy,
    "encoded again": encoded_again,
    "other size": other_size,
    "turned by 3 to 10 degrees": turned_a_little,
    "crop": cut,
    "crop, mirrored, brightness": lambda one, chance: lit(cut(one, chance), chance).transpose(TURN.FLIP_LEFT_RIGHT),
    "pan": lambda one, chance: window(one, chance.choice([0, 0.35]), chance.uniform(0, 0.15), 0.65, 0.85),
    "tile": lambda one, chance: window(one, chance.choice([0, 0.5]), chance.choice([0, 0.5]), 0.5, 0.5),
}


def thumbnail(picture: Image.Image) -> bytes:
    small = picture.convert("RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    out = BytesIO()
    small.save(out, "JPEG", quality=82)
    return out.getvalue()


def originals(name: str, count: int) -> Iterator[Image.Image]:
    if name == "scenes":
        seen: set[str] = set()
        for scene in scenes(count * 3, 5):
            if scene.sequence not in seen and len(seen) < count:
                seen.add(scene.sequence)
                yield Image.fromarray(scene.pixels)
        return
    files = sorted((REAL / name).rglob("*.jpg"))
    if name == "vehicles_openimages":
        files = list({path.name.split("_jpg")[0]: path for path in files}.values())
    if name == "carla_driving":
        files = [path for path in apart(files) if "images_jpg" in path.parts]
    random.Random(0).shuffle(files)
    yield from (Image.open(path).convert("RGB") for path in files[:count])


def apart(files: list[Path]) -> Iterator[Path]:
    """Frames of a town that are at least 300 numbers apart."""
    last: dict[str, int] = {}
    for path in sorted(files, key=lambda one: one.stem):
        town, _, number = path.stem.rpartition("_")
        if number.isdecimal() and int(number) - last.get(town, -(10**9)) >= 300:
            last[town] = int(number)
            yield path


def set_of(name: str, count: int, copies: int) -> list[MadePicture]:
    """Originals, so many copies of each, of kinds drawn by a seed, and a mosaic for every fourth."""
    chance, pictures = random.Random(1), []
    last: list[Image.Image] = []
    for source, picture in enumerate(originals(name, count)):
        pictures.append(MadePicture(source, "original", thumbnail(picture)))
        kinds = chance.sample(list(COPIES), copies)
        pictures += [MadePicture(source, kind, thumbnail(COPIES[kind](picture, chance))) for kind in kinds]
        last = [*last, picture][-4:]
        if source % 4 == 3:
            others = frozenset(range(source - 3, source))
            pictures.append(MadePicture(source, "mosaic", thumbnail(mosaic(last)), others))
    return pictures


def scored(pictures: list[MadePicture], pairs: set[Pair]) -> dict[str, Any]:
    """Which copies were found, by kind, and how many pairs are of different originals."""
    original = {one.source: place for place, one in enumerate(pictures) if one.kind == "original"}
    found: dict[str, list[bool]] = defaultdict(list)
    for place, one in enumerate(pictures):
        if one.kind != "original":
            sources = one.others | {one.source}
            found[one.kind] += [tuple(sorted((original[source], place))) in pairs for source in sorted(sources)]
    false = [(a, b) for a, b in pairs if not pictures[a].of_one_source(pictures[b])]
    return {
        "recall": round(float(np.mean([hit for hits in found.values() for hit in hits])), 4),
        "by_kind": {kind: [sum(hits), len(hits)] for kind, hits in sorted(found.items())},
        "false_pairs": len(false),
        "false_sources": len({tuple(sorted((pictures[a].source, pictures[b].source))) for a, b in false}),
        "per_1000_images": round(1000 * len(false) / len(pictures), 2),
    }


def ours(pictures: list[MadePicture]) -> tuple[set[Pair], list[Signature], float, float]:
    started = time.process_time()
    with ThreadPoolExecutor(2) as pool:
        signatures = list(pool.map(lambda one: signature_of(one.jpeg), pictures))
    read, started = time.process_time() - started, time.process_time()
    found = find_pairs(Signatures.of(signatures))
    return {(int(a), int(b)) for a, b in found.pairs}, signatures, read, time.process_time() - started


def near(hashes: list[Any], threshold: float) -> set[Pair]:
    return {(a, b) for a in range(len(hashes)) for b in range(a + 1, len(hashes)) if hashes[a] - hashes[b] <= threshold}


def peers(pictures: list[MadePicture]) -> dict[str, tuple[set[Pair], float]]:
    """The pairs of each peer that is installed, and its seconds."""
    results = {}
    try:
        import imagehash

        images = [Image.open(BytesIO(one.jpeg)) for one in pictures]
        started = time.perf_counter()
        results["imagehash phash, 10 bits"] = (near([imagehash.phash(one) for one in images], 10), 0.0)
        results["imagehash phash, 10 bits"] = (results["imagehash phash, 10 bits"][0], time.perf_counter() - started)
    except ImportError:
        print("imagehash is not installed")
    try:
        from imagededup.methods import PHash

        with tempfile.TemporaryDirectory() as folder:
            for place, one in enumerate(pictures):
                (Path(folder) / f"{place:06}.jpg").write_bytes(one.jpeg)
            started = time.perf_counter()
            said = PHash(verbose=False).find_duplicates(image_dir=folder)
            pairs = {tuple(sorted((int(a[:6]), int(b[:6])))) for a, others in said.items() for b in others}
            results["imagededup PHash"] = (pairs, time.perf_counter() - started)  # type: ignore[assignment]
    except ImportError as error:
        print("imagededup is not installed:", error)
    return results


def strangers(known: list[Signature], count: int) -> list[Signature]:
    """So many signatures like new pictures: each point is one of some real picture's with a tenth of its bits changed,
    so that points are as alike as those of real pictures are; where they lie is chance."""
    chance = np.random.default_rng(4)
    words, poses = np.concatenate([one.words for one in known]), np.concatenate([one.poses for one in known])
    made = []
    for _ in range(count):
        one = known[int(chance.integers(len(known)))]
        drawn = chance.integers(0, len(words), len(one.words))
        flips = np.packbits(chance.random((len(drawn), 256), dtype=np.float32) < 0.1, axis=1).view(np.uint64)
        shift = tuple(int(by) for by in chance.integers(4, 60, 2))
        hashes = chance.integers(0, 2**63, len(one.hashes)).astype(np.uint64)
        points = chance.random(one.points.shape, dtype=np.float32)
        small = np.roll(one.small, shift, (0, 1))
        made.append(Signature(small, hashes, points, words[drawn] ^ flips, poses[drawn], one.shape))
    return made


def at_scale(pictures: list[MadePicture], known: list[Signature], count: int) -> dict[str, Any]:
    """The same pictures among strangers, compared in one go: which copies are found still, and seconds of CPU."""
    many = Signatures.of(known + strangers(known, count - len(known)))
    cpu, steps = time.process_time(), dict[float, float]()

    def note(part: float) -> None:
        steps.setdefault(part, time.process_time())

    found = find_pairs(many, report=note)
    spent = time.process_time() - cpu
    pairs = {(int(a), int(b)) for a, b in found.pairs if b < len(known)}
    score = scored(pictures, pairs)
    return {
        "pictures": count,
        "cpu_s": round(spent, 1),
        "cpu_s_until": {part: round(steps[part] - cpu, 1) for part in (0.1, 0.4, 0.5) if part in steps},
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "recall": score["recall"],
        "by_kind": score["by_kind"],
        "pairs_with_strangers": len(found) - len(pairs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=150, help="originals of each set")
    parser.add_argument("--copies", type=int, default=5, help="made of each original")
    parser.add_argument("--scale", default="", help="how many pictures, with commas, the sets are put among")
    parser.add_argument("--sets", default="scenes,vehicles_openimages,carla_driving,bccd,voc100_formats")
    parser.add_argument("--voters", type=int, default=candidates.VOTERS, help="points of a picture that are compared")
    parser.add_argument("--chosen", type=int, default=candidates.CHOSEN, help="pictures that each is compared with")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    candidates.VOTERS, candidates.CHOSEN = options.voters, options.chosen
    told: dict[str, Any] = {"load": os.getloadavg()[0], "cores": os.cpu_count()}
    known: list[Signature] = []
    every: list[MadePicture] = []
    ours(set_of("scenes", 4, 2))  # compiles
    for name in options.sets.split(","):
        if name != "scenes" and not (REAL / name).is_dir():
            continue
        pictures = set_of(name, options.images, options.copies)
        pairs, signatures, read, compared = ours(pictures)
        known += signatures
        shift = 10**6 * len(told)  # the sources of one set are none of another's
        every += [
            replace(one, source=one.source + shift, others=frozenset(n + shift for n in one.others)) for one in pictures
        ]
        rows = {
            "Halfday": scored(pictures, pairs) | {"read_cpu_s": round(read, 2), "compared_cpu_s": round(compared, 2)}
        }
        for peer, (found, taken) in peers(pictures).items():
            rows[peer] = scored(pictures, found) | {"read_s": round(taken, 2)}
        told[name] = {"pictures": len(pictures)} | rows
        for who, row in rows.items():
            print(f"{name:20} {who:26} {json.dumps(row)}", flush=True)
    for count in [int(one) for one in options.scale.split(",") if one]:
        row = at_scale(every, known, count)
        told.setdefault("scale", []).append(row)
        print("scale", json.dumps(row), flush=True)
    if options.json:
        options.json.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
