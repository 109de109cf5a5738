"""A gate's verdict as JUnit XML, which every CI shows: a test case for each rule."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from science.coco.files import BadFile

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0, escaped or not


def write_junit(path: Path, answer: Mapping[str, Any], *, accepted: str = "") -> None:
    """Write the file. `accepted`: the reason for which what is not shown counts as skipped, not as failed."""
    rules = answer["rules"]
    failed = [row for row in rules if row["verdict"] == "broken" or (row["verdict"] == "not_shown" and not accepted)]
    skipped = [row for row in rules if row["verdict"] == "not_shown" and accepted]
    suite = Xml.Element(
        "testsuite", name="halfday gate", tests=str(len(rules)), failures=str(len(failed)), errors="0",
        skipped=str(len(skipped)),
    )  # fmt: skip
    for row in rules:
        case = Xml.SubElement(suite, "testcase", classname="gate", name=writable(row["title"]))
        if row["verdict"] != "passed":
            tag = "skipped" if row in skipped else "failure"
            said = writable(f"{row['sentence']} Accepted: {accepted}" if row in skipped else row["sentence"])
            kind = {} if tag == "skipped" else {"type": row["verdict"]}
            Xml.SubElement(case, tag, message=said, **kind)
        Xml.SubElement(case, "system-out").text = writable(row["sentence"])
    root = Xml.Element("testsuites")
    root.append(suite)
    try:
        path.write_bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))
    except OSError as error:
        raise BadFile(f"{path} cannot be written: {error.strerror}.") from None


def writable(text: str) -> str:
    """As XML can hold it: names of classes may have characters that would leave a file nobody can read."""
    return FORBIDDEN.sub("\ufffd", text)
