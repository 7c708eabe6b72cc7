"""An audit → what stands on the dashboard, in words and in order; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from validator.audit.exports.dashboard.charts import STACKED, Segment, Trend, draw_trend, stack
from validator.audit.exports.dashboard.figures import COUNTED, Group, RateTable, RuleRow, cross, group, list_rates
from validator.audit.exports.dashboard.lists import Lists, Pages, Who, list_all, view_who
from validator.audit.exports.dashboard.rows import mark
from validator.audit.exports.dashboard.sentences import Due, describe_check, list_due
from validator.audit.exports.dashboard.tally import UNKNOWN_REGION, Tally, name_level, order_level, rank
from validator.audit.read import Audit
from validator.audit.records import About, RuleInfo
from validator.audit.standing import say_beside, say_standing
from validator.reporters.page.view import State
from validator.reporters.words import FILE_WORDS, OUTCOME_MARKS

_MOST_REGIONS = 400
"""So many regions stand in the breakdown; the workbook has all."""
_OPEN_REGIONS = 20
_MOST_YEARS = 6
"""A trend shows so many years, the last ones."""


class OrganRow(NamedTuple):
    """A row that stands on the page without the script. ``counts`` are what the ranking counts, in words."""

    place: int
    who: Who
    state: State
    counts: tuple[str, ...]
    marks: str


class Entry(NamedTuple):
    """A line of the table of contents; ``total`` where the section is a list."""

    anchor: str
    name: str
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Bars, tables and the trend. ``None``: there is nothing to compare."""

    tiles: tuple[State, ...]
    segments: tuple[Segment, ...]
    rates: tuple[tuple[str, tuple[RuleRow, ...]], ...]
    levels: tuple[Group, ...]
    level_rates: RateTable | None
    regions: tuple[Group, ...]
    region_rates: RateTable | None
    open_regions: int
    more_regions: int
    years: tuple[Group, ...]
    trend: Trend | None
    year_rates: RateTable | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The whole page."""

    about: About
    tally: Tally
    year: str
    said: str
    lines: tuple[str, ...]
    closing: tuple[str, ...]
    contents: tuple[Entry, ...]
    due: tuple[Due, ...]
    rules: tuple[RuleInfo, ...]
    worst: tuple[OrganRow, ...]
    figures: Figures
    lists: Lists


def view_audit(audit: Audit, tally: Tally, pages: Pages) -> Dashboard:
    """Return what stands on the dashboard.

    Args:
        audit: the audit.
        tally: its files, counted.
        pages: where the page of a file is, relative to the dashboard.
    """
    about, rules = audit.about(), audit.rules()
    due = list_due(audit, tally)
    lists = list_all(audit, pages)
    said = list(say_beside(tally.standing))
    if lists.decisions.total:
        said.append(f"已有复核意见{lists.decisions.total}条。")
    return Dashboard(
        about,
        tally,
        f"{tally.focus}年度" if tally.focus is not None else "各年度",
        say_standing(tally.standing),
        tuple(said),
        describe_check(about, len(rules), tally.checked),
        _list_contents(lists),
        due,
        rules,
        tuple(_view_worst(audit, rules, tally, pages)),
        _draw(audit, rules, tally),
        lists,
    )


def _list_contents(lists: Lists) -> tuple[Entry, ...]:
    return (
        Entry("overview", "总览"),
        Entry("rules", "各项规则的不通过率"),
        Entry("organs", "单位排名"),
        Entry("matrix", "热力图"),
        Entry("levels", "按层级"),
        Entry("regions", "按地区"),
        Entry("trend", "各年趋势"),
        Entry("missing", "未报送", lists.missing.total),
        Entry("doubles", "重复报送", lists.doubles.total),
        Entry("late", "逾期公开", lists.late.total),
        Entry("copies", "雷同段落", lists.copies.total),
        Entry("echoes", "与上年对照", lists.echoes.total),
        Entry("decisions", "复核意见", lists.decisions.total),
        Entry("unclear", "单位和年度待核", lists.unclear.total),
        Entry("broken", "未能检查", lists.broken.total),
        Entry("how", "怎么查的"),
    )


def _draw(audit: Audit, rules: Sequence[RuleInfo], tally: Tally) -> Figures:
    by_level = sorted(tally.by_level.items(), key=lambda item: order_level(item[0]))
    by_region = sorted(tally.by_region.items(), key=lambda item: (item[0] is None, item[0] or ""))
    by_year = sorted(tally.by_year.items())[-_MOST_YEARS:]
    must = [r for r in rules if r.severity == "error"]
    level_rates = region_rates = year_rates = trend = None
    if len(by_level) > 1:
        level_rates = cross(must, audit.rates("level", year=tally.focus), [k for k, _ in by_level], name_level)
    if 1 < len(by_region) <= _OPEN_REGIONS:
        region_rates = cross(must, audit.rates("region", year=tally.focus), [k for k, _ in by_region], _name_region)
    if len(by_year) > 1:
        trend = draw_trend(by_year, COUNTED)
        year_rates = cross(rules, audit.rates("year"), [f"{y}" for y, _ in by_year], lambda y: y)
    return Figures(
        tuple(State(o, OUTCOME_MARKS[o], FILE_WORDS[o], tally.counts[o]) for o in STACKED),
        stack(tally.counts),
        list_rates(rules, audit.rates(year=tally.focus)),
        tuple(group(name_level(level), name_level(level), counts) for level, counts in by_level),
        level_rates,
        tuple(group(_name_region(region), region or "", counts) for region, counts in by_region[:_MOST_REGIONS]),
        region_rates,
        _OPEN_REGIONS,
        max(0, len(by_region) - _MOST_REGIONS),
        tuple(group(f"{year}", f"{year}", counts) for year, counts in by_year),
        trend,
        year_rates,
    )


def _view_worst(audit: Audit, rules: Sequence[RuleInfo], tally: Tally, pages: Pages) -> Iterator[OrganRow]:
    place, last = 0, None
    for number, row in enumerate(tally.worst, 1):
        if rank(row) != last:
            place, last = number, rank(row)
        outcomes = audit.outcomes_of(row.id)
        marks = "".join(mark(outcomes.get(rule.id)) for rule in rules)
        state = State(row.decided, OUTCOME_MARKS[row.decided], FILE_WORDS[row.decided])
        is_unread = row.decided == "error" and not marks.strip("eEnN.")
        counts = tuple("–" if is_unread else f"{n}" for n in (row.failed, row.warned, row.doubts))
        yield OrganRow(place, view_who(row, pages), state, counts, marks)


def _name_region(region: str | None) -> str:
    return region or UNKNOWN_REGION
