"""`./halfday inspect`: the report of an import from the shell, without a server."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from commandline import inspect
from embedded.home import ROOT
from tests.dataset.folders import coco_content, coco_folder, yolo_folder


def test_it_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect.main([str(yolo_folder(tmp_path))]) == 0
    said = capsys.readouterr().out
    assert f"{tmp_path}: yolo" in said
    assert "3 found          3 usable" in said
    assert "rider          1          1" in said
    assert "Nothing would be skipped or repaired." in said
    assert "1 images have no labels" in said


def test_it_names_what_is_wrong_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = coco_content()
    content["annotations"] += [{"id": n, "image_id": 1, "category_id": 7, "bbox": [5, 5, 0, 2]} for n in range(5)]
    root = coco_folder(tmp_path, content)
    assert inspect.main([str(root)]) == 0
    said = capsys.readouterr().out
    assert "skipped: no area (5)" in said
    assert "annotations.json, annotations[2]: the box has no area (width 0, height 2)" in said
    assert "… and 2 more" in said
    assert inspect.main([str(root), "--all"]) == 0
    assert "annotations[6]" in capsys.readouterr().out


def test_json_is_the_platforms_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect.main([str(yolo_folder(tmp_path)), "--json", "--format", "images"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["format"], report["dry_run"], report["images"]["added"]) == ("images", True, 3)


def test_a_zip_is_looked_into_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    root = yolo_folder(tmp_path / "set")
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for path in root.rglob("*"):
            archive.write(path, path.relative_to(root))
        archive.writestr("../escaped.txt", "x")
    assert inspect.main([str(tmp_path / "set.zip")]) == 0
    said = capsys.readouterr().out
    assert "3 found          3 usable" in said
    assert "../escaped.txt: its path leads out of the archive's folder" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set", "set.zip"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere", "There is no folder"),
        ("file.txt", "is neither a folder nor a zip archive."),
        ("empty", "There are no images or label files in"),
    ],
)
def test_it_rejects_a_bad_path(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, sentence: str) -> None:
    (tmp_path / "file.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    assert inspect.main([str(tmp_path / name)]) == 2
    assert sentence in capsys.readouterr().err


def test_it_needs_neither_django_applications_nor_torch(tmp_path: Path) -> None:
    """So that it starts at once; and the environment's limit holds."""
    yolo_folder(tmp_path)
    code = (
        "import sys; from commandline import inspect; inspect.main(sys.argv[1:]); "
        "assert not {'torch', 'django.db', 'rest_framework', 'celery'} & set(sys.modules), sys.modules.keys()"
    )
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "HALFDAY_MAX_IMAGE_PIXELS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "64 × 48 pixels are more than the limit" in done.stdout


def test_it_asks_what_boxes_are_and_takes_an_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = coco_content()
    for annotation in content["annotations"]:
        annotation["bbox"] = [value / 64 for value in annotation["bbox"]]
    root = coco_folder(tmp_path, content)
    assert inspect.main([str(root)]) == 0
    assert "Question: The boxes of annotations.json look like fractions of the image" in capsys.readouterr().out
    assert inspect.main([str(root), "--json", "--box-form", "fractions"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["questions"], report["boxes"]["added"]) == ([], 2)
