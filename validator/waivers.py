"""The waiver file, and results with what it waives: outcomes stay as they are and lose their effect."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from validator.errors import OptionError, RuleFileError
from validator.result import FileResult, RuleResult, Waiver, WaiverState, WaiverUse, file_outcome
from validator.settings.files import show, suggest
from validator.settings.ignore import Patterns, is_gone, relative_to
from validator.settings.reading import read_small, write_whole
from validator.yaml_file import YamlFile, read_yaml

REQUIRED = ("rule", "path", "reason", "approver", "expires")
KEYS = (*REQUIRED, "evidence")
_MAGIC = frozenset("*?[")
_ESCAPED = re.compile(r"\\[*?\[]")
_MOST_ENTRIES = 2000
_RULE = re.compile(r"[A-Z]\d{3}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A waiver of a waiver file: the line it begins at, its last day, and its pattern where it has one.

    Without a pattern it means the one file of its path.
    """

    waiver: Waiver
    line: int
    last_day: date
    patterns: Patterns | None

    def means(self, inside: str) -> bool:
        """Tell whether a path, relative to the folder of the waiver file, is meant."""
        return inside == self.waiver.path if self.patterns is None else self.patterns.match_inside(inside)


@dataclass(frozen=True, slots=True)
class WaiverFile:
    """A waiver file that was read. ``name`` is shown."""

    name: str
    folder: Path
    entries: tuple[Entry, ...]


def read_waivers(path: Path) -> WaiverFile:
    """Read a waiver file.

    Raises:
        OptionError: it cannot be read.
        RuleFileError: it is no YAML, or an entry lacks something or has something unknown or wrong.
    """
    name = show(path)
    data = read_small(path, f"豁免文件 {name} ")
    file = read_yaml(name, data)
    table = file.data if file.data is not None else {"waivers": []}
    if not isinstance(table, dict):
        raise file.error((), "应以 waivers: 开头，下面每条豁免以 - 开头")
    for key in table:
        if key != "waivers":
            raise file.error((key,), f"不认识的键 {key}。{suggest(str(key), ['waivers'])}")
    items = table.get("waivers") or []
    if not isinstance(items, list):
        raise file.error(("waivers",), "waivers 应是列表，每条以 - 开头")
    if len(items) > _MOST_ENTRIES:
        raise file.error(("waivers", _MOST_ENTRIES), f"豁免不能多于{_MOST_ENTRIES}条")
    return WaiverFile(name, path.parent, tuple(_entry(file, path.parent, i, item) for i, item in enumerate(items)))


def _entry(file: YamlFile, folder: Path, index: int, item: object) -> Entry:
    place = ("waivers", index)
    if not isinstance(item, dict):
        raise file.error(place, "每条豁免应写明 rule、path、reason、approver、expires")
    for key in item:
        if key not in KEYS:
            raise file.error((*place, key), f"不认识的键 {key}。{suggest(str(key), list(KEYS))}")
    said: dict[str, str] = {}
    for key in KEYS:
        value = item.get(key)
        if value is None and key == "evidence":
            continue
        if isinstance(value, date) and key == "expires":
            value = value.isoformat()
        if not isinstance(value, str) or not value.strip():
            raise file.error((*place, key), f"缺少 {key}" if value is None else f"{key} 应是不空的文字")
        if key == "path" and not value.isprintable():
            raise file.error((*place, key), "path 里有换行或控制字符")
        said[key] = value if key == "path" else " ".join(value.split())
    try:
        last_day = date.fromisoformat(said["expires"])
    except ValueError:
        raise file.error((*place, "expires"), "expires 应是日期，例如 2026-12-31") from None
    if not _RULE.fullmatch(said["rule"]):
        raise file.error((*place, "rule"), f"rule 应是一个规则编号，例如 P113，现在是“{said['rule']}”")
    path = said["path"].removeprefix("./")
    if path in ("", ".", "..") or path.startswith(("/", "../")) or "\\" in _ESCAPED.sub("", path):
        raise file.error((*place, "path"), "path 应是豁免文件下面的路径，或通配符，例如 2023/*.md")
    waiver = Waiver(said["rule"], path, said["reason"], said["approver"], last_day.isoformat(), said.get("evidence"))
    return Entry(waiver, file.marks.get(place, (1, 1))[0], last_day, _pattern(folder, path))


def _pattern(folder: Path, path: str) -> Patterns | None:
    """Return the pattern that a path is, if it has wildcards or is a folder; it begins at the waiver file's folder."""
    return Patterns(folder, [f"/{path}"]) if set(path) & _MAGIC or path.endswith("/") else None


