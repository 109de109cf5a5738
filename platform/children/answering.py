"""The child's side of a conversation: a request is a line of JSON on stdin, its answer one on stdout."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable

from children.bond import die_with_parent
from children.death import one_sentence
from children.lines import Line, send_line


def answer_requests(answer: Callable[[Line], Line]) -> None:
    """Answer until there are no more requests, or the parent is gone; an error is answered as {"error": sentence}.

    The parent's process id is the last argument of the command line.
    """
    die_with_parent(parent=int(sys.argv[-1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print belongs to the log
    for line in sys.stdin:
        try:
            said = answer(json.loads(line))
        except Exception as error:
            traceback.print_exc()
            said = {"error": one_sentence(error)}
        send_line(answers, said)
