"""``rules/draft.yaml``: the headings of a report to be written, and which rules have a hint at each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from validator.kinds import PLACEHOLDER, RUNTIME_PLACEHOLDERS, Data, PartCheck, RuleId, Text
from validator.law.data_file import read_data_file
from validator.options import OrganKind
from validator.ruleset import RuleSet
from validator.yaml_file import Place

FILE = "draft.yaml"


def _require_known(value: str) -> str:
    for name in PLACEHOLDER.findall(value):
        if name not in RUNTIME_PLACEHOLDERS:
            raise ValueError(f"只能用 {{year}} 和 {{next_year}}，现在有 {{{name}}}")
    return value


Dated = Annotated[Text, AfterValidator(_require_known)]
"""Words with ``{year}`` for the reporting year and ``{next_year}`` for the one after."""


class DraftSection(Data):
    """A section below a part. ``prompts``: what to write, each a blank; ``rules`` have a hint here."""

    heading: Dated
    prompts: Annotated[tuple[Text, ...], Field(min_length=1)]
    rules: Annotated[tuple[RuleId, ...], Field(min_length=1)]
    note: Text | None = None


class DraftPart(Data):
    """A part: ``rule`` defines it, ``heading_for`` are headings for kinds of organ. Sections, or blanks of its own."""

    rule: RuleId
    heading: Dated
    heading_for: dict[OrganKind, Dated] = Field(default_factory=dict)
    sections: tuple[DraftSection, ...] = ()
    prompts: Annotated[tuple[Text, ...], Field(max_length=9)] = ()
    rules: tuple[RuleId, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if bool(self.sections) == bool(self.prompts):
            raise ValueError("sections 和 prompts 要写一个，也只能写一个")
        return self


class Draft(Data):
    """``draft.yaml``."""

    title: Dated
    opening: Dated
    parts: Annotated[tuple[DraftPart, ...], Field(min_length=1, max_length=9)]


def read_draft(ruleset: RuleSet, folder: Path | None = None) -> Draft:
    """Read the plan of a report of a rule folder.

    Args:
        ruleset: the rules that stand beside it.
        folder: the rules; without one, those that come with the program.

    Raises:
        RuleFileError: the file is not there, breaks the schema, names a rule that does not exist, names one twice, or
            has a part that no rule defines.
    """
    file, draft = read_data_file(folder, FILE, Draft)
    seen: set[str] = set()
    parts = {r.id for r in ruleset.rules if isinstance(r.check, PartCheck)}
    for index, part in enumerate(draft.parts):
        named: list[tuple[Place, str]] = [(("parts", index, "rule"), part.rule)]
        named += [(("parts", index, "rules", at), name) for at, name in enumerate(part.rules)]
        for inner, section in enumerate(part.sections):
            named += [(("parts", index, "sections", inner, "rules", at), n) for at, n in enumerate(section.rules)]
        for place, name in named:
            if name not in ruleset.paths:
                raise file.error(place, f"没有编号为 {name} 的规则")
            if name in seen:
                raise file.error(place, f"规则 {name} 写了两次")
            seen.add(name)
        if part.rule not in parts:
            raise file.error(("parts", index, "rule"), f"{part.rule} 不是必备部分的规则")
    return draft
