"""Compile the patterns of rules: word lists and years filled in, each pattern once for a rule set and year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from validator.kinds import PLACEHOLDER

_CN = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Patterns:
    """A compiler of rule patterns for one reporting year (``None``: not known yet, any year)."""

    words: Mapping[str, tuple[str, ...]]
    year: int | None
    _compiled: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def compile(self, pattern: str) -> re.Pattern[str]:
        """Return a pattern with its placeholders filled in."""
        found = self._compiled.get(pattern)
        if found is None:
            filled = PLACEHOLDER.sub(self._fill, pattern)
            found = re.compile(PLACEHOLDER.sub(self._fill, filled))
            self._compiled[pattern] = found
        return found

    def any(self, patterns: tuple[str, ...], text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the first match of any pattern in the slice ``text[start:end]``; its offsets count from ``start``."""
        part = text[start:end]
        for pattern in patterns:
            found = self.compile(pattern).search(part)
            if found is not None:
                return found
        return None

    def without(self, patterns: tuple[str, ...], text: str) -> str:
        """Return a text in which a comma stands for every match of the patterns: what is left is read on."""
        for pattern in patterns:
            text = self.compile(pattern).sub("，", text)
        return text

    def _fill(self, placeholder: re.Match[str]) -> str:
        name = placeholder.group(1)
        if name == "year":
            return _year_pattern(self.year, 0)
        if name == "next_year":
            return _year_pattern(self.year, 1)
        return "(?:" + "|".join(self.words[name]) + ")"


def _year_pattern(year: int | None, step: int) -> str:
    """Return a pattern for a year in Arabic or Chinese digits, with 年 or 年度 after it."""
    if year is None:
        return r"(?:20\d\d|二[〇零][〇零一二三四五六七八九]{2})年度?"
    digits = str(year + step)
    chinese = "".join("[〇零]" if d == "0" else _CN[int(d)] for d in digits)
    return f"(?:{digits}|{chinese})年度?"
