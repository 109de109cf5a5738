"""The table of contents of a zip archive, in which one entry that makes no sense costs itself and no other."""

import os
import struct
from typing import BinaryIO

ENTRY = b"PK\x01\x02"
FIXED = 46  # bytes of an entry before its name
VERSION, FLAGS, SIZES, LENGTHS = 6, 8, 20, 28  # where they stand in it
NEWEST = 63  # the version of the format that Python's zipfile knows
IN_UTF8 = 1 << 11
ZIP64, NOBODYS = 0x0001, 0xFFFF  # kinds of extra fields
IN_ZIP64 = 0xFFFFFFFF  # a size that stands in an extra field


class ToleratedZip:
    """An archive as zipfile reads it. While `opening`, its table of contents is mended on the way.

    zipfile gives up on the whole archive where one entry asks for a later version, has a name that is not in the UTF-8
    that it claims, or an extra field that is cut off; such an entry fails alone when it is unpacked.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.opening = True

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        return mended_directory(data) if self.opening and data[:4] == ENTRY else data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def seekable(self) -> bool:
        return True


def mended_directory(data: bytes) -> bytes:
    """The entries of a table of contents, each of which can be read; what follows the last sound one stays."""
    out, at = bytearray(data), 0
    while out[at : at + 4] == ENTRY and at + FIXED <= len(out):
        name, extra, comment = struct.unpack_from("<HHH", out, at + LENGTHS)
        mend_entry(out, at, name, extra)
        at += FIXED + name + extra + comment
    return bytes(out)


def mend_entry(out: bytearray, at: int, name: int, extra: int) -> None:
    version, flags = struct.unpack_from("<HH", out, at + VERSION)
    struct.pack_into("<H", out, at + VERSION, min(version, NEWEST))
    if flags & IN_UTF8 and not is_utf8(out[at + FIXED : at + FIXED + name]):
        struct.pack_into("<H", out, at + FLAGS, flags & ~IN_UTF8)
    start = at + FIXED + name
    while start + 4 <= min(at + FIXED + name + extra, len(out)):
        kind, length = struct.unpack_from("<HH", out, start)
        left = at + FIXED + name + extra - start - 4
        needed = 8 * struct.unpack_from("<II", out, at + SIZES).count(IN_ZIP64)
        if length > left or (kind == ZIP64 and length < needed):
            struct.pack_into("<HH", out, start, NOBODYS, left)
            struct.pack_into("<II", out, at + SIZES, 0, 0)
            return
        start += 4 + length


def is_utf8(name: bytes | bytearray) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True
