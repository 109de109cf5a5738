"""The job that judges a run of an experiment, and with it what the experiment shows so far."""

from typing import Any

from django.db import transaction

import jobs.services
from accounts import access, audit
from accounts.models import Role, User
from accounts.problems import Conflict
from curate.comparisons.over_seeds import SeedPair, remembered, seeds_compared
from curate.evaluations import creation
from curate.evaluations.creation import Thresholds
from curate.evaluations.evaluate import evaluate
from curate.models import Evaluation
from dataset.models import PredictionSet
from jobs.models import Job
from jobs.reporting import Report
from jobs.sentences import Sentence
from jobs.titles import Title
from model.models import Experiment, Run

JOB_KIND = "judge_experiment"
JUDGED = 0.6  # of the job's progress; the rest is the comparison over seeds


@transaction.atomic
def ask_for_run(*, run: Run, prediction_set: PredictionSet, author: User | None) -> Evaluation:
    """Have a run of an experiment evaluated, and the experiment judged by the same job, so that it sees the result."""
    evaluation = creation.create(
        prediction_set=prediction_set, author=author, revision=run.revision, thresholds=Thresholds()
    )
    job = _enqueue(run.experiment, author=author)
    evaluation.job_id = job.pk
    evaluation.save(update_fields=["job_id"])
    Run.objects.filter(pk=run.pk).update(evaluation_id=evaluation.pk)
    return evaluation


def judge_again(*, experiment: Experiment, by: User) -> Job:
    """Judge it anew, and the runs whose evaluation failed. Raises Conflict while it is judged. Managers and above."""
    access.check(by, experiment.dataset.project_id, Role.MANAGER)
    with transaction.atomic():
        if Job.objects.filter(pk=experiment.job_id or 0).exclude(state__in=Job.ENDED).exists():
            raise Conflict("It is being judged.")
        job = _enqueue(experiment, author=by)
        unfinished = [one.pk for one in _evaluations(experiment).values() if one.finished_at is None]
        Evaluation.objects.filter(pk__in=unfinished).update(job_id=job.pk)
        audit.record(by=by, action="experiment.judge", target=experiment, project=experiment.dataset.project_id)
    return job


def _enqueue(experiment: Experiment | None, *, author: User | None) -> Job:
    if experiment is None:
        raise ValueError("the run belongs to no experiment")
    job = jobs.services.enqueue(
        kind=JOB_KIND,
        project=experiment.dataset.project,
        dataset=experiment.dataset,
        author=author,
        params={"experiment": experiment.pk},
        title=Title.of("judge_experiment", "Judge {experiment}", experiment=experiment.name),
        link=f"/experiments/{experiment.pk}",
    )
    Experiment.objects.filter(pk=experiment.pk).update(job_id=job.pk)
    return job


def judge(job: Job, report: Report) -> dict[str, Any]:
    """Evaluate what waits for this job, then look at the experiment as a whole. Safe to run twice."""
    waiting = Evaluation.objects.filter(job_id=job.pk, finished_at=None).order_by("pk")
    for evaluation in waiting:
        evaluate(evaluation, report, progress=(0.0, JUDGED))
    experiment = Experiment.objects.select_related("dataset", "parent").filter(pk=job.params["experiment"]).first()
    if experiment is None:
        return {"experiment": None}
    report(JUDGED, Sentence.of("comparing_arms", "Comparing the arms over seeds"))
    found = look_at(experiment, report)
    if found is not None:
        _keep(experiment.pk, found)
    report(1.0)
    return {"experiment": experiment.pk, "pairs": found["pairs"] if found else 0}


def look_at(experiment: Experiment, report: Report) -> dict[str, Any] | None:
    """What the runs show that are judged by now; None while there is no pair."""
    pairs = finished_pairs(experiment)
    if not pairs:
        return None
    revision = max(treatment.revision for treatment, _ in pairs)
    found = seeds_compared(
        experiment.dataset,
        [SeedPair(one.seed, _set_of(one), _set_of(other) if other else None) for one, other in pairs],
        revision=revision,
        planned=len(experiment.seeds),
        has_control=experiment.control,
    )
    report(0.9, Sentence.of("looking_for_forgotten", "Looking for what was forgotten"))
    found["memory"] = _memory(experiment, [treatment for treatment, _ in pairs])
    found["runs"] = [{"treatment": one.pk, "control": other.pk if other else None} for one, other in pairs]
    found["best"] = _best(found)
    return found


