"""RuleSet → a page for each rule, an index of them by part, and one of their sources."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator.reporters.page.safe import build_environment, show
from validator.reporters.words import OTHER_PART, PART_WORDS, SEVERITY_WORDS
from validator.rule import Rule
from validator.rulebook.view import Entry, view_rulebook
from validator.ruleset import RuleSet

if TYPE_CHECKING:
    from jinja2 import Environment

RULES_INDEX = "rules/index.md"
SOURCES = "rules/sources.md"
_TEMPLATES = Path(__file__).parent / "templates"
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!])")


def write_rule_pages(ruleset: RuleSet, statutory: RuleSet) -> dict[str, str]:
    """Return the pages of a rule set by their names on the site.

    Args:
        ruleset: the usual rules.
        statutory: the same rules as the profile weighs them that calls only statutory content mandatory.
    """
    book = view_rulebook(ruleset, "zh")
    entries = {e.id: e for d in book.divisions for p in d.parts for e in p.entries}
    weights = {r.id: SEVERITY_WORDS[r.severity] for r in statutory.rules}
    pages = {
        f"rules/{e.id}.md": _render("rule.md", entry=e, part=_part_of(e.id), statutory=_other_weight(e, weights))
        for e in entries.values()
    }
    parts = [(name, [entries[r.id] for r in rules]) for name, rules in _by_part(ruleset)]
    pages[RULES_INDEX] = _render("rules.md", book=book, parts=parts)
    pages[SOURCES] = _render("sources.md", book=book)
    return pages


def list_pages(ruleset: RuleSet) -> list[Any]:
    """Return what stands under the checklist in the navigation: the parts with their rules, and the sources."""
    parts: list[Any] = [
        {name: [{escape(f"{r.id} {r.title}", quote=False): f"rules/{r.id}.md"} for r in rules]}
        for name, rules in _by_part(ruleset)
    ]
    return [*parts, {"依据一览": SOURCES}]


def escape_markdown(text: str) -> str:
    """Return a text for a line of Markdown: nothing in it is a mark or an element."""
    return _MARKS.sub(r"\\\1", " ".join(escape(text, quote=False).split()))


def _by_part(ruleset: RuleSet) -> list[tuple[str, list[Rule]]]:
    found: dict[str, list[Rule]] = {}
    for rule in ruleset.rules:
        found.setdefault(_part_of(rule.id), []).append(rule)
    return list(found.items())


def _part_of(rule_id: str) -> str:
    return PART_WORDS.get(rule_id[0], OTHER_PART)


def _other_weight(entry: Entry, weights: dict[str, str]) -> str:
    """Return what the statutory profile calls a rule, where that is something else."""
    other = weights.get(entry.id, "")
    return "" if other == entry.weight else other


def _render(name: str, **values: Any) -> str:
    from markupsafe import Markup

    plain = {"md": lambda text: Markup(escape_markdown(text))}
    return _environment().get_template(name).render(**plain, **values)


@cache
def _environment() -> Environment:
    return build_environment(lambda name: (_TEMPLATES / name).read_text("utf-8")).overlay(finalize=_finalize)


def _finalize(value: object) -> object:
    """Return what is written for a value: also the marks of fenced blocks, which Markdown reads within elements too."""
    from markupsafe import Markup

    if type(value) is not str:
        return value
    return Markup(escape(show(value)).replace("`", "&#96;").replace("~", "&#126;"))
