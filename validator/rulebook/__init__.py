"""A rule set → one page for people: every rule with its clause, how it is checked, its examples, and boxes to tick."""

from __future__ import annotations

from validator.rulebook.render import read_rulebook_style, render_rulebook

__all__ = ["read_rulebook_style", "render_rulebook"]
