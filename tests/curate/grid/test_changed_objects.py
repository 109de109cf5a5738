"""What changed between two evaluations: counted by the comparison, listed by the object grid, acted upon in bulk."""

from dataclasses import dataclass
from typing import Any

import pytest

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.models import Comparison, Evaluation, Match
from dataset.models import Dataset, Image, PredictionSet, Slice
from dataset.services.predictions import store_predictions
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest, make_slice
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs

pytestmark = pytest.mark.django_db
BOX, AIR, NEARLY = (100.0, 100.0, 300.0, 300.0), (400.0, 10.0, 500.0, 110.0), (400.0, 10.0, 500.0, 90.0)
ELSEWHERE = (400.0, 300.0, 500.0, 400.0)
# Of five images with a car at BOX each, but the last two. Both see one more car in the air of the fourth; IoU 0.8.
EARLIER = [[], [("car", BOX)], [("car", BOX), ("bike", AIR)], [("car", AIR)], []]
LATER = [[("car", BOX)], [("bike", BOX)], [("car", BOX)], [("car", NEARLY), ("bike", AIR), ("car", ELSEWHERE)], []]


@dataclass
class Scene:
    """Two evaluations and their finished comparison."""

    cast: Cast
    dataset: Dataset
    images: list[Image]
    a: int
    b: int
    comparison: int

    def get(self, path: str, status: int = 200) -> Any:
        response = call(self.cast.bob, "GET", path)
        assert response.status_code == status, response.content
        return response.json()

    def objects(self, evaluation: int, query: str) -> dict[str, Any]:
        """What the grid lists and counts, which is the same."""
        path = f"datasets/{self.dataset.pk}/objects"
        asked = f"evaluation={evaluation}&comparison={self.comparison}&{query}"
        items = self.get(f"{path}?{asked}")["items"]
        assert self.get(f"{path}/count?{asked}")["count"] == len(items)
        return {"images": [self.place(row["image"]["id"]) for row in items], "verdicts": [r["verdict"] for r in items]}

    def place(self, image: int) -> int:
        return [one.pk for one in self.images].index(image)

    @property
    def classes(self) -> dict[str, int]:
        return dict(self.dataset.classes.values_list("name", "pk"))


def predicted(dataset: Dataset, images: list[Image], name: str, seen: list[list[tuple]]) -> PredictionSet:
    classes = dict(dataset.classes.values_list("name", "pk"))
    rows = [(image.pk, classes[of], box) for image, boxes in zip(images, seen, strict=True) for of, box in boxes]
    return store_predictions(
        dataset=dataset,
        manifest=make_manifest(dataset, images),
        name=name,
        kind="run",
        image_ids=[row[0] for row in rows],
        class_ids=[row[1] for row in rows],
        boxes=[row[2] for row in rows],
        scores=[0.9] * len(rows),
    )


def evaluated(cast: Cast, judged: PredictionSet, **asked: object) -> int:
    call(cast.bob, "POST", "evaluations", {"prediction_set": judged.pk, "conf": 0.5, **asked})
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    return int(job.result["evaluation"])


def compared(cast: Cast, a: int, b: int) -> int:
    assert call(cast.bob, "POST", "comparisons", {"a": a, "b": b}).status_code == 202
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    return int(job.result["comparison"])


@pytest.fixture
def scene() -> Scene:
    cast = make_cast(bob=Role.REVIEWER)
    dataset = make_dataset(cast.project, classes=("car", "bike"))
    images = make_images(dataset, [Picture(boxes=[("car", *BOX)] if place < 3 else []) for place in range(5)])
    a, b = (
        evaluated(cast, predicted(dataset, images, name, seen))
        for name, seen in (("first run", EARLIER), ("last run", LATER))
    )
    return Scene(cast, dataset, images, a, b, compared(cast, a, b))


