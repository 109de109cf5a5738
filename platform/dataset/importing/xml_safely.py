"""XML that may have been written by an enemy: no entities, no DTD that reaches out, nothing larger than can be held.

Entities can only be declared in a DOCTYPE. A file that plainly has none goes to the fast parser; any other to
defusedxml, which refuses what is dangerous.
"""

import io
import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as Safe
from defusedxml import DefusedXmlException

from dataset.importing.text import Undecodable, decoded, is_utf8

LARGEST = 50_000_000  # bytes of a file that is read at once
ENCODING = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
PLAIN = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1"}  # where a DOCTYPE looks like one
KNOWN = {
    name: codec
    for codec, names in {
        "gb18030": (b"gb2312", b"gbk", b"gb18030"),
        "cp949": (b"euc-kr", b"cp949", b"ks_c_5601-1987"),
        "cp932": (b"shift_jis", b"shift-jis", b"windows-31j", b"cp932"),
        "euc_jp": (b"euc-jp",),
        "big5": (b"big5",),
        "cp1252": (b"windows-1252", b"cp1252", b"iso-8859-1", b"latin-1"),
    }.items()
    for name in names
}  # what a declaration calls them
BEFORE = b"\xef\xbb\xbf \r\n\t"  # a mark and empty lines, which parsers allow before no declaration
DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
LARGEST_CHILD = 1_000_000  # elements


class BrokenXml(Exception):
    """The text is not XML, or not of a kind that is read; says where."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def parse(path: Path) -> Element:
    """The root element. Raises BrokenXml."""
    if path.stat().st_size > LARGEST:
        raise BrokenXml("it is too large to be a label file of one image")
    data = in_utf8(path.read_bytes())
    try:
        return ElementTree.fromstring(data) if is_plain(data) else Safe.fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, RecursionError, LookupError) as error:
        raise broken_xml(error) from error


def children(path: Path) -> Iterator[Element]:
    """The root's children one after the other, each forgotten when the next is asked for. Raises BrokenXml."""
    with opened(path) as file:
        plain = is_plain_file(path, file)
        reader = ElementTree.iterparse if plain else Safe.iterparse
        open_elements: list[Element] = []
        size = 0
        try:
            for event, element in reader(file, events=("start", "end")):
                size += 1
                if event == "start":
                    open_elements.append(element)
                    if size > LARGEST_CHILD:
                        raise BrokenXml("an element in it is too large to be read")
                    continue
                open_elements.pop()
                if len(open_elements) == 1:
                    yield element
                    open_elements[0].clear()
                    size = 0
        except (ParseError, DefusedXmlException, ValueError, RecursionError, LookupError) as error:
            raise broken_xml(error) from error


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, or its text in UTF-8 where it is in another encoding. Raises BrokenXml."""
    with path.open("rb") as file:
        if is_utf8(file):
            file.seek(0)
            head = file.read(1000)
            file.seek(len(head) - len(head.lstrip(BEFORE)))
            yield file
            return
    yield io.BytesIO(in_utf8(path.read_bytes()))


def is_plain_file(path: Path, file: BinaryIO) -> bool:
    if isinstance(file, io.BytesIO):
        return is_plain(file.getvalue())
    return path.stat().st_size > 0 and is_plain(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def in_utf8(data: bytes) -> bytes:
    """The text as UTF-8: the parsers know few encodings, and not all files name theirs. Raises BrokenXml."""
    named = ENCODING.match(data[:200].lstrip(BEFORE))
    known = KNOWN.get(named.group(1).lower()) if named else None
    try:
        text = data.decode(known) if known else None
    except UnicodeDecodeError:
        text = None
    try:
        if text is None and (found := decoded(data)).encoding == "UTF-8":
            return data.lstrip(BEFORE)
        return DECLARED.sub("", text if text is not None else found.text, count=1).encode("utf-8", "replace")
    except Undecodable as error:
        raise BrokenXml(str(error)) from error


def root_tag(text: bytes) -> str:
    """The name of the root element, from a file's first bytes."""
    without = re.sub(rb"<!--.*?-->", b"", text, flags=re.DOTALL)
    found = re.search(rb"<([A-Za-z_][\w.-]*)", without)
    return found.group(1).decode() if found else ""


def is_plain(data: bytes | mmap.mmap) -> bool:
    named = ENCODING.match(bytes(data[:200]).lstrip(BEFORE))
    encoding = named.group(1).lower() if named else b"utf-8"
    return encoding in PLAIN and data.find(b"\0") < 0 and data.find(b"<!DOCTYPE") < 0


def broken_xml(error: Exception) -> BrokenXml:
    if isinstance(error, DefusedXmlException):
        return BrokenXml("it declares entities or a foreign DTD, which are not read")
    line = error.position[0] if isinstance(error, ParseError) else None
    return BrokenXml(f"broken XML: {error}", line)
