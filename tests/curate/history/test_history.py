"""All evaluations of a project, the tree of its runs, what an evaluation would be judged on, and deleting one."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import curate.tasks  # noqa: F401  registers the jobs
from accounts.models import Role
from curate.models import Comparison, Evaluation, Match
from dataset.models import Dataset, Image, Slice
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.revisions import apply_changes
from dataset.services.slices import create_slice
from model.models import Run
from storage import blobs
from tests.curate.factories import Picture, make_dataset, make_images
from tests.curate.history.scene import BOX, checkpoint_of, make_run, predictions_of
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs, signed_in

pytestmark = pytest.mark.django_db


class Scene:
    """Alice's dataset of 12 images with a car each: 6 to train on, 2 more, 4 to judge on. Bob is a reviewer."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast(bob=Role.REVIEWER)
        self.dataset: Dataset = make_dataset(self.cast.project, classes=("car", "bike"))
        self.images: list[Image] = make_images(self.dataset, [Picture(boxes=[("car", *BOX)]) for _ in range(12)])
        self.train, self.more, self.validation = (
            self.slice("train", 0, 6), self.slice("more", 6, 8), self.slice("val", 8, 12),
        )  # fmt: skip

    def slice(self, name: str, first: int, last: int) -> Slice:
        ids = [image.pk for image in self.images[first:last]]
        return create_slice(dataset=self.dataset, name=name, image_ids=ids, origin={"kind": "hand"}, by=self.cast.alice)

    def correct_labels(self) -> None:
        """A revision in which one image to judge on gets a second car."""
        car, image = self.dataset.classes.get(name="car").pk, self.images[8].pk
        new = AnnotationChange("add", image, class_id=car, box=(400.0, 100.0, 500.0, 200.0))
        apply_changes(dataset=self.dataset, by=self.cast.alice, kind="edit", message="", changes=[new])
        self.dataset.refresh_from_db()

    def run(self, name: str, found: int, **fields: Any) -> Run:
        """A run, and its evaluation on the images to judge on, of which it finds some."""
        trained = fields.pop("train", [self.train])
        run = make_run(self.dataset, trained, self.validation, name=name, **fields)
        self.judge(run, found)
        return run

    def judge(self, run: Run | None, found: int, **asked: Any) -> Evaluation:
        judged = predictions_of(run, self.dataset, self.images[8:], found)
        body = {"prediction_set": judged.pk, **asked}
        assert call(self.cast.bob, "POST", "evaluations", body).status_code == 202
        (job,) = run_jobs()
        assert job.state == "succeeded", job.error
        return Evaluation.objects.get(pk=job.result["evaluation"])

    def get(self, path: str) -> Any:
        answer = call(self.cast.bob, "GET", path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def evaluations(self, filters: str = "") -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get(f"projects/{self.cast.project.pk}/evaluations?{filters}")["items"]
        return items

    def tree(self) -> dict[str, dict[str, Any]]:
        """The runs by name."""
        return {run["name"]: run for run in self.get(f"projects/{self.cast.project.pk}/lineage")["items"]}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_it_works(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    second = scene.run("with more", 3, train=[scene.train, scene.more], start=checkpoint_of(first))
    later, earlier = scene.evaluations()
    assert [one["prediction_set"]["run"]["id"] for one in (later, earlier)] == [second.pk, first.pk]
    assert later["figures"]["AP"] > earlier["figures"]["AP"]
    assert (later["manifest"], later["images_key"]) == (earlier["manifest"], earlier["images_key"])
    assert [one["name"] for one in later["slices"]] == ["val"]
    assert later["checkpoint"] == {"id": checkpoint_of(second).pk, "name": "with more · best", "kind": "best"}
    assert later["of_class"] is None


def test_other_labels_are_other_manifests_of_the_same_images(scene: Scene) -> None:
    run = scene.run("before", 3)
    scene.correct_labels()
    scene.judge(run, 3)
    after, before = scene.evaluations("newest=true")
    assert after["images_key"] == before["images_key"]
    assert after["manifest"] != before["manifest"]


def test_a_revision_that_left_the_images_alone_is_no_break(scene: Scene) -> None:
    run = scene.run("before", 3)
    car = scene.dataset.classes.get(name="car").pk
    new = AnnotationChange("add", scene.images[0].pk, class_id=car, box=BOX)
    apply_changes(dataset=scene.dataset, by=scene.cast.alice, kind="edit", message="", changes=[new])
    scene.dataset.refresh_from_db()
    scene.judge(run, 3)
    after, before = scene.evaluations()
    assert (after["revision"], before["revision"]) == (2, 1)
    assert after["manifest"] == before["manifest"]


def test_filters(scene: Scene) -> None:
    run = scene.run("one", 1)
    again = scene.judge(run, 2)
    imported = scene.judge(None, 2)
    elsewhere = make_dataset(scene.cast.project)
    assert [one["id"] for one in scene.evaluations("newest=true")] == [imported.pk, again.pk]
    assert len(scene.evaluations(f"dataset={scene.dataset.pk}")) == 3
    assert scene.evaluations(f"dataset={elsewhere.pk}") == []
    assert len(scene.evaluations(f"slice={scene.validation.pk}")) == 3
    assert scene.evaluations(f"slice={scene.train.pk}") == []
    by_class = scene.evaluations("class=car")
    assert [one["of_class"]["gt"] for one in by_class] == [4, 4, 4]
    assert by_class[0]["of_class"]["AP"] == by_class[0]["figures"]["AP"]
    page = scene.get(f"projects/{scene.cast.project.pk}/evaluations?limit=2")
    rest = scene.get(f"projects/{scene.cast.project.pk}/evaluations?limit=2&after={page['next']}")
    assert [len(page["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]


def test_the_same_predictions_on_other_labels_are_known_by_their_slice_too(scene: Scene) -> None:
    scene.run("baseline", 2)
    scene.correct_labels()
    judged = Evaluation.objects.get().prediction_set_id
    assert call(scene.cast.bob, "POST", "evaluations", {"prediction_set": judged}).status_code == 202
    run_jobs()
    assert [[one["name"] for one in row["slices"]] for row in scene.evaluations()] == [["val"], ["val"]]


def test_a_slice_that_has_grown_finds_what_was_judged_on_it_before(scene: Scene) -> None:
    scene.run("baseline", 2)
    images = {"add": [scene.images[0].pk]}
    assert call(scene.cast.alice, "POST", f"slices/{scene.validation.pk}/images", images).status_code == 200
    assert len(scene.evaluations(f"slice={scene.validation.pk}")) == 1


def test_a_slice_finds_what_was_judged_on_its_images_under_another_name(scene: Scene) -> None:
    """Equal manifests are one row, which keeps the name under which it was made first."""
    scene.run("one", 1)
    same = scene.slice("the same again", 8, 12)
    assert len(scene.evaluations(f"slice={same.pk}")) == 1


@pytest.mark.parametrize("filters", ["dataset=999999", "slice=999999", "newest=2", "limit=0"])
def test_it_rejects(scene: Scene, filters: str) -> None:
    path = f"projects/{scene.cast.project.pk}/evaluations?{filters}"
    problem = assert_problem(call(scene.cast.bob, "GET", path), 400)
    assert list(problem["errors"]) == [filters.split("=")[0]]


def test_the_queries_do_not_grow(scene: Scene) -> None:
    paths = [f"projects/{scene.cast.project.pk}/{part}" for part in ("evaluations?newest=true&class=car", "lineage")]

    browser = signed_in(scene.cast.bob)

    def asked() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(f"/api/v1/{path}").status_code == 200
            counts.append(len(queries))
        return counts

    first = scene.run("run a", 1)
    second = scene.run("run b", 2, start=checkpoint_of(first))
    compare(scene, first, second)
    few = asked()
    for number in range(3):
        last = second
        second = scene.run(f"more {number}", 3, start=checkpoint_of(last))
        compare(scene, last, second)
    assert asked() == few
    assert max(few) <= 13


def compare(scene: Scene, a: Run, b: Run) -> Comparison:
    """The comparison of the two runs' evaluations, computed."""
    newest = Evaluation.objects.order_by("-pk")
    sides = {name: newest.filter(prediction_set__checkpoint_id=checkpoint_of(run).pk).first() for name, run in
             (("a", a), ("b", b))}  # fmt: skip
    assert call(scene.cast.bob, "POST", "comparisons", {n: one.pk for n, one in sides.items() if one}).status_code < 300
    assert [job.state for job in run_jobs()] == ["succeeded"]
    return Comparison.objects.latest("pk")


def test_the_tree_says_what_changed(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    scene.correct_labels()
    changed = {"train": [scene.train, scene.more], "start": checkpoint_of(first), "settings": {"epochs": 7}}
    scene.run("with more", 3, **changed)
    tree = scene.tree()
    root, step = tree["baseline"], tree["with more"]
    assert (root["before"], root["changes"], root["step"], root["start"], root["weights"]) == (
        None, None, None, None, "scratch",
    )  # fmt: skip
    assert step["before"] == {"id": first.pk, "name": "baseline"}
    assert step["start"]["kind"] == "best"
    changes = step["changes"]
    assert (changes["images_added"], changes["images_removed"], changes["boxes"]) == (2, 0, 2)
    assert (changes["slices_added"], changes["slices_removed"]) == (["more"], [])
    assert (changes["revision_before"], changes["revision"]) == (1, 2)
    assert changes["settings"] == [{"name": "epochs", "before": 20, "after": 7}]


def test_a_run_from_fresh_weights_goes_on_from_the_one_that_it_names(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    scene.run("again from scratch", 2, parent=first)
    assert scene.tree()["again from scratch"]["before"]["id"] == first.pk


def test_a_step_is_worth_its_comparison_or_names_the_pair(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    second = scene.run("second", 3, start=checkpoint_of(first))
    a, b = Evaluation.objects.order_by("pk")
    assert scene.tree()["second"]["step"] == {"comparison": None, "pair": {"a": a.pk, "b": b.pk}}
    made = compare(scene, first, second)
    step = scene.tree()["second"]["step"]
    assert step["pair"] is None
    assert step["comparison"]["id"] == made.pk
    assert step["comparison"]["same_labels"] is True
    assert step["comparison"]["delta"]["value"] == pytest.approx(b.figures["AP"] - a.figures["AP"], abs=1e-5)
    assert step["comparison"]["delta"]["verdict"] in ("proven", "not_shown")


def test_runs_judged_on_different_images_are_no_pair(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    second = make_run(scene.dataset, [scene.train], scene.more, name="elsewhere", start=checkpoint_of(first))
    judged = predictions_of(second, scene.dataset, scene.images[6:8], 1)
    call(scene.cast.bob, "POST", "evaluations", {"prediction_set": judged.pk})
    run_jobs()
    assert scene.tree()["elsewhere"]["step"] == {"comparison": None, "pair": None}


def test_images_that_were_not_trained_on_are_compared_first(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    second = scene.run("second", 3, start=checkpoint_of(first))
    clean = list(Evaluation.objects.order_by("pk").values_list("pk", flat=True))
    for run in (first, second):  # newer, but on what they were trained on
        judged = predictions_of(run, scene.dataset, scene.images[:6], 2)
        call(scene.cast.bob, "POST", "evaluations", {"prediction_set": judged.pk})
        run_jobs()
    assert Evaluation.objects.latest("pk").on_training_images == 6
    assert scene.tree()["second"]["step"]["pair"] == {"a": clean[0], "b": clean[1]}


def test_controls_and_repeats_are_told(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    treated = scene.run("treated", 3, start=checkpoint_of(first), train=[scene.train, scene.more])
    scene.run("control", 2, start=checkpoint_of(first), control_of=treated)
    again = {"start": checkpoint_of(first), "train": [scene.train, scene.more]}
    scene.run("treated, seed 1", 3, **again, seed=1)
    scene.run("treated, once more", 3, **again)
    tree = scene.tree()
    assert tree["control"]["control_of"] == {"id": treated.pk, "name": "treated"}
    assert tree["treated"]["gain"] is None
    pair = tree["control"]["gain"]["pair"]
    sides = [Evaluation.objects.get(pk=pair[side]).prediction_set.name for side in "ab"]
    assert sides == ["control", "treated"]
    assert tree["treated, seed 1"]["repeat_of"] == {"id": treated.pk, "name": "treated"}
    assert tree["treated, seed 1"]["changes"]["settings"] == []
    assert [tree[name]["repeat_of"] for name in ("baseline", "treated", "treated, once more")] == [None] * 3


def test_charlie_gets_404(scene: Scene) -> None:
    scene.run("one", 1)
    number = Evaluation.objects.get().pk
    for part in ("evaluations", "lineage"):
        assert_charlie_gets_404(scene.cast, "GET", f"projects/{scene.cast.project.pk}/{part}")
    assert_charlie_gets_404(scene.cast, "GET", f"datasets/{scene.dataset.pk}/evaluations/preview")
    assert_charlie_gets_404(scene.cast, "DELETE", f"evaluations/{number}")


def preview(scene: Scene, asked: str) -> dict[str, Any]:
    found: dict[str, Any] = scene.get(f"datasets/{scene.dataset.pk}/evaluations/preview?{asked}")
    return found


def test_a_preview_counts_what_was_trained_on(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    second = scene.run("second", 3, start=checkpoint_of(first), train=[scene.more])
    scene.correct_labels()
    asked = f"checkpoint={checkpoint_of(second).pk}"
    assert preview(scene, f"{asked}&slice={scene.validation.pk}") == {
        "revision": 2, "images": 4, "boxes": 5, "trained_on": 0,
    }  # fmt: skip
    assert preview(scene, f"{asked}&slice={scene.validation.pk}&revision=1")["boxes"] == 4
    assert preview(scene, f"{asked}&slice={scene.train.pk}")["trained_on"] == 6
    assert preview(scene, asked) == {"revision": 2, "images": 12, "boxes": 13, "trained_on": 8}
    judged = predictions_of(second, scene.dataset, scene.images[4:9], 1)
    both = f"prediction_set={judged.pk}"
    assert preview(scene, both) == {"revision": 2, "images": 5, "boxes": 6, "trained_on": 4}
    assert preview(scene, f"{both}&slice={scene.more.pk}")["images"] == 2


@pytest.mark.parametrize(
    ("asked", "field"),
    [("", "prediction_set"), ("checkpoint=999999", "checkpoint"), ("prediction_set={set}&revision=9", "revision")],
)
def test_a_preview_rejects_by_field(scene: Scene, asked: str, field: str) -> None:
    judged = predictions_of(None, scene.dataset, scene.images[8:], 1).pk
    path = f"datasets/{scene.dataset.pk}/evaluations/preview?{asked.format(set=judged)}"
    assert list(assert_problem(call(scene.cast.bob, "GET", path), 400)["errors"]) == [field]


def test_an_evaluation_is_deleted_with_what_hangs_on_it(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    second = scene.run("second", 3, start=checkpoint_of(first))
    compare(scene, first, second)
    a, b = Evaluation.objects.order_by("pk")
    Run.objects.filter(pk=first.pk).update(evaluation_id=a.pk)
    assert_problem(call(scene.cast.bob, "DELETE", f"evaluations/{a.pk}"), 403, mentions="manager")
    assert call(scene.cast.alice, "DELETE", f"evaluations/{a.pk}").status_code == 204
    assert list(Evaluation.objects.values_list("pk", flat=True)) == [b.pk]
    assert not Match.objects.filter(evaluation=a.pk).exists()
    assert Match.objects.filter(evaluation=b.pk).exists()
    assert not Comparison.objects.exists()
    assert Run.objects.get(pk=first.pk).evaluation_id is None
    assert not blobs.exists(a.location)
    assert blobs.exists(b.location)
    again = call(scene.cast.bob, "POST", "evaluations", {"prediction_set": a.prediction_set_id})
    assert again.status_code == 202


def test_other_operating_points_are_not_listed_and_go_too(scene: Scene) -> None:
    run = scene.run("baseline", 2)
    number = Evaluation.objects.get().pk
    point = {"iou": 0.75, "conf": 0.3, "rows": "verdicts"}
    answer = call(scene.cast.bob, "POST", f"evaluations/{number}/points", point)
    assert answer.status_code == 200, answer.content
    assert Evaluation.objects.get(of=number).matches.exists()
    scene.run("second", 3, start=checkpoint_of(run))
    assert [one["id"] for one in scene.evaluations("newest=true")][1:] == [number]
    assert scene.tree()["second"]["step"]["pair"]["a"] == number
    assert call(scene.cast.alice, "DELETE", f"evaluations/{number}").status_code == 204
    assert Evaluation.objects.count() == 1
    assert set(Match.objects.values_list("evaluation", flat=True)) == {Evaluation.objects.get().pk}


def test_a_file_that_two_share_stays(scene: Scene) -> None:
    first = scene.run("baseline", 1)
    twin = scene.judge(first, 1)
    one = Evaluation.objects.order_by("pk").first()
    assert one is not None
    assert one.location == twin.location
    call(scene.cast.alice, "DELETE", f"evaluations/{one.pk}")
    assert blobs.exists(twin.location)


def test_what_is_being_computed_is_not_deleted(scene: Scene) -> None:
    judged = predictions_of(None, scene.dataset, scene.images[8:], 1)
    call(scene.cast.bob, "POST", "evaluations", {"prediction_set": judged.pk})
    number = Evaluation.objects.get().pk
    assert_problem(call(scene.cast.alice, "DELETE", f"evaluations/{number}"), 409, mentions="being computed")
