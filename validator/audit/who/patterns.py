"""Path of a file → what it says of organ, level, region and year, by patterns such as ``{year}/{region}/{organ}``.

A pattern stands for a whole path below the source. Within a component it is matched like a file name pattern: what is
fixed is looked for from left to right, each piece once, so that hostile paths cost linear time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from validator.audit.records import PathFacts
from validator.audit.who.stems import clean_organ, clean_region
from validator.errors import OptionError, plain
from validator.options import OrganLevel

FIRST_YEAR, LAST_YEAR = 2019, 2100
"""The duty to report in its present form began with the reports of 2019."""
EXAMPLE = "{year}/{region}/{organ}.docx"
PLACEHOLDERS = ("year", "region", "organ", "level", "_")
_LEVEL_WORDS: dict[OrganLevel, str] = {
    "province": "省级 省 省本级",
    "city": "市级 地市级 地级 市州 地市 市 市本级",
    "county": "县级 区县级 县区级 区级 旗县 区县 县区 县市区 县 区 旗",
    "township": "乡镇级 乡级 镇级 乡镇 乡镇街道 镇街道 镇街 街镇 街乡 街道 镇 乡",
    "department": "部门 省直 市直 县直 区直 直属部门 政府部门 职能部门 工作部门 省直部门 市直部门 县直部门 区直部门"
    " 省级部门 市级部门 县级部门 区级部门 委办局",
    "zone": "开发区 园区 功能区 管委会",
    "other": "其他 其他单位",
}
LEVELS: dict[str, OrganLevel] = {w: level for level, words in _LEVEL_WORDS.items() for w in (level, *words.split())}
"""The words for levels, without brackets and marks."""

_MOST_PATH = 4096
_MOST_COMPONENT = 300
"""A longer path, or a longer name of a file, is none that a person made."""
_YEAR = r"(?<![0-9])(?P<year>20[0-9]{2})(?![0-9])(?:年度|年)?"
_BRACKETED = ("乡镇（街道）", "乡镇(街道)", "乡镇、街道", "镇（街道）", "镇(街道)", "县（市、区）", "县(市、区)")
_LEVEL = f"(?P<level>{'|'.join(re.escape(w) for w in sorted((*LEVELS, *_BRACKETED), key=lambda w: (-len(w), w)))})"
_PIECE = re.compile(r"\{([^{}]*)\}|\*+|[^{}*]+|[{}]")
_ENDING = re.compile(r"\.(?:[A-Za-z][A-Za-z0-9]{0,4}|\*)$")
_ARCHIVE = re.compile(r"\.zip$", re.IGNORECASE)
_WIDE_DIGITS = {0xFF10 + n: str(n) for n in range(10)}
_FREE_NAMES = ("region", "organ")


class _Gap(NamedTuple):
    """Any text within a component, kept under a name when it has one; ``least`` characters or more."""

    name: str | None
    least: int


@dataclass(frozen=True, slots=True)
class _Component:
    """A component of a pattern: fixed pieces with gaps between them, one piece more than there are gaps."""

    fixed: tuple[str | re.Pattern[str], ...]
    gaps: tuple[_Gap, ...]

    def match(self, text: str) -> dict[str, str] | None:
        """Return what the placeholders stand for, or ``None``."""
        found: dict[str, str] = {}
        end = 0
        for index, fixed in enumerate(self.fixed):
            gap = self.gaps[index - 1] if index else None
            hit = _find(
                fixed, text, end + gap.least if gap else 0, is_next=gap is None, is_last=index == len(self.gaps)
            )
            if hit is None:
                return None
            if gap and gap.name:
                found[gap.name] = found.get(gap.name, "") + text[end : hit[0]]
            end = hit[1]
            found |= hit[2]
        return found


def _find(
    fixed: str | re.Pattern[str], text: str, at: int, *, is_next: bool, is_last: bool
) -> tuple[int, int, dict[str, str]] | None:
    """Return where a fixed piece stands (half-open) and what it holds: from a place on, right there, or at the end."""
    if isinstance(fixed, str):
        start = len(text) - len(fixed) if is_last else 0 if is_next else text.find(fixed, at)
        if start < at or (is_next and start > 0) or not text.startswith(fixed, start):
            return None
        return start, start + len(fixed), {}
    hit = fixed.match(text) if is_next else fixed.search(text, at)
    return (hit.start(), hit.end(), hit.groupdict()) if hit else None


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A pattern of paths. ``runs`` are the components between ``**``; ``ending``: of the file, in lower case."""

    text: str
    runs: tuple[tuple[_Component, ...], ...]
    ending: str | None

    def read(self, path: str) -> PathFacts | None:
        """Return what a path says, or ``None`` when it is not of this pattern.

        Args:
            path: below the source, with ``/``; a file in an archive has the path of the archive in front.
        """
        found = self._match(split_path(path)) if len(path) <= _MOST_PATH else None
        if found is None:
            return None
        year = int(found["year"]) if "year" in found else None
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        level = read_level(found["level"]) if "level" in found else None
        organ = clean_organ(found["organ"]) if "organ" in found else None
        region = clean_region(found["region"]) if "region" in found else None
        return PathFacts(organ, level, region, year)

    def is_of(self, parts: Sequence[str]) -> bool:
        """Tell whether a path, split by ``split_path``, is of this pattern."""
        return self._match(parts) is not None

    def _match(self, split: Sequence[str]) -> dict[str, str] | None:
        parts = list(split)
        if not parts or max(map(len, parts)) > _MOST_COMPONENT:
            return None
        if self.ending is not None and not parts[-1].lower().endswith(self.ending):
            return None
        parts[-1] = strip_ending(parts[-1]) if self.ending is None else parts[-1][: -len(self.ending)]
        first, last = self.runs[0], self.runs[-1]
        if len(self.runs) == 1:
            return _match_run(first, parts, 0) if len(first) == len(parts) else None
        if sum(map(len, self.runs)) > len(parts):
            return None
        found = _match_run(first, parts, 0)
        end = len(parts) - len(last)
        tail = _match_run(last, parts, end)
        if found is None or tail is None:
            return None
        at = len(first)
        for run in self.runs[1:-1]:
            for start in range(at, end - len(run) + 1):
                if (more := _match_run(run, parts, start)) is not None:
                    found, at = _merge(found, more), start + len(run)
                    break
            else:
                return None
        return _merge(found, tail)


