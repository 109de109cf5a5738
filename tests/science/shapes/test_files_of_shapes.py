"""`./halfday evaluate --iou-type`: the twelve figures of masks are pycocotools' own, and bad shapes are named."""

import contextlib
import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as reference
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from commandline.evaluate import main
from science.coco.files import BadFile, read_results, read_truth
from science.evaluation.average_precision import accumulate
from science.evaluation.error_budget import error_budget
from science.evaluation.matching import match
from science.evaluation.verdicts import FN, FP, TP, verdicts
from science.shapes.kinds import IouType

# pycocotools' own array asks numpy 2 for a view in the old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CATEGORIES = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]


def outline(rng: np.random.Generator, size: tuple[int, int]) -> list[float]:
    """A shape that may touch the image's border or lie beyond it, down to a pixel."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 10))))
    reach = rng.choice([1, 6, 20, 60]) * rng.uniform(0.5, 1, len(angle))
    x, y = rng.uniform(0, size[1]), rng.uniform(0, size[0])
    return np.column_stack([x + reach * np.cos(angle), y + reach * np.sin(angle)]).round(2).reshape(-1).tolist()


def case(seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Labels as polygons of one or two parts, RLE and compressed RLE, crowds among them; results near them."""
    rng = np.random.default_rng(seed)
    images = [{"id": k + 3, "height": int(rng.integers(1, 150)), "width": int(rng.integers(1, 150))} for k in range(6)]
    annotations: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for image in images:
        size = (image["height"], image["width"])
        for _ in range(int(rng.integers(0, 7))):
            rings = [outline(rng, size) for _ in range(int(rng.integers(1, 3)))]
            coded = reference.merge(reference.frPyObjects(rings, *size))
            counts = coded["counts"].decode()
            crowd = bool(rng.random() < 0.2)
            form = int(rng.integers(0, 3)) if not crowd else int(rng.integers(1, 3))
            plain = reference.decode(coded).T.reshape(-1)
            edges = np.flatnonzero(np.diff(np.concatenate([[0], plain])))
            lengths = np.diff(np.concatenate([[0], edges, [plain.size]])).tolist()
            segmentation = [rings, {"size": size, "counts": lengths}, {"size": size, "counts": counts}][form]
            annotations.append({
                "id": len(annotations) + 1, "image_id": image["id"], "category_id": int(rng.integers(1, 3)),
                "iscrowd": int(crowd), "area": float(reference.area(coded)), "segmentation": segmentation,
                "bbox": reference.toBbox(coded).tolist(),
            })  # fmt: skip
            for _ in range(int(rng.integers(0, 3))):
                moved = [[value + float(rng.normal(0, 1.5)) for value in ring] for ring in rings]
                found = reference.merge(reference.frPyObjects(moved, *size))
                results.append({
                    "image_id": image["id"], "category_id": int(rng.integers(1, 3)),
                    "score": round(float(rng.random()), 1),
                    "segmentation": found | {"counts": str(found["counts"], "ascii")},
                })  # fmt: skip
    return {"images": images, "annotations": annotations, "categories": CATEGORIES}, results


def written(folder: Path, labels: object, results: object) -> tuple[Path, Path]:
    paths = folder / "labels.json", folder / "results.json"
    for path, content in zip(paths, (labels, results), strict=True):
        path.write_text(json.dumps(content))
    return paths


def theirs(paths: tuple[Path, Path]) -> np.ndarray:
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(paths[0]))
        evaluation = COCOeval(truth, truth.loadRes(str(paths[1])), "segm")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return np.array(evaluation.stats)


def ours(paths: tuple[Path, Path], iou_type: IouType = IouType.SEGM) -> np.ndarray:
    coco = read_truth(paths[0], iou_type)
    matches = match(coco.truth, read_results(paths[1], coco).detections, classes=2)
    return np.array(accumulate(matches).as_coco())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_twelve_figures_of_masks_are_pycocotools_own(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    labels, results = case(seed)
    if not results or not labels["annotations"]:
        return
    paths = written(tmp_path_factory.mktemp("case"), labels, results)
    assert np.array_equal(ours(paths), theirs(paths))


def test_results_with_boxes_are_counted_by_the_size_of_the_box_as_pycocotools_does(tmp_path: Path) -> None:
    labels, results = case(7)
    boxed = [row | {"bbox": [0.0, 0.0, 200.0, 200.0]} for row in results]
    paths = written(tmp_path, labels, boxed)
    assert np.array_equal(ours(paths), theirs(paths))
    assert not np.array_equal(ours(paths), ours(written(tmp_path, labels, results)))


SQUARE = [[2.0, 2.0, 12.0, 2.0, 12.0, 12.0, 2.0, 12.0]]
LABEL = {"id": 1, "image_id": 1, "category_id": 1, "segmentation": SQUARE}
FOUND = {"image_id": 1, "category_id": 1, "score": 0.5, "segmentation": SQUARE}
IMAGE = {"id": 1, "height": 20, "width": 30}


def of(**changed: object) -> dict[str, Any]:
    return {"images": [IMAGE], "annotations": [LABEL | changed], "categories": CATEGORIES}


def test_without_bbox_area_and_crowd(tmp_path: Path) -> None:
    """Only a segmentation is needed; the size is the mask's."""
    coco = read_truth(written(tmp_path, of(), [FOUND])[0], IouType.SEGM)
    assert coco.truth.area is not None
    assert coco.truth.area.tolist() == [100]
    assert coco.truth.boxes.tolist() == [[2, 2, 12, 12]]
    assert ours(written(tmp_path, of(), [FOUND]))[0] == pytest.approx(1)


def test_a_box_stands_for_a_missing_segmentation_of_a_detection(tmp_path: Path) -> None:
    row = {"image_id": 1, "category_id": 1, "score": 0.5, "bbox": [2, 2, 10, 10]}
    paths = written(tmp_path, of(), [row])
    assert ours(paths)[0] == pytest.approx(1)
    assert main([*map(str, paths), "--iou-type", "segm", "--json"]) == 0


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"segmentation": None}, 'annotation 0 (counted from 0): it has no "segmentation".'),
        ({"segmentation": [[1, 2, 3]]}, "annotation 0 (counted from 0): a polygon has an odd count of numbers."),
        ({"segmentation": "x"}, 'its "segmentation" is neither lists of polygons nor an RLE'),
        ({"segmentation": [["a", 2]]}, 'its "segmentation" is neither lists of polygons nor an RLE'),
        ({"segmentation": {"size": [20, 30]}}, 'its "segmentation" is neither lists of polygons nor an RLE'),
        ({"segmentation": {"size": [20, 30], "counts": [5]}}, "the counts of its RLE do not add up to its image."),
        ({"segmentation": {"size": [20, 30], "counts": [0, 999]}}, "the counts of its RLE do not add up to its image."),
        ({"segmentation": {"size": [20, 30], "counts": "a"}}, "the counts of its RLE are no compressed text."),
        ({"segmentation": {"size": [30, 20], "counts": [600]}}, "its RLE is of another size than its image."),
    ],
)
def test_a_shape_that_cannot_be_read_is_named(tmp_path: Path, changed: dict[str, Any], why: str) -> None:
    path = written(tmp_path, of(**changed), [])[0]
    with pytest.raises(BadFile) as told:
        read_truth(path, IouType.SEGM)
    assert why in str(told.value)


