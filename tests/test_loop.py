"""The whole loop once on real photographs, through the API alone: import, split, train, diagnose, find mislabels,
correct one label, send it back. Sixty images of Open Images, 160 px, one epoch; skipped where they are not there.
"""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from curate import tasks as curate_tasks
from dataset import tasks as dataset_tasks
from model import tasks as model_tasks
from model.services.base import base_file
from tests.factories import Cast, call, make_cast, run_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HANDLERS = (curate_tasks, dataset_tasks, model_tasks)  # imported so that their jobs are known here, as in a worker
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "vehicles_openimages"
CLASSES = ["Ambulance", "Bus", "Car", "Motorcycle", "Truck"]
IMAGES = 60
QUICK = {"epochs": 1, "imgsz": 160, "batch": 8, "seed": 0}


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """Sixty different images with their labels, under an import root."""
    if not REAL.is_dir():
        pytest.skip(
            "shared/data/vehicles_openimages is not beside this checkout: the loop on real photographs did not run"
        )
    settings.IMPORT_ROOTS = [tmp_path]
    settings.STORAGE_ROOT = tmp_path / "storage"
    for kind in ("images", "labels"):
        (tmp_path / "street" / kind).mkdir(parents=True)
    seen: set[bytes] = set()
    for path in sorted((REAL / "train" / "images").iterdir()):
        digest = hashlib.sha256(path.read_bytes()).digest()
        if digest in seen:
            continue
        seen.add(digest)
        shutil.copy(path, tmp_path / "street" / "images")
        shutil.copy(REAL / "train" / "labels" / f"{path.stem}.txt", tmp_path / "street" / "labels")
        if len(seen) == IMAGES:
            break
    return tmp_path / "street"


class Script:
    """Alice's script: calls, and jobs that run here and now."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        response = call(self.cast.alice, method, path, body, **headers)
        assert response.status_code < 300, response.content
        return response.json()

    def job(self, path: str, body: Any) -> dict[str, Any]:
        """Ask for long work, let all of it run; the first job's result."""
        self("POST", path, body)
        done = run_jobs()
        assert [(job.state, job.error) for job in done] == [("succeeded", "")] * len(done)
        return dict(done[0].result)

    def labels(self, image: int) -> list[tuple[int, int]]:
        """Object and class of the image's present labels."""
        annotations = self("GET", f"images/{image}")["annotations"]
        return sorted((label["object_id"], label["class_id"]) for label in annotations)


def test_it_works(folder: Path) -> None:
    cast = make_cast()
    script = Script(cast)
    body = {"project": cast.project.pk, "name": "Street", "classes": [{"name": name} for name in CLASSES]}
    dataset = script("POST", "datasets", body)["id"]

    imported = script.job(f"datasets/{dataset}/imports", {"path": str(folder)})
    boxes = sum(len(path.read_text().split("\n")) for path in (folder / "labels").iterdir())
    assert (imported["images"]["added"], imported["boxes"]["found"]) == (IMAGES, boxes)

    script.job(f"datasets/{dataset}/auto-curate", {"kind": "split", "params": {"ratio": 0.8}})
    train, validation = sorted(script("GET", f"datasets/{dataset}/slices")["items"], key=lambda s: -s["image_count"])
    assert train["image_count"] + validation["image_count"] == IMAGES
    assert abs(train["image_count"] - 0.8 * IMAGES) <= 2

    start = {"kind": "base"} if base_file() else {"kind": "scratch"}
    run = {
        "dataset": dataset, "name": "Baseline", "baseline": "road11t", "weights": start,
        "train_slices": [train["id"]], "validation_slice": validation["id"], "settings": QUICK,
    }  # fmt: skip
    checkpoint = script.job("runs", run)["checkpoint"]
    trained = script("GET", f"datasets/{dataset}/runs")["items"][0]
    assert (trained["state"], trained["epoch"]) == ("succeeded", 1)
    assert checkpoint in [one["id"] for one in script("GET", f"runs/{trained['id']}")["checkpoints"]]

    evaluation = script("GET", f"datasets/{dataset}/evaluations")["items"][0]
    assert evaluation["figures"].keys() >= {"AP", "AP50", "AR100"}
    truths = sum(row["gt"] for row in script("GET", f"evaluations/{evaluation['id']}")["per_class"])
    shown = script("GET", f"slices/{validation['id']}/statistics")["classes"]
    assert truths == sum(row["boxes"] for row in shown)

    params = {"folds": 2, "baseline": "road11t", "weights": start, "smallest_score": 0, "limit": 20, **QUICK}
    found = script.job(f"datasets/{dataset}/auto-curate", {"kind": "mislabels", "slice": train["id"], "params": params})
    suggestions = script("GET", f"auto-curates/{found['auto_curate']}/suggestions")["items"]
    assert suggestions
    assert all(one["reason"] and 0 <= one["score"] <= 1 for one in suggestions)

    batch_body = {"slice": train["id"], "name": "Mislabels", "auto_curate": found["auto_curate"]}
    batch = script("POST", "batches", batch_body)["id"]
    tasks = script("GET", f"batches/{batch}/tasks?limit=100")["items"]
    assert len(tasks) == train["image_count"]
    correct_one_label(script, dataset, batch, tasks)


def correct_one_label(script: Script, dataset: int, batch: int, tasks: list[dict[str, Any]]) -> None:
    """Give one box another class, and bring it back to Curate; nothing else changes."""
    task = next(task for row in tasks if (task := script("GET", f"tasks/{row['id']}"))["boxes"])
    before = script.labels(task["image"]["id"])
    label, *others = task["boxes"]
    wanted = next(one["id"] for one in task["classes"] if one["id"] != label["class_id"])
    body = {"boxes": [label | {"class_id": wanted}, *others], "state": "done"}
    script("PUT", f"tasks/{task['id']}", body, **{"If-Match": f'"{task["version"]}"'})
    assert script("GET", f"batches/{batch}/merge")["counts"]["relabelled"] == 1
    merged = script("POST", f"batches/{batch}/merge", {"message": "One label corrected"})
    assert script("GET", f"datasets/{dataset}")["head_revision"] == merged["revision"]
    after = script.labels(task["image"]["id"])
    assert dict(after) == dict(before) | {label["object_id"]: wanted}
    newest = script("GET", f"datasets/{dataset}/revisions")["items"][0]
    changes = script("GET", f"revisions/{newest['id']}/diff")["items"]
    assert [(change["object_id"], change["image"]["id"]) for change in changes] == [
        (label["object_id"], task["image"]["id"])
    ]
