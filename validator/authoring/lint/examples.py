"""What examples tell of rules: wrong ones, missing ones, rules that pass or fail whatever they read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from validator.authoring.lint.remark import Remark, Written
from validator.cases import Case, list_examples, run_cases
from validator.engine import build_engine, evaluate_ungated
from validator.loaders.text import load_text
from validator.normalise import normalise
from validator.options import CheckOptions
from validator.reporters.words import OUTCOME_WORDS
from validator.result import Outcome
from validator.rule import Rule
from validator.rulebook.how import NEVER_FAIL
from validator.ruleset import RuleSet
from validator.yaml_file import Place

_CLAUSE = re.compile(r"[^，。；\n]+[，。；\n]?")
_MOST_MUTANTS = 40
_GOOD: frozenset[Outcome] = frozenset({"pass", "not_applicable"})
_BAD: frozenset[Outcome] = frozenset({"fail", "review"})


def find_missing_examples(written: Sequence[Written]) -> Iterator[Remark]:
    """Yield what lacks among the examples of each rule; nothing is run."""
    for each in written:
        rule, examples = each.rule, each.rule.examples
        stated = {outcome for _, _, outcome in list_examples(rule)}
        if "pass" not in stated:
            yield each.remark("no_example", ("examples", "pass"), "没有应当通过的例子")
        if not stated & _failing(rule):
            yield each.remark("no_example", ("examples", "fail"), "没有应当不通过的例子")
        near = {e.outcome for e in examples.near_miss}
        place = ("examples", "near_miss")
        if not near & _GOOD:
            yield each.remark("one_direction", place, "容易弄错的例子只有一个方向：缺一个看着不对、其实应当通过的")
        if not near & _BAD:
            yield each.remark("one_direction", place, "容易弄错的例子只有一个方向：缺一个看着对、其实不应当通过的")


def find_wrong_examples(ruleset: RuleSet, written: Sequence[Written]) -> Iterator[Remark]:
    """Run every example; yield those that go wrong, and rules that never pass or never fail."""
    cases: dict[str, list[Case]] = {}
    for case in run_cases(ruleset):
        cases.setdefault(case.rule, []).append(case)
    suspects: list[tuple[Written, set[Outcome]]] = []
    for each in written:
        for case in cases.get(each.rule.id, ()):
            if not case.is_right:
                yield each.remark("wrong_example", _place(case.name), describe_wrong(case))
        got = {case.got for case in cases.get(each.rule.id, ())}
        if "pass" not in got or not got & _failing(each.rule):
            suspects.append((each, got))
    if not suspects:
        return
    found = _try_everything(ruleset, [each.rule for each, _ in suspects])
    for each, got in suspects:
        outcomes = got | found[each.rule.id]
        if "pass" not in outcomes:
            yield each.remark("never_passes", ("check",), "这条规则通不过：例子和改动过的例子没有一个通过")
        if not outcomes & _failing(each.rule):
            yield each.remark("never_fails", ("check",), "这条规则总是通过：例子和改动过的例子没有一个不通过")


def describe_wrong(case: Case) -> str:
    """Return one sentence on an example that got another outcome than it states."""
    reason = f"（{case.reason}）" if case.reason else ""
    return f"例子应为{OUTCOME_WORDS[case.wanted]}，得到{OUTCOME_WORDS[case.got]}{reason}"


def _failing(rule: Rule) -> frozenset[Outcome]:
    """Return the outcomes that count as a failure: some kinds at most ask for review."""
    return _BAD if rule.check.kind in NEVER_FAIL else frozenset({"fail"})


def _place(name: str) -> Place:
    """Return the place of an example by the name that it has as a case."""
    group, _, number = name.rpartition("-")
    return ("examples", group, int(number) - 1)


def _try_everything(ruleset: RuleSet, rules: Sequence[Rule]) -> dict[str, set[Outcome]]:
    """Return the outcomes that some rules get on every example of the rule set and on mutants of their own."""
    texts: dict[tuple[str, int], None] = {}
    for rule in rules:
        for _, example, _ in list_examples(rule):
            for mutant in _mutants(example.text):
                texts[mutant, example.year] = None
    for rule in ruleset.rules:
        for _, example, _ in list_examples(rule):
            texts[example.text, example.year] = None
    wanted = {rule.id for rule in rules}
    found: dict[str, set[Outcome]] = {rule.id: set() for rule in rules}
    engines = {year: build_engine(ruleset, CheckOptions(year=year)) for year in {year for _, year in texts}}
    for text, year in texts:
        for result in evaluate_ungated(engines[year], normalise(load_text("例子", text.encode()))):
            if result.id in wanted:
                found[result.id].add(result.outcome)
    return found


def _mutants(text: str) -> Iterator[str]:
    """Yield a text without each of its clauses in turn, and nothing but its first line."""
    clauses = list(_CLAUSE.finditer(text))[:_MOST_MUTANTS]
    for clause in clauses:
        rest = text[: clause.start()] + text[clause.end() :]
        if rest.strip():
            yield rest
    yield text.strip().splitlines()[0]
    yield "一、工作情况\n做了一些工作。"
