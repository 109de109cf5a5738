"""Searches as lists and pages show them: what was tried, the noise floor, and what is better than it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from dataset.models import Dataset
from jobs.models import Job
from model.models import Run, SettingsSearch, Trial
from model.searches.asking import NewSearch, checked_ranges, settings_of_search
from model.selectors.estimates import bytes_of_run, speed_of
from model.services import runs
from science.evaluation.noise_floor import NoiseFloor, noise_floor, spreads_above


@dataclass(frozen=True)
class SearchStanding:
    """Where a search is, and what it shows so far."""

    job: Job | None
    state: str
    like: Run | None  # the first repeat: data, weights and unchanged settings
    tried: list[Trial]
    floor: NoiseFloor | None
    floor_missing: str  # why there is no floor: waits, equal, or empty
    best: Trial | None
    better: set[int]  # ids of trials above the floor
    seconds: float


def searches() -> QuerySet[SettingsSearch]:
    """All of them, with what their shape shows."""
    return SettingsSearch.objects.select_related("dataset", "created_by")


def standings_of_searches(rows: Sequence[SettingsSearch]) -> list[SearchStanding]:
    """Where each of them is; the queries do not grow with the rows."""
    known = Job.objects.select_related("created_by").in_bulk([row.job_id for row in rows if row.job_id])
    tried: dict[int, list[Trial]] = defaultdict(list)
    for one in Trial.objects.filter(search__in=rows).select_related("run__validation_slice").order_by("kind", "number"):
        tried[one.search_id].append(one)
    return [_standing(row, known.get(row.job_id or 0), tried[row.pk]) for row in rows]


def _standing(row: SettingsSearch, job: Job | None, tried: list[Trial]) -> SearchStanding:
    is_going = job is not None and not job.ended
    for one in tried:
        if one.state == Trial.State.RUNNING and (job is None or job.state != Job.State.RUNNING):
            one.state = Trial.State.WAITING  # for a worker that goes on with it
    values = [one.value for one in tried if one.kind == Trial.Kind.REPEAT and one.value is not None]
    own = [one for one in tried if one.kind == Trial.Kind.TRIAL]
    counted = row.trials if is_going else sum(one.state in (Trial.State.COMPLETE, Trial.State.PRUNED) for one in own)
    floor = noise_floor(values, counted) if len(values) == row.repeats else None
    complete = [one for one in own if one.value is not None]
    return SearchStanding(
        job=job,
        state=job.state if job else Job.State.FAILED,
        like=next((one.run for one in tried if one.kind == Trial.Kind.REPEAT and one.run is not None), None),
        tried=tried,
        floor=floor,
        floor_missing="" if floor else "equal" if len(values) == row.repeats else "waits",
        best=max(complete, key=lambda one: one.value or 0.0, default=None),
        better={one.pk for one in complete if floor is not None and (one.value or 0.0) > floor.bound},
        seconds=sum(one.seconds for one in tried),
    )


@dataclass(frozen=True)
class SearchCost:
    """What a search would take at most; None for what nobody knows yet."""

    runs: int
    seconds: float | None  # one training after the other, none pruned
    images_per_second: float | None
    disk_bytes: int | None
    spreads: float  # standard deviations above the mean that a trial must lie to be called better


def cost_of_search(dataset: Dataset, new: NewSearch) -> SearchCost:
    """Price it as create_search would start it; nothing is stored. Raises BadInput as that does."""
    checked_ranges(new)
    dataset.refresh_from_db(fields=["head_revision"])
    baseline, settings = settings_of_search(dataset, new)
    slices = runs.slices_of(dataset, new.train_slices, "train_slices")
    images = len(runs.images_to_train(dataset, slices, runs.revision_of(dataset, new.revision)))
    count = new.repeats + new.trials
    speed = speed_of(baseline=baseline, settings=settings)
    seconds = count * (images * settings["epochs"] / speed.images_per_second + speed.beside) if speed else None
    each = bytes_of_run(baseline)
    return SearchCost(
        runs=count,
        seconds=seconds,
        images_per_second=speed.images_per_second if speed else None,
        disk_bytes=None if each is None else count * each,
        spreads=spreads_above(new.repeats, new.trials),
    )


def searches_of(dataset: Dataset) -> QuerySet[SettingsSearch]:
    return searches().filter(dataset=dataset)
