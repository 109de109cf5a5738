"""One line per set-up step, with its seconds. Standard library only: runs before any set-up.

    Python packages … 93.2 s

On a terminal the line counts along and shows what the step's program says; elsewhere it is written once. Goes to
standard error, so that `./halfday manage … > file` stays clean.
"""

import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from embedded.failures import Failure, tail

TICK = 0.2  # seconds between two looks at a running program


class Step:
    """A step under way; runs programs and keeps its line up to date."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.started = time.monotonic()
        self.live = sys.stderr.isatty()
        self._write(f"  {title} … ")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def run(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        advice: str = "",
    ) -> None:
        """Run a program, its output in `log`; raise a Failure with the log's end when it fails."""
        with log.open("ab") as output:
            output.write(f"\n$ {' '.join(map(str, command))}\n".encode())
            output.flush()
            process = subprocess.Popen(
                command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            with _ended_with_us(process):
                while self._waits(process):
                    self._refresh(log)
        if process.returncode:
            raise Failure(f"{self.title}: failed.", log=tail(log), advice=f"{advice}\nThe whole log: {log}".strip())

    def _waits(self, process: subprocess.Popen[bytes]) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(TICK)
        return process.returncode is None

    def _refresh(self, log: Path) -> None:
        if self.live:
            said = (tail(log, 1) or [""])[0].strip()
            line = f"  {self.title} … {self.seconds:.0f} s  {said}"
            self._write("\r\033[K" + line[: shutil.get_terminal_size().columns - 1])

    def say(self, what: str) -> None:
        """What is being done just now; on a terminal only."""
        if self.live:
            line = f"  {self.title} … {self.seconds:.0f} s  {what}"
            self._write("\r\033[K" + line[: shutil.get_terminal_size().columns - 1])

    def note(self, sentence: str) -> None:
        """Something to keep in mind, on a line of its own, once the step has ended."""
        self._write(f"    {sentence}\n")

    def end(self, word: str) -> None:
        """Finish the line."""
        self._write(f"\r\033[K  {self.title} … {word}\n" if self.live else f"{word}\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


@contextlib.contextmanager
def step(title: str) -> Iterator[Step]:
    """Show a step's line around the block that does it."""
    current = Step(title)
    try:
        yield current
    except KeyboardInterrupt:
        current.end("interrupted")
        raise
    except BaseException:
        current.end(f"failed after {current.seconds:.1f} s")
        raise
    current.end(f"{current.seconds:.1f} s")


@contextlib.contextmanager
def _ended_with_us(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Take the program along when this process is interrupted or told to end."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
