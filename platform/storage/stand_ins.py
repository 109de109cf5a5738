"""What lies where a file should be: nothing, a pointer of Git LFS, or a page that says that there is no such file."""

import re

POINTER = b"version https://git-lfs.github.com/spec/"
PAGE = re.compile(rb"\s*<(!doctype html|html)\b", re.IGNORECASE)


def stand_in(head: bytes) -> str:
    """Why a file that begins so is not the one that its name promises, and what to do; empty where it may be."""
    if not head:
        return "it is empty: bring it again"
    if head.startswith(POINTER):
        return "it is a pointer of Git LFS in place of the file: fetch the file itself with git lfs pull"
    if PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "it is a web page in place of the file, as a download that failed leaves it: download it again"
    return ""
