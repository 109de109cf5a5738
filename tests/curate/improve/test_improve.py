"""The guided loop: where a dataset is, the next step, what its button does. A real training: 12 pictures, one epoch."""

from collections import Counter
from typing import Any

import pytest

from curate import tasks as curate_tasks
from curate.models import AutoCurate, Comparison, Suggestion
from dataset.models import Annotation
from jobs.models import Job
from label.models import Batch, Task
from model import tasks as model_tasks
from model.models import Run
from model.services.runs import NewRun, create_run
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_cast, make_dataset, make_image, run_jobs
from tests.model.scene import FROM_SCRATCH, QUICK, Scene

pytestmark = pytest.mark.django_db
slow = pytest.mark.slow
HANDLERS = (curate_tasks, model_tasks)  # imported so that their jobs are known here, as in a worker


def state_of(scene: Scene, **query: Any) -> dict[str, Any]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    found: dict[str, Any] = scene.get(f"datasets/{scene.dataset.pk}/improve?{asked}")
    return found


def take(scene: Scene, step: str, **body: Any) -> dict[str, Any]:
    answer = call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/improve/{step}", body)
    assert answer.status_code == 202, answer.content
    done: dict[str, Any] = answer.json()
    return done


def skip(scene: Scene, step: str, **body: Any) -> dict[str, Any]:
    answer = call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/improve/{step}/skip", body)
    assert answer.status_code == 200, answer.content
    now: dict[str, Any] = answer.json()
    return now


def cancel_jobs() -> None:
    Job.objects.filter(state="queued").update(state="cancelled")


def steps(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["step"]: one for one in [state["next"], *state["others"]] if one}


def found_mislabels(scene: Scene, doubts: int = 6) -> AutoCurate:
    """A finished search with so many suggestions of a wrong class on the training images, each of a chance of .8."""
    made = AutoCurate.objects.create(
        dataset=scene.dataset, kind=AutoCurate.Kind.MISLABELS, slice_ids=[scene.train.pk], report={},
        finished_at="2026-01-01T00:00Z",
        source={"slice": None, "q": "", "revision": scene.dataset.head_revision},
    )  # fmt: skip
    car, rider = scene.dataset.classes.values_list("pk", flat=True)
    Suggestion.objects.bulk_create(
        Suggestion(
            auto_curate=made, image=image, kind="wrong_class", score=0.8, reason="So.", reason_code="class_confident",
            given={"class_id": car, "box": [1, 1, 9, 9]}, proposed={"class_id": rider, "box": [1, 1, 9, 9]},
        )
        for image in scene.images[:doubts]
    )  # fmt: skip
    return made


def test_a_dataset_without_images_is_told_to_import() -> None:
    cast = make_cast()
    dataset = make_dataset(cast.project)
    state = call(cast.alice, "get", f"datasets/{dataset.pk}/improve").json()
    assert (state["next"]["step"], state["round"], state["base"]) == ("import", 0, None)
    done = call(cast.alice, "post", f"datasets/{dataset.pk}/improve/import", {}).json()
    assert done == {"job": None, "link": f"/datasets/{dataset.pk}/imports"}


def test_images_without_labels_are_chosen_then_sent_to_label() -> None:
    cast = make_cast()
    dataset = make_dataset(cast.project)
    for number in range(5):
        make_image(dataset, phash=number * 0x0F0F0F0F)
    path = f"datasets/{dataset.pk}/improve"
    assert call(cast.alice, "get", path).json()["next"]["why_code"] == "no_labels"
    call(cast.alice, "post", f"{path}/label", {"minutes": 1})
    assert [(job.kind, job.error) for job in run_jobs()] == [("choose_what_to_label", "")]
    assert call(cast.alice, "get", path).json()["next"]["why_code"] == "chosen"
    link = call(cast.alice, "post", f"{path}/label", {}).json()["link"]
    batch = Batch.objects.get(dataset=dataset)
    assert link == f"/batches/{batch.pk}"
    state = call(cast.alice, "get", path).json()
    assert (state["next"]["step"], state["next"]["by_people"]) == ("correct", True)
    assert state["batch"]["open"] == state["batch"]["tasks"] == batch.tasks.count() == 2  # two of half a minute each


