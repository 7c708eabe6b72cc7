"""Terms and alternatives of patterns that match in no example and in no report that is at hand.

A pattern is read in sentences, clauses or headings, so all of these stand in one text, a line each, and ``^`` and ``$``
are the ends of lines. What matches there only across lines counts as alive: nothing is called dead that is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from validator.authoring.lint.alternatives import split_alternatives
from validator.authoring.lint.leaves import Leaf, find_leaves
from validator.authoring.lint.patterns import YEAR, list_shared
from validator.authoring.lint.remark import Remark, Written, remark_at
from validator.cases import list_examples
from validator.checks.patterns import Patterns
from validator.document import Document
from validator.loaders.text import load_text
from validator.normalise import normalise
from validator.outline import parse_outline
from validator.ruleset import RuleSet
from validator.yaml_file import YamlFile

_PLAIN = re.compile(r"[^\\.^$*+?{}\[\]|()]+")
_LONG = 40
_MOST_SHOWN = 4
_CLAUSE_END = re.compile("[，。；：！？\n]")


class Texts:
    """What terms are looked for in: the examples of all rules first, then reports."""

    def __init__(self, ruleset: RuleSet, reports: Iterable[Document]) -> None:
        """Read the examples and the reports."""
        examples = (e.text for r in ruleset.rules for _, e, _ in list_examples(r))
        read = (normalise(load_text("例子", text.encode())) for text in examples)
        self._texts = ("\n".join(map(_spread, read)), "\n".join(map(_spread, reports)))

    def hold(self, term: str) -> bool:
        """Tell whether a plain term stands in any text."""
        return any(term in text for text in self._texts)

    def match(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether a pattern matches in any text."""
        return any(pattern.search(text) for text in self._texts)


def _spread(document: Document) -> str:
    """Return paragraphs, sentences, clauses and headings of a document, a line each."""
    sentences = [document.text[s.start : s.end] for s in document.sentences]
    clauses = [c for s in sentences for c in _CLAUSE_END.split(s) if c]
    titles = [s.title for s in parse_outline(document, lambda _: False).sections]
    return "\n".join([document.text, *sentences, *clauses, *titles])


def find_dead_terms(
    ruleset: RuleSet, written: Sequence[Written], shared: Mapping[str, YamlFile], texts: Texts
) -> Iterator[Remark]:
    """Yield terms and alternatives, of the rules and of shared data, that match nowhere."""
    compiler = Patterns(ruleset.lexicon.words, YEAR)
    for each in written:
        for leaf in find_leaves(each.rule.check):
            if dead := list(_dead(leaf, compiler, texts, is_pattern=leaf.kind == "pattern")):
                yield each.remark("dead_term", leaf.place, _say(dead))
    for name, data in list_shared(ruleset).items():
        for leaf in find_leaves(data, ()) if name in shared else ():
            if dead := list(_dead(leaf, compiler, texts, is_pattern=True)):
                yield remark_at(shared[name], "dead_term", leaf.place, _say(dead))


def _dead(leaf: Leaf, compiler: Patterns, texts: Texts, *, is_pattern: bool) -> Iterator[str]:
    if not is_pattern:
        if not texts.hold(leaf.text):
            yield leaf.text
        return
    if not _is_alive(leaf.text, compiler, texts):
        yield leaf.text
        return
    for words, alone in split_alternatives(leaf.text):
        plain = _PLAIN.fullmatch(words) is not None
        if words and ((plain and not texts.hold(words)) or not _is_alive(alone, compiler, texts)):
            yield words


def _is_alive(pattern: str, compiler: Patterns, texts: Texts) -> bool:
    try:
        return texts.match(re.compile(compiler.compile(pattern).pattern, re.MULTILINE))
    except re.error:
        return True  # an alternative that cannot stand alone: nothing is said about it


def _say(dead: Sequence[str]) -> str:
    shown = [words if len(words) <= _LONG else f"{words[:_LONG]}…" for words in dead[:_MOST_SHOWN]]
    more = f"等{len(dead)}种" if len(dead) > _MOST_SHOWN else ""
    return f"{''.join(f'“{words}”' for words in shown)}{more}在例子和样本里都没有出现过"
