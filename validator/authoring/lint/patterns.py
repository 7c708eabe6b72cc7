"""What patterns tell without any text: those that match nothing at all, slow ones, and rules that look for the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from validator.authoring.lint.leaves import Leaf, find_leaves
from validator.authoring.lint.remark import Remark, Written, remark_at
from validator.authoring.lint.slow import find_slow
from validator.checks.patterns import Patterns
from validator.kinds import ThemeCheck
from validator.rule import Rule
from validator.ruleset import RuleSet
from validator.yaml_file import Place, YamlFile

YEAR = 2023
"""The reporting year with which patterns are tried."""


def list_shared(ruleset: RuleSet) -> Mapping[str, BaseModel]:
    """Return the shared data that holds patterns, by the name of its file."""
    return {"lexicon.yaml": ruleset.lexicon, "matters.yaml": ruleset.matters, "formulas.yaml": ruleset.formulas}


def find_bad_patterns(ruleset: RuleSet, written: Sequence[Written], shared: Mapping[str, YamlFile]) -> Iterator[Remark]:
    """Yield patterns that match no words at all, and slow ones, of the rules and of shared data."""
    compiler = Patterns(ruleset.lexicon.words, YEAR)
    leaves: list[tuple[YamlFile, str, Leaf]] = []
    for each in written:
        leaves += [(each.file, each.rule.id, leaf) for leaf in find_leaves(each.rule.check)]
    for name, data in list_shared(ruleset).items():
        if name in shared:
            leaves += [(shared[name], "", leaf) for leaf in find_leaves(data, ())]
    filled = [
        (file, rule, leaf, _compile(compiler, leaf.text))
        for file, rule, leaf in leaves
        if leaf.kind == "pattern" or not rule
    ]
    slow = find_slow([pattern.pattern for _, _, _, pattern in filled if pattern is not None])
    for file, rule, leaf, pattern in filled:
        if pattern is None:
            yield remark_at(file, "matches_nothing", leaf.place, "正则表达式填进词表以后有误", rule)
        elif rule and pattern.fullmatch("") and pattern.search("〇"):
            said = "什么都算错" if leaf.cancels else "什么都算写到"
            sentence = f"这条正则表达式一个字也不要就能匹配，等于{said}：{_short(leaf.text)}"
            yield remark_at(file, "matches_nothing", leaf.place, sentence, rule)
        elif pattern.pattern in slow:
            found = slow[pattern.pattern]
            of = f"“{_short(found.repeated)}”连着写到{found.length}个字" if found.repeated else "有的文字"
            sentence = f"这条正则表达式太慢：读{of}要用{found.seconds:.1f}秒以上，请去掉套在一起的重复"
            yield remark_at(file, "slow_pattern", leaf.place, sentence, rule)


def find_overlaps(written: Sequence[Written]) -> Iterator[Remark]:
    """Yield rules that check the same as an earlier one, and mentions whose words are all among those of another."""
    for index, each in enumerate(written):
        for other in written[:index]:
            if each.rule.check == other.rule.check and each.rule.only_if == other.rule.only_if:
                yield each.remark("same_check", ("check",), f"查法与规则 {other.rule.id} 完全一样")
            else:
                yield from _shared_terms(each, other)


def _shared_terms(each: Written, other: Written) -> Iterator[Remark]:
    taken = {terms for _, terms in _mentions(other.rule)}
    for place, terms in _mentions(each.rule):
        if any(terms <= those or those <= terms for those in taken):
            yield each.remark("shared_terms", place, f"这些词与规则 {other.rule.id} 的重叠，请看看是不是查了两遍")


def _mentions(rule: Rule) -> Iterator[tuple[Place, frozenset[str]]]:
    if isinstance(rule.check, ThemeCheck):
        for number, group in enumerate(rule.check.any_of):
            for index, mention in enumerate(group.all_of):
                yield ("check", "any_of", number, "all_of", index, "terms"), frozenset(mention.terms)


def _compile(compiler: Patterns, text: str) -> re.Pattern[str] | None:
    try:
        return compiler.compile(text)
    except re.error:
        return None


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"
