"""The one place where numba is imported: loops over boxes that numpy cannot say are compiled to machine code."""

from __future__ import annotations

import contextlib
import fcntl
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile on first call and keep the result on disk, so that only the first process ever waits.

    The function releases the interpreter lock, and starts no threads: it runs inside forked workers. It may call other
    compiled functions of its module or imported by name into it.
    """
    return cast(Function, _Compiled(function, in_place=False))


def compiled_in_place(function: Function) -> Function:
    """Compile a function that makes no arrays; otherwise as ``compiled``.

    It does without numba's counting of references to arrays, which is atomic and takes longer than a short function.
    A function that does make an array is refused when it is compiled.
    """
    return cast(Function, _Compiled(function, in_place=True))


class _Compiled:
    """A function that imports numba only once it is called: that takes a second, which a web process never needs."""

    def __init__(self, function: Callable[..., Any], *, in_place: bool) -> None:
        self.function = function
        self.in_place = in_place
        self.machine_code: Callable[..., Any] | None = None
        self.was_called = False
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        machine_code = self.compile()
        if self.was_called:
            return machine_code(*arguments)
        with _one_compiles(machine_code):
            answer = machine_code(*arguments)
        self.was_called = True
        return answer

    def compile(self) -> Callable[..., Any]:
        """Return the machine code; what the function calls is compiled first, as numba must find it compiled."""
        if self.machine_code is None:
            import numba

            names = self.function.__globals__
            for name in self.function.__code__.co_names:
                if isinstance(names.get(name), _Compiled):
                    names[name] = names[name].compile()
            options: dict[str, Any] = {"_nrt": not self.in_place}  # not among the options that numba's types know
            machine_code: Any = numba.njit(cache=True, nogil=True, **options)(self.function)
            if machine_code is not self.function:  # as it is under NUMBA_DISABLE_JIT=1
                _drop_unreadable(machine_code._cache)
            self.machine_code = machine_code
        return self.machine_code


@contextlib.contextmanager
def _one_compiles(machine_code: Any) -> Iterator[None]:
    """Of several processes that need a function for the first time one compiles it, and the others read what it wrote.

    Where it is on disk already nobody waits. A process that dies lets go of the lock.
    """
    cache = getattr(machine_code, "_cache", None)  # none under NUMBA_DISABLE_JIT=1
    index = None if cache is None else Path(cache._cache_file._index_path)
    if index is None or index.exists():
        yield
        return
    index.parent.mkdir(parents=True, exist_ok=True)
    with index.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _drop_unreadable(cache: Any) -> None:
    """Forget what is on disk for a function where it names a class that has moved since: numba would only fail by it.

    The list of what is compiled holds the types of the arguments as pickles, by module and class. numba opens it before
    it compares the time of the source, which may be the same: it is the file of the class that has changed.
    """
    try:
        cache._cache_file._load_index()
    except (ImportError, AttributeError):
        cache.flush()
