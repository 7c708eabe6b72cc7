"""The text of a report in an editor → what was found in it, with the replacements that can be written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from validator.editor.engines import Way
from validator.editor.text_map import TextMap, encode_text
from validator.engine import MOST_FINDINGS, OTHER_GENRE, evaluate
from validator.errors import ValidatorError
from validator.fixing import Edit, find_edits
from validator.loaders.text import load_text
from validator.normalise import normalise
from validator.result import FileResult
from validator.runner import Checker


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """One version of a document with its result. ``edits`` are all safe replacements, also those not shown."""

    text: TextMap
    version: int | None
    result: FileResult
    edits: tuple[Edit, ...] = ()


def check_report(way: Way, name: str, text: TextMap, version: int | None = None) -> CheckedReport:
    """Check the text of an editor. ``name`` decides by its ending how it is read; the file itself is not opened."""
    data = encode_text(text.text)
    with Checker(way.engine, all_findings=way.wants_all) as checker:
        result = way.accept(checker.check_bytes(name, data))
    return CheckedReport(text, version, result, _find_edits(way, name, data, result))


def is_other_genre(result: FileResult) -> bool:
    """Tell whether a text is no such report at all."""
    return any(r.reason == OTHER_GENRE for r in result.rules)


def drop_accepted(result: FileResult) -> FileResult:
    """Return a result without what was waived or is in the baseline."""
    rules = tuple(
        replace(r, findings=tuple(f for f in r.findings if not f.known)) for r in result.rules if not r.is_accepted
    )
    return replace(result, rules=rules)


def _find_edits(way: Way, name: str, data: bytes, result: FileResult) -> tuple[Edit, ...]:
    """Return the safe replacements of a report; where a rule stopped at its first findings it is asked for all."""
    writable = [r for r in result.rules if any(f.replacement is not None for f in r.findings)]
    if not writable or result.errors or is_other_genre(result):
        return ()
    try:
        raw = load_text(name, data)
        if any(len(r.findings) >= MOST_FINDINGS for r in writable):
            result = way.accept(evaluate(way.engine, normalise(raw), all_findings=True))
        return find_edits(raw, drop_accepted(result))
    except (ValidatorError, ArithmeticError, LookupError, TypeError, ValueError):
        return ()  # what was found is shown all the same
