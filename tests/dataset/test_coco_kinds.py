"""COCO as tools really write it: odd ids, no bbox, NaN, scores, several files; and JSON that only looks like it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as masks

from dataset.importing import box_forms
from dataset.importing.columns import Ignore
from dataset.importing.segments import around_runs, box_around, decompressed
from dataset.importing.survey import LABELLED, NEGATIVE, NOT_LABELLED
from tests.dataset.folders import write_image, write_text
from tests.dataset.test_formats import boxes, read, reasons

BOX: dict[str, Any] = {"id": 1, "image_id": 1, "category_id": 7, "bbox": [16, 12, 32, 24]}
WHOLE = [16, 12, 48, 36]


def content(*annotations: Any, images: Any = None) -> dict[str, Any]:
    return {
        "images": images or [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}],
        "categories": [{"id": 7, "name": "car"}, {"id": 8, "name": "bus"}],
        "annotations": list(annotations),
    }


def folder(root: Path, *names: str, **files: Any) -> Path:
    for number, name in enumerate(names or ("a.jpg",)):
        write_image(root / name, colour=number * 30)
    for name, given_ in files.items():
        write_text(root / f"{name}.json", given_ if isinstance(given_, str) else json.dumps(given_))
    return root


@pytest.mark.parametrize(
    ("ids", "image_id", "category_id"),
    [
        ((1, 7), 1.0, 7.0),
        ((1.0, 7.0), 1, 7),
        (("1", "7"), 1, 7),
        ((1, 7), "1", "7"),
        (("a-1", "car id"), "a-1", "car id"),
    ],
)
def test_ids_are_the_same_in_quotes_and_as_floats(tmp_path: Path, ids: Any, image_id: Any, category_id: Any) -> None:
    given_ = content(BOX | {"image_id": image_id, "category_id": category_id})
    given_["images"][0]["id"], given_["categories"][0]["id"] = ids
    assert boxes(read(folder(tmp_path, coco=given_)))["a.jpg"] == [("car", WHOLE, None)]


def test_an_id_in_quotes_that_is_another_one_stays_so(tmp_path: Path) -> None:
    """Where both 1 and "1" are ids, each means its own image."""
    images = [{"id": 1, "file_name": "a.jpg"}, {"id": "1", "file_name": "b.jpg"}]
    given_ = content(BOX, BOX | {"id": 2, "image_id": "1", "category_id": 8}, images=images)
    found = boxes(read(folder(tmp_path, "a.jpg", "b.jpg", coco=given_)))
    assert {key: some[0][0] for key, some in found.items()} == {"a.jpg": "car", "b.jpg": "bus"}


@pytest.mark.parametrize(
    "name", ["sub%20dir/a%20b.jpg", "sub dir\\a b.jpg", "./sub dir/a b.jpg", "/content/sub dir/a b.jpg", "a b"]
)
def test_names_as_addresses_and_as_windows_writes_them(tmp_path: Path, name: str) -> None:
    given_ = content(BOX, images=[{"id": 1, "file_name": name}])
    assert boxes(read(folder(tmp_path, "sub dir/a b.jpg", coco=given_)))["sub dir/a b.jpg"]


def test_letters_of_two_pieces_are_the_same_name(tmp_path: Path) -> None:
    """A Mac's e and accent against é."""
    given_ = content(BOX, images=[{"id": 1, "file_name": "caf\u00e9.jpg"}])
    given_["categories"][0]["name"] = "voitu\u0301re\u200b\u00a0x"
    (some,) = boxes(read(folder(tmp_path, "cafe\u0301.jpg", coco=given_))).values()
    assert [name for name, _, _ in some] == ["voit\u00fare x"]


def test_a_number_that_is_none_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    text = json.dumps(content(BOX, BOX | {"id": 2, "bbox": [float("nan"), 1, 2, 3], "area": float("inf")}))
    assert "NaN" in text
    source = read(folder(tmp_path, coco=text))
    assert boxes(source)["a.jpg"] == [("car", WHOLE, None)]
    assert reasons(source) == [("broken_record", "skipped")]


def test_attributes_beside_the_box_are_attributes(tmp_path: Path) -> None:
    """As FiftyOne writes them."""
    record = BOX | {"occluded": True, "score": 1, "colour": "red", "nested": {"a": 1}, "segmentation": [], "ignore": 1}
    source = read(folder(tmp_path, coco=content(record)))
    assert boxes(source)["a.jpg"] == [("car", WHOLE, {"occluded": True, "colour": "red"})]
    assert source.boxes.view("ignore")[0] == Ignore.REGION


def test_scores_make_predictions(tmp_path: Path) -> None:
    source = read(folder(tmp_path, coco=content(BOX | {"score": 0.5}, BOX | {"id": 2, "score": 1})))
    assert boxes(source) == {"a.jpg": []}
    assert (len(source.predictions), source.scores.tolist()) == (2, [0.5, 1.0])
    assert [image.boxes for image in source.images] == [None]  # nothing is known of its labels
    assert reasons(source) == [("predictions", "skipped")]


