"""One configuration file, with the files it extends: every value with where it is written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from validator.errors import OptionError
from validator.settings.keys import KEYS
from validator.settings.reading import plain_absolute, read_small

OWN_NAME = "fazhi.toml"
SHARED_NAME = "pyproject.toml"
_MOST_EXTENDED = 10


class Setting(NamedTuple):
    """A value and where it is written, in words."""

    value: Any
    origin: str


Settings = Mapping[str, Setting]
"""Settings by name; what nobody set is not there."""


@dataclass(frozen=True, slots=True)
class Override:
    """Settings for some files: patterns as in a .gitignore file, relative to ``folder``."""

    patterns: tuple[str, ...]
    folder: Path
    settings: Settings


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A configuration file with what it extends already merged in. ``files`` are all files read, its own last."""

    path: Path
    settings: Settings
    overrides: tuple[Override, ...]
    files: tuple[Path, ...]


def find_config(folder: Path) -> Path | None:
    """Return the configuration file that stands directly in a folder, if any."""
    if os.path.lexists(folder / OWN_NAME):  # also a broken link: it is not passed over in silence
        return folder / OWN_NAME
    shared = folder / SHARED_NAME
    if shared.is_file() and _table(shared) is not None:
        return shared
    return None


def read_config(path: Path) -> ConfigFile:
    """Read a configuration file and those it extends.

    Raises:
        OptionError: a file cannot be read, has an unknown key or a wrong value, or extends itself.
    """
    return _read(path, ())


def _read(path: Path, above: tuple[Path, ...]) -> ConfigFile:
    if path in above or len(above) > _MOST_EXTENDED:
        raise OptionError(f"{show(above[-1])}：extends 绕回了 {show(path)}，或者套得太深。")
    table = _table(path)
    if table is None:
        raise OptionError(f"{show(path)}：里面没有 [tool.fazhi] 这一节。")
    folder = path.parent
    known = [*KEYS, "extends", "overrides"]
    own = dict(_values(path, {k: v for k, v in table.items() if k not in ("extends", "overrides")}, known, ""))
    base = ConfigFile(path, {}, (), ())
    if "extends" in table:
        named = table["extends"]
        if not isinstance(named, str) or not named.strip() or not named.isprintable():
            raise OptionError(f"{show(path)}：extends 应是一个文件的路径。")
        base = _read(plain_absolute(folder / named), (*above, path))
    overrides = tuple(_overrides(path, table.get("overrides", []), known))
    return ConfigFile(path, merge(base.settings, own), (*base.overrides, *overrides), (*base.files, path))


def merge(under: Settings, over: Settings) -> dict[str, Setting]:
    """Return settings in which the second win; limits are merged one by one."""
    merged = {**under, **over}
    if "limits" in under and "limits" in over:
        both = {**under["limits"].value, **over["limits"].value}
        merged["limits"] = Setting(both, f"{over['limits'].origin}，其余来自{under['limits'].origin}")
    return merged


def _overrides(path: Path, tables: object, known: list[str]) -> Iterator[Override]:
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise OptionError(f"{show(path)}：overrides 应写成 [[overrides]]，可以有多个。")
    for number, table in enumerate(tables, 1):
        where = f"第{number}个 [[overrides]]"
        patterns = table.get("paths")
        if not isinstance(patterns, list) or not patterns or not all(isinstance(p, str) and p for p in patterns):
            raise OptionError(f'{show(path)}：{where}里的 paths 应是路径的列表，例如 paths = ["2023/"]。')
        values = {k: v for k, v in table.items() if k != "paths"}
        settings = dict(_values(path, values, [*(k for k in known if k in KEYS), "paths"], where))
        for key in settings:
            if KEYS[key].of_run:
                raise OptionError(f"{show(path)}：{where}里不能写 {key}，它管的是整次检查。")
        yield Override(tuple(patterns), path.parent, settings)


def _values(path: Path, table: Mapping[str, Any], known: list[str], where: str) -> Iterator[tuple[str, Setting]]:
    for name, value in table.items():
        at = f"{show(path)} {where}" if where else f"{show(path)}{_line_of(path, name)}"
        if name == "tool" and path.name == OWN_NAME:
            raise OptionError(f"{at}：{OWN_NAME} 里不用写 [tool.fazhi]，直接写设置。")
        if name not in KEYS:
            raise OptionError(f"{at}：不认识“{name}”。{suggest(name, known)}")
        try:
            yield name, Setting(KEYS[name].read(value, path.parent), at)
        except ValueError as exc:
            raise OptionError(f"{at}：{name} {exc}。") from None


def suggest(name: str, known: list[str]) -> str:
    """Return which known name was probably meant, or all of them."""
    plain = {k.lower(): k for k in known}
    near = get_close_matches(name.replace("_", "-").lower(), list(plain), n=1, cutoff=0.6)
    return f"是不是“{plain[near[0]]}”？" if near else f"可用：{'、'.join(known)}。"


def _table(path: Path) -> dict[str, Any] | None:
    """Return the settings in a file; ``None`` where a shared file has none of ours."""
    import tomllib

    try:
        data = tomllib.loads(_read_text(path))
    except UnicodeDecodeError:
        raise OptionError(f"{show(path)} 不是 UTF-8 编码，请另存为 UTF-8。") from None
    except RecursionError:
        raise OptionError(f"{show(path)}：括号套得太深。") from None
    except tomllib.TOMLDecodeError as exc:
        raise OptionError(
            f"{show(path)}{_place_of(str(exc))}：不合 TOML 的写法，请检查引号、括号和等号，名字也不能重复。"
        ) from None
    except ValueError:
        raise OptionError(f"{show(path)}：里面有太大的数。") from None
    if path.name != SHARED_NAME:
        return data
    tools = data.get("tool")
    table = tools.get("fazhi") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise OptionError(f"{show(path)}：tool.fazhi 应是一节，写成 [tool.fazhi]。")
    return table


def _read_text(path: Path) -> str:
    return read_small(path, f"设置文件 {show(path)} ").decode("utf-8-sig")


def _place_of(message: str) -> str:
    found = re.search(r"at line (\d+), column (\d+)", message)
    return f" 第{found[1]}行第{found[2]}字" if found else ""


def _line_of(path: Path, name: str) -> str:
    """Return the first line of a file that sets a name, in words; the TOML reader keeps no lines."""
    pattern = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=|\s*\[+[\w.]*\b{re.escape(name)}\]""")
    lines = _read_text(path).splitlines()
    return next((f" 第{n}行" for n, line in enumerate(lines, 1) if pattern.match(line)), "")


def show(path: Path) -> str:
    """Return a path as people write it: relative to the current folder where it stands below it."""
    try:
        here = Path.cwd()
        shown = path.relative_to(here).as_posix() if here != Path(here.anchor) else path.as_posix()
    except ValueError:
        shown = path.as_posix()
    return shown.encode("utf-8", "replace").decode()
