"""The words of a quantity → its value, unit and exactness: 1,135次, 3.1万元, 一百二十余件, 无."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_NUMERALS = "零〇一二三四五六七八九两十百千万亿"
_WRITTEN = re.compile(
    rf"(?P<number>[\d.,]+|[{_NUMERALS}]+)(?P<about>[余多来几]?)(?P<times>[万亿]?)(?P<more>[余多]?)(?P<unit>.*)$"
)
_ABOUT = re.compile(r"(?:(?<![最附])近|(?<![节制条])约|超过?|逾|将近|接近|不少于|不低于|至少)$")
_MONEY = {"元": 1, "万元": 10**4, "亿元": 10**8}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. ``exact`` is false after 近, 约 and before 余, 多; ``step`` is the value of its last
    written digit (1,000 for 3.1万), half of which a rounded number may be off.
    """

    value: Decimal
    unit: str
    exact: bool
    step: Decimal


def read_quantity(text: str, before: str = "") -> Quantity | None:
    """Return the quantity that ``text`` is; ``before`` are the characters in front of it (近, 约)."""
    found = _WRITTEN.match(text)
    if found is None or not found.group("unit"):
        return None
    number = found.group("number")
    value = _plain(number)
    if value is None:
        return None
    times, unit = found.group("times"), found.group("unit")
    factor = Decimal(_MYRIADS.get(times, 1))
    if unit in _MONEY:
        factor *= _MONEY[unit]
        unit = "元"
    decimals = len(number.partition(".")[2]) if number[0].isdigit() else 0
    round_chinese = not number[0].isdigit() and number[-1] in "十百千万亿" and len(number) > 1
    exact = not (found.group("about") or found.group("more") or _ABOUT.search(before))
    step = factor / (Decimal(10) ** decimals) if factor > 1 or decimals else Decimal(1)
    return Quantity(value * factor, unit, exact and not (round_chinese and "几" in text), step)


def _plain(number: str) -> Decimal | None:
    if number[0].isdigit():
        digits = number.replace(",", "").rstrip(".")
        return Decimal(digits) if re.fullmatch(r"\d+(?:\.\d+)?", digits) else None
    if all(c in _DIGITS for c in number):
        return Decimal("".join(str(_DIGITS[c]) for c in number))
    total = section = digit = 0
    for character in number:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            section += (digit or 1) * _TENS[character]
            digit = 0
        elif character in _MYRIADS:
            total = (total + section + digit or 1) * _MYRIADS[character]
            section = digit = 0
        else:
            return None
    return Decimal(total + section + digit)
