"""Asking for an experiment: the runs of both arms with all their seeds, and what is done to it from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from dataset.models import Dataset, Slice
from jobs.models import Job
from model.models import Experiment, Run
from model.selectors.lineage import images_seen
from model.services import runs
from model.services.runs import NewRun
from model.services.settings import BOUNDS, with_equal_compute

MOST_SEEDS = 10


@dataclass(frozen=True)
class NewExperiment:
    """What is to be shown. The treatment's data, weights and settings are those of a run, see NewRun."""

    name: str
    train_slices: Sequence[int]
    validation_slice: int
    baseline: str | None = None
    weights: Mapping[str, Any] | None = None
    revision: int | None = None  # None: the newest
    parent: int | None = None  # the run whose training is carried on; the control has its slices and revision
    settings: Mapping[str, Any] = field(default_factory=dict)
    unlabelled: str = runs.LEAVE_OUT
    seeds: int = 3  # trainings of each arm
    control: bool = True
    control_slices: Sequence[int] | None = None  # None: the parent's
    control_revision: int | None = None  # None: the parent's
    match: str = Experiment.Match.STEPS
    early_stop: bool = True
    watched_slices: Sequence[int] = ()


@dataclass(frozen=True)
class Plan:
    """A new experiment with what was left out filled in."""

    new: NewExperiment
    seeds: list[int]
    treatment: list[Slice]
    control: list[Slice]
    control_revision: int | None


def planned(dataset: Dataset, new: NewExperiment) -> Plan:
    """Fill in what the parent says. Raises BadInput where nobody says what the control is trained on."""
    if not 1 <= new.seeds <= MOST_SEEDS:
        raise _bad("seeds", f"Give 1 to {MOST_SEEDS} seeds; not {new.seeds}.")
    parent = runs.run_of(dataset, new.parent, "parent")
    first = new.settings.get("seed", parent.seed if parent else 0)
    if not isinstance(first, int) or not 0 <= first <= BOUNDS["seed"][1] - MOST_SEEDS:
        raise _bad("settings.seed", "Give a whole number from 0 on for the first seed.")
    treatment = runs.slices_of(dataset, new.train_slices, "train_slices")
    seeds = list(range(first, first + new.seeds))
    if not new.control:
        return Plan(new, seeds, treatment, [], None)
    slices, revision = new.control_slices, new.control_revision
    if slices is None and parent is None:
        raise _bad(
            "control_slices",
            "Name the slices that the control is trained on, or a parent whose slices these are, or switch the"
            " control off.",
        )
    if slices is None and parent is not None:
        slices = list(parent.train_slices.order_by("pk").values_list("pk", flat=True))
        if not slices:
            raise _bad("control_slices", f"The slices that {parent.name} was trained on are gone. Name others.")
    if revision is None:
        revision = parent.revision if parent else runs.revision_of(dataset, new.revision)
    return Plan(new, seeds, treatment, runs.slices_of(dataset, slices or [], "control_slices"), revision)


