"""`./halfday evaluate`, `compare` and `errors`: files in, figures out; a bad file ends with a sentence and code 2."""

import csv
import json
import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commandline import compare, errors, evaluate
from embedded.home import ROOT
from tests.curate.reports.report_file import read

SHARED = ROOT.parent / "shared" / "data" / "coco_fakebbox100"
LABELS = SHARED / "instances_val2014_100.json"
RESULTS = SHARED / "instances_val2014_fakebbox100_results.json"
PUBLISHED = [0.504581, 0.696973, 0.572982, 0.585626, 0.519400, 0.501398, 0.386813, 0.593680, 0.595353]

real_data = pytest.mark.skipif(not SHARED.is_dir(), reason=f"real data is not there: {SHARED}")


def labels(**changed: Any) -> dict[str, Any]:
    """Two images, two cars and a truck."""
    return {
        "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 9, "file_name": "b.jpg"}],
        "categories": [{"id": 1, "name": "car"}, {"id": 3, "name": "truck"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 1, "bbox": [0, 0, 100, 100], "area": 10000, "iscrowd": 0},
            {"id": 2, "image_id": 7, "category_id": 3, "bbox": [200, 0, 100, 100], "area": 10000, "iscrowd": 0},
            {"id": 3, "image_id": 9, "category_id": 1, "bbox": [0, 0, 50, 50], "area": 2500, "iscrowd": 0},
        ],
    } | changed


def found(**changed: Any) -> list[dict[str, Any]]:
    """Both cars, and the truck taken for a car; `changed` applies to the second."""
    rows = [
        {"image_id": 7, "category_id": 1, "bbox": [0, 0, 100, 100], "score": 0.9},
        {"image_id": 7, "category_id": 1, "bbox": [200, 0, 100, 100], "score": 0.8},
        {"image_id": 9, "category_id": 1, "bbox": [0, 0, 50, 50], "score": 0.7},
    ]
    rows[1] |= changed
    return rows


@pytest.fixture
def write(tmp_path: Path):
    def written(content: Any, name: str) -> str:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    return written


