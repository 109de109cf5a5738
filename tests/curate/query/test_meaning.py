"""Generated query lines mean in SQL what they mean to a naive reader in Python."""

import json
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from itertools import product

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.pages import PageRequest, decoded_key
from curate.counts.columns import columns_of
from curate.grid.pages import GridRequest, image_page
from curate.models import Evaluation, Match
from curate.query import kept_counts
from curate.query.compiler import compile_query
from curate.query.image_search import find_images, image_ids
from curate.query.names import DatasetNames, tag_table
from dataset.models import Annotation, Dataset, Image, PredictionSet
from model.models import Run
from tests.curate.factories import Picture, at, make_dataset, make_images, make_manifest, make_slice

CLASSES = ("car", "bike", "traffic light")
SLICES = ("first", 'say "hi"', "100%")
OPERATORS: dict[str, Callable] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
METADATA: list[dict[str, object]] = [
    {"weather": "rainy", "speed": 5, "night": True, "split": "train"},
    {"weather": "clear", "speed": 7.5, "night": False, "tags": ["a", "b"], "split": "val"},
    {"weather": None, "speed": "5"},
    {"weather": 'it\'s \\ "50%"', "gps": {"lat": 1.5}},
    {},
    {"weather": "Rainy", "tags": ["rainy"], "gps": {"lat": -3}, "split": "valid"},
]
VALUES = ["rainy", "clear", "Rainy", "5", 'it\'s \\ "50%"', "a", 5, 7.5, 1.5, -3, 0, True, False]
TIMES = [None, at("2020-06-01T00:00"), at("2020-06-01T13:30"), at("2020-06-02T00:00"), at("2019-12-31T23:59:59")]
VERDICTS = [("tp", "car", "car", 0.9, ""), ("fn", "bike", "car", 0.8, "class"), ("fp", "bike", "car", 0.8, "class"),
            ("fp", None, "bike", 0.3, "background"), ("fn", "traffic light", None, None, "missed")]  # fmt: skip


@dataclass
class Shown(Picture):
    """A picture as Python sees it; `boxes` are its labels now."""

    was: list[tuple] = field(default_factory=list)  # its labels at revision 1
    hash: int | None = None
    trained: bool = False


@dataclass
class World:
    """The dataset as Python sees it."""

    dataset: Dataset
    pictures: list[Shown]
    ids: list[int]
    verdicts: dict[int, list[tuple]]
    evaluation: int


# Whether a picture, with its match rows, belongs; and a line that says so.
Meaning = Callable[[Shown, list[tuple]], bool]
Leaf = tuple[str, Meaning]
Leaves = Iterator[Leaf]


def box(place: int) -> tuple:
    side = 4.5 * (place % 5 + 1)
    attributes = [None, {"occluded": True}, {"occluded": False}][place % 3]
    left, top = (1.0, 2.0, 60.5)[place % 3], (2.0, 0.5)[place % 2]
    return (CLASSES[place % 3], left, top, left + side, top + 2 * side if place % 4 == 3 else top + side, attributes)


HASHES = [None, 0, -1, 0b1011, -(2**63), 2**63 - 1]  # 64 bits as signed numbers


def pictures() -> list[Shown]:
    return [
        Shown(
            hash=HASHES[place % 6],
            trained=place % 5 == 2,
            boxes=[box(place + step) for step in range(place % 4)],
            metadata=METADATA[place % len(METADATA)],
            key=f"img_{place:02}.jpg" if place % 2 else f"IMG-{place:02}.png",
            sequence=["", "a1", "b2"][place % 3],
            captured_at=TIMES[place % len(TIMES)],
            width=100 * (place % 4 + 1),
            slices=[SLICES[place % 3]] if place % 4 else [],
        )
        for place in range(24)
    ]


@pytest.fixture
def world(db: None) -> World:
    dataset = make_dataset(classes=CLASSES)
    made = pictures()
    images = make_images(dataset, made)
    for image, picture in zip(images, made, strict=True):
        image.phash = picture.hash
        picture.was = picture.boxes
    Image.objects.bulk_update(images, ["phash"])
    end_some_labels(dataset, made, images)
    train(dataset, [image for image, picture in zip(images, made, strict=True) if picture.trained])
    manifest = make_manifest(dataset, images)
    predictions = PredictionSet.objects.create(dataset=dataset, manifest=manifest, name="first run", kind="run")
    evaluation = Evaluation.objects.create(
        dataset=dataset, prediction_set=predictions, manifest=manifest, revision=1, finished_at=timezone.now()
    )
    verdicts = {place: [VERDICTS[(place + step) % 5] for step in range(place % 3)] for place in range(len(images))}
    store_matches(evaluation, images, verdicts)
    return World(dataset, made, [image.pk for image in images], verdicts, evaluation.pk)


