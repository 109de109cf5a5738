"""`python -m commandline NAME …`, in the virtual environment: run one command of the table."""

import importlib
import sys

from commandline import COMMANDS
from commandline.launcher import told_plainly


def main() -> int:
    """Look the command up and run it."""
    name, *arguments = sys.argv[1:]
    with told_plainly():
        return int(importlib.import_module(COMMANDS[name].module).main(arguments))


if __name__ == "__main__":
    sys.exit(main())
