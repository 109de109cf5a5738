"""What is ignored is neither object nor background: no loss there, and it moves as its image does."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from demo.objects import CLASSES
from model.engines import EVERY_CLASS, LabelledImage, TrainRequest, TrainSettings, run_in_process
from model.engines.spec import read_request, write_request
from model.engines.ultralytics import networks
from model.engines.ultralytics.ignoring import honour_ignored, split_off
from model.engines.ultralytics.images import training_images
from model.engines.ultralytics.validation import fast_map

SIZE = 160
NAMES = ("car", "bike")
LEFT = [0.25, 0.5, 0.3, 0.4]  # an ignored region, xywh as fractions
RIGHT = [0.75, 0.5, 0.2, 0.2]  # an object


def network(architecture: str) -> networks.Network:
    torch.manual_seed(0)
    made = networks.build(networks.layout_of(architecture), NAMES)
    return made.train()


def batch(*labels: tuple[int, list[float]]) -> dict[str, torch.Tensor]:
    return {
        "img": torch.rand(1, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(1)),
        "batch_idx": torch.zeros(len(labels)),
        "cls": torch.tensor([[label] for label, _ in labels], dtype=torch.float32).reshape(-1, 1),
        "bboxes": torch.tensor([box for _, box in labels], dtype=torch.float32).reshape(-1, 4),
    }


def score_gradients(region_class: int) -> np.ndarray:
    """(5, 5, 2) |gradient| of the coarsest grid's class scores: an object at the right, a region at the left."""
    made = network("yolo11n")
    honour_ignored(made)
    given = batch((0, RIGHT), (region_class, LEFT))
    made.eval()  # as the weights are; batch statistics would join all places
    features = made.forward(given["img"])[1]
    scores = features["scores"]
    scores.retain_grad()
    loss, _ = made.criterion((None, features), given)
    loss.sum().backward()
    last = scores.grad[0].abs().numpy()[:, -25:]
    return last.reshape(2, 5, 5).transpose(1, 2, 0)


@pytest.mark.parametrize(("region_class", "silent"), [(2, [True, False]), (3, [False, True]), (4, [True, True])])
def test_an_ignored_region_gives_no_gradient_for_what_it_concerns(region_class: int, silent: list[bool]) -> None:
    """Rows 1 to 3 of column 1 have their centres in the region, (48, 80) among them; column 4's have not."""
    gradient = score_gradients(region_class)
    assert (gradient[2, 1] == 0).tolist() == silent
    assert (gradient[2, 4] > 0).all()
    assert (gradient[0, 2] > 0).all()


def test_without_a_region_the_same_place_is_background() -> None:
    assert (score_gradients(0)[2, 1] > 0).all()  # there the region is an object


@pytest.mark.parametrize("architecture", ["yolo11n", "yolo26n", "rtdetr-l"])
def test_a_region_over_the_whole_image_leaves_the_loss_of_the_objects_alone(architecture: str) -> None:
    losses = []
    for labels in ([(0, RIGHT)], [(0, RIGHT), (4, [0.5, 0.5, 1.0, 1.0])]):
        made = network(architecture)
        honour_ignored(made)
        torch.manual_seed(2)
        losses.append(made(batch(*labels))[1])
    name = next(name for name in losses[0] if "cls" in name or "class" in name)
    others = [one for one in losses[0] if one != name]
    assert 0 < float(losses[1][name]) < float(losses[0][name])  # the background's part is gone
    for other in others:
        assert float(losses[1][other]) == pytest.approx(float(losses[0][other]))


def test_regions_are_never_objects() -> None:
    objects, regions = split_off(batch((0, RIGHT), (3, LEFT), (4, LEFT)), 2)
    assert (len(objects["cls"]), regions["cls"].view(-1).tolist()) == (1, [3, 4])


def test_regions_move_with_their_image(images) -> None:
    """A mosaic of four images has the regions of all four."""
    ignored = np.array([[20, 20, 60, 60]], np.float32)
    some = tuple(replace(one, ignored=ignored, ignored_classes=np.array([EVERY_CLASS], np.int32)) for one in images[:6])
    settings = TrainSettings(imgsz=SIZE, mosaic=1.0, scale=0.0, translate=0.0, fliplr=1.0, cache=False)
    found = training_images(some, CLASSES, settings, stretched=False)[0]
    regions = (found["cls"].view(-1) == 2 * len(CLASSES)).sum()  # the class of what is ignored whatever it is
    assert 1 <= int(regions) <= 4
    assert len(found["cls"]) == len(found["bboxes"])


def test_a_request_carries_them(images, tmp_path) -> None:
    ignored, classes = np.array([[1, 2, 3, 4]], np.float32), np.array([1], np.int32)
    given = (replace(images[0], ignored=ignored, ignored_classes=classes), images[1])
    write_request(tmp_path, TrainRequest("yolo11n", NAMES, given, tmp_path))
    read = read_request(tmp_path)
    assert isinstance(read, TrainRequest)
    assert read.images[0].ignored.tolist() == [[1, 2, 3, 4]]
    assert (read.images[0].ignored_classes.tolist(), len(read.images[1].ignored)) == ([1], 0)


def test_the_fast_map_leaves_out_what_lies_there(images, monkeypatch) -> None:
    """A surer box in the air halves the precision, unless nobody looked there."""
    box = np.array([[10, 10, 50, 50]], np.float32)
    air = np.array([[100, 100, 140, 140]], np.float32)
    found = (np.zeros(2, int), np.zeros(2, np.int32), np.concatenate([air, box]), np.array([0.9, 0.8], np.float32))
    monkeypatch.setattr("model.engines.ultralytics.validation.run", lambda *_: found)
    plain = LabelledImage(images[0].path, 200, 200, box, np.zeros(1, np.int32))
    regions = replace(plain, ignored=air - 5, ignored_classes=np.array([EVERY_CLASS], np.int32))
    scores = [fast_map(object(), (one,), TrainSettings(), torch.device("cpu"))["mAP50"] for one in (plain, regions)]
    assert scores[0] < 0.6
    assert scores[1] > 0.9


@pytest.mark.thorough
@pytest.mark.slow
def test_it_trains(images, base, tmp_path) -> None:
    ignored = np.array([[0, 0, 80, 80]], np.float32)
    some = tuple(replace(one, ignored=ignored, ignored_classes=np.array([EVERY_CLASS], np.int32)) for one in images)
    settings = TrainSettings(epochs=1, imgsz=SIZE, batch=5, threads=1, close_mosaic=0, validate=True)
    request = TrainRequest("road11t", CLASSES, some, tmp_path / "output", settings, weights=base, validation=some[:4])
    result = run_in_process(request, log=tmp_path / "log")
    assert result.best.exists()
    assert result.metrics["cls_loss"] > 0