def finished_pairs(experiment: Experiment) -> list[tuple[Run, Run | None]]:
    """Treatment and control of each seed of which both are judged, in the order of the seeds."""
    judged = {pk for pk, one in _evaluations(experiment).items() if one.finished_at is not None}
    rows = experiment.runs.exclude(prediction_set=None).select_related(
        "prediction_set__manifest", "memory_set__manifest"
    )
    by_arm = {(row.arm, row.seed): row for row in rows if row.evaluation_id in judged}
    pairs = [(by_arm.get((Run.Arm.TREATMENT, seed)), by_arm.get((Run.Arm.CONTROL, seed))) for seed in experiment.seeds]
    return [(one, other) for one, other in pairs if one and (other or not experiment.control)]


def _evaluations(experiment: Experiment) -> dict[int, Evaluation]:
    ids = experiment.runs.exclude(evaluation_id=None).values_list("evaluation_id", flat=True)
    return Evaluation.objects.in_bulk([one for one in ids if one is not None])


def _set_of(run: Run) -> PredictionSet:
    if run.prediction_set is None:
        raise ValueError("the run has no predictions")
    return run.prediction_set


def _memory(experiment: Experiment, treated: list[Run]) -> list[dict[str, Any]]:
    """Of each run of the treatment, what it forgot; nothing without a parent that has predictions."""
    parent = experiment.parent
    if parent is None or parent.prediction_set is None:
        return []
    earlier = {one["run"]: one for one in (experiment.result or {}).get("memory", [])}
    watched = list(experiment.watched.order_by("pk"))
    return [
        earlier.get(run.pk)
        or {
            "run": run.pk,
            **remembered(
                experiment.dataset,
                parent.prediction_set,
                run.memory_set or _set_of(run),
                revision=run.revision,
                known=parent.classes,
                slices=watched,
            ),
        }
        for run in treated
    ]


def _best(found: dict[str, Any]) -> dict[str, Any]:
    """The treatment's run of the highest mAP that forgot nothing, and those that are held back for what they forgot."""
    forgot = {one["run"]: one["forgot"] for one in found["memory"]}
    values = {
        pair["treatment"]: value
        for pair, value in zip(found["runs"], found["arms"]["treatment"]["values"], strict=True)
    }
    held_back = [run for run in values if forgot.get(run)]
    free = {run: value for run, value in values.items() if run not in held_back and value is not None}
    return {"run": max(free, key=free.__getitem__) if free else None, "held_back": held_back}


def _keep(experiment_id: int, found: dict[str, Any]) -> None:
    """Store a look, unless a later one is there already, and end the experiment where the look says so."""
    with transaction.atomic():
        experiment = Experiment.objects.select_for_update().filter(pk=experiment_id).first()
        if experiment is None or (experiment.result or {}).get("pairs", 0) > found["pairs"]:
            return
        look = found["look"]
        if look is not None:
            others = [
                one for one in experiment.looks if (one["pairs"], one["planned"]) != (look["pairs"], look["planned"])
            ]
            experiment.looks = [*others, look]
        experiment.result = found
        if look is not None and look["stops"] and experiment.early_stop and experiment.stopped is None:
            saved = _stop(experiment)
            experiment.stopped = {"pairs": look["pairs"], "planned": look["planned"], "saved": saved} if saved else None
        experiment.save(update_fields=["looks", "result", "stopped"])


def _stop(experiment: Experiment) -> int:
    """Cancel the runs that are left; returns how many. Nobody asked: it was agreed when the experiment was started."""
    ids = experiment.runs.filter(finished_at=None, evaluation_id=None).values_list("job_id", flat=True)
    left = Job.objects.filter(pk__in=[one for one in ids if one]).exclude(state__in=Job.ENDED)
    saved = sum(job.cancel_queued() or job.ask_to_cancel() for job in left)
    if saved:
        data = {"id": experiment.pk, "runs": saved}
        audit.record(
            by=None, action="experiment.stop_early", target=experiment, project=experiment.dataset.project_id, data=data
        )
    return saved
