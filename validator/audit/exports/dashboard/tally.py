"""Files of an audit → how many have each outcome, in all and by year, level and region; and which come first."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from validator.audit.read import Audit
from validator.audit.records import FileRow
from validator.audit.standing import Files, Standing, find_standing
from validator.reporters.words import LEVEL_WORDS
from validator.result import Outcome

Counts = Counter[Outcome]
"""How many reports have each outcome, after decisions."""
_Key = TypeVar("_Key", bound=Hashable)
FIRST_ROWS = 50
"""So many rows stand on the page without the script."""
_LEVELS = {name: place for place, name in enumerate(LEVEL_WORDS)}
UNKNOWN_LEVEL, UNKNOWN_REGION = "层级不明", "地区不明"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted.

    ``files`` and ``checked`` count the files, and those that could be checked. ``focus`` is the year that the
    conclusion is about, the due one, ``None``: all years together; ``counts``, ``by_level``, ``by_region``, ``changed``
    and ``worst`` are of that year, and ``standing`` says the rest. Attachments are counted there only.
    """

    focus: int | None
    files: int
    checked: int
    counts: Counts
    by_year: Mapping[int, Counts]
    by_level: Mapping[str | None, Counts]
    by_region: Mapping[str | None, Counts]
    standing: Standing
    changed: int
    worst: tuple[FileRow, ...]


def tally(audit: Audit) -> Tally:
    """Count the files of an audit."""
    counted = Files(audit.about().due)
    focus = counted.due
    by_year: dict[int, Counts] = {}
    by_level: dict[str | None, Counts] = {}
    by_region: dict[str | None, Counts] = {}
    files = checked = changed = 0
    for row in audit.files():
        files += 1
        checked += row.outcome != "error"
        counted.add(row)
        if row.attachment:
            continue
        if row.who.year is not None:
            _add(by_year, row.who.year, row)
        if not is_in_focus(row, focus):
            continue
        _add(by_level, row.who.level, row)
        _add(by_region, row.who.region, row)
        changed += row.outcome != row.decided
    worst = heapq.nsmallest(FIRST_ROWS, _in_focus(audit, focus), key=rank)
    standing = find_standing(audit, counted)
    return Tally(focus, files, checked, counted.counts, by_year, by_level, by_region, standing, changed, tuple(worst))


def is_in_focus(row: FileRow, focus: int | None) -> bool:
    """Whether a file is a report of the year that the conclusion is about."""
    return not row.attachment and (focus is None or row.who.year == focus)


def rank(row: FileRow) -> tuple[int, int, int, bool]:
    """Return what files are ranked by, the worst first; what could not be checked stands after its equals."""
    return -row.failed, -row.warned, -row.doubts, row.decided == "error"


def name_level(level: str | None) -> str:
    """Return a level as people call it; a roster may have names of its own."""
    return UNKNOWN_LEVEL if level is None else LEVEL_WORDS.get(level, level)


def order_level(level: str | None) -> tuple[int, str]:
    """Return the place of a level: from the province down, names of a roster after that, the unknown last."""
    return (len(_LEVELS) + 1, "") if level is None else (_LEVELS.get(level, len(_LEVELS)), level)


def _in_focus(audit: Audit, focus: int | None) -> Iterator[FileRow]:
    return (row for row in audit.files() if is_in_focus(row, focus))


def _add(groups: dict[_Key, Counts], key: _Key, row: FileRow) -> None:
    groups.setdefault(key, Counts())[row.decided] += 1
