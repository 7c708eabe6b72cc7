"""Document + Outline → Facts: what a report says about itself, and what stands around it."""

from __future__ import annotations

from validator.facts.publication import Publication, read_publication
from validator.facts.report import TITLE_LIMIT, Facts, classify_organ, extract_facts, read_year, years_in

__all__ = [
    "TITLE_LIMIT",
    "Facts",
    "Publication",
    "classify_organ",
    "extract_facts",
    "read_publication",
    "read_year",
    "years_in",
]