@pytest.mark.thorough
def test_labelled_images_are_split_and_then_trained_on(scene: Scene) -> None:
    state = state_of(scene)
    assert (state["next"]["step"], state["stage"]) == ("split", "split")
    assert take(scene, "split")["job"]["kind"] == "split"
    assert state_of(scene)["job"]["kind"] == "split"
    assert [job.error for job in run_jobs()] == [""]
    state = state_of(scene)
    assert (state["next"]["step"], state["stage"], state["job"]) == ("train", "train", None)
    assert [(one["stage"], one["state"]) for one in state["stages"]][:3] == [
        ("split", "done"), ("train", "current"), ("diagnose", "waiting")
    ]  # fmt: skip
    done = take(scene, "train")
    run = Run.objects.get(dataset=scene.dataset)
    assert (done["job"]["kind"], done["link"]) == ("train", f"/runs/{run.pk}")
    assert run.validation_slice.name == "validation 2"  # the name was taken


def test_training_needs_slices(scene: Scene) -> None:
    answer = call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/improve/train", {})
    assert_problem(answer, 409, mentions="Split the images first")


@slow
def test_after_a_baseline_everything_is_to_be_measured(scene: Scene, trained: Run) -> None:
    state = state_of(scene)
    assert state["base"]["run"] == {"id": trained.pk, "name": "first"}
    assert (state["stage"], state["round"], state["proven"]) == ("find", 1, None)
    found = steps(state)
    assert set(found) == {"find", "learning_curve", "longer", "larger"}
    assert {one["gain"] for one in found.values()} == {None}
    assert state["next"]["step"] == "find"
    assert found["find"]["at_most"] == pytest.approx(9 * 0.1012, abs=1e-3)
    assert found["learning_curve"]["why_params"] == {"images": 4}
    assert found["learning_curve"]["machine_minutes"] == pytest.approx(found["find"]["machine_minutes"])
    assert found["larger"]["why_params"]["baseline"] == "YOLO26-N"
    assert all(one["sources"] for one in found.values() if one["step"] != "find")


@slow
def test_corrections_are_worth_what_their_chances_and_costs_say(scene: Scene, trained: Run) -> None:
    """Six wrong classes, chance .8; an error costs the mean over both classes of 9 / (labels × 2 classes)."""
    run = found_mislabels(scene)
    boxes = Counter(Annotation.objects.filter(dataset=scene.dataset, died=None).values_list("label_class", flat=True))
    each = sum(9 / (count * 2) for count in boxes.values()) / 2
    correct = steps(state_of(scene))["correct"]
    assert correct["gain"]["value"] == pytest.approx(6 * 0.8 * each, abs=1e-3)
    spread = 1.96 * (6 * 0.8 * 0.2) ** 0.5
    assert correct["gain"]["low"] == pytest.approx((4.8 - spread) * each, abs=1e-3)
    assert correct["gain"]["high"] == pytest.approx(6 * each, abs=1e-3)  # no more than six can be right
    assert correct["people_minutes"] == pytest.approx(6 * (2 + 1) / 60, abs=0.1)
    assert correct["sources"] == [
        {"kind": "auto_curate", "id": run.pk, "link": f"/curate/{scene.dataset.pk}/auto/{run.pk}"}
    ]
    assert correct["per_people_hour"] == pytest.approx(correct["gain"]["value"] / 0.3 * 60, rel=0.02)
    assert "find" not in steps(state_of(scene))


@slow
def test_a_judge_that_sees_too_little_promises_nothing(scene: Scene, trained: Run) -> None:
    run = found_mislabels(scene)
    AutoCurate.objects.filter(pk=run.pk).update(report={"weak_judge": True})
    correct = steps(state_of(scene))["correct"]
    assert correct["gain"]["low"] == 0 < correct["gain"]["value"] < correct["gain"]["high"]
    assert state_of(scene)["next"]["step"] != "correct"  # measure something first


@pytest.mark.thorough
@slow
def test_images_without_labels_are_labelled_by_the_minutes_there_are(scene: Scene, trained: Run) -> None:
    """Twenty images wait; an image takes 1 s and 7 s for each of the 1.5 objects that one has: 11.5 s."""
    like = scene.images[12]
    for number in range(20):
        place = {"location": like.location, "width": like.width, "height": like.height}
        make_image(scene.dataset, phash=number * 0x0F0F0F0F, **place)
    Annotation.objects.filter(image__in=scene.images[12:16]).update(died=scene.dataset.head_revision)
    take(scene, "learning_curve")
    assert {job.error for job in run_jobs()} == {""}
    found = steps(state_of(scene, minutes=1))
    assert (found["label"]["why_params"]["images"], found["label"]["people_minutes"]) == (5, 1.0)
    more = [one for one in state_of(scene)["others"] if one["step"] == "more_of_class"]
    assert {one["why_code"] for one in more} <= {"class_unlabelled"}
    assert all(one["people_minutes"] > 0 for one in more)
    take(scene, "label", minutes=1)
    assert {job.error for job in run_jobs()} == {""}
    chosen = AutoCurate.objects.get(dataset=scene.dataset, kind="label_selection")
    assert chosen.params["budget"] == 5
    assert not set(chosen.picked_ids) & {image.pk for image in [*scene.images[:12], *scene.images[16:]]}
    assert state_of(scene)["next"]["why_code"] == "chosen"


