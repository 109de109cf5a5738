"""Charts of an evaluation at any operating point: each mark counts exactly the boxes that it opens."""

from itertools import pairwise
from urllib.parse import quote

import pytest

from accounts.models import Role
from curate.evaluations import kept_arrays as memory
from curate.models import Evaluation, Match
from dataset.services.predictions import store_predictions
from tests.curate.factories import Picture, make_dataset, make_images, make_manifest
from tests.curate.judged_scene import IMAGES, Scene, make_scene
from tests.factories import assert_charlie_gets_404, assert_problem, call, make_cast, run_jobs

pytestmark = pytest.mark.django_db
ELSEWHERE = "conf=0.55&iou=0.75"


@pytest.fixture
def scene() -> Scene:
    return make_scene(make_cast(bob=Role.REVIEWER))


def at(scene: Scene, asked: str = "") -> dict:
    return scene.get(f"evaluations/{scene.evaluation}/at?{asked}")


def test_it_works_at_the_evaluations_own_point(scene: Scene) -> None:
    evaluation = scene.get(f"evaluations/{scene.evaluation}")
    body = at(scene)
    assert (body["conf"], body["iou"]) == (0.4, 0.5)
    assert body["counts"] == evaluation["counts"]
    own = scene.get(f"evaluations/{scene.evaluation}/confusion")
    assert body["confusion"]["matrix"] == own["matrix"]
    named = ("class_id", "gt", "tp", "fp", "fn", "precision", "recall", "f1")
    assert [{name: row[name] for name in named} for row in body["per_class"]] == [
        {name: row[name] for name in named} for row in evaluation["per_class"]
    ]
    assert scene.point(conf=0.4) == scene.evaluation


@pytest.mark.parametrize("asked", ["conf=0.4&iou=0.5", ELSEWHERE])
def test_a_cell_opens_as_many_crops_as_it_counts(scene: Scene, asked: str) -> None:
    body = at(scene, asked)
    point = scene.point(conf=body["conf"], iou=body["iou"])
    sides = [*body["confusion"]["class_ids"], 0]
    cells = {
        (labelled, predicted): body["confusion"]["matrix"][row][column]
        for row, labelled in enumerate(sides)
        for column, predicted in enumerate(sides)
        if labelled or predicted
    }
    assert sum(count > 0 for count in cells.values()) > 8
    opened = {cell: scene.objects(point, f"cell={cell[0]}:{cell[1]}") for cell in cells}
    assert opened == cells


def test_error_types_classes_and_overlaps_open_what_they_count(scene: Scene) -> None:
    body = at(scene, ELSEWHERE)
    point = scene.point(conf=0.55, iou=0.75)
    for one in body["errors"]:
        assert scene.objects(point, f"verdicts=fp&errors={one['error']}") == one["fp"]
        assert scene.objects(point, f"verdicts=fn&errors={one['error']}") == one["fn"]
    assert sum(one["fp"] for one in body["errors"]) == body["counts"]["fp"]
    for row in body["per_class"]:
        for verdict in ("tp", "fp", "fn"):
            assert scene.objects(point, f"verdicts={verdict}&classes={row['class_id']}") == row[verdict]
        for one in row["errors"]:
            conditions = f"classes={row['class_id']}&errors={one['error']}"
            assert scene.objects(point, f"verdicts=fp&{conditions}") == one["fp"]
            assert scene.objects(point, f"verdicts=fn&{conditions}") == one["fn"]
    edges, counts = body["overlaps"]["edges"], body["overlaps"]["counts"]
    assert sum(counts) == body["counts"]["tp"] > 0
    for (low, high), count in zip(pairwise(edges), counts, strict=True):
        end = f"iou_below={high}" if high < 1 else "iou_to=1"
        assert scene.objects(point, f"verdicts=tp&iou_from={low}&{end}") == count


