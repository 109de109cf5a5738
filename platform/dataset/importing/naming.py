"""Which image a record of another tool means: it may name it by an address, a quoted path, or an upload's name."""

import posixpath
import re
from urllib.parse import parse_qs, unquote, urlsplit

from dataset.importing.finding import ImageFinder, MissingFile, one_of
from storage.pictures import NAMES

MISSING = MissingFile("there is no such image file")
UPLOADED = re.compile(r"^[0-9a-f]{8}-")  # what Label Studio puts before the name of an uploaded file


class ToolNames:
    """Finds images by what tools make of their names."""

    def __init__(self, finder: ImageFinder) -> None:
        self.finder = finder
        self.lowered: dict[str, list[str]] = {}
        for name, keys in finder.by_file.items():
            for spelt in {name.lower(), UPLOADED.sub("", name.lower())}:
                self.lowered.setdefault(spelt, []).extend(keys)

    def find(self, name: str, label_file: str) -> str | MissingFile:
        """By the name as given, then by its other spellings, then without regard to case, then without an ending."""
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
        return next((one for one in tried if isinstance(one, MissingFile) and "have this name" in one.reason), MISSING)


def spellings(name: str) -> list[str]:
    """The name; its path where it is an address; unquoted; without the prefix of an upload."""
    whole = name.strip().replace("\\", "/")
    found = [whole]
    if "://" in whole or "?" in whole:
        parts = urlsplit(whole)
        found += [unquote(one) for one in parse_qs(parts.query).get("d", [])]
        found.append(unquote(parts.path))
    if "%" in whole:
        found.append(unquote(whole))
    bare = [posixpath.join(posixpath.dirname(one), UPLOADED.sub("", posixpath.basename(one))) for one in found]
    return list(dict.fromkeys(one for one in [*found, *bare] if one))
