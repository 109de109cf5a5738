"""The machine's part of each step: what its button does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from accounts import access
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict, NoSuchPlace
from curate.autocurate import lifecycle
from curate.autocurate.image_tables import described_images
from curate.autocurate.params import name_for
from curate.comparisons import compare
from curate.evaluations import creation
from curate.evaluations.arrays import ground_of, ground_truth
from curate.improve.curve_points import first_of_line
from curate.improve.learning_curve import NewCurve, start_curve
from curate.improve.loop import IMPROVE, Loop
from curate.improve.measurements import Measurements
from curate.improve.steps import EDGE_CASES, next_larger
from curate.models import AutoCurate
from curate.query.image_source import ImageSource
from dataset.models import Annotation, Dataset, Image, Slice
from dataset.selectors import slices as slice_reads
from dataset.services.slices import create_slice
from jobs.models import Job
from label.services.batches import NewBatch, create_batch
from model.models import Checkpoint, Run
from model.selectors.baselines import baselines
from model.services.predicting import Judging, NewPrediction, start_prediction
from model.services.runs import NewRun, create_run, free_run_name
from model.services.settings import with_equal_compute
from science.guidance.nested import nested_subsets

UNLABELLED = "count(*) = 0"
SECONDS_AT_FIRST = 30.0  # an image takes to label, before any of the dataset was: four objects of 7 s


@dataclass(frozen=True)
class StepWish:
    """Which step is asked for, of which class, and how many minutes of people's time it may take."""

    step: str
    class_id: int | None = None
    minutes: float = 30.0


@dataclass(frozen=True)
class StepDone:
    """What the machine did: a job to follow, or (and) a page to open."""

    job: Job | None = None
    link: str = ""


def take_step(*, loop: Loop, wish: StepWish, by: User) -> StepDone:
    """Do the machine's part of a step. Managers and above.

    Raises Conflict where the step is not possible now, and while a job of the loop runs: two at once would be two steps
    from one place. The dataset is locked meanwhile, so that a second click finds the first one's job.
    """
    access.check(by, loop.dataset.project_id, Role.MANAGER)
    action = ACTIONS[known_step(wish.step)]
    with transaction.atomic():
        Dataset.objects.select_for_update().get(pk=loop.dataset.pk)
        if loop.job is not None:
            raise Conflict(f"“{loop.job.title}” is under way. Wait for it, or cancel it in Jobs.")
        return action(loop, wish, by)


def _import(loop: Loop, wish: StepWish, by: User) -> StepDone:
    return StepDone(link=f"/datasets/{loop.dataset.pk}/imports")


def _split(loop: Loop, wish: StepWish, by: User) -> StepDone:
    names = [name_for(loop.dataset, None, name) for name in ("train", "validation")]
    return _auto_curate(loop, AutoCurate.Kind.SPLIT, {"names": names}, ImageSource(None, "count(*) >= 1"), by)


def _auto_curate(loop: Loop, kind: str, params: dict[str, Any], source: ImageSource, by: User) -> StepDone:
    run = lifecycle.start(dataset=loop.dataset, kind=kind, params=params, source=source, by=by)
    return StepDone(Job.objects.filter(pk=run.job_id or 0).first())


def _train(loop: Loop, wish: StepWish, by: User) -> StepDone:
    """The baseline: the default network and settings on the newest split."""
    if not loop.split:
        raise Conflict("There are no slices to train and to judge on. Split the images first, or start a run by hand.")
    train, validation = loop.split
    known = baselines(loop.dataset.project_id)
    ready = next((one for one in known if one.weights_available), known[0])
    name = free_run_name(loop.dataset, "baseline")
    new = NewRun(name, [train.pk], validation.pk, baseline=ready.architecture.name)
    return _job_of(create_run(dataset=loop.dataset, new=new, by=by))


