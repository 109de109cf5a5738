"""The web process of `./halfday dev`: gunicorn's settings (`-c python:embedded.reloaded_web`) and its application.

At SIGHUP gunicorn starts a new worker, which loads the code anew, while the socket stays open: whoever asks meanwhile
waits. The process that the workers are forked from has the libraries loaded, but none of our code, which makes the
difference between one second and three.
"""

import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from embedded.home import ROOT

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# Django's own, and what needs its settings: those belong to the worker that reads them.
NOT_LOADED = {"django", "drf_spectacular", "drf_spectacular_sidecar", "knox", "rest_framework", "storages", "unfold"}


def on_starting(arbiter: Any) -> None:
    """Called by gunicorn before the first worker."""
    for name in libraries():
        try:
            importlib.import_module(name)
        except Exception as error:  # a part that only its package can load; a worker loads it, or not
            print(f"{name} is left to the workers: {error}", file=sys.stderr)


def libraries() -> list[str]:
    """Modules of others that the application loads, as a fork of this process finds out by loading it."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as channel:
            application()
            json.dump([name for name, module in list(sys.modules.items()) if of_others(name, module)], channel)
            channel.flush()
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as channel:
        said = channel.read()
    os.waitpid(pid, 0)
    found: list[str] = json.loads(said) if said else []
    return found


def of_others(name: str, module: Any) -> bool:
    """Whether it is a library's module, rather than ours or Django's."""
    file = getattr(module, "__file__", None) or ""
    ours = file.startswith(f"{ROOT}/") and "site-packages" not in file
    return bool(file) and not ours and name != "__main__" and name.partition(".")[0] not in NOT_LOADED


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
