"""A nursery whose children do as their request says: `python -m tests.children.forker SOCKET PARENT IDLE`."""

import os
import signal
import sys
import time
from typing import IO

from children import Line, send_line
from children.forking import fork_for_each_request

LOADED: list[int] = []


def load() -> None:
    """Note in which process the libraries were loaded."""
    LOADED.append(os.getpid())


def work(request: Line, channel: IO[str]) -> None:
    """Count, then do what `do` names."""
    for number in range(request.get("count", 0)):
        send_line(channel, {"number": number, "pid": os.getpid(), "loaded": LOADED})
    match request["do"]:
        case "die":
            print("epoch 7", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            print("no such file: weights.pt", file=sys.stderr, flush=True)
            sys.exit(3)
        case "raise":
            raise ValueError("seven is no colour")
        case "babble":
            channel.write("{ nonsense\n")
        case "sleep":
            time.sleep(600)
        case "defy":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            send_line(channel, {"deaf": True})
            time.sleep(600)


if __name__ == "__main__":
    fork_for_each_request(load, work)