def _job_of(run: Run) -> StepDone:
    return StepDone(Job.objects.filter(pk=run.job_id or 0).first(), f"/runs/{run.pk}")


def _base(loop: Loop) -> Run:
    if loop.base is None:
        raise Conflict("There is no finished training to go on from. Train a baseline first.")
    return loop.base


def _diagnose(loop: Loop, wish: StepWish, by: User) -> StepDone:
    base = _base(loop)
    if loop.evaluation is not None:
        return StepDone(link=f"/evaluations/{loop.evaluation.pk}")
    if base.prediction_set is None:
        raise Conflict(f"The predictions of {base.name} are gone. Predict its validation slice again in Model.")
    made = creation.start(prediction_set=base.prediction_set, by=by, revision=base.revision)
    return StepDone(Job.objects.filter(pk=made.job_id or 0).first(), f"/evaluations/{made.pk}")


def _find(loop: Loop, wish: StepWish, by: User) -> StepDone:
    """Judges like the base: the same network and settings, on the images that it was trained on."""
    base = _base(loop)
    slices = list(base.train_slices.order_by("pk"))
    within = slices[0] if len(slices) == 1 else None
    q = "" if within else " or ".join(Measurements(loop, base).in_training)
    seeded = {name: value for name, value in base.settings.items() if name != "seed"}
    params: dict[str, Any] = {"settings": seeded, "baseline": base.baseline}
    start = base.start_checkpoint
    if base.weights == Run.Weights.SCRATCH or (start is not None and start.run_id is None):
        params["weights"] = {"kind": base.weights, "checkpoint": base.start_checkpoint_id}
    return _auto_curate(loop, AutoCurate.Kind.MISLABELS, params, ImageSource(within, q), by)


def _correct(loop: Loop, wish: StepWish, by: User) -> StepDone:
    """The batch that is open, or a new one of what the search found."""
    if loop.batch is not None:
        return StepDone(link=f"/batches/{loop.batch.pk}")
    run = loop.correctable
    if run is None:
        raise Conflict("There are no suggestions to correct by. Find mislabels first.")
    return _send(loop, run, by)


def _send(loop: Loop, run: AutoCurate, by: User) -> StepDone:
    made = Slice.objects.filter(pk__in=run.slice_ids).first()
    if made is None:
        raise Conflict("The slice that was found is gone. Run the search again.")
    names = set(loop.dataset.batches.filter(name__startswith=made.name).values_list("name", flat=True))
    name = next(one for one in [made.name, *(f"{made.name} {n}" for n in range(2, len(names) + 3))] if one not in names)
    batch = create_batch(dataset=loop.dataset, new=NewBatch(name, slice_id=made.pk, auto_curate_id=run.pk), by=by)
    return StepDone(link=f"/batches/{batch.pk}")


def _label(loop: Loop, wish: StepWish, by: User) -> StepDone:
    """Choose what to label within the minutes; once chosen, send it to Label."""
    if loop.chosen is not None and loop.chosen.pk not in loop.sent:
        return _send(loop, loop.chosen, by)
    measured = Measurements(loop, loop.base) if loop.base else None
    each = measured.labelling_seconds if measured else SECONDS_AT_FIRST
    params: dict[str, Any] = {"budget": max(1, round(60 * wish.minutes / max(each, 1.0)))}
    if loop.base is not None:
        params["checkpoint"] = _best(loop.base).pk
        params["evaluation"] = loop.evaluation.pk if loop.evaluation else None
    q = f"{measured.pool_query} and {UNLABELLED}" if measured else UNLABELLED
    return _auto_curate(loop, AutoCurate.Kind.LABEL_SELECTION, params, ImageSource(None, q), by)


def _best(run: Run) -> Checkpoint:
    best = run.checkpoints.filter(kind=Checkpoint.Kind.BEST).first()
    if best is None:
        raise Conflict(f"The weights of {run.name} are gone. Train again.")
    return best