def test_masks_need_the_size_of_their_image(tmp_path: Path) -> None:
    labels = of() | {"images": [{"id": 1, "file_name": "a.jpg"}]}
    with pytest.raises(BadFile, match='image 1 has no "height" and "width" in pixels'):
        read_truth(written(tmp_path, labels, [])[0], IouType.SEGM)


def test_turned_boxes_by_their_corners(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A square of 10 and itself turned by 45 degrees share 8 (sqrt 2 - 1) 25 of 100: IoU .707, so AP is 5 of 10."""
    half = 50**0.5
    diamond = [[7 - half, 7.0, 7.0, 7 - half, 7 + half, 7.0, 7.0, 7 + half]]
    paths = written(tmp_path, of(), [FOUND | {"segmentation": diamond}])
    assert ours(paths, IouType.OBB)[0] == pytest.approx(0.5)
    assert main([*map(str, paths), "--iou-type", "obb"]) == 0
    assert (
        "AP is 0.500 by the exact overlap of turned boxes and 1.000 by the probabilistic one" in capsys.readouterr().out
    )


def test_the_answer_and_the_report_say_what_was_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths, report = written(tmp_path, of(), [FOUND]), tmp_path / "report.html"
    given = [*map(str, paths), "--iou-type", "segm"]
    assert main([*given, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["iou_type"] == "segm"
    assert main([*given, "--report", str(report)]) == 0
    assert "1 detections, compared by segm" in capsys.readouterr().out
    assert "(segm)" in report.read_text()


def test_five_corners_are_no_turned_box(tmp_path: Path) -> None:
    paths = written(tmp_path, of(segmentation=[[0, 0, 4, 0, 5, 2, 4, 4, 0, 4]]), [])
    with pytest.raises(BadFile, match="not one polygon of four corners"):
        read_truth(paths[0], IouType.OBB)


def test_the_outline_is_the_stricter_measure(tmp_path: Path) -> None:
    """The square and one that is a pixel larger all around: IoU 100 / 144, but rims of one pixel share nothing."""
    larger = [[1.0, 1.0, 13.0, 1.0, 13.0, 13.0, 1.0, 13.0]]
    paths = written(tmp_path, of(), [FOUND | {"segmentation": larger}])
    assert ours(paths)[0] == pytest.approx(0.4)  # .50, .55, .60, .65
    assert ours(paths, IouType.BOUNDARY)[0] == 0


def test_verdicts_and_error_budget_go_by_the_shape(tmp_path: Path) -> None:
    """Two triangles in one square: their boxes nearly agree, they share nothing."""
    lower, upper = [[0.0, 0.0, 20.0, 20.0, 0.0, 20.0]], [[2.0, 0.0, 20.0, 0.0, 20.0, 18.0]]
    paths = written(tmp_path, of(segmentation=lower), [FOUND | {"segmentation": upper}])
    coco = read_truth(paths[0], IouType.SEGM)
    found = read_results(paths[1], coco).detections
    as_boxes = replace(coco.truth, shapes=None), replace(found, shapes=None)
    assert Counter(verdicts(coco.truth, found).verdict.tolist()) == {FP: 1, FN: 1}
    assert Counter(verdicts(*as_boxes).verdict.tolist()) == {TP: 1}
    assert error_budget(coco.truth, found, classes=2).counts["background"] == 1
    assert error_budget(*as_boxes, classes=2).counts["background"] == 0


def test_inclusive_boxes_have_no_shapes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = written(tmp_path, of(), [FOUND])
    assert main([*map(str, paths), "--iou-type", "segm", "--inclusive"]) == 2
    assert "--inclusive is about boxes" in capsys.readouterr().err
