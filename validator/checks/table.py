"""The table of rule kinds: which function checks which. A rule reaches its check only through here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from validator.checks.activity import check_activity
from validator.checks.closure import check_closure
from validator.checks.concrete import check_concrete
from validator.checks.context import CheckContext, Verdict
from validator.checks.deeds import check_deeds
from validator.checks.genre import check_genre
from validator.checks.heading_order import check_heading_order
from validator.checks.items import check_items
from validator.checks.landmarks import check_landmarks
from validator.checks.numbering import check_numbering
from validator.checks.own_heading import check_own_heading
from validator.checks.pairs import check_pairs
from validator.checks.part import check_part
from validator.checks.personal_data import check_personal_data
from validator.checks.publication import check_publication
from validator.checks.punctuation import check_punctuation
from validator.checks.repeated import check_repeated
from validator.checks.same_measure import check_same_measure
from validator.checks.section import check_section
from validator.checks.statement import check_statement
from validator.checks.sums import check_sums
from validator.checks.theme import check_theme
from validator.checks.title import check_title
from validator.checks.titles import check_titles
from validator.checks.wording import check_wording
from validator.checks.years import check_years
from validator.rule import Rule

CHECKS: Mapping[str, Callable[[Rule, Any, CheckContext], Verdict]] = {
    "activity": check_activity,
    "closure": check_closure,
    "concrete": check_concrete,
    "deeds": check_deeds,
    "genre": check_genre,
    "heading_order": check_heading_order,
    "items": check_items,
    "landmarks": check_landmarks,
    "numbering": check_numbering,
    "own_heading": check_own_heading,
    "pairs": check_pairs,
    "part": check_part,
    "personal_data": check_personal_data,
    "publication": check_publication,
    "punctuation": check_punctuation,
    "repeated": check_repeated,
    "same_measure": check_same_measure,
    "section": check_section,
    "statement": check_statement,
    "sums": check_sums,
    "theme": check_theme,
    "title": check_title,
    "titles": check_titles,
    "wording": check_wording,
    "years": check_years,
}


def run_check(rule: Rule, context: CheckContext) -> Verdict:
    """Run the check of a rule."""
    return CHECKS[rule.check.kind](rule, rule.check, context)
