"""The frame marker of a JPEG, which says how it is coded, and which of them the fast decoder is made for.

The fast scaled decoder (simplejpeg) has ended the whole process on kinds that it does not know. It gets what stands on
the list alone; all else is Pillow's. Pure: bytes in, numbers out. Markers: ITU-T T.81, table B.1.
"""

BEGIN = b"\xff\xd8"
STUFFING, START_OF_SCAN = 0xFF, 0xDA
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 … SOF15; the three between mean other things
HUFFMAN = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended sequential, progressive: all that browsers decode
ALONE = frozenset({0x01, *range(0xD0, 0xDA)})  # markers that no length follows
COMPONENTS = frozenset({1, 3})  # grey, or three colours


def is_fast(data: bytes) -> bool:
    """Whether the bytes are a JPEG of a kind that the fast decoder is made for."""
    at = frame_at(data)
    if at is None or data[at + 1] not in HUFFMAN:
        return False
    precision, components = data[at + 4], data[at + 9]
    height, width = int.from_bytes(data[at + 5 : at + 7]), int.from_bytes(data[at + 7 : at + 9])
    length = int.from_bytes(data[at + 2 : at + 4])
    return precision == 8 and components in COMPONENTS and length == 8 + 3 * components and height > 0 and width > 0


def frame_marker(data: bytes) -> int:
    """The marker that says how the picture is coded; 0 where none comes before its scan."""
    at = frame_at(data)
    return 0 if at is None else data[at + 1]


def frame_at(data: bytes) -> int | None:
    """Where the frame's header begins, all of which is there; None where there is none before the scan."""
    at = 2 if data[:2] == BEGIN else len(data)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in FRAMES:
            return at if at + 10 <= len(data) else None
        if marker == START_OF_SCAN:
            return None
        if marker == STUFFING:
            at += 1
        elif marker in ALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
