"""What reviewers decide: the filled-in review sheet → decisions → the outcomes that count after them.

The sheet is the one that ``exports.workbook`` writes, or its columns as CSV. Columns are found by their headings, since
table programs let people move them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from validator.audit.records import GENRE_RULE, Decision, Verb
from validator.errors import OptionError, explain_os_error, plain
from validator.reporters.words import OUTCOME_WORDS
from validator.result import Outcome

SHEET = "复核"
"""The name of the sheet to fill in; further ones have a number in brackets behind it."""
VERB_WORDS: dict[Verb, str] = {"confirm": "确认", "dismiss": "驳回", "override": "改判"}
WITHDRAW = "撤回"
"""What takes a decision back. It is no decision itself and never kept."""
SETTABLE: tuple[Outcome, ...] = ("pass", "fail", "review", "not_applicable")
"""What a reviewer may set."""
PATH, RULE, MARK = "文件", "规则", "指纹"
VERB, SET_TO, REASON, REVIEWER, DAY = "处理", "改判为", "理由", "复核人", "日期"
_NEEDED = (PATH, RULE, MARK, VERB)
_KNOWN = (*_NEEDED, SET_TO, REASON, REVIEWER, DAY)
_DECIDING = (VERB, SET_TO, REASON)
"""Who writes one of these in a row means to decide. Who and when may be filled in down the whole sheet."""
_VERBS = {word: verb for verb, word in VERB_WORDS.items()}
_OUTCOMES = {OUTCOME_WORDS[outcome]: outcome for outcome in SETTABLE}
_RANK: dict[Outcome, int] = {"fail": 3, "review": 2, "pass": 1, "not_applicable": 0}
_NAME = re.compile(rf"{SHEET}(?: ?[（(]\d+[)）])?")
_MARK = re.compile(r"[0-9a-f]{16}")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
_HEADING_WITHIN = 20
_FEWEST_HEADINGS = 2
"""A row with fewer of our headings is no heading row with columns missing."""
_MOST_ERRORS = 10
_GUARDED = re.compile(r"'[=+\-@\t\r＝＋－＠]")


class Target(NamedTuple):
    """What a decision is about: a finding, or (empty ``fingerprint``) a rule for a file."""

    path: str
    rule: str
    fingerprint: str


class Review(NamedTuple):
    """What a review sheet says: decisions, and what decisions are taken back from; each in the order of the targets.

    ``places`` says where in the sheet each target stands, in the order of the rows; empty: there is no sheet.
    """

    decisions: tuple[Decision, ...]
    withdrawn: tuple[Target, ...] = ()
    places: Mapping[Target, str] = MappingProxyType({})


class _Row(NamedTuple):
    """One filled-in row: where it stands, and its cells by heading."""

    where: str
    cells: Mapping[str, object]


def write_key(path: str) -> str:
    """Return a path as the review sheet keeps it: as it is, or as a JSON string where a cell would change it."""
    return path if path.isprintable() and path == path.strip() and not path.startswith('"') else json.dumps(path)


def read_key(text: str) -> str:
    """Return the path that ``write_key`` wrote.

    Raises:
        ValueError: it was changed.
    """
    if not text.startswith('"'):
        return text.strip()
    path = json.loads(text)
    if not isinstance(path, str):
        raise ValueError(text)
    return path


def read_decisions(path: Path, *, reviewer: str | None, day: str, rules: Collection[str] | None = None) -> Review:
    """Read the decisions of a filled-in review sheet. Rows where nothing was decided are passed over.

    In a row that takes a decision back, what else was decided does not count: it is what the sheet was written with.

    Args:
        path: the workbook (``.xlsx``), or a CSV file with the same headings (UTF-8 or GB 18030).
        reviewer: who decided, where a row does not say it.
        day: the ISO day of the decision, where a row does not say it.
        rules: the rules that exist; ``None``: any.

    Raises:
        OptionError: the file cannot be read, or a row is wrong. All wrong rows are told (ten at most); none is taken.
    """
    rows = _read_csv(path) if path.suffix.lower() == ".csv" else _read_workbook(path)
    found: dict[Target, tuple[Decision | None, str]] = {}
    wrong: list[str] = []
    for row in rows:
        try:
            target, decision = _read_row(row.cells, reviewer, day, rules)
            before, where = found.setdefault(target, (decision, row.where))
            if _effect(before) != _effect(decision):
                raise ValueError(f"与{where}是同一处，处理却不同")
        except ValueError as exc:
            wrong.append(f"{row.where}：{exc}。")
    if wrong:
        more = f"还有{len(wrong) - _MOST_ERRORS}行有错。" if len(wrong) > _MOST_ERRORS else ""
        raise OptionError(f"{path} 有错，一行也没有导入。{''.join(wrong[:_MOST_ERRORS])}{more}")
    ordered = [(target, found[target][0]) for target in sorted(found)]
    return Review(
        tuple(d for _, d in ordered if d is not None),
        tuple(t for t, d in ordered if d is None),
        {target: where for target, (_, where) in found.items()},
    )


def _effect(decision: Decision | None) -> tuple[Verb, Outcome | None] | None:
    return None if decision is None else (decision.verb, decision.outcome)


def _read_row(
    cells: Mapping[str, object], reviewer: str | None, day: str, rules: Collection[str] | None
) -> tuple[Target, Decision | None]:
    """Return what a row is about, and what is decided; nothing where a decision is taken back."""
    text = {name: plain(str(value)) for name, value in cells.items() if value is not None}
    word = text.get(VERB, "")
    if not word:
        raise ValueError(f"写了{'和'.join(n for n in (SET_TO, REASON) if text.get(n))}，没有写{VERB}")
    if word not in _VERBS and word != WITHDRAW:
        raise ValueError(f"处理应是{'、'.join((*_VERBS, WITHDRAW))}之一，现在是“{word}”")
    rule, mark, reason = text.get(RULE, "").upper(), text.get(MARK, ""), text.get(REASON, "")
    try:
        path = read_key(str(cells.get(PATH) or ""))
    except ValueError:
        raise ValueError("文件这一格被改动过，请照原表填回") from None
    if not path or not rule:
        raise ValueError("文件或规则这一格是空的，无法对应，请照原表填回")
    if rules is not None and rule not in rules:
        raise ValueError(f"没有规则“{rule}”")
    if mark and not _MARK.fullmatch(mark):
        raise ValueError("指纹这一格被改动过，请照原表填回")
    target = Target(path, rule, mark)
    if word == WITHDRAW:
        return target, None
    verb = _VERBS[word]
    if verb != "confirm" and not reason:
        raise ValueError(f"{word}要写理由")
    name = text.get(REVIEWER, "") or plain(reviewer or "")
    if not name:
        raise ValueError("没有写复核人")
    outcome = _outcome(verb, text.get(SET_TO, ""))
    return target, Decision(*target, verb, outcome, reason, name, _day(cells.get(DAY), day))


def _outcome(verb: Verb, word: str) -> Outcome | None:
    if verb != "override":
        if word:
            raise ValueError(f"处理不是改判，改判为却写了“{word}”")
        return None
    if word not in _OUTCOMES:
        raise ValueError(f"改判为应是{'、'.join(_OUTCOMES)}之一，现在是“{word}”")
    return _OUTCOMES[word]


def _day(value: object, given: str) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    text = plain(str(value)).replace(" ", "") if value is not None else ""
    if not text:
        return given
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        month, last = (found[2], found[3]) if found[2] else (found[4], found[5])
        return date(int(found[1]), int(month), int(last)).isoformat()
    except ValueError:
        raise ValueError(f"日期应写成2025-05-06这样，现在是“{text}”") from None


def _read_workbook(path: Path) -> Iterator[_Row]:
    from warnings import catch_warnings, simplefilter
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with catch_warnings():
        simplefilter("ignore")  # what openpyxl says about styles that it does not keep is of no use here
        try:
            book = load_workbook(path, read_only=True, data_only=True)
        except OSError as exc:
            raise OptionError(f"{path} 读不出来（{explain_os_error(exc)}）。") from exc
        except (BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError):
            raise OptionError(f"{path} 读不出来，应是 .xlsx 表格。") from None
        try:
            sheets = [s for s in book.worksheets if _NAME.fullmatch(s.title)]
            if not sheets:
                raise OptionError(f"{path} 里没有名为“{SHEET}”的表。")
            for sheet in sheets:
                yield from _rows(sheet.iter_rows(values_only=True), path, f"“{sheet.title}”表")
        finally:
            book.close()


def _read_csv(path: Path) -> Iterator[_Row]:
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise OptionError(f"{path} 读不出来（{explain_os_error(exc)}）。") from exc
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # as table programs save CSV on a Chinese system
        except UnicodeDecodeError:
            raise OptionError(f"{path} 不是 UTF-8 或 GB 18030 编码的文字。") from None
    try:
        yield from _rows(([_unguard(c) for c in row] for row in csv.reader(io.StringIO(text))), path, "")
    except csv.Error:
        raise OptionError(f"{path} 不是 CSV 表格。") from None


def _unguard(cell: str) -> str:
    """Take off the mark that keeps a cell of ours from being a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _rows(table: Iterable[Sequence[object]], path: Path, name: str) -> Iterator[_Row]:
    columns: dict[str, int] = {}
    headings: dict[str, int] = {}
    for number, cells in enumerate(table, 1):
        if not columns:
            headings = max(headings, _columns(cells), key=len)
            if set(_NEEDED) <= headings.keys():
                columns = headings
            elif number >= _HEADING_WITHIN:
                break
            continue
        found = {h: _unescape(cells[c]) for h, c in columns.items() if c < len(cells)}
        if any(plain(str(found.get(h) or "")) for h in _DECIDING):
            yield _Row(f"{name}第{number}行", found)
    if not columns:
        if len(headings) < _FEWEST_HEADINGS:
            raise OptionError(f"{path} {name}里没有标题行，其中应有{'、'.join(_NEEDED)}各列。")
        missing = [f"“{h}”" for h in _NEEDED if h not in headings]
        raise OptionError(f"{path} {name}缺{'、'.join(missing)}{'各列' if missing[1:] else '一列'}，请照原表补上。")