def test_score_bins_and_points_of_the_curve_open_the_predictions_from_there_on(scene: Scene) -> None:
    over = scene.get(f"evaluations/{scene.evaluation}/over-confidence?iou=0.75")
    lowest = scene.point(iou=0.75)
    scores = over["scores"]
    for (low, high), right, wrong in zip(pairwise(scores["edges"]), scores["right"], scores["wrong"], strict=True):
        end = f"score_below={high}" if high < 1 else "score_to=1"
        assert scene.objects(lowest, f"verdicts=tp&score_from={low}&{end}") == right
        assert scene.objects(lowest, f"verdicts=fp&score_from={low}&{end}") == wrong
    assert sum(scores["right"]) > 20 < sum(scores["wrong"])

    car = over["precision_recall"]["classes"][0]
    place = 20  # recall 0.2
    here = f"classes={car['class_id']}&score_from={car['score'][place]}"
    right, wrong = (scene.objects(lowest, f"verdicts={verdict}&{here}") for verdict in ("tp", "fp"))
    assert right / (right + wrong) <= car["precision"][place] + 1e-5  # the best precision from that recall on
    cars = next(row["gt"] for row in at(scene)["per_class"] if row["class_id"] == car["class_id"])
    assert right / cars >= 0.2


def test_the_budget_opens_its_errors(scene: Scene) -> None:
    body = scene.get(f"evaluations/{scene.evaluation}/error-budget?iou=0.6")
    point = scene.point(iou=0.6, rows="budget")
    assert point == scene.point(iou=0.6, rows="budget", conf=0.9) != scene.point(iou=0.6)
    counts = {one["error"]: one for one in body["errors"]}
    assert set(counts) == {
        "class", "localisation", "both", "duplicate", "background", "missed", "false_positive", "false_negative"
    }  # fmt: skip
    for error in ("class", "localisation", "both", "duplicate", "background"):
        assert scene.objects(point, f"verdicts=fp&errors={error}") == counts[error]["shown"] <= counts[error]["count"]
    assert scene.objects(point, "verdicts=fn&errors=missed") == counts["missed"]["shown"] == counts["missed"]["count"]
    assert scene.objects(point, "verdicts=fp") == counts["false_positive"]["shown"]
    assert scene.objects(point, "verdicts=fn") == counts["false_negative"]["shown"]
    types = [
        one["count"] for error, one in counts.items() if error not in ("missed", "false_positive", "false_negative")
    ]
    assert counts["false_positive"]["count"] == sum(types) > counts["false_positive"]["shown"]
    assert counts["background"]["count"] > counts["background"]["shown"]  # some score too low to be rows
    assert counts["class"]["delta_ap"] > 0
    per_class = [scene.objects(point, f"verdicts=fp&errors=class&classes={row['class_id']}") for row in body["classes"]]
    assert per_class == [row["shown"]["class"] for row in body["classes"]]


def test_a_query_narrows_every_chart(scene: Scene) -> None:
    night, day = (quote(f'time = "{value}"') for value in ("night", "day"))
    whole, dark = at(scene), at(scene, f"q={night}")
    assert dark["counts"]["images"] == IMAGES // 4
    light = at(scene, f"q={day}")
    for verdict in ("tp", "fp", "fn", "boxes"):
        assert dark["counts"][verdict] + light["counts"][verdict] == whole["counts"][verdict]
    conditions = f"q={night}&verdicts=fn"
    assert scene.objects(scene.evaluation, conditions) == dark["counts"]["fn"] > 0
    for chart in ("over-confidence", "error-budget", "figures", "parts"):
        everywhere = scene.get(f"evaluations/{scene.evaluation}/{chart}")
        assert scene.get(f"evaluations/{scene.evaluation}/{chart}?q={night}") != everywhere
    figures = scene.get(f"evaluations/{scene.evaluation}/figures")
    assert figures["figures"] == scene.get(f"evaluations/{scene.evaluation}")["figures"]
    assert figures["interval"]["low"] < figures["figures"]["AP"] < figures["interval"]["high"]


