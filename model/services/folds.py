"""Out-of-fold prediction: every image is judged by a network that never saw it."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dataset.models import Dataset
from jobs.errors import JobCancelled, JobFailed
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.engines import EpochReport, LabelledImage, PredictRequest, PredictSettings, TrainRequest, TrainSettings
from model.selectors.lineage import shared_images, training_image_ids
from model.services.engine import train_network
from model.services.prediction import ImagePredictions, run_prediction, weights_path
from model.services.settings import defaults_for, read_settings
from model.services.start import Start
from model.services.training import epoch_of
from model.services.training_data import labelled_images
from storage import blobs

TRAINED = 0.9  # of a fold's share of the progress; the rest is its prediction


# What is taught instead of the labels of the dataset, by image id: boxes (N, 4) xyxy pixels, class places (N,).
TaughtLabels = Mapping[int, tuple[NDArray[np.float32], NDArray[np.int32]]]


@dataclass(frozen=True)
class Folds:
    """Which images are judged at which revision, and which of the K folds each is in."""

    dataset: Dataset
    revision: int
    image_ids: NDArray[np.int64]  # (I,)
    fold: NDArray[np.int64]  # (I,) 0 … K-1
    taught: TaughtLabels | None = None

    @property
    def count(self) -> int:
        return int(self.fold.max()) + 1 if len(self.fold) else 0


def out_of_fold(
    *,
    dataset: Dataset,
    revision: int,
    image_ids: ArrayLike,
    folds: ArrayLike,
    start: Start,
    settings: Mapping[str, Any],
    report: Report,
    progress: tuple[float, float] = (0.0, 1.0),
    taught: TaughtLabels | None = None,
) -> ImagePredictions:
    """Train one network per fold on the other folds' images, and predict the fold with it. For use inside a job.

    All networks start from the same weights (`start`, see choose_start), which must not have seen the images.
    `settings` are a run's; `taught` are labels that are learned in place of the dataset's. A second attempt of the job
    goes on where the first stopped; all files are removed at the end, unless the worker is being stopped and the job
    will go on. Raises JobFailed with a sentence.
    """
    split = Folds(dataset, revision, np.asarray(image_ids, np.int64), np.asarray(folds, np.int64), taught)
    _check(split, start)
    name = f"folds-{report.job.pk}"
    chosen = read_settings({**defaults_for(start.architecture), **settings})
    work = _Work(split, start, chosen, blobs.work_folder(name), report, progress)
    try:
        parts = [_one_fold(work, fold) for fold in range(split.count)]
    except (JobFailed, JobCancelled):
        blobs.clear_work(name)
        raise
    blobs.clear_work(name)
    return _joined(parts)


@dataclass(frozen=True)
class _Work:
    """What every fold's training needs to know."""

    split: Folds
    start: Start
    settings: TrainSettings
    folder: Path
    report: Report
    progress: tuple[float, float]

    def share(self, fold: int, part: float) -> float:
        """The job's progress when `part` (0 to 1) of this fold is done."""
        low, high = self.progress
        return low + (high - low) * (fold + part) / self.split.count


def _check(split: Folds, start: Start) -> None:
    """Raise JobFailed where no fold could be judged fairly."""
    if split.count < 2 or len(np.unique(split.fold)) < split.count:
        raise JobFailed("Out-of-fold prediction needs two folds or more, each with images.")
    seen = shared_images(judged=split.image_ids.tolist(), trained=list(training_image_ids(start.checkpoint)))
    if seen:
        raise JobFailed(
            f"The starting weights were trained on {seen} of these {len(split.image_ids)} images, so they cannot judge"
            " them. Start from the base checkpoint, from scratch, or from weights that never saw them."
        )


def _one_fold(work: _Work, fold: int) -> ImagePredictions:
    """Train on the other folds and predict this one; what an earlier attempt finished is read back."""
    folder = work.folder / f"fold-{fold}"
    kept = folder / "predictions.npz"
    if kept.exists():
        return _read(kept)
    work.report(work.share(fold, 0.0), _fold_of(work, fold), Sentence.of("reading_labels", "Reading labels"))
    weights = _train_fold(work, fold, folder)
    mine = work.split.image_ids[work.split.fold == fold]
    found = run_prediction(
        PredictRequest(weights, (), _predict_settings(work.settings)),
        dataset=work.split.dataset,
        image_ids=mine.tolist(),
        report=work.report,
        progress=(work.share(fold, TRAINED), work.share(fold, 1.0)),
    )
    shutil.rmtree(folder)
    _write(kept, found)
    return found


def _fold_of(work: _Work, fold: int) -> Sentence:
    return Sentence.of("fold", "Fold {fold} of {folds}", fold=fold + 1, folds=work.split.count)


def _train_fold(work: _Work, fold: int, folder: Path) -> Path:
    """The weights of a network that never saw the fold."""
    split, start = work.split, work.start
    others = split.image_ids[split.fold != fold]

    def on_epoch(epoch: EpochReport) -> None:
        work.report(work.share(fold, TRAINED * epoch.epoch / epoch.epochs), _fold_of(work, fold), epoch_of(epoch))

    request = TrainRequest(
        architecture=start.architecture,
        class_names=tuple(split.dataset.classes.order_by("index").values_list("name", flat=True)),
        images=_images_to_learn(split, others),
        output=folder / "output",
        settings=work.settings,
        weights=weights_path(start.checkpoint) if start.checkpoint else None,
    )
    return train_network(request, log=folder / "engine.log", report=work.report, on_epoch=on_epoch).best


def _images_to_learn(split: Folds, image_ids: NDArray[np.int64]) -> tuple[LabelledImage, ...]:
    images = labelled_images(dataset=split.dataset, revision=split.revision, image_ids=image_ids.tolist())
    if split.taught is None:
        return images
    told = [split.taught[image_id] for image_id in sorted(image_ids.tolist())]
    return tuple(replace(one, boxes=boxes, classes=classes) for one, (boxes, classes) in zip(images, told, strict=True))


def _predict_settings(settings: TrainSettings) -> PredictSettings:
    return PredictSettings(imgsz=settings.imgsz, device=settings.device, threads=settings.threads)


def _write(path: Path, found: ImagePredictions) -> None:
    """All or nothing, so that what a later attempt finds is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        np.savez(file, image_ids=found.image_ids, class_ids=found.class_ids, boxes=found.boxes, scores=found.scores)
    draft.replace(path)


def _read(path: Path) -> ImagePredictions:
    with np.load(path) as arrays:
        return ImagePredictions(arrays["image_ids"], arrays["class_ids"], arrays["boxes"], arrays["scores"])


def _joined(parts: list[ImagePredictions]) -> ImagePredictions:
    """One table, by rising image id."""
    image_ids = np.concatenate([part.image_ids for part in parts])
    order = np.argsort(image_ids, kind="stable")
    return ImagePredictions(
        image_ids=image_ids[order],
        class_ids=np.concatenate([part.class_ids for part in parts])[order],
        boxes=np.concatenate([part.boxes for part in parts])[order],
        scores=np.concatenate([part.scores for part in parts])[order],
    )
