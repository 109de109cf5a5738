"""Text files in whatever encoding they are: recognised, or refused with a sentence, never half read.

UTF-8 and UTF-16 can be told for certain. Of GBK, Big5, CP949 and Shift-JIS any bytes that are valid in one are often
valid in another, and a class list is a dozen letters, too few for charset-normalizer's statistics; but each puts its
common letters elsewhere, so what reads as common letters throughout is taken. All else is charset-normalizer's.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from charset_normalizer import from_bytes

from dataset.importing.files import Tree
from dataset.importing.types import ImportProblem, Problems

BOMS = {
    codecs.BOM_UTF8: ("utf-8-sig", "UTF-8"),
    codecs.BOM_UTF32_LE: ("utf-32", "UTF-32"),
    codecs.BOM_UTF32_BE: ("utf-32", "UTF-32"),
    codecs.BOM_UTF16_LE: ("utf-16", "UTF-16"),
    codecs.BOM_UTF16_BE: ("utf-16", "UTF-16"),
}  # UTF-32 before UTF-16, which begins as it does
WESTERN = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœŸ’")
BESIDE_ASCII = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")
ENOUGH = 0.75  # of the letters that must be common ones
LOOKED_AT = 4000  # bytes
HANGUL = frozenset(
    "가각간갈감갑강개객거건걸검것게겨격견결경계고곡곤골공과관광교구국군굴권귀규균그극근금급기긴길김까깨꺼꼬꽃끼나난날남내너널"
    "네년노녹논놀농높누눈뉴는늘능니다단달담당대더덕던데도독돈돌동되두둑드든들등디따때또라락란람랑래량러럭런럼레려력련령로록론"
    "료루류륜률르른름리린림립링마막만말망매맥머먼메면명모목몰묘무문물미민밀바박반발밤방배백버번벌범법베벤벽변별병보복본볼봉부"
    "북분불붕브블비빈빌빛빨사산살삼상새색생서석선설섬성세센셔소속손송쇠수숙순술숨스슬습승시식신실심싱싸쌍쓰씨아악안알암압앙애"
    "액야약양어억언얼엄업에엔여역연열염엽영예오옥온올옷와완왕외요용우욱운울움원월위유육윤율으은을음응의이인일임입자작잔장재쟁"
    "저적전절점접정제져조족존종좌주죽준줄중쥐즈증지직진질집차착찬참창채책처척천철첨청체초촉총최추축출충취층치친칠침카칸캐커컨"
    "컵케켓코콘콜쿠크큰클키타탁탄탈탑태택터턴털테텐토톤통투트특튼틀티틱팀파판팔패팬퍼펀페편평포폭표풀품풍프플피필핑하학한할함"
    "합항해핵행향허헌험현혈형호홀홍화확환활황회획횡효후훈휘휠휴흑흡흥희히개견굴넘둘력묻벼섯숲앞옆왼잎졸짐콩틈톱펜흰헬멧칼"
)  # the commonest syllables; GBK read as CP949 gives any of 2,350


class Undecodable(Exception):
    """The bytes are text in no encoding that could be told; the sentence says so."""


@dataclass(frozen=True)
class Text:
    """A text and the encoding that it was in, as people call it; "UTF-8" is the usual."""

    text: str
    encoding: str


def decoded(data: bytes) -> Text:
    """The text of a whole file. Raises Undecodable."""
    for mark, (codec, name) in BOMS.items():
        if data.startswith(mark):
            return Text(strictly(data, codec, name), name)
    if wide := utf_16_without_mark(data):
        return Text(strictly(data, wide, "UTF-16"), "UTF-16")
    try:
        return Text(data.decode(), "UTF-8")
    except UnicodeDecodeError:
        codec, name = guessed(data)
        return Text(strictly(data, codec, name), name)


def strictly(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise Undecodable(
            f"it looks like {name}, but byte {error.start + 1} is none of it; save it as UTF-8"
        ) from error


def utf_16_without_mark(data: bytes) -> str | None:
    """The codec, where every other byte of the beginning is mostly zero, as in no other text."""
    head = data[:LOOKED_AT]
    half = len(head) // 2
    if half < 2 or not head.count(0):
        return None
    if head[1::2].count(0) > 0.4 * half and not head[0::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 0.4 * half and not head[1::2].count(0) else None


def guessed(data: bytes) -> tuple[str, str]:
    """The codec and name of a text that is no Unicode. Raises Undecodable where it cannot be told."""
    shares = {name: (codec, common_share(data, codec, is_common)) for name, (codec, is_common) in ASIAN.items()}
    likely = [(codec, name) for name, (codec, share) in shares.items() if share >= ENOUGH]
    if likely[:1] in ([("gb18030", "GBK")], []) and is_surely_big5(data):
        return "cp950", "Big5"
    if likely:
        return likely[0]
    if is_western(data):
        return "cp1252", "Windows-1252"
    best = from_bytes(data[: LOOKED_AT * 10]).best()
    western = data.decode("cp1252", "replace")
    if best is not None and "\ufffd" not in western and str(best).strip() == western.strip():
        return "cp1252", "Windows-1252"
    raise Undecodable("it is text in an encoding that could not be told (it is not UTF-8); save it as UTF-8")


def is_western(data: bytes) -> bool:
    """Whether all that is not ASCII are Latin letters beside plain ones, as in words of Western Europe."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    odd = [place for place, letter in enumerate(text) if ord(letter) > 127]
    beside = [f"{text[max(place - 1, 0) : place]}{text[place + 1 : place + 2]}" for place in odd]
    latin = all(text[place] in WESTERN for place in odd)
    return latin and all(any(one.isascii() and one.isalpha() for one in both) for both in beside)


