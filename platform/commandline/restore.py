"""`./halfday restore FILE`: fill a fresh HALFDAY_HOME from a backup, every file checked by its hash."""

import argparse
import os
from pathlib import Path

from commandline.manage import running_servers
from embedded.backups import restore
from embedded.home import Home
from embedded.progress import step


def main(arguments: list[str]) -> int:
    """Restore and say what came back."""
    parser = argparse.ArgumentParser(prog="./halfday restore", description=__doc__)
    parser.add_argument("file", type=Path, help="what ./halfday backup wrote")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        parser.error(f"there is no file {options.file}")
    home = Home.find()
    with running_servers(home) as environment, step("Restore") as current:
        url = environment.get("DATABASE_URL") or os.environ["DATABASE_URL"]
        made = restore(home, url, options.file, current.say)
    print(f"{made.files} files and {made.rows} rows are back as of {made.made_at}. Start with: ./halfday up")
    return 0
