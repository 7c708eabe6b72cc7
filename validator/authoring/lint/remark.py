"""What lint says: one remark at one place of a rule file. A mistake decides the exit code, a notice does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from validator.rule import Rule
from validator.yaml_file import Place, YamlFile

Code = Literal[
    "wrong_example",
    "no_example",
    "one_direction",
    "never_passes",
    "never_fails",
    "matches_nothing",
    "slow_pattern",
    "same_check",
    "shared_terms",
    "dead_term",
]

IS_MISTAKE: Mapping[Code, bool] = MappingProxyType(
    {
        "wrong_example": True,
        "no_example": True,
        "one_direction": True,
        "never_passes": True,
        "never_fails": True,
        "matches_nothing": True,
        "slow_pattern": True,
        "same_check": True,
        "shared_terms": False,
        "dead_term": False,
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """One remark. ``line`` and ``column`` are 1-based; ``rule`` is empty for shared data."""

    path: str
    line: int
    column: int
    code: Code
    sentence: str
    rule: str = ""

    @property
    def is_mistake(self) -> bool:
        """Tell whether it decides the exit code."""
        return IS_MISTAKE[self.code]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Written:
    """A rule and the file that it was read from."""

    rule: Rule
    file: YamlFile

    def remark(self, code: Code, place: Place, sentence: str) -> Remark:
        """Return a remark at a node of the file, or at the nearest one above it."""
        return remark_at(self.file, code, place, sentence, self.rule.id)


def remark_at(file: YamlFile, code: Code, place: Place, sentence: str, rule: str = "") -> Remark:
    """Return a remark at a node of a file, or at the nearest one above it."""
    error = file.error(place, sentence)
    return Remark(error.path, error.line, error.column, code, sentence, rule)
