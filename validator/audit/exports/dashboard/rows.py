"""Files of an audit → compact JSON for the script of the dashboard: one letter for each rule, names by number."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from validator.audit.exports.dashboard.tally import Tally, name_level, order_level
from validator.audit.read import Audit
from validator.audit.records import FileRow, RuleInfo, RuleOutcome
from validator.reporters.page.safe import embed_json
from validator.reporters.words import OUTCOME_MARKS
from validator.result import Outcome

LETTERS: dict[Outcome, str] = {"pass": "p", "fail": "f", "review": "r", "not_applicable": "n", "error": "e"}
"""An outcome in one letter; a capital says that a reviewer changed it, a full stop that there is none."""

MARKS = {**{letter: OUTCOME_MARKS[outcome] for outcome, letter in LETTERS.items()}, ".": ""}
"""The mark for each letter."""


def pack(audit: Audit, tally: Tally, pages: Collection[int], advance: Callable[[], None]) -> Iterator[str]:
    """Yield pieces of JSON: the files, then the names that they give by number.

    A report is ``[number, organ, level, region, year, folder, name, outcome, failed, warned, doubts, has a page, rules,
    notes]``; ``outcome`` is a letter as for a rule. The files come in the order of ``Audit.files``.

    Args:
        audit: the audit.
        tally: its files, counted; its year is shown first.
        pages: the numbers of the files that have a page.
        advance: called after each file.
    """
    rules = audit.rules()
    levels = dict.fromkeys(name_level(level) for level in sorted(tally.by_level, key=order_level))
    names: tuple[dict[str, int], ...] = ({name: i for i, name in enumerate(levels)}, {}, {})
    yield '{"files":['
    before = "\n"
    for row, outcomes in audit.outcomes():
        if not row.attachment:
            yield before + _dump(_fields(row, outcomes, rules, names, row.id in pages))
            before = ",\n"
        advance()
    known, regions, folders = (list(found) for found in names)
    told = [[r.id, r.title, r.severity] for r in rules]
    yield f'\n],"rules":{_dump(told)},"levels":{_dump(known)},"regions":{_dump(regions)},'
    yield f'"folders":{_dump(folders)},"focus":{_dump(tally.focus)}}}'


def mark(outcome: RuleOutcome | None) -> str:
    """Return the letter of a rule for a file."""
    return "." if outcome is None else _letter(outcome.outcome, outcome.decided)


def _fields(
    row: FileRow,
    outcomes: Mapping[str, RuleOutcome],
    rules: Sequence[RuleInfo],
    names: tuple[dict[str, int], ...],
    has_page: bool,
) -> list[object]:
    levels, regions, folders = names
    folder, slash, name = row.path.rpartition("/")
    notes = [*([row.error] if row.error else []), *row.who.notes]
    fields: list[object] = [
        row.id,
        row.who.organ or "",
        _number(levels, name_level(row.who.level)),
        _number(regions, row.who.region or ""),
        row.who.year or 0,
        _number(folders, folder + slash),
        name,
        _letter(row.outcome, row.decided),
        row.failed,
        row.warned,
        row.doubts,
        int(has_page),
        "".join(mark(outcomes.get(rule.id)) for rule in rules),
    ]
    return [*fields, notes] if notes else fields


def _letter(outcome: Outcome, decided: Outcome) -> str:
    letter = LETTERS[decided]
    return letter if outcome == decided else letter.upper()


def _number(known: dict[str, int], name: str) -> int:
    return known.setdefault(name, len(known))


def _dump(value: object) -> str:
    return embed_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
