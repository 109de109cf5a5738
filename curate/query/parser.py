"""Text to tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args

from curate.query import tree
from curate.query.arithmetic import LARGEST, calculate
from curate.query.errors import Position, QueryError

LONGEST = 8000  # characters; a front end that builds drill-downs stays far below
DEEPEST = 40  # nested conditions

SAME_OPERATOR = {"==": "=", "<>": "!="}
SPECIAL = "%_\\"  # to LIKE
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}

# What each kind of token is called in an error; those left out are never offered.
WORDS = {
    "NAME": "a name",
    "STRING": "a text in quotes",
    "NUMBER": "a number",
    "DATE": "a date",
    "TRUE": "true",
    "FALSE": "false",
    "COMPARE": "= != < <= > >=",
    "IN": "in",
    "LIKE": "like",
    "IS": "is",
    "_NULL": "null",
    "STAR": "*",
    "_AND": "and",
    "_OR": "or",
    "_NOT": "not",
    "_LPAR": "(",
    "_RPAR": ")",
    "_COMMA": ",",
    "_DOT": ".",
    "_ORDER_BY": "order by",
    "DIRECTION": "asc or desc",
    "$END": "the end of the line",
}
# Several that together mean one thing to a reader.
GROUPS = {
    "a value": {"NAME", "STRING", "NUMBER", "DATE", "TRUE", "FALSE"},
    "a condition": {"NAME", "_NOT", "_LPAR"},
}


def position(token: Token) -> Position:
    return Position(token.line or 1, token.column or 1)


def text_of(token: Token) -> str:
    """The text between the quotes, with \\n, \\t, \\uXXXX and escaped quotes read."""
    return _read(token, _unescape)


def pattern_of(token: Token) -> str:
    """The same as a pattern of SQL's LIKE: what is escaped stands for itself, so only a bare % or _ is a wildcard."""
    return _read(token, _as_itself)


def _read(token: Token, unescape: Callable[[re.Match[str]], str]) -> str:
    value = re.sub(r"\\(u[0-9a-fA-F]{4}|.)", unescape, token[1:-1], flags=re.DOTALL)
    # Two \u escapes may be the halves of one character, as JSON writes it; a half alone is no character.
    value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\0" in value:
        raise QueryError("A text cannot hold the character NUL.", position(token))
    return value


def _as_itself(match: re.Match[str]) -> str:
    character = _unescape(match)
    return f"\\{character}" if character in SPECIAL else character


def _unescape(match: re.Match[str]) -> str:
    escape = match.group(1)
    if len(escape) == 5:
        return chr(int(escape[1:], 16))
    return ESCAPES.get(escape, escape)


@v_args(inline=True)
class TreeBuilder(Transformer):
    """Builds the tree while the line is read, from the leaves up."""

    def start(self, *parts: tree.Node | tuple[tree.Term, ...]) -> tree.QueryLine:
        """A condition, an order, both or neither, in this order."""
        order = next((part for part in parts if isinstance(part, tuple)), ())
        where = next((part for part in parts if not isinstance(part, tuple)), None)
        return tree.QueryLine(where, order)

    def order(self, *terms: tree.Term) -> tuple[tree.Term, ...]:
        return terms

    def term(self, field: tree.FieldPath, direction: Token | None = None) -> tree.Term:
        return tree.Term(field, direction is not None and direction.lower() == "desc")

    def group(self, node: tree.Node) -> tree.Node:
        return node

    def either(self, left: tree.Node, right: tree.Node) -> tree.Node:
        parts = (*(left.parts if isinstance(left, tree.Or) else (left,)), right)
        return self._shallow(tree.Or(parts, 1 + max(map(tree.depth_of, parts))))

    def both(self, left: tree.Node, right: tree.Node) -> tree.Node:
        parts = (*(left.parts if isinstance(left, tree.And) else (left,)), right)
        return self._shallow(tree.And(parts, 1 + max(map(tree.depth_of, parts))))

    def negation(self, inside: tree.Node) -> tree.Node:
        return self._shallow(tree.Not(inside, 1 + tree.depth_of(inside)))

    def compare(self, field: tree.FieldPath, op: Token, literal: tree.Literal) -> tree.Node:
        return tree.Compare(field, SAME_OPERATOR.get(op, str(op)), literal)

    def within(self, field: tree.FieldPath, _in: Token, literals: tuple[tree.Literal, ...]) -> tree.Node:
        return tree.Within(field, literals)

    def not_within(self, field: tree.FieldPath, _in: Token, literals: tuple[tree.Literal, ...]) -> tree.Node:
        return tree.Not(tree.Within(field, literals))

    def like(self, field: tree.FieldPath, _like: Token, pattern: Token) -> tree.Node:
        return tree.Like(field, tree.Literal(pattern_of(pattern), position(pattern)))

    def not_like(self, field: tree.FieldPath, like: Token, pattern: Token) -> tree.Node:
        return tree.Not(self.like(field, like, pattern))

    def null(self, field: tree.FieldPath, _is: Token) -> tree.Node:
        return tree.IsNull(field)

    def not_null(self, field: tree.FieldPath, _is: Token) -> tree.Node:
        return tree.Not(tree.IsNull(field))

    def call(self, name: Token, arguments: tuple[tree.Argument, ...] = ()) -> tree.Node:
        return self._shallow(tree.Call(name.lower(), position(name), arguments))

    def counted(self, call: tree.Call, op: Token, number: tree.Literal) -> tree.Node:
        return tree.Call(call.name, call.at, call.arguments, SAME_OPERATOR.get(op, str(op)), number)

    def flag(self, name: Token) -> tree.Node:
        """A word that is a condition by itself."""
        if name.lower() == "used_in_training":
            return tree.Call(name.lower(), position(name))
        return tree.Compare(self.field(name), "=", tree.Literal(True, position(name)))

    def arguments(self, *arguments: tree.Argument | Token) -> tuple[tree.Argument, ...]:
        return tuple(tree.Star(position(one)) if isinstance(one, Token) else one for one in arguments)

    def field(self, name: Token, *parts: str) -> tree.FieldPath:
        return tree.FieldPath((str(name), *parts), position(name))

    def part(self, token: Token) -> str:
        return text_of(token) if token.type == "STRING" else str(token)

    def values(self, *literals: tree.Literal) -> tuple[tree.Literal, ...]:
        return literals

    def text(self, token: Token) -> tree.Literal:
        return tree.Literal(text_of(token) if token.type == "STRING" else str(token), position(token))

    def word(self, token: Token) -> tree.Literal:
        return tree.Literal(str(token), position(token), bare=True)

    def true(self, token: Token) -> tree.Literal:
        return tree.Literal(True, position(token))

    def false(self, token: Token) -> tree.Literal:
        return tree.Literal(False, position(token))

    def figure(self, token: Token) -> tree.Literal:
        return tree.Literal(_plain(token), position(token))

    def minus(self, _minus: Token, literal: tree.Literal) -> tree.Literal:
        return tree.Literal(
            -float(literal.value) if isinstance(literal.value, float) else -int(literal.value), literal.at
        )

    def arithmetic(self, left: tree.Literal, sign: Token, right: tree.Literal) -> tree.Literal:
        return tree.Literal(calculate(left, str(sign), right), left.at)

    def number(self, literal: tree.Literal) -> tree.Literal:
        value = float(literal.value)
        return tree.Literal(int(literal.value) if value == int(value) else value, literal.at)

    def id(self, token: Token) -> tree.Literal:
        return self.number(self.figure(token))

    def share(self, token: Token) -> tree.Literal:
        return tree.Literal(_plain(token), position(token), percent=True)

    @staticmethod
    def _shallow(node: tree.Node) -> tree.Node:
        if tree.depth_of(node) > DEEPEST:
            raise QueryError(f"Conditions are nested more than {DEEPEST} deep here.", Position())
        return node


