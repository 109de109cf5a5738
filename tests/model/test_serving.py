"""The runtime's own arithmetic: suppression beside torchvision's, reading of raw outputs, pictures of odd shapes."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper, save
from PIL import Image
from torchvision.ops import batched_nms

from model.serving.detector import FormDetector
from model.serving.facts import GRID, KEPT, QUERIES, STRETCH, FormFacts, FormUnreadable, facts_of_texts, texts_of_facts
from model.serving.letterbox import placing
from model.serving.openvino import write_ir
from model.serving.outputs import BoxesWanted, boxes_of_output
from model.serving.pictures import pixels_of_picture
from model.serving.suppression import kept_of_overlapping
from storage.refusals import PictureRefused

NAMES = ("car", "rider")


@pytest.mark.parametrize("count", [0, 1, 400])
def test_what_survives_overlap_is_what_torchvision_keeps(count: int) -> None:
    chance = np.random.default_rng(count)
    corners = chance.uniform(0, 60, (count, 2))
    boxes = np.concatenate([corners, corners + chance.uniform(5, 40, (count, 2))], axis=1).astype(np.float32)
    classes = chance.integers(0, 3, count).astype(np.int32)
    scores = np.sort(chance.random(count).astype(np.float32))[::-1].copy()
    theirs = batched_nms(torch.tensor(boxes), torch.tensor(scores), torch.tensor(classes), 0.5).numpy()
    assert kept_of_overlapping(boxes, classes, 0.5, 1000).tolist() == theirs.tolist()
    assert kept_of_overlapping(boxes, classes, 0.5, 7).tolist() == theirs[:7].tolist()


# Two places of two classes: a car of 20 x 10 in the middle of (50, 40), score .9, which is a rider too, score .6.
CENTRED = np.array([[50, 40, 20, 10, 0.9, 0.6], [10, 10, 4, 4, 0.1, 0.2]], np.float32)
CORNERS = [40, 35, 60, 45]


@pytest.mark.parametrize(
    ("output", "raw"),
    [
        (GRID, CENTRED.T),
        (QUERIES, CENTRED / np.array([100, 80, 100, 80, 1, 1], np.float32)),
        (KEPT, np.array([[*CORNERS, 0.6, 1], [8, 8, 12, 12, 0.2, 1], [*CORNERS, 0.9, 0]], np.float32)),
    ],
)
def test_raw_outputs_of_every_kind_become_the_same_boxes(output: str, raw: np.ndarray) -> None:
    facts = FormFacts(NAMES, 100, output=output, nms=output == GRID)
    boxes, scores, classes = boxes_of_output(raw, facts, BoxesWanted(floor=0.25), (100, 80))
    np.testing.assert_allclose(boxes, [CORNERS, CORNERS], rtol=1e-6)
    assert (scores.tolist(), classes.tolist()) == (pytest.approx([0.9, 0.6]), [0, 1])
    (one,), _, _ = boxes_of_output(raw, facts, BoxesWanted(floor=0.25, most=1), (100, 80))
    assert one.tolist() == pytest.approx(CORNERS)


class Whole:
    """A network that finds one box, the whole of its input."""

    facts = FormFacts(NAMES, 64, output=KEPT, nms=False)

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        height, width = pixels.shape[1:3]
        return np.array([[[0, 0, width, height, 0.5, 1]]], np.float32)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (64, 64), (30, 40)])
def test_a_picture_of_any_shape_gets_its_boxes_in_its_own_pixels(shape: tuple[int, int]) -> None:
    (found,) = FormDetector(Whole()).detect([np.zeros((*shape, 3), np.uint8)])
    np.testing.assert_allclose(found.boxes, [[0, 0, shape[1], shape[0]]], rtol=1e-6)
    assert found.classes.tolist() == [1]


def test_it_rejects_what_is_no_picture() -> None:
    for pixels in (np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((0, 4, 3), np.uint8)):
        with pytest.raises(ValueError, match="uint8 RGB"):
            FormDetector(Whole()).detect([pixels])


def test_where_a_picture_lies() -> None:
    """By hand: 200 x 100 at 64 px becomes 64 x 32, with nothing around; at stride 48, 96 x 48 with 16 and 8 beside."""
    plain, bordered = placing(200, 100, 64), placing(200, 100, 64, stride=48)
    assert (plain.inner, plain.outer, plain.offset, plain.factor) == ((64, 32), (64, 32), (0, 0), (0.32, 0.32))
    assert (bordered.outer, bordered.offset) == ((96, 48), (16, 8))
    assert placing(200, 100, 64, stretched=True).factor == (0.32, 0.64)


def test_facts_survive_the_file_and_are_missed_where_they_are_not_there() -> None:
    facts = FormFacts(NAMES, 640, stride=64, fit=STRETCH, nms=False, run="night 2", revision=None, licence="AGPL-3.0")
    assert facts_of_texts({**texts_of_facts(facts), "stranger": "1"}) == facts
    with pytest.raises(FormUnreadable, match="does not say its classes"):
        facts_of_texts({"imgsz": "640"})
    with pytest.raises(FormUnreadable, match="not written as Halfday"):
        facts_of_texts({"imgsz": "six", "class_names": "[]"})


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def test_pictures_are_upright_and_on_white() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown after a quarter turn
    wide = Image.new("RGB", (8, 4), (200, 10, 10))
    assert pixels_of_picture(saved(wide, "JPEG", exif=exif)).shape == (8, 4, 3)
    assert pixels_of_picture(saved(wide, "JPEG")).shape == (4, 8, 3)
    assert pixels_of_picture(saved(Image.new("RGBA", (2, 2), (9, 9, 9, 0)), "PNG")).tolist() == [[[255] * 3] * 2] * 2
    assert pixels_of_picture(saved(Image.new("L", (2, 1), 77), "PNG")).tolist() == [[[77] * 3] * 2]


@pytest.mark.parametrize(("mode", "kind"), [("I;16", "PNG"), ("I;16", "TIFF"), ("F", "TIFF")])
def test_deep_samples_are_refused_and_not_cut_to_white(mode: str, kind: str) -> None:
    with pytest.raises(PictureRefused, match="more than 8 bits"):
        pixels_of_picture(saved(Image.new(mode, (4, 3), 900), kind))


def test_it_rejects_bytes_that_are_no_picture_and_pictures_that_are_too_large() -> None:
    with pytest.raises(PictureRefused, match="not a picture of a known kind"):
        pixels_of_picture(b"GIF? no")
    with pytest.raises(PictureRefused, match="20 x 10 pixels; 100 in all"):
        pixels_of_picture(saved(Image.new("RGB", (20, 10)), "PNG"), most=100)
    with pytest.raises(PictureRefused, match="corrupt"):
        pixels_of_picture(saved(Image.effect_noise((64, 64), 9), "PNG")[:900])


def test_it_rejects_a_network_that_openvino_does_not_know(tmp_path: Path) -> None:
    images, output = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("images", "output"))
    of_somebody = helper.make_node("Sparkle", ["images"], ["output"], domain="somebody's")
    model = helper.make_model(helper.make_graph([of_somebody], "network", [images], [output]))
    save(model, tmp_path / "model.onnx")
    with pytest.raises(FormUnreadable, match="OpenVINO cannot read this network"):
        write_ir(tmp_path / "model.onnx", tmp_path / "model.xml", FormFacts(NAMES, 64))
