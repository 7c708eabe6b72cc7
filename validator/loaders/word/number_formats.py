"""Numbers as the number formats of Word write them (ECMA-376 part 1, 17.18.59). Used by ``numbering``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

_HIGHEST = 32_767
"""Word counts no further; a hostile start value must not become a mile of letters."""
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_PLAIN = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_LEGAL_JAPANESE = "〇壱弐参四伍六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

Format = Callable[[int], str]


def format_number(value: int, name: str) -> str:
    """Return a number in a format of 17.18.59; a format that is not known, or cannot write it, gives digits."""
    if not 0 <= value <= _HIGHEST:
        return str(value)
    return _FORMATS.get(name, str)(value)


def format_custom(value: int, pattern: str) -> str | None:
    """Return a number in a custom format (``001, 002, 003, ...``), or ``None`` when it is not one of padded digits."""
    first = pattern.partition(",")[0].strip()
    return str(value).zfill(len(first)) if first.isdecimal() and len(first) <= 9 else None


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    letters = ""
    for worth, sign in _ROMAN:
        while value >= worth:
            letters += sign
            value -= worth
    return letters


def _letter(value: int) -> str:
    """A … Z, AA, BB … ZZ, AAA: Word repeats the letter."""
    if not 0 < value <= 780:
        return str(value)
    times, letter = divmod(value - 1, 26)
    return chr(ord("A") + letter) * (times + 1)


def _series(first: str, count: int) -> Format:
    """Characters that follow one another in Unicode; digits beyond them."""
    return lambda value: chr(ord(first) + value - 1) if 0 < value <= count else str(value)


def _choice(characters: str) -> Format:
    return lambda value: characters[value - 1] if 0 < value <= len(characters) else str(value)


def _digits(characters: str) -> Format:
    """Digit by digit: 一二, 一〇〇."""
    return lambda value: "".join(characters[int(d)] for d in str(value))


def _spoken(digits: str, units: str, zero: str, *, bare: bool, whole: bool = False) -> Format:
    """As it is spoken: 十二, 一百零一.

    Args:
        digits: the ten digits.
        units: ten, hundred, thousand, ten thousand.
        zero: what stands for the places left out (may be empty).
        bare: 10–19 begin with the ten (十二, not 一十二).
        whole: hundred and thousand too go without a one (Japanese 百一).
    """

    def below(value: int) -> str:
        text = ""
        gap = False
        for power in (3, 2, 1, 0):
            digit = value // 10**power % 10
            if not digit:
                gap = bool(text)
                continue
            one = digit == 1 and power and ((whole and bare) or (bare and power == 1 and not text))
            text += (zero if gap else "") + ("" if one else digits[digit]) + (units[power - 1] if power else "")
            gap = False
        return text

    def spoken(value: int) -> str:
        if not value:
            return digits[0]
        high, low = divmod(value, 10_000)
        if not high:
            return below(low)
        head = digits[1] if high == 1 else below(high)
        return head + units[3] + (zero if low and low < 1000 else "") + below(low)

    return spoken


def _ordinal(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


_THOUSAND = _spoken("零一二三四五六七八九", "十百千万", "零", bare=True)


def _counting(value: int) -> str:
    """Spoken up to 99, then digit by digit: 九十九, 一〇〇 (the formats without "Thousand" in their name)."""
    return _THOUSAND(value) if 0 < value < 100 else _digits(_PLAIN)(value)


_FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "none": lambda _: "",
        "decimalZero": lambda value: f"{value:02d}",
        "decimalFullWidth": lambda value: str(value).translate(_FULL_WIDTH),
        "decimalFullWidth2": lambda value: str(value).translate(_FULL_WIDTH),
        "decimalEnclosedCircle": _series("①", 20),
        "decimalEnclosedCircleChinese": _series("①", 20),
        "decimalEnclosedFullstop": _series("⒈", 20),
        "decimalEnclosedParen": _series("⑴", 20),
        "ideographEnclosedCircle": _series("㊀", 10),
        "ideographParenthesized": _series("㈠", 10),
        "chineseCounting": _counting,
        "taiwaneseCounting": _counting,
        "chineseCountingThousand": _THOUSAND,
        "taiwaneseCountingThousand": _THOUSAND,
        "chineseLegalSimplified": _spoken(_LEGAL, "拾佰仟万", "零", bare=False),
        "ideographLegalTraditional": _spoken(_LEGAL_TRADITIONAL, "拾佰仟萬", "零", bare=False),
        "japaneseCounting": _spoken(_PLAIN, "十百千万", "", bare=True, whole=True),
        "japaneseLegal": _spoken(_LEGAL_JAPANESE, "拾百阡萬", "", bare=False),
        "japaneseDigitalTenThousand": _digits(_PLAIN),
        "ideographDigital": _digits(_PLAIN),
        "taiwaneseDigital": _digits(_PLAIN),
        "ideographTraditional": _choice(_STEMS),
        "ideographZodiac": _choice(_BRANCHES),
        "ideographZodiacTraditional": lambda value: (
            _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12] if value else str(value)
        ),
        "upperRoman": _roman,
        "lowerRoman": lambda value: _roman(value).lower(),
        "upperLetter": _letter,
        "lowerLetter": lambda value: _letter(value).lower(),
        "ordinal": _ordinal,
        "hex": lambda value: f"{value:X}",
        "numberInDash": lambda value: f"- {value} -",
    }
)