@slow
def test_one_step_at_a_time(scene: Scene, trained: Run) -> None:
    take(scene, "longer")
    answer = call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/improve/find", {})
    assert_problem(answer, 409, mentions="is under way")
    assert state_of(scene)["job"]["kind"] == "train"


@slow
def test_a_whole_round_from_correction_to_proof(scene: Scene, trained: Run) -> None:
    found_mislabels(scene)
    link = take(scene, "correct")["link"]
    batch = Batch.objects.get(dataset=scene.dataset)
    assert link == f"/batches/{batch.pk}"
    state = state_of(scene)
    assert (state["next"]["step"], state["next"]["by_people"], state["stage"]) == ("correct", True, "correct")
    assert (state["batch"]["open"], state["batch"]["minutes"]) == (12, pytest.approx(0.3, abs=0.01))
    assert take(scene, "correct")["link"] == link  # the same one, not a second

    task = Task.objects.filter(batch=batch).order_by("position").first()
    assert task is not None
    shown = scene.get(f"tasks/{task.pk}")
    boxes = [box | {"class_id": shown["classes"][1]["id"]} for box in shown["boxes"]]
    call(scene.cast.alice, "put", f"tasks/{task.pk}", {"boxes": boxes, "state": "done"}, **{"If-Match": '"0"'})
    Task.objects.filter(batch=batch).exclude(pk=task.pk).update(state="skipped")
    assert state_of(scene)["next"]["why_code"] == "batch_done"
    assert call(scene.cast.alice, "post", f"batches/{batch.pk}/merge", {"message": "Mended"}).status_code == 201

    state = state_of(scene)
    assert (state["next"]["step"], state["stage"]) == ("retrain", "retrain")
    assert take(scene, "retrain")["job"]["kind"] == "train"
    treated = Run.objects.get(parent=trained, control_of=None)
    control = treated.controls.get()
    scene.dataset.refresh_from_db()
    assert (treated.revision, control.revision) == (scene.dataset.head_revision, trained.revision)
    assert (treated.settings["epochs"], control.settings["epochs"]) == (1, 1)
    assert {job.error for job in run_jobs()} == {""}

    state = state_of(scene)
    assert (state["next"]["step"], state["stage"], state["base"]["run"]["id"]) == ("prove", "prove", treated.pk)
    take(scene, "prove")
    assert [job.error for job in run_jobs()] == [""]
    comparison = Comparison.objects.get(dataset=scene.dataset)
    state = state_of(scene)
    assert state["proven"]["comparison"] == comparison.pk
    assert (state["proven"]["against"]["id"], state["proven"]["is_control"]) == (control.pk, True)
    delta = scene.get(f"comparisons/{comparison.pk}")["delta"]["mAP"]
    assert state["proven"]["gain"]["value"] == pytest.approx(100 * delta["value"], abs=1e-3)
    assert (state["round"], state["next"]["step"]) == (2, "find")  # a second round, on the corrected labels
    longer = steps(state)["longer"]
    assert longer["why_code"] == "longer_control"
    assert longer["gain"]["low"] <= longer["gain"]["value"] <= longer["gain"]["high"]
    curve = steps(state)["learning_curve"]  # of the first training: what went on from it has seen all its images
    assert curve["possible"]
    assert [one["id"] for one in curve["sources"]] == [trained.pk]
    assert scene.get(f"datasets/{scene.dataset.pk}/learning-curve")["run"]["id"] == trained.pk


@slow
def test_a_learning_curve_gives_what_more_images_bring(scene: Scene, trained: Run) -> None:
    assert take(scene, "learning_curve")["job"]["kind"] == "learning_curve"
    assert {job.error for job in run_jobs()} == {""}
    found = steps(state_of(scene))
    assert "learning_curve" not in found
    edge = found["edge_cases"]
    assert edge["gain"]["low"] <= edge["gain"]["value"] <= edge["gain"]["high"]
    assert (edge["why_params"]["images"], edge["people_minutes"]) == (4, 0)
    assert edge["sources"][0]["kind"] == "learning_curve"
    more = [one for one in state_of(scene)["others"] if one["step"] == "more_of_class"]
    assert {one["class_id"] for one in more} <= set(scene.dataset.classes.values_list("pk", flat=True))


