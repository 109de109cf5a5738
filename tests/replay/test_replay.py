"""An iteration done again from its ledger: trained twice in all, on one CPU in a minute."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from replay.__main__ import DIFFER, main, parser, replay
from replay.reading import CannotReplay, read_ledger
from tests.factories import make_project
from tests.replay.stage import TrainedIteration

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def stage(tmp_path: Path, settings: Any) -> Iterator[TrainedIteration]:
    """Calls come through WSGI in this thread: as with Django's test client, a call must not end the connection."""
    settings.IMPORT_ROOTS = [tmp_path]
    settings.STORAGE_ROOT = tmp_path / "storage"
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield TrainedIteration(tmp_path)
    for signal in signals:
        signal.connect(close_old_connections)


def test_it_works(stage: TrainedIteration, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The ledger's figures are the API's; elsewhere, with the first labels only, the same comes out.

    But for one figure, of which the file says something that cannot be: that one is found.
    """
    ledger, api = stage.done(), stage.halfday
    for run in ledger["runs"]:
        evaluation = api.evaluations.get(run["figures"]["evaluation"])
        assert run["figures"]["AP"]["value"] == (evaluation["figures"] or {})["AP"]
        assert run["figures"]["AP"]["low"] == (evaluation["interval"] or {})["low"]
    assert ledger["labels"]["training"] == {
        "labels": 3, "images": 1, "relabelled": 1, "moved": 0, "added": 1, "removed": 1,
    }  # fmt: skip

    assert [one["run"] for one in api.runs.iterations(ledger["project"]["id"])] == [ledger["run"]]
    assert b"Corrected" in api.runs.ledger_report(ledger["run"]["id"], language="en")

    elsewhere = stage.imported(make_project(stage.alice, "Elsewhere").pk, "The same scenes")
    spoilt = without_the_first_label(stage, elsewhere)
    options = parser().parse_args([str(stage.file), "--dataset", str(elsewhere), "--report", str(tmp_path / "r.json")])
    content = json.loads(stage.file.read_text())
    content["replay"]["runs"][2]["figures"]["AP50"] |= {"low": 0.98, "high": 0.99}
    content["replay"]["runs"][2]["control_of"] = 2_000_000_000  # as of a control that another run lent
    stage.file.write_text(json.dumps(content))
    assert replay(read_ledger(stage.file), api, options) == DIFFER
    told = json.loads((tmp_path / "r.json").read_text())
    assert [row["what"] for row in told["figures"] if not row["agrees"]] == ["mAP50 of control"]
    assert [row["what"] for row in told["figures"]] == [
        "mAP of baseline", "mAP50 of baseline", "mAP of corrected", "mAP50 of corrected", "mAP of control",
        "mAP50 of control", "Δ mAP over the control",
    ]  # fmt: skip
    assert max(row["now"] for row in told["figures"]) > 0
    assert "3 label changes applied" in capsys.readouterr().out

    again = {run["name"]: run for run in api.runs.list(elsewhere)}
    then = {run["name"]: run for run in api.runs.list(stage.dataset)}
    for name, run in then.items():
        mine: Any = again[f"replay · {name}"]
        assert mine["train_manifest"]["content_hash"] == run["train_manifest"]["content_hash"]  # type: ignore[typeddict-item]
        assert mine["seed"] == run["seed"]  # type: ignore[typeddict-item]
    assert again["replay · control"]["control_of"]["name"] == "replay · corrected"  # type: ignore[typeddict-item]
    assert labels_of(stage, elsewhere) == spoilt  # the present labels are as they were

    image = content["replay"]["images"][0]
    for change, sentence in (
        ({"key": "nowhere.jpg"}, "lacks 1 of the 30 images"),
        ({"sha256": "0" * 64}, f"Same key, other bytes: {image[0]}"),
    ):
        content["replay"]["images"][0] = [change.get("key", image[0]), change.get("sha256", image[1]), image[2]]
        other = tmp_path / "other.json"
        other.write_text(json.dumps(content))
        with pytest.raises(CannotReplay, match=sentence):
            replay(read_ledger(other), api, options)


def without_the_first_label(stage: TrainedIteration, dataset: int) -> list[Any]:
    """Spoil the newest labels, so that those of the ledger are found further back; returns what they are then."""
    api = stage.halfday
    image = api.datasets.image(api.datasets.image_ids(dataset)[0])
    edit = {"op": "remove", "image": image["id"], "object_id": image["annotations"][0]["object_id"]}
    api.datasets.edit(dataset, on=1, message="Spoilt", edits=[edit])
    return labels_of(stage, dataset)


def labels_of(stage: TrainedIteration, dataset: int) -> list[Any]:
    rows = stage.halfday.datasets.images(dataset, boxes=True)
    return [sorted((one["class_id"], one["box"]) for one in row["boxes"]) for row in rows]


def test_it_rejects_what_is_no_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.json"
    assert main([str(path)]) == 1
    assert "cannot be read" in capsys.readouterr().err
    run = {"id": 1, "name": "corrected"}
    for content, sentence in (
        ("{", "is not JSON"),
        ("[]", "is not a ledger"),
        (json.dumps({"run": run, "version": 99}), "version 99"),
        (json.dumps({"run": run, "version": 1}), "has no images, labels and settings"),
    ):
        path.write_text(content)
        with pytest.raises(CannotReplay, match=sentence):
            read_ledger(path)