def _columns(cells: Sequence[object]) -> dict[str, int]:
    """Return the columns of a row by the headings that are in it."""
    words = [plain(str(c)) if c is not None else "" for c in cells]
    return {h: words.index(h) for h in _KNOWN if h in words}


def _unescape(value: object) -> object:
    from openpyxl.utils.escape import unescape

    return unescape(value) if isinstance(value, str) and "_x" in value else value


def decide(outcome: Outcome, findings: Sequence[tuple[str, Outcome]], decisions: Mapping[str, Decision]) -> Outcome:
    """Return the outcome of a rule for a file after the reviewer's decisions.

    A decision on the rule as a whole goes before those on its findings. What could not be checked and what does not
    apply is changed only by setting the rule as a whole to another outcome.

    Args:
        outcome: the tool's.
        findings: fingerprint and outcome of each finding of the rule.
        decisions: those on this rule and file by fingerprint; the empty one is about the rule as a whole.
    """
    whole = decisions.get("")
    if whole is not None and whole.verb == "override" and whole.outcome is not None:
        return whole.outcome
    if outcome in ("error", "not_applicable"):
        return outcome
    if whole is not None:
        return "pass" if whole.verb == "dismiss" else outcome
    if all(mark not in decisions or decisions[mark].verb == "confirm" for mark, _ in findings):
        return outcome
    left = [_set(found, decisions.get(mark)) for mark, found in findings]
    return max((o for o in left if o is not None), key=lambda o: _RANK.get(o, 0), default="pass")


