"""The table of rule kinds: which function says how a rule of the kind is checked. A test holds that none lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from validator.rule import Rule
from validator.rulebook import publishing, structure, substance
from validator.rulebook.sayings import Asked, Saying
from validator.ruleset import RuleSet

EXPLAINED: Mapping[str, Callable[[Asked[Any]], tuple[Saying, ...]]] = {
    "activity": substance.explain_activity,
    "closure": substance.explain_closure,
    "concrete": structure.explain_concrete,
    "deeds": structure.explain_deeds,
    "genre": structure.explain_genre,
    "heading_order": structure.explain_heading_order,
    "items": substance.explain_items,
    "landmarks": substance.explain_landmarks,
    "numbering": structure.explain_numbering,
    "own_heading": structure.explain_own_heading,
    "pairs": structure.explain_pairs,
    "part": structure.explain_part,
    "personal_data": substance.explain_personal_data,
    "publication": publishing.explain_publication,
    "punctuation": substance.explain_punctuation,
    "repeated": substance.explain_repeated,
    "same_measure": substance.explain_same_measure,
    "section": structure.explain_section,
    "statement": substance.explain_statement,
    "sums": substance.explain_sums,
    "theme": structure.explain_theme,
    "title": structure.explain_title,
    "titles": substance.explain_titles,
    "wording": substance.explain_wording,
    "years": substance.explain_years,
}


NEVER_FAIL = frozenset({"closure", "same_measure", "sums", "titles"})
"""Kinds whose rules at most ask for review: what a rule file has them say on failure is never said."""


def explain_check(rule: Rule, ruleset: RuleSet) -> tuple[Saying, ...]:
    """Return how a rule is checked: a sentence or a few, without any pattern of the rule file."""
    return EXPLAINED[rule.check.kind](Asked(rule, rule.check, ruleset))
