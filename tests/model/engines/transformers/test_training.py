"""It learns, goes on after an interruption as if nothing had been, and predicts in pixels of the image."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model.engines import EngineError, EpochReport, LabelledImage, PredictRequest, PredictSettings, TrainRequest
from model.engines.transformers.checkpoints import load_detector
from model.engines.transformers.prediction import found_in_images, predict
from model.engines.transformers.training import train
from model.engines.watching import fast_figures
from tests.model.engines.yolov6.conftest import NAMES, PLAIN
from tests.model.engines.yolov6.test_training import same_weights, state_of

Images = tuple[LabelledImage, ...]
CPU = torch.device("cpu")


class Interrupted(Exception):
    """What a test interrupts a training with."""


def request(images: Images, output: Path, **settings: object) -> TrainRequest:
    settings = {"lr0": 0.002, "epochs": 2, **settings}
    return TrainRequest("rtdetrv2-t", NAMES, images, output, replace(PLAIN, **settings))  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.thorough
def test_a_narrow_network_learns_eight_images(coloured: Images, tmp_path: Path) -> None:
    """Whether network, loss, matching and decoding fit together; some 15 s of one thread."""
    reports: list[EpochReport] = []
    asked = request(coloured, tmp_path, epochs=40)
    result = train(asked, reports.append)  # type: ignore[arg-type]
    assert reports[-1].metrics["cls_loss"] < reports[0].metrics["cls_loss"]
    assert set(reports[0].metrics) == {"cls_loss", "box_loss", "lr"}
    detector, _ = load_detector(result.best)
    found = found_in_images(detector, [one.path for one in coloured], PredictSettings(imgsz=128, threads=1), CPU)
    assert fast_figures(found, coloured)["mAP50"] > 0.9


@pytest.mark.slow
def test_after_an_interruption_it_goes_on_as_if_nothing_had_been(coloured: Images, tmp_path: Path) -> None:
    """With all that is drawn at random, the noise of denoising too: the very weights of an undisturbed training."""
    drawn = {"mosaic": 1.0, "mixup": 0.5, "scale": 0.3, "translate": 0.1, "fliplr": 0.5, "hsv_v": 0.4}
    whole = train(request(coloured, tmp_path / "whole", **drawn), lambda _: None)
    broken = request(coloured, tmp_path / "broken", **drawn)

    def interrupt(report: object) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        train(broken, interrupt)
    torch.manual_seed(99)
    result = train(broken, lambda _: None)
    assert result.resumed_at == 1
    assert same_weights(result.best, whole.best)


@pytest.mark.slow
def test_classes_are_matched_by_name_when_it_goes_on(coloured: Images, tmp_path: Path) -> None:
    first = train(request(coloured, tmp_path / "first", epochs=1), lambda _: None)
    asked = request(coloured, tmp_path / "next", epochs=1, lr0=1e-7, freeze=9, ema_tau=1.0)
    later = train(replace(asked, class_names=("new", "Red", "more"), weights=first.best), lambda _: None)
    before, after = state_of(first.best), state_of(later.best)
    for rows in (
        "model.decoder.class_embed.1.weight",
        "model.enc_score_head.bias",
        "model.denoising_class_embed.weight",
    ):
        assert torch.allclose(after[rows][1].float(), before[rows][0].float(), atol=1e-3), rows
    rows = "model.decoder.class_embed.1.weight"
    assert not torch.allclose(after[rows][0].float(), before[rows][0].float(), atol=1e-3)
    kept = [name for name in before if name.startswith("model.backbone.")]
    assert all(torch.equal(after[name], before[name]) for name in kept)  # batch statistics too


def twice_as_wide(path: Path, to: Path) -> Path:
    with Image.open(path) as picture:
        picture.resize((picture.width * 2, picture.height), Image.Resampling.NEAREST).save(to)
    return to


@pytest.mark.slow
def test_prediction_and_validation(coloured: Images, tmp_path: Path) -> None:
    asked = request(coloured[:5], tmp_path, epochs=1, validate=True, rect=True, workers=1)
    result = train(replace(asked, validation=coloured[:2]), lambda _: None)
    assert 0 <= result.metrics["mAP"] <= result.metrics["mAP50"] <= 1
    settings = PredictSettings(imgsz=128, threads=1, max_det=20)
    found = predict(PredictRequest(result.best, tuple(one.path for one in coloured), settings), lambda _: None)
    assert found.class_names == NAMES
    assert (found.boxes[:, 2:] <= (160, 120)).all()
    assert (np.bincount(found.image_index) <= 20).all()
    paths = coloured[0].path, twice_as_wide(coloured[0].path, tmp_path / "wide.png")
    every = predict(PredictRequest(result.best, paths, replace(settings, conf=0.0, max_det=1000)), lambda _: None)
    plain, wide = (every.boxes[every.image_index == index] for index in (0, 1))
    assert wide.max(0) == pytest.approx(plain.max(0) * (2, 1, 2, 1), abs=1)  # stretched to the image's own shape
    same = np.diff(found.image_index) == 0
    assert (np.diff(found.scores)[same] <= 0).all()


def test_the_backbone_learns_at_its_own_rate(coloured: Images, tmp_path: Path) -> None:
    from model.engines.descent import learning_rate, optimizer_of, set_rates
    from tests.model.engines.transformers.conftest import detector_of

    detector = detector_of("rtdetrv2-t")
    settings = replace(PLAIN, backbone_lr=0.1, lr0=0.01, warmup_epochs=0.0)
    optimizer = optimizer_of(detector.module, settings, detector.family.stages(detector.module))
    set_rates(optimizer, learning_rate(settings, 0, 10))
    rates = {id(one): group["lr"] for group in optimizer.param_groups for one in group["params"]}
    for name, one in detector.module.named_parameters():
        expected = 0.001 if name.startswith("model.backbone.") else 0.01
        assert rates[id(one)] == pytest.approx(expected), name


def test_it_rejects(coloured: Images, base: Path, tmp_path: Path) -> None:
    def refused(asked: TrainRequest, match: str) -> None:
        with pytest.raises(EngineError, match=re.escape(match)):
            train(asked, lambda _: None)

    empty = tuple(replace(one, boxes=one.boxes[:0], classes=one.classes[:0]) for one in coloured)
    refused(request(empty, tmp_path), "no boxes")
    strange = (replace(coloured[0], classes=coloured[0].classes + 2), *coloured[1:])
    refused(request(strange, tmp_path), "0.png has a box of class 2; there are 2, counted from 0")
    refused(request(coloured, tmp_path, imgsz=64), "rtdetrv2-t needs images of 96 px or more (imgsz); 64 was asked for")
    refused(replace(request(coloured, tmp_path), weights=base), "weights are of road11t, not of rtdetrv2-t")
    with pytest.raises(EngineError, match=r"road11t\.pt is a checkpoint of road11t, which is none of this engine's"):
        predict(PredictRequest(base, ()), lambda _: None)