def _retrain(loop: Loop, wish: StepWish, by: User) -> StepDone:
    if not loop.merged and not loop.ready:
        raise Conflict("Nothing has changed since the last training: no corrections came back, no images were chosen.")
    what = "more data" if loop.ready else "corrected labels"
    return _arms(loop, loop.ready, what, by)


def _arms(loop: Loop, more: Sequence[Slice], what: str, by: User) -> StepDone:
    """The training with what is new, and its control without: both go on from the base at equal compute."""
    base = _base(loop)
    old = list(base.train_slices.values_list("pk", flat=True))
    validation = loop.validation_slice or base.validation_slice
    all_images = slice_reads.image_ids([*base.train_slices.all(), *more])
    before = base.train_manifest.image_count if base.train_manifest else len(all_images)
    settings = with_equal_compute(base.settings, images=len(all_images), instead_of=before)
    treated = create_run(
        dataset=loop.dataset,
        new=NewRun(
            free_run_name(loop.dataset, f"{base.name[:70]}, {what}"), [*old, *(one.pk for one in more)], validation.pk,
            parent=base.pk, settings=settings,
        ),
        by=by,
    )  # fmt: skip
    control = NewRun(
        free_run_name(loop.dataset, f"{base.name[:70]}, control"), old, validation.pk, revision=base.revision,
        parent=base.pk, control_of=treated.pk, settings=base.settings,
    )  # fmt: skip
    create_run(dataset=loop.dataset, new=control, by=by)
    return _job_of(treated)


def _prove(loop: Loop, wish: StepWish, by: User) -> StepDone:
    if loop.proof is None:
        raise Conflict("There is nothing to prove yet: it takes two finished trainings with their evaluations.")
    row, _ = compare.start(a=loop.proof.before, b=loop.proof.after, by=by)
    return StepDone(Job.objects.filter(pk=row.job_id or 0).first(), f"/comparisons/{row.pk}")


def _learning_curve(loop: Loop, wish: StepWish, by: User) -> StepDone:
    return StepDone(start_curve(run=first_of_line(_base(loop)), new=NewCurve(), by=by))


def _more_of_class(loop: Loop, wish: StepWish, by: User) -> StepDone:
    """Train with the unused images of the class that are labelled; where none is, choose what to label."""
    named = loop.dataset.classes.filter(pk=wish.class_id or 0).first()
    if named is None:
        sentence = "Say of which class more is wanted: class_id is a class of this dataset."
        raise BadInput(sentence, errors={"class_id": [sentence]})
    base = _base(loop)
    unused = Image.objects.filter(dataset=loop.dataset).exclude(pk__in=Measurements(loop, base).used)
    labels = Annotation.objects.filter(label_class=named, died=None, ignore=0, image__in=unused.values("pk"))
    ids = list(labels.values_list("image", flat=True).distinct())
    if not ids:
        return _label(loop, wish, by)
    name = name_for(loop.dataset, None, f"more {named.name}"[:110])
    made = create_slice(dataset=loop.dataset, name=name, image_ids=ids, origin=_origin(loop, wish.step), by=by)
    return _arms(loop, [made], f"more {named.name}"[:30], by)


def _origin(loop: Loop, step: str) -> dict[str, Any]:
    return {"kind": IMPROVE, "step": step, "run": loop.base.pk if loop.base else None}


def _edge_cases(loop: Loop, wish: StepWish, by: User) -> StepDone:
    """Among the unused images that are labelled; those chosen are trained on next."""
    base = _base(loop)
    measured = Measurements(loop, base)
    q = f"{measured.pool_query} and count(*) >= 1"
    most = min(EDGE_CASES, max(1, base.train_manifest.image_count if base.train_manifest else EDGE_CASES))
    params = {"checkpoint": _best(base).pk, "budget": most}
    return _auto_curate(loop, AutoCurate.Kind.EDGE_CASES, params, ImageSource(None, q), by)


