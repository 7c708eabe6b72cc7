"""The table of settings: what may be written in a configuration file, and what each value must be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, get_args

from validator.options import FIRST_YEAR, LAST_YEAR, MOST_JOBS, MOST_LIMIT, Enforcement, FailOn, Limits, OrganLevel
from validator.regions import is_region


@dataclass(frozen=True, slots=True)
class Key:
    """One setting. ``read`` turns the value in a file (with the folder of the file) into what the program uses.

    ``of_run``: it belongs to the whole run, not to single files.
    """

    read: Callable[[object, Path], Any]
    of_run: bool = False


def _text(value: object, _: Path) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("应是不空的文字，不能有换行和控制字符")
    return value.strip()


def _texts(value: object, _: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() and v.isprintable() for v in value):
        raise ValueError('应是文字的列表，例如 ["…", "…"]')
    return tuple(v.strip() for v in value)


def _path(value: object, folder: Path) -> Path:
    return folder / _text(value, folder)


def _packs(value: object, folder: Path) -> tuple[Path, ...]:
    """Return folders of packs, from the folder of the file; what is no folder there is the name of a shipped pack."""
    named = ((n, folder / n) for n in _texts(value, folder))
    return tuple(path if path.is_dir() or len(Path(n).parts) != 1 else Path(n) for n, path in named)


def _region(value: object, folder: Path) -> str:
    text = _text(value, folder)
    if not is_region(text):
        raise ValueError("应写地区的全称，例如 江东省 或 江东省江州市")
    return text


def _flag(value: object, _: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError("应是 true 或 false")
    return value


def _number(least: int, most: int) -> Callable[[object, Path], int]:
    def read(value: object, _: Path) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"应是{least}到{most}的整数")
        return value

    return read


def _one_of(values: Iterable[str]) -> Callable[[object, Path], str]:
    known = tuple(values)

    def read(value: object, _: Path) -> str:
        if value not in known:
            raise ValueError(f"应是 {'、'.join(known)} 之一")
        return str(value)

    return read


def _day(value: object, _: Path) -> date:
    try:
        day = value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("应是日期，例如 2023-12-31") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"应在{FIRST_YEAR}年到{LAST_YEAR}年之间")
    return day


def _limits(value: object, _: Path) -> dict[str, int]:
    known = [f.name for f in fields(Limits)]
    if not isinstance(value, dict) or not all(k in known for k in value):
        raise ValueError(f"应是一组限制，可用：{'、'.join(known)}")
    if not all(isinstance(v, int) and not isinstance(v, bool) and 0 < v <= MOST_LIMIT for v in value.values()):
        raise ValueError(f"每个限制都应是1到{MOST_LIMIT}的整数")
    return dict(value)


KEYS: dict[str, Key] = {
    "profile": Key(_text),
    "rules-dir": Key(_path),
    "rules": Key(_packs),
    "select": Key(_texts),
    "ignore": Key(_texts),
    "year": Key(_number(FIRST_YEAR, LAST_YEAR)),
    "organ-level": Key(_one_of(get_args(OrganLevel))),
    "as-of": Key(_day),
    "region": Key(_region),
    "enforcement": Key(_one_of(get_args(Enforcement))),
    "model": Key(_text),
    "ocr": Key(_flag),
    "limits": Key(_limits),
    "fail-on": Key(_one_of(get_args(FailOn)), of_run=True),
    "jobs": Key(_number(0, MOST_JOBS), of_run=True),
    "cache": Key(_flag, of_run=True),
    "waivers": Key(_path, of_run=True),
    "baseline": Key(_path, of_run=True),
    "exclude": Key(_texts, of_run=True),
}
"""Every setting, by its name in a configuration file. Options of the command line have the same names."""

RUN_DEFAULTS: dict[str, Any] = {"fail-on": "error", "jobs": 0, "cache": True}
"""What holds for a run where nobody set anything."""

DEFAULTS = {
    "profile": '"default"',
    "select": "[]（全部规则）",
    "ignore": "[]",
    "year": "按报告写的年度",
    "organ-level": "按报告写的单位",
    "as-of": "报告年度的最后一天",
    "rules-dir": "自带的规则",
    "rules": "[]（不加本地清单）",
    "region": "不限地区",
    "enforcement": '"unknown"',
    "model": '"auto"',
    "ocr": "false",
    "limits": "见说明",
    "fail-on": '"error"',
    "jobs": "0（自动）",
    "cache": "true",
    "waivers": '"fazhi-waivers.yaml"（有就用）',
    "baseline": '"fazhi-baseline.json"（有就用）',
    "exclude": "[]",
}
"""What holds where nobody set anything, in words."""
