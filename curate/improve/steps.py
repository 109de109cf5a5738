"""The steps that a dataset can take next, each with what it may bring by this dataset's own measurements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accounts.problems import Problem
from curate.improve.curve_points import CurveRun, LearningCurve, curve_run, first_of_line, learning_curve_of
from curate.improve.learning_curve import FRACTIONS, check_run
from curate.improve.loop import Loop, open_tasks
from curate.improve.measurements import Measurements, corrections_within, minutes_left, minutes_of
from curate.models import AutoCurate, Comparison, Evaluation
from model.models import Run
from model.selectors.baselines import Baseline, baselines
from model.selectors.runs import metrics_of
from science.autocurate.review_order import ErrorSensitivity
from science.guidance.advice import (
    POINTS,
    Advice,
    StepSource,
    difference_of_runs,
    gain_of_corrections,
    gain_of_data,
    images_to_show,
    most_of_corrections,
    within_reach,
)
from science.guidance.power_law import NORMAL, CurvePoint, Range, fit_power_law

ARMS = 2  # trainings that prove a step: the treated one and its control
CLASSES_SHOWN = 3  # that more of is offered, the best
FEWEST_EPOCHS = 4  # with a figure, for a curve over epochs
EDGE_CASES = 100  # images, as auto-curate's default


@dataclass(frozen=True, eq=False)
class StepAdvice:
    """All advice on a loop that has a base."""

    loop: Loop
    minutes: float  # of people's time that one step may take
    measured: Measurements

    @cached_property
    def curve(self) -> LearningCurve:
        """Of the training that the base's line began with, as weights that go on have none of their own."""
        return learning_curve_of(first_of_line(self.base))

    @cached_property
    def there(self) -> CurveRun:
        """What the base was trained on."""
        return curve_run(self.base, None)

    @property
    def base(self) -> Run:
        return self.measured.base

    @property
    def machine(self) -> float | None:
        """Minutes of the trainings that prove a step."""
        each = self.measured.training_minutes
        return None if each is None else ARMS * each

    def all(self) -> list[Advice]:
        """Every step that is possible now, in no order."""
        found = [*self.label_errors(), *self.more_data(), *self.longer(), *self.larger()]
        return [*found, *self.more_validation([one.gain for one in found if one.gain is not None])]

    def label_errors(self) -> Iterator[Advice]:
        """Find label errors, or correct those that were found."""
        run = self.loop.correctable
        if run is not None:
            found = corrections_within(run, self.minutes)
            yield Advice(
                "correct",
                gain_of_corrections(found.worth, found.right),
                found.minutes,
                self.machine,
                "corrections",
                {"suggestions": found.suggestions, "right": found.right.value, "low": found.right.low,
                 "high": found.right.high},
                sources=(StepSource("auto_curate", run.pk),),
            )  # fmt: skip
        elif self.loop.found is None and self.loop.labelled:
            worst = vars(ErrorSensitivity())
            yield Advice(
                "find",
                None,
                0.0,
                self._times(2.0),  # two folds, each trained on half the images and judging the other half
                "errors_unknown",
                {"at_most": most_of_corrections(max(worst.values()))},
                needs=("find",),
                at_most=most_of_corrections(max(worst.values())),
            )

    def more_data(self) -> Iterator[Advice]:
        """More of a class, edge cases, or any images: of those not yet used, labelled or not."""
        if not self.measured.pool.images:
            return
        if self.curve.law is None:
            yield from self._measure_curve()
            return
        yield from self._more_of_classes()
        yield self._more_images()

    def _measure_curve(self) -> Iterator[Advice]:
        try:
            check_run(self.curve.run)
        except Problem as refusal:
            yield Advice("learning_curve", None, 0.0, None, "curve_impossible", {"reason": str(refusal)}, ("baseline",))
            return
        yield Advice(
            "learning_curve", None, 0.0, self._times(len(FRACTIONS)), "curve_unknown",
            {"images": self.measured.pool.images}, ("learning_curve",), (StepSource("run", self.curve.run.pk),),
        )  # fmt: skip

    def _more_of_classes(self) -> Iterator[Advice]:
        """The classes of which more are expected to bring most."""
        names = list(self.loop.dataset.classes.order_by("index").values_list("pk", "name"))
        found = [
            advice
            for index, (class_id, name) in enumerate(names)
            if (advice := self._more_of(class_id, name, index)) is not None
        ]
        order = sorted(found, key=lambda one: -(one.gain.value if one.gain else 0.0))
        yield from order[:CLASSES_SHOWN]

    def _more_of(self, class_id: int, name: str, index: int) -> Advice | None:
        law, whole, pool = self.curve.class_laws.get(class_id), self.there, self.measured.pool
        there = whole.boxes.get(class_id, 0)
        labelled = pool.boxes[class_id]
        rate = there / max(whole.images, 1)  # of the class on an image, where nobody has looked yet
        more = within_reach(labelled or rate * (pool.images - pool.labelled), there)
        if law is None or more < 1:
            return None
        people = 0.0 if labelled else more / rate * self.measured.labelling_seconds / 60
        classes = len(self.curve.runs[-1].classes)
        facts: dict[str, float | str] = {"boxes": round(more), "there": there, "name": name, "sizes": law.sizes}
        return Advice(
            "more_of_class", gain_of_data(law, more, classes, start=there), people, self.machine,
            "class_labelled" if labelled else "class_unlabelled", facts, (), self._curve_source(), class_index=index,
        )  # fmt: skip

    def _more_images(self) -> Advice:
        """Edge cases of the labelled images, or choose from those without labels what fits the time."""
        law, whole, pool = self.curve.law, self.there, self.measured.pool
        seconds = self.measured.labelling_seconds
        can = min(EDGE_CASES, pool.labelled) if pool.labelled else min(pool.images, 60 * self.minutes / seconds)
        images = within_reach(float(int(can)), whole.images)
        people = 0.0 if pool.labelled else images * seconds / 60
        gain = gain_of_data(law, images, start=whole.images) if law is not None else None
        return Advice(
            "edge_cases" if pool.labelled else "label", gain, people, self.machine,
            "edge_cases" if pool.labelled else "images_unlabelled",
            {"images": round(images), "there": whole.images, "sizes": law.sizes if law else 0}, (),
            self._curve_source(),
        )  # fmt: skip

    def _curve_source(self) -> tuple[StepSource, ...]:
        return (StepSource("learning_curve", self.curve.run.pk),)

    def longer(self) -> Iterator[Advice]:
        """Train on: by the figures of the epochs, else by what the last control gained from the same."""
        machine = self.measured.training_minutes
        facts = {"epochs": self.base.settings["epochs"]}
        source = (StepSource("run", self.base.pk),)
        unknown = Advice("longer", None, 0.0, machine, "longer_unknown", facts, ("longer",), source)
        yield self._by_epochs(machine) or self._by_control(machine) or unknown

    def _by_epochs(self, machine: float | None) -> Advice | None:
        rows = [(one.epoch, one.metrics.get("mAP")) for one in metrics_of(self.base)]
        points = [CurvePoint(epoch, ap, float("nan")) for epoch, ap in rows if ap is not None]
        law = fit_power_law(points) if len(points) >= FEWEST_EPOCHS else None
        if law is None:
            return None
        epochs = self.base.settings["epochs"]
        return Advice(
            "longer", gain_of_data(law, epochs), 0.0, machine, "longer_epochs", {"epochs": epochs}, (),
            (StepSource("run", self.base.pk),),
        )  # fmt: skip

    def _by_control(self, machine: float | None) -> Advice | None:
        """A control goes on from its parent on unchanged data: its gain is that of training longer."""
        rows = Run.objects.filter(dataset=self.loop.dataset, control_of__isnull=False, finished_at__isnull=False)
        for control in rows.select_related("parent").order_by("-pk"):
            pair = (self.loop.evaluations.get(control.parent_id or 0), self.loop.evaluations.get(control.pk))
            if pair[0] is not None and pair[1] is not None:
                gain, source = difference_between(pair[0], pair[1])
                return Advice("longer", gain, 0.0, machine, "longer_control", {"name": control.name}, (), (source,))
        return None

    def larger(self) -> Iterator[Advice]:
        """Another network: as measured side by side, else the next larger one is offered to be tried."""
        judged = self.loop.evaluation
        for run in reversed(self.loop.runs):
            theirs = self.loop.evaluations.get(run.pk)
            if (
                run.baseline != self.base.baseline
                and judged is not None
                and theirs is not None
                and _same(run, self.base)
            ):
                gain, source = difference_between(judged, theirs)
                said: dict[str, float | str] = {"name": run.name, "baseline": run.baseline}
                yield Advice("larger", gain, 0.0, minutes_of(run), "larger_measured", said, (), (source,))
                return
        known = baselines(self.loop.dataset.project_id)
        following = next_larger(known, self.base.baseline)
        if following is not None:
            times = gflops_of(known, following.architecture.name) / gflops_of(known, self.base.baseline)
            facts: dict[str, float | str] = {"baseline": following.architecture.title, "times": times}
            mine = (StepSource("run", self.base.pk),)
            yield Advice("larger", None, 0.0, self._times(times), "larger_unknown", facts, ("larger",), mine)

    def more_validation(self, gains: list[Range]) -> Iterator[Advice]:
        """More images to judge on, where what is expected is less than what the present ones can show."""
        judged = self.loop.evaluation
        smallest = POINTS * ((judged.interval or {}).get("smallest_shown") or 0.0) if judged else 0.0
        expected = max((one.value for one in gains), default=0.0)
        images = judged.manifest.image_count if judged else 0
        more = images_to_show(images, smallest, expected)
        larger = self.loop.validation_slice != self.base.validation_slice  # made already, for the next training
        if judged is None or not more or larger or not self.measured.pool.labelled:
            return
        facts = {"smallest": smallest, "expected": expected, "more": more, "have": self.measured.pool.labelled}
        yield Advice("validation", None, 0.0, None, "validation", facts, (), (StepSource("evaluation", judged.pk),))

    def _times(self, times: float) -> float | None:
        each = self.measured.training_minutes
        return None if each is None else times * each


