"""A task that several people label: each sees their own copy, and nobody the others'."""

from collections.abc import Sequence

from django.db.models import Count, F, Q, QuerySet

from accounts import access
from accounts.models import ROLE_RANK, Role, User
from label.models import Task
from label.quality.gold_marks import first_copy
from label.quality.models import Consensus, TaskCopy


def copy_of(task: Task, person: User) -> TaskCopy | None:
    if task.copies == 1:
        return None
    return TaskCopy.objects.filter(task=task, person=person).first()


def own_unfinished(person: User) -> list[int]:
    """The ids of the tasks of which the person has a copy that is not handed in."""
    rows = TaskCopy.objects.filter(person=person, state__in=[Task.State.TO_LABEL, Task.State.IN_PROGRESS])
    return list(rows.values_list("task", flat=True))


def with_a_place(tasks: QuerySet[Task], person: User) -> QuerySet[Task]:
    """Of these tasks, those of several that the person has no copy of, and that want for one."""
    taken = Count("people_copies", filter=~Q(people_copies__state=Task.State.SKIPPED))
    own = TaskCopy.objects.filter(task__in=tasks.order_by().values("pk"), person=person)
    free = tasks.filter(copies__gt=1).exclude(pk__in=own.values("task")).annotate(taken=taken)
    return free.filter(taken__lt=F("copies"))


def is_decided(task: Task) -> bool:
    """Whether what the copies of the task say together has become its work."""
    return Consensus.objects.filter(task=task, decided_at__isnull=False).exists()


def hides_others(task: Task, person: User) -> bool:
    """Whether the person may not know yet what others think of the task: several label it, and it is not decided."""
    return task.copies > 1 and not _reviews(task, person) and not is_decided(task)


def as_seen_by(task: Task, person: User) -> Task:
    """The task as this person may see it: their own copy, or what a copy would begin with.

    A reviewer who has none sees the task itself, which holds nothing until it is decided. Only the object in memory is
    changed.
    """
    if task.copies == 1:
        return task
    copy = copy_of(task, person)
    return (
        task if copy is None and _reviews(task, person) else as_copy(task, copy or TaskCopy(task=task, person=person))
    )


def work_seen_by(tasks: Sequence[Task], person: User) -> list[Task]:
    """Tasks of one project, each as `as_seen_by` has it."""
    several = [task for task in tasks if task.copies > 1]
    if several:
        own = {copy.task_id: copy for copy in TaskCopy.objects.filter(task__in=several, person=person)}
        reviews = _reviews(several[0], person)
        for task in several:
            if task.pk in own or not reviews:
                as_copy(task, own.get(task.pk) or TaskCopy(task=task, person=person))
    return list(tasks)


def _reviews(task: Task, person: User) -> bool:
    role = access.role_in(person, task.batch.dataset.project_id)
    return role is not None and ROLE_RANK[role] >= ROLE_RANK[Role.REVIEWER]


def as_copy(task: Task, copy: TaskCopy) -> Task:
    """The task with the copy's work in the place of its own."""
    begun = copy.pk is not None
    task.state, task.version, task.changed = copy.state, copy.version, copy.changed
    task.boxes = copy.boxes if copy.boxes is not None else (first_copy(task) if task.withheld else None)
    task.assignee = task.saved_by = copy.person if begun else None
    task.saved_at, task.active_seconds, task.reviewer = copy.saved_at, copy.active_seconds, None
    return task


def rows_seen_by(tasks: Sequence[Task], person: User) -> list[Task]:
    """A page of tasks, those of several with this person's own state."""
    several = [task.pk for task in tasks if task.copies > 1]
    if several:
        own = {copy.task_id: copy for copy in TaskCopy.objects.filter(task__in=several, person=person)}
        for task in tasks:
            if copy := own.get(task.pk):
                task.state, task.version, task.changed = copy.state, copy.version, copy.changed
                task.assignee, task.active_seconds = person, copy.active_seconds
    return list(tasks)
