"""Requests and answers as files in a folder, for the way into an engine process and back."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.engines.types import (
    CheckpointFacts,
    ConversionLimits,
    ConvertReport,
    ConvertRequest,
    EpochReport,
    ExportRequest,
    FormPredictRequest,
    LabelledImage,
    PicturesRequest,
    Predictions,
    PredictReport,
    PredictRequest,
    PredictSettings,
    Progress,
    TrainRequest,
    TrainResult,
    TrainSettings,
)

EngineRequest = (
    TrainRequest | PredictRequest | ConvertRequest | ExportRequest | PicturesRequest
)  # for one of the engines
Request = EngineRequest | FormPredictRequest
Result = TrainResult | Predictions | CheckpointFacts | Path
EVENTS = {"epoch": EpochReport, "images": PredictReport, "step": ConvertReport}  # what a line of progress is
REQUEST, ARRAYS, PREDICTIONS = "request.json", "labels.npz", "predictions.npz"


def write_request(folder: Path, request: Request) -> None:
    """Put a request into a folder."""
    writer = {
        TrainRequest: _train, PredictRequest: _predict, ConvertRequest: _convert, ExportRequest: _export,
        FormPredictRequest: _predict_form, PicturesRequest: _pictures,
    }[type(request)]  # fmt: skip
    content = {"kind": type(request).__name__, **writer(folder, request)}  # type: ignore[operator]
    (folder / REQUEST).write_text(json.dumps(content), encoding="utf-8")


def read_request(folder: Path) -> Request:
    """Take a request out of a folder."""
    content = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    kind = content.pop("kind")
    if kind == "TrainRequest":
        return _read_train(folder, content)
    if kind == "PicturesRequest":
        return PicturesRequest(_read_train(folder, content), content["count"])
    if kind == "PredictRequest":
        return PredictRequest(
            Path(content["weights"]), tuple(map(Path, content["images"])), PredictSettings(**content["settings"])
        )
    if kind == "ConvertRequest":
        limits = ConversionLimits(**content["limits"])
        return ConvertRequest(Path(content["source"]), Path(content["destination"]), limits)
    if kind == "FormPredictRequest":
        return FormPredictRequest(
            Path(content["folder"]), tuple(map(Path, content["images"])), PredictSettings(**content["settings"])
        )
    return ExportRequest(Path(content.pop("weights")), Path(content.pop("destination")), **content)


def _train(folder: Path, request: TrainRequest) -> dict[str, Any]:
    every = (*request.images, *request.validation)
    np.savez(
        folder / ARRAYS,
        boxes=_joined_boxes([i.boxes for i in every]),
        classes=_joined_classes([i.classes for i in every]),
        counts=np.array([len(i.boxes) for i in every], np.int64),
        ignored=_joined_boxes([i.ignored for i in every]),
        ignored_classes=_joined_classes([i.ignored_classes for i in every]),
        ignored_counts=np.array([len(i.ignored) for i in every], np.int64),
        sizes=np.array([(i.width, i.height) for i in every], np.int64).reshape(-1, 2),
        replayed=np.array([i.replayed for i in every], bool),
    )
    return {
        "architecture": request.architecture,
        "class_names": request.class_names,
        "paths": [str(i.path) for i in every],
        "training": len(request.images),
        "output": str(request.output),
        "weights": str(request.weights) if request.weights else None,
        "settings": asdict(request.settings),
        "resume": request.resume,
        "renamed": request.renamed,
    }


def _pictures(folder: Path, request: PicturesRequest) -> dict[str, Any]:
    return {**_train(folder, request.training), "count": request.count}


def _joined_boxes(parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.concatenate([np.zeros((0, 4), np.float32), *(one.reshape(-1, 4) for one in parts)]).astype(np.float32)


def _joined_classes(parts: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate([np.zeros(0, np.int32), *parts]).astype(np.int32)


def _parts(joined: NDArray[Any], counts: NDArray[np.int64]) -> list[NDArray[Any]]:
    return [joined[end - count : end] for end, count in zip(np.cumsum(counts), counts, strict=True)]


def _read_train(folder: Path, content: dict[str, Any]) -> TrainRequest:
    with np.load(folder / ARRAYS) as arrays:
        sizes, replayed, columns = arrays["sizes"], arrays["replayed"].tolist(), [
            _parts(arrays[name], arrays[counts])
            for name, counts in (
                ("boxes", "counts"), ("classes", "counts"),
                ("ignored", "ignored_counts"), ("ignored_classes", "ignored_counts"),
            )
        ]  # fmt: skip
    every = tuple(
        replace(LabelledImage(Path(path), int(w), int(h), *labels), replayed=old)
        for path, (w, h), old, *labels in zip(content["paths"], sizes, replayed, *columns, strict=True)
    )
    return TrainRequest(
        architecture=content["architecture"],
        class_names=tuple(content["class_names"]),
        images=every[: content["training"]],
        output=Path(content["output"]),
        settings=TrainSettings(**content["settings"]),
        weights=Path(content["weights"]) if content["weights"] else None,
        validation=every[content["training"] :],
        resume=content["resume"],
        renamed=content["renamed"],
    )


def _predict(folder: Path, request: PredictRequest) -> dict[str, Any]:
    return {
        "weights": str(request.weights),
        "images": [str(p) for p in request.images],
        "settings": asdict(request.settings),
    }


def _convert(folder: Path, request: ConvertRequest) -> dict[str, Any]:
    return {
        "source": str(request.source),
        "destination": str(request.destination),
        "limits": asdict(request.limits),
    }


def _export(folder: Path, request: ExportRequest) -> dict[str, Any]:
    return {**asdict(request), "weights": str(request.weights), "destination": str(request.destination)}


def _predict_form(folder: Path, request: FormPredictRequest) -> dict[str, Any]:
    return {
        "folder": str(request.folder),
        "images": [str(p) for p in request.images],
        "settings": asdict(request.settings),
    }


def report_line(report: Progress) -> dict[str, Any]:
    """A progress report as one JSON object."""
    event = next(name for name, kind in EVENTS.items() if isinstance(report, kind))
    return {"event": event, **asdict(report)}


def read_report(line: dict[str, Any]) -> Progress:
    """The report of one JSON object."""
    values = {k: v for k, v in line.items() if k != "event"}
    report: Progress = EVENTS[line["event"]](**values)
    return report


def result_line(folder: Path, result: Result) -> dict[str, Any]:
    """A result as one JSON object; predictions go into a file of the folder."""
    if isinstance(result, Predictions):
        arrays = {k: getattr(result, k) for k in ("image_index", "class_index", "boxes", "scores")}
        np.savez(folder / PREDICTIONS, **arrays)
        return {"event": "result", "kind": "Predictions", "class_names": result.class_names, "seconds": result.seconds}
    if isinstance(result, Path):
        return {"event": "result", "kind": "Path", "path": str(result)}
    values = {k: str(v) if isinstance(v, Path) else v for k, v in asdict(result).items()}
    return {"event": "result", "kind": type(result).__name__, **values}


def read_result(folder: Path, line: dict[str, Any]) -> Result:
    """The result of one JSON object."""
    values = {k: v for k, v in line.items() if k not in ("event", "kind")}
    if line["kind"] == "Predictions":
        with np.load(folder / PREDICTIONS) as arrays:
            return Predictions(
                **{k: arrays[k] for k in arrays.files},
                class_names=tuple(values["class_names"]),
                seconds=values["seconds"],
            )
    if line["kind"] == "Path":
        return Path(values["path"])
    if line["kind"] == "TrainResult":
        return TrainResult(**{**values, "best": Path(values["best"]), "last": Path(values["last"])})
    return CheckpointFacts(**{**values, "class_names": tuple(values["class_names"])})
