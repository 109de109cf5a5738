"""A child that answers as its request says: `python -m tests.children.talker PARENT`."""

import os
import signal
import sys
import time

from children.answering import answer_requests
from children.lines import Line


def answer(request: Line) -> Line:
    """Do what `do` names."""
    match request["do"]:
        case "add":
            return {"sum": request["a"] + request["b"], "pid": os.getpid()}
        case "print":
            print("a library's banner")
            return {"printed": True}
        case "fail":
            raise ValueError("seven is no colour\nand more of it")
        case "die":
            print("the last words", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            print("no such file: weights.pt\n", file=sys.stderr, flush=True)
            os._exit(3)
        case "sleep":
            time.sleep(600)
    return {}


if __name__ == "__main__":
    answer_requests(answer)