def run(command: Any, *arguments: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert command.main([*arguments, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@real_data
def test_it_works(capsys) -> None:
    answer = run(evaluate, str(LABELS), str(RESULTS), "--iou", "0.5", "0.3", capsys=capsys)
    assert answer["stats"][:9] == pytest.approx(PUBLISHED, abs=1e-6)
    assert answer["figures"]["AP"] == answer["stats"][0]
    assert (answer["images"], answer["annotations"], answer["detections"]) == (100, 839, 734)
    assert len(answer["per_class"]) == 80
    assert answer["at_iou"][0]["AP"] == pytest.approx(answer["figures"]["AP50"])
    assert answer["at_iou"][1]["AP"] >= answer["at_iou"][0]["AP"]
    assert "straight lines" in answer["ultralytics"]["why"]


def test_figures_by_hand_and_for_people(write, capsys) -> None:
    paths = write(labels(), "gt.json"), write(found(), "dt.json")
    answer = run(evaluate, *paths, "--interval", capsys=capsys)
    # The wrong car stands between two right ones: precision 1 up to recall 1/2 (51 points), then 2/3. The truck: 0.
    assert answer["figures"]["AP"] == pytest.approx((51 + 50 * 2 / 3) / 101 / 2)
    assert [row["name"] for row in answer["per_class"]] == ["car", "truck"]
    assert answer["per_class"][1]["AP"] == 0
    assert answer["interval"]["drawn_by"] == "image"
    assert any("too narrow" in note for note in answer["notes"])  # two images
    assert {"mAP", "mAP50", "mAP75", "AR100"} <= set(answer["interval"])
    assert evaluate.main([*paths, "--interval"]) == 0
    assert re.search(r"^AP75 +\S+  [\d.]+ to [\d.]+$", capsys.readouterr().out, re.MULTILINE)
    assert evaluate.main([*paths, "--per-class", "--iou", "0.5"]) == 0
    said = capsys.readouterr().out
    assert "truck" in said
    assert "ultralytics would print" in said


def test_it_says_where_the_rule_decides(write, capsys) -> None:
    """An annotation with the id 0, and more detections of a class on an image than COCO judges."""
    given = labels()
    given["annotations"][0]["id"] = 0
    many = [{"image_id": 7, "category_id": 1, "bbox": [0, 0, 100, 100], "score": k / 200} for k in range(103)]
    answer = run(evaluate, write(given, "gt.json"), write([*found(), *many], "dt.json"), capsys=capsys)
    cut, zero = answer["notes"]
    assert cut.startswith("5 detections were cut: COCO judges at most 100 of a class")
    assert "id 0" in zero
    assert "pycocotools" in zero


def test_unknown_categories_are_left_out_and_said(write, capsys) -> None:
    paths = write(labels(), "gt.json"), write(found(category_id=77), "dt.json")
    answer = run(evaluate, *paths, capsys=capsys)
    assert answer["detections"] == 2
    assert answer["notes"] == ["1 detections of dt.json were left out: the labels lack their categories."]


def test_federated_labels_judge_only_what_was_checked(write, capsys) -> None:
    images = [{"id": 7, "neg_category_ids": []}, {"id": 9, "neg_category_ids": [3], "not_exhaustive_category_ids": [1]}]
    more = [
        {"image_id": 9, "category_id": 1, "bbox": [300, 0, 9, 9], "score": 0.95},  # not all cars are labelled there
        {"image_id": 9, "category_id": 3, "bbox": [300, 0, 9, 9], "score": 0.95},  # checked: there is no truck
    ]
    truth = labels(images=images, annotations=labels()["annotations"][1:])
    paths = write(truth, "gt.json"), write([*found(category_id=3), *more], "dt.json")
    answer = run(evaluate, *paths, "--federated", capsys=capsys)
    # Left out: the car on image 7, where nobody looked for cars. The car that misses on image 9 counts for nothing.
    assert answer["notes"] == ["1 detections of dt.json were left out: their images were not checked for them."]
    assert [row["AP"] for row in answer["per_class"]] == pytest.approx([1, 0.5])


def test_inclusive_sizes(write, capsys) -> None:
    one = labels(annotations=[labels()["annotations"][0] | {"bbox": [0, 0, 9, 9], "area": 81}])
    paths = write(one, "gt.json"), write([found()[0] | {"bbox": [0, 0, 4, 9]}], "dt.json")
    assert run(evaluate, *paths, "--iou", "0.5", capsys=capsys)["at_iou"][0]["AP"] == 0  # IoU 36 / 81
    # The last pixel counts: 5 x 10 of 10 x 10.
    assert run(evaluate, *paths, "--iou", "0.5", "--inclusive", capsys=capsys)["at_iou"][0]["AP"] == 1


def test_compare_names_the_gain_and_its_interval(write, capsys) -> None:
    random = np.random.default_rng(3)
    images = [{"id": number} for number in range(1, 81)]
    boxes = [
        {"id": k + 1, "image_id": k % 80 + 1, "category_id": 1, "bbox": [k, 0, 40, 40], "area": 1600, "iscrowd": 0}
        for k in range(160)
    ]
    truth = write(labels(images=images, annotations=boxes), "gt.json")
    a, b = [
        [
            {key: row[key] for key in ("image_id", "category_id", "bbox")} | {"score": float(random.random())}
            for row in boxes
            if random.random() < share
        ]
        for share in (0.4, 0.9)
    ]
    answer = run(compare, truth, write(a, "a.json"), write(b, "b.json"), "--resamples", "200", capsys=capsys)
    gain = answer["delta"]["mAP"]
    assert gain["verdict"] == "proven"
    assert 0 < gain["low"] < gain["value"] < gain["high"]
    assert gain["value"] == pytest.approx(gain["b"] - gain["a"])
    assert answer["delta"]["per_class"][1] | {"value": None, "verdict": "not_shown"} == answer["delta"]["per_class"][1]
    back = run(compare, truth, write(b, "b.json"), write(a, "a.json"), "--resamples", "200", capsys=capsys)
    assert back["delta"]["mAP"]["verdict"] == "regressed"
    assert compare.main([truth, write(a, "a.json"), write(a, "a.json"), "--resamples", "50"]) == 0
    assert "not shown" in capsys.readouterr().out


def test_errors_are_counted_and_listed(write, capsys, tmp_path) -> None:
    out = tmp_path / "matches.csv"
    paths = write(labels(), "gt.json"), write(found(), "dt.json")
    answer = run(errors, *paths, "--matches", str(out), capsys=capsys)
    assert {kind: count for kind, count in answer["counts"].items() if count} == {"class": 1}
    # Mended, the truck is found and the cars have no wrong one between them: AP 1 for both.
    assert answer["delta_ap"]["class"] == pytest.approx(1 - answer["ap"])
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert [(row["verdict"], row["error"], row["annotation_id"], row["detection"]) for row in rows] == [
        ("tp", "", "1", "0"), ("fp", "class", "2", "1"), ("tp", "", "3", "2"), ("fn", "class", "2", "1"),
    ]  # fmt: skip
    assert errors.main(list(paths)) == 0
    assert "Cls" in capsys.readouterr().out


BAD_RESULTS = [
    (found(score=float("nan")), "detection 1 (counted from 0): it has the score nan"),
    (found(score=float("inf")), "detection 1 (counted from 0): it has the score inf"),
    (found(image_id=8), "detection 1 (counted from 0): it is on image 8, which the labels do not have"),
    (found(image_id=7.5), "detection 1 (counted from 0): it has the image_id 7.5, which is not a whole number"),
    (found(bbox=[0, 0, -1, 5]), "detection 1 (counted from 0): it has a box of negative size, -1 pixels"),
    (found(bbox=[0, 0, 5]), 'detection 1 (counted from 0): "bbox" is not a list of four numbers'),
    (found(bbox=[0, float("nan"), 1, 5]), "detection 1 (counted from 0): it has a box with a number that is not"),
    (found(score="high"), 'detection 1 (counted from 0): "score" is not a number'),
    (found(score=None), 'detection 1 (counted from 0): "score" is not a number'),
    ([{"image_id": 7}], 'detection 0 (counted from 0): it has no "category_id"'),
    ({"annotations": found()}, "is not a list of detections"),
    (json.dumps(found())[:-5], "detection 2 (counted from 0): the file ends at byte"),
    (json.dumps(found()).replace("}, {", "} {", 1), "detection 1 (counted from 0): the JSON is broken at byte"),
    (json.dumps(found()) + "x", "something follows the end of the JSON"),
    ("", "dt.json is empty"),
    ("\x00\x01nonsense", "is not a list of detections"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), BAD_RESULTS)
def test_it_rejects_bad_results(content: Any, sentence: str, write, capsys) -> None:
    assert evaluate.main([write(labels(), "gt.json"), write(content, "dt.json")]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "dt.json" in said
    assert len(said.splitlines()) == 1


ONE = labels()["annotations"][0]
BAD_LABELS = [
    (labels(annotations=[ONE, ONE | {"image_id": 9}]), "annotation 1 (counted from 0): it has the id 1 of another one"),
    (
        labels(annotations=[ONE | {"image_id": 5}]),
        "annotation 0 (counted from 0): it is on image 5, which the file does not",
    ),
    (
        labels(annotations=[ONE | {"bbox": [0, 0, 3, -4]}]),
        "annotation 0 (counted from 0): it has a box of negative size",
    ),
    (labels(images=[{"id": 7}, {"id": 7}]), "image 1 (counted from 0): it has the id 7 of another one"),
    (labels(images=[{"id": "7"}]), 'image 0 (counted from 0): its "id" is not a whole number'),
    (labels(categories={}), '"categories" is not a list'),
    ({"images": [], "categories": []}, 'it has no "annotations"'),
    ([], "is not a COCO file"),
    ('{"images": [', 'the value of "images" at byte 11 does not end'),
    ('{"images": [1}]}', "broken"),
    ('{"info" 5}', "broken at byte 8"),
    ('{"annotations": []', "ends at byte 18"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_LABELS)
def test_it_rejects_bad_labels(content: Any, sentence: str, write, capsys) -> None:
    assert errors.main([write(content, "gt.json"), write(found(), "dt.json")]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_it_rejects_two_gigabytes_of_nonsense_without_reading_them(tmp_path, write, capsys) -> None:
    for start in (b"\x7f", b"[{\x7f", b'[{"a": ' + b"[" * 9000):
        path = tmp_path / "nonsense.json"
        with path.open("wb") as file:
            file.write(start)
            file.truncate(2 << 30)  # sparse: takes no room on the disk
        assert evaluate.main([write(labels(), "gt.json"), str(path)]) == 2
        assert "nonsense.json" in capsys.readouterr().err


def test_it_rejects_missing_files(write, capsys, tmp_path) -> None:
    assert evaluate.main([str(tmp_path / "no.json"), write(found(), "dt.json")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err
    assert evaluate.main([write(labels(), "gt.json"), str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_it_needs_neither_django_nor_torch(write, tmp_path: Path) -> None:
    paths = write(labels(), "gt.json"), write(found(), "dt.json")
    report = tmp_path / "report.html"
    code = (
        "import sys; from commandline import errors, evaluate\n"
        f"assert evaluate.main({[*paths, '--report', str(report)]!r}) == 0 and errors.main({list(paths)!r}) == 0\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'django', 'torch', 'ultralytics', 'celery'}))"
    )
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    said = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"


def test_evaluate_writes_a_report(write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = labels(categories=[{"id": 1, "name": "<script>car</script>"}, {"id": 3, "name": "truck"}])
    truth, results, target = write(named, "gt.json"), write(found(), "dt.json"), tmp_path / "out.html"
    answer = run(evaluate, truth, results, "--report", str(target), "--per-class", capsys=capsys)
    page = read(target.read_text())
    assert not page.all("script")
    assert f"{answer['figures']['AP'] * 100:.1f}" in page.section("figures").text
    assert [row[0] for row in page.section("classes").rows()] == ["<script>car</script>", "truck"]
    assert sha256(Path(truth).read_bytes()).hexdigest() in page.section("inputs").text
    assert "./halfday evaluate gt.json dt.json" in page.section("method").text
    assert "GET" not in page.section("method").text
    assert "오류가 깎은 AP" in korean(truth, results, tmp_path)


def korean(truth: str, results: str, folder: Path) -> str:
    target = folder / "ko.html"
    assert evaluate.main([truth, results, "--report", str(target), "--language", "ko"]) == 0
    return target.read_text()


def test_a_report_that_cannot_be_written_is_one_sentence(
    write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [write(labels(), "gt.json"), write(found(), "dt.json")]
    assert evaluate.main([*files, "--report", str(tmp_path / "none" / "out.html")]) == 2
    assert "cannot be written: No such file or directory." in capsys.readouterr().err