def end_some_labels(dataset: Dataset, made: list[Shown], images: list[Image]) -> None:
    """Revision 2: the first label of every fourth image is removed."""
    for image, picture in list(zip(images, made, strict=True))[1::4]:
        Annotation.objects.filter(pk=image.annotations.order_by("pk")[0].pk).update(died=2)
        picture.boxes = picture.boxes[1:]
    Dataset.objects.filter(pk=dataset.pk).update(head_revision=2)
    dataset.refresh_from_db()


def train(dataset: Dataset, images: list[Image]) -> Run:
    valid = make_slice(dataset, "valid", [])
    return Run.objects.create(
        dataset=dataset, name="first", baseline="yolo11n", weights="scratch", revision=1,
        train_manifest=make_manifest(dataset, images), validation_slice=valid,
    )  # fmt: skip


def store_matches(evaluation: Evaluation, images: list[Image], verdicts: dict[int, list[tuple]]) -> None:
    classes: dict[str | None, int | None] = {**dict(evaluation.dataset.classes.values_list("name", "id")), None: None}
    Match.objects.bulk_create(
        Match(
            evaluation=evaluation,
            image=images[place],
            verdict=verdict,
            truth_class_id=classes[truth],
            predicted_class_id=classes[predicted],
            score=score,
            error=error,
        )
        for place, rows in verdicts.items()
        for verdict, truth, predicted, score, error in rows
    )


def quoted(text: str) -> str:
    return json.dumps(text)


def literal(value: object) -> str:
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def same(stored: object, value: object) -> bool:
    """5 is 5.0, but neither True nor "5"; a list is equal to what it holds."""
    if isinstance(stored, list):
        return any(same(one, value) for one in stored)
    return isinstance(stored, bool) == isinstance(value, bool) and stored == value


def at_path(metadata: dict, path: list[str]) -> object:
    for key in path:
        metadata = metadata.get(key) if isinstance(metadata, dict) else None
    return metadata


def metadata_meaning(path: list[str], op: str, value: object) -> Meaning:
    def holds(picture: Shown, _: list[tuple]) -> bool:
        stored = at_path(picture.metadata, path)
        if op == "=":
            return stored is not None and same(stored, value)
        if op == "!=":
            return stored is not None and not same(stored, value)
        kinds = (str,) if isinstance(value, str) else (int, float)
        return isinstance(stored, kinds) and not isinstance(stored, bool) and OPERATORS[op](stored, value)

    return holds


def metadata_comparisons() -> Leaves:
    names = ["weather", "speed", "night", "tags", "metadata.weather", 'metadata."speed"', "gps.lat"]
    for name, value, op in product(names, VALUES, OPERATORS):
        if op in ("=", "!=") or not isinstance(value, bool):
            path = [part.strip('"') for part in name.split(".") if part != "metadata"]
            yield f"{name} {op} {literal(value)}", metadata_meaning(path, op, value)


def number_comparisons() -> Leaves:
    for op, value in product(OPERATORS, [100, 200, 250.5, 400, -1]):
        yield f"width {op} {value}", lambda picture, _, op=op, value=value: OPERATORS[op](picture.width, value)
    yield "width in (100, 200.5, 300)", lambda picture, _: picture.width in (100, 300)


def text_meaning(op: str, value: str) -> Meaning:
    return lambda picture, _: OPERATORS[op](picture.sequence, value) and (op == "=" or picture.sequence != "")


def text_comparisons() -> Leaves:
    for op, value in product(OPERATORS, ["", "a1", "b2", "A", "b"]):
        yield f"sequence {op} {quoted(value)}", text_meaning(op, value)
    yield 'sequence in ("a1", "c3")', lambda picture, _: picture.sequence == "a1"


def time_meaning(op: str, text: str) -> Meaning:
    def holds(picture: Shown, _: list[tuple]) -> bool:
        taken = picture.captured_at
        if taken is None or len(text) == 10:
            return taken is not None and OPERATORS[op](taken.date().isoformat(), text)
        moment = datetime.fromisoformat(text) if "+" in text else at(text)
        return OPERATORS[op](taken - moment, timedelta())

    return holds


