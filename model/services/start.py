"""What a training starts from: fresh weights, the base checkpoint, or one that somebody has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.problems import BadInput
from model.engines import architecture, present_name
from model.models import Checkpoint, Run
from model.services.base import base_checkpoint

Kind = Run.Weights


@dataclass(frozen=True)
class Start:
    """Weights to start from, and the architecture that they are of. `checkpoint` is None from scratch."""

    kind: str
    architecture: str
    checkpoint: Checkpoint | None = None


def choose_start(
    *, project_id: int, weights: Mapping[str, Any] | None, baseline: str | None, parent: Run | None = None
) -> Start:
    """Read `{"kind": "base" | "scratch" | "checkpoint", "checkpoint": id}` and the baseline's name.

    What is left out is filled in: the parent's best checkpoint where there is one, else the base checkpoint where it
    fits the baseline, else scratch. Raises BadInput where the two do not fit, or the checkpoint is not the project's.
    """
    asked, baseline = dict(weights or {}), present_name(baseline) if baseline else baseline
    kind = asked.get("kind") or _default_kind(baseline, parent)
    if kind not in Kind.values:
        raise _bad("weights", f"Weights are {', '.join(Kind.values)}; not {kind}.")
    if kind == Kind.SCRATCH:
        return Start(kind, _known_architecture(baseline or _base_architecture()))
    checkpoint = _base() if kind == Kind.BASE else _checkpoint(project_id, asked.get("checkpoint"), parent)
    if baseline and baseline != checkpoint.architecture:
        raise _bad(
            "baseline", f"{checkpoint.name} is of the architecture {checkpoint.architecture}, not of {baseline}."
        )
    return Start(kind, checkpoint.architecture, checkpoint)


def _default_kind(baseline: str | None, parent: Run | None) -> str:
    if parent is not None:
        return Kind.CHECKPOINT
    base = base_checkpoint()
    return Kind.BASE if base is not None and baseline in (None, "", base.architecture) else Kind.SCRATCH


def _base() -> Checkpoint:
    base = base_checkpoint()
    if base is None:
        raise _bad("weights", "This installation has no base checkpoint. Start from scratch or upload one.")
    return base


def _base_architecture() -> str:
    base = base_checkpoint()
    if base is None:
        raise _bad("baseline", "Choose a baseline.")
    return base.architecture


def _known_architecture(name: str) -> str:
    if architecture(name) is None:
        raise _bad("baseline", f"There is no baseline named {name}.")
    return name


def _checkpoint(project_id: int, checkpoint_id: Any, parent: Run | None) -> Checkpoint:
    """The checkpoint of that id in the project, or the parent's best."""
    if checkpoint_id is None and parent is not None:
        best = parent.checkpoints.filter(kind=Checkpoint.Kind.BEST).first()
        if best is None:
            raise _bad("parent", f"The run {parent.name} has no checkpoint to start from.")
        return best
    found = Checkpoint.objects.filter(pk=checkpoint_id, project_id=project_id).first() if checkpoint_id else None
    if found is None:
        raise _bad(
            "weights", f"This project has no checkpoint {checkpoint_id}." if checkpoint_id else "Name a checkpoint."
        )
    return found


def _bad(field: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={field: [sentence]})