def _set(found: Outcome, decision: Decision | None) -> Outcome | None:
    if decision is None or decision.verb == "confirm":
        return found
    return decision.outcome if decision.verb == "override" else None


def keep_decisions(base: sqlite3.Connection, decisions: Iterable[Decision]) -> None:
    """Write decisions into the database, over earlier ones on the same thing, in the caller's transaction."""
    base.executemany(
        "INSERT OR REPLACE INTO decision (path, rule, fingerprint, verb, outcome, reason, reviewer, day)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((d.path, d.rule, d.fingerprint, d.verb, d.outcome, d.reason, d.reviewer, d.day) for d in decisions),
    )


def drop_decisions(base: sqlite3.Connection, targets: Iterable[Target]) -> None:
    """Remove decisions from the database, in the caller's transaction."""
    base.executemany("DELETE FROM decision WHERE path = ? AND rule = ? AND fingerprint = ?", targets)


def settle(base: sqlite3.Connection) -> None:
    """Write what every rule and file comes to after the decisions, in the caller's transaction.

    A file that could not be read has the outcome ``error`` for every rule: it stays so until each of them is set. To an
    attachment no rule applies, until a reviewer decides on the rule that says whether it is a report.
    """
    base.execute("UPDATE outcome SET decided = outcome WHERE decided != outcome")
    base.executemany("UPDATE outcome SET decided = ? WHERE file = ? AND rule = ?", list(_decided(base)))
    base.execute(
        f"UPDATE outcome SET decided = 'not_applicable' WHERE file IN (SELECT f.id FROM file f WHERE {_APART})"
    )
    base.execute(_SETTLE_FILES)


