"""COCO's compressed RLE: run lengths as text, six bits a letter, from the third on as the difference to two before."""

from __future__ import annotations

from science.shapes.masks import Masks, counts_of

FIRST_LETTER = 48
MORE, SIGN = 0x20, 0x10


def texts_of(masks: Masks) -> list[str]:
    """The compressed counts of each mask, as pycocotools writes them."""
    return [text_of_counts(counts) for counts in counts_of(masks)]


def text_of_counts(counts: list[int]) -> str:
    """The compressed form of run lengths."""
    letters = []
    for k, count in enumerate(counts):
        letters.extend(_letters(count - counts[k - 2] if k > 2 else count))
    return "".join(letters)


def _letters(value: int) -> list[str]:
    """A number as letters of five bits and one that says whether more follow; the last one's highest is the sign."""
    letters = []
    while True:
        low, value = value & 0x1F, value >> 5
        done = value == (-1 if low & SIGN else 0)
        letters.append(chr(FIRST_LETTER + (low if done else low | MORE)))
        if done:
            return letters


def counts_of_text(text: str) -> list[int]:
    """The run lengths of compressed counts. Raises ``ValueError`` where the text ends within a number."""
    counts: list[int] = []
    value, shift = 0, 0
    for letter in text:
        bits = ord(letter) - FIRST_LETTER
        if not 0 <= bits < 64:
            raise ValueError(f"{letter!r} is no letter of a compressed RLE")
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & MORE:
            continue
        if bits & SIGN:
            value -= 1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
        value, shift = 0, 0
    if shift:
        raise ValueError("the text ends within a number")
    return counts
