"""A parent of both kinds of children, to be killed: prints their process ids, and waits."""

import sys
import time
from pathlib import Path

from tests.children.scene import nursery, quietly, talker

if __name__ == "__main__":
    log = Path(sys.argv[1])
    conversation = talker(log)
    conversation.ask({"do": "add", "a": 1, "b": 2})
    conversation.answer(quietly)
    conversation.ask({"do": "sleep"})
    with log.open("ab") as output:
        keeper = nursery()
        child = keeper.start({"do": "sleep"}, output.fileno())
        assert keeper.process is not None
        print(conversation.process.pid, keeper.process.pid, child.pid, flush=True)
        time.sleep(600)