def test_it_works(scene: Scene) -> None:
    body = scene.get(f"comparisons/{scene.comparison}")
    changes, (car, bike) = body["changes"], scene.classes.values()
    assert body["pair"] == {"a": scene.a, "b": scene.b}
    assert changes["confusion"] == {
        "class_ids": [car, bike],
        "a": [[2, 0, 1], [0, 0, 0], [1, 1, 0]],
        "b": [[2, 1, 0], [0, 0, 0], [2, 1, 0]],
    }
    errors = {row["error"]: (row["a"], row["b"]) for row in changes["errors"]}
    assert {error: counts for error, counts in errors.items() if counts != (0, 0)} == {
        "class": (0, 1),
        "background": (2, 3),
        "missed": (1, 0),
    }
    assert changes["objects"] == {
        "fixed": 1,
        "broken": 1,
        "fp_gone": 1,
        "fp_new": 3,
        "per_class": [
            {"class_id": car, "fixed": 1, "broken": 1, "fp_gone": 0, "fp_new": 1},
            {"class_id": bike, "fixed": 0, "broken": 0, "fp_gone": 1, "fp_new": 2},
        ],
    }
    assert changes["images"] == {"fewer": 2, "more": 2}


@pytest.mark.parametrize(
    ("side", "changed", "places", "verdicts"),
    [
        ("b", "fixed", [0], ["tp"]),
        ("a", "fixed", [0], ["fn"]),
        ("b", "broken", [1], ["fn"]),
        ("a", "broken", [1], ["tp"]),
        ("a", "fp_gone", [2], ["fp"]),
        ("b", "fp_gone", [], []),
        ("b", "fp_new", [1, 3, 3], ["fp"] * 3),
        ("b", "fixed,broken", [0, 1], ["tp", "fn"]),
    ],
)
def test_the_grid_lists_what_is_counted(
    scene: Scene, side: str, changed: str, places: list[int], verdicts: list[str]
) -> None:
    found = scene.objects(getattr(scene, side), f"changed={changed}")
    assert found == {"images": places, "verdicts": verdicts}


def test_other_conditions_narrow_it(scene: Scene) -> None:
    assert scene.objects(scene.b, f"changed=fp_new&classes={scene.classes['car']}")["images"] == [3]
    assert scene.objects(scene.b, "changed=fp_new&errors=class")["images"] == [1]
    assert scene.objects(scene.b, "changed=fp_new&q=fp(car)")["images"] == [3, 3]


def test_every_cell_opens_what_it_counts(scene: Scene) -> None:
    confusion = scene.get(f"comparisons/{scene.comparison}")["changes"]["confusion"]
    names = [*confusion["class_ids"], 0]
    for side in "ab":
        cells = [(g, p, boxes) for g, row in enumerate(confusion[side]) for p, boxes in enumerate(row)]
        for g, p, boxes in cells[:-1]:  # the last has nothing on either side
            found = scene.objects(getattr(scene, side), f"cell={names[g]}:{names[p]}")
            assert len(found["images"]) == boxes, (side, g, p)


def test_facets_say_what_became_of_the_objects(scene: Scene) -> None:
    path = f"datasets/{scene.dataset.pk}/objects/facets"
    later = scene.get(f"{path}?evaluation={scene.b}&comparison={scene.comparison}")
    counts = {row["value"]: row["objects"] for row in later["changed"]}
    assert counts == {"fixed": 1, "broken": 1, "fp_new": 3}
    within = scene.get(f"{path}?evaluation={scene.b}&comparison={scene.comparison}&changed=fp_new")
    assert {row["value"]: row["objects"] for row in within["errors"]}["class"] == 1
    assert within["changed"] == later["changed"]
    assert scene.get(f"{path}?evaluation={scene.b}")["changed"] == []


def test_images_with_fewer_and_more_errors_are_queried(scene: Scene) -> None:
    for word, places in (("improved", [0, 2]), ("worsened", [1, 3])):
        path = f"datasets/{scene.dataset.pk}/image-ids?q={word}(comparison = {scene.comparison})"
        assert [scene.place(pk) for pk in scene.get(path)["ids"]] == places