def time_comparisons() -> Leaves:
    days = ["2020-06-01", "2020-01-01", "2020-06-01T13:30", "2020-06-01T15:30+02:00"]
    for op, day in product(OPERATORS, days):
        yield f"captured_at {op} {day}", time_meaning(op, day)


def memberships() -> Leaves:
    for values in (["rainy"], ["clear", 5], ["5", "Rainy", True], VALUES):
        each = [metadata_meaning(["weather"], "=", value) for value in values]
        inside = f"({', '.join(map(literal, values))})"
        yield f"weather in {inside}", lambda picture, rows, each=each: any(holds(picture, rows) for holds in each)
        yield (
            f"weather not in {inside}",
            lambda picture, rows, each=each: not any(holds(picture, rows) for holds in each),
        )


PATTERNS = {"img%": "img*", "%.png": "*.png", "img___.jpg": "img???.jpg", r"%\_%": "*_*", "%": "*", "50%": "50*"}


def patterns() -> Leaves:
    for pattern, same_in_shell in PATTERNS.items():
        yield (
            f'key like "{pattern}"',
            lambda picture, _, shell=same_in_shell: fnmatchcase(picture.key, shell),
        )
    yield 'weather not like "_ainy"', lambda picture, _: picture.metadata.get("weather") not in ("rainy", "Rainy")


def is_unknown(picture: Picture, name: str) -> bool:
    if name in ("sequence", "captured_at"):
        return not getattr(picture, name)
    return at_path(picture.metadata, name.split(".")) is None


def unknowns() -> Leaves:
    for name in ["weather", "tags", "sequence", "captured_at", "gps.lat"]:
        yield f"{name} is null", lambda picture, _, name=name: is_unknown(picture, name)
        yield f"{name} is not null", lambda picture, _, name=name: not is_unknown(picture, name)


def area_of(box: tuple) -> float:
    return (box[3] - box[1]) * (box[4] - box[2])


BOX_CONDITIONS: list[tuple[str, Callable[[tuple], bool]]] = [
    ("", lambda box: True),
    (", area < 10^2", lambda box: area_of(box) < 100),
    (", width = 4.5 or height >= 18", lambda box: box[3] - box[1] == 4.5 or box[4] - box[2] >= 18),
    (", aspect < 1", lambda box: box[3] - box[1] < box[4] - box[2]),
    (", aspect in (0.5, 2)", lambda box: (box[3] - box[1]) * 2 == box[4] - box[2]),
    (", x < 60, y >= 5", lambda box: (box[1] + box[3]) / 2 < 60 and (box[2] + box[4]) / 2 >= 5),
    (", occluded = true", lambda box: bool(box[5] and box[5]["occluded"])),
    (", not occluded = true", lambda box: not (box[5] and box[5]["occluded"])),
    (", attributes.occluded is not null, area > 100", lambda box: bool(box[5]) and area_of(box) > 100),
    (", x2 > 5.6", lambda box: np.float32(box[3]) > np.float32(5.6)),
    (", provenance = imported", lambda box: True),
    (", provenance in (human, model)", lambda box: False),
]


def count_meaning(names: list[str], fits: Callable[[tuple], bool], op: str, wanted: int) -> Meaning:
    def holds(picture: Shown, _: list[tuple]) -> bool:
        number = sum((not names or box[0] in names) and fits(box) for box in picture.boxes)
        return OPERATORS[op](number, wanted)

    return holds


def counts(conditions: list = BOX_CONDITIONS) -> Leaves:
    for names, (condition, fits) in product([[], ["car"], ["traffic light"], ["car", "bike"]], conditions):
        inside = f"({', '.join(map(quoted, names)) or '*'}{condition})"
        yield f"any{inside}", count_meaning(names, fits, ">", 0)
        yield f"count{inside}", count_meaning(names, fits, ">", 0)
        for op, wanted in product(OPERATORS, [-1, 0, 1, 2, 4]):
            yield f"count{inside} {op} {wanted}", count_meaning(names, fits, op, wanted)


