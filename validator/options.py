"""What the user may choose for a run. Nothing here changes what is compliant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

FailOn = Literal["error", "warning", "review", "never"]
OrganLevel = Literal["province", "city", "county", "township", "department", "zone", "other"]
OrganKind = Literal["government", "town", "subdistrict", "zone", "department", "other"]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Facts the user states, and the rules chosen.

    ``year`` and ``organ_level`` override what the text says. ``as_of`` is the day whose law is applied (default:
    31 December of the reporting year). Empty ``select`` means all rules; ``ignore`` is taken from the selection.
    """

    year: int | None = None
    organ_level: OrganLevel | None = None
    as_of: date | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
