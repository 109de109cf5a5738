"""What is said about a line that can be read but does not make sense in this dataset, and that nothing gets through."""

import ast
import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.query import compiler
from curate.query.columns import BORDER
from curate.query.compiler import compile_line, compile_query
from curate.query.errors import QueryError
from curate.query.image_search import image_ids
from curate.query.names import DatasetNames
from dataset.models import Dataset
from tests.curate.factories import Picture, make_dataset, make_images


@pytest.fixture
def dataset(db: None) -> Dataset:
    made = make_dataset()
    rainy = Picture(key="a.jpg", metadata={"weather": "rainy", "speed": 5}, slices=["train v1"])
    make_images(made, [rainy, Picture()])
    return made


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ('wether = "rainy"', 1, "Did you mean weather"),
        ("count(cra) > 1", 7, "Did you mean car"),
        ("cuont(car) > 1", 1, "Did you mean count"),
        ('in_slice("train v2")', 10, "Did you mean train v1"),
        ("in_slice(99999)", 10, "There is no slice"),
        ("in_slice()", 1, "takes one slice"),
        ('width > "wide"', 9, "A number was expected"),
        ("width = true", 9, "A number was expected"),
        ("key = 5", 7, 'write "5" in quotes'),
        ("captured_at > yesterday", 15, "A date was expected"),
        ("captured_at > 2020-13-01", 15, "A date was expected"),
        ("captured_at = 9999-12-31", 15, "A date was expected"),
        ("speed < true", 9, "no order"),
        ("width like 'a%'", 12, "compares texts"),
        ("count() > 1", 1, "needs a class or *"),
        ("count(*, car) > 1", 7, "leave it out"),
        ("count(car) > 1.5", 14, "whole number"),
        ("any(car) > 1", 1, "is true or false"),
        ("any(car, aera < 5)", 10, "has no field"),
        ("any(car, score > 0.5)", 10, "has no field"),
        ("any(car, count(bike) > 1)", 10, "cannot stand inside"),
        ("any(car, provenance = guess)", 23, "is not one of imported, human, model"),
        ("any(car, provenance > human)", 23, "Only =, != and in"),
        ("tp(car)", 1, "needs evaluation"),
        ("tp(car, evaluation = 7)", 22, "no finished evaluation"),
        ('tp(car, evaluation = "v2", evaluation = "v3")', 28, "given twice"),
        ("suggested(run = 7)", 17, "no auto-curate run"),
        ("suggested(car)", 11, "takes no class"),
        ("suggested(kind = wrong)", 18, "is not one of"),
        ("fixed(*)", 1, "needs comparison"),
        ("broken(*, comparison = 7)", 24, "no finished comparison"),
        ("count(car, predictions = 7) > 1", 26, "no prediction set"),
        ("all(car)", 1, "needs a condition"),
        ("width < 5%", 9, "per cent of the image"),
        ("any(car, aspect > 5%)", 19, "per cent of the image"),
        ("speed = 5%", 9, "per cent of the image"),
        ("any(car, area in (5%, wide))", 23, "A number was expected"),
        ("any(car, touches_border = 1)", 27, "true or false was expected"),
        ("any(car, touches_border > true)", 27, "Only =, != and in"),
        ("touches_border", 1, "is said of boxes"),
        ("any(car, used_in_training)", 10, "cannot stand inside"),
        ("any(car, revision = 5)", 21, "the newest is 1"),
        ("any(car, revision = old)", 21, "whole number"),
        ("any(car, revision = 1, predictions = 7)", 21, "Predictions have no revisions"),
        ("revision = 1 and revision = 0", 18, "given twice"),
        ("revision = 9", 12, "the newest is 1"),
        ("not revision = 1", 5, "revision = … stands at the top"),
        ("revision > 1", 1, "revision = … stands at the top"),
        ("in_split(train)", 10, "says which split"),
        ("in_split(*)", 1, "takes the names of splits"),
        ("used_in_training(car)", 18, "takes no class"),
        ("used_in_training(width > 5)", 1, "takes only run = …, checkpoint = …"),
        ("used_in_training(run = 7)", 24, "no run"),
        ("used_in_training(checkpoint = 7)", 31, "no checkpoint"),
        ("near(image = 7)", 14, "There is no image"),
        ("near()", 1, "needs image = … or object"),
        ("near(object = 7)", 15, "There is no object"),
        ("near(image = 'a.jpg')", 14, "no embedding yet"),
        ("near(image = 'a.jpg', within = 6)", 14, "no perceptual hash"),
        ("near(within = 6, object = 7)", 27, "has no place beside it"),
        ("near(image = 'a.jpg', within = 65)", 32, "0 to 64"),
        ("order by wether", 10, "Did you mean weather"),
        ("order by key, speed, key desc", 22, "given twice"),
        ("order by id, key, width, height, speed, weather", 41, "at most 5"),
    ],
)
def test_it_says_what_is_wrong_and_where(dataset: Dataset, text: str, column: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        image_ids(dataset, text)
    assert words in caught.value.message
    assert caught.value.column == column


HOSTILE = [
    "'; DROP TABLE dataset_image; --",
    '" OR 1=1 --',
    "%s %(key)s %% %",
    "\\'; SELECT pg_sleep(5); --",
    "$$; DELETE FROM dataset_image; $$",
    "rainy') OR ('1'='1",
    "{} {0} {dataset}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_stays_a_value(dataset: Dataset, text: str) -> None:
    value = json.dumps(text)
    second = make_images(dataset, [Picture(key=text, metadata={text: text, "weather": text})])[0].pk
    for line in (f"weather = {value}", f"key = {value}", f"metadata.{value} = {value}", f"key in ({value}, 'x')"):
        assert image_ids(dataset, line) == [second]
    for line in (f"any(car, attributes.{value} = {value})", f"sequence = {value}", f"metadata.{value} < {value}"):
        assert image_ids(dataset, line) == []
    for line in (f"in_slice({value})", f"count({value}) > 0", f"captured_at > {value}", f"tp(*, evaluation = {value})"):
        with pytest.raises(QueryError):
            image_ids(dataset, line)


LINES = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            ["weather", "speed", "width", "=", "<", "in", "(", ")", ",", "*", "not", "and", "or", "count", "any", "car",
             '"rainy"', "5", "^", "-", "is", "null", "like", "'%'", "2020-01-01", "fn", "evaluation", ".", ";", "--",
             "%s", "1e300", "1e-300", "99999999999999999999", "\\", "'", '"',
             "in_slice", "metadata", "captured_at", "true", "order by", "desc", "%", "/", "+", "all", "near", "image",
             "touches_border", "used_in_training", "in_split", "tag", "revision", "area", "x"]
        ),
        max_size=12,
    ).map(" ".join),
)  # fmt: skip


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(line=LINES)
def test_any_line_is_answered_or_refused(dataset: Dataset, line: str) -> None:
    """No line breaks the server, and none changes anything."""
    try:
        found = image_ids(dataset, line)
    except QueryError:
        return
    assert set(found) <= set(dataset.images.values_list("id", flat=True))


