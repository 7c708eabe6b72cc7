"""The table of rule kinds: which function checks which. A rule reaches its check only through here."""

from __future__ import annotations

from collections.abc import Mapping

from validator.checks.concrete import check_concrete
from validator.checks.context import CheckContext, Verdict
from validator.checks.deeds import check_deeds
from validator.checks.genre import check_genre
from validator.checks.heading_order import check_heading_order
from validator.checks.numbering import check_numbering
from validator.checks.own_heading import check_own_heading
from validator.checks.pairs import check_pairs
from validator.checks.part import check_part
from validator.checks.theme import check_theme
from validator.checks.title import check_title
from validator.kinds import (
    ConcreteCheck,
    DeedsCheck,
    GenreCheck,
    HeadingOrderCheck,
    NumberingCheck,
    OwnHeadingCheck,
    PairsCheck,
    PartCheck,
    PartName,
    ThemeCheck,
)
from validator.rule import Rule


def run_check(rule: Rule, context: CheckContext, parts: Mapping[PartName, Rule]) -> Verdict:
    """Run the check of a rule. ``parts`` are the rules that define the mandated parts."""
    check = rule.check
    if isinstance(check, ThemeCheck):
        return check_theme(rule, check, context)
    if isinstance(check, PartCheck):
        return check_part(rule, check, context)
    if isinstance(check, GenreCheck):
        return check_genre(rule, check, context)
    if isinstance(check, OwnHeadingCheck):
        return check_own_heading(rule, check, context, dict(parts))
    if isinstance(check, HeadingOrderCheck):
        return check_heading_order(rule, check, context)
    if isinstance(check, DeedsCheck):
        return check_deeds(rule, check, context)
    if isinstance(check, PairsCheck):
        return check_pairs(rule, check, context)
    if isinstance(check, ConcreteCheck):
        return check_concrete(rule, check, context, parts.get("principal"))
    if isinstance(check, NumberingCheck):
        return check_numbering(rule, context)
    return check_title(rule, check, context)
