"""Set-up: the steps that turn a checkout into something that runs, each done once per change.

Standard library only: a part of it runs before the virtual environment is there.
"""

from contextlib import AbstractContextManager

from embedded.home import Home
from embedded.locks import locked


def setup_lock(home: Home) -> AbstractContextManager[None]:
    """One set-up at a time per HALFDAY_HOME."""
    return locked(home.run / "setup.lock", waiting="  Another ./halfday is setting up; waiting for it …")