def _plain(token: Token) -> int | float:
    """An integer keeps all its digits; ids may have more than a float holds."""
    value = int(token) if token.isdigit() and len(token) <= 30 else float(token)
    if value > LARGEST:
        raise QueryError("This number is too large.", position(token))
    return value


@cache
def _lark() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=TreeBuilder(), maybe_placeholders=False)


def parse(text: str) -> tree.Node | None:
    """What a query line says of the images; None for every image. Raises QueryError."""
    return parse_line(text).where


def parse_line(text: str) -> tree.QueryLine:
    """Read a query line. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(f"A query line has at most {LONGEST} characters; this one has {len(text)}.", Position())
    try:
        return _lark().parse(text)  # type: ignore[return-value]
    except UnexpectedToken as error:
        raise _unexpected_token(text, error) from None
    except UnexpectedCharacters as error:
        raise _unexpected_character(text, error) from None
    except UnexpectedInput as error:
        raise QueryError("This cannot be read.", Position(max(error.line, 1), max(error.column, 1))) from None


def _expected(terminals: set[str]) -> list[str]:
    left, found = set(terminals), []
    if "HAT" in left or "SLASH" in left:  # after a number; that it could go on as arithmetic helps nobody
        left.discard("STAR")
    if "NUMBER" in left and "_NOT" not in left:  # nor that it could begin with a bracket
        left.discard("_LPAR")
    for words, group in GROUPS.items():
        if group <= set(terminals):
            found.append(words)
            left -= group
    return found + [words for terminal, words in WORDS.items() if terminal in left]


def _accepted_before(text: str, offset: int) -> set[str]:
    """The kinds of token that could stand at this offset; asked before the wrong one made the parser reduce."""
    parser = _lark().parse_interactive(text[:offset])
    parser.exhaust_lexer()
    return set(parser.accepts())


def _unexpected_token(text: str, error: UnexpectedToken) -> QueryError:
    if error.token.type == "$END":
        expected = _expected(_accepted_before(text, len(text)))
        return QueryError(f"The line ends too early; expected {_either(expected)}.", _end_of(text), expected)
    expected = _expected(_accepted_before(text, error.token.start_pos or 0))
    at = position(error.token)
    return QueryError(f"“{error.token}” does not belong here; expected {_either(expected)}.", at, expected)


def _unexpected_character(text: str, error: UnexpectedCharacters) -> QueryError:
    at = Position(error.line, error.column)
    if error.char in "\"'":
        return QueryError(f"This text has no closing {error.char}.", at, [f"a closing {error.char}"])
    expected = _expected(set(error.allowed or ()))
    return QueryError(f"“{error.char}” does not belong here; expected {_either(expected)}.", at, expected)


def _either(expected: list[str]) -> str:
    named = [one if len(one) > 8 or one.startswith("a ") else f"“{one}”" for one in expected]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def _end_of(text: str) -> Position:
    lines = text.rstrip().split("\n")
    return Position(len(lines), len(lines[-1]) + 1)