# Conditions on a box that depend on its image's size.
Placed = Callable[[Shown, tuple], bool]
PLACE_CONDITIONS: list[tuple[str, Placed]] = [
    ("touches_border", lambda _, box: box[1] <= 1 or box[2] <= 1),
    ("touches_border = false", lambda _, box: box[1] > 1 and box[2] > 1),
    ("not touches_border, x1 > 5%", lambda picture, box: box[2] > 1 < box[1] > 0.05 * picture.width),
    ("area < 0.5%", lambda picture, box: area_of(box) < 0.005 * (picture.width * picture.height)),
    ("not area >= 0.5%", lambda picture, box: area_of(box) < 0.005 * (picture.width * picture.height)),
    ("width > 10% or x > 50%", lambda picture, box: max(
        (box[3] - box[1]) * 10, box[1] + box[3]) > picture.width),
    ("height < 2%", lambda picture, box: box[4] - box[2] < 0.02 * picture.height),
]  # fmt: skip


def placed_meaning(fits: Placed, holds: Callable[[list[bool]], bool]) -> Meaning:
    return lambda picture, _: holds([fits(picture, box) for box in picture.boxes if box[0] == "car"])


def every_one(fitting: list[bool]) -> bool:
    return bool(fitting) and all(fitting)


def placed() -> Leaves:
    for condition, fits in PLACE_CONDITIONS:
        yield f"any(car, {condition})", placed_meaning(fits, any)
        yield f"all(car, {condition})", placed_meaning(fits, every_one)
        yield f"count(car, {condition}) = 0", placed_meaning(fits, lambda fitting: not any(fitting))
        yield f"count(car, {condition}) >= 2", placed_meaning(fits, lambda fitting: sum(fitting) >= 2)


def alls() -> Leaves:
    for names, (condition, fits) in product([[], ["car"], ["car", "bike"]], BOX_CONDITIONS[1:]):
        inside = f"({', '.join(map(quoted, names)) or '*'}{condition})"

        def holds(picture: Shown, _: list[tuple], names: list[str] = names, fits: Callable = fits) -> bool:
            return every_one([fits(box) for box in picture.boxes if not names or box[0] in names])

        yield f"all{inside}", holds


def past() -> Leaves:
    """Labels as they were; `revision = …` inside a call, or once for the whole line."""
    for name in CLASSES:
        yield (
            f"count({quoted(name)}, revision = 1) >= 2",
            lambda picture, _, name=name: sum(box[0] == name for box in picture.was) >= 2,
        )
    yield "any(*, revision = 0)", lambda picture, _: False
    yield "count(*, revision = 2) = 1", lambda picture, _: len(picture.boxes) == 1
    yield "all(*, revision = 1, area > 90)", lambda picture, _: every_one([area_of(box) > 90 for box in picture.was])


def bits_between(a: int, b: int) -> int:
    return ((a ^ b) % 2**64).bit_count()


def likenesses() -> Leaves:
    for key, near_to, bits in [("IMG-02.png", -1, 6), ("img_01.jpg", 0, 6), ("img_03.jpg", 0b1011, 62)]:
        yield (
            f"near(image = {quoted(key)}, within = {bits})",
            lambda picture, _, near_to=near_to, bits=bits: (
                picture.hash is not None and bits_between(picture.hash, near_to) <= bits
            ),
        )


def origins() -> Leaves:
    for names, written in [("train", ["train"]), ("valid", ["val", "valid"]), ('"Validation", train', METADATA_SPLITS)]:
        yield f"in_split({names})", lambda picture, _, written=written: picture.metadata.get("split") in written
    for line in ("used_in_training", "used_in_training()", "used_in_training(run = first)"):
        yield line, lambda picture, _: picture.trained


METADATA_SPLITS = ["train", "val", "valid"]


def slices() -> Leaves:
    for name in SLICES:
        yield f"in_slice({quoted(name)})", lambda picture, _, name=name: name in picture.slices


MATCH_CONDITIONS: list[tuple[str, Callable[[tuple], bool]]] = [
    ("", lambda row: True),
    (", predicted = car", lambda row: row[2] == "car"),
    (", predicted = background", lambda row: row[2] is None),
    (", truth != bike", lambda row: row[1] != "bike"),
    (", truth in (background, bike)", lambda row: row[1] in (None, "bike")),
    (', error = "class"', lambda row: row[4] == "class"),
    (", conf >= 0.8", lambda row: row[3] is not None and row[3] >= 0.8),
    (", not score >= 0.8", lambda row: row[3] is None or row[3] < 0.8),
]


