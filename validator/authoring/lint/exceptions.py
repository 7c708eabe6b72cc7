"""``lint.yaml`` of a rules folder: remarks that were looked at and stay, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from validator.authoring.lint.remark import Code, Remark
from validator.kinds import Data, RuleId, Text
from validator.settings.reading import read_small
from validator.yaml_file import YamlFile, read_yaml

NAME = "lint.yaml"


class Kept(Data):
    """Remarks of one kind on one rule that stay as they are, and why."""

    rule: RuleId
    code: Code
    reason: Text


class Exceptions(Data):
    """``lint.yaml``."""

    exceptions: tuple[Kept, ...] = ()


def read_exceptions(folder: Path) -> tuple[YamlFile, Exceptions] | None:
    """Read the exceptions of a rules folder; ``None`` when it has none.

    Raises:
        RuleFileError: the file breaks the schema.
        OptionError: it cannot be read.
    """
    path = folder / NAME
    if not path.exists():
        return None
    file = read_yaml(f"{folder.name}/{NAME}", read_small(path, f"{path} "))
    try:
        return file, Exceptions.model_validate(file.data)
    except ValidationError as exc:
        place = tuple(step for step in exc.errors()[0]["loc"])
        raise file.error(place, "每条例外要写明 rule（规则编号）、code（哪一种提醒）和 reason（理由）") from exc


def leave_out(remarks: Iterable[Remark], kept: Exceptions) -> tuple[tuple[Remark, ...], tuple[Kept, ...]]:
    """Return the remarks that are no exceptions, and the exceptions that no remark needed."""
    every = tuple(remarks)
    named = {(k.rule, k.code) for k in kept.exceptions}
    seen = {(r.rule, r.code) for r in every}
    left = tuple(r for r in every if (r.rule, r.code) not in named)
    return left, tuple(k for k in kept.exceptions if (k.rule, k.code) not in seen)
