"""What the user may choose for a run. Nothing here changes what is compliant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Literal

from validator.errors import OptionError

FailOn = Literal["error", "warning", "review", "never"]
OrganLevel = Literal["province", "city", "county", "township", "department", "zone", "other"]
OrganKind = Literal["government", "town", "subdistrict", "zone", "department", "other"]
Enforcement = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Facts the user states, and the rules chosen.

    ``year`` and ``organ_level`` override what the text says. ``as_of`` is the day whose law is applied (default:
    31 December of the reporting year). ``region`` is the province or city, or both, that the organ belongs to, and
    ``enforcement`` says whether it enforces law; neither is read from the text. Empty ``select`` means all rules;
    ``ignore`` is taken from the selection.
    """

    year: int | None = None
    organ_level: OrganLevel | None = None
    as_of: date | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    region: str | None = None
    enforcement: Enforcement = "unknown"


DEFAULT_OPTIONS = CheckOptions()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read before it is given up as hostile or broken; every file has its own allowance.

    ``file_mib``: the file itself. ``text_mib``: its text (UTF-8). ``pages``: of a PDF, OFD or scan. ``members``: files
    inside an archive (also inside .docx and .ofd). ``expanded_mib``: a .docx, an .ofd or an archive in an archive
    unpacked; ``archive_mib``: a whole archive unpacked. ``ratio``: unpacked to packed, of one member larger than a
    mebibyte. ``nesting``: archives in archives. ``depth``: of XML and HTML
    elements. ``seconds`` and ``memory_mib``: of the process that reads a file in a format other than plain text.
    """

    file_mib: int = 50
    text_mib: int = 4
    pages: int = 300
    members: int = 20_000
    expanded_mib: int = 300
    archive_mib: int = 10_000
    ratio: int = 200
    nesting: int = 3
    depth: int = 200
    seconds: int = 60
    memory_mib: int = 500


DEFAULT_LIMITS = Limits()
FIRST_YEAR = 2000
LAST_YEAR = 2100
"""No report and no law that counts here is older, and a later date is a mistake."""
MOST_LIMIT = 1_000_000
"""No limit can be set higher: beyond it a number is a mistake, or meant to take the limit away."""
MOST_JOBS = 60
"""One system allows no more processes in a pool."""


def parse_limits(settings: Iterable[str]) -> Limits:
    """Return the limits with ``name=number`` settings applied.

    Raises:
        OptionError: a name is unknown, or a value is no whole number above zero.
    """
    limits = DEFAULT_LIMITS
    known = [f.name for f in fields(Limits)]
    for setting in settings:
        name, _, value = setting.partition("=")
        if name.strip() not in known:
            raise OptionError(f"--limit 不认识“{name.strip()}”，可用：{'、'.join(known)}。")
        if not re.fullmatch(r"[0-9]{1,9}", value.strip()) or not 0 < int(value) <= MOST_LIMIT:
            raise OptionError(f"--limit {name.strip()} 应是1到{MOST_LIMIT}的整数，现在是“{value.strip()[:40]}”。")
        limits = replace(limits, **{name.strip(): int(value)})
    return limits
