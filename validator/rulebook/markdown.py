"""RuleSet → the checklist as Markdown; no word of a rule file is taken for markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from validator.law.coverage import Coverage
from validator.reporters.documents import escape_markdown as plain
from validator.rulebook.view import Book, Entry, view_rulebook
from validator.rulebook.words import (
    ABOUT_COVERAGE,
    COMPARE,
    NAME,
    join,
    tell_checked,
    tell_clause,
    tell_how,
    tell_instrument,
    tell_scope,
    tell_waits,
    tell_waiving,
)
from validator.ruleset import RuleSet


def render_markdown_rulebook(ruleset: RuleSet, coverage: Coverage = ()) -> str:
    """Return the whole checklist: a list to tick, then every rule, the clauses and the sources."""
    book = view_rulebook(ruleset, "zh", coverage)
    return "\n".join(_lines(book)) + "\n"


def _lines(book: Book) -> Iterator[str]:
    yield f"# {NAME}"
    for said in book.about:
        yield from ("", plain(join(said)))
    yield ""
    yield from (f"- {state.mark} {state.word}：{state.meaning}" for state in book.states)
    for division in book.divisions:
        yield from ("", f"## {division.name}（{division.count}条）")
        for part in division.parts:
            yield from ("", f"### {part.name}", "")
            yield from (
                f"- {'不查' if e.is_off else '[ ]'} {e.id} {plain(e.title)}（{plain(e.expected)}）"
                for e in part.entries
            )
    yield from ("", "## 每条规则")
    for division in book.divisions:
        for part in division.parts:
            for entry in part.entries:
                yield from _entry(entry)
    if book.coverage:
        yield from ("", "## 逐条对照", "", ABOUT_COVERAGE)
    for source in book.coverage:
        yield from ("", f"### 《{plain(source.title)}》", "", "| 条款 | 内容 | 由谁查 |", "|---|---|---|")
        for clause in source.clauses:
            yield f"| {plain(clause.article)} | {plain(tell_clause(clause))} | {plain(tell_checked(clause))} |"
    yield from ("", "## 依据一览", "")
    yield from (f"- {plain(tell_instrument(i))}" for i in book.instruments)
    yield from ("", COMPARE)


def _entry(entry: Entry) -> Iterator[str]:
    yield from ("", f"### {entry.id} {plain(entry.title)}（{entry.weight}）")
    yield from _field("要求", [entry.rationale])
    yield from _field("应写在", [entry.expected])
    yield from _field("依据", [c.text for c in entry.clauses])
    yield from _field("适用", [tell_scope(entry) + tell_waiving(entry)])
    yield from _field("前提", tell_waits(entry))
    yield from _field("怎么查", tell_how(entry))
    yield from _field("不通过时说", [entry.fail])
    yield from _field("需复核时说", [entry.review])
    yield from _field("可以这样写", entry.wording.splitlines())
    yield from ("", "例子：")
    for case in entry.cases:
        given = "，".join(x for x in (f"{case.year}年度" if case.year else "", case.level, plain(case.why)) if x)
        yield from ("", f"{case.mark} {case.word}{f'（{given}）' if given else ''}", "")
        yield from _quoted(case.text)


def _field(name: str, said: Iterable[str]) -> Iterator[str]:
    lines = [plain(s) for s in said if s.strip()]
    if len(lines) == 1:
        yield from ("", f"**{name}**：{lines[0]}")
    elif lines:
        yield from ("", f"**{name}**：", "", *(f"- {line}" for line in lines))


def _quoted(text: str) -> Iterator[str]:
    lines = [plain(line) for line in text.splitlines() if line.strip()]
    yield from (f"> {line}{'  ' if line is not lines[-1] else ''}" for line in lines)