def verdict_meaning(verdict: str, name: str | None, fits: Callable[[tuple], bool], op: str, wanted: int) -> Meaning:
    column = 2 if verdict == "fp" else 1

    def holds(_: Shown, rows: list[tuple]) -> bool:
        mine = [row for row in rows if row[0] == verdict and (name is None or row[column] == name)]
        return OPERATORS[op](sum(map(fits, mine)), wanted)

    return holds


def verdicts() -> Leaves:
    for verdict, name, (condition, fits) in product(["tp", "fp", "fn"], [None, *CLASSES], MATCH_CONDITIONS):
        text = f'{verdict}({quoted(name) if name else "*"}, evaluation = "first run"{condition})'
        yield text, verdict_meaning(verdict, name, fits, ">", 0)
        yield f"{text} < 2", verdict_meaning(verdict, name, fits, "<", 2)


LEAVES = [
    *metadata_comparisons(), *number_comparisons(), *text_comparisons(), *time_comparisons(), *memberships(),
    *patterns(), *unknowns(), *counts(), *slices(), *verdicts(), *placed(), *alls(),
    *past(), *likenesses(), *origins(),
]  # fmt: skip


def joined(parts: list[Leaf], word: str) -> Leaf:
    combine = all if word == "and" else any
    text = "(" + f" {word} ".join(part for part, _ in parts) + ")"
    return text, lambda picture, rows: combine(meaning(picture, rows) for _, meaning in parts)


def denied(part: Leaf) -> Leaf:
    return f"not {part[0]}", lambda picture, rows: not part[1](picture, rows)


QUERIES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.tuples(st.lists(inner, min_size=2, max_size=3), st.sampled_from(["and", "or"])).map(
            lambda pair: joined(*pair)
        ),
        inner.map(denied),
    ),
    max_leaves=5,
)


def assert_means(world: World, text: str, meaning: Meaning) -> None:
    places = range(len(world.pictures))
    expected = [world.ids[place] for place in places if meaning(world.pictures[place], world.verdicts[place])]
    assert image_ids(world.dataset, text) == expected, text


def assert_each_means(world: World, leaves: list[Leaf]) -> None:
    """Many lines in one statement, each as a column of truth values."""
    names = DatasetNames(world.dataset)
    for start in range(0, len(leaves), 60):
        some = leaves[start : start + 60]
        conditions = [compile_query(text, names) for text, _ in some]
        columns = ", ".join(f"({condition.text}) IS TRUE" for condition in conditions)
        params = [param for condition in conditions for param in condition.params]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM dataset_image WHERE id = ANY(%s) ORDER BY id", [*params, world.ids])
            found = list(zip(*cursor.fetchall(), strict=True))
        for (text, meaning), column in zip(some, found, strict=True):
            pairs = enumerate(world.pictures)
            assert list(column) == [meaning(picture, world.verdicts[place]) for place, picture in pairs], text


def test_it_works(world: World) -> None:
    assert_each_means(world, [*LEAVES, *map(denied, LEAVES)])


@pytest.mark.parametrize(("few", "spread"), [(1000, 16), (3, 16), (0, 1000), (0, 0)])
def test_counts_mean_the_same_where_they_are_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int, spread: int
) -> None:
    """As ids, as bits, and in SQL where the ids lie too far apart for bits."""
    monkeypatch.setattr(kept_counts, "FEW", few)
    monkeypatch.setattr(kept_counts, "SPREAD", spread)
    columns_of(world.dataset)
    leaves = list(counts(BOX_CONDITIONS[:1]))
    assert_each_means(world, [*leaves, *map(denied, leaves)])
    assert_means(world, *leaves[0])


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(query=QUERIES)
def test_conditions_combine(world: World, query: Leaf) -> None:
    assert_means(world, *query)


SORT_KEYS: dict[str, Callable[[Shown], object]] = {
    "key": lambda picture: picture.key,
    "width": lambda picture: picture.width,
    "sequence": lambda picture: picture.sequence or None,
    "captured_at": lambda picture: picture.captured_at,
    "speed": lambda picture: picture.metadata.get("speed") if picture.metadata.get("speed") != "5" else None,
    "gps.lat": lambda picture: at_path(picture.metadata, ["gps", "lat"]),
}


def sorted_places(world: World, places: list[int], terms: list[tuple[str, bool]]) -> list[int]:
    """By one key after the other, from the last; what is not known stands at the end either way."""
    if terms[-1][0] != "key":
        places = sorted(places, reverse=terms[-1][1])
    for name, descending in reversed(terms):
        value = {place: SORT_KEYS[name](world.pictures[place]) for place in places}
        known = [place for place in places if value[place] is not None]
        known.sort(key=lambda place: value[place], reverse=descending)  # type: ignore[arg-type, return-value]
        places = known + [place for place in places if value[place] is None]
    return places


