"""`./halfday backup FILE`: database and storage as one file, while the platform runs or not."""

import argparse
import os
from pathlib import Path

from commandline.manage import running_servers
from embedded.backups import back_up
from embedded.home import Home
from embedded.progress import step


def main(arguments: list[str]) -> int:
    """Write the backup and say what is in it."""
    parser = argparse.ArgumentParser(prog="./halfday backup", description=__doc__)
    parser.add_argument("file", type=Path, help="where to write it; replaced if it is there")
    options = parser.parse_args(arguments)
    if not options.file.absolute().parent.is_dir():
        parser.error(f"there is no folder {options.file.absolute().parent}")
    home = Home.find()
    with running_servers(home) as environment, step("Backup") as current:
        url = environment.get("DATABASE_URL") or os.environ["DATABASE_URL"]
        made = back_up(home, url, options.file.absolute(), current.say)
    size = options.file.stat().st_size
    print(f"{options.file}: {size / 1e9:.2f} GB, {made.files} files, {made.rows} rows, as of {made.made_at}")
    if bucket := os.environ.get("HALFDAY_S3_BUCKET"):
        print(f"What lies in the bucket {bucket} is not in it: keep that by the bucket's own versions or copies.")
    return 0
