"""Child processes: heavy work in a process of its own, so that a crash or a leak stays there and cancelling is a kill.

A child speaks JSON lines, dies with the process that started it, and where it dies by itself its parent gets a
sentence that says why. There are three kinds:

    Conversation   one child, started afresh, that answers request after request (its side: `answering`)
    Crew           some of these that share the work, with bytes in and out; one that dies is replaced
    Nursery        a process with heavy libraries loaded that forks a child for each request (its side: `forking`)

Standard library only: it knows neither Django nor what the children compute.
"""

from children.bond import die_with_parent
from children.conversation import Conversation
from children.crew import Crew, TookTooLong
from children.death import ChildFailed, one_sentence
from children.lines import Line, send_line
from children.nursery import ForkedChild, Nursery

__all__ = [
    "ChildFailed",
    "Conversation",
    "Crew",
    "ForkedChild",
    "Line",
    "Nursery",
    "TookTooLong",
    "die_with_parent",
    "one_sentence",
    "send_line",
]
