"""Twenty fixed corrections of one image by a scripted hand: actions and seconds, here and by CVAT's documented steps.

    PYTHONPATH=.:platform python benchmarks/editor.py [--dist FOLDER]

Opens the built editor (default: the one of this HALFDAY_HOME) in the system's Chromium with an image of forty labels,
twenty of which are wrong: eight of a wrong class, six missing, three badly drawn, three around nothing. The hand
corrects them once by the suggestions of *find mislabels*, once by hand; what the page then saves must be the right
labels, else the script fails. An action is a key (with its modifiers), a click, a drag, or the pointer laid on
something. Seconds are those of the keystroke-level model (Card, Moran, Newell: The keystroke-level model for user
performance time with interactive systems, CACM 23, 1980): a key .28, a click 1.1 + .2, a drag 2.2 + .2, pointing 1.1,
from mouse to keys or back .4, and a mental step 1.35 before each correction; what the page itself takes is measured and
told apart. CVAT cannot be installed here: its steps are counted from its documentation (docs.cvat.ai, "Shortcuts" and
"Annotation with rectangles"), with the shortest way that it describes for each kind:

    wrong class    lay the pointer on the box, Ctrl and the label's digit
    missing        N, two clicks; before it Ctrl and the digit where the label is another than the last
    badly drawn    drag one corner, drag the opposite one
    around nothing lay the pointer on the box, Del
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks import editor_frames
from benchmarks.editor_frames import FLAGS, HEIGHT, ROOT, SETTLE, WIDTH

KEY, POINT, PRESS, HOMING, THINK = 0.28, 1.1, 0.1, 0.4, 1.35  # seconds
SIDE = 200  # pixels of the picture
COLUMNS = 8  # of boxes
KINDS = ["wrong_class"] * 8 + ["missing"] * 6 + ["localisation"] * 3 + ["spurious"] * 3
NEAR = 8  # pixels of the picture, two of the page: a hand is no more exact
SHIFT = 60  # pixels by which a badly drawn box is off, both corners inwards

Box = list[float]


@dataclass
class Hand:
    """Counts what a hand does and how long that takes a practised person, and does it on a page where it has one."""

    page: Page | None = None
    place: tuple[float, float, float] = (0, 0, 1)  # of the picture's origin on the page, and pixels of the page per its
    actions: int = 0
    seconds: float = 0.0
    waited: float = 0.0  # seconds that the page took
    on_keys: bool = field(default=True)

    def think(self) -> None:
        self.seconds += THINK

    def key(self, name: str) -> None:
        self._go(True, KEY)
        self._do(lambda page: page.keyboard.press(name))

    def point(self) -> None:
        self._go(False, POINT)

    def click(self, x: float, y: float) -> None:
        self._go(False, POINT + 2 * PRESS)
        self._do(lambda page: page.mouse.click(*self.on_page(x, y)))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._go(False, 2 * POINT + 2 * PRESS)

        def pull(page: Page) -> None:
            page.mouse.move(*self.on_page(*start))
            page.mouse.down()
            page.mouse.move(*self.on_page(*end), steps=3)
            page.mouse.up()

        self._do(pull)

    def on_page(self, x: float, y: float) -> tuple[float, float]:
        left, top, scale = self.place
        return left + x * scale, top + y * scale

    def _go(self, to_keys: bool, seconds: float) -> None:
        self.actions += 1
        self.seconds += seconds + (HOMING if to_keys != self.on_keys else 0)
        self.on_keys = to_keys

    def _do(self, what: Any) -> None:
        if self.page is None:
            return
        before = time.perf_counter()
        what(self.page)
        self.page.evaluate("() => new Promise(requestAnimationFrame)")
        self.waited += time.perf_counter() - before


@dataclass(frozen=True)
class Correction:
    """One object: how its label should be, and how it is; None: there is none."""

    kind: str
    place: int
    class_id: int
    right: Box | None
    given: Box | None
    given_class: int


def corrections() -> list[Correction]:
    """Spread over forty places; of classes 11 to 19, so that each has a digit."""
    rng = np.random.default_rng(5)
    places = rng.permutation(40)[: len(KINDS)].tolist()
    found = []
    for kind, place in zip(KINDS, places, strict=True):
        class_id, other = (int(one) for one in 11 + rng.permutation(9)[:2])
        box = box_at(place)
        off = [box[0] + SHIFT, box[1] + SHIFT, box[2] - SHIFT, box[3] - SHIFT]
        found.append(
            Correction(
                kind,
                place,
                class_id,
                None if kind == "spurious" else box,
                None if kind == "missing" else off if kind == "localisation" else box,
                other if kind == "wrong_class" else class_id,
            )
        )
    return sorted(found, key=lambda one: one.place)


def box_at(place: int) -> Box:
    """Apart from each other, so that nothing snaps to a neighbour."""
    left = 150 + (place % COLUMNS) * 470
    top = 150 + (place // COLUMNS) * 560
    return [float(left), float(top), float(left + SIDE), float(top + SIDE)]


def labels(of: list[Correction]) -> list[dict[str, Any]]:
    """All labels as the editor gets them."""
    wrong = {one.place: one for one in of}
    rows = []
    for place in range(40):
        one = wrong.get(place)
        if one and one.given is None:
            continue
        box, class_id = (one.given, one.given_class) if one else (box_at(place), 11 + place % 9)
        rows.append(
            {
                "id": f"o{place}", "object_id": place, "class_id": class_id, "box": box, "attributes": {},
                "ignore": "no", "provenance": "imported",
            }
        )  # fmt: skip
    return rows


def wanted(of: list[Correction]) -> list[tuple[int, Box]]:
    """Class and box of every label once all is corrected."""
    wrong = {one.place: one for one in of}
    rows = [
        (one.class_id, one.right) if (one := wrong.get(place)) else (11 + place % 9, box_at(place))
        for place in range(40)
    ]
    return [(class_id, box) for class_id, box in rows if box]


def left_wrong(boxes: list[dict[str, Any]], of: list[Correction]) -> list[tuple[int, Box]]:
    """The labels that are not among the boxes: of their class, with no side off by more than NEAR."""
    found = [(one["class_id"], np.array(one["box"])) for one in boxes]
    return [
        (class_id, box)
        for class_id, box in wanted(of)
        if not any(other == class_id and np.abs(place - box).max() <= NEAR for other, place in found)
    ]


def suggestions(of: list[Correction]) -> list[dict[str, Any]]:
    """As *find mislabels* would tell them, all of them right."""
    image = {"id": 101, "key": "crowd.jpg", "thumb": "", "width": WIDTH, "height": HEIGHT}
    return [
        {
            "id": 900 + number, "auto_curate": 5, "image": image, "kind": one.kind, "score": 0.9, "parts": {},
            "object_id": None if one.kind == "missing" else one.place, "reason": "It looks so.", "reason_code": "",
            "reason_params": {}, "verdict": "pending", "decided_by": None, "decided_at": None,
            "given": None if one.given is None else {"class_id": one.given_class, "box": one.given},
            "proposed": None if one.right is None else {"class_id": one.class_id, "box": one.right},
        }
        for number, one in enumerate(of)
    ]  # fmt: skip


def by_suggestions(hand: Hand, of: list[Correction]) -> None:
    hand.key("Tab")
    for _ in of:
        hand.think()
        hand.key("a")


def by_hand(hand: Hand, of: list[Correction]) -> None:
    """Kind by kind, as a person would who goes over the image once for each tool."""
    for one in (one for one in of if one.kind != "missing"):
        hand.think()
        x1, y1, x2, y2 = one.given or box_at(one.place)
        hand.click((x1 + x2) / 2, (y1 + y2) / 2)
        if one.kind == "wrong_class":
            hand.key(str(one.class_id - 10))
        elif one.kind == "spurious":
            hand.key("Delete")
        elif one.right:
            hand.drag((x1, y1), (one.right[0], one.right[1]))
            hand.drag((x2, y2), (one.right[2], one.right[3]))
    hand.key("b")
    last = None
    for one in (one for one in of if one.kind == "missing"):
        hand.think()
        box = box_at(one.place)
        hand.drag((box[0], box[1]), (box[2], box[3]))
        if one.class_id != last:
            hand.key(str(one.class_id - 10))
        last = one.class_id


def by_cvat(hand: Hand, of: list[Correction]) -> None:
    last = None
    for one in of:
        hand.think()
        if one.kind in ("wrong_class", "spurious"):
            hand.point()
            hand.key("")
        elif one.kind == "localisation":
            hand.drag((0, 0), (0, 0))
            hand.drag((0, 0), (0, 0))
        else:
            if one.class_id != last:
                hand.key("")
            last = one.class_id
            hand.key("")
            hand.click(0, 0)
            hand.click(0, 0)


def main() -> None:
    options = parse()
    of = corrections()
    rows = {"CVAT, by its documentation": Hand()}
    by_cvat(rows["CVAT, by its documentation"], of)
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name, way in (("Halfday, by suggestions", by_suggestions), ("Halfday, by hand", by_hand)):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            rows[name] = corrected(page, Path(options.dist), of, way)
            page.close()
        browser.close()
    show(rows)


def parse() -> argparse.Namespace:
    home = Path(os.environ.get("HALFDAY_HOME", ROOT / ".halfday"))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--dist", default=str(home / "frontend" / "dist"))
    return parser.parse_args()


def corrected(page: Page, dist: Path, of: list[Correction], way: Any) -> Hand:
    """Correct everything on the page; raises where what was saved is not what is right."""
    answers = editor_frames.answers_for(1)
    offered = suggestions(of) if way is by_suggestions else []
    answers["tasks/95"] |= {"boxes": labels(of), "suggestions": offered}
    saved: list[dict[str, Any]] = []
    editor_frames.serve(page, dist, answers, saved.append)
    page.goto("http://localhost/tasks/95")
    stage = page.get_by_role("application")
    stage.wait_for()
    page.evaluate(SETTLE)
    hand = Hand(page, picture_place(page))
    way(hand, of)
    page.keyboard.press("Control+s")
    page.evaluate(SETTLE)
    boxes = next(body["boxes"] for body in reversed(saved) if "boxes" in body)
    wrong = left_wrong(boxes, of)
    if wrong or len(boxes) != len(wanted(of)):
        raise SystemExit(f"Not corrected, of {len(boxes)} boxes: {wrong}")
    return hand


def picture_place(page: Page) -> tuple[float, float, float]:
    """Where the picture lies on the page, as the editor fits it: whole, in the middle, 16 pixels from the edges."""
    place = page.get_by_role("application").bounding_box()
    assert place is not None
    scale = min((place["width"] - 32) / WIDTH, (place["height"] - 32) / HEIGHT)
    left = place["x"] + (place["width"] - WIDTH * scale) / 2
    return left, place["y"] + (place["height"] - HEIGHT * scale) / 2, scale


def show(rows: dict[str, Hand]) -> None:
    peer = next(iter(rows.values()))
    print(f"{len(KINDS)} corrections          actions   of CVAT's   seconds   of CVAT's   ms of the page per action")
    for name, hand in rows.items():
        page = f"{1000 * hand.waited / hand.actions:.0f}" if hand.page else "–"
        share, seconds = hand.actions / peer.actions, hand.seconds / peer.seconds
        print(f"{name:28} {hand.actions:5}   {share:9.2f}   {hand.seconds:7.1f}   {seconds:9.2f}   {page:>10}")


if __name__ == "__main__":
    main()
