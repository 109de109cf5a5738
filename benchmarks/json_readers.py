"""Our two JSON readers beside msgspec and orjson: the same file to the same columns, by turns, in one run.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install msgspec==0.23.0 orjson==3.13.0 numpy
    PYTHONPATH=platform:. python benchmarks/json_readers.py --peers /tmp/peers/bin/python [--records 294000]

Two files are generated: a detector's results, flat records as ultralytics writes them, and labels whose records carry
a polygon and attributes. What is asked of each reader is image and category ids (N,), scores (N,) of results, and boxes
(N, 4). Each reads in a process of its own, once to warm up and then --repeats times; processor seconds are of the
quickest, as other work on the machine only adds, and memory is the most that the process grew by.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Columns = list[np.ndarray]
PEERS = ("msgspec", "orjson")
KEYS = {"results": ("image_id", "category_id", "score"), "labels": ("image_id", "category_id")}


def columns_reader(path: Path, keys: tuple[str, ...]) -> Columns:
    """science.coco.json_records: what `halfday evaluate` reads with."""
    from science.coco.files import ANNOTATION, DETECTION, _bytes_of
    from science.coco.json_records import read_list

    values, _ = read_list(_bytes_of(path), 0, DETECTION if "score" in keys else ANNOTATION)
    return [*(values[:, place] for place in range(len(keys))), values[:, -4:]]


def pieces_reader(path: Path, keys: tuple[str, ...]) -> Columns:
    """dataset.importing.json_stream, and the columns of what it gives: what imports read with."""
    from dataset.importing.coco_boxes import compact_ids, field_values, sound_boxes
    from dataset.importing.json_stream import collector_paused, pieces

    found: list[Columns] = []
    with collector_paused():
        for _, records in pieces(path):
            boxes = sound_boxes(records)
            assert boxes is not None
            found.append([*(np.asarray(compact_ids(field_values(records, key))) for key in keys[:2]), boxes])
            if "score" in keys:
                found[-1].insert(2, np.array(field_values(records, "score")))
    return [np.concatenate(parts) for parts in zip(*found, strict=True)]


def msgspec_reader(path: Path, keys: tuple[str, ...]) -> Columns:
    """One struct per record, of the wanted fields alone."""
    import msgspec

    kinds = [(key, float if key == "score" else int) for key in keys]
    record = msgspec.defstruct("Record", [*kinds, ("bbox", tuple[float, float, float, float])], gc=False)
    rows: list[Any] = msgspec.json.decode(path.read_bytes(), type=list[record])  # type: ignore[valid-type]
    return [*(np.array([getattr(row, key) for row in rows]) for key in keys), np.array([row.bbox for row in rows])]


def orjson_reader(path: Path, keys: tuple[str, ...]) -> Columns:
    """One dict per record, and a loop over them."""
    import orjson

    rows = orjson.loads(path.read_bytes())
    values = np.empty((len(rows), len(keys) + 4))
    for place, row in enumerate(rows):
        values[place] = (*(row[key] for key in keys), *row["bbox"])
    return [*(values[:, place] for place in range(len(keys))), values[:, -4:]]


READERS: dict[str, Callable[[Path, tuple[str, ...]], Columns]] = {
    "columns": columns_reader,
    "pieces": pieces_reader,
    "msgspec": msgspec_reader,
    "orjson": orjson_reader,
}


def most_memory() -> int:
    """MiB that this process had at most."""
    return int(next(line.split()[1] for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))) >> 10


def child(name: str, kind: str, path: Path, repeats: int) -> None:
    """Read and tell what it took, and the sums of the columns, by which the readers are seen to agree."""
    small = path.with_name("small-" + path.name)
    READERS[name](small, KEYS[kind])
    before, seconds, walls = most_memory(), [], []
    for _ in range(repeats):
        began, wall = time.process_time(), time.perf_counter()
        columns = READERS[name](path, KEYS[kind])
        seconds.append(time.process_time() - began)
        walls.append(time.perf_counter() - wall)
    sums = [float(np.asarray(column, float).sum()) for column in columns]
    print(json.dumps({"cpu": min(seconds), "wall": min(walls), "memory": most_memory() - before, "sums": sums}))


def record(random: np.random.Generator, number: int, kind: str) -> dict[str, Any]:
    left, top, width, height = (round(float(value), 2) for value in random.uniform(1, 600, 4))
    found = {"image_id": number // 49, "category_id": number % 10, "bbox": [left, top, width, height]}
    if kind == "results":
        return found | {"score": round(float(random.random()), 5)}
    corners = [left, top, left + width, top, left + width, top + height, left, top + height]
    attributes = {"occluded": number % 2 == 0, "colour": "red"}
    return {"id": number, **found, "iscrowd": 0, "segmentation": [corners], "attributes": attributes}


def write(path: Path, kind: str, count: int) -> None:
    random = np.random.default_rng(0)
    path.write_text(json.dumps([record(random, number, kind) for number in range(count)]))


def answer_of(python: str, *arguments: object) -> dict[str, Any]:
    done = subprocess.run(
        [python, __file__, "--child", *map(str, arguments)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def compare(path: Path, kind: str, options: argparse.Namespace) -> None:
    """Every reader in turn, for so many rounds; the quickest of all counts."""
    told: dict[str, dict[str, Any]] = {}
    for _ in range(options.rounds):
        for name in READERS:
            if name in PEERS and not options.peers:
                continue
            python = options.peers if name in PEERS else sys.executable
            new = answer_of(python, name, kind, path, options.repeats)
            told[name] = min(told.get(name, new), new, key=lambda one: float(one["cpu"]))
    print(f"\n{kind}: {options.records:,} records, {path.stat().st_size >> 20} MiB")
    for name, one in told.items():
        assert np.allclose(one["sums"], told["columns"]["sums"], rtol=1e-9), f"{name} read something else"
        ratio = one["cpu"] / told["columns"]["cpu"]
        row = f"{one['cpu']:6.2f} s of processor ({ratio:5.1f} x), {one['wall']:5.2f} s passed"
        print(f"  {name:8} {row}, {one['memory']:5} MiB")


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3], Path(sys.argv[4]), int(sys.argv[5]))
        return
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", help="a Python that has msgspec and orjson")
    options.add_argument("--records", type=int, default=294_000)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--rounds", type=int, default=2)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind in KEYS:
            path = Path(folder) / f"{kind}.json"
            write(path, kind, wanted.records)
            write(path.with_name("small-" + path.name), kind, 100)
            compare(path, kind, wanted)


if __name__ == "__main__":
    main()