def test_objects_come_as_both_see_them(scene: Scene) -> None:
    path = f"comparisons/{scene.comparison}/objects"
    (fixed,) = scene.get(f"{path}?changed=fixed")
    assert (fixed["earlier"]["verdict"], fixed["later"]["verdict"]) == ("fn", "tp")
    assert fixed["earlier"]["object_id"] == fixed["later"]["object_id"]
    (gone,) = scene.get(f"{path}?changed=fp_gone")
    assert (gone["earlier"]["box"], gone["later"]) == (list(AIR), None)
    new = scene.get(f"{path}?changed=fp_new&limit=2")
    assert [row["later"]["box"] for row in new] == [list(BOX), list(ELSEWHERE)]  # the largest first
    assert scene.get(f"{path}?changed=fp_new&class_id={scene.classes['car']}&limit=9")[0]["earlier"] is None
    assert_problem(call(scene.cast.bob, "GET", f"{path}?changed=better"), 400, mentions="fp_gone")


def test_bulk_actions_mean_what_changed(scene: Scene) -> None:
    conditions = {"comparison": scene.comparison, "changed": ["fp_new"]}
    chosen = {"objects": True, "evaluation": scene.b, "conditions": conditions}
    path = f"datasets/{scene.dataset.pk}/bulk"
    made = call(scene.cast.alice, "POST", f"{path}/make-slice", {"chosen": chosen, "name": "new false alarms"})
    assert made.status_code == 201, made.content
    members = Slice.objects.get(pk=made.json()["id"]).slice_images.values_list("image_id", flat=True)
    assert [scene.place(pk) for pk in sorted(members)] == [1, 3]
    chosen["conditions"] = {"comparison": scene.comparison, "changed": ["broken"]}
    body = {"chosen": chosen, "class_id": scene.classes["bike"]}
    assert call(scene.cast.alice, "POST", f"{path}/relabel", body).status_code == 201
    now = scene.dataset.annotation_set.filter(died=None).values_list("image_id", "label_class__name")
    assert {scene.place(pk): name for pk, name in now} == {0: "car", 1: "bike", 2: "car"}
    chosen["conditions"] = {"cell": f"0:{scene.classes['car']}"}
    tagged = call(scene.cast.alice, "POST", f"{path}/tag", {"chosen": chosen, "name": "look again"})
    assert [scene.place(pk) for pk in tagged.json()["changed"]] == [3]


def test_only_images_that_both_judged_count(scene: Scene) -> None:
    half = make_slice(scene.dataset, "first two", scene.images[:2])
    last = PredictionSet.objects.get(name="last run")
    b = evaluated(scene.cast, last, slice=half.pk)
    narrowed = Scene(scene.cast, scene.dataset, scene.images, scene.a, b, compared(scene.cast, scene.a, b))
    changes = narrowed.get(f"comparisons/{narrowed.comparison}")["changes"]
    assert changes["confusion"]["a"] == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert (changes["objects"]["fp_gone"], changes["images"]) == (0, {"fewer": 1, "more": 1})
    assert narrowed.objects(narrowed.a, "changed=fp_gone")["images"] == []
    assert narrowed.objects(narrowed.a, "verdicts=fp")["images"] == []
    line = f"datasets/{scene.dataset.pk}/image-ids?q=worsened(comparison = {narrowed.comparison})"
    assert [scene.place(pk) for pk in scene.get(line)["ids"]] == [1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("changed=fixed", "changed"),
        ("evaluation={a}&changed=fixed", "changed"),
        ("comparison={c}", "comparison"),
        ("evaluation={other}&comparison={c}", "comparison"),
        ("evaluation={a}&comparison=999999", "comparison"),
        ("evaluation={a}&comparison={c}&changed=better", "changed"),
        ("cell=3:4", "cell"),
        ("evaluation={a}&cell=car", "cell"),
    ],
)
def test_it_rejects_what_makes_no_sense(scene: Scene, query: str, field: str) -> None:
    first = Evaluation.objects.get(pk=scene.a)
    other = Evaluation.objects.create(
        dataset=scene.dataset,
        prediction_set=first.prediction_set,
        manifest=first.manifest,
        revision=1,
        finished_at=first.finished_at,
    )
    query = query.format(a=scene.a, c=scene.comparison, other=other.pk)
    problem = assert_problem(call(scene.cast.bob, "GET", f"datasets/{scene.dataset.pk}/objects?{query}"), 400)
    assert next(iter(problem["errors"])).startswith(field)


