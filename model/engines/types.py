"""What goes into an engine and what comes out of it. Plain data: no torch, no ultralytics, no Django."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

EVERY_CLASS = -1  # as the class of an ignored box: of every class


class EngineError(RuntimeError):
    """An engine could not do what was asked; the text is a sentence for the person who asked."""


class EngineCancelled(Exception):
    """The run was stopped because the caller's `cancelled` said so."""


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """One training image, referenced where it lies.

    `boxes` are (N, 4) float32 xyxy pixels of the EXIF-upright image, `classes` (N,) int32 indices into the request's
    `class_names`. An image without boxes is background and teaches too. What is ignored is neither object nor
    background: nothing is learned there of its class, or of any where that is EVERY_CLASS.
    """

    path: Path
    width: int  # pixels, upright
    height: int  # pixels, upright
    boxes: NDArray[np.float32]  # (N, 4)
    classes: NDArray[np.int32]  # (N,)
    ignored: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 4), np.float32))  # (K, 4)
    ignored_classes: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))  # (K,) or EVERY_CLASS
    replayed: bool = False  # the starting weights were trained on it already, see TrainSettings.replay_share


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How to train. The defaults suit small data on a CPU: what decides there is the number of optimiser steps."""

    epochs: int = 20  # passes over the training images
    imgsz: int = 320  # the longer side that images are scaled to, a multiple of 32
    batch: int = 8  # images per optimiser step
    lr0: float = 0.002  # learning rate after warm-up
    lrf: float = 0.05  # the last epoch's rate as a fraction of lr0
    optimizer: str = "AdamW"  # AdamW, Adam or SGD
    momentum: float = 0.9  # SGD momentum, or Adam's beta1
    backbone_lr: float = 1.0  # learning rate of the backbone as a fraction of lr0, in a run that starts from weights
    weight_decay: float = 0.0005  # L2 penalty per step
    warmup_epochs: float = 1.0  # epochs (or a part) in which the rate rises from zero
    cosine: bool = True  # cosine rather than linear decay of the rate
    freeze: int = 0  # first layers that keep their weights; 10 is the whole backbone of a YOLO
    rect: bool = False  # batches in the images' own aspect ratio instead of squares; faster, and without mosaic
    mosaic: float = 1.0  # probability of a mosaic of four images
    close_mosaic: int = 2  # last epochs without mosaic, so that training ends on images as they are
    mixup: float = 0.0  # probability of blending two images
    fliplr: float = 0.5  # probability of a left-right flip
    flipud: float = 0.0  # probability of an upside-down flip
    scale: float = 0.4  # random zoom, plus or minus this fraction
    translate: float = 0.1  # random shift as a fraction of the side
    degrees: float = 0.0  # random rotation, plus or minus degrees
    hsv_h: float = 0.015  # random change of hue, fraction
    hsv_s: float = 0.5  # random change of saturation, fraction
    hsv_v: float = 0.4  # random change of brightness, fraction
    box_gain: float = 7.5  # weight of the box loss
    cls_gain: float = 0.5  # weight of the class loss
    ema_tau: float = 200.0  # steps over which the averaged weights forget the start; small, because runs are short
    seed: int = 0  # same data, settings, seed and device: same weights
    device: str = "auto"  # auto (GPU 0 where there is one), cpu, or a CUDA index such as 0
    devices: str = "auto"  # GPUs that share each batch: a number, or auto: its worker's, as far as each gets 2 images
    threads: int = 0  # CPU threads of the network; 0 leaves it to HALFDAY_ENGINE_THREADS, else all cores
    half: bool = True  # bfloat16 arithmetic where the device is faster with it
    workers: int = 0  # processes that load images; 0 loads them between steps, best on few cores
    cache: bool = True  # keep the decoded, scaled images in memory where they fit
    validate: bool = False  # a fast mAP on the validation images after each epoch; costs time, picks the best epoch
    validate_images: int = 200  # validation images that are looked at after each epoch, at most; always the same ones
    patience: int = 0  # epochs without a better figure after which training ends; 0: it goes on to the last
    stop_on: str = "mAP"  # that figure: mAP or mAP50, of the fast look after each epoch
    replay_share: float = 1.0  # of the parent's images, how many each epoch sees beside the new ones; 1: all together
    balance: float = 0.0  # how much more often images of rare classes are seen; 0: each once, 1: by 1 / frequency
    class_weights: str = "none"  # of the class loss: none, or inverse_sqrt: a rare class's by 1 / √frequency, at most 5


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """A training. `output` receives best.pt, last.pt and, where training stopped early, what a resume needs."""

    architecture: str  # a name of `architectures()`; must fit the weights where both are given
    class_names: tuple[str, ...]  # in the order of the class indices
    images: tuple[LabelledImage, ...]
    output: Path
    settings: TrainSettings = field(default_factory=TrainSettings)
    weights: Path | None = None  # a checkpoint to start from; None starts from scratch
    validation: tuple[LabelledImage, ...] = ()  # only read where settings.validate is on
    resume: bool = True  # continue from output/last.pt where there is one
    renamed: dict[str, str] = field(default_factory=dict)  # classes of the weights by the names that they have now


@dataclass(frozen=True, slots=True)
class PicturesRequest:
    """Pictures as a training would feed them to its network; they and what is on them go to `training.output`."""

    training: TrainRequest
    count: int = 8


@dataclass(frozen=True, slots=True)
class EpochReport:
    """One finished epoch. `metrics` hold the training losses and, with settings.validate, the fast mAP."""

    epoch: int  # from 1
    epochs: int
    metrics: dict[str, float]
    seconds: float  # of this epoch
    memory: int = 0  # bytes that the process has taken at most so far; of the GPU where it computes there
    devices: int = 1  # that shared it


@dataclass(frozen=True, slots=True)
class TrainResult:
    """The weights of a finished training. `best` is `last` unless settings.validate chose an earlier epoch."""

    best: Path
    last: Path
    sha256: str  # of best
    metrics: dict[str, float]  # of the last epoch
    seconds: float  # the whole training in this process, without earlier, interrupted tries
    resumed_at: int = 0  # epochs already done when this process took over
    epochs: int = 0  # that were trained in all; fewer than asked for where patience ended it


@dataclass(frozen=True, slots=True)
class PredictSettings:
    """How to predict. Low `conf` and high `max_det`, because an evaluator wants the whole precision-recall curve."""

    imgsz: int = 320  # the longer side that images are scaled to
    conf: float = 0.001  # boxes scored below are dropped
    iou: float = 0.7  # of two boxes of a class that overlap more, the lower scored one is dropped
    max_det: int = 300  # boxes kept per image
    batch: int = 16  # images per forward pass
    device: str = "auto"
    threads: int = 0
    half: bool = True  # bfloat16 arithmetic where the device is faster with it


@dataclass(frozen=True, slots=True)
class PredictRequest:
    """Boxes of a checkpoint for a list of image files."""

    weights: Path
    images: tuple[Path, ...]
    settings: PredictSettings = field(default_factory=PredictSettings)


@dataclass(frozen=True, slots=True)
class PredictReport:
    """Progress of a prediction."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Predictions:
    """All predicted boxes, M rows, ordered by image and within it by falling score."""

    image_index: NDArray[np.int32]  # (M,) into the request's images
    class_index: NDArray[np.int32]  # (M,) into class_names
    boxes: NDArray[np.float32]  # (M, 4) xyxy pixels of the upright image
    scores: NDArray[np.float32]  # (M,) 0..1
    class_names: tuple[str, ...]
    seconds: float = 0.0  # the whole prediction, images decoded


