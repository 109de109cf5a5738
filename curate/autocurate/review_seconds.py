"""What a look, a box drawn and an image opened take a person: as measured in Label, or by default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from curate.autocurate.review import saves_of, seconds_since
from curate.models import AutoCurate
from dataset.models import Dataset
from label.selectors.review_time import WorkedTasks, drawn_tasks, seconds_at_work, worked_tasks
from label.selectors.step_seconds import step_seconds
from science.autocurate.review_order import ReviewSeconds, measured_seconds, stepwise_seconds

ENOUGH_TASKS = 10
ENOUGH_STEPS = 10  # of each kind


@dataclass(frozen=True)
class KnownSeconds:
    """The seconds, and what they were learned from."""

    seconds: ReviewSeconds
    source: str  # dataset, project or default
    tasks: int  # whose time was measured


def review_seconds(dataset: Dataset) -> KnownSeconds:
    """Of suggestions, by single steps where enough were timed, else by the median task on which such were answered."""
    return _timed(dataset) or _known(dataset, worked_tasks)


def _timed(dataset: Dataset) -> KnownSeconds | None:
    """By the steps of the dataset, else of its project; None where there are too few of a kind."""
    for source, whole_project in (("dataset", False), ("project", True)):
        steps = step_seconds(dataset, whole_project=whole_project)
        if min(len(steps.decided), len(steps.drawn), len(steps.first)) >= ENOUGH_STEPS:
            seconds = stepwise_seconds(decided=steps.decided, drawn=steps.drawn, first=steps.first)
            return KnownSeconds(seconds, source, len(steps.first))
    return None


def labelling_seconds(dataset: Dataset) -> KnownSeconds:
    """Of images without labels, by the median task in which all boxes had to be found and drawn."""
    return _known(dataset, drawn_tasks)


def _known(dataset: Dataset, tasks_of: Callable[..., WorkedTasks]) -> KnownSeconds:
    """By the tasks of the dataset, else of its project, where there are enough; else the defaults."""
    here = tasks_of(dataset)
    if len(here) >= ENOUGH_TASKS:
        return KnownSeconds(_by(here), "dataset", len(here))
    around = tasks_of(dataset, whole_project=True)
    if len(around) >= ENOUGH_TASKS:
        return KnownSeconds(_by(around), "project", len(around))
    return KnownSeconds(ReviewSeconds(), "default", 0)


def _by(tasks: WorkedTasks) -> ReviewSeconds:
    return measured_seconds(active=tasks.active, answered=tasks.answered, redrawn=tasks.redrawn)


def minutes_so_far(run: AutoCurate) -> float:
    """What the verdicts took: time at work on the run's tasks in Label, and between other verdicts, pauses left out."""
    at_work = seconds_at_work(run)
    elsewhere = run.suggestions.exclude(image_id__in=at_work)
    decided = run.suggestions.filter(image_id__in=at_work).exclude(verdict="pending").values_list("image_id", flat=True)
    inside = sum(at_work[image] for image in set(decided))
    return (inside + seconds_since(saves_of(elsewhere))) / 60
