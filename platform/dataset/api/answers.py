"""What an import's files do not tell, as it is given with a request for one."""

from typing import Any

from rest_framework import serializers

from dataset.importing.box_forms import FORMS
from dataset.importing.types import CLASS_NUMBERS, Answers


class AnswersSerializer(serializers.Serializer):
    box_form = serializers.ChoiceField(
        choices=FORMS,
        required=False,
        help_text="What the boxes are, where a file does not tell; the report's `questions` ask for it",
    )
    class_numbers = serializers.ChoiceField(
        choices=CLASS_NUMBERS,
        required=False,
        help_text="YOLO: whether class numbers count from 0 or from 1; the report's `questions` ask for it",
    )


def taken_answers(given: dict[str, Any]) -> Answers:
    """Take the answers out of what was given."""
    return Answers(given.pop("box_form", None), given.pop("class_numbers", None))
