"""The waiver file, and results with what it waives: outcomes stay as they are and lose their effect."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from validator.errors import OptionError, RuleFileError
from validator.result import FileResult, RuleResult, Waiver, WaiverState, WaiverUse, file_outcome
from validator.settings.files import show, suggest
from validator.settings.ignore import Patterns
from validator.yaml_file import YamlFile, read_yaml

REQUIRED = ("rule", "path", "reason", "approver", "expires")
KEYS = (*REQUIRED, "evidence")
_RULE = re.compile(r"[A-Z]\d{3}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A waiver of a waiver file: the line it begins at, its last day, and the files it means."""

    waiver: Waiver
    line: int
    last_day: date
    patterns: Patterns


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
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise OptionError(f"豁免文件 {name} 读不出来（{exc.strerror}）。") from exc
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
        said[key] = " ".join(value.split())
    try:
        last_day = date.fromisoformat(said["expires"])
    except ValueError:
        raise file.error((*place, "expires"), "expires 应是日期，例如 2026-12-31") from None
    if not _RULE.fullmatch(said["rule"]):
        raise file.error((*place, "rule"), f"rule 应是一个规则编号，例如 P113，现在是“{said['rule']}”")
    waiver = Waiver(said["rule"], said["path"], said["reason"], said["approver"], said["expires"], said.get("evidence"))
    return Entry(waiver, file.marks.get(place, (1, 1))[0], last_day, Patterns(folder, [said["path"]]))


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
    results = tuple(_apply(file, in_force, used, seen) for file in files)
    for index, entry in in_force:
        if index in used:
            states[index] = "used"
        elif index in seen or _is_gone(entry, waivers.folder):
            states[index] = "unused"
    uses = tuple(
        WaiverUse(e.waiver, states[i], waivers.name, e.line) for i, e in enumerate(waivers.entries) if i in states
    )
    return results, uses


def _apply(file: FileResult, entries: Iterable[tuple[int, Entry]], used: set[int], seen: set[int]) -> FileResult:
    meant = [(i, e) for i, e in entries if e.patterns.match(file.path)]
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


def _is_gone(entry: Entry, folder: Path) -> bool:
    """Tell whether a waiver names one file, and that file does not exist. Of files not checked nothing else is said."""
    path = entry.waiver.path
    is_plain = not set(path) & set("*?[!") and not path.endswith("/")
    return is_plain and not (folder / path).exists() and not any((folder / p).is_file() for p in _above(path))


def _above(path: str) -> Iterable[str]:
    """Return the paths above a path: a file there is an archive, and the path leads into it."""
    return [p.as_posix() for p in Path(path).parents if p.as_posix() != "."]


def render_waiver(waiver: Waiver) -> str:
    """Return a waiver as the lines of an entry, for the end of a waiver file."""
    lines = []
    for mark, key in zip(("  - ", *["    "] * len(KEYS)), KEYS, strict=False):
        value = getattr(waiver, key)
        if value is not None:
            lines.append(f"{mark}{key}: {_quote(value)}")
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """Return a text in double quotes, as YAML and JSON write it."""
    import json

    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def add_waiver(path: Path, waiver: Waiver) -> None:
    """Write a waiver to the end of a waiver file, which is made if need be; what stands there stays as it is.

    Raises:
        OptionError: the file cannot be written, or what would be written could not be read.
        RuleFileError: the file is wrong already.
    """
    before = "waivers:\n"
    if path.exists():
        read_waivers(path)
        text = path.read_bytes().decode("utf-8")
        before = text if text.endswith("\n") or not text else text + "\n"
        if not re.search(r"^waivers:", before, re.M):
            before += "waivers:\n"
        before = re.sub(r"^waivers:[ \t]*\[[ \t]*\][ \t]*$", "waivers:", before, flags=re.M)
    indent = re.search(r"^( *)- ", before, re.M)
    entry = render_waiver(waiver)
    if indent is not None and indent[1] != "  ":
        entry = "".join(f"{indent[1]}{line[2:]}\n" for line in entry.splitlines())
    text = before + entry
    try:
        count = len(_require_readable(path, text))
    except RuleFileError as exc:
        raise OptionError(f"{show(path)} 的写法不便追加，请手工加上：\n{entry}") from exc
    if path.exists() and count != len(read_waivers(path).entries) + 1:
        raise OptionError(f"{show(path)} 的写法不便追加，请手工加上：\n{entry}")
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as exc:
        raise OptionError(f"{show(path)} 写不进去（{exc.strerror}）。") from exc


def _require_readable(path: Path, text: str) -> list[object]:
    data = read_yaml(show(path), text.encode()).data
    items = data.get("waivers") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise RuleFileError(show(path), 1, 1, "waivers 应是列表")
    return items
