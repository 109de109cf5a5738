"""It learns through the engine's process, goes on after an interruption, and keeps what it knew."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from model.engines import EngineError, LabelledImage, PredictRequest, PredictSettings, TrainRequest, run_in_process
from model.engines.batches import InputLabels
from model.engines.transformers.checkpoints import blueprint
from model.engines.transformers.listing import family_of_architecture
from model.engines.transformers.prediction import predict
from model.engines.transformers.rf_detr.family import RF_DETR
from model.engines.transformers.rf_detr.sizes import WINDOWED_14, WINDOWED_16
from model.engines.transformers.training import train
from model.engines.types import EVERY_CLASS
from model.engines.watching import fast_figures
from tests.model.engines.transformers.test_training import Interrupted
from tests.model.engines.yolov6.conftest import NAMES, PLAIN
from tests.model.engines.yolov6.test_training import same_weights, state_of

Images = tuple[LabelledImage, ...]


def request(images: Images, output: Path, **settings: object) -> TrainRequest:
    settings = {"lr0": 0.002, "epochs": 2, **settings}
    return TrainRequest("rfdetr-t", NAMES, images, output, replace(PLAIN, **settings))  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.thorough
def test_a_narrow_network_learns_eight_images(coloured: Images, tmp_path: Path) -> None:
    """Whether network, matching and losses fit together; some 8 s of one thread."""
    result = run_in_process(request(coloured, tmp_path, epochs=40), log=tmp_path / "log")
    asked = PredictRequest(result.best, tuple(one.path for one in coloured), PredictSettings(imgsz=128, threads=1))
    found = run_in_process(asked, log=tmp_path / "log")
    columns = (found.image_index, found.class_index, found.boxes, found.scores)
    assert fast_figures(columns, coloured)["mAP50"] > 0.9


@pytest.mark.slow
def test_two_steps_with_nothing_fetched(coloured: Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Built, trained, interrupted, gone on with to the very weights, and asked, while nothing can be reached."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("nothing is to be fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for size in (*WINDOWED_16, *WINDOWED_14):
        blueprint(family_of_architecture(size), size)
    drawn = {"fliplr": 0.5, "hsv_v": 0.4, "scale": 0.3}
    whole = train(request(coloured, tmp_path / "whole", **drawn), lambda _: None)
    broken = request(coloured, tmp_path / "broken", **drawn)

    def interrupt(report: object) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        train(broken, interrupt)
    result = train(broken, lambda _: None)
    assert result.resumed_at == 1
    assert same_weights(result.best, whole.best)
    assert {"cls_loss", "box_loss"} <= result.metrics.keys()
    paths = tuple(one.path for one in coloured[:2])
    found = predict(PredictRequest(result.best, paths, PredictSettings(imgsz=128, threads=1)), lambda _: None)
    assert (found.class_names, found.boxes.shape[1]) == (NAMES, 4)
    assert (found.boxes[:, 2:] <= (160, 120)).all()


@pytest.mark.slow
def test_other_classes_keep_the_rows_of_their_names(coloured: Images, tmp_path: Path) -> None:
    first = train(request(coloured, tmp_path / "first", epochs=1), lambda _: None)
    asked = request(coloured, tmp_path / "next", epochs=1, lr0=1e-7, freeze=6, ema_tau=1.0)
    later = train(replace(asked, class_names=("new", "Red", "blue"), weights=first.best), lambda _: None)
    before, after = state_of(first.best), state_of(later.best)
    for rows in ("class_embed.weight", "model.enc_out_class_embed.3.bias"):
        assert torch.allclose(after[rows][1:].float(), before[rows].float(), atol=1e-3), rows
    assert not torch.allclose(
        after["class_embed.weight"][0].float(), before["class_embed.weight"][0].float(), atol=1e-3
    )
    kept = [name for name in before if name.startswith("model.backbone.backbone.")]
    assert all(torch.equal(after[name], before[name]) for name in kept)


@pytest.mark.parametrize("half", [False, True])
def test_ignored_regions_and_images_without_boxes(half: bool) -> None:
    """Pixels of the input; in bfloat16 boxes are answered in float32 all the same."""
    torch.manual_seed(0)
    network = RF_DETR.build(RF_DETR.sizes["rfdetr-t"], 2)
    nothing, no_class = torch.zeros(0, 4), torch.zeros(0, dtype=torch.long)
    everywhere, images = torch.tensor([[0.0, 0.0, 128.0, 128.0]]), torch.rand(1, 3, 128, 128)

    def parts_of(labels: InputLabels) -> dict[str, torch.Tensor]:
        network.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            parts = RF_DETR.loss(network.train(), images, [labels])
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
        assert all(torch.isfinite(one.grad).all() for one in network.parameters() if one.grad is not None)
        return parts

    ignored = InputLabels(nothing, no_class, everywhere, torch.tensor([EVERY_CLASS]))
    box, red = torch.tensor([[20.0, 20.0, 80.0, 90.0]]), torch.tensor([0])
    assert parts_of(InputLabels(nothing, no_class, nothing, no_class))["cls_loss"] > 0
    assert parts_of(ignored)["cls_loss"] == 0
    assert parts_of(ignored._replace(boxes=box, classes=red))["cls_loss"] > 0
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=half):
        assert RF_DETR.answers(network.eval(), images).boxes.dtype == torch.float32


def test_it_rejects_a_side_with_too_few_places(coloured: Images, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"rfdetr-t needs images of 128 px or more \(imgsz\); 96 was asked for"):
        train(request(coloured, tmp_path, imgsz=96), lambda _: None)