class TestSegmentations:
    @pytest.mark.parametrize("bbox", [{}, {"bbox": []}, {"bbox": None}, {"bbox": [0, 0, 0, 0]}])
    def test_the_box_around_a_polygon(self, tmp_path: Path, bbox: dict[str, Any]) -> None:
        record = {key: value for key, value in BOX.items() if key != "bbox"} | bbox
        record["segmentation"] = [[10, 20, 30, 20, 30, 40], [5, 6, 8, 9, 5, 9]]
        source = read(folder(tmp_path, coco=content(record)))
        assert boxes(source)["a.jpg"] == [("car", [5, 6, 30, 40], None)]
        assert reasons(source) == [("polygon", "repaired")]

    def test_run_lengths_by_hand(self) -> None:
        """4 rows: 5 outside, 2 inside (column 1, rows 1 and 2), 3 outside, 1 inside (column 2, row 3)."""
        assert around_runs([5, 2, 4, 1], 4) == (1, 1, 2, 3)
        assert around_runs([12], 4) is None

    @given(st.integers(1, 9), st.integers(1, 9), st.data())
    def test_masks_are_as_pycocotools_has_them(self, height: int, width: int, data: st.DataObject) -> None:
        bits = data.draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
        mask = np.array(bits, dtype=np.uint8).reshape(height, width)
        packed = masks.encode(np.asfortranarray(mask))
        found = box_around({"size": packed["size"], "counts": packed["counts"].decode()})
        ys, xs = np.nonzero(mask)
        if not len(xs):
            assert found is None
            return
        assert found == (xs.min(), ys.min(), xs.max() - xs.min() + 1, ys.max() - ys.min() + 1)

    @pytest.mark.parametrize("bad", ["\u00e9", "P" * 40, "", "o"])
    def test_what_is_no_mask_has_no_box(self, bad: str) -> None:
        assert box_around({"size": [4, 4], "counts": bad}) is None or decompressed(bad) is not None
        assert box_around({"size": [4, "4"], "counts": [1, 2]}) is None
        assert box_around([["x", 1, 2, 3, 4, 5]]) is None


class TestSeveralFiles:
    def test_files_of_different_classes_are_joined(self, tmp_path: Path) -> None:
        other = content({"id": 1, "image_id": 9, "category_id": 8, "bbox": [0, 0, 10, 10]}, dict(BOX, image_id=9))
        other["images"][0]["id"] = 9
        source = read(folder(tmp_path, one=content(BOX), two=other))
        assert boxes(source)["a.jpg"] == [("car", WHOLE, None), ("bus", [0, 0, 10, 10], None)]
        assert reasons(source) == [("described_twice", "repaired")]
        assert (source.boxes_found, source.boxes_skipped, source.images[0].boxes) == (3, 1, 2)

    def test_two_versions_of_an_object_are_listed(self, tmp_path: Path) -> None:
        """[16, 12, 48, 36] and [17, 12, 49, 36]: 31 of 33 columns are shared."""
        other = content(BOX | {"bbox": [17, 12, 32, 24]}, BOX | {"id": 2, "category_id": 8, "bbox": [0, 0, 5, 5]})
        source = read(folder(tmp_path, one=content(BOX), two=other))
        assert boxes(source)["a.jpg"] == [("car", WHOLE, None)]
        (problem,) = [one for one in source.problems.shown if one.kind == "contradicts"]
        assert (problem.file, problem.record, problem.count) == ("two.json", "a.jpg", 2)
        assert source.images[0].boxes == 1

    def test_jobs_of_one_cvat_task_are_joined(self, tmp_path: Path) -> None:
        def xml(left: int) -> str:
            box = f'<box label="car" xtl="{left}" ytl="1" xbr="{left + 9}" ybr="9"/>'
            return f'<annotations><image id="0" name="a" width="64" height="48">{box}</image></annotations>'

        write_image(tmp_path / "a.jpg")
        write_text(tmp_path / "job_1.xml", xml(1))
        write_text(tmp_path / "job_2.xml", xml(30))
        assert [box for _, box, _ in boxes(read(tmp_path))["a.jpg"]] == [[1, 1, 10, 9], [30, 1, 39, 9]]

    def test_captions_make_no_negatives(self, tmp_path: Path) -> None:
        captions = content({"id": 7, "image_id": 1, "caption": "own words"})
        source = read(folder(tmp_path, captions_val=captions))
        assert [image.boxes for image in source.images] == [None]

    def test_stuff_and_lists_of_images_stand_back(self, tmp_path: Path) -> None:
        stuff = content(BOX | {"category_id": 8, "bbox": [0, 0, 64, 10], "segmentation": {}})
        bare = {"images": content()["images"], "categories": content()["categories"]}
        source = read(folder(tmp_path, image_info_val=bare, instances_val=content(BOX), stuff_val=stuff))
        assert boxes(source)["a.jpg"] == [("car", WHOLE, None)]
        assert {one.file for one in source.problems.shown if one.kind == "other_file"} == {
            "image_info_val.json",
            "stuff_val.json",
        }

    def test_files_of_two_splits_each_have_their_own_images(self, tmp_path: Path) -> None:
        train = content(BOX, images=[{"id": 1, "file_name": "x.jpg"}])
        root = folder(tmp_path, "train/x.jpg", "val/x.jpg", instances_train=train, instances_val=train)
        source = read(root)
        assert {key: len(some) for key, some in boxes(source).items()} == {"train/x.jpg": 1, "val/x.jpg": 1}


