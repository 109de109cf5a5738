"""The job of a search: repeats of the unchanged settings, then trial after trial. Safe to run again at any point."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import F
from django.utils import timezone

from curate.evaluations import creation
from curate.evaluations.creation import Thresholds
from curate.evaluations.evaluate import evaluate
from curate.models import Evaluation
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.reporting import PartOfReport, Report
from jobs.sentences import Sentence
from model.engines import EpochReport
from model.models import Run, SettingsSearch, Trial
from model.searches.ranges import SettingRange, read_ranges
from model.searches.study import Tried, is_hopeless, next_values
from model.services import runs
from model.services.training import train, work_name
from storage import blobs

MOST_FAILURES = 3  # trials one after the other
FAR = 100_003  # so that searches of neighbouring seeds ask for other values
TRAINED = 0.9  # of a training's progress; the rest is its evaluation


class TrialPruned(Exception):
    """The training under way is not worth going on with."""


def search(job: Job, report: Report) -> dict[str, Any]:
    """Train what is left to train. Every training is a run; what has been tried stands in the rows of the trials."""
    row = SettingsSearch.objects.select_related("dataset__project").filter(pk=job.params["search"]).first()
    if row is None:
        raise JobFailed("The search was deleted.")
    planned = row.repeats + row.trials
    while (trial := next_trial(row, job)) is not None:
        done = row.tried.filter(state__in=[Trial.State.COMPLETE, Trial.State.PRUNED, Trial.State.FAILED]).count()
        part = PartOfReport(report, (done / planned, (done + 1) / planned), doing(trial, row))
        TrialUnderWay(row, trial, part).go()
        row.refresh_from_db(fields=["trials", "minutes"])
    report(1.0, Sentence.of("done", "Done"))
    return {"search": row.pk, "trials": row.tried.filter(kind=Trial.Kind.TRIAL).count()}


def doing(trial: Trial, row: SettingsSearch) -> Sentence:
    if trial.kind == Trial.Kind.REPEAT:
        return Sentence.of("search_repeat", "Repeat {number} of {count}", number=trial.number, count=row.repeats)
    return Sentence.of("search_trial", "Trial {number} of {count}", number=trial.number, count=row.trials)


def next_trial(row: SettingsSearch, job: Job) -> Trial | None:
    """The training that was begun, else one that waits, else a new trial; None where there is to be no more."""
    unfinished = row.tried.filter(state__in=[Trial.State.RUNNING, Trial.State.WAITING])
    found = unfinished.select_related("run").order_by("state", "kind", "number").first()
    if found is not None:
        return found
    trials = list(row.tried.filter(kind=Trial.Kind.TRIAL).order_by("number"))
    if len(trials) >= row.trials or not has_time(row):
        return None
    last = trials[-MOST_FAILURES:]
    if len(last) == MOST_FAILURES and all(one.state == Trial.State.FAILED for one in last):
        raise JobFailed(f"{MOST_FAILURES} trials failed one after the other, the last one with: {last[-1].problem}")
    return new_trial(row, len(trials) + 1, job)


def has_time(row: SettingsSearch) -> bool:
    """Whether one more trial would, going by those before it, end within the minutes."""
    if row.minutes is None:
        return True
    seconds = list(row.tried.values_list("seconds", flat=True))
    return sum(seconds) + median(seconds) <= 60 * row.minutes


def new_trial(row: SettingsSearch, number: int, job: Job) -> Trial:
    """A trial of the most promising values, with a run on the images and labels of the repeats."""
    values = next_values(ranges_of(row), tried_so_far(row), row.seed * FAR + number)
    like = Run.objects.filter(trial__search=row, trial__kind=Trial.Kind.REPEAT).order_by("trial__number").first()
    if like is None:
        raise JobFailed("The runs of the unchanged settings were deleted, and with them the frozen images. Start anew.")
    run = Run.objects.create(
        dataset=row.dataset,
        name=runs.free_run_name(row.dataset, f"{row.name} trial {number}"),
        settings={**like.settings, **values, "seed": row.seed + row.repeats + number - 1},
        seed=row.seed + row.repeats + number - 1,
        job_id=job.pk,
        **{name: getattr(like, name) for name in (
            "baseline", "weights", "start_checkpoint", "validation_slice", "train_manifest", "validation_manifest",
            "revision", "unlabelled", "classes", "evaluate", "created_by",
        )},
    )  # fmt: skip
    run.train_slices.set(like.train_slices.all())
    return Trial.objects.create(search=row, kind=Trial.Kind.TRIAL, number=number, values=values, run=run)


def ranges_of(row: SettingsSearch) -> list[SettingRange]:
    return read_ranges(row.ranges)


def tried_so_far(row: SettingsSearch) -> list[Tried]:
    """What has ended, in the order in which it was trained; the repeats tell of the unchanged settings."""
    rows = row.tried.filter(state__in=[Trial.State.COMPLETE, Trial.State.PRUNED]).order_by("kind", "number")
    return [Tried(one.values, one.curve, one.value) for one in rows]


@dataclass
class TrialUnderWay:
    """One training of the search, from wherever an earlier attempt left it."""

    search: SettingsSearch
    trial: Trial
    report: Report
    since: float = field(default_factory=time.monotonic)  # what was last added to its seconds

    def go(self) -> None:
        """Train, judge, and note what came of it. Raises what stops the job, and JobFailed of a repeat's failure."""
        run = self._run()
        self._move(Trial.State.RUNNING)
        try:
            train(run=run, report=self.report, on_epoch=self._heard)
            self._move(Trial.State.COMPLETE, value=judged_value(run, self.report))
        except TrialPruned:
            self.report.log(f"{self.trial} was ended after epoch {len(self.trial.curve)}: below the median")
            self._move(Trial.State.PRUNED)
            blobs.clear_work(work_name(run.pk))
        except JobFailed as error:
            self._move(Trial.State.FAILED, problem=str(error))
            blobs.clear_work(work_name(run.pk))
            if self.trial.kind == Trial.Kind.REPEAT:
                raise JobFailed(f"The unchanged settings cannot be trained: {error}") from error
            self.report.log(f"{self.trial} failed: {error}")
        finally:
            self._count_seconds()

    def _run(self) -> Run:
        run = Run.objects.select_related("dataset__project", "prediction_set", "experiment").filter(
            pk=self.trial.run_id or 0
        ).first()  # fmt: skip
        if run is None:
            self._move(Trial.State.FAILED, problem="Its run was deleted.")
            raise JobFailed(f"The run of {self.trial} was deleted. Resume the search to go on without it.")
        Run.objects.filter(pk=run.pk).update(job_id=self.report.job.pk)
        return run

    def _move(self, state: Trial.State, **fields: Any) -> None:
        self.trial.state = state
        for name, value in fields.items():
            setattr(self.trial, name, value)
        self.trial.save(update_fields=["state", *fields])

    def _heard(self, epoch: EpochReport) -> None:
        """Note the figure of an epoch, and end the trial where it is hopeless."""
        self._count_seconds()
        self.trial.curve = [*self.trial.curve[: epoch.epoch - 1], epoch.metrics.get("mAP", 0.0)]
        self.trial.save(update_fields=["curve"])
        may_end = self.search.prune and self.trial.kind == Trial.Kind.TRIAL and epoch.epoch < epoch.epochs
        now = Tried(self.trial.values, self.trial.curve)
        if may_end and is_hopeless(ranges_of(self.search), tried_so_far(self.search), now):
            raise TrialPruned

    def _count_seconds(self) -> None:
        now = time.monotonic()
        Trial.objects.filter(pk=self.trial.pk).update(seconds=F("seconds") + (now - self.since))
        self.since = now


def judged_value(run: Run, report: Report) -> float:
    """mAP of the run's checkpoint by the evaluator, with its evaluation stored as any run's."""
    run.refresh_from_db(fields=["evaluation_id", "prediction_set"])
    found = Evaluation.objects.filter(pk=run.evaluation_id or 0).first()
    if found is None:
        if run.prediction_set is None:
            raise JobFailed("The predictions of this run were deleted.")
        found = creation.create(
            prediction_set=run.prediction_set,
            author=report.job.created_by,
            revision=run.revision,
            thresholds=Thresholds(),
        )
        Run.objects.filter(pk=run.pk).update(evaluation_id=found.pk)
    if found.finished_at is None:
        evaluate(found, report, progress=(TRAINED, 1.0))
        found.refresh_from_db(fields=["figures"])
    Run.objects.filter(pk=run.pk, finished_at=None).update(finished_at=timezone.now())
    return float((found.figures or {}).get("AP") or 0.0)
