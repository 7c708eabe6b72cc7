"""The baseline: findings that are known and do not count. Each is named by its fingerprint, not by its line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from validator.errors import OptionError
from validator.result import BaselineUse, FileResult, Finding, KnownFinding, RuleResult, file_outcome
from validator.settings.files import show
from validator.settings.ignore import is_gone, relative_to
from validator.settings.reading import read_small

_VERSION = "1"
_MOST_BYTES = 16 * 1024 * 1024
_Key = tuple[str, str, str]


def collect(files: Sequence[FileResult], folder: Path, not_waivable: Collection[str] = ()) -> tuple[KnownFinding, ...]:
    """Return the findings of some results that would count: those of rules that are not waived and may be.

    Args:
        files: results with all their findings.
        folder: the folder of the baseline; paths are relative to it.
        not_waivable: rules, or groups by their letter, that always count.

    Raises:
        OptionError: a file could not be checked, or stands outside the folder.
    """
    found: dict[_Key, KnownFinding] = {}
    for file in files:
        if file.errors or file.outcome == "error":
            raise OptionError(f"{file.path} 未能检查，没有写基线。{file.errors[0] if file.errors else ''}")
        path = relative_to(file.path, folder)
        if path is None:
            raise OptionError(f"{file.path} 不在基线文件所在的文件夹 {show(folder)} 里，没有写基线。")
        for rule, finding in _counting(file, not_waivable):
            key = (path, rule.id, finding.fingerprint)
            before = found.get(key)
            count = before.count + 1 if before else 1
            found[key] = KnownFinding(path, rule.id, finding.fingerprint, finding.message, count)
    return tuple(found[key] for key in sorted(found))


def merge(
    old: Sequence[KnownFinding], new: Sequence[KnownFinding], files: Sequence[FileResult], folder: Path
) -> tuple[KnownFinding, ...]:
    """Return a baseline in which what was checked now is new, and the rest stays as it was."""
    checked = {(relative_to(f.path, folder), r.id) for f in files for r in f.rules}
    kept = [k for k in old if (k.path, k.rule) not in checked and not is_gone(k.path, folder)]
    return tuple(sorted((*kept, *new), key=lambda k: (k.path, k.rule, k.fingerprint)))


def _counting(file: FileResult, not_waivable: Collection[str]) -> Iterator[tuple[RuleResult, Finding]]:
    for rule in file.rules:
        if rule.outcome in ("fail", "review") and rule.waiver is None and not _is_named(rule.id, not_waivable):
            for finding in rule.findings:
                yield rule, finding


def _is_named(rule: str, names: Collection[str]) -> bool:
    """Tell whether a rule is among some rules and groups."""
    return rule in names or rule[0] in names


def render_baseline(known: Sequence[KnownFinding]) -> str:
    """Return a baseline as the text of its file: one finding a line, so that changes are easy to read."""
    lines = [json.dumps(_plain(k), ensure_ascii=False) for k in known]
    body = "\n    {}\n  ".format(",\n    ".join(lines)) if lines else ""
    return f'{{\n  "version": "{_VERSION}",\n  "findings": [{body}]\n}}\n'


def _plain(known: KnownFinding) -> dict[str, object]:
    return {
        "path": known.path,
        "rule": known.rule,
        "fingerprint": known.fingerprint,
        "count": known.count,
        "message": known.message,
    }


def read_baseline(path: Path) -> tuple[KnownFinding, ...]:
    """Read a baseline file.

    Raises:
        OptionError: it cannot be read, or is no baseline.
    """
    wrong = f"{show(path)} 不是基线文件，请用 fazhi baseline write 重新写。"
    raw = read_small(path, f"基线文件 {show(path)} ", _MOST_BYTES)
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise OptionError(wrong) from None
    if not isinstance(data, dict) or data.get("version") != _VERSION or not isinstance(data.get("findings"), list):
        raise OptionError(wrong)
    found = []
    for item in data["findings"]:
        names = ("path", "rule", "fingerprint", "message")
        if not isinstance(item, dict) or not all(_is_text(item.get(n)) for n in names):
            raise OptionError(wrong)
        count = item.get("count", 1)
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise OptionError(wrong)
        found.append(KnownFinding(item["path"], item["rule"], item["fingerprint"], item["message"], count))
    return tuple(found)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value) and not any("\ud800" <= c <= "\udfff" for c in value)


def apply_baseline(
    files: Sequence[FileResult], known: Sequence[KnownFinding], path: Path, not_waivable: Collection[str] = ()
) -> tuple[tuple[FileResult, ...], BaselineUse]:
    """Return results in which known findings are marked, and what the baseline did.

    A finding is resolved when its file was checked for its rule and does not have it any more, or is gone. Of files
    that were not checked nothing is said.

    Args:
        files: results with all their findings.
        known: the findings of the baseline.
        path: its file; paths are relative to its folder.
        not_waivable: rules, or groups by their letter, whose findings count although they are known.
    """
    left: Counter[_Key] = Counter({(k.path, k.rule, k.fingerprint): k.count for k in known})
    hidden = 0
    checked: set[tuple[str, str]] = set()
    results: list[FileResult] = []
    for file in files:
        place = relative_to(file.path, path.parent)
        if place is None or file.errors:
            results.append(file)
            continue
        checked |= {(place, r.id) for r in file.rules if r.outcome != "error"}
        rules = tuple(r if _is_named(r.id, not_waivable) else _mark(r, place, left) for r in file.rules)
        hidden += sum(f.known for r in rules for f in r.findings)
        results.append(replace(file, rules=rules, outcome=file_outcome(rules, file.errors)))
    resolved = []
    for item in known:
        rest = left[(item.path, item.rule, item.fingerprint)]
        if rest and ((item.path, item.rule) in checked or is_gone(item.path, path.parent)):
            resolved.append(replace(item, count=rest))
    return tuple(results), BaselineUse(show(path), hidden, tuple(resolved))


def _mark(rule: RuleResult, path: str, left: Counter[_Key]) -> RuleResult:
    if rule.outcome not in ("fail", "review"):
        return rule
    findings = []
    for finding in rule.findings:
        key = (path, rule.id, finding.fingerprint)
        if left[key] > 0:
            left[key] -= 1
            findings.append(replace(finding, known=True))
        else:
            findings.append(finding)
    # What is waived too is neither resolved nor known: it does not count for another reason.
    return rule if rule.waiver is not None else replace(rule, findings=tuple(findings))
