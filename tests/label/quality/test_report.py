"""Where the time of a batch went, and how long the rest will take."""

import pytest

from curate.autocurate.review_seconds import review_seconds
from label.quality.models import Sitting
from tests.factories import assert_problem, call, make_annotation, make_image
from tests.label.quality.test_sittings import sitting
from tests.label.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_it_works(scene: Scene) -> None:
    """Ten seconds: two cars drawn in 2 and 4 s, a rider moved in 1 s; three were looking."""
    batch = scene.batch()
    steps = [("draw", scene.car, 2.0), ("draw", scene.car, 4.0), ("move", scene.rider, 1.0)]
    scene.save(scene.task(batch), boxes=[], state="done", sitting=sitting(10, *steps))
    rows = call(scene.cast.alice, "get", f"batches/{batch.pk}/report").json()["rows"]
    told = {(row["kind"], row["label_class"]): (row["acts"], row["seconds"], row["median"]) for row in rows}
    assert told == {("draw", "car"): (2, 6.0, 3.0), ("move", "rider"): (1, 1.0, 1.0), ("look", None): (1, 3.0, 3.0)}
    assert {row["person"]["id"] for row in rows} == {scene.cast.bob.pk}
    (bob,) = call(scene.cast.alice, "get", f"batches/{batch.pk}/figures").json()["people"]
    assert (bob["finished"], bob["seconds"], bob["tasks_per_hour"]) == (1, 10, 360)


def test_it_is_a_table_for_spreadsheets(scene: Scene) -> None:
    """A name that would be a formula is shown as it is."""
    batch = scene.batch()
    scene.cast.bob.name = "=HYPERLINK(1)"
    scene.cast.bob.save()
    scene.save(scene.task(batch), boxes=[], sitting=sitting(2.5, ("delete", scene.car, 2.0)))
    answer = call(scene.cast.alice, "get", f"batches/{batch.pk}/report.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    head, *lines = answer.content.decode("utf-8-sig").strip().splitlines()
    assert head == "person,email,day,kind,class,acts,seconds,median_seconds"
    assert [line.split(",")[0] for line in lines] == ["'=HYPERLINK(1)"] * 2
    assert [line.split(",")[3:] for line in lines] == [
        ["delete", "car", "1", "2.0", "2.0"],
        ["look", "", "1", "0.5", "0.5"],
    ]
    assert_problem(call(scene.cast.bob, "get", f"batches/{batch.pk}/report.csv"), 403)


def test_the_rest_is_told_once_enough_is_finished(scene: Scene) -> None:
    """Six finished tasks of a box each took 8 or 12 s; four of a box are left: 40 s, and an interval around it."""
    for image in [make_image(scene.dataset) for _ in range(10)]:
        make_annotation(image, scene.dataset.classes.first())
    images = list(scene.dataset.images.order_by("pk").values_list("pk", flat=True))[3:]
    body = {"images": images, "name": "Ten"}
    batch = call(scene.cast.alice, "post", "batches", body).json()["id"]
    tasks = call(scene.cast.alice, "get", f"batches/{batch}/tasks").json()["items"]
    path = f"batches/{batch}/rest"
    for place, task in enumerate(tasks[:6]):
        told = {"state": "done", "active_seconds": 8 + 4 * (place % 2)}
        if place == 4:
            assert call(scene.cast.bob, "get", path).json()["seconds"] is None
        assert call(scene.cast.bob, "put", f"tasks/{task['id']}", told, **{"If-Match": "0"}).status_code == 200
    rest = call(scene.cast.bob, "get", path).json()
    assert (rest["pieces"], rest["learned_from"]) == (4, 6)
    assert rest["seconds"] == pytest.approx(40)
    assert 20 < rest["low"] < 38
    assert 42 < rest["high"] < 60


def test_the_order_of_work_reckons_with_timed_steps(scene: Scene) -> None:
    """Ten sittings: the first answer 5 s, then one in 2 s and a box in 6 s; so opening takes 3 s."""
    batch = scene.batch()
    steps = [("reject", scene.car, 5.0), ("accept", scene.car, 2.0), ("draw", scene.car, 6.0)]
    for key in range(10):
        scene.save(scene.task(batch), sitting=sitting(15, *steps, key=f"k{key}"))
    assert Sitting.objects.count() == 10
    known = review_seconds(scene.dataset)
    assert (known.source, known.tasks) == ("dataset", 10)
    assert (known.seconds.open_image, known.seconds.decide, known.seconds.redraw) == (3, 2, 6)
