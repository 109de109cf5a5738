"""Asking for a search, and what is done to it from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from dataset.models import Dataset
from jobs.models import Job
from jobs.titles import Title
from model.models import Run, SettingsSearch, Trial
from model.searches.ranges import BadRanges, SettingRange, ranges_json, read_ranges
from model.services import runs
from model.services.runs import NewRun
from model.services.settings import BOUNDS

KIND = "search_settings"
MOST_TRIALS, MOST_REPEATS, LEAST_REPEATS = 500, 10, 2
ENDED = (Trial.State.COMPLETE, Trial.State.PRUNED, Trial.State.FAILED)


@dataclass(frozen=True)
class NewSearch:
    """Data, weights and settings are those of a run (see NewRun); the ranges say what is searched for."""

    name: str
    train_slices: Sequence[int]
    validation_slice: int
    ranges: Sequence[Mapping[str, Any]]
    baseline: str | None = None
    weights: Mapping[str, Any] | None = None
    revision: int | None = None  # None: the newest
    settings: Mapping[str, Any] = field(default_factory=dict)
    unlabelled: str = runs.LEAVE_OUT
    trials: int = 20
    repeats: int = 5
    minutes: float | None = None
    prune: bool = True


def checked_ranges(new: NewSearch) -> list[SettingRange]:
    """What is searched for. Raises BadInput for it, and for numbers that nobody could mean."""
    for name, value, least, most in (
        ("trials", new.trials, 1, MOST_TRIALS),
        ("repeats", new.repeats, LEAST_REPEATS, MOST_REPEATS),
        ("minutes", new.minutes, 1, 60 * 24 * 60),
    ):
        if value is not None and not least <= value <= most:
            raise _bad(name, f"Give a number from {least} to {most}.")
    try:
        return read_ranges(new.ranges)
    except BadRanges as error:
        errors = {f"ranges.{name}".rstrip("."): lines for name, lines in error.errors.items()}
        raise BadInput(str(error).removeprefix(": "), errors=errors) from error


def settings_of_search(dataset: Dataset, new: NewSearch) -> tuple[str, dict[str, Any]]:
    """The baseline and the unchanged settings, with a look at validation images after each epoch."""
    baseline, settings = runs.start_settings(dataset, as_run(new), None)
    if settings["seed"] > BOUNDS["seed"][1] - MOST_REPEATS - MOST_TRIALS:
        raise _bad("settings.seed", "Give a smaller seed: each training of the search takes another one.")
    for one in checked_ranges(new):
        for value in one.ends:
            _check_end(dataset, new, one.name, value)
    return baseline, {**settings, "validate": True}


def _check_end(dataset: Dataset, new: NewSearch, name: str, value: Any) -> None:
    """Raise BadInput where the baseline cannot be trained with an end of a range, or with a choice."""
    try:
        runs.start_settings(dataset, as_run(replace(new, settings={**new.settings, name: value})), None)
    except BadInput as error:
        raise _bad(f"ranges.{name}", str(error.detail)) from error


def as_run(new: NewSearch) -> NewRun:
    """The training of which the settings are searched."""
    return NewRun(
        name=new.name,
        train_slices=new.train_slices,
        validation_slice=new.validation_slice,
        baseline=new.baseline,
        weights=new.weights,
        revision=new.revision,
        settings=new.settings,
        evaluate=False,  # the search's own job judges each training, as it needs the figure
        unlabelled=new.unlabelled,
    )


def create_search(*, dataset: Dataset, new: NewSearch, by: User) -> SettingsSearch:
    """Check everything, freeze images and labels, and ask for the job that trains all. Managers and above.

    Raises what create_run raises, and BadInput for ranges that cannot be searched; then nothing is started.
    """
    access.check(by, dataset.project_id, Role.MANAGER)
    ranges = checked_ranges(new)
    dataset.refresh_from_db(fields=["head_revision"])
    _, settings = settings_of_search(dataset, new)
    validation = runs.slices_of(dataset, [new.validation_slice], "validation_slice")[0]
    runs.check_judged(validation, runs.revision_of(dataset, new.revision))
    with transaction.atomic():
        search = _store(
            dataset=dataset, name=new.name, ranges=ranges_json(ranges), trials=new.trials, repeats=new.repeats,
            minutes=new.minutes, prune=new.prune, seed=settings["seed"], created_by=by,
        )  # fmt: skip
        job = _enqueue(search, by)
        for number in range(1, new.repeats + 1):
            _add_repeat(search, new, settings, number, job, by)
        data = {"id": search.pk, "trials": new.trials, "repeats": new.repeats}
        audit.record(by=by, action="search.create", target=search, project=dataset.project_id, data=data)
    return search


def _add_repeat(
    search: SettingsSearch, new: NewSearch, settings: dict[str, Any], number: int, job: Job, by: User
) -> None:
    own = {**settings, "seed": search.seed + number - 1}
    name = runs.free_run_name(search.dataset, f"{search.name} repeat {number}")
    asked = as_run(new)
    wanted = NewRun(**{**vars(asked), "name": name, "settings": own})
    run = runs.create_run(dataset=search.dataset, new=wanted, by=by, within=job)
    values = {one["name"]: own[one["name"]] for one in search.ranges}
    Trial.objects.create(search=search, kind=Trial.Kind.REPEAT, number=number, values=values, run=run)


def _store(**columns: Any) -> SettingsSearch:
    try:
        with transaction.atomic():
            return SettingsSearch.objects.create(**columns)
    except IntegrityError as error:
        detail = f"There is a search named {columns['name']} already."
        raise Conflict(detail, errors={"name": [detail]}) from error


def _enqueue(search: SettingsSearch, author: User) -> Job:
    job = jobs.services.enqueue(
        kind=KIND,
        project=search.dataset.project,
        dataset=search.dataset,
        author=author,
        params={"search": search.pk},
        title=Title.of("search_settings", "Search settings: {search}", search=search.name),
        queue="gpu",
        link=f"/searches/{search.pk}",
    )
    search.job_id = job.pk
    search.save(update_fields=["job_id"])
    return job


def job_of(search: SettingsSearch) -> Job | None:
    """The job that trains it, or did last."""
    return Job.objects.filter(pk=search.job_id).first() if search.job_id else None


def cancel_search(*, search: SettingsSearch, by: User) -> Job:
    """Stop it; it can be resumed. Raises Conflict where it has ended. Managers and above."""
    access.check(by, search.dataset.project_id, Role.MANAGER)
    job = job_of(search)
    if job is None:
        raise Conflict("This search has no job to cancel.")
    return jobs.services.cancel(job=job, by=by)


def resume_search(*, search: SettingsSearch, by: User, trials: int | None = None, minutes: float | None = None) -> Job:
    """Go on with one that was cancelled, has failed, or has ended and is to try more. Managers and above.

    `trials` and `minutes` are how many and how long in all, where that is more than before. Raises Conflict while it
    goes, or where there is nothing left to try.
    """
    access.check(by, search.dataset.project_id, Role.MANAGER)
    with transaction.atomic():
        search = SettingsSearch.objects.select_for_update(of=("self",)).select_related("dataset__project").get(
            pk=search.pk
        )  # fmt: skip
        last = job_of(search)
        if last is not None and not last.ended:
            raise Conflict("This search is still going.")
        _extend(search, trials, minutes)
        if not _has_more_to_try(search, last):
            raise Conflict("All trials of this search have been trained. Give a larger number of trials or minutes.")
        job = _enqueue(search, by)
        _hand_over(search, job)
        data = {"id": search.pk, "trials": search.trials, "minutes": search.minutes}
        audit.record(by=by, action="search.resume", target=search, project=search.dataset.project_id, data=data)
    return job


def _extend(search: SettingsSearch, trials: int | None, minutes: float | None) -> None:
    if trials is not None:
        if not search.trials <= trials <= MOST_TRIALS:
            raise _bad("trials", f"Give {search.trials} to {MOST_TRIALS} trials: those that were planned stay planned.")
        search.trials = trials
    if minutes is not None:
        if minutes < (search.minutes or 0):
            raise _bad("minutes", "Give at least as many minutes as before.")
        search.minutes = minutes
    search.save(update_fields=["trials", "minutes"])


def _has_more_to_try(search: SettingsSearch, last: Job | None) -> bool:
    """A search that ended well for lack of time has; so has one that did not end well."""
    ended = search.tried.filter(kind=Trial.Kind.TRIAL, state__in=ENDED).count()
    if last is not None and last.state != Job.State.SUCCEEDED:
        return True
    spent = sum(search.tried.values_list("seconds", flat=True))
    return ended < search.trials and (search.minutes is None or spent < 60 * search.minutes)


def _hand_over(search: SettingsSearch, job: Job) -> None:
    """What is not finished is the new job's; a repeat that failed is trained again, since nothing is known without."""
    failed = search.tried.filter(kind=Trial.Kind.REPEAT, state=Trial.State.FAILED)
    failed.update(state=Trial.State.WAITING, problem="")
    open_runs = search.tried.exclude(state__in=ENDED).values_list("run_id", flat=True)
    Run.objects.filter(pk__in=[one for one in open_runs if one]).update(job_id=job.pk)


def delete_search(*, search: SettingsSearch, by: User) -> None:
    """Delete it with its runs and their checkpoints; predictions and evaluations stay. Managers and above.

    Raises Conflict while it goes, where other runs started from its weights, and where one is or was deployed.
    """
    access.check(by, search.dataset.project_id, Role.MANAGER)
    job = job_of(search)
    if job is not None and not job.ended:
        raise Conflict("This search is still going. Cancel it first.")
    own = list(Run.objects.filter(trial__search=search).select_related("dataset").order_by("-pk"))
    heirs = Run.objects.filter(start_checkpoint__run__in=own).exclude(pk__in=[one.pk for one in own])
    if heirs:
        names = ", ".join(heirs.values_list("name", flat=True))
        raise Conflict(f"Other runs started from its weights: {names}. Delete those first.")
    runs.check_not_deployed(own)
    for run in own:
        runs.delete_run(run=run, by=by)
    project, data = search.dataset.project_id, {"id": search.pk}
    with transaction.atomic():
        audit.record(by=by, action="search.delete", target=search, project=project, data=data)
        search.delete()


def _bad(name: str, sentence: str) -> BadInput:
    return BadInput(sentence, errors={name: [sentence]})
