"""Starting an embedded server as a process that outlives the one that asks for it."""

import os
import sys
from pathlib import Path


def spawn(server: str, folder: Path, *, log: Path, durable: bool, bound: bool) -> int:
    """Run `embedded.run` as a process of its own session, its output in `log`; return the process id.

    Not by subprocess.Popen, which complains when its object goes before the process does: here that is the aim.
    """
    command = [sys.executable, "-m", "embedded.run", server, str(folder)]
    command += [] if durable else ["--fast"]
    command += ["--bound"] if bound else []
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    write = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), write, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(sys.executable, command, environment, file_actions=files, setsid=True)
