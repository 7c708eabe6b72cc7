"""Number marks of official documents (GB/T 9704: 一、 （一） 1. （1）) and Chinese numerals up to 99."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Scheme = Literal["chapter", "dun", "paren", "arabic", "paren_arabic", "circled", "none"]

RANKS: dict[Scheme, int] = {"chapter": 0, "dun": 1, "paren": 2, "arabic": 3, "paren_arabic": 4, "circled": 5}

_CN = "[一二三四五六七八九十]{1,3}"
MARK = re.compile(
    rf"(?P<chapter>第({_CN})(?:部分|章|节|篇)[、：，.]?)"
    rf"|(?P<dun>({_CN})(?:、|[.](?!\d)))"
    rf"|(?P<paren>[（〔]({_CN})[）〕][、.]?|(?:[㈠-㈩])、?)"
    r"|(?P<paren_arabic>[（〔]?(\d{1,2})[）〕][、.]?)"
    r"|(?P<arabic>(\d{1,2})(?:[.、](?!\d)|[.、](?=20\d\d年)))"
    r"|(?P<circled>[①-⑳]、?)"
)
SERIES = re.compile(rf"({_CN})[是要](?!否|不是)|第({_CN})[，,、：是]")
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}


class Mark(NamedTuple):
    """A number mark at the start of a heading or item: its scheme, value and half-open span."""

    scheme: Scheme
    value: int
    start: int
    end: int


def read_number(text: str) -> int:
    """Return the value of a Chinese or Arabic numeral from 1 to 99, or 0 when it is none."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    if (tens not in _DIGITS and tens) or (ones not in _DIGITS and ones):
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def match_mark(text: str, start: int) -> Mark | None:
    """Return the number mark that begins at a text offset, if any."""
    found = MARK.match(text, start)
    if found is None or found.lastgroup is None:
        return None
    scheme: Scheme = found.lastgroup  # type: ignore[assignment]
    mark = found.group()
    if scheme == "circled":
        value = ord(mark[0]) - ord("①") + 1
    elif "㈠" <= mark[0] <= "㈩":
        value = ord(mark[0]) - ord("㈠") + 1
    else:
        value = read_number(next(g for g in found.groups() if g and g != mark))
    return Mark(scheme, value, start, found.end()) if value else None
