"""Summaries → what the pages of the server show, in words and in order; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from validator.language import Language, Translate, translator
from validator.reporters.page.quoting import name_words
from validator.reporters.page.safe import build_environment
from validator.reporters.words import OUTCOME_MARKS, OUTCOME_WORDS, PART_WORDS, SEVERITY_WORDS
from validator.result import Outcome
from validator.web.corrected import Change, Comparison
from validator.web.visits import Cell, Item, Summary

if TYPE_CHECKING:
    from jinja2 import Environment

_STATE_WORDS = {"waiting": "排队中", "checking": "检查中", "failed": "没有检查成"}
_WORST: dict[Outcome, int] = {"fail": 3, "review": 2, "error": 1, "not_applicable": 0, "pass": 0}


@dataclass(frozen=True, slots=True)
class Row:
    """One file in the list. ``kind`` names its style; ``marked`` is the mark that goes with the colour."""

    id: str
    name: str
    kind: str
    marked: str
    word: str
    said: str
    is_over: bool
    is_done: bool
    corrects: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of the table: the outcome of a rule for a file. The keyboard passes over the quiet ones."""

    kind: str
    marked: str
    said: str
    address: str
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One rule of the table, and for how many files it fails and needs review."""

    rule: str
    title: str
    weight: str
    mandatory: bool
    failed: int
    review: int


@dataclass(frozen=True, slots=True)
class Line:
    """One file of the table, at its place in the ranking (files that are alike share a place)."""

    rank: int
    row: Row
    title: str
    year: str
    mandatory_failed: int
    mandatory_review: int
    hints: int
    marks: tuple[Mark | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Several files beside each other. ``groups`` are the parts of the checklist and how many columns each has."""

    said: str
    groups: tuple[tuple[str, int], ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    unread: tuple[Row, ...]


def view_row(item: Item, language: Language) -> Row:
    """Return how an item stands in the list."""
    _ = translator(language)
    done = item.summary if item.state == "done" else None
    return Row(
        item.id,
        item.source.path,
        done.outcome if done else item.state,
        OUTCOME_MARKS[done.outcome] if done else {"failed": "!"}.get(item.state, "…"),
        _(done.heading) if done else _(_STATE_WORDS[item.state]),
        _conclude(done, language) if done else _(item.said),
        item.is_over,
        done is not None,
        item.before,
    )


def view_table(items: Iterable[Item], language: Language) -> Table:
    """Return the table of the files that were checked: the worst first, then by name."""
    _ = translator(language)
    over = [i for i in items if i.is_over]
    read = [i for i in over if i.summary is not None and i.summary.cells]
    read.sort(key=lambda i: (_rank_of(i), i.source.path))
    rules: dict[str, Cell] = {c.rule: c for i in read for c in _cells(i)}
    ordered = sorted(
        rules.values(), key=lambda c: (c.severity != "error", list(PART_WORDS).index(_part(c.rule)), c.rule)
    )
    columns = tuple(_column(c, read, _) for c in ordered)
    ranks = [_rank_of(i) for i in read]
    lines = tuple(_line(ranks.index(_rank_of(i)) + 1, i, columns, language) for i in read)
    groups: dict[str, int] = {}
    for cell in ordered:
        name = _("必备项") if cell.severity == "error" else _("提示")
        groups[name] = groups.get(name, 0) + 1
    unread = tuple(view_row(i, language) for i in over if i not in read)
    return Table(_say_table(read, len(unread), language), tuple(groups.items()), columns, lines, unread)


def view_change(change: Change, language: Language) -> tuple[str, str, str]:
    """Return the mark, the weight and the words of a finding that came, went or stayed."""
    _ = translator(language)
    return OUTCOME_MARKS[change.outcome], _(SEVERITY_WORDS[change.severity]), f"{change.rule} {change.title}"


def say_comparison(found: Comparison, language: Language) -> str:
    """Return in one sentence what became of the findings."""
    resolved, new, remaining = len(found.resolved), len(found.new), len(found.remaining)
    if language == "en":
        return f"{resolved} resolved, {new} new, {remaining} remaining."
    if not new and not remaining:
        return f"上次的{resolved}处都解决了，没有新问题。" if resolved else "两次都没有发现问题。"
    return f"解决了{resolved}处，新出现{new}处，还剩{remaining}处。"


def _conclude(summary: Summary, language: Language) -> str:
    if language == "zh" or not summary.cells:
        return summary.said
    must = [c for c in summary.cells if c.severity == "error" and c.outcome != "not_applicable"]
    failed, review = summary.count("error", "fail"), summary.count("error", "review")
    hints = _hints(summary)
    return f"{len(must)} mandatory items: {failed} failed, {review} to be reviewed; {hints} hints."


def _hints(summary: Summary) -> int:
    return sum(summary.count(s, o) for s in ("warning", "note") for o in ("fail", "review"))


def _say_table(read: Sequence[Item], unread: int, language: Language) -> str:
    outcomes = [i.summary.outcome for i in read if i.summary is not None]
    passed, failed, review = (outcomes.count(o) for o in ("pass", "fail", "review"))
    if language == "en":
        left = f" {unread} could not be checked." if unread else ""
        return f"{len(read)} files: {failed} do not comply, {review} to be reviewed, {passed} comply.{left}"
    left = f"另有{unread}个没有检查成。" if unread else ""
    return f"检查了{len(read)}个文件：{failed}个不符合，{review}个需人工复核，{passed}个符合。{left}"


def _cells(item: Item) -> tuple[Cell, ...]:
    return item.summary.cells if item.summary is not None else ()


def _rank_of(item: Item) -> tuple[int, int, int, int]:
    summary = item.summary
    assert summary is not None
    return (
        -_WORST[summary.outcome],
        -summary.count("error", "fail"),
        -summary.count("error", "review"),
        -_hints(summary),
    )


def _column(cell: Cell, read: Sequence[Item], _: Translate) -> Column:
    found = [c.outcome for i in read for c in _cells(i) if c.rule == cell.rule]
    weight = SEVERITY_WORDS[cell.severity]
    return Column(
        cell.rule, cell.title, _(weight), cell.severity == "error", found.count("fail"), found.count("review")
    )


def _line(rank: int, item: Item, columns: Sequence[Column], language: Language) -> Line:
    _ = translator(language)
    summary = item.summary
    assert summary is not None
    by_rule = {c.rule: (n, c) for n, c in enumerate(summary.cells, 1)}
    marks = tuple(_mark(item.id, *by_rule[c.rule], _) if c.rule in by_rule else None for c in columns)
    return Line(
        rank,
        view_row(item, language),
        summary.title or "",
        str(summary.year or ""),
        summary.count("error", "fail"),
        summary.count("error", "review"),
        _hints(summary),
        marks,
    )


def _mark(item: str, number: int, cell: Cell, _: Translate) -> Mark:
    said = f"{cell.rule} {cell.title}{_('：')}{_(OUTCOME_WORDS[cell.outcome])}"
    is_quiet = cell.outcome in ("pass", "not_applicable")
    return Mark(cell.outcome, OUTCOME_MARKS[cell.outcome], said, f"/files/{item}#f1-r{number}", is_quiet)


def _part(rule: str) -> str:
    return rule[:1] if rule[:1] in PART_WORDS else next(reversed(PART_WORDS))


@cache
def templates(language: Language) -> Environment:
    """Return the templates of the server; every word of a report or a file name is escaped."""
    folder = files(__package__).joinpath("templates")
    environment = build_environment(lambda name: folder.joinpath(name).read_text("utf-8"))
    environment.globals.update(name_words(language), language=language)
    return environment