def _longer(loop: Loop, wish: StepWish, by: User) -> StepDone:
    """Go on on the same images and labels."""
    base = _base(loop)
    slices = list(base.train_slices.values_list("pk", flat=True))
    name = free_run_name(loop.dataset, f"{base.name[:80]}, longer")
    new = NewRun(name, slices, base.validation_slice_id, revision=base.revision, parent=base.pk)
    return _job_of(create_run(dataset=loop.dataset, new=new, by=by))


def _larger(loop: Loop, wish: StepWish, by: User) -> StepDone:
    """The next larger network on the same images and labels, from its own weights or from scratch."""
    base = _base(loop)
    following = next_larger(baselines(loop.dataset.project_id), base.baseline)
    if following is None:
        raise Conflict(f"There is no larger network than {base.baseline} to try.")
    own = next((one["id"] for one in following.weights if one["id"] not in ("base", "scratch")), None)
    weights = {"kind": "checkpoint", "checkpoint": int(own)} if own else {"kind": "scratch"}
    slices = list(base.train_slices.values_list("pk", flat=True))
    architecture = following.architecture
    new = NewRun(
        free_run_name(loop.dataset, f"{base.name[:80]}, {architecture.title}"), slices, base.validation_slice_id,
        baseline=architecture.name, weights=weights, revision=base.revision, settings=base.settings,
    )  # fmt: skip
    return _job_of(create_run(dataset=loop.dataset, new=new, by=by))


def _validation(loop: Loop, wish: StepWish, by: User) -> StepDone:
    """A larger slice to judge on, with half of the unused labelled images at most; the base is judged on it anew."""
    base = _base(loop)
    more = _unused_labelled(loop, base)
    name = name_for(loop.dataset, None, f"{base.validation_slice.name[:90]}, larger")
    ids = np.union1d(slice_reads.image_ids(base.validation_slice), more)
    made = create_slice(dataset=loop.dataset, name=name, image_ids=ids, origin=_origin(loop, "validation"), by=by)
    prediction = NewPrediction(slice_id=made.pk, judging=Judging())
    job = start_prediction(checkpoint=_best(base), dataset=loop.dataset, new=prediction, by=by)
    return StepDone(job, f"/datasets/{loop.dataset.pk}/slices/{made.pk}")


def _unused_labelled(loop: Loop, base: Run) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Half of the unused images that are labelled, sequences kept together; the others stay to be trained on."""
    unused = Image.objects.filter(dataset=loop.dataset).exclude(pk__in=Measurements(loop, base).used)
    labels = Annotation.objects.filter(dataset=loop.dataset, died=None, ignore=0, image__in=unused.values("pk"))
    ids = np.unique(np.array(labels.values_list("image", flat=True), np.int64))
    ground = ground_of(loop.dataset, ids)
    truth = ground_truth(loop.dataset, ground, loop.dataset.head_revision)
    try:
        half = nested_subsets(described_images(loop.dataset, ground, truth).table, [0.5], seed=0)[0]
    except ValueError:
        raise Conflict("There are too few unused images with labels to judge on more. Label or import some.") from None
    return ground.image_ids[half]


ACTIONS: dict[str, Callable[[Loop, StepWish, User], StepDone]] = {
    "import": _import, "label": _label, "split": _split, "train": _train, "diagnose": _diagnose, "find": _find,
    "correct": _correct, "retrain": _retrain, "prove": _prove, "learning_curve": _learning_curve,
    "more_of_class": _more_of_class, "edge_cases": _edge_cases, "longer": _longer, "larger": _larger,
    "validation": _validation,
}  # fmt: skip


def known_step(step: str) -> str:
    """The step, if it is one. Raises NoSuchPlace otherwise: it is a part of the address."""
    if step not in ACTIONS:
        raise NoSuchPlace(f"The steps are {', '.join(ACTIONS)}; not {step}.")
    return step
