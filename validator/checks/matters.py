"""What a problem or an item of the plan is about: its matters, or its own words where it has none."""

from __future__ import annotations

import re
from typing import NamedTuple

from validator.checks.context import CheckContext

MOST_OWN = 3
"""So many of their own words are told that a problem and an item share."""
_HAN = re.compile(r"[\u4e00-\u9fff]+")


class Subject(NamedTuple):
    """What some words are about: narrow matters, whole fields, and their own words that belong to no matter.

    ``own`` are all runs of two characters of those words, ``own_long`` of three.
    """

    narrow: tuple[str, ...]
    broad: tuple[str, ...]
    own: frozenset[str]
    own_long: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Tell whether the words are about nothing in particular (水平有待提高)."""
        return not self.narrow and not self.broad and not self.own


def read_subject(context: CheckContext, words: str) -> Subject:
    """Return what some words are about."""
    named = [m for m in context.matters.matters if context.patterns.compile(m.words).search(words)]
    rest = context.patterns.compile(f"{{fault}}|{context.matters.general}").sub("，", words)
    runs = _HAN.findall(rest)
    return Subject(
        tuple(m.name for m in named if not m.broad),
        tuple(m.name for m in named if m.broad),
        frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1)),
        frozenset(run[i : i + 3] for run in runs for i in range(len(run) - 2)),
    )


def shared_matters(problem: Subject, answer: Subject) -> tuple[str, ...]:
    """Return what a problem and an item of the plan share: a whole field only where the problem names nothing else."""
    found = tuple(m for m in problem.narrow if m in answer.narrow)
    if found:
        return found
    if problem.narrow:
        return tuple(sorted(problem.own_long & answer.own_long))[:MOST_OWN]
    return tuple(sorted(problem.own & answer.own))[:MOST_OWN] or tuple(
        m for m in problem.broad if m in answer.broad or m in answer.narrow
    )
