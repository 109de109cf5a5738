"""Deciding on many of a batch's suggestions at once: verdicts, and what they do to the working copies, together."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import access
from accounts.models import Role, User
from accounts.problems import BadInput, Conflict
from curate.autocurate import verdicts as suggestions
from curate.models import Suggestion
from label.models import Batch, Task
from label.proposals import Boxes, GridAnswer, Left, Proposal, carried_out, taken_back
from label.quality.gold_marks import first_copy
from label.selectors.suggestion_grid import UNFINISHED, accepted_before, decided_images
from label.selectors.tasks import tasks_to_save
from label.services.reviewing import unanswered
from label.services.tasks import Save, lacks_required, save_task

MOST_FINISHED = 200  # tasks that one call finishes


@dataclass(frozen=True)
class Decided:
    """What came of decisions: the suggestions whose verdict is stored, and by id why others were left as they are."""

    decided: list[int] = field(default_factory=list)
    left: dict[int, str] = field(default_factory=dict)  # gone, changed, finished or several


@dataclass(frozen=True)
class HandedIn:
    """How many tasks were, and how many that came before the last of them were left.

    `lacking`: a box lacks what its class requires; `unanswered`: an issue waits for an answer.
    """

    finished: int = 0
    lacking: int = 0
    unanswered: int = 0


@transaction.atomic
def decide_in_batch(*, batch: Batch, answers: Mapping[int, GridAnswer], by: User) -> Decided:
    """Give verdicts (by suggestion id) and carry them out in the tasks' working copies. Labellers and above.

    What somebody changed by hand meanwhile is left, verdict and all: see label.proposals. "pending" takes a verdict and
    what it did back. The tasks are locked, so no save comes between. Raises BadInput for a suggestion of another batch.
    """
    access.check(by, batch.dataset.project_id, Role.LABELLER)
    if batch.state == Batch.State.CLOSED:
        raise Conflict("This batch is closed. Open it again to decide on its suggestions.")
    asked = _by_image(batch, answers)
    result = Decided()
    tasks = tasks_to_save().filter(batch=batch, image_id__in=asked).select_for_update(of=("self",)).order_by("pk")
    for task in tasks:
        if task.copies > 1:  # everybody decides on a copy of their own
            result.left.update((row.pk, "several") for row in asked[task.image_id])
            continue
        _decide_in_task(task, asked[task.image_id], answers, result, by=by)
    if result.decided:
        suggestions.record(verdicts={pk: answers[pk].verdict for pk in sorted(result.decided)}, author=by)
    return result


def _by_image(batch: Batch, answers: Mapping[int, GridAnswer]) -> dict[int, list[Suggestion]]:
    """The suggestions, every one checked to be of this batch, and every class of this dataset."""
    rows = Suggestion.objects.filter(
        pk__in=answers, auto_curate_id=batch.auto_curate_id, image__tasks__batch=batch
    ).order_by("pk")
    found: dict[int, list[Suggestion]] = defaultdict(list)
    for row in rows:
        found[row.image_id].append(row)
    strangers = answers.keys() - {row.pk for same in found.values() for row in same}
    if strangers:
        errors = {f"decisions.{pk}": ["Not a suggestion of this batch."] for pk in sorted(strangers)}
        raise BadInput("A decision names a suggestion that is not this batch's.", errors=errors)
    classes = {answer.class_id for answer in answers.values() if answer.class_id is not None}
    unknown = classes - set(batch.dataset.classes.filter(pk__in=classes).values_list("pk", flat=True))
    if unknown:
        detail = f"The class {min(unknown)} is not one of this dataset."
        raise BadInput(detail, errors={"decisions": [detail]})
    return found


def _decide_in_task(
    task: Task, rows: Sequence[Suggestion], answers: Mapping[int, GridAnswer], result: Decided, *, by: User
) -> None:
    """Carry the answers about one image out in one save; those that touch no box leave the task as it is."""
    first = first_copy(task)
    present: Boxes = task.boxes if task.boxes is not None else first
    base = {box["id"]: box for box in first}
    boxes, decided = present, []
    for row in rows:
        about = Proposal(row.pk, row.kind, row.object_id, row.given, row.proposed)
        try:
            boxes = carried_out(taken_back(boxes, about, row.verdict, base), about, answers[row.pk])
            decided.append(row.pk)
        except Left as left:
            result.left[row.pk] = left.why
    if boxes is not present:
        try:
            save_task(task=task, save=Save(version=task.version, boxes=boxes), by=by)
        except PermissionDenied:  # a passed task is a reviewer's
            result.left.update(dict.fromkeys(decided, "finished"))
            return
    result.decided.extend(decided)


@transaction.atomic
def carry_accepted(*, batch: Batch, by: User) -> Decided:
    """Carry out what was accepted before the images came to Label, in tasks that nobody has worked on. Labellers.

    At most MOST_FINISHED tasks at once; each is begun by it, whether a box changed or not.
    """
    access.check(by, batch.dataset.project_id, Role.LABELLER)
    rows = accepted_before(batch)
    images = sorted(set(rows.values_list("image_id", flat=True)))[:MOST_FINISHED]
    answers = dict.fromkeys(rows.filter(image_id__in=images).values_list("pk", flat=True), GridAnswer("accepted"))
    result = decide_in_batch(batch=batch, answers=answers, by=by)
    for task in tasks_to_save().filter(batch=batch, image_id__in=images, version=0):
        save_task(task=task, save=Save(version=0), by=by)
    return result


@transaction.atomic
def finish_decided(*, batch: Batch, by: User) -> HandedIn:
    """Hand in tasks whose every suggestion is decided: done, or to review where the batch asks for it. Labellers.

    At most MOST_FINISHED at once. Images without a suggestion stay: nobody looked at them; so do those with a box that
    lacks a required attribute, which somebody has to fill in, and those on their way to review with an issue that
    nobody answered.
    """
    access.check(by, batch.dataset.project_id, Role.LABELLER)
    if batch.state == Batch.State.CLOSED:
        raise Conflict("This batch is closed. Open it again to work on its tasks.")
    state = Task.State.IN_REVIEW if batch.review else Task.State.DONE
    came: Counter[str] = Counter()
    tasks = tasks_to_save().filter(batch=batch, image_id__in=decided_images(batch), state__in=UNFINISHED)
    for task in tasks.select_for_update(of=("self",)).order_by("pk"):
        if came["finished"] == MOST_FINISHED:
            break
        came[_hand_in(task, state, by)] += 1
    return HandedIn(**came)


def _hand_in(task: Task, state: str, author: User) -> str:
    """What became of it, as HandedIn counts it."""
    if lacks_required(task):
        return "lacking"
    if state == Task.State.IN_REVIEW and unanswered(task, author):
        return "unanswered"
    save_task(task=task, save=Save(version=task.version, state=state), by=author)
    return "finished"
