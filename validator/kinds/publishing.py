"""Kinds of rules on how a report was published, as far as the file itself says."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator

from validator.kinds.base import Data, Text


def _require_day(value: str) -> str:
    from datetime import date

    try:
        date.fromisoformat(f"2024-{value}")
    except ValueError:
        raise ValueError("应是月和日，例如 04-01") from None
    return value


class PublicationCheck(Data):
    """The report was published ``by`` a day of the year after (month and day), or in a ``column`` of the website.

    Read is what stands around the report in the file: its date of publication, and the path of columns on a saved page.

    Passes: it was. Fails: the date is later, or the path has no such column. Not applicable: the file does not say.

    Example::

        kind: publication
        by: 04-01
    """

    kind: Literal["publication"]
    by: Annotated[str, AfterValidator(_require_day)] | None = None
    column: Text | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        if (self.by is None) is (self.column is None):
            raise ValueError("by 和 column 要写其中一个")
        return self