@dataclass(frozen=True, slots=True)
class ConversionLimits:
    """What a conversion may take; its process ends beyond."""

    memory: int = 4 << 30  # bytes beside the libraries; 0: no limit
    seconds: float = 300.0
    parameters: int = 500_000_000  # of the network


@dataclass(frozen=True, slots=True)
class ConvertRequest:
    """Turn an uploaded file into a checkpoint of ours, and say what it is.

    The file is never unpickled: only known layer classes and tensors are read from it.
    """

    source: Path  # of ultralytics, Meituan's YOLOv6 or the transformers library, or a checkpoint of ours
    destination: Path
    limits: ConversionLimits = field(default_factory=ConversionLimits)


@dataclass(frozen=True, slots=True)
class ConvertReport:
    """A step of a conversion that begins."""

    step: str  # for people: "Reading the file"
    share: float  # of the whole, 0..1


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """What a checkpoint file is."""

    architecture: str  # a name of `architectures()`, or "custom" where its layout is not one of them
    class_names: tuple[str, ...]
    parameters: int
    gflops: float  # of one image at 640 x 640 pixels
    sha256: str
    size: int  # bytes
    imgsz: int  # that it was trained at; 0 where the file does not say
    note: str = ""  # for people: what of a foreign file was used


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Write a checkpoint in another form, with its facts."""

    weights: Path
    destination: Path  # a folder
    imgsz: int = 320  # pixels that it is to be fed with, a multiple of the network's stride
    form: str = "onnx"  # onnx, openvino, torchscript, tensorrt
    precision: str = "f32"  # or bf16, of openvino
    origin: dict[str, Any] = field(default_factory=dict)  # facts that the file is to carry: licence, checkpoint, run …


@dataclass(frozen=True, slots=True)
class FormPredictRequest:
    """Boxes of an exported form for a list of image files, as a checkpoint would give them."""

    folder: Path  # that it lies in
    images: tuple[Path, ...]
    settings: PredictSettings = field(default_factory=PredictSettings)  # but for imgsz and half, which the form knows


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network that an engine can train, for the list of baselines."""

    name: str  # yolo11n
    title: str  # YOLO11 n
    family: str  # YOLO11
    engine: str  # ultralytics, yolov6, transformers
    parameters: int  # with 80 classes
    gflops: float  # multiply and add counted as two, one 640 x 640 image
    licence: str
    pretrained: str  # name of the official weights file that fits, "" where there is none
    note: str = ""
    gpu: bool = False  # too large to be trained on CPU cores
    nms: bool = True  # its answers overlap, and prediction suppresses all but the best
    defaults: dict[str, Any] = field(default_factory=dict)  # settings that differ from those of TrainSettings
    stride: int = 32  # pixels; sides of its input are multiples of it
    several_devices: bool = True  # they can share a training
    weighs_classes: bool = True  # its loss heeds TrainSettings.class_weights


Progress = EpochReport | PredictReport | ConvertReport
Reporter = Callable[[Progress], None]  # takes progress while an engine works


class Engine(Protocol):
    """What every engine offers. Called only inside the engine process; see `run_in_process`."""

    def train(self, request: TrainRequest, report: Reporter) -> TrainResult: ...

    def predict(self, request: PredictRequest, report: Reporter) -> Predictions: ...

    def convert(self, request: ConvertRequest, report: Reporter) -> CheckpointFacts: ...

    def export(self, request: ExportRequest) -> Path: ...

    def pictures(self, request: PicturesRequest) -> Path: ...