def common_share(data: bytes, codec: str, is_common: Callable[[bytes, str], bool]) -> float:
    """Which part of the letters outside ASCII are common ones; 0 where it is no text of that encoding."""
    try:
        letters = [letter for letter in data.decode(codec) if ord(letter) > 127]
    except UnicodeDecodeError:
        return 0.0
    common = sum(is_common(letter.encode(codec), letter) for letter in letters)
    return common / len(letters) if letters else 0.0


def is_hanzi(code: bytes, letter: str) -> bool:
    """GB 2312's first level, or its full-width signs."""
    return len(code) == 2 and (0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA3)) and code[1] >= 0xA1


def is_traditional(code: bytes, letter: str) -> bool:
    """Big5's first level, or its signs."""
    return len(code) == 2 and 0xA1 <= code[0] <= 0xC6


def is_surely_big5(data: bytes) -> bool:
    """Whether all of it is Big5, with second bytes that are letters of ASCII: half of Big5's are, none of GB 2312's."""
    try:
        text = data.decode("cp950")
        codes = [letter.encode("cp950") for letter in text if ord(letter) > 127]
    except UnicodeError:
        return False
    if BESIDE_ASCII.search(text) or len(codes) < 2:  # an umlaut and the letter after it look like one sign
        return False
    low = sum(len(code) == 2 and code[1] < 0x80 for code in codes)
    return low > 0 and all(is_traditional(code, "") for code in codes)


def is_kana_or_kanji(code: bytes, letter: str) -> bool:
    """Kana, and the kanji of JIS's first level; not the half-width kana that other texts look like."""
    return len(code) == 2 and (0x81 <= code[0] <= 0x83 or 0x88 <= code[0] <= 0x98)


ASIAN: dict[str, tuple[str, Callable[[bytes, str], bool]]] = {
    "CP949": ("cp949", lambda code, letter: letter in HANGUL),
    "Shift-JIS": ("cp932", is_kana_or_kanji),
    "GBK": ("gb18030", is_hanzi),
}  # the surest first: common syllables are few, GB 2312 puts letters nearly everywhere


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """The bytes as UTF-8 without a mark, and the encoding that they were in. Raises Undecodable."""
    if data.startswith(codecs.BOM_UTF8):
        return data[3:], "UTF-8"
    if data.isascii() and not data[:LOOKED_AT].count(0):
        return data, "UTF-8"
    found = decoded(data)
    return (data if found.encoding == "UTF-8" else found.text.encode("utf-8", "replace")), found.encoding


def head_as_utf8(head: bytes) -> tuple[bytes, str]:
    """The same of a file's beginning, which may stop within a letter; unchanged where it cannot be told."""
    for cut in range(min(4, len(head)) + 1):
        try:
            return as_utf8(head[: len(head) - cut])
        except Undecodable:
            continue
    return head, "UTF-8"


def is_utf8(file: BinaryIO) -> bool:
    """Whether all of an open file is UTF-8; read a piece at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(1 << 20):
            if piece.count(0):
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def text_of(tree: Tree, relative: str, problems: Problems) -> str | None:
    """The text of a file of the tree; None, and reported, where it cannot be read."""
    try:
        found = decoded(tree.path(relative).read_bytes())
    except Undecodable as error:
        problems.add(ImportProblem(relative, str(error), kind="encoding"))
        return None
    except OSError as error:
        problems.add(ImportProblem(relative, f"the file cannot be read: {error.strerror}", kind="broken_file"))
        return None
    problems.read_as(relative, found.encoding)
    return found.text
