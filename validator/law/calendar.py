"""``rules/calendar.yaml`` → what is due when for the report of a year, by whom, to whom, on which clause.

The file says what sources say and no more: a year for which it has no item is a year of which nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from validator.kinds import Data, Text
from validator.law.data_file import find_article, find_source, read_data_file
from validator.options import FIRST_YEAR, LAST_YEAR, OrganKind, OrganLevel
from validator.result import SourceStatus, least_certain
from validator.rule import Source
from validator.ruleset import RuleSet

FILE = "calendar.yaml"
Action = Literal["report", "publish"]
_ReportYear = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
_MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Organ(Data):
    """Whom an item is for: a level, and what kind of organ."""

    level: OrganLevel
    kind: OrganKind


class ItemBasis(Data):
    """The clause: a source, an article of it, and words that stand in that article."""

    source: Text
    article: Text
    quote: Text


def _is_day(month_and_day: str) -> bool:
    try:
        date.fromisoformat(f"2001-{month_and_day}")
    except ValueError:
        return False
    return True


class ItemData(Data):
    """One item. ``first_year`` to ``until_year`` are half-open reporting years.

    ``due`` is the last day, month and day of the year after; ``said`` is how the source says it. Without them the
    source names no day. ``due_status``: how sure the day is, where the quoted words do not name it.
    ``reference_only``: the source does not name these organs.
    """

    id: Text
    action: Action
    organs: Annotated[tuple[Organ, ...], Field(min_length=1)]
    first_year: _ReportYear
    until_year: _ReportYear | None = None
    due: _MonthDay | None = None
    said: Text | None = None
    to: Annotated[tuple[Text, ...], Field(min_length=1)]
    copy_to: tuple[Text, ...] = ()
    basis: ItemBasis
    due_status: SourceStatus | None = None
    reference_only: bool = False
    note: Text | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.due is None) != (self.said is None):
            raise ValueError("due 和 said 要么都写，要么都不写")
        if self.due is not None and not _is_day(self.due):
            raise ValueError("due 不是有效的日期")
        if self.until_year is not None and self.until_year <= self.first_year:
            raise ValueError("until_year 必须晚于 first_year")
        return self


class CalendarData(Data):
    """``calendar.yaml``."""

    items: Annotated[tuple[ItemData, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is due. ``due`` is ``None`` where the source names no day.

    ``status`` is how sure the clause is, ``due_status`` how sure the day is.
    """

    id: str
    action: Action
    organs: tuple[Organ, ...]
    due: date | None
    said: str
    to: tuple[str, ...]
    copy_to: tuple[str, ...]
    title: str
    number: str
    article: str
    quote: str
    status: SourceStatus
    due_status: SourceStatus
    reference_only: bool
    note: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """A checked calendar, with the sources that it cites."""

    items: tuple[ItemData, ...]
    sources: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due for the report of a year, the earliest first. ``known``: the calendar has anything on that year."""

    year: int
    items: tuple[Item, ...]
    known: bool


def read_calendar(ruleset: RuleSet, folder: Path | None = None) -> Calendar:
    """Read the calendar of a rule folder.

    Args:
        ruleset: the rules that stand beside it; their sources are cited.
        folder: the rules; without one, those that come with the program.

    Raises:
        RuleFileError: the file is not there, breaks the schema, cites what does not stand in a source, names a day
            that the quoted words do not name without saying how sure it is, or counts a year on whose last day the
            source is not in force.
    """
    file, data = read_data_file(folder, FILE, CalendarData)
    seen: set[str] = set()
    for index, item in enumerate(data.items):
        place = ("items", index)
        if item.id in seen:
            raise file.error((*place, "id"), f"编号 {item.id} 重复")
        seen.add(item.id)
        basis = (*place, "basis")
        source = find_source(file, (*basis, "source"), item.basis.source, ruleset.sources)
        article = find_article(file, basis, source, item.basis.article, item.basis.quote)
        if item.said is not None and item.said not in article.text and item.due_status is None:
            raise file.error((*place, "said"), "条文里没有这个时间，要写 due_status 说明有多可靠")
        if not _holds(source, item.first_year):
            raise file.error((*place, "first_year"), f"{item.first_year}年底 {source.id} 没有施行")
        last = LAST_YEAR if item.until_year is None else item.until_year - 1
        if not _holds(source, last):
            raise file.error((*place, "until_year"), f"{last}年底 {source.id} 没有施行")
    return Calendar(data.items, ruleset.sources)


def plan_year(calendar: Calendar, year: int, organs: Sequence[Organ] = ()) -> Plan:
    """Return what is due for the report of a year.

    Args:
        calendar: a checked calendar.
        year: the reporting year; what is due is due in the year after.
        organs: for whom; empty: for every organ that the calendar names.
    """
    current = [i for i in calendar.items if i.first_year <= year and (i.until_year is None or year < i.until_year)]
    chosen = [i for i in current if not organs or set(organs) & set(i.organs)]
    made = [_item(i, year, calendar.sources) for i in chosen]
    made.sort(key=lambda i: (i.due or date.max, i.action != "report"))
    return Plan(year, tuple(made), bool(current))


def _holds(source: Source, year: int) -> bool:
    """Tell whether a source is in force on the last day of a year: that day's law is applied to the report of it."""
    day = date(year, 12, 31)
    return source.in_force <= day and (source.repealed is None or day < source.repealed)


def _item(item: ItemData, year: int, sources: Mapping[str, Source]) -> Item:
    source = sources[item.basis.source]
    article = next(a for a in source.articles if a.id == item.basis.article)
    status = least_certain(source.source_status, article.article_status)
    return Item(
        item.id,
        item.action,
        item.organs,
        date.fromisoformat(f"{year + 1}-{item.due}") if item.due else None,
        item.said or "",
        item.to,
        item.copy_to,
        source.title,
        source.number or "",
        item.basis.article,
        item.basis.quote,
        status,
        least_certain(status, item.due_status or status),
        item.reference_only,
        item.note or "",
    )