NUMBERS = st.one_of(st.floats(0, 1e30, allow_nan=False), st.integers(0, 10**30), st.just("1e-320"), st.just("0^0"))
FIELDS = st.sampled_from(["width", "id", "speed", "latitude", "weather", "count(*)", "metadata.speed"])


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(field=FIELDS, sign=st.sampled_from(["", "-"]), number=NUMBERS)
def test_any_number_is_answered_or_refused(dataset: Dataset, field: str, sign: str, number: object) -> None:
    for line in (f"{field} >= {sign}{number}", f"any(*, x1 < {sign}{number} or area = {sign}{number})"):
        with suppress(QueryError):
            image_ids(dataset, line)


def written_in_the_code() -> set[str]:
    """Every word in a text of the compiler's own source: what its SQL can consist of."""
    folder = Path(compiler.__file__).parent
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.glob("*.py")]
    texts = [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {word for text in texts for word in re.findall(r"\w+", text)} | {"1", str(BORDER)}


KNOWN_WORDS = written_in_the_code()
ANYTHING = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
TEMPLATES = [
    "weather {op} {text} and metadata.{text} {op} {number}",
    'key in ({text}, "x") or not sequence like {text} or weather in ({number}, {text})',
    "count(car, attributes.{text} = {text}, area < {number}%) {op} {whole} and all(*, {text_name} is not null)",
    "any(*, x {op} {number}, aspect > {number} or touches_border) and captured_at {op} 2020-06-01",
    'near(image = "a.jpg", within = {whole}) order by metadata.{text} desc, {text_name}, key',
    "count(car, revision = {whole}) {op} {number} and revision = {whole} and in_slice({text})",
]


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(
    template=st.sampled_from(TEMPLATES),
    text=ANYTHING,
    number=st.integers(0, 10**9),
    op=st.sampled_from(["=", "!=", "<"]),
)
def test_nothing_but_the_codes_own_fragments_is_in_the_sql(
    dataset: Dataset, template: str, text: str, number: int, op: str
) -> None:
    """Whatever a line says reaches the database as a parameter only."""
    dataset.metadata_keys = [*dataset.metadata_keys, text]
    dataset.images.filter(key="a.jpg").update(phash=5)
    value = json.dumps(text)
    line = template.format(text=value, text_name=f"metadata.{value}", number=number + 1000, whole=number % 2, op=op)
    with suppress(QueryError):
        line = compile_line(line.replace("all(*, metadata.", "all(*, attributes."), DatasetNames(dataset))
        for piece in (line.where, *(key.sql for key in line.order)):
            assert set(re.findall(r"\w+", piece.text)) <= KNOWN_WORDS
            assert piece.text.count("%s") == piece.text.count("%") == len(piece.params)


def test_values_never_stand_in_the_sql(dataset: Dataset) -> None:
    condition = compile_query(
        'weather = "marker" and key like "marker%" and count(car, area > 123457) = 7', DatasetNames(dataset)
    )
    assert "marker" not in condition.text
    assert "123457" not in condition.text
    assert condition.text.count("%s") == len(condition.params)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM dataset_image WHERE {condition.text}", condition.params)
        assert cursor.fetchone() == (0,)
