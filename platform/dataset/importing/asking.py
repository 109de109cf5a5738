"""What an import has to ask before it writes, and what becomes of the answers."""

import numpy as np
from numpy.typing import NDArray

from dataset.importing import box_forms
from dataset.importing.types import Answers, Question, Source


def questions(source: Source, sizes: NDArray[np.int64], answers: Answers) -> list[Question]:
    """What is still to be asked; `sizes`, `(I, 2)` of the source's images, 0 where not known."""
    return [*source.questions, *([] if answers.box_form else box_forms.questions(source, sizes))]


def settle(source: Source, sizes: NDArray[np.int64], answers: Answers) -> list[Question]:
    """Bring boxes to the form that was said; what is still to be asked is returned."""
    asked = questions(source, sizes, answers)
    if answers.box_form:
        box_forms.answer(source, sizes, answers.box_form)
    return asked
