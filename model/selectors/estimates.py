"""What an experiment will cost, as far as earlier trainings tell."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Q

from model.engines import architecture
from model.models import Checkpoint, Run
from model.selectors.lineage import images_seen

LOOKED_AT = 5  # earlier runs
KEPT_FILES = 2  # checkpoints of a run: best and last
BYTES_PER_WEIGHT = 2  # half precision, as checkpoints are stored


@dataclass(frozen=True)
class Speed:
    """How fast a baseline trained here, and which run tells so."""

    images_per_second: float
    beside: float  # seconds of a run that are not spent in epochs: reading labels, predicting
    run: Run


def speed_of(*, baseline: str, settings: dict[str, Any]) -> Speed | None:
    """The speed of the newest runs of this baseline at this size on this device; None where there was none.

    All of this installation's runs count, other projects' too: only how fast they were is told. An epoch in which
    something was compiled or read for the first time is slower, so the median of their epochs counts.
    """
    alike = {f"settings__{name}": settings[name] for name in ("imgsz", "device", "half")}
    rows = Run.objects.filter(_as_many_devices(settings), baseline=baseline, **alike)
    rows = rows.exclude(epochs=None).exclude(train_manifest=None)
    newest = list(
        rows.select_related("train_manifest", "parent__train_manifest", "dataset")
        .distinct()
        .order_by("-pk")[:LOOKED_AT]
    )
    speeds = [speed for run in newest for speed in _speeds(run)]
    if not speeds:
        return None
    return Speed(median(speeds), median([_beside(run) for run in newest]), newest[0])


def _as_many_devices(settings: dict[str, Any]) -> Q:
    """Trained by as many: by the number that is asked for, else by what `auto` gave others.

    Runs from before there was this had one.
    """
    asked = settings.get("devices", "auto")
    if asked != "auto":
        return Q(devices=int(asked)) | (Q(devices=None) if asked == "1" else Q(pk__in=[]))
    return Q(settings__devices="auto") | ~Q(settings__has_key="devices")


def _speeds(run: Run) -> list[float]:
    images = images_seen(run)
    seconds = run.epochs.order_by("epoch").values_list("seconds", flat=True)
    return [images / one for one in seconds if one > 0 and images]


def _beside(run: Run) -> float:
    if run.started_at is None or run.finished_at is None:
        return 0.0
    return max(
        0.0, (run.finished_at - run.started_at).total_seconds() - sum(run.epochs.values_list("seconds", flat=True))
    )


def steps_of(images: int, settings: dict[str, Any]) -> int:
    """Optimiser steps of a training."""
    return int(settings["epochs"]) * -(-images // int(settings["batch"]))


def bytes_of_run(baseline: str) -> int | None:
    """What a run of the baseline leaves on the disk; None where nobody knows the network's size."""
    kept = Checkpoint.objects.filter(architecture=baseline, size__gt=0).order_by("-pk").values_list("size", flat=True)
    known = architecture(baseline)
    size = kept.first() or (BYTES_PER_WEIGHT * known.parameters if known else None)
    return None if size is None else KEPT_FILES * size
