"""The closed set of rule kinds: what ``check:`` of a rule file may say. A test runs the example of each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from validator.kinds.base import (
    PLACEHOLDER,
    RUNTIME_PLACEHOLDERS,
    Data,
    EntityLabel,
    PartName,
    Pattern,
    Patterns,
    RuleId,
    SomePatterns,
    Text,
)
from validator.kinds.publishing import PublicationCheck
from validator.kinds.section import SectionCheck
from validator.kinds.structure import (
    ConcreteCheck,
    DeedsCheck,
    GenreCheck,
    HeadingOrderCheck,
    Mention,
    MentionGroup,
    NumberingCheck,
    OwnHeadingCheck,
    PairsCheck,
    PartCheck,
    Proof,
    ThemeCheck,
    TitleCheck,
)
from validator.kinds.substance import (
    ActivityCheck,
    ClosureCheck,
    ItemsCheck,
    LandmarkKind,
    LandmarksCheck,
    NearName,
    PersonalDataCheck,
    PunctuationCheck,
    RepeatedCheck,
    SameMeasureCheck,
    StatementCheck,
    SumsCheck,
    TitlesCheck,
    WordingCheck,
    WrongUse,
    YearsCheck,
)

__all__ = [
    "PLACEHOLDER",
    "RUNTIME_PLACEHOLDERS",
    "ActivityCheck",
    "Check",
    "ClosureCheck",
    "ConcreteCheck",
    "Data",
    "DeedsCheck",
    "EntityLabel",
    "GenreCheck",
    "HeadingOrderCheck",
    "ItemsCheck",
    "LandmarkKind",
    "LandmarksCheck",
    "Mention",
    "MentionGroup",
    "NearName",
    "NumberingCheck",
    "OwnHeadingCheck",
    "PairsCheck",
    "PartCheck",
    "PartName",
    "Pattern",
    "Patterns",
    "PersonalDataCheck",
    "Proof",
    "PublicationCheck",
    "PunctuationCheck",
    "RepeatedCheck",
    "RuleId",
    "SameMeasureCheck",
    "SectionCheck",
    "SomePatterns",
    "StatementCheck",
    "SumsCheck",
    "Text",
    "ThemeCheck",
    "TitleCheck",
    "TitlesCheck",
    "WordingCheck",
    "WrongUse",
    "YearsCheck",
]

Check = Annotated[
    GenreCheck
    | PartCheck
    | SectionCheck
    | OwnHeadingCheck
    | HeadingOrderCheck
    | ThemeCheck
    | DeedsCheck
    | PairsCheck
    | ConcreteCheck
    | NumberingCheck
    | TitleCheck
    | ActivityCheck
    | SumsCheck
    | SameMeasureCheck
    | LandmarksCheck
    | TitlesCheck
    | YearsCheck
    | WordingCheck
    | RepeatedCheck
    | PublicationCheck
    | PunctuationCheck
    | PersonalDataCheck
    | StatementCheck
    | ItemsCheck
    | ClosureCheck,
    Field(discriminator="kind"),
]