def test_it_comes_apart_by_metadata_numbers_slices_and_size(scene: Scene) -> None:
    path = f"evaluations/{scene.evaluation}/parts"
    by_time = scene.get(f"{path}?by=metadata.time")
    assert {"size", "slice", "metadata.time", "metadata.speed"} <= set(by_time["choices"])
    assert {part["label"]: part["images"] for part in by_time["parts"]} == {"day": 30, "night": 10}
    dark = next(part for part in by_time["parts"] if part["label"] == "night")
    of_query = scene.get(f"evaluations/{scene.evaluation}/figures?q={quote(dark['q'])}")
    assert dark["AP"] == of_query["figures"]["AP"]
    assert dark["interval"] == of_query["interval"]
    assert scene.objects(scene.evaluation, f"verdicts=fn&q={quote(dark['q'])}") == dark["fn"]
    assert sum(part["images"] for part in scene.get(f"{path}?by=metadata.speed")["parts"]) == IMAGES
    (first,) = scene.get(f"{path}?by=slice")["parts"]
    assert (first["label"], first["images"]) == ("first ten", 10)

    sizes = scene.get(f"{path}?by=size&{ELSEWHERE}")["parts"]
    point = scene.point(conf=0.55, iou=0.75)
    for part in sizes:
        area = f"area_from={part['low'] ** 2}" + (f"&area_below={part['high'] ** 2}" if part["high"] else "")
        for verdict in ("tp", "fp", "fn"):
            assert scene.objects(point, f"verdicts={verdict}&{area}") == part[verdict]
    assert sum(part["tp"] for part in sizes) == at(scene, ELSEWHERE)["counts"]["tp"]


def test_other_rules_stand_beside_cocos_figure(scene: Scene) -> None:
    evaluation = scene.get(f"evaluations/{scene.evaluation}")
    rules = {row["rule"]: row for row in scene.get(f"evaluations/{scene.evaluation}/other-rules")}
    figures = evaluation["figures"]
    assert (rules["coco"]["AP"], rules["coco"]["AP50"]) == (figures["AP"], figures["AP50"])
    assert 0 < abs(rules["ultralytics"]["AP50"] - figures["AP50"]) < 0.03
    assert 0 < abs(rules["bdd100k"]["AP"] - figures["AP"]) < 0.03
    assert rules["voc2007"]["AP"] is None
    assert 0 < abs(rules["voc2007"]["AP50"] - figures["AP50"]) < 0.05
    night = quote('time = "night"')
    assert scene.get(f"evaluations/{scene.evaluation}/other-rules?q={night}")[0]["AP"] != figures["AP"]


def test_a_point_is_made_once_and_not_listed(scene: Scene) -> None:
    first = scene.point(conf=0.61, iou=0.75)
    assert first == scene.point(conf=0.6101, iou=0.75)
    assert Match.objects.filter(evaluation=first).count() > 0
    listed = scene.get(f"datasets/{scene.dataset.pk}/evaluations")["items"]
    assert [row["id"] for row in listed] == [scene.evaluation]
    assert scene.get(f"evaluations/{first}")["of"] == scene.evaluation
    assert scene.get(f"evaluations/{first}/at?{ELSEWHERE}") == at(scene, ELSEWHERE)


def test_a_point_answers_as_its_evaluation_and_is_not_compared(scene: Scene) -> None:
    point = scene.point(conf=0.61)
    for chart in ("curves", "confusion", "weak-slices", "other-rules"):
        assert scene.get(f"evaluations/{point}/{chart}") == scene.get(f"evaluations/{scene.evaluation}/{chart}")
    response = call(scene.cast.bob, "POST", "comparisons", {"a": scene.evaluation, "b": point})
    assert_problem(response, 400, mentions=f"operating point of evaluation {scene.evaluation}")


