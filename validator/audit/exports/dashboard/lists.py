"""What may be many → the first of it in words, and how many there are in all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, NamedTuple, TypeVar

from validator.audit.decisions import VERB_WORDS
from validator.audit.exports.dashboard.charts import share
from validator.audit.exports.dashboard.tally import name_level
from validator.audit.read import Audit
from validator.audit.records import (
    Agreement,
    Copy,
    CopyKind,
    Decision,
    Double,
    Echo,
    EchoKind,
    FileRow,
    Late,
    Missing,
    Side,
    Verb,
)
from validator.reporters.words import OUTCOME_WORDS

MOST_PAIRS = 300
"""So many copies, echoes, double submissions and notes stand on the dashboard; the workbook has all."""
MOST_ROWS = 1000
"""So many missing and late reports, decisions and files that could not be checked stand on it."""
_MOST_PASSAGES = 3
_COPY_WORDS: dict[CopyKind, str] = {"organ": "不同单位之间", "year": "与本单位上年报告", "double": "同一单位同一年度"}
ECHO_WORDS: dict[EchoKind, str] = {
    "problem_repeated": "问题与上年逐字相同",
    "plan_unmentioned": "上年的安排今年没有提到",
    "same_figure": "数字与上年相同",
}
_Row = TypeVar("_Row")
_View = TypeVar("_View")


@dataclass(frozen=True, slots=True)
class Listed(Generic[_View]):
    """The first of many, and how many there are in all."""

    shown: tuple[_View, ...]
    total: int

    @property
    def rest(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)


class Who(NamedTuple):
    """A report in words: whose it is, of which year, and its path. ``page`` leads to its page, where it has one."""

    organ: str
    about: str
    path: str
    page: str | None


class Piece(NamedTuple):
    """Words of a passage; ``marked``: the other report has them too."""

    text: str
    marked: bool


class SideView(NamedTuple):
    """One side of a copied passage."""

    place: str
    pieces: tuple[Piece, ...]


class CopyView(NamedTuple):
    """What two reports share. ``rest`` counts the passages that are not shown."""

    kind: str
    here: Who
    there: Who
    characters: int
    share_here: str
    share_there: str
    passages: tuple[tuple[SideView, SideView], ...]
    rest: int


class EchoView(NamedTuple):
    """What this year's report and last year's have to do with each other."""

    kind: str
    file: Who
    earlier: Who
    message: str
    text: str | None
    place: str
    earlier_text: str
    earlier_place: str


class MissingView(NamedTuple):
    """Who has not submitted."""

    year: int
    organ: str
    level: str
    region: str
    hint: str


class DoubleView(NamedTuple):
    """Several files of one organ and year."""

    organ: str
    year: int
    identical: bool
    files: tuple[Who, ...]


class LateView(NamedTuple):
    """A report published late, both days as they are written."""

    file: Who
    published: str
    due: str


class DecisionView(NamedTuple):
    """What a reviewer decided. ``finding`` is what it was about: a finding, or nothing where it is the whole rule."""

    path: str
    rule: str
    finding: str
    verb: Verb
    word: str
    reason: str
    reviewer: str
    day: str
    stale: bool


class Told(NamedTuple):
    """A file and what is said of it."""

    file: Who
    said: tuple[str, ...]


class Agreed(NamedTuple):
    """How often reviewers agreed with the tool about a rule."""

    rule: str
    title: str
    agreed: int
    disagreed: int
    rate: str


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything on the dashboard that is a list. ``echo_groups`` are the shown echoes by report."""

    missing: Listed[MissingView]
    doubles: Listed[DoubleView]
    late: Listed[LateView]
    copies: Listed[CopyView]
    common: Listed[tuple[str, int]]
    echoes: Listed[EchoView]
    echo_groups: tuple[tuple[Who, tuple[EchoView, ...]], ...]
    decisions: Listed[DecisionView]
    agreement: tuple[Agreed, ...]
    unclear: Listed[Told]
    broken: Listed[Told]


Pages = Mapping[int, str]
"""Where the page of a file is, relative to the page that leads there."""


def take(rows: Iterable[_Row], view: Callable[[_Row], _View], most: int) -> Listed[_View]:
    """Return the first rows in words, and count the rest without keeping them."""
    shown: list[_View] = []
    total = 0
    for total, row in enumerate(rows, 1):
        if total <= most:
            shown.append(view(row))
    return Listed(tuple(shown), total)