def compile_pattern(pattern: str, *, needs_placeholder: bool = True) -> PathPattern:
    """Return a pattern ready for reading paths.

    ``{year}`` is a year from 2019 to 2100, also as 2023年 or 2023年度; ``{level}`` a word for a level; ``{region}`` and
    ``{organ}`` any text; ``{_}`` and ``*`` any text that does not matter; ``**`` any folders. ``{region}`` may stand
    several times, the larger one first (``{region}/{region}/{organ}``). The ending may be left out or written ``.*``.

    Args:
        pattern: as the user wrote it.
        needs_placeholder: refuse a pattern that says nothing about a file.

    Raises:
        OptionError: unknown or repeated placeholder, brackets that do not fit, nothing between two placeholders, empty.
    """
    shown = plain(pattern)[:80]
    parts = split_path(pattern)
    if not parts or len(pattern) > _MOST_PATH:
        raise OptionError(f"路径的写法是空的，可以写成“{EXAMPLE}”。" if not parts else "路径的写法太长。")
    ending = _ENDING.search(parts[-1])
    if ending:
        parts[-1] = parts[-1][: ending.start()] or "*"
    names: list[str] = []
    runs: list[list[_Component]] = [[]]
    for part in parts:
        if part == "**":
            runs.append([])
        else:
            runs[-1].append(_compile_component(part, names, shown))
    if not runs[-1]:
        runs[-1].append(_compile_component("*", names, shown))
    if needs_placeholder and not set(names) - {"_"}:
        raise OptionError(f"路径的写法“{shown}”里没有占位符，可以写成“{EXAMPLE}”。")
    fixed = ending.group().lower() if ending and ending.group() != ".*" else None
    return PathPattern(pattern, tuple(tuple(r) for r in runs), fixed)


