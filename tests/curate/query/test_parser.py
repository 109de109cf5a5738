"""What the query line accepts, and what it says about what it does not."""

import pytest

from curate.query import tree
from curate.query.errors import QueryError
from curate.query.parser import DEEPEST, LONGEST, parse


def test_it_works() -> None:
    node = parse('weather = "rainy" and count(rider) >= 1 and not in_slice("train v1")')
    assert isinstance(node, tree.And)
    comparison, call, negation = node.parts
    assert isinstance(comparison, tree.Compare)
    assert (comparison.field.path, comparison.op, comparison.literal.value) == (("weather",), "=", "rainy")
    assert isinstance(call, tree.Call)
    assert (call.name, call.op, call.at.column) == ("count", ">=", 23)
    assert isinstance(negation, tree.Not)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_line_means_every_image(text: str) -> None:
    assert parse(text) is None


def shape(node: object) -> object:
    """The tree without positions, as nested tuples."""
    match node:
        case tree.And(parts=parts):
            return ("and", *map(shape, parts))
        case tree.Or(parts=parts):
            return ("or", *map(shape, parts))
        case tree.Not(inside=inside):
            return ("not", shape(inside))
        case tree.Compare(field=field):
            return str(field)
        case _:
            return node


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1 or b = 1 and c = 1", ("or", "a", ("and", "b", "c"))),
        ("(a = 1 or b = 1) and c = 1", ("and", ("or", "a", "b"), "c")),
        ("not a = 1 and b = 1", ("and", ("not", "a"), "b")),
        ("not (a = 1 and b = 1)", ("not", ("and", "a", "b"))),
        ("NOT a = 1 OR b = 1", ("or", ("not", "a"), "b")),
        ("android = 1 and oracle = 2 and nothing = 3", ("and", "android", "oracle", "nothing")),
    ],
)
def test_precedence_is_not_then_and_then_or(text: str, expected: object) -> None:
    assert shape(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a = 12", 12),
        ("a = -12", -12),
        ("a = .5", 0.5),
        ("a = 32^2", 1024),
        ("a = 2 * 3^2", 18),
        ("a = 1 + 2 * 3", 7),
        ("a = (1 + 2) * 3", 9),
        ("a = 10 - 4 - 3", 3),
        ("a = 7 / 2", 3.5),
        ("a = -2^2", -4),
        ("a = 9007199254740994 / 2 * 2", 9007199254740994),
        ("a = 1e3", 1000),
        ("a = 9007199254740993", 9007199254740993),
        ('a = "it\'s"', "it's"),
        (r"a = 'say \"hi\"'", 'say "hi"'),
        (r'a = "\u00e9\ud83d\ude00"', "é😀"),
        (r'a = "\ud83d"', "\ufffd"),
        ("a = rainy", "rainy"),
        ("a = t-shirt", "t-shirt"),
        ("a = 비", "비"),
        ("a = TRUE", True),
        ("a = 2020-06-01", "2020-06-01"),
        ("a = 2020-06-01T10:30:00Z", "2020-06-01T10:30:00Z"),
    ],
)
def test_values(text: str, value: object) -> None:
    node = parse(text)
    assert isinstance(node, tree.Compare)
    assert node.literal.value == value
    assert type(node.literal.value) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("a = 1 and", 1, 10, ["a condition"]),
        ("a =", 1, 4, ["a value"]),
        ("(a = 1", 1, 7, ["and", "or", ")"]),
        ("a = 1 b = 2", 1, 7, ["and", "or", "order by", "the end of the line"]),
        ("a = 1 order by key up", 1, 20, [",", ".", "asc or desc", "the end of the line"]),
        ("order by", 1, 9, ["a name"]),
        ("a = 1 order by key and b = 2", 1, 20, [",", ".", "asc or desc", "the end of the line"]),
        ("a = 1 / 0", 1, 9, []),
        ("a = (0 - 2)^0.5", 1, 6, []),
        ("a = 5 % 3", 1, 9, ["and", "or", "order by", "the end of the line"]),
        ("weather is rainy", 1, 12, ["null", "not"]),
        ("a = 1\nand b ? 3", 2, 7, ["= != < <= > >=", "in", "like", "is", "not", "(", "."]),
        ('a = "rainy', 1, 5, ['a closing "']),
        ("a in (1, 2", 1, 11, [")", ","]),
        ("count(car) >= many", 1, 15, ["a number"]),
        ("a = 9^999", 1, 5, []),
        ('a = "\\u0000"', 1, 5, []),
    ],
)
def test_it_rejects_with_line_column_and_what_was_expected(
    text: str, line: int, column: int, expected: list[str]
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column, caught.value.expected) == (line, column, expected)
    assert caught.value.message.endswith(".")


def test_it_rejects_a_line_too_long_or_too_deep() -> None:
    with pytest.raises(QueryError, match="characters"):
        parse("a = 1" + " " * LONGEST)
    with pytest.raises(QueryError, match="nested"):
        parse("not " * (DEEPEST + 1) + "a = 1")
    assert parse("(" * 1000 + "a = 1" + ")" * 1000) is not None