def create_experiment(*, dataset: Dataset, new: NewExperiment, by: User) -> Experiment:
    """Check everything, freeze the data of both arms, and ask for all runs, seed by seed. Managers and above.

    Raises what create_run raises, and then nothing is started.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    dataset.refresh_from_db(fields=["head_revision"])
    plan = planned(dataset, new)
    watched = runs.slices_of(dataset, new.watched_slices, "watched_slices") if new.watched_slices else []
    with transaction.atomic():
        experiment = _store(
            dataset=dataset,
            name=new.name,
            parent_id=new.parent,
            control=new.control,
            match=new.match,
            early_stop=new.early_stop,
            seeds=plan.seeds,
            control_revision=plan.control_revision,
            created_by=by,
        )
        experiment.control_slices.set(plan.control)
        experiment.watched.set(watched)
        for seed in plan.seeds:
            _start_seed(experiment, plan, seed, by)
        data = {"id": experiment.pk, "seeds": plan.seeds, "control": new.control}
        audit.record(by=by, action="experiment.create", target=experiment, project=dataset.project_id, data=data)
    return experiment


def _start_seed(experiment: Experiment, plan: Plan, seed: int, by: User) -> None:
    """Ask for the run of each arm with this seed; they start from the same weights, with the same settings."""
    new, dataset = plan.new, experiment.dataset
    treatment = runs.create_run(
        dataset=dataset,
        new=NewRun(
            name=runs.free_run_name(dataset, f"{new.name} s{seed}"),
            train_slices=[one.pk for one in plan.treatment],
            validation_slice=new.validation_slice,
            baseline=new.baseline,
            weights=new.weights,
            revision=new.revision,
            parent=new.parent,
            settings={**new.settings, "seed": seed},
            unlabelled=new.unlabelled,
        ),
        by=by,
    )
    _join(treatment, experiment, Run.Arm.TREATMENT)
    if not new.control:
        return
    control = runs.create_run(
        dataset=dataset,
        new=NewRun(
            name=runs.free_run_name(dataset, f"{new.name} control s{seed}"),
            train_slices=[one.pk for one in plan.control],
            validation_slice=new.validation_slice,
            baseline=new.baseline,
            weights=new.weights,
            revision=plan.control_revision,
            parent=new.parent,
            control_of=treatment.pk,
            settings=_control_settings(treatment, plan),
            unlabelled=new.unlabelled,
        ),
        by=by,
    )
    _join(control, experiment, Run.Arm.CONTROL)


def _control_settings(treatment: Run, plan: Plan) -> dict[str, Any]:
    """The treatment's; where steps are to be equal, as many more epochs as the control has fewer images.

    The control replays all of its images: old ones are all that it has.
    """
    whole = {**treatment.settings, "replay_share": 1.0}
    if plan.new.match == Experiment.Match.EPOCHS:
        return whole
    images = len(runs.images_to_train(treatment.dataset, plan.control, plan.control_revision or 0))
    return with_equal_compute(whole, images=images, instead_of=images_seen(treatment))


def _join(run: Run, experiment: Experiment, arm: str) -> None:
    run.experiment, run.arm = experiment, arm
    run.save(update_fields=["experiment", "arm"])


def _store(**columns: Any) -> Experiment:
    try:
        with transaction.atomic():
            return Experiment.objects.create(**columns)
    except IntegrityError as error:
        detail = f"There is an experiment named {columns['name']} already."
        raise Conflict(detail, errors={"name": [detail]}) from error


def add_seeds(*, experiment: Experiment, count: int, by: User) -> Experiment:
    """Train both arms with further seeds. Managers and above.

    Raises BadInput beyond ten seeds, Conflict where there is no run left whose settings they could take.
    """
    access.check(by, experiment.dataset.project_id, Role.MANAGER)
    with transaction.atomic():
        experiment = Experiment.objects.select_for_update(of=("self",)).select_related("dataset").get(pk=experiment.pk)
        if not 1 <= count <= MOST_SEEDS - len(experiment.seeds):
            raise _bad("count", f"An experiment has at most {MOST_SEEDS} seeds; this one has {len(experiment.seeds)}.")
        like = experiment.runs.filter(arm=Run.Arm.TREATMENT).order_by("pk").first()
        if like is None:
            raise Conflict("All runs of this experiment were deleted. Start a new one.")
        plan = _plan_like(experiment, like)
        following = range(max(experiment.seeds) + 1, max(experiment.seeds) + 1 + count)
        for seed in following:
            _start_seed(experiment, plan, seed, by)
        experiment.seeds, experiment.stopped = [*experiment.seeds, *following], None
        experiment.save(update_fields=["seeds", "stopped"])
        data = {"id": experiment.pk, "seeds": list(following)}
        audit.record(
            by=by, action="experiment.more_seeds", target=experiment, project=experiment.dataset.project_id, data=data
        )
    return experiment


def _plan_like(experiment: Experiment, like: Run) -> Plan:
    """The plan that made the runs there are."""
    weights = {"kind": like.weights, "checkpoint": like.start_checkpoint_id}
    new = NewExperiment(
        name=experiment.name,
        train_slices=[],
        validation_slice=like.validation_slice_id,
        baseline=like.baseline,
        weights=weights,
        revision=like.revision,
        parent=like.parent_id,
        settings=like.settings,
        control=experiment.control,
        match=experiment.match,
    )
    treatment, control = list(like.train_slices.order_by("pk")), list(experiment.control_slices.order_by("pk"))
    return Plan(new, [], treatment, control, experiment.control_revision)


def cancel_experiment(*, experiment: Experiment, by: User) -> int:
    """Stop all its runs that wait or train; returns how many. Raises Conflict where none does. Managers and above."""
    access.check(by, experiment.dataset.project_id, Role.MANAGER)
    active = active_jobs(experiment)
    if not active:
        raise Conflict("No run of this experiment waits or trains.")
    for job in active:
        jobs.services.cancel(job=job, by=by)
    return len(active)


def active_jobs(experiment: Experiment) -> list[Job]:
    """The jobs of its runs that have not ended, in the order in which they were asked for."""
    ids = experiment.runs.filter(finished_at=None).values_list("job_id", flat=True)
    return list(Job.objects.filter(pk__in=[one for one in ids if one]).exclude(state__in=Job.ENDED).order_by("pk"))


def delete_experiment(*, experiment: Experiment, by: User) -> None:
    """Delete it with its runs and their checkpoints; predictions and evaluations stay. Managers and above.

    Raises Conflict while one is going, where other runs started from their weights, and where one is or was deployed;
    then nothing is deleted.
    """
    access.check(by, experiment.dataset.project_id, Role.MANAGER)
    if active_jobs(experiment):
        raise Conflict("Runs of this experiment are still going. Cancel it first.")
    own = list(experiment.runs.select_related("dataset").order_by("-pk"))
    heirs = Run.objects.filter(start_checkpoint__run__in=own).exclude(pk__in=[one.pk for one in own])
    if heirs:
        names = ", ".join(heirs.values_list("name", flat=True))
        raise Conflict(f"Other runs started from its weights: {names}. Delete those first.")
    runs.check_not_deployed(own)
    for run in own:
        runs.delete_run(run=run, by=by)
    project, data = experiment.dataset.project_id, {"id": experiment.pk}
    with transaction.atomic():
        audit.record(by=by, action="experiment.delete", target=experiment, project=project, data=data)
        experiment.delete()


def _bad(name: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={name: [sentence]})
