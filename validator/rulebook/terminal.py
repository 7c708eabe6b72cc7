"""One rule, or the table of clauses, on a terminal of 80 columns; plain where the stream is no terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from rich.console import Console
from rich.text import Text

from validator.law.coverage import Coverage, describe_coverage
from validator.reporters.console import open_console, print_text
from validator.rule import Rule
from validator.rulebook.view import Case, view_rule
from validator.rulebook.words import tell_checked, tell_clause, tell_how, tell_scope, tell_waits, tell_waiving
from validator.ruleset import RuleSet

_WIDTH = 80
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def print_rule(ruleset: RuleSet, rule: Rule, stream: IO[str]) -> None:
    """Print all that is to be known of a rule: clause and how sure it is, how it is checked, since when, examples."""
    console = open_console(stream, _WIDTH)
    entry = view_rule(rule, ruleset, "zh")
    head = Text(f"{entry.id} {entry.title}", style="bold")
    head.append(f"  {entry.weight}", style=_COLOURS[entry.severity])
    print_text(console, head, 0)
    _field(console, "要求", [entry.rationale])
    _field(console, "应写在", [entry.expected])
    _field(console, "依据", [c.text for c in entry.clauses])
    _field(console, "依据的文件", _tell_sources(ruleset, rule))
    _field(console, "适用", [tell_scope(entry)])
    _field(console, "前提", tell_waits(entry))
    _field(console, "怎么查", tell_how(entry))
    _field(console, "不通过时说", [entry.fail])
    _field(console, "需复核时说", [entry.review])
    _field(console, "可以这样写", entry.wording.splitlines())
    _field(console, "豁免", [tell_waiving(entry)])
    _field(console, "例子", [])
    for case in entry.cases:
        _print_case(console, case)


def _tell_sources(ruleset: RuleSet, rule: Rule) -> Iterable[str]:
    for name in dict.fromkeys(b.source for b in rule.basis):
        source = ruleset.sources[name]
        if source.kind != "editorial":
            ended = f"，{source.repealed}起失效" if source.repealed else ""
            note = f"{source.note.rstrip('。')}。" if source.note else ""
            yield f"《{source.title}》：{source.issuer}，{source.in_force}起施行{ended}。{note}"


def _field(console: Console, name: str, lines: Iterable[str]) -> None:
    every = [line for line in lines if line.strip()]
    if every or name == "例子":
        console.print()
        print_text(console, Text(name, style="bold"), 0)
    for line in every:
        print_text(console, Text(line), 2)


def _print_case(console: Console, case: Case) -> None:
    given = "，".join(x for x in (f"{case.year}年度" if case.year else "", case.level, case.why) if x)
    print_text(console, Text(f"{case.mark} {case.word}{f'（{given}）' if given else ''}", style="dim"), 2)
    for line in case.text.splitlines():
        print_text(console, Text(line), 4)


def print_coverage(coverage: Coverage, stream: IO[str]) -> None:
    """Print every clause with the rules that check it, or why none does."""
    console = open_console(stream, _WIDTH)
    for source in coverage:
        print_text(console, Text(f"《{source.title}》{source.number}", style="bold"), 0)
        for clause in source.clauses:
            print_text(console, Text(clause.article, style="cyan"), 2)
            print_text(console, Text(tell_clause(clause)), 4)
            print_text(console, Text(f"→ {tell_checked(clause)}", style="green" if clause.rules else "dim"), 4)
        console.print()
    print_text(console, Text(describe_coverage(coverage)), 0)
