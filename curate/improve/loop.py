"""Where a dataset is in the loop: read from its slices, runs, auto-curate runs, batches and comparisons.

Nothing of this is stored: whoever does a step by hand, through the API or with `./halfday improve` is where it leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import Q

from curate.autocurate.label_pool import without_labels
from curate.autocurate.reads import with_counts
from curate.evaluations.reads import HEAVY
from curate.improve.curve_points import ORIGIN
from curate.models import AutoCurate, Comparison, Evaluation
from dataset.models import Annotation, Dataset, Image, Slice
from jobs.models import Job
from label.models import Batch
from label.selectors.batches import with_progress
from model.models import Run

# The jobs that a step of the loop is waiting for.
KINDS = [
    "split", "train", "predict", "evaluate", "find_mislabels", "find_edge_cases", "choose_what_to_label",
    "find_rare_classes", "compare", "learning_curve",
]  # fmt: skip
# Their slices are labelled, or trained on.
CHOSEN = [AutoCurate.Kind.EDGE_CASES, AutoCurate.Kind.LABEL_SELECTION, AutoCurate.Kind.RARE_CLASSES]
IMPROVE = "improve"  # of the slices that a step makes: {"kind", "step", "run"}
OPEN_TASKS = ("to_label", "in_progress", "in_review")


class Stage(StrEnum):
    """What a round goes through."""

    SPLIT = "split"
    TRAIN = "train"
    DIAGNOSE = "diagnose"
    FIND = "find"
    CORRECT = "correct"
    RETRAIN = "retrain"
    PROVE = "prove"


@dataclass(frozen=True, eq=False)
class ProofPair:
    """Two evaluations whose difference says what a step brought: before (the control, where there is one) and after."""

    before: Evaluation
    after: Evaluation


@dataclass(frozen=True, eq=False)
class Loop:
    """A dataset's place in the loop. Each fact is read once, when it is asked for."""

    dataset: Dataset

    @cached_property
    def labelled(self) -> bool:
        """Whether any image has a label now."""
        return Annotation.objects.filter(dataset=self.dataset, died=None, ignore=0).exists()

    @cached_property
    def has_images(self) -> bool:
        return Image.objects.filter(dataset=self.dataset).exists()

    @cached_property
    def split(self) -> list[Slice]:
        """The two slices of the newest split that are both still there, training first; else none."""
        for run in self.dataset.auto_curates.filter(kind=AutoCurate.Kind.SPLIT, finished_at__isnull=False).order_by(
            "-pk"
        ):
            found = Slice.objects.in_bulk(run.slice_ids)
            if len(found) == 2:
                return [found[pk] for pk in run.slice_ids]
        return []

    @cached_property
    def runs(self) -> list[Run]:
        """The finished trainings that are neither controls nor parts of a learning curve, oldest first."""
        rows = Run.objects.filter(dataset=self.dataset, finished_at__isnull=False, control_of=None)
        rows = rows.exclude(train_slices__origin__kind=ORIGIN)
        manifests = ("train_manifest", "validation_manifest")
        related = ("validation_slice", "start_checkpoint", "parent", "dataset__project", *manifests)
        return list(rows.select_related(*related).order_by("pk"))

    @cached_property
    def steps(self) -> list[tuple[Run | None, Run]]:
        """Each base with the one before it. A run of another network becomes the base only where it is better."""
        found: list[tuple[Run | None, Run]] = []
        for run in self.runs:
            before = found[-1][1] if found else None
            if before is None or run.baseline == before.baseline or self.ap_of(run) > self.ap_of(before):
                found.append((before, run))
        return found

    @cached_property
    def base(self) -> Run | None:
        """The training that the next step goes on from."""
        return self.steps[-1][1] if self.steps else None

    @cached_property
    def evaluations(self) -> dict[int, Evaluation]:
        """The newest finished evaluation of each run (controls too) on its own validation images, by run id."""
        runs = Run.objects.filter(dataset=self.dataset, prediction_set__isnull=False)
        named = list(runs.values_list("pk", "prediction_set_id", "validation_manifest_id"))
        rows = Evaluation.objects.filter(
            of=None, finished_at__isnull=False, prediction_set__in=[one for _, one, _ in named]
        )
        judged = {
            (row.prediction_set_id, row.manifest_id): row
            for row in rows.select_related("manifest").defer(*HEAVY, "manifest__image_ids").order_by("pk")
        }
        return {pk: judged[made, on] for pk, made, on in named if on is not None and (made, on) in judged}

    @cached_property
    def evaluation(self) -> Evaluation | None:
        """The base's."""
        return self.evaluations.get(self.base.pk) if self.base else None

    def ap_of(self, run: Run) -> float:
        found = self.evaluations.get(run.pk)
        return float((found.figures or {}).get("AP") or 0.0) if found else 0.0

    def control_for(self, run: Run) -> Run | None:
        """The finished control of a run."""
        return run.controls.filter(finished_at__isnull=False).order_by("-pk").first()

    @cached_property
    def trains_control(self) -> bool:
        """Whether the base waits for the control that it is measured against."""
        if self.base is None:
            return False
        waiting = [pk for pk in self.base.controls.filter(finished_at=None).values_list("job_id", flat=True) if pk]
        return Job.objects.filter(pk__in=waiting).exclude(state__in=Job.ENDED).exists()

    @cached_property
    def proof(self) -> ProofPair | None:
        """What the last step is to be proven by; None where there was none, or an evaluation is missing."""
        if not self.steps or self.steps[-1][0] is None:
            return None
        before, base = self.steps[-1]
        if self.trains_control:
            return None
        control = self.control_for(base) or before
        first = self.evaluations.get(control.pk) if control else None
        second = self.evaluations.get(base.pk)
        if first is None or second is None or not have_common_images(first, second):
            return None
        return ProofPair(first, second)

    @cached_property
    def proven(self) -> Comparison | None:
        """The comparison that says what the last step brought, once it is asked for."""
        if self.proof is None:
            return None
        return Comparison.objects.filter(a=self.proof.before, b=self.proof.after).first()

    @cached_property
    def waits_for_proof(self) -> bool:
        return self.proof is not None and (self.proven is None or self.proven.finished_at is None)

    @cached_property
    def found(self) -> AutoCurate | None:
        """The newest finished search for mislabels that looked at labels no older than the base's."""
        return self._fresh([AutoCurate.Kind.MISLABELS])

    @cached_property
    def chosen(self) -> AutoCurate | None:
        """The newest finished choice of images (edge cases, what to label) that the base was not yet trained on."""
        run = self._fresh(CHOSEN)
        if run is None or self.base is None:
            return run
        trained = set(self.base.train_manifest.image_ids if self.base.train_manifest else [])
        return run if set(run.picked_ids) - trained else None

    def _fresh(self, kinds: Sequence[str]) -> AutoCurate | None:
        rows = with_counts(AutoCurate.objects.filter(dataset=self.dataset, kind__in=kinds, finished_at__isnull=False))
        least = self.base.revision if self.base else 0
        return next((one for one in rows.order_by("-pk") if one.source.get("revision", 0) >= least), None)

    @cached_property
    def batch(self) -> Batch | None:
        """The open batch that this round waits for, with its progress."""
        made = Q(auto_curate__in=[one.pk for one in (self.found, self.chosen) if one])
        least = self.base.revision if self.base else 0
        rows = Batch.objects.filter(made, dataset=self.dataset, state=Batch.State.OPEN, base__gte=least)
        newest = rows.order_by("-pk").first()
        return with_progress([newest])[0] if newest else None

    @cached_property
    def merged(self) -> list[Batch]:
        """The batches of this round whose work has come back."""
        if self.base is None:
            return []
        rows = Batch.objects.filter(dataset=self.dataset, merged__number__gt=self.base.revision)
        return list(rows.select_related("slice", "auto_curate", "merged").order_by("pk"))

    @cached_property
    def sent(self) -> set[int]:
        """The auto-curate runs that were sent to Label, whatever became of the batch."""
        rows = Batch.objects.filter(dataset=self.dataset, auto_curate__isnull=False)
        return {pk for pk in rows.values_list("auto_curate_id", flat=True) if pk is not None}

    @property
    def correctable(self) -> AutoCurate | None:
        """The fresh search for mislabels, where it found some and nobody was sent them yet."""
        run = self.found
        return run if run is not None and run.suggestion_count and run.pk not in self.sent else None  # type: ignore[attr-defined]

    @cached_property
    def ready(self) -> list[Slice]:
        """Slices with labels that the base was not trained on: what came back from Label, or was chosen with labels."""
        runs = [one.auto_curate for one in self.merged if one.auto_curate and one.auto_curate.kind in CHOSEN]
        if self.chosen is not None and self.chosen.pk not in self.sent and not self.unlabelled(self.chosen):
            runs.append(self.chosen)
        ids = [pk for run in runs for pk in run.slice_ids]
        found = Slice.objects.in_bulk(ids)
        return [found[pk] for pk in dict.fromkeys(ids) if pk in found]

    def unlabelled(self, chosen: AutoCurate) -> int:
        """How many of the chosen images are not labelled: one on which there is nothing is."""
        return without_labels(Image.objects.filter(pk__in=chosen.picked_ids)).count()

    @cached_property
    def validation_slice(self) -> Slice | None:
        """What the next trainings are judged on: the larger slice that was made for it, else the base's."""
        larger = self.dataset.slices.filter(origin__kind=IMPROVE, origin__step="validation").order_by("-pk").first()
        return larger or (self.base.validation_slice if self.base else None)

    @cached_property
    def job(self) -> Job | None:
        """The oldest job of the loop that waits or runs: what one is waiting for."""
        rows = Job.objects.filter(dataset_id=self.dataset.pk, kind__in=KINDS).exclude(state__in=Job.ENDED)
        return rows.select_related("created_by").order_by("-state", "pk").first()

    @cached_property
    def failed(self) -> Job | None:
        """The newest job of the loop, if it failed: what to look at before going on."""
        newest = Job.objects.filter(dataset_id=self.dataset.pk, kind__in=KINDS).order_by("-pk").first()
        return newest if newest is not None and newest.state == Job.State.FAILED else None

    @cached_property
    def stage(self) -> Stage:
        """Where the round is, by what there is; whoever skips steps goes on from here all the same."""
        if self.base is None:
            return Stage.TRAIN if self.split else Stage.SPLIT
        if self.job is not None and self.job.kind == "train":
            return Stage.RETRAIN
        if self.waits_for_proof:
            return Stage.PROVE
        if self.evaluation is None:
            return Stage.DIAGNOSE
        if self.batch is None and (self.merged or self.ready):
            return Stage.RETRAIN
        return Stage.CORRECT if self.batch is not None or self.correctable is not None else Stage.FIND


def have_common_images(first: Evaluation, second: Evaluation) -> bool:
    """Whether there is anything to compare two evaluations on."""
    same = first.manifest_id == second.manifest_id
    return same or bool(set(first.manifest.image_ids) & set(second.manifest.image_ids))


def open_tasks(batch: Batch) -> int:
    """How many tasks people have still to finish."""
    return sum(batch.progress.get(state, 0) for state in OPEN_TASKS)
