"""What another installation needs to do an iteration again: images, labels, sets, runs, and what they gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curate.history.run_steps import worth_of
from curate.ledger.composing import IterationFindings
from curate.ledger.gains import described_gain, pairs_of
from curate.ledger.label_changes import LabelChange, changes_between
from curate.ledger.trainings import roles
from curate.ledger.weakness import evaluation_of_run, figures_of
from dataset.importing.columns import Ignore
from dataset.models import Dataset, Image, Manifest
from dataset.selectors.annotations import labels_at
from model.models import Checkpoint, Run
from science.label_digest import label_digest

Ids = NDArray[np.int64]


@dataclass
class Places:
    """Images, classes and sets by their places in the lists of the file."""

    images: list[tuple[int, str, str]]  # id, key, SHA-256; by key
    classes: list[int]  # ids in class order
    sets: list[Manifest] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = {pk: place for place, (pk, _, _) in enumerate(self.images)}
        self.label = {pk: place for place, pk in enumerate(self.classes)}

    def set_of(self, manifest: Manifest | None) -> int | None:
        """The place of the set of the manifest's images; the same images are one set, whatever their labels."""
        if manifest is None:
            return None
        for place, one in enumerate(self.sets):
            if one.image_ids == manifest.image_ids:
                return place
        self.sets.append(manifest)
        return len(self.sets) - 1


def replay_part(found: IterationFindings) -> dict[str, Any]:
    """The part of the file that ./halfday replay works from."""
    dataset = found.dataset
    runs = all_runs(found)
    manifests = [one for _, run in runs for one in (run.train_manifest, run.validation_manifest) if one]
    ids = sorted({pk for one in manifests for pk in one.image_ids})
    rows = Image.objects.filter(pk__in=ids).order_by("key")
    images = list(rows.values_list("pk", "key", "sha256"))
    places = Places(images, list(dataset.classes.order_by("index").values_list("pk", flat=True)))
    described = [described_run(role, run, places) for role, run in runs]
    revisions = sorted({run.revision for _, run in runs})
    digests = digests_at(dataset, revisions[0], places) if revisions else {}
    return {
        "classes": list(dataset.classes.order_by("index").values_list("name", flat=True)),
        "images": [[key, sha256, digests.get(pk, NO_LABELS)] for pk, key, sha256 in images],
        "sets": [set_json(one, places) for one in places.sets],
        "states": list(states_of_labels(dataset, revisions, places)),
        "runs": described,
        "comparisons": comparisons(found),
    }


NO_LABELS = label_digest([], [])


def all_runs(found: IterationFindings) -> list[tuple[str, Run]]:
    """Those of the iteration and all whose weights they go on from, in the order in which they can be trained."""
    listed: dict[int, tuple[str, Run]] = {}
    for role, run in roles(found.iteration):
        for behind in reversed(weights_behind(run)):
            listed.setdefault(behind.pk, ("before", behind))
        listed.setdefault(run.pk, (role, run))
    return [(role, _with_images(run)) for role, run in listed.values()]


def weights_behind(run: Run) -> list[Run]:
    """The runs whose weights it goes on from, the nearest first."""
    behind: list[Run] = []
    start = run.start_checkpoint
    while start is not None and start.run is not None and start.run not in behind:
        behind.append(start.run)
        start = start.run.start_checkpoint
    return behind


def _with_images(run: Run) -> Run:
    manifests = ("train_manifest", "validation_manifest", "start_checkpoint__run", "dataset")
    return Run.objects.select_related(*manifests).get(pk=run.pk)


def digests_at(dataset: Dataset, revision: int, places: Places) -> dict[int, str]:
    """The digest of each image's labels at the revision, by image id."""
    labels = labels_at(dataset=dataset, revision=revision, image_ids=list(places.image))
    objects = np.flatnonzero(labels.ignore == Ignore.NO)
    index = np.array([places.label[pk] for pk in labels.class_id[objects].tolist()], np.int64)
    ids, starts = np.unique(labels.image_id[objects], return_index=True)  # they come image by image
    ends = np.append(starts, len(objects))[1:]
    boxes = labels.boxes[objects]
    return {
        pk: label_digest(index[start:end], boxes[start:end])
        for pk, start, end in zip(ids.tolist(), starts.tolist(), ends.tolist(), strict=True)
    }


def set_json(manifest: Manifest, places: Places) -> dict[str, Any]:
    """Images by their places in the list."""
    names = [one["name"] for one in manifest.slices]
    kept = [places.image[pk] for pk in manifest.image_ids if pk in places.image]
    return {"name": ", ".join(names)[:80], "images": sorted(kept)}


def states_of_labels(dataset: Dataset, revisions: Sequence[int], places: Places) -> Iterator[dict[str, Any]]:
    """The revisions that runs used; each after the first with what became of the labels since the one before it."""
    before: int | None = None
    for revision in revisions:
        ids = list(places.image)
        found = changes_between(dataset.pk, before, revision, ids, with_ignored=True) if before is not None else []
        yield {"revision": revision, "edits": list(edits(found, places))}
        before = revision


def edits(found: Iterable[LabelChange], places: Places) -> Iterator[list[Any]]:
    """[image, label before or null, label after or null], a label as [class, x1, y1, x2, y2].

    A label that is ignored has the word for how behind these.
    """
    for change in found:
        both = zip((change.before, change.after), change.ignore, strict=True)
        yield [places.image[change.image_id], *(_label(one, ignore, places) for one, ignore in both)]


def _label(shape: tuple[int, list[float]] | None, ignore: int, places: Places) -> list[Any] | None:
    if shape is None:
        return None
    return [places.label[shape[0]], *shape[1], *([Ignore(ignore).word] if ignore else [])]


def described_run(role: str, run: Run, places: Places) -> dict[str, Any]:
    """All that the run was given, and the figures that it gave."""
    evaluation = evaluation_of_run(run)
    own = evaluation if evaluation is not None and evaluation.revision == run.revision else None
    return {
        "role": role,
        "id": run.pk,
        "name": run.name,
        "baseline": run.baseline,
        "weights": run.weights,
        "start": start_json(run.start_checkpoint),
        "parent": run.parent_id,
        "control_of": run.control_of_id,
        "train": places.set_of(run.train_manifest),
        "validation": places.set_of(run.validation_manifest),
        "train_hash": run.train_manifest.content_hash if run.train_manifest else None,
        "validation_hash": run.validation_manifest.content_hash if run.validation_manifest else None,
        "revision": run.revision,
        "seed": run.seed,
        "settings": run.settings,
        "figures": figures_of(own),
    }


def start_json(start: Checkpoint | None) -> dict[str, Any] | None:
    """The weights that it started from: by the run that made them, and by the SHA-256 of the file."""
    if start is None:
        return None
    return {"run": start.run_id, "kind": start.kind, "name": start.name, "sha256": start.sha256}


def comparisons(found: IterationFindings) -> list[dict[str, Any]]:
    """The differences that were computed."""
    pairs = pairs_of(found.iteration)
    runs: Mapping[int, Run] = {run.pk: run for _, run in roles(found.iteration)}
    worth = worth_of(list(pairs.values()))
    state = {one.comparison.pk: "" for one in worth.values() if one.comparison}
    return [
        {"over": name, "a": a, "b": b, **{key: gain[key] for key in ("same_labels", "mAP", "mAP50")}}
        for name, (a, b) in pairs.items()
        if a in runs and (gain := described_gain(worth[a, b], runs[a], state))["mAP"]
    ]
