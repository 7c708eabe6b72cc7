"""Sentences in both languages, with the words of a rule kept apart from ours: those stay Chinese and are marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from validator.kinds import Data
from validator.language import Language
from validator.rule import Rule
from validator.ruleset import RuleSet

_C = TypeVar("_C", bound=Data)
_SLOT = re.compile(r"\{([a-z]+)\}")


class Asked(NamedTuple, Generic[_C]):
    """What is to be explained: a rule, its check, and the rule set that it stands in."""

    rule: Rule
    check: _C
    ruleset: RuleSet


class Piece(NamedTuple):
    """A run of words of one sentence. ``quoted``: they are a rule's own, Chinese in every language."""

    words: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence, Chinese and English. ``{name}`` stands for words of a rule, which are put in once and not read."""

    zh: str
    en: str
    words: dict[str, str] = field(default_factory=dict)

    def pieces(self, language: Language) -> tuple[Piece, ...]:
        """Return the sentence in a language, cut at the words of the rule."""
        text = self.zh if language == "zh" else self.en
        cut = _SLOT.split(text)
        found = (Piece(self.words[p] if at % 2 else p, bool(at % 2)) for at, p in enumerate(cut))
        return tuple(p for p in found if p.words)


def listed(words: Iterable[str], most: int = 12) -> str:
    """Return words in one line, each once and no more than ``most``, with how many there are when some are left out."""
    every = list(dict.fromkeys(words))
    shown = "、".join(every[:most])
    return shown if len(every) <= most else f"{shown}等{len(every)}种"


def quoted(words: Iterable[str], every: int) -> str:
    """Return words in quotation marks, with how many there are when these are not all ``every`` of them."""
    chosen = list(dict.fromkeys(words))
    shown = "".join(f"“{w}”" for w in chosen)
    return shown if len(chosen) >= every else f"{shown}等{every}种"
