"""What is said about a line that can be read but does not make sense in this dataset, and that nothing gets through."""

import json
from contextlib import suppress

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.query.compiler import compile_query
from curate.query.errors import QueryError
from curate.query.names import Names
from curate.selectors.images import image_ids
from dataset.models import Dataset
from tests.curate.factories import Picture, make_dataset, make_images


@pytest.fixture
def dataset(db: None) -> Dataset:
    made = make_dataset()
    make_images(made, [Picture(metadata={"weather": "rainy", "speed": 5}, slices=["train v1"]), Picture()])
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
        ("key like 'a\\\\'", 10, "cannot end with a backslash"),
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
             "in_slice", "metadata", "captured_at", "true"]
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


def test_values_never_stand_in_the_sql(dataset: Dataset) -> None:
    condition = compile_query(
        'weather = "marker" and key like "marker%" and count(car, area > 123457) = 7', Names(dataset)
    )
    assert "marker" not in condition.text
    assert "123457" not in condition.text
    assert condition.text.count("%s") == len(condition.params)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM dataset_image WHERE {condition.text}", condition.params)
        assert cursor.fetchone() == (0,)