def _same(one: Run, other: Run) -> bool:
    """Whether both were trained and judged on the same images and labels."""
    first, second = ((run.train_manifest_id, run.validation_manifest_id) for run in (one, other))
    return first == second


def next_larger(known: list[Baseline], name: str) -> Baseline | None:
    """The next larger network: with weights to start from where there is one, else of the same engine, if it has one.

    Sizes that are only there for trying out come last.
    """
    now = next((one.architecture for one in known if one.architecture.name == name), None)

    def rank(one: Baseline) -> tuple[bool, bool, bool, float]:
        other = one.architecture
        return not one.weights_available, other.engine != (now and now.engine), not other.pretrained, other.gflops

    return min((one for one in known if now and one.architecture.gflops > now.gflops), key=rank, default=None)


def gflops_of(known: list[Baseline], name: str) -> float:
    """0 of a network that is none of them."""
    return next((one.architecture.gflops for one in known if one.architecture.name == name), 0.0)


def difference_between(a: Evaluation, b: Evaluation) -> tuple[Range, StepSource]:
    """Points of mAP that b is above a: as a comparison has it, else from both intervals."""
    compared = Comparison.objects.filter(a=a, b=b, finished_at__isnull=False).first()
    delta = (compared.result or {})["delta"]["mAP"] if compared is not None else {}
    ends: list[float] = [delta[name] for name in ("value", "low", "high") if delta.get(name) is not None]
    if compared is not None and len(ends) == 3:
        return Range(*(POINTS * end for end in ends)), StepSource("comparison", compared.pk)
    return difference_of_runs(_figure(a), _figure(b)), StepSource("evaluation", b.pk)


