"""What an experiment that is not started yet would cost: runs, steps, seconds and disk."""

from dataclasses import dataclass
from typing import Any

from dataset.models import Dataset
from model.models import Experiment, Run
from model.selectors.estimates import bytes_of_run, speed_of, steps_of
from model.selectors.lineage import images_per_epoch
from model.services import runs
from model.services.experiments import NewExperiment, planned
from model.services.settings import with_equal_compute


@dataclass(frozen=True)
class ArmCost:
    """One training of an arm."""

    images: int
    epochs: int
    steps: int


@dataclass(frozen=True)
class ExperimentCost:
    """All runs together; None for what nobody knows yet."""

    runs: int
    steps: int
    treatment: ArmCost
    control: ArmCost | None
    seconds: float | None  # one run after the other, on one worker
    images_per_second: float | None
    measured_on: Run | None
    disk_bytes: int | None


def cost_of(dataset: Dataset, new: NewExperiment) -> ExperimentCost:
    """Price it as create_experiment would start it; nothing is stored."""
    dataset.refresh_from_db(fields=["head_revision"])
    plan, revision = planned(dataset, new), runs.revision_of(dataset, new.revision)
    parent = runs.run_of(dataset, new.parent, "parent")
    baseline, settings = runs.start_settings(dataset, _as_run(new), parent)
    to_train = runs.images_to_train(dataset, plan.treatment, revision)
    images = images_per_epoch(to_train, parent, settings["replay_share"])
    arms = [_cost(images, settings)]
    if new.control:
        of_control = len(runs.images_to_train(dataset, plan.control, plan.control_revision or revision))
        equal = new.match == Experiment.Match.STEPS
        own = with_equal_compute(settings, images=of_control, instead_of=images) if equal else settings
        arms.append(_cost(of_control, own))
    speed = speed_of(baseline=baseline, settings=settings)
    looked_at = sum(arm.images * arm.epochs for arm in arms)
    seconds = new.seeds * (looked_at / speed.images_per_second + len(arms) * speed.beside) if speed else None
    each = bytes_of_run(baseline)
    return ExperimentCost(
        runs=new.seeds * len(arms),
        steps=new.seeds * sum(arm.steps for arm in arms),
        treatment=arms[0],
        control=arms[1] if new.control else None,
        seconds=seconds,
        images_per_second=speed.images_per_second if speed else None,
        measured_on=speed.run if speed and speed.run.dataset.project_id == dataset.project_id else None,
        disk_bytes=None if each is None else new.seeds * len(arms) * each,
    )


def _cost(images: int, settings: dict[str, Any]) -> ArmCost:
    return ArmCost(images, int(settings["epochs"]), steps_of(images, settings))


def _as_run(new: NewExperiment) -> runs.NewRun:
    return runs.NewRun(
        name=new.name,
        train_slices=new.train_slices,
        validation_slice=new.validation_slice,
        baseline=new.baseline,
        weights=new.weights,
        parent=new.parent,
        settings=new.settings,
    )
