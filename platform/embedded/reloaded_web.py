"""The application of the web process of `./halfday dev`: `gunicorn embedded.reloaded_web:application()`.

At SIGHUP gunicorn starts a new worker, which loads the code anew, while the socket stays open: whoever asks meanwhile
waits. Code that does not load must not end gunicorn.
"""

import importlib
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def application() -> Application:
    """The platform, or where its code does not load a page that says why, until the next save."""
    try:
        found: Application = importlib.import_module("config.wsgi").application
        importlib.import_module("config.urls")  # now, rather than with the first request
    except Exception:
        return telling(traceback.format_exc())
    return found


def telling(why: str) -> Application:
    """An application that answers everything with a traceback."""
    print(why, file=sys.stderr, flush=True)

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
        return [why.encode()]

    return answer
