"""Sources by name: shown, kept as the images' sequence, taken off again."""

import pytest

from accounts.models import AuditLine, Role
from dataset.models import Dataset, Image
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, make_dataset, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(bob=Role.MANAGER)


@pytest.fixture
def dataset(cast: Cast) -> Dataset:
    """Four sites, three augmented copies each; one of them was given a sequence by hand."""
    made = make_dataset(cast.project)
    for site in range(4):
        for copy in range(3):
            make_image(made, key=f"train/site{site}_jpg.rf.{site}{copy}a.jpg")
    Image.objects.filter(key="train/site3_jpg.rf.32a.jpg").update(sequence="by hand")
    return made


def sequences(dataset: Dataset) -> list[str]:
    return list(dataset.images.order_by("key").values_list("sequence", flat=True))


def test_it_works(cast: Cast, dataset: Dataset) -> None:
    told = call(cast.bob, "GET", f"datasets/{dataset.pk}/sources").json()
    found = told.pop("found")
    assert told == {"images": 12, "named": 12, "sources": 4, "kept": 0, "to_keep": 11, "with_sequence": 1}
    assert found == [
        {
            "naming": "roboflow",
            "images": 12,
            "sources": 4,
            "largest": 3,
            "example": "site0",
            "example_names": [f"train/site0_jpg.rf.0{copy}a.jpg" for copy in range(3)],
        }
    ]


def test_kept_sources_are_sequences_and_undone_again(cast: Cast, dataset: Dataset) -> None:
    path = f"datasets/{dataset.pk}/sources"
    assert call(cast.bob, "POST", path, {"keep": True}).json() == {"changed": 11}
    kept = [f"site{site}" for site in range(4) for _ in range(3)]
    assert sequences(dataset) == [*kept[:11], "by hand"]
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/images?q=sequence%20%3D%20%22site1%22").json()["items"]
    assert call(cast.bob, "GET", path).json()["kept"] == 11
    assert call(cast.bob, "POST", path, {"keep": False}).json() == {"changed": 11}
    assert sequences(dataset) == [""] * 11 + ["by hand"]
    assert AuditLine.objects.filter(action="image.sequence").count() == 2


def test_only_what_the_filter_means_is_kept(cast: Cast, dataset: Dataset) -> None:
    body = {"keep": True, "q": 'key like "%site1%"'}
    assert call(cast.bob, "POST", f"datasets/{dataset.pk}/sources", body).json() == {"changed": 3}
    assert sorted(set(sequences(dataset))) == ["", "by hand", "site1"]


def test_a_sequence_is_set_by_query_and_the_answer_undoes_it(cast: Cast, dataset: Dataset) -> None:
    path = f"datasets/{dataset.pk}/bulk/sequence"
    body = {"chosen": {"q": 'key like "%site3%"'}, "sequence": "  the  depot "}
    done = call(cast.bob, "POST", path, body).json()
    assert done["changed"] == 3
    assert [one["sequence"] for one in done["before"]] == ["", "by hand"]
    assert sequences(dataset)[9:] == ["the depot"] * 3
    for one in done["before"]:
        call(cast.bob, "POST", path, {"chosen": {"ids": one["images"]}, "sequence": one["sequence"]})
    assert sequences(dataset)[9:] == ["", "", "by hand"]


def test_it_rejects_images_of_others_and_long_names(cast: Cast, dataset: Dataset) -> None:
    stranger = make_image(make_dataset(cast.project))
    path = f"datasets/{dataset.pk}/bulk/sequence"
    assert_problem(call(cast.bob, "POST", path, {"chosen": {"ids": [stranger.pk]}, "sequence": "a"}), 400)
    assert_problem(call(cast.bob, "POST", path, {"chosen": {"ids": []}, "sequence": "a" * 201}), 400)


def test_a_reviewer_may_look_and_not_keep(cast: Cast, dataset: Dataset) -> None:
    cast.bob.memberships.update(role=Role.REVIEWER)
    assert call(cast.bob, "GET", f"datasets/{dataset.pk}/sources").status_code == 200
    assert_problem(call(cast.bob, "POST", f"datasets/{dataset.pk}/sources", {"keep": True}), 403, mentions="manager")


def test_charlie_gets_404(cast: Cast, dataset: Dataset) -> None:
    assert_charlie_gets_404(cast, "GET", f"datasets/{dataset.pk}/sources")
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/sources", {"keep": True})
    assert_charlie_gets_404(cast, "POST", f"datasets/{dataset.pk}/bulk/sequence", {"chosen": {}, "sequence": ""})
