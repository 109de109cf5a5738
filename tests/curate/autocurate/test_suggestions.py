"""Suggestions, the verdicts that people give, and how often the suggestions were right so far."""

import pytest

from accounts.models import AuditLine, Role
from accounts.problems import BadInput
from curate.autocurate.verdicts import decide
from curate.models import AutoCurate, Suggestion
from curate.query.image_search import image_ids
from dataset.models import Dataset, Image
from tests.curate.factories import Picture, make_dataset, make_images
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast

pytestmark = pytest.mark.django_db
KINDS = ("wrong_class", "missing", "spurious", "badly_drawn")


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.REVIEWER)


@pytest.fixture
def images(cast: Cast) -> list[Image]:
    return make_images(make_dataset(cast.project), [Picture(boxes=[("car", 10, 10, 60, 60)]) for _ in range(4)])


@pytest.fixture
def dataset(images: list[Image]) -> Dataset:
    return images[0].dataset


@pytest.fixture
def run(dataset: Dataset, images: list[Image]) -> AutoCurate:
    """Eight suggestions, two of each kind, two of each image, of falling score; two pairs share a score."""
    source = {"slice": None, "q": "", "revision": 0}
    made = AutoCurate.objects.create(dataset=dataset, kind=AutoCurate.Kind.MISLABELS, source=source)
    car = dataset.classes.get(name="car").pk
    Suggestion.objects.bulk_create(
        Suggestion(
            auto_curate=made,
            image=images[place // 2],
            kind=KINDS[place % 4],
            score=[0.9, 0.9, 0.7, 0.6, 0.3, 0.3, 0.2, 0.1][place],
            parts={"disagreement": 0.5},
            reason="Labelled car, but two judges that never saw it say bike.",
            reason_code="other_class",
            reason_params={"given": "car", "proposed": "bike"},
            given=None if place % 4 == 1 else {"class_id": car, "box": [10, 10, 60, 60]},
            proposed=None if place % 4 == 2 else {"class_id": car, "box": [11, 10, 60, 60]},
        )
        for place in range(8)
    )
    return made


def listed(cast: Cast, run: AutoCurate, query: str = "") -> dict:
    response = call(cast.bob, "GET", f"auto-curates/{run.pk}/suggestions?{query}")
    assert response.status_code == 200, response.content
    return response.json()


def test_it_works(cast: Cast, run: AutoCurate, images: list[Image]) -> None:
    body = listed(cast, run)
    assert [row["score"] for row in body["items"]] == [0.9, 0.9, 0.7, 0.6, 0.3, 0.3, 0.2, 0.1]
    first = body["items"][0]
    assert first["image"]["id"] == images[0].pk
    assert first["image"]["thumb"].startswith(f"/api/v1/images/{images[0].pk}/thumbnail")
    assert (first["kind"], first["verdict"], first["decided_by"]) == ("wrong_class", "pending", None)
    assert first["reason_params"] == {"given": "car", "proposed": "bike"}
    assert body["items"][1]["given"] is None
    assert body["items"][2]["proposed"] is None


def test_pages_follow_each_other_also_at_equal_scores(cast: Cast, run: AutoCurate) -> None:
    found, after = [], ""
    while True:
        body = listed(cast, run, f"limit=1{after}")
        found += [row["id"] for row in body["items"]]
        if body["next"] is None:
            break
        after = f"&after={body['next']}"
    assert found == [row["id"] for row in listed(cast, run)["items"]]
    assert len(found) == 8


def test_they_are_filtered(cast: Cast, run: AutoCurate, images: list[Image]) -> None:
    assert {row["kind"] for row in listed(cast, run, "kind=missing")["items"]} == {"missing"}
    assert len(listed(cast, run, f"image={images[1].pk}")["items"]) == 2
    assert listed(cast, run, "verdict=accepted")["items"] == []
    assert_problem(call(cast.bob, "GET", f"auto-curates/{run.pk}/suggestions?kind=odd"), 400, mentions="kind")


def give(cast: Cast, run: AutoCurate, verdicts: dict[int, str]) -> dict:
    """Verdicts by place in the order of the scores."""
    ids = [row["id"] for row in listed(cast, run)["items"]]
    body = {"verdicts": [{"id": ids[place], "verdict": verdict} for place, verdict in verdicts.items()]}
    return call(cast.bob, "POST", "suggestions/verdicts", body).json()


def test_verdicts_are_given_and_counted(cast: Cast, run: AutoCurate) -> None:
    assert give(cast, run, {0: "accepted", 1: "rejected", 4: "corrected", 5: "accepted", 2: "rejected"}) == {
        "updated": 5
    }
    first = listed(cast, run)["items"][0]
    assert (first["verdict"], first["decided_by"]["name"]) == ("accepted", "Bob")
    assert first["decided_at"] is not None
    total, *kinds = call(cast.bob, "GET", f"auto-curates/{run.pk}").json()["precision"]
    assert (total["kind"], total["decided"], total["pending"], total["precision"]) == (None, 5, 3, 0.6)
    assert 0.2 < total["interval"]["low"] < 0.6 < total["interval"]["high"] < 0.9
    by_kind = {row["kind"]: row["precision"] for row in kinds}
    assert by_kind == {"wrong_class": 1.0, "missing": 0.5, "spurious": 0.0, "badly_drawn": None}
    assert AuditLine.objects.get(action="suggestion.verdict").actor == cast.bob


def test_a_verdict_can_be_changed_and_taken_back(cast: Cast, run: AutoCurate) -> None:
    give(cast, run, {0: "accepted"})
    assert give(cast, run, {0: "accepted"}) == {"updated": 0}
    assert give(cast, run, {0: "pending"}) == {"updated": 1}
    first = listed(cast, run)["items"][0]
    assert (first["verdict"], first["decided_by"], first["decided_at"]) == ("pending", None, None)


def test_the_query_line_finds_them(cast: Cast, run: AutoCurate, dataset: Dataset, images: list[Image]) -> None:
    give(cast, run, {0: "accepted", 1: "rejected"})
    ids = [image.pk for image in images]
    assert image_ids(dataset, "suggested()") == ids
    assert image_ids(dataset, f"suggested(run = {run.pk}, kind = missing)") == [ids[0], ids[2]]
    assert image_ids(dataset, 'suggested(verdict = "accepted")') == [ids[0]]
    assert image_ids(dataset, "suggested(verdict = pending) = 2") == ids[1:]
    assert image_ids(dataset, "suggested(score >= 0.6, kind != wrong_class)") == ids[:2]


def test_it_rejects_what_makes_no_sense(cast: Cast, run: AutoCurate) -> None:
    known = Suggestion.objects.first().pk
    for verdicts in ([], [{"id": known, "verdict": "maybe"}], [{"id": known, "verdict": "accepted"}] * 2):
        assert_problem(call(cast.bob, "POST", "suggestions/verdicts", {"verdicts": verdicts}), 400)
    with pytest.raises(BadInput, match="do not exist"):
        decide(verdicts={known: "accepted", known + 999: "accepted"}, by=cast.bob)
    with pytest.raises(BadInput, match="verdict is"):
        decide(verdicts={known: "maybe"}, by=cast.bob)
    assert not Suggestion.objects.exclude(verdict="pending").exists()


def test_a_labeller_may_not_decide_here(cast: Cast, run: AutoCurate) -> None:
    cast.bob.memberships.update(role=Role.LABELLER)
    body = {"verdicts": [{"id": Suggestion.objects.first().pk, "verdict": "accepted"}]}
    assert_problem(call(cast.bob, "POST", "suggestions/verdicts", body), 403, mentions="reviewer")


def test_charlie_gets_404(cast: Cast, run: AutoCurate) -> None:
    assert_charlie_gets_404(cast, "GET", f"auto-curates/{run.pk}/suggestions")
    known = Suggestion.objects.first().pk
    assert_charlie_gets_404(cast, "POST", "suggestions/verdicts", {"verdicts": [{"id": known, "verdict": "accepted"}]})
    assert_charlie_gets_404(
        cast, "POST", "suggestions/verdicts", {"verdicts": [{"id": known + 999, "verdict": "accepted"}]}
    )
