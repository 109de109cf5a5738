"""News over HTTP: one stream of server-sent events for all that a page watches."""

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from socket import socket
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import renderers, serializers
from rest_framework.request import Request

from accounts import access
from accounts.problems import Problem, validated_query
from jobs.models import Job
from jobs.news.callers import Caller
from jobs.news.hub import HUB, Watcher
from jobs.news.lines import QueueLine, SocketLine
from jobs.news.messages import NewsSerializer

TOO_MANY = "Too many pages or scripts watch already. Ask for the job itself now and then instead."
MOST = 1000  # streams of a web process
MOST_OF_ONE = 100  # person
EVENTS = "text/event-stream"
HANDED_OVER = "halfday.handed_over"  # see embedded.web_worker


class TooManyStreams(Problem):
    """This process, or this person, has as many streams open as there may be."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Retry-After": "60"}


class EventRenderer(renderers.JSONRenderer):
    """Lets a browser ask for events; what is refused is a problem as everywhere."""

    media_type = EVENTS
    format = "json"  # of what is refused; not to be asked for by ?format=


class WatchSerializer(serializers.Serializer):
    project = serializers.IntegerField(required=False, help_text="Only of this project")
    job = serializers.IntegerField(required=False, help_text="Only of this job")


@extend_schema(
    operation_id="watch", tags=["jobs"], parameters=[WatchSerializer], responses={(200, EVENTS): NewsSerializer}
)
def watch(request: Request) -> HttpResponseBase:
    """News of your projects' jobs as server-sent events, from now on; it does not end by itself.

    Each event's data is JSON of the shape given. The first comes when nothing later can be missed; read then what you
    show. When the stream ends, or says nothing for 40 seconds, call again and read anew. 503: too many are open here.
    """
    given = validated_query(WatchSerializer, request)
    project, job = given.get("project"), given.get("job")
    if project is not None:
        access.project_for(request.user, project)
    if job is not None:
        access.one_of(request.user, Job.objects.all(), job)
    if request.method == "HEAD":
        return HttpResponse(content_type=EVENTS)
    if HUB.count() >= MOST or HUB.count(request.user.pk) >= MOST_OF_ONE:
        raise TooManyStreams(TOO_MANY)
    watcher = Watcher(Caller(request._request, request.user), QueueLine(), project, job)
    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(events(watcher, request.META), content_type=EVENTS, headers=headers)


def events(watcher: Watcher, server: dict[str, Any]) -> Iterator[bytes]:
    """The body of the answer, or as much of it as makes the server send the head: the hub goes on from there."""
    yield b":\n\n"
    if handed_over := server.get(HANDED_OVER):
        raise handed_over(partial(go_on, watcher, server["SERVER_PROTOCOL"] != "HTTP/1.0"))
    line = watcher.line = QueueLine()
    HUB.add(watcher)
    try:
        yield from line
    finally:
        HUB.remove(watcher)


def go_on(watcher: Watcher, chunked: bool, connection: socket) -> None:
    """Send news where the server has sent the head; the thread that did is free."""
    watcher.line = SocketLine(connection, chunked=chunked)
    HUB.add(watcher)
