"""The gate of request bodies: JSON that could not be kept is refused with its place, before anything looks at it."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser

from accounts.values import DEEPEST, first_fault


class KeptJsonParser(JSONParser):
    """application/json, of values that can be stored, read back and written again."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            value = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ValidationError(f"It is nested more than {DEEPEST} deep.") from None
        if fault := first_fault(value):
            raise ValidationError({fault.place: [fault.reason]})
        return value