@slow
def test_more_of_a_class_trains_with_the_unused_images_of_it(scene: Scene, trained: Run) -> None:
    answer = call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/improve/more_of_class", {"class_id": 0})
    assert_problem(answer, 400, mentions="Say of which class")
    rider = scene.dataset.classes.get(name="rider")
    done = take(scene, "more_of_class", class_id=rider.pk)
    treated = Run.objects.get(parent=trained, control_of=None)
    assert done["link"] == f"/runs/{treated.pk}"
    assert [one.name for one in treated.train_slices.order_by("pk")] == ["train", "more rider"]
    added = treated.train_slices.get(name="more rider")
    assert set(added.slice_images.values_list("image", flat=True)) == {scene.images[13].pk, scene.images[15].pk}
    assert list(treated.controls.get().train_slices.values_list("name", flat=True)) == ["train"]


@slow
def test_edge_cases_are_chosen_among_unused_images_and_trained_on_next(scene: Scene, trained: Run) -> None:
    take(scene, "edge_cases")
    assert [(job.kind, job.error) for job in run_jobs()] == [("find_edge_cases", "")]
    state = state_of(scene)
    assert (state["next"]["step"], state["next"]["why_code"]) == ("retrain", "images_chosen")
    take(scene, "retrain")
    treated = Run.objects.get(parent=trained, control_of=None)
    added = set(treated.train_manifest.image_ids) - set(trained.train_manifest.image_ids)  # type: ignore[union-attr]
    assert added
    assert added <= {image.pk for image in scene.images[12:16]}


@slow
def test_find_longer_larger_and_validation_start_what_they_say(scene: Scene, trained: Run) -> None:
    assert take(scene, "find")["job"]["kind"] == "find_mislabels"
    search = AutoCurate.objects.get(dataset=scene.dataset)
    assert search.params["weights"] == {"kind": "scratch", "checkpoint": None}
    assert search.params["settings"]["imgsz"] == 160
    cancel_jobs()
    take(scene, "longer")
    longer = Run.objects.get(name="first, longer")
    assert (longer.parent, longer.revision) == (trained, trained.revision)
    cancel_jobs()
    take(scene, "larger")
    assert Run.objects.get(name="first, YOLO26-N").baseline == "yolo26n"
    cancel_jobs()
    done = take(scene, "validation")
    assert done["job"]["kind"] == "predict"
    larger = scene.dataset.slices.get(name="validation, larger")
    assert (larger.image_count, larger.origin["step"]) == (6, "validation")


@slow
def test_a_step_that_is_skipped_is_not_offered_first_until_the_next_training(scene: Scene, trained: Run) -> None:
    state = skip(scene, "find")
    assert state["next"]["step"] != "find"
    assert steps(state)["find"]["skipped"]
    assert state["skipped"] == [{"step": "find", "class_id": None}]
    assert skip(scene, "find", undo=True)["next"]["step"] == "find"
    skip(scene, "find")
    create_run(
        dataset=scene.dataset, by=scene.cast.alice,
        new=NewRun("next", [scene.train.pk], scene.validation.pk, "road11t", FROM_SCRATCH, settings=QUICK),
    )  # fmt: skip
    run_jobs()
    assert skip(scene, "prove")["next"]["step"] == "find"


def test_it_rejects_a_skip_of_a_class_that_is_not_the_datasets(scene: Scene) -> None:
    other = make_dataset(scene.cast.project)
    for class_id in (other.classes.order_by("index")[0].pk, 10**30):
        body = {"class_id": class_id}
        answer = call(scene.cast.alice, "post", f"datasets/{scene.dataset.pk}/improve/more_of_class/skip", body)
        assert "class_id" in assert_problem(answer, 400)["errors"]


def test_everything_can_be_skipped(scene: Scene) -> None:
    assert skip(scene, "split")["next"] is None


def test_only_managers_act_and_only_members_see(scene: Scene) -> None:
    path = f"datasets/{scene.dataset.pk}/improve"
    assert call(scene.cast.bob, "get", path).status_code == 200
    for below in ("split", "split/skip"):
        assert call(scene.cast.bob, "post", f"{path}/{below}", {}).status_code == 403
        assert_charlie_gets_404(scene.cast, "post", f"{path}/{below}", {})
        strange = call(scene.cast.alice, "post", f"{path}/{below.replace('split', 'pray')}", {})
        assert_problem(strange, 404, mentions="not pray")
    assert_charlie_gets_404(scene.cast, "get", path)
    assert_problem(call(scene.cast.alice, "get", f"{path}?minutes=0"), 400)
