"""Predictions come in pixels of the upright image, ordered, and the same however they are batched."""

import numpy as np
import pytest
from PIL import Image

from model.engines import EngineError, PredictRequest, PredictSettings, run_in_process

pytestmark = pytest.mark.slow
SETTINGS = PredictSettings(imgsz=256, threads=1, conf=0.01)


@pytest.fixture(scope="module")
def found(images, base, tmp_path_factory):
    log = tmp_path_factory.mktemp("predict") / "log"
    reports = []
    request = PredictRequest(base, tuple(i.path for i in images), SETTINGS)
    return run_in_process(request, log=log, report=reports.append), reports


def test_it_works(found, images):
    predictions, reports = found
    assert predictions.class_names == ("object",)
    assert predictions.boxes.shape == (len(predictions.scores), 4)
    assert predictions.boxes.dtype == predictions.scores.dtype == np.float32
    assert (reports[-1].done, reports[-1].total) == (20, 20)
    assert (np.diff(predictions.image_index) >= 0).all()
    same = np.diff(predictions.image_index) == 0
    assert (np.diff(predictions.scores)[same] <= 0).all()
    sizes = np.array([(i.width, i.height) for i in images])[predictions.image_index]
    assert (predictions.boxes >= 0).all()
    assert (predictions.boxes[:, 2:] <= sizes).all()


def test_the_base_checkpoint_knows_where_things_are(found, images):
    """Half of the true boxes are met by a confident prediction, in pixels of the original image."""
    predictions, _ = found
    met = total = 0
    for index, image in enumerate(images):
        sure = predictions.boxes[(predictions.image_index == index) & (predictions.scores > 0.25)]
        for box in image.boxes:
            total += 1
            met += bool(len(sure)) and bool((_iou(box, sure) > 0.6).any())
    assert met / total > 0.5


def test_batches_do_not_matter(found, images, base, tmp_path):
    request = PredictRequest(
        base, tuple(i.path for i in images), PredictSettings(imgsz=256, threads=1, conf=0.01, batch=3)
    )
    other = run_in_process(request, log=tmp_path / "log")
    sure = found[0].scores > 0.1
    again = other.scores > 0.1
    assert abs(int(sure.sum()) - int(again.sum())) <= 1
    np.testing.assert_allclose(found[0].boxes[sure][:20], other.boxes[again][:20], atol=0.5)


def test_a_turned_photograph_is_predicted_upright(images, base, tmp_path):
    upright = images[1].path
    exif = Image.Exif()
    exif[0x0112] = 6  # shown after a quarter turn to the right
    with Image.open(upright) as picture:
        picture.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", exif=exif, quality=98)
        picture.save(tmp_path / "plain.jpg", quality=98)
    request = PredictRequest(base, (tmp_path / "plain.jpg", tmp_path / "turned.jpg"), SETTINGS)
    found = run_in_process(request, log=tmp_path / "log")
    plain, turned = (found.boxes[found.image_index == i] for i in (0, 1))
    assert _iou(plain[0], turned[:5]).max() > 0.9


def test_no_images_give_no_boxes(base, tmp_path):
    found = run_in_process(PredictRequest(base, (), SETTINGS), log=tmp_path / "log")
    assert found.boxes.shape == (0, 4)


def test_it_rejects_a_file_that_is_no_image(base, tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"not a picture")
    with pytest.raises(EngineError, match=r"broken\.jpg cannot be read"):
        run_in_process(PredictRequest(base, (tmp_path / "broken.jpg",), SETTINGS), log=tmp_path / "log")


def _iou(box, others):
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1)
    return shared / ((box[2:] - box[:2]).prod() + areas - shared)
