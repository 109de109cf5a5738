"""The architectures that a run can train, with what there is to start from."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from model.engines import Architecture, architectures
from model.models import Checkpoint, Measurement
from model.services.settings import defaults_for


@dataclass(frozen=True)
class Baseline:
    """An architecture, and the weights of it that a project has."""

    architecture: Architecture
    imgsz: int  # pixels that it is trained at unless told otherwise
    settings: dict[str, Any]  # defaults
    weights: list[dict[str, str]] = field(default_factory=list)  # {"id", "label"}
    measured: list[Measurement] = field(default_factory=list)  # here, the newest first

    @property
    def weights_available(self) -> bool:
        return any(weights["id"] != "scratch" for weights in self.weights)


def baselines(project_id: int | None = None) -> list[Baseline]:
    """All of them. With a project, its uploaded checkpoints are among the weights."""
    rows = Checkpoint.objects.filter(Q(kind="base") | Q(kind="uploaded", project=project_id)).order_by("pk")
    known: dict[str, list[Checkpoint]] = {}
    for row in rows:
        known.setdefault(row.architecture, []).append(row)
    here = measured()
    return [
        Baseline(
            each,
            imgsz=settings["imgsz"],
            settings=settings,
            weights=_weights(known.get(each.name, [])),
            measured=here.get(each.name, []),
        )
        for each in architectures()
        for settings in [defaults_for(each.name)]
    ]


def _weights(rows: list[Checkpoint]) -> list[dict[str, str]]:
    """What a run of the architecture can start from: `base`, a checkpoint's id, or `scratch`."""
    found = [{"id": "base" if row.kind == "base" else str(row.pk), "label": row.name} for row in rows]
    return [*found, {"id": "scratch", "label": "From scratch"}]


def measured() -> dict[str, list[Measurement]]:
    """What was measured here, by baseline, the newest first."""
    found: dict[str, list[Measurement]] = {}
    for row in Measurement.objects.order_by("-measured_at", "-pk"):
        found.setdefault(row.baseline, []).append(row)
    return found