def read_path(path: str, patterns: Iterable[PathPattern]) -> PathFacts:
    """Return what the first pattern that fits says about a path; nothing when none fits."""
    return next((facts for p in patterns if (facts := p.read(path)) is not None), PathFacts())


def read_level(word: str) -> OrganLevel | None:
    """Return the level that a word means."""
    text = unicodedata.normalize("NFKC", word)
    text = re.sub(r"[\s()、/,和及]", "", text).lower()
    return LEVELS.get(text)


def split_path(path: str) -> list[str]:
    """Return the components of a path in the spelling in which paths are compared; nothing empty, and no ``.``."""
    text = unicodedata.normalize("NFC", path).translate(_WIDE_DIGITS).replace("\\", "/")
    parts = [p for p in text.split("/") if p not in ("", ".")]
    return [_ARCHIVE.sub("", p) for p in parts[:-1]] + parts[-1:]


def strip_ending(path: str) -> str:
    """Return a path or pattern without the ending of the file."""
    return _ENDING.sub("", path)


def _match_run(run: Sequence[_Component], parts: Sequence[str], start: int) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for component, part in zip(run, parts[start : start + len(run)], strict=True):
        more = component.match(part)
        if more is None:
            return None
        found = _merge(found, more)
    return found


def _merge(found: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """Put two findings together; regions are joined, the larger one first."""
    region = found.get("region", "") + more.get("region", "")
    return found | more | ({"region": region} if region else {})


def _compile_component(part: str, names: list[str], shown: str) -> _Component:
    """Read one component; the names of its placeholders are added to ``names``."""
    pieces: list[list[str]] = [[]]
    gaps: list[_Gap] = []
    for piece in _PIECE.finditer(part):
        text, name = piece.group(), piece.group(1)
        if name is None and text in "{}":
            raise OptionError(f"路径的写法“{shown}”里的花括号不成对，可以写成“{EXAMPLE}”。")
        if name is not None:
            if name not in PLACEHOLDERS:
                raise OptionError(f"路径的写法不认识{{{plain(name)[:20]}}}，可用：{{{'}、{'.join(PLACEHOLDERS)}}}。")
            if name in names and name not in ("_", "region"):
                raise OptionError(f"路径的写法“{shown}”里有两个{{{name}}}，请把多出的改成{{_}}。")
            names.append(name)
        if name in ("year", "level") or (name is None and text[0] != "*"):
            pieces[-1].append(text)
            continue
        if gaps and not pieces[-1]:
            raise OptionError(
                f"路径的写法“{shown}”里两个占位符紧挨着，分不清，请在中间写上分隔的字，如{{region}}-{{organ}}；"
                "{organ}会自己去掉编号、年份和“法治政府建设年度报告”等字样。"
            )
        gaps.append(_Gap(name if name in _FREE_NAMES else None, 1 if name in _FREE_NAMES else 0))
        pieces.append([])
    return _Component(tuple(_fix(p, is_last=p is pieces[-1]) for p in pieces), tuple(gaps))


def _fix(pieces: Sequence[str], *, is_last: bool) -> str | re.Pattern[str]:
    """Return what stands between two gaps: plain text, or an expression without any repetition."""
    if not set(pieces) & {"{year}", "{level}"}:
        return "".join(pieces)
    known = {"{year}": _YEAR, "{level}": _LEVEL}
    return re.compile("".join(known.get(p, re.escape(p)) for p in pieces) + (r"\Z" if is_last else ""))