def _figure(one: Evaluation) -> tuple[float, float]:
    """AP and its standard error; none where one unit is all."""
    interval = one.interval or {}
    low, high = interval.get("low"), interval.get("high")
    error = (high - low) / (2 * NORMAL) if low is not None and high is not None else np.nan
    return float((one.figures or {}).get("AP") or 0.0), float(error)


def structural(loop: Loop, skipped: set[tuple[str, int | None]]) -> Advice | None:
    """What has to come next whatever it brings: what the rest is built on, or what has begun and is not ended."""
    return next((one for one in _structural(loop) if (one.step, None) not in skipped), None)


def _structural(loop: Loop) -> Iterator[Advice]:
    chosen = loop.chosen
    if not loop.has_images:
        yield Advice("import", None, 0.0, None, "no_images")
    elif loop.base is None:
        yield from _begun(loop)
        if loop.labelled:
            yield Advice("train" if loop.split else "split", None, 0.0, None, "no_run" if loop.split else "no_split")
        elif loop.batch is None and (chosen is None or chosen.pk not in loop.sent):
            yield Advice("label", None, 0.0, None, "no_labels" if chosen is None else "chosen", _picked(loop))
    else:
        yield from _unproven(loop, loop.base)
        yield from _begun(loop)
        yield from _back(loop, loop.base)