def test_the_oldest_points_go(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curate.evaluations.points.MOST_POINTS", 2)
    made = [scene.point(conf=conf) for conf in (0.6, 0.7, 0.8)]
    assert sorted(Evaluation.objects.filter(of=scene.evaluation).values_list("pk", flat=True)) == made[1:]
    assert not Match.objects.filter(evaluation=made[0]).exists()


def test_a_slice_made_at_a_point_names_the_evaluation(scene: Scene) -> None:
    point = scene.point(conf=0.6, iou=0.75)
    chosen = {"objects": True, "evaluation": point, "conditions": {"verdicts": ["fn"]}}
    body = {"chosen": chosen, "name": "missed at 0.6", "origin": {"kind": "diagnosis", "evaluation": point}}
    made = call(scene.cast.alice, "POST", f"datasets/{scene.dataset.pk}/bulk/make-slice", body)
    assert made.status_code == 201, made.content
    missed = Match.objects.filter(evaluation=point, verdict="fn").values("image").distinct().count()
    assert made.json()["image_count"] == missed > 0
    origin = made.json()["origin"]
    assert (origin["evaluation"], origin["conf"], origin["iou"]) == (scene.evaluation, 0.6, 0.75)


def test_one_evaluation_at_a_time_is_kept_where_more_would_be_too_many(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = Evaluation.objects.get(pk=scene.evaluation).prediction_set
    call(scene.cast.bob, "POST", "evaluations", {"prediction_set": judged.pk, "conf": 0.7})
    other = run_jobs()[-1].result["evaluation"]
    first = [at(scene), scene.get(f"evaluations/{other}/at")]
    monkeypatch.setattr(memory, "MOST_PREDICTIONS", 10)
    for _ in range(2):
        assert [at(scene), scene.get(f"evaluations/{other}/at")] == first
        assert len(memory._kept) == 1


@pytest.mark.parametrize(
    ("asked", "mentions"),
    [
        ("iou=0.52", "0.55"),
        ("conf=0.01", "0.05"),
        ("conf=much", "number"),
        ("q=count(zebra)+%3E+1", "zebra"),
        ("slice=99999", "slice"),
    ],
)
def test_it_rejects_what_is_no_point(scene: Scene, asked: str, mentions: str) -> None:
    assert_problem(call(scene.cast.bob, "GET", f"evaluations/{scene.evaluation}/at?{asked}"), 400, mentions=mentions)


def test_it_rejects_what_is_no_beta_part_or_cell(scene: Scene) -> None:
    path = f"evaluations/{scene.evaluation}"
    assert_problem(call(scene.cast.bob, "GET", f"{path}/over-confidence?beta=99"), 400, mentions="beta")
    assert_problem(call(scene.cast.bob, "GET", f"{path}/parts?by=metadata.mood"), 400, mentions="metadata.mood")
    assert_problem(call(scene.cast.bob, "POST", f"{path}/points", {"iou": 0.3}), 400, mentions="iou")
    objects = f"datasets/{scene.dataset.pk}/objects/count"
    assert_problem(call(scene.cast.bob, "GET", f"{objects}?cell=1:2"), 400, mentions="evaluation")
    wrong = f"{objects}?evaluation={scene.evaluation}&cell=0:0"
    assert_problem(call(scene.cast.bob, "GET", wrong), 400, mentions="LABELLED:PREDICTED")


@pytest.mark.parametrize("labelled", [True, False])
def test_nothing_predicted_or_labelled_has_charts_too(labelled: bool) -> None:
    """Every chart and point answers: all labels are missed, or there is nothing at all."""
    cast = make_cast(bob=Role.REVIEWER)
    dataset = make_dataset(cast.project)
    images = make_images(dataset, [Picture(boxes=[("car", 10, 10, 60, 60)] if labelled else []) for _ in range(3)])
    empty = store_predictions(
        dataset=dataset, manifest=make_manifest(dataset, images), name="nothing", kind="imported",
        image_ids=[], class_ids=[], boxes=[], scores=[],
    )  # fmt: skip
    call(cast.bob, "POST", "evaluations", {"prediction_set": empty.pk})
    job = run_jobs()[-1]
    assert job.state == "succeeded", job.error
    scene = Scene(cast, dataset, images, job.result["evaluation"])
    missed = 3 if labelled else 0
    assert at(scene, ELSEWHERE)["counts"] == {"tp": 0, "fp": 0, "fn": missed, "images": 3, "boxes": missed}
    for chart in ("over-confidence", "error-budget", "figures", "parts", "other-rules"):
        scene.get(f"evaluations/{scene.evaluation}/{chart}")
    assert scene.get(f"evaluations/{scene.evaluation}")["interval"]["smallest_shown"] is None
    confidence = scene.get(f"evaluations/{scene.evaluation}/over-confidence")["confidence"]
    assert [confidence["best"], *(one["best"] for one in confidence["classes"])] == [None] * 4
    assert scene.get(f"evaluations/{scene.evaluation}/weak-slices")["found"] == []
    assert call(cast.bob, "GET", f"evaluations/{scene.evaluation}/report").status_code == 200
    for rows in Evaluation.Rows.values:
        assert scene.objects(scene.point(conf=0.61, rows=rows), "verdicts=fn") == missed


def test_charlie_sees_nothing(scene: Scene) -> None:
    path = f"evaluations/{scene.evaluation}"
    for chart in ("at", "over-confidence", "error-budget", "figures", "parts", "other-rules"):
        assert_charlie_gets_404(scene.cast, "GET", f"{path}/{chart}")
    assert_charlie_gets_404(scene.cast, "POST", f"{path}/points", {})
