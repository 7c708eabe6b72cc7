"""Fold characters one to one, so that offsets stay equal: width, punctuation, line ends, traditional forms."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

DROPPED = "\0"
"""Stands for a character that normalisation removes (quotes, zero-width characters, Markdown bold)."""

_QUOTES = "“”„‟‘’‚‛「」『』〝〞〟＂＇\"'`´′″"
_ZERO_WIDTH = (0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
_SPACES = (0x09, 0x0B, 0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0xE5E5)
_LINE_ENDS = (0x0A, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)
_DASHES = (*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D)
_FULL = {
    "(": "（",
    ")": "）",
    "[": "〔",
    "]": "〕",
    "【": "〔",
    "】": "〕",
    "［": "〔",
    "］": "〕",
    "﹙": "（",
    "﹚": "）",
}
_MARKS = {"､": "、", "｡": "。", "•": "·", "・": "·", "‧": "·", "〈": "〈", "‹": "〈", "›": "〉", "«": "《", "»": "》"}
_KEPT_FULL = "，；：！？（）"
_COMPATIBILITY = ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0xFF01, 0xFFEF))


def _build_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for first, last in _COMPATIBILITY:
        for code in range(first, last):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1:
                table[code] = plain
    for code in range(0x20):
        table[code] = DROPPED
    table |= {0xFEFF: DROPPED, 0xFFFC: DROPPED, 0xFFFD: "\ufffd", 0x7F: DROPPED}
    table |= dict.fromkeys(_ZERO_WIDTH, DROPPED)
    table |= dict.fromkeys(_SPACES, " ")
    table |= dict.fromkeys(_LINE_ENDS, "\n")
    table |= dict.fromkeys(_DASHES, "-")
    table |= {ord(c): DROPPED for c in _QUOTES}
    table |= {ord(c): d for c, d in (_FULL | _MARKS).items()}
    table |= {ord(c): c for c in _KEPT_FULL}
    table |= {0x3007: "〇", ord("○"): "〇", ord("◯"): "〇", ord("．"): ".", ord("～"): "~", ord("〜"): "~"}
    return {code: table.get(ord(plain), plain) for code, plain in table.items()}


_TABLE = _build_table()
_HALF_MARKS = (
    (re.compile(r"(?<!\d),|,(?!\d)"), "，"),
    (re.compile(r"(?<!\d):|:(?!\d)"), "："),
    (re.compile(r";"), "；"),
    (re.compile(r"\?"), "？"),
    (re.compile(r"!"), "！"),
    (re.compile(r"(?<=\d)，(?=\d{3}(?!\d))"), ","),
    (re.compile(r"(?<=\d)：(?=\d)"), ":"),
    (re.compile(r"\*\*|__"), DROPPED * 2),
)


def fold(text: str) -> str:
    """Return text of equal length in one spelling; removed characters become ``DROPPED``."""
    folded = text.translate(_TABLE)
    for pattern, mark in _HALF_MARKS:
        folded = pattern.sub(mark, folded)
    return _simplify(folded)


def _simplify(text: str) -> str:
    """Turn traditional characters into simplified ones, one to one.

    Simplified text is written in the GB 2312 repertoire, so only characters outside it are looked up, and the
    converter is imported only when there are any.
    """
    unusual = {c for c in set(text) if "\u4e00" <= c <= "\u9fff" and not _is_gb2312(c)}
    if not unusual:
        return text
    from opencc import OpenCC

    converter = OpenCC("t2s")
    pairs = {c: converter.convert(c) for c in sorted(unusual)}
    return text.translate({ord(c): d for c, d in pairs.items() if len(d) == 1})


@cache
def _is_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
