"""What was told, as what is sent: each piece of news read and written once, however many watch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from rest_framework import serializers

from jobs.api import JobLineSerializer, JobSerializer
from jobs.models import Job, JobLine
from storage import room

MOST_LINES = 500  # of a log in one piece of news; who has a gap reads the log
SECONDS_EACH = 0.03  # for a page to read anew what an end has changed


class JobNewsSerializer(JobSerializer):
    """A job without its result, which is read when it has ended."""

    class Meta(JobSerializer.Meta):
        fields = [name for name in JobSerializer.Meta.fields if name != "result"]


class LogNewsSerializer(serializers.Serializer):
    job = serializers.IntegerField()
    after = serializers.IntegerField(help_text="The line before these; 0: the attempt's first, or there is a gap")
    lines = JobLineSerializer(many=True)


class EpochNewsSerializer(serializers.Serializer):
    """A finished epoch of a training, as `/runs/{id}/metrics` has it."""

    run = serializers.IntegerField()
    epoch = serializers.IntegerField()
    metrics = serializers.DictField(child=serializers.FloatField())
    seconds = serializers.FloatField()


class NoticesNewsSerializer(serializers.Serializer):
    """Notices of who watches: there are new ones, or some have been read."""

    unread = serializers.IntegerField()


class DiskSerializer(serializers.Serializer):
    state = serializers.ChoiceField(
        choices=["ok", "low", "very_low", "full"],
        help_text="low: less than 10 % is free, very_low: 2 %; full: writes are refused with 507, reading goes on",
    )
    free = serializers.FloatField(help_text="Share of the platform's fuller disk that is free, 0 to 1")


class NewsSerializer(serializers.Serializer):
    """The data of one event: one of these fields, or a job with new lines of its log."""

    job = JobNewsSerializer(required=False)
    log = LogNewsSerializer(required=False)
    epoch = EpochNewsSerializer(required=False)
    notices = NoticesNewsSerializer(required=False, help_text="In a stream of no one project or job")
    disk = DiskSerializer(required=False, help_text="The first event, and one every 15 s: the stream lives")
    spread = serializers.FloatField(
        required=False, help_text="Seconds over which pages should spread what they read because of this event"
    )


@dataclass(frozen=True)
class Message:
    """One event, and whom it is for: those who see the project, or one person."""

    project: int | None
    job: int | None
    said: bytes
    user: int | None = None


def event(data: dict[str, Any]) -> bytes:
    """As text/event-stream has it."""
    return b"data: %b\n\n" % orjson.dumps(data)


def disk_now() -> dict[str, Any]:
    """As DiskSerializer describes it."""
    left = room.left()
    return {"state": left.state, "free": round(left.share, 4)}


def beat() -> bytes:
    """What says that the stream lives."""
    return event({"disk": disk_now()})


def messages(told: Iterable[dict[str, Any]], *, watching: int) -> list[Message]:
    """The events for what was told; several of one job are one."""
    told = list(told)
    lines: dict[int, tuple[int, int, int] | None] = {}
    for one in told:
        if job_id := one.get("job"):
            lines[job_id] = joined(lines.get(job_id), one.get("lines"))
    epochs = [Message(one["project"], None, event({"epoch": one["epoch"]})) for one in told if "epoch" in one]
    unread = {one["user"]: one["unread"] for one in told if "user" in one}
    notices = [
        Message(None, None, event({"notices": {"unread": number}}), user=user) for user, number in unread.items()
    ]
    return [*epochs, *notices, *of_jobs(lines, spread=round(watching * SECONDS_EACH, 2))]


def joined(earlier: tuple[int, int, int] | None, later: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
    if earlier is None or later is None:
        return earlier or later
    return earlier[0], earlier[1], later[2]


def of_jobs(lines: dict[int, tuple[int, int, int] | None], *, spread: float) -> Iterator[Message]:
    for job in Job.objects.filter(pk__in=lines).select_related("created_by"):
        if job.project_id is None:
            continue
        data: dict[str, Any] = {"job": JobNewsSerializer(job).data, "spread": spread}
        if new := lines[job.pk]:
            data["log"] = log_news(job.pk, *new)
        yield Message(job.project_id, job.pk, event(data))


def log_news(job_id: int, after: int, first: int, last: int) -> dict[str, Any]:
    """The job's lines from one to another; the last of them where they are too many."""
    rows = list(JobLine.objects.filter(job=job_id, pk__gte=first, pk__lte=last).order_by("-pk")[: MOST_LINES + 1])
    gap = len(rows) > MOST_LINES
    shown = rows[:MOST_LINES][::-1]
    return {"job": job_id, "after": 0 if gap else after, "lines": JobLineSerializer(shown, many=True).data}
