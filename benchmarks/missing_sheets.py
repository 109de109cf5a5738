"""Pictures of suggestions that a label is missing, to be judged by eye: sheets of twelve, a random sample of a search.

    ./halfday demo --data FOLDER …      # leave it running
    PYTHONPATH=.:platform .halfday/venv/bin/python benchmarks/missing_sheets.py SEARCH --labels FOLDER [--sample 60]

SEARCH is the number of the finished *Find mislabels*.

Green: the labels of the YOLO files in FOLDER, which nobody has spoilt. Magenta: what the search proposes, its chance as
the search gave it, the judge's score, and the verdict that was given by the file. Where the address and the token are:
HALFDAY_URL, HALFDAY_TOKEN.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from client import Halfday

SIDE, ACROSS, DOWN, HEAD = 416, 4, 3, 20  # pixels of a picture, pictures of a sheet, pixels for its words
GREEN, MAGENTA = (0, 255, 0), (255, 0, 200)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("auto_curate", type=int)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("sheets"))
    asked = parser.parse_args()
    with Halfday.from_environment() as halfday:
        found: list[dict[str, Any]] = [
            {**one} for one in halfday.auto_curate.suggestions(asked.auto_curate, kind="missing")
        ]
    chosen = random.Random(asked.seed).sample(found, min(asked.sample, len(found)))
    chosen.sort(key=lambda one: -one["parts"]["missing"])
    files = {path.name: path for path in asked.labels.rglob("*.jpg")}
    asked.out.mkdir(exist_ok=True)
    size = ACROSS * DOWN
    for number, start in enumerate(range(0, len(chosen), size)):
        cells = [cell(one, start + k, files) for k, one in enumerate(chosen[start : start + size])]
        sheet(cells).save(asked.out / f"{number}.png")
    print(f"{len(chosen)} of {len(found)} suggestions are in {asked.out}")


def cell(suggestion: dict[str, Any], number: int, files: dict[str, Path]) -> Image.Image:
    """One picture with the file's labels and the proposal."""
    path = files[Path(suggestion["image"]["key"]).name.split("-images-", 1)[-1]]
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    scale = SIDE / max(picture.size)
    picture = picture.resize((round(picture.width * scale), round(picture.height * scale)))
    draw = ImageDraw.Draw(picture)
    for box in labels_beside(path, picture.size):
        draw.rectangle(box, outline=GREEN, width=2)
    draw.rectangle([each * scale for each in suggestion["proposed"]["box"]], outline=MAGENTA, width=3)
    out = Image.new("RGB", (SIDE, SIDE + HEAD))
    out.paste(picture, (0, HEAD))
    parts = suggestion["parts"]
    words = f"{number}: class {suggestion['proposed']['class_id']}, chance {parts['missing']:.2f}, "
    ImageDraw.Draw(out).text((4, 4), words + f"score {parts['score']:.2f}, {suggestion['verdict']}", fill="white")
    return out


def labels_beside(path: Path, size: tuple[int, int]) -> list[list[float]]:
    """The boxes of the YOLO file beside an image, xyxy pixels of a picture of this size."""
    file = path.parents[1] / "labels" / f"{path.stem}.txt"
    rows = [[float(each) for each in line.split()[1:5]] for line in file.read_text().splitlines() if line.strip()]
    width, height = size
    return [
        [(x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height] for x, y, w, h in rows
    ]


def sheet(cells: list[Image.Image]) -> Image.Image:
    """The pictures in rows."""
    out = Image.new("RGB", (ACROSS * SIDE, DOWN * (SIDE + HEAD)))
    for k, one in enumerate(cells):
        out.paste(one, (k % ACROSS * SIDE, k // ACROSS * (SIDE + HEAD)))
    return out


if __name__ == "__main__":
    main()