def _decided(base: sqlite3.Connection) -> Iterator[tuple[Outcome, int, str]]:
    """Yield the outcome of each rule and file that has a decision."""
    rows = base.execute(
        "SELECT f.id, o.outcome, d.path, d.rule, d.fingerprint, d.verb, d.outcome, d.reason, d.reviewer, d.day"
        " FROM decision d JOIN file f ON f.path = d.path JOIN outcome o ON o.file = f.id AND o.rule = d.rule"
        " ORDER BY f.id, d.rule, d.fingerprint"
    )
    for (file, outcome, rule), group in groupby(rows, key=lambda row: (row[0], row[1], row[3])):
        decisions = {row[4]: Decision(*row[2:]) for row in group}
        findings = base.execute(
            "SELECT fingerprint, outcome FROM finding WHERE file = ? AND rule = ? ORDER BY number", (file, rule)
        ).fetchall()
        yield decide(outcome, findings, decisions), file, rule


_APART = f"f.attachment = 1 AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.path = f.path AND d.rule = '{GENRE_RULE}')"
"""Attachments, unless a reviewer decided on whether they are reports."""
_SETTLE_FILES = f"""
UPDATE file SET
  failed = coalesce(s.failed, 0), warned = coalesce(s.warned, 0), doubts = coalesce(s.doubts, 0),
  decided = CASE
    WHEN {_APART} THEN 'not_applicable'
    WHEN coalesce(s.broken, 0) > 0 OR (file.outcome = 'error' AND coalesce(s.was_broken, 0) = 0) THEN 'error'
    WHEN s.failed > 0 THEN 'fail' WHEN s.unsure > 0 THEN 'review' ELSE 'pass' END
FROM file f LEFT JOIN (
  SELECT o.file,
    sum(o.decided = 'error') AS broken, sum(o.outcome = 'error') AS was_broken,
    sum(o.decided = 'fail' AND r.severity = 'error') AS failed,
    sum(o.decided = 'fail' AND r.severity != 'error') AS warned,
    sum(o.decided = 'review') AS doubts, sum(o.decided = 'review' AND r.severity = 'error') AS unsure
  FROM outcome o JOIN rule r ON r.id = o.rule GROUP BY o.file
) s ON s.file = f.id
WHERE file.id = f.id AND file.state = 'done'
"""
"""Counts and outcomes of all files at once: ``error`` wins, then a mandatory ``fail``, then a mandatory ``review``.

A file that is an ``error`` though all its rules ran (its year is unknown) stays one.
"""