def paged(world: World, text: str, limit: int) -> list[int]:
    """The ids of all pages."""
    ids: list[int] = []
    after = None
    while True:
        line = find_images(world.dataset, text)
        rows, following = image_page(line.images, PageRequest(limit, after), GridRequest(line.order))
        ids += [row["id"] for row in rows]
        if following is None:
            return ids
        after = decoded_key(following)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(
    terms=st.lists(
        st.tuples(st.sampled_from(sorted(SORT_KEYS)), st.booleans()),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one[0],
    ),
    limit=st.integers(1, 30),
)
def test_order_by_sorts_and_pages_follow_each_other(world: World, terms: list[tuple[str, bool]], limit: int) -> None:
    order = ", ".join(f"{name}{' desc' if descending else ''}" for name, descending in terms)
    # Numbers and texts have no order that Python shares; the one text among the speeds is left out.
    text = f'not speed = "5" order by {order}'
    places = [place for place, picture in enumerate(world.pictures) if picture.metadata.get("speed") != "5"]
    assert paged(world, text, limit) == [world.ids[place] for place in sorted_places(world, places, terms)], text


def test_a_revision_for_the_whole_line_is_meant_by_every_count(world: World) -> None:
    for text in ("any(car, revision = 1) and not count(bike, revision = 1) > 1", "all(*, revision = 1, area < 150)"):
        whole = text.replace(", revision = 1", "")
        assert image_ids(world.dataset, f"revision = 1 and {whole}") == image_ids(world.dataset, text)
        assert image_ids(world.dataset, whole) != image_ids(world.dataset, text) != []


def test_a_tag_means_its_images(world: World) -> None:
    table = tag_table()
    if table is None:
        pytest.skip("this installation has no tags yet")
    tag = table._default_manager.create(dataset=world.dataset, name="look again")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO dataset_imagetag (tag_id, image_id) VALUES (%s, %s)", [tag.pk, world.ids[3]])
    assert image_ids(world.dataset, 'tag("look again")') == [world.ids[3]]
    assert len(image_ids(world.dataset, 'not tag("look again")')) == len(world.ids) - 1


def test_an_empty_line_means_every_image(world: World) -> None:
    assert image_ids(world.dataset) == world.ids


def test_the_grids_evaluation_is_meant_where_none_is_named(world: World) -> None:
    named = image_ids(world.dataset, f"tp(car, evaluation = {world.evaluation})")
    evaluation = Evaluation.objects.get(pk=world.evaluation)
    assert image_ids(world.dataset, "tp(car)", evaluation=evaluation) == named != []


def test_a_slice_narrows_what_is_meant(world: World) -> None:
    chosen = world.dataset.slices.get(name="first")
    assert image_ids(world.dataset, "", chosen.pk) == image_ids(world.dataset, 'in_slice("first")')
    assert image_ids(world.dataset, f"in_slice({chosen.pk})") == image_ids(world.dataset, "in_slice(first)") != []


def test_another_datasets_images_never_belong(world: World) -> None:
    other = make_dataset(classes=CLASSES)
    make_images(other, [Picture(metadata={"weather": "rainy"})])
    assert image_ids(world.dataset, "") == world.ids
    assert not set(image_ids(other, 'weather = "rainy"')) & set(world.ids)


@pytest.mark.django_db
def test_every_value_inside_metadata_has_a_name() -> None:
    """The inspector shows nested values under these names (frontend/src/dataset/query/jsonFacts.ts)."""
    nested = {"gps": {"lat": 48.1}, "sensors": [{"name": "lidar"}, "radar"], "time of day": {"hour": 7}, "width": 3}
    dataset = make_dataset(classes=CLASSES)
    made, _ = make_images(dataset, [Picture(metadata=nested), Picture()])
    dataset.metadata_keys = sorted(nested)
    dataset.save(update_fields=["metadata_keys"])
    for line in (
        "gps.lat = 48.1",
        'sensors."0".name = "lidar"',
        'sensors."1" = "radar"',
        'metadata."time of day".hour = 7',
        "metadata.width = 3",
    ):
        assert image_ids(dataset, line) == [made.pk], line
