"""The experiment, step by step, through the REST API only."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client.nouns import Run, Slice
from demo.console import count_by, shown_by_kind
from demo.desk import Desk, Trained, Training
from demo.material import LabelledPicture, Material, write_archive
from demo.plant import ImageLabels, Planted, plant
from demo.review import Review, ReviewHabits, review_batch
from demo.table import LoopRow, MapGain

PROJECT = "Halfday demo"
TRAIN, VALIDATION = "train experiment v1", "validation experiment v1"
RAREST = 3  # classes
AN_ARCHIVE = 5000  # images of an upload, at most


@dataclass(frozen=True)
class Arms:
    """What all arms share: where they start, what they are judged on, and the labels before and after correction."""

    train: Slice
    validation: Slice
    baseline: Trained
    before: int  # revision
    after: int  # revision


@dataclass
class Replay:
    """One replay. `rows` and `facts` fill up as the steps are taken."""

    desk: Desk
    material: Material
    folder: Path  # for the archives
    weights: dict[str, Any]  # what the baseline and the folds start from
    habits: ReviewHabits = field(default_factory=ReviewHabits)
    with_ceiling: bool = False  # whether a further arm shows what all planted errors together cost
    rows: list[LoopRow] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)  # for the report
    planted: list[Planted] = field(default_factory=list)  # known to the demo alone
    truth: dict[str, ImageLabels] = field(default_factory=dict)  # by the image's key; known to the demo alone
    class_ids: list[int] = field(default_factory=list)  # of the platform, in the order of the material's names
    began: float = 0.0  # when the present step began

    def run(self) -> None:
        """All steps."""
        self.import_material()
        train, validation = self.split()
        self.clean(validation)
        baseline = self.train_baseline(train, validation)
        self.diagnose(baseline)
        found = self.find_mislabels(train)
        before = self.desk.now()["head_revision"]
        self.correct(found)
        arms = Arms(train, validation, baseline, before, self.desk.now()["head_revision"])
        corrected, control = self.train_corrected(arms)
        if self.with_ceiling:
            self.train_ceiling(arms, control, corrected)
        final = self.train_with_more(arms, control, self.choose_more(arms))
        self.compare_first_and_last(baseline, control, final)

    def import_material(self) -> None:
        """Give the platform the images, with planted errors in the experiment's labels and none in the pool's."""
        material, api = self.material, self.desk.halfday
        self._step(f"Import {len(material.pictures)} images, {len(material.pool)} of them a pool")
        self.truth = {p.labels.key: p.labels for p in material.pictures}
        true = [p.labels for p in material.experiment]
        given, self.planted = plant(true, self.desk.preset.plant, material.class_names, self.desk.seed)
        project = project_of(self.desk)
        name = free_name(material.title, {d["name"] for d in api.datasets.list(project)})
        self.desk.dataset = api.datasets.create(project=project, name=name, classes=material.class_names)["id"]
        self._import("experiment", material.experiment, given)
        self._import("pool", material.pool, [p.labels for p in material.pool])
        if material.validation:
            self._import("validation", material.validation, [p.labels for p in material.validation])
        self.class_ids = [c["id"] for c in sorted(self.desk.now()["classes"], key=lambda c: c["index"])]
        for note in material.notes:
            self._say(note)
        self._say(f"planted errors, known to the demo alone: {shown_by_kind(count_by(self.planted, 'kind'))}")
        self._row("imported", len(self.truth), link=self.desk.link("datasets", self.desk.dataset))

    def _import(self, part: str, pictures: Sequence[LabelledPicture], given: Sequence[ImageLabels]) -> None:
        """In archives that are small enough for any disk, one after the other."""
        for first in range(0, len(pictures), AN_ARCHIVE):
            chosen = slice(first, first + AN_ARCHIVE)
            self._import_archive(part, pictures[chosen], given[chosen])

    def _import_archive(self, part: str, pictures: Sequence[LabelledPicture], given: Sequence[ImageLabels]) -> None:
        archive = write_archive(self.folder / f"{part}.zip", pictures, given, self.material.class_names)
        job = self.desk.halfday.datasets.upload(self.desk.dataset, archive, format="coco", metadata={"part": part})
        report = self.desk.wait(job)
        archive.unlink()
        images, boxes, problems = report.get("images", {}), report.get("boxes", {}), report.get("problems_total", 0)
        self._say(f"{part}: {images.get('added', 0)} images, {boxes.get('added', 0)} boxes, {problems} problems")

    def split(self) -> tuple[Slice, Slice]:
        """Four to one, stratified, sequences kept together."""
        self._step("Split 4 : 1 by auto-curate")
        api, dataset = self.desk.halfday, self.desk.dataset
        pool = api.slices.create(dataset, "pool", q='part = "pool"')
        params = {"ratio": 0.8, "seed": self.desk.seed, "names": [TRAIN, VALIDATION]}
        self.desk.wait(api.auto_curate.start(dataset, "split", q='part = "experiment"', params=params))
        made = {s["name"]: s for s in api.slices.list(dataset)}
        train, validation = made[TRAIN], made[VALIDATION]
        if self.material.validation:
            q = f'in_slice("{VALIDATION}") or part = "validation"'
            validation = api.slices.create(dataset, f"{VALIDATION}, with further images", q=q)
        self._say(f"{train['image_count']} for training, {validation['image_count']} for validation")
        self._say(f"{pool['image_count']} wait in the pool")
        count = train["image_count"] + validation["image_count"]
        self._row("split 4 : 1", count, link=self.desk.link("datasets", dataset, "slices"))
        return train, validation

    def clean(self, validation: Slice) -> None:
        """Validation is only worth something on true labels: put them right, as one revision of its own."""
        self._step("Check the validation labels by hand (the demo sets them to the truth)")
        api, dataset = self.desk.halfday, self.desk.dataset
        rows = {key_of(row): row["id"] for row in api.datasets.images(dataset, slice=validation["id"])}
        wrong = {p.key for p in self.planted} & set(rows)
        edits = self._set_to_truth(wrong, rows, "Validation labels checked")
        self.planted = [p for p in self.planted if p.key not in rows]
        self.facts["planted"] = count_by(self.planted, "kind")
        self._say(f"planted errors left, all in the training images: {shown_by_kind(self.facts['planted'])}")
        link = self.desk.link("datasets", dataset, "revisions")
        self._row("validation labels checked", validation["image_count"], labels_changed=len(edits), link=link)

    def _set_to_truth(self, wrong: set[str], rows: dict[str, int], message: str) -> list[dict[str, Any]]:
        """Put the labels of these images right in one revision; gives back the edits."""
        edits = [edit for key in sorted(wrong) for edit in self._edits_to_truth(rows[key], self.truth[key])]
        if edits:
            head = self.desk.now()["head_revision"]
            revision = self.desk.halfday.datasets.edit(self.desk.dataset, on=head, message=message, edits=edits)
            self._say(f"{len(wrong)} images changed, revision {revision['number']}")
        return edits

    def _edits_to_truth(self, image: int, truth: ImageLabels) -> list[dict[str, Any]]:
        """Remove what is wrong, add what is true; labels that are right already stay as they are."""
        true = zip(truth.classes.tolist(), truth.boxes.tolist(), strict=True)
        wanted = [(self.class_ids[index], box) for index, box in true]
        edits: list[dict[str, Any]] = []
        for given in self.desk.halfday.datasets.image(image)["annotations"]:
            match = next((w for w in wanted if w[0] == given["class_id"] and _close(w[1], given["box"])), None)
            if match:
                wanted.remove(match)
            else:
                edits.append({"op": "remove", "image": image, "object_id": given["object_id"]})
        return edits + [{"op": "add", "image": image, "class_id": c, "box": box} for c, box in wanted]

    def train_baseline(self, train: Slice, validation: Slice) -> Trained:
        """On the labels as they came."""
        self._step("Train a baseline")
        training = Training("baseline", [train], validation, self.desk.preset.epochs, self.weights)
        trained = self.desk.finish(self.desk.start(training, **self.desk.architecture()))
        self._result("baseline", trained, train["image_count"])
        return trained

    def diagnose(self, trained: Trained) -> None:
        """Where it is weak, and what it takes for what."""
        self._step("Diagnose it")
        names = self._names()
        per_class: list[dict[str, Any]] = dict(trained.evaluation).get("per_class", [])  # type: ignore[assignment]
        weak = sorted((c for c in per_class if c["gt"]), key=lambda c: c["AP"] or 0.0)[:3]
        shown = ", ".join(f"{names[c['class_id']]} {100 * (c['AP'] or 0):.0f}" for c in weak)
        self._say(f"weakest classes by AP: {shown}")
        matrix = self.desk.halfday.evaluations.confusion(trained.evaluation["id"])
        ids, cells = matrix["class_ids"], matrix["matrix"]
        pairs = [(cells[i][j], i, j) for i in range(len(ids)) for j in range(len(ids)) if i != j and cells[i][j]]
        mixed = ", ".join(f"{names[ids[i]]} for {names[ids[j]]} {n}" for n, i, j in sorted(pairs, reverse=True)[:3])
        self._say(f"most often taken for another: {mixed or 'none'}")
        smallest = (trained.evaluation["interval"] or {}).get("smallest_shown")
        if smallest is not None:
            self.facts["smallest_gain_shown"] = 100 * smallest
            self._say(f"the smallest gain that this validation slice is likely to prove: {100 * smallest:.1f} points")
        self._say(self.desk.link("evaluations", trained.evaluation["id"]))

    def find_mislabels(self, train: Slice) -> dict[str, Any]:
        """Out of fold: every image is judged by a network that never saw it."""
        preset, api = self.desk.preset, self.desk.halfday
        self._step(f"Find mislabels in “{TRAIN}”, {preset.folds} folds")
        params = {"folds": preset.folds, "weights": self.weights, "name": "found mislabels"}
        params |= self.desk.settings(preset.epochs) | self.desk.architecture()
        job = api.auto_curate.start(self.desk.dataset, "mislabels", slice=train["id"], params=params)
        found = api.auto_curate.get(int(self.desk.wait(job)["auto_curate"]))
        by_kind = (found.get("report") or {}).get("by_kind") or {}
        self._say(f"{found['suggestions']} suggestions: {shown_by_kind(by_kind)}")
        return found

    def correct(self, found: dict[str, Any]) -> None:
        """Send the found images to Label, review each suggestion against the truth, send back."""
        batches, slice_ = self.desk.halfday.batches, found["slices"][0]
        self.desk.console.heading("Send them to Label, review, send to Curate")
        batch = batches.create(slice=slice_["id"], name="found mislabels", auto_curate=found["id"])
        review = review_batch(self.desk.halfday, batch["id"], self.truth, self.class_ids, self.planted, self.habits)
        verdicts = shown_by_kind(review.verdicts)
        self._say(f"{review.suggestions} suggestions on {review.images} images reviewed: {verdicts}")
        left = f"; {review.left} images were left when time was up" if review.left else ""
        self._say(f"counted as a person's time: {review.seconds / 60:.1f} minutes{left}")
        preview = batches.preview(batch["id"])["counts"]
        changes = {k: preview.get(k, 0) for k in ("added", "removed", "relabelled", "moved")}
        merged = batches.merge(batch["id"], message="Found mislabels corrected")
        self._say(f"merged as revision {merged['revision']}: {shown_by_kind(changes)}")
        self._tell_recall(review)
        link = self.desk.link("batches", batch["id"])
        self._row("mislabels corrected", review.images, labels_changed=sum(changes.values()), link=link)

    def _tell_recall(self, review: Review) -> None:
        """What only the demo can know."""
        right = review.verdicts["accepted"] + review.verdicts["corrected"]
        self.facts["minutes"] = round(review.seconds / 60, 2)
        self.facts["review"] = {
            "images": review.images,
            "images_left": review.left,
            "mended_unasked": review.mended_unasked,
            "suggestions": review.suggestions,
            "verdicts": review.verdicts,
            "precision": right / review.suggestions if review.suggestions else None,
            "planted_found": review.planted_found,
            "recall_by_kind": review.recall_by_kind,
        }
        if self.planted:
            share = sum(review.planted_found.values()) / len(self.planted)
            reached = f"they reached {share:.0%} of the {len(self.planted)} planted errors"
            self._say(f"by the demo's own count {right} of {review.suggestions} suggestions were right, and {reached}")

    def train_corrected(self, arms: Arms) -> tuple[Trained, Trained]:
        """Every arm goes on from the baseline: one with corrected labels, the control with nothing changed."""
        self._step("Train with the corrected labels, and the control without")
        treated = self._start("corrected labels", [arms.train], arms, arms.after)
        untreated = self._start("control", [arms.train], arms, arms.before, control_of=treated["id"])
        corrected, control = self.desk.finish(treated), self.desk.finish(untreated)
        images = arms.train["image_count"]
        self.facts["control_map"] = 100 * (control.evaluation["figures"] or {})["AP"]
        self._result("control (nothing changed)", control, images, baseline=self.desk.compare(arms.baseline, control))
        self._beside("corrected labels", corrected, images, arms, control)
        return corrected, control

    def train_ceiling(self, arms: Arms, control: Trained, corrected: Trained) -> None:
        """What correction could bring at most: every planted error is removed, for this arm alone."""
        self._step("Train with every planted error removed: the ceiling of what correction can bring")
        api, dataset = self.desk.halfday, self.desk.dataset
        rows = {key_of(row): row["id"] for row in api.datasets.images(dataset, slice=arms.train["id"])}
        self._set_to_truth({p.key for p in self.planted}, rows, "Ceiling: all planted errors removed")
        perfect = self.desk.now()["head_revision"]
        started = self._start("ceiling", [arms.train], arms, perfect)
        if perfect != arms.after:
            api.datasets.revert(dataset, to=arms.after)  # nothing but this run has seen them
        ceiling = self.desk.finish(started)
        gain = self._beside("ceiling (all errors removed)", ceiling, arms.train["image_count"], arms, control)
        reached = self.desk.compare(control, corrected)
        self.facts["ceiling"] = gain
        if gain.verdict == "proven":
            self._say(f"correction brought {reached.value / gain.value:.0%} of what it could: {reached.value:+.1f}")

    def choose_more(self, arms: Arms) -> list[Slice]:
        """Rare classes and edge cases by auto-curate, from the pool."""
        self._step("Find rare classes and edge cases in the pool")
        rare = self._rare(arms.train)
        edge = self._edge_cases(rare, arms.baseline)
        return [arms.train, *(s for s in (rare, edge) if s is not None)]

    def train_with_more(self, arms: Arms, control: Trained, slices: list[Slice]) -> Trained:
        """More data alone, and together with the corrected labels; both see as many images as the control."""
        self._step("Train with more data, without and with the corrected labels")
        names = ("more data", "corrected labels and more data")
        started = [self._start(n, slices, arms, r) for n, r in zip(names, (arms.before, arms.after), strict=True)]
        trained = [self.desk.finish(run) for run in started]
        for name, one in zip(names, trained, strict=True):
            self._beside(name, one, images_in(slices), arms, control)
        return trained[-1]

    def _start(self, name: str, slices: list[Slice], arms: Arms, revision: int, **more: Any) -> Run:
        """Go on from the baseline, for as many images as the control sees, whatever the arm trains on."""
        weights = {"kind": "checkpoint", "checkpoint": arms.baseline.checkpoint}
        seen = self.desk.preset.more_epochs * arms.train["image_count"]
        epochs = max(1, round(seen / max(1, images_in(slices))))
        training = Training(name, slices, arms.validation, epochs, weights)
        return self.desk.start(training, parent=arms.baseline.run["id"], revision=revision, **more)

    def _beside(self, step: str, trained: Trained, images: int, arms: Arms, control: Trained) -> MapGain:
        """A row with the differences to the baseline and to the control; gives back the latter."""
        gain = self.desk.compare(control, trained)
        self._result(step, trained, images, baseline=self.desk.compare(arms.baseline, trained), control=gain)
        self.facts.setdefault("gains", {})[step] = gain
        return gain

    def _rare(self, train: Slice) -> Slice | None:
        """Of the pool the best images of the rarest classes of the training slice, none of them twice."""
        api, names = self.desk.halfday, self._names()
        counts = [c for c in api.slices.statistics(train["id"])["classes"] if c["boxes"]]
        rarest = [c["class_id"] for c in sorted(counts, key=lambda c: c["boxes"])[:RAREST]]
        self.facts["rarest"] = [names[one] for one in rarest]
        shows_one = " or ".join(f'any("{name}")' for name in self.facts["rarest"])
        q = f'in_slice("pool") and ({shows_one})'
        if not api.datasets.count(self.desk.dataset, q=q):
            return None
        params = {"classes": rarest, "beside": train["id"], "budget": self.desk.preset.rare, "name": "rare classes"}
        result = self.desk.wait(api.auto_curate.start(self.desk.dataset, "rare_classes", q=q, params=params))
        made: Sequence[int] = result.get("slices") or []
        rare = api.slices.get(int(made[0])) if made else None
        self._say(f"{q}: the best {rare['image_count'] if rare else 0} images")
        return rare

    def _edge_cases(self, rare: Slice | None, baseline: Trained) -> Slice | None:
        """Of the rest of the pool, what the baseline finds hardest."""
        api, dataset = self.desk.halfday, self.desk.dataset
        q = 'in_slice("pool")' + (' and not in_slice("rare classes")' if rare else "")
        if not api.datasets.count(dataset, q=q):
            return None
        params = {"budget": self.desk.preset.edge, "checkpoint": baseline.checkpoint, "name": "edge cases"}
        result = self.desk.wait(api.auto_curate.start(dataset, "edge_cases", q=q, params=params))
        made: Sequence[int] = result.get("slices") or []
        if not made:
            return None
        edge = api.slices.get(int(made[0]))
        self._say(f"edge cases among the rest: {edge['image_count']} images")
        return edge

    def compare_first_and_last(self, baseline: Trained, control: Trained, final: Trained) -> None:
        """What the loop brought as a whole."""
        self.desk.console.heading("Compare first and last")
        self.facts["to_baseline"] = self.desk.compare(baseline, final)
        self.facts["to_control"] = self.desk.compare(control, final)

    def _names(self) -> dict[int, str]:
        return dict(zip(self.class_ids, self.material.class_names, strict=True))

    def _step(self, heading: str) -> None:
        self.began = time.monotonic()
        self.desk.console.heading(heading)

    def _say(self, text: str) -> None:
        self.desk.console.say(text)

    def _row(self, step: str, images: int, **more: Any) -> None:
        """A row of the table; its time is counted from the beginning of the step unless given."""
        self.rows.append(LoopRow(step, images, **{"seconds": time.monotonic() - self.began, **more}))

    def _result(
        self,
        step: str,
        trained: Trained,
        images: int,
        *,
        baseline: MapGain | None = None,
        control: MapGain | None = None,
    ) -> None:
        """A row with a run's mAP and its own wall time, said aloud."""
        figures, interval = trained.evaluation["figures"] or {}, trained.evaluation["interval"] or {}
        low, high = (None if interval.get(side) is None else 100 * interval[side] for side in ("low", "high"))
        score = 100 * figures["AP"]
        self._say(f"{step}: mAP {score:.1f}" + ("" if low is None or high is None else f" [{low:.1f}, {high:.1f}]"))
        link, seconds = self.desk.link("runs", trained.run["id"]), trained.run["seconds"] or 0.0
        changes = {"to_baseline": baseline, "to_control": control}
        self._row(step, images, map=score, low=low, high=high, seconds=seconds, link=link, **changes)


def project_of(desk: Desk) -> int:
    """The demo's project, made on first use."""
    known = {p["name"]: p["id"] for p in desk.halfday.projects.list()}
    return known.get(PROJECT) or desk.halfday.projects.create(PROJECT)["id"]


def images_in(slices: Sequence[Slice]) -> int:
    """Images of slices that share none."""
    return sum(s["image_count"] for s in slices)


def free_name(title: str, taken: set[str]) -> str:
    """The title, numbered where earlier replays have taken it."""
    return next(name for name in (title, *(f"{title} {n}" for n in range(2, len(taken) + 3))) if name not in taken)


def key_of(row: Any) -> str:
    """An image's key in the archive, whatever folder the platform puts before it."""
    return Path(row["key"]).name


def _close(one: Sequence[float], other: Sequence[float]) -> bool:
    """The same box but for rounding."""
    return all(abs(a - b) < 0.05 for a, b in zip(one, other, strict=True))
