"""The ledger as files: the JSON that can be replayed, the HTML that can be mailed, and the project's list."""

import json
import re
from pathlib import Path

import pytest

from curate.reports.document.words import LANGUAGES
from dataset.api.slices import ORIGINS
from science.label_digest import label_digest
from tests.curate.history.scene import BOX, checkpoint_of
from tests.curate.ledger.scene import IterationScene
from tests.factories import assert_charlie_gets_404, assert_problem, call

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> IterationScene:
    return IterationScene()


def test_it_works(scene: IterationScene) -> None:
    """Images by key and hash, labels before by digest, what was changed, runs in the order to be trained in."""
    baseline, corrected, control, _ = scene.iteration()
    scene.compare(control, corrected)
    answer = call(scene.cast.bob, "GET", f"runs/{corrected.pk}/ledger/file")
    assert answer["Content-Disposition"] == f'attachment; filename="ledger-{corrected.pk}.json"'
    replay = answer.json()["replay"]
    assert replay["classes"] == ["car", "bike"]
    used = sorted((image.key, image.sha256) for image in scene.images)
    assert [(key, sha256) for key, sha256, _ in replay["images"]] == used
    assert {digest for _, _, digest in replay["images"]} == {label_digest([0], [BOX])}
    keys = [key for key, _, _ in replay["images"]]

    first, then = replay["states"]
    assert (first["revision"], first["edits"], then["revision"]) == (baseline.revision, [], corrected.revision)
    assert sorted(keys[place] for place, _, _ in then["edits"]) == sorted(one.key for one in scene.images[:2])
    assert [(before, after) for _, before, after in then["edits"]] == [([0, *BOX], [1, *BOX])] * 2

    runs = {one["name"]: one for one in replay["runs"]}
    assert [*runs] == ["baseline", "corrected", "control"]
    best = checkpoint_of(baseline)
    assert runs["corrected"]["start"] == {
        "run": baseline.pk, "kind": "best", "name": best.name, "sha256": best.sha256,
    }  # fmt: skip
    assert runs["baseline"]["train"] == runs["control"]["train"]
    trained = replay["sets"][runs["corrected"]["train"]]["images"]
    assert sorted(keys[place] for place in trained) == sorted(one.key for one in scene.images[:8])
    assert runs["control"]["train_hash"] == runs["baseline"]["train_hash"] != runs["corrected"]["train_hash"]
    assert {(one["over"], one["a"], one["b"]) for one in replay["comparisons"]} == {
        ("control", control.pk, corrected.pk)
    }


def test_as_html(scene: IterationScene) -> None:
    """Names are escaped, every line leads back here, nothing is asked of anybody."""
    _, corrected, control, batch = scene.iteration()
    comparison = scene.compare(control, corrected)
    scene.train.name = "<b>train</b>"
    scene.train.save(update_fields=["name"])
    answer = call(scene.cast.bob, "GET", f"runs/{corrected.pk}/ledger/report?download=1")
    html = answer.content.decode()
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''corrected%20%C2%B7%20ledger.html"
    assert "<b>train</b>" not in html
    assert "&lt;b&gt;train&lt;/b&gt;" in html
    links = set(re.findall(r'href="http://testserver(/[^"]*)"', html))
    assert {f"/comparisons/{comparison}", f"/batches/{batch}", f"/runs/{control.pk}"} <= links
    assert "<script" not in html
    assert re.findall(r'src="', html) == []
    assert "3 min" in html  # Bob's


def test_as_html_in_korean(scene: IterationScene) -> None:
    _, corrected, _, _ = scene.iteration()
    html = call(scene.cast.bob, "GET", f"runs/{corrected.pk}/ledger/report?language=ko").content.decode()
    assert '<html lang="ko">' in html
    assert "바뀐 라벨" in html
    assert "아직 비교하지 않음" in html
    asked = call(scene.cast.bob, "GET", f"runs/{corrected.pk}/ledger/report?language=xx")
    assert_problem(asked, 400, mentions="language")


@pytest.mark.parametrize("kind", ORIGINS)
def test_however_a_slice_came_about_page_and_file_have_a_word_for_it(scene: IterationScene, kind: str) -> None:
    """Slices of Improve and of learning curves too: their runs have ledgers as all others."""
    _, corrected, _, _ = scene.iteration()
    scene.train.origin = {"kind": kind}
    scene.train.save(update_fields=["origin"])
    for language in LANGUAGES:
        answer = call(scene.cast.bob, "GET", f"runs/{corrected.pk}/ledger/report?language={language}")
        assert answer.status_code == 200
        shown = Path("frontend/src/curate/ledger/locales", f"{language}.json").read_text(encoding="utf-8")
        assert kind in json.loads(shown)["origin"]


def test_the_project_lists_its_iterations(scene: IterationScene) -> None:
    """Neither the first run nor controls are iterations."""
    baseline, corrected, control, _ = scene.iteration()
    comparison = scene.compare(control, corrected)
    later = scene.run("later", 4, minutes=(90, 99), start=checkpoint_of(corrected))
    newest, first = scene.get(f"projects/{scene.cast.project.pk}/ledgers")["items"]
    assert (newest["run"]["id"], newest["over_control"], newest["labels_changed"]) == (later.pk, None, 0)
    assert (first["run"]["id"], first["before"]["id"]) == (corrected.pk, baseline.pk)
    assert (first["labels_changed"], first["human_seconds"]) == (2, 180)
    assert first["changes"]["slices_added"] == ["more"]
    assert [one["name"] for one in first["weakest"]] == ["car"]
    assert first["over_control"]["comparison"]["id"] == comparison
    ledger = scene.get(f"runs/{corrected.pk}/ledger")
    assert first["over_control"]["comparison"]["delta"] == ledger["gains"]["control"]["mAP"]
    page = scene.get(f"projects/{scene.cast.project.pk}/ledgers?limit=1")
    rest = scene.get(f"projects/{scene.cast.project.pk}/ledgers?limit=1&after={page['next']}")
    assert [one["run"]["id"] for one in page["items"] + rest["items"]] == [later.pk, corrected.pk]
    assert_charlie_gets_404(scene.cast, "GET", f"projects/{scene.cast.project.pk}/ledgers")