def list_all(audit: Audit, pages: Pages) -> Lists:
    """Return everything on the dashboard that is a list."""
    echoes = take(audit.echoes(), lambda e: view_echo(e, pages), MOST_PAIRS)
    titles = {r.id: r.title for r in audit.rules()}
    return Lists(
        take(audit.missing(), view_missing, MOST_ROWS),
        take(audit.doubles(), lambda d: view_double(d, pages), MOST_PAIRS),
        take(audit.late(), lambda x: view_late(x, pages), MOST_ROWS),
        take(audit.copies(), lambda c: view_copy(c, pages), MOST_PAIRS),
        take(audit.common(), lambda c: (c.text, c.organs), MOST_PAIRS),
        echoes,
        tuple((who, tuple(found)) for who, found in groupby(echoes.shown, key=lambda e: e.file)),
        take(audit.decisions(), lambda d: view_decision(d, quote_finding(audit, d)), MOST_ROWS),
        tuple(_view_agreement(a, titles) for a in audit.agreement()),
        take((f for f in audit.files() if f.who.notes or f.attachment), lambda f: _tell_doubt(f, pages), MOST_PAIRS),
        take((f for f in audit.files() if f.decided == "error"), lambda f: _tell_error(f, pages), MOST_ROWS),
    )


def view_who(row: FileRow, pages: Pages) -> Who:
    """Return a report in words."""
    year = f"{row.who.year}年度" if row.who.year is not None else "年度不明"
    about = [year, name_level(row.who.level), row.who.region or ""]
    return Who(row.who.organ or "单位不明", " · ".join(a for a in about if a), row.path, pages.get(row.id))


def view_copy(copy: Copy, pages: Pages) -> CopyView:
    """Return what two reports share."""
    return CopyView(
        _COPY_WORDS[copy.kind],
        view_who(copy.here, pages),
        view_who(copy.there, pages),
        copy.characters,
        share(round(copy.share_here * 1000), 1000),
        share(round(copy.share_there * 1000), 1000),
        tuple((_view_side(p.here), _view_side(p.there)) for p in copy.passages[:_MOST_PASSAGES]),
        max(0, len(copy.passages) - _MOST_PASSAGES),
    )


def view_echo(echo: Echo, pages: Pages) -> EchoView:
    """Return what this year's report and last year's have to do with each other."""
    return EchoView(
        ECHO_WORDS[echo.kind],
        view_who(echo.file, pages),
        view_who(echo.earlier, pages),
        echo.message,
        echo.text,
        echo.place or "",
        echo.earlier_text,
        echo.earlier_place,
    )


def view_missing(missing: Missing) -> MissingView:
    """Return who has not submitted."""
    entry = missing.entry
    return MissingView(missing.year, entry.organ, name_level(entry.level), entry.region or "", missing.hint or "")


def view_double(double: Double, pages: Pages) -> DoubleView:
    """Return several files of one organ and year."""
    return DoubleView(double.organ, double.year, double.identical, tuple(view_who(f, pages) for f in double.files))


def view_late(late: Late, pages: Pages) -> LateView:
    """Return a report that was published late."""
    return LateView(view_who(late.file, pages), late.published, late.due)


def view_decision(decision: Decision, finding: str) -> DecisionView:
    """Return what a reviewer decided.

    Args:
        decision: the decision.
        finding: the words of the finding that it is about.
    """
    word = VERB_WORDS[decision.verb]
    if decision.outcome is not None:
        word = f"{word}为{OUTCOME_WORDS[decision.outcome]}"
    return DecisionView(
        decision.path,
        decision.rule,
        finding,
        decision.verb,
        word,
        decision.reason,
        decision.reviewer,
        decision.day,
        decision.stale,
    )


def quote_finding(audit: Audit, decision: Decision) -> str:
    """Return the words of the finding that a decision is about; nothing where it is about the whole rule."""
    row = audit.file(decision.path) if decision.fingerprint else None
    found = audit.findings(rule=decision.rule, file=row.id) if row is not None else ()
    return next((f.message for f in found if f.fingerprint == decision.fingerprint), "")


def _view_agreement(found: Agreement, titles: Mapping[str, str]) -> Agreed:
    rate = share(found.agreed, found.agreed + found.disagreed)
    return Agreed(found.rule, titles.get(found.rule, ""), found.agreed, found.disagreed, rate)


def _tell_doubt(row: FileRow, pages: Pages) -> Told:
    return Told(view_who(row, pages), row.who.notes or ("不像是报告，可能是附件，没有计入。",))


def _tell_error(row: FileRow, pages: Pages) -> Told:
    return Told(view_who(row, pages), (row.error or f"有规则{OUTCOME_WORDS['error']}。",))


def _view_side(side: Side) -> SideView:
    pieces, end = [], 0
    for start, stop in sorted(side.marks):
        start = max(start, end)
        pieces += [Piece(side.text[end:start], False), Piece(side.text[start:stop], True)]
        end = max(end, stop)
    pieces.append(Piece(side.text[end:], False))
    return SideView(side.place, tuple(p for p in pieces if p.text))
