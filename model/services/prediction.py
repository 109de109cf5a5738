"""A checkpoint's boxes for images of a dataset."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dataset.models import Dataset
from jobs.errors import JobFailed
from jobs.reporting import Report
from jobs.sentences import Sentence
from model.class_names import class_ids
from model.engines import Predictions, PredictReport, PredictRequest, PredictSettings
from model.models import Checkpoint
from model.services.engine import predict_boxes
from model.services.training_data import image_files
from storage import blobs


@dataclass(frozen=True, eq=False)
class ImagePredictions:
    """M predicted boxes in the dataset's own terms, ordered by image id and within it by falling score."""

    image_ids: NDArray[np.int64]  # (M,)
    class_ids: NDArray[np.int64]  # (M,) LabelClass ids
    boxes: NDArray[np.float32]  # (M, 4) xyxy pixels of the upright image
    scores: NDArray[np.float32]  # (M,) 0..1
    dropped: dict[str, int] = field(default_factory=dict)  # boxes of classes that the dataset lacks, by class name

    def __len__(self) -> int:
        return len(self.image_ids)


def predict_images(
    *,
    checkpoint: Checkpoint,
    dataset: Dataset,
    image_ids: Sequence[int],
    report: Report,
    settings: PredictSettings | None = None,
    progress: tuple[float, float] = (0.0, 1.0),
) -> ImagePredictions:
    """Predict in a process of its own; for use inside a job on the gpu queue.

    Classes go by name; boxes of a class that the dataset lacks are left out and counted. `progress` is the part of the
    job's progress that this takes. Raises JobFailed with a sentence, or what `report` raises when the job should stop.
    """
    own = PredictSettings(imgsz=checkpoint.imgsz) if checkpoint.imgsz else PredictSettings()
    request = PredictRequest(weights=weights_path(checkpoint), images=(), settings=settings or own)
    return run_prediction(request, dataset=dataset, image_ids=image_ids, report=report, progress=progress)


def run_prediction(
    request: PredictRequest,
    *,
    dataset: Dataset,
    image_ids: Sequence[int],
    report: Report,
    progress: tuple[float, float],
) -> ImagePredictions:
    """Predict these images of the dataset with the request's weights and settings; its `images` are filled in here."""
    ordered = sorted(set(image_ids))
    files = image_files(ordered)
    low, high = progress

    def on_images(done: PredictReport) -> None:
        doing = Sentence.of(
            "predicted", "Predicted {done} of {total} {total:image|images}", done=done.done, total=done.total
        )
        report(low + (high - low) * done.done / max(done.total, 1), doing)

    whole = PredictRequest(request.weights, tuple(files[i].path for i in ordered), request.settings)
    name = f"predict-{report.job.pk}"
    try:
        found = predict_boxes(whole, log=blobs.work_folder(name) / "engine.log", report=report, on_images=on_images)
    finally:
        blobs.clear_work(name)
    return in_terms_of(dataset, found, ordered)


def in_terms_of(dataset: Dataset, found: Predictions, image_ids: Sequence[int]) -> ImagePredictions:
    """Image places become image ids, network classes the dataset's classes of the same name."""
    ids = class_ids(found.class_names, list(dataset.classes.values_list("pk", "name")))
    known = np.array([-1 if class_id is None else class_id for class_id in ids], np.int64)
    classes = known[found.class_index] if len(known) else np.zeros(0, np.int64)
    keep = classes >= 0
    names = np.array(found.class_names, dtype=object)[found.class_index[~keep]]
    return ImagePredictions(
        image_ids=np.asarray(image_ids, np.int64)[found.image_index[keep]],
        class_ids=classes[keep],
        boxes=found.boxes[keep],
        scores=found.scores[keep],
        dropped={str(name): int((names == name).sum()) for name in set(names)},
    )


def weights_path(checkpoint: Checkpoint) -> Path:
    """The checkpoint's file. Raises JobFailed where it is gone."""
    try:
        return blobs.local_path(checkpoint.location)
    except FileNotFoundError as error:
        raise JobFailed(f"The weights of {checkpoint.name} are gone from the storage.") from error