def test_one_made_before_there_was_this_is_shown_and_computed_again(scene: Scene) -> None:
    row = Comparison.objects.get(pk=scene.comparison)
    older = {name: value for name, value in row.result.items() if name != "changes"}
    older["delta"] = {name: value for name, value in older["delta"].items() if name in ("mAP", "mAP50")}
    Comparison.objects.filter(pk=row.pk).update(result=older)
    body = scene.get(f"comparisons/{row.pk}")
    assert (body["state"], body["changes"], set(body["delta"])) == ("succeeded", None, {"mAP", "mAP50"})
    assert scene.objects(scene.b, "changed=fixed")["images"] == [0]
    asked = call(scene.cast.bob, "POST", "comparisons", {"a": scene.a, "b": scene.b})
    assert asked.status_code == 202
    assert scene.get(f"comparisons/{row.pk}")["state"] == "queued"
    assert run_jobs()[-1].state == "succeeded"
    assert scene.get(f"comparisons/{row.pk}")["changes"] == row.result["changes"]


def test_comparisons_are_listed_by_their_reference(scene: Scene) -> None:
    back = compared(scene.cast, scene.b, scene.a)
    path = f"datasets/{scene.dataset.pk}/comparisons"
    assert [row["id"] for row in scene.get(f"{path}?a={scene.b}")["items"]] == [back]
    assert [row["id"] for row in scene.get(f"{path}?a={scene.a}")["items"]] == [scene.comparison]
    assert_problem(call(scene.cast.bob, "GET", f"{path}?a=999999"), 400, mentions="no such a")


def test_a_deleted_side_is_said(scene: Scene) -> None:
    row = Comparison.objects.get(pk=scene.comparison)
    row.result["pair"]["a"] = 999999
    row.save(update_fields=["result"])
    asked = f"datasets/{scene.dataset.pk}/objects?evaluation={scene.b}&comparison={row.pk}"
    assert_problem(call(scene.cast.bob, "GET", asked), 400, mentions="no finished comparison")


def test_charlie_gets_404(scene: Scene) -> None:
    assert_charlie_gets_404(scene.cast, "GET", f"comparisons/{scene.comparison}/objects?changed=fixed")
    asked = f"evaluation={scene.b}&comparison={scene.comparison}&changed=fixed"
    assert_charlie_gets_404(scene.cast, "GET", f"datasets/{scene.dataset.pk}/objects?{asked}")
    assert_charlie_gets_404(scene.cast, "GET", f"datasets/{scene.dataset.pk}/comparisons?a={scene.a}")


def test_the_objects_are_those_of_the_match_table(scene: Scene) -> None:
    """The counts, made here once more from the rows themselves."""
    verdicts = {
        side: dict(
            Match.objects.filter(evaluation=side, verdict__in=["tp", "fn"]).values_list("annotation_id", "verdict")
        )
        for side in (scene.a, scene.b)
    }
    fixed = [pk for pk, verdict in verdicts[scene.b].items() if (verdict, verdicts[scene.a].get(pk)) == ("tp", "fn")]
    assert len(fixed) == scene.get(f"comparisons/{scene.comparison}")["changes"]["objects"]["fixed"] == 1
