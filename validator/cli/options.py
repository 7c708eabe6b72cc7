"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from validator.errors import OptionError
from validator.options import FIRST_YEAR, LAST_YEAR, MOST_JOBS


class FailLevel(StrEnum):
    """What makes the exit code 1."""

    error = "error"
    warning = "warning"
    review = "review"
    never = "never"


class Level(StrEnum):
    """Levels of organs."""

    province = "province"
    city = "city"
    county = "county"
    township = "township"
    department = "department"
    zone = "zone"
    other = "other"


class Kind(StrEnum):
    """Kinds of organs."""

    government = "government"
    town = "town"
    subdistrict = "subdistrict"
    zone = "zone"
    department = "department"
    other = "other"


class Enforcement(StrEnum):
    """Whether an organ enforces law."""

    yes = "yes"
    no = "no"
    unknown = "unknown"


RulesFolder = Annotated[
    Path | None, typer.Option("--rules-dir", help="规则目录，默认用自带的规则。", show_default=False)
]
Packs = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules",
        metavar="清单",
        help="加上一份本地清单：它的文件夹，或自带清单的名称；可以多次给出，后面的叠在前面的上面。",
        show_default=False,
    ),
]
Region = Annotated[
    str | None, typer.Option("--region", help="单位所在的省、市全称，例如 江东省江州市。", show_default=False)
]
Power = Annotated[
    Enforcement | None,
    typer.Option("--enforcement", help="单位有没有行政执法职能：yes、no 或 unknown（默认）。", show_default=False),
]
ModelChoice = Annotated[
    str | None,
    typer.Option("--model", help="语言模型：auto（装了就用，默认）、none（不用）或模型目录。", show_default=False),
]
LimitSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--limit", metavar="名称=数", help="读文件的限制，例如 seconds=10，可以多次给出。", show_default=False
    ),
]
OcrChoice = Annotated[
    bool | None, typer.Option("--ocr/--no-ocr", help="识别扫描件里的文字，结论只作复核参考。", show_default=False)
]
Select = Annotated[str, typer.Option(help="只用这些规则，逗号分隔，例如 P101,T。", show_default=False)]
Ignore = Annotated[str, typer.Option(help="不用这些规则，逗号分隔。", show_default=False)]
Year = Annotated[
    int | None, typer.Option(min=FIRST_YEAR, max=LAST_YEAR, help="报告年度，例如 2023。", show_default=False)
]
OrganLevelChoice = Annotated[
    Level | None,
    typer.Option(help="单位层级：province、city、county、township、department、zone 或 other。", show_default=False),
]
AsOf = Annotated[str, typer.Option(help="按哪一天的规定检查，例如 2023-12-31。", show_default=False)]
ProfileChoice = Annotated[
    str | None,
    typer.Option(help="方案：default（默认），或只以规定内容为必备项的 statutory。", show_default=False),
]
ConfigChoice = Annotated[
    Path | None, typer.Option("--config", metavar="文件", help="只用这个设置文件，不再寻找。", show_default=False)
]
Isolated = Annotated[bool, typer.Option("--isolated", help="不用任何设置文件、忽略文件、豁免和基线。")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="不用以前的结果，全部重新检查。")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=0, max=MOST_JOBS, help="同时用几个进程检查；0 表示自动。", show_default=False),
]
ForceExclude = Annotated[bool, typer.Option("--force-exclude", help="逐个写出的文件，设置里排除了的也不检查。")]


def collect_given(
    *,
    select: str = "",
    ignore: str = "",
    year: int | None = None,
    organ_level: Level | None = None,
    as_of: str = "",
    limit: list[str] | None = None,
    rules: list[Path] | None = None,
    region: str | None = None,
    enforcement: Enforcement | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return what the user gave on the command line as settings; what was not given is ``None``.

    Raises:
        OptionError: a date or a limit is wrong.
    """
    return {
        "select": split_names(select) or None,
        "ignore": split_names(ignore) or None,
        "year": year,
        "organ-level": organ_level.value if organ_level else None,
        "as-of": _read_day(as_of),
        "rules": tuple(rules) if rules else None,
        "region": _read_region(region),
        "enforcement": enforcement.value if enforcement else None,
        "limits": _changed_limits(limit) if limit else None,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


def split_names(names: str) -> tuple[str, ...]:
    """Return names that were written with commas between them."""
    return tuple(n.strip() for n in names.replace("，", ",").split(",") if n.strip())


def _changed_limits(settings: list[str]) -> dict[str, int]:
    from validator.options import parse_limits

    limits = parse_limits(settings)
    names = [s.partition("=")[0].strip() for s in settings]
    return {name: getattr(limits, name) for name in names}


def _read_region(text: str | None) -> str | None:
    from validator.regions import is_region

    if text is not None and not is_region(text):
        raise OptionError(f"--region 应写地区的全称，例如 江东省 或 江东省江州市，现在是“{text[:40]}”。")
    return text


def _read_day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise OptionError(f"--as-of 应是日期，例如 2023-12-31，现在是“{text}”。") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OptionError(f"--as-of 应在{FIRST_YEAR}年到{LAST_YEAR}年之间，现在是“{text}”。")
    return day
