"""Which image a record of another tool means: it may name it by an address, a quoted path, or an upload's name."""

import posixpath
import re
from functools import cached_property
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from dataset.importing.finding import NO_FILE, ImageFinder, MissingFile, one_of
from storage.pictures import NAMES

MISSING = MissingFile(NO_FILE)
UPLOADED = re.compile(r"^[0-9a-f]{8}-")  # what Label Studio puts before the name of an uploaded file


class ToolNames:
    """Finds images by what tools make of their names."""

    def __init__(self, finder: ImageFinder) -> None:
        self.finder = finder
        self.other_endings: dict[str, str] = {}  # names as given, by the keys of images that end otherwise

    @cached_property
    def lowered(self) -> dict[str, list[str]]:
        """Keys by file names without regard to case and to the prefix of an upload."""
        found: dict[str, list[str]] = {}
        for name, keys in self.finder.by_file.items():
            for spelt in {name.lower(), UPLOADED.sub("", name.lower())}:
                found.setdefault(spelt, []).extend(keys)
        return found

    def find(self, name: str, label_file: str) -> str | MissingFile:
        """By the name as given, then by its other spellings, without regard to case, without an ending or by another.

        A name that ends otherwise is taken where no other name has led to that image.
        """
        found = self.find_by_ending(name, label_file)
        if isinstance(found, MissingFile) and found.reason == NO_FILE:
            stem = posixpath.splitext(posixpath.basename(spellings(name)[-1]))[0] if name.strip() else ""
            other = self.finder.find_stem(stem, label_file)
            if isinstance(other, str) and self.other_endings.setdefault(other, name) == name:
                return other
        return found

    def find_by_ending(self, name: str, label_file: str) -> str | MissingFile:
        as_it_is = self.finder.find(plain_spelling(name), label_file) if name.strip() else MISSING
        if isinstance(as_it_is, str):  # nearly always: other spellings take longer to make than all the rest
            return as_it_is
        tried: list[str | MissingFile] = []
        given = spellings(name)
        for one in given:
            tried.append(self.finder.find(one, label_file))
            if isinstance(tried[-1], str):
                return tried[-1]
        for one in given:
            base = posixpath.basename(one)
            tried.append(one_of(self.lowered.get(base.lower(), []), label_file))
            if isinstance(tried[-1], MissingFile) and posixpath.splitext(base)[1].lower() not in NAMES:
                tried.append(self.finder.find_stem(base, label_file))
            if isinstance(tried[-1], str):
                return tried[-1]
        return next((one for one in tried if isinstance(one, MissingFile) and one.reason != NO_FILE), MISSING)


def plain_spelling(name: str) -> str:
    return name.strip().replace("\\", "/")


def spellings(name: str) -> list[str]:
    """The name; its path where it is an address; unquoted; without the prefix of an upload."""
    whole = plain_spelling(name)
    found = [whole]
    if "://" in whole or "?" in whole:
        parts = urlsplit(whole)
        found += [unquote(one) for one in parse_qs(parts.query).get("d", [])]
        found.append(unquote(parts.path))
    if "%" in whole:
        found.append(unquote(whole))
    if "+" in whole:
        found.append(unquote_plus(whole))
    bare = [posixpath.join(posixpath.dirname(one), UPLOADED.sub("", posixpath.basename(one))) for one in found]
    return list(dict.fromkeys(one for one in [*found, *bare] if one))