FRAMES = [
    {"name": "a.jpg", "labels": [{"id": "1", "category": "car", "box2d": {"x1": 4, "y1": 6, "x2": 19, "y2": 29}}]}
]


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ({"frames": FRAMES, "groups": None, "config": {"categories": [{"name": "car"}], "imageSize": None}}, "bdd100k"),
        ({"categories": [{"id": 0, "name": "car"}], "info": {"contributor": "Label Studio"}}, "images"),
        ({"info": {}, "categories": {"label": {"labels": []}}, "items": [{"id": "a", "annotations": []}]}, "datumaro"),
        ({"objects": [], "categories": {"properties": []}}, "superb"),
        ({"annotations": [], "categories": []}, "images"),
        ({"notes": "the words images, \"annotations\" and \"categories\""}, "images"),
        (content(BOX), "coco"),
    ],
)  # fmt: skip
def test_a_file_is_coco_only_by_its_own_keys(tmp_path: Path, given_: Any, wanted: str) -> None:
    """All others are named, and the images stay."""
    source = read(folder(tmp_path, file=given_))
    assert (source.format, [image.key for image in source.images]) == (wanted, ["a.jpg"])
    assert ("unrecognised" in {kind for kind, _ in reasons(source)}) == (wanted == "images")


def test_frames_that_nobody_has_labelled_are_not_labelled(tmp_path: Path) -> None:
    source = read(folder(tmp_path, file={"frames": [{"name": "a.jpg", "labels": None}], "config": {}}))
    assert [image.boxes for image in source.images] == [None]


SIZES = np.array([[64, 48]])


@pytest.mark.parametrize(
    ("annotations", "form"),
    [
        ([BOX], ""),
        ([BOX | {"area": 768}], ""),
        ([BOX | {"area": 500.5}], ""),  # a mask's
        ([BOX | {"bbox": [20, 15, 60, 45]}, BOX | {"bbox": [2, 3, 64, 48]}], "xyxy"),  # 20 + 60 > 64
        ([BOX | {"bbox": [4, 6, 20, 30], "area": 16 * 24}], "xyxy"),  # corners 16 × 24 apart
        ([BOX | {"bbox": [0.25, 0.25, 0.5, 0.5]}], "fractions"),
        ([BOX | {"bbox": [0, 0, 1, 1]}], ""),  # a single pixel
        ([BOX | {"bbox": [50, 40, 32, 24]}], ""),  # out of the image, and no corners either
    ],
)
def test_boxes_that_look_like_something_else_are_asked_about(tmp_path: Path, annotations: list[Any], form: str) -> None:
    source = read(folder(tmp_path, coco=content(*annotations)))
    asked = box_forms.questions(source, SIZES)
    assert [question.likely for question in asked] == ([form] if form else [])


@pytest.mark.parametrize(("form", "box"), [("xyxy", [4, 6, 20, 30]), ("xywh", [4, 6, 24, 36])])
def test_the_answer_is_taken(tmp_path: Path, form: str, box: list[float]) -> None:
    source = read(folder(tmp_path, coco=content(BOX | {"bbox": [4, 6, 20, 30], "area": 16 * 24})))
    box_forms.answer(source, SIZES, form)
    assert boxes(source)["a.jpg"][0][1] == box


def test_fractions_are_of_the_image(tmp_path: Path) -> None:
    source = read(folder(tmp_path, coco=content(BOX | {"bbox": [0.25, 0.25, 0.5, 0.5]})))
    box_forms.answer(source, SIZES, "fractions")
    assert boxes(source)["a.jpg"][0][1] == WHOLE


def test_only_the_files_in_question_are_answered_for(tmp_path: Path) -> None:
    odd = content(BOX | {"bbox": [0.5, 0.5, 0.5, 0.5], "category_id": 8})
    source = read(folder(tmp_path, one=content(BOX), two=odd))
    box_forms.answer(source, SIZES, "fractions")
    assert [box for _, box, _ in boxes(source)["a.jpg"]] == [WHOLE, [32, 24, 64, 48]]


@pytest.mark.parametrize(
    ("annotations", "state"), [([BOX], LABELLED), ([], NEGATIVE), ([BOX | {"category_id": 99}], NOT_LABELLED)]
)
def test_a_list_without_boxes_is_a_negative(tmp_path: Path, annotations: list[Any], state: int) -> None:
    from dataset.importing.boxes import as_pixels
    from dataset.importing.survey import label_states

    source = read(folder(tmp_path, coco=content(*annotations)))
    assert label_states(source, as_pixels(source, SIZES)).tolist() == [state]