def apply_waivers(
    files: Sequence[FileResult],
    waivers: WaiverFile,
    *,
    today: date,
    rule_ids: Collection[str],
    not_waivable: Collection[str],
) -> tuple[tuple[FileResult, ...], tuple[WaiverUse, ...]]:
    """Return results with what is waived, and what became of each waiver.

    Args:
        files: the results of a run.
        waivers: the waiver file.
        today: waivers whose last day is before it have expired.
        rule_ids: the rules that exist.
        not_waivable: rules, or groups by their letter, that the profile does not allow to be waived.
    """
    states: dict[int, WaiverState] = {}
    in_force: list[tuple[int, Entry]] = []
    for index, entry in enumerate(waivers.entries):
        rule = entry.waiver.rule
        if rule not in rule_ids:
            states[index] = "unknown_rule"
        elif rule in not_waivable or rule[0] in not_waivable:
            states[index] = "not_allowed"
        elif entry.last_day < today:
            states[index] = "expired"
        else:
            in_force.append((index, entry))
    used: set[int] = set()
    seen: set[int] = set()
    results = tuple(_apply(file, waivers.folder, in_force, used, seen) for file in files)
    for index, entry in in_force:
        if index in used:
            states[index] = "used"
        elif index in seen or (entry.patterns is None and is_gone(entry.waiver.path, waivers.folder)):
            states[index] = "unused"
    uses = tuple(
        WaiverUse(e.waiver, states[i], waivers.name, e.line) for i, e in enumerate(waivers.entries) if i in states
    )
    return results, uses


def _apply(
    file: FileResult, folder: Path, entries: Iterable[tuple[int, Entry]], used: set[int], seen: set[int]
) -> FileResult:
    inside = relative_to(file.path, folder)
    meant = [(i, e) for i, e in entries if inside is not None and e.means(inside)]
    if not meant or file.errors:
        return file
    rules: list[RuleResult] = []
    for rule in file.rules:
        mine = [(i, e) for i, e in meant if e.waiver.rule == rule.id]
        seen.update(i for i, _ in mine)
        if mine and rule.outcome in ("fail", "review"):
            used.update(i for i, _ in mine)
            rules.append(replace(rule, waiver=max(mine, key=lambda m: m[1].last_day)[1].waiver))
        else:
            rules.append(rule)
    return replace(file, rules=tuple(rules), outcome=file_outcome(rules, file.errors))


def render_waiver(waiver: Waiver) -> str:
    """Return a waiver as the lines of an entry, for the end of a waiver file."""
    lines = []
    for mark, key in zip(("  - ", *["    "] * len(KEYS)), KEYS, strict=False):
        value = getattr(waiver, key)
        if value is not None:
            lines.append(f"{mark}{key}: {_quote(value if key == 'path' else ' '.join(value.split()))}")
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """Return a text in double quotes, as YAML and JSON write it."""
    import json

    return json.dumps(text, ensure_ascii=False)


def add_waiver(path: Path, waiver: Waiver) -> None:
    """Write a waiver to the end of a waiver file, which is made if need be; what stands there stays as it is.

    Raises:
        OptionError: the file cannot be written, or what would be written could not be read.
        RuleFileError: the file is wrong already.
    """
    before = "waivers:\n"
    known: tuple[Entry, ...] = ()
    if os.path.lexists(path):
        known = read_waivers(path).entries
        same = next((e for e in known if (e.waiver.rule, e.waiver.path) == (waiver.rule, waiver.path)), None)
        if same is not None:
            raise OptionError(f"{show(path)} 第{same.line}行已有这条豁免，请改那里的期限。")
        text = path.read_bytes().decode("utf-8")
        before = text if text.endswith("\n") or not text.strip("\ufeff") else text + "\n"
        if not re.search(r"^\ufeff?waivers:", before, re.M):
            before += "waivers:\n"
        before = re.sub(r"^(\ufeff?waivers:)[ \t]*\[[ \t]*\][ \t]*(\r?)$", r"\1\2", before, flags=re.M)
    indent = re.search(r"^( *)- ", before, re.M)
    entry = render_waiver(waiver)
    if indent is not None and indent[1] != "  ":
        entry = "".join(f"{indent[1]}{line[2:]}\n" for line in entry.splitlines())
    text = before + (entry.replace("\n", "\r\n") if "\r\n" in before else entry)
    by_hand = f"{show(path)} 的写法不便追加，请照 docs/repository.md 手工加上。"
    try:
        count = len(_require_readable(path, text))
    except RuleFileError as exc:
        raise OptionError(by_hand) from exc
    if count != len(known) + 1:
        raise OptionError(by_hand)
    write_whole(path, text, f"豁免文件 {show(path)} ")


def _require_readable(path: Path, text: str) -> list[object]:
    data = read_yaml(show(path), text.encode()).data
    items = data.get("waivers") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise RuleFileError(show(path), 1, 1, "waivers 应是列表")
    return items