def _unproven(loop: Loop, base: Run) -> Iterator[Advice]:
    """What is not known yet of the last training."""
    if loop.waits_for_proof and loop.proof is not None:
        sources = (StepSource("evaluation", loop.proof.before.pk), StepSource("evaluation", loop.proof.after.pk))
        yield Advice("prove", None, 0.0, None, "unproven", sources=sources)
    if loop.evaluation is None:
        yield Advice("diagnose", None, 0.0, None, "no_evaluation", sources=(StepSource("run", base.pk),))


def _begun(loop: Loop) -> Iterator[Advice]:
    """What people are at."""
    if loop.batch is not None:
        tasks = open_tasks(loop.batch)
        facts: dict[str, float | str] = {"tasks": tasks, "name": loop.batch.name}
        why = "batch_open" if tasks else "batch_done"
        gain = _gain_of(loop.batch.auto_curate) if tasks else None
        yield Advice("correct", gain, minutes_left(loop.batch), 0.0, why, facts, sources=_batch_source(loop))


def _gain_of(run: AutoCurate | None) -> Range | None:
    """What all suggestions that are still open may bring, of a search for mislabels."""
    if run is None or run.kind != AutoCurate.Kind.MISLABELS:
        return None
    left = corrections_within(run, float("inf"))
    return gain_of_corrections(left.worth, left.right)


def _back(loop: Loop, base: Run) -> Iterator[Advice]:
    """What came back from people, or was chosen, and was not trained on yet."""
    minutes, chosen = minutes_of(base), loop.chosen
    if loop.batch is None and (loop.merged or loop.ready):
        machine = None if minutes is None else ARMS * minutes
        why = "labels_changed" if loop.merged else "images_chosen"
        yield Advice("retrain", None, 0.0, machine, why, sources=(StepSource("run", base.pk),))
    if chosen is not None and chosen.pk not in loop.sent and loop.unlabelled(chosen):
        yield Advice("label", None, 0.0, None, "chosen", _picked(loop), sources=(StepSource("auto_curate", chosen.pk),))


def _picked(loop: Loop) -> dict[str, float | str]:
    return {"images": len(loop.chosen.picked_ids)} if loop.chosen else {}


def _batch_source(loop: Loop) -> tuple[StepSource, ...]:
    return (StepSource("batch", loop.batch.pk),) if loop.batch else ()
