"""Bytes of a text file → corrected bytes: the safe replacements that findings carry, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import NamedTuple

from validator.document import RawDocument
from validator.engine import OTHER_GENRE, Engine, evaluate
from validator.errors import LoadError
from validator.loaders.text import load_text
from validator.normalise import normalise
from validator.result import FileResult

_MOST_PASSES = 5
"""One replacement may open the way for another; after so many passes nothing new is taken up."""


class Edit(NamedTuple):
    """One replacement, in raw offsets of the file (half-open), with the rule that asks for it."""

    start: int
    end: int
    replacement: str
    rule: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text before and after, the bytes to write, and how many places changed."""

    before: str
    after: str
    data: bytes
    count: int


def fix_text(engine: Engine, name: str, data: bytes) -> Fixed:
    """Apply the safe replacements of the chosen rules, again until none is left. Encoding and line ends stay.

    Raises:
        LoadError: the file cannot be read or checked, is no such report, or would not come back as it was.
    """
    first = raw = load_text(name, data)
    if raw.mark + raw.text.encode(raw.encoding) != data:
        raise LoadError("这个文件的编码不能原样写回，请另存为 UTF-8 编码后再改。")
    count = 0
    for _ in range(_MOST_PASSES):
        result = evaluate(engine, normalise(raw), all_findings=True)
        _require_checked(result)
        edits = find_edits(raw, result)
        if not edits:
            break
        count += len(edits)
        text = apply_edits(raw.text, edits)
        raw = load_text(name, raw.mark + text.encode(raw.encoding))
    return Fixed(first.text, raw.text, raw.mark + raw.text.encode(raw.encoding), count)


def _require_checked(result: FileResult) -> None:
    if result.errors:
        raise LoadError(result.errors[0])
    if any(r.reason == OTHER_GENRE for r in result.rules):
        raise LoadError("这份文件不像法治政府建设年度报告，没有改动。")


def find_edits(raw: RawDocument, result: FileResult) -> tuple[Edit, ...]:
    """Return the safe replacements of a checked file in order; of two that overlap the first is kept."""
    found = sorted(set(_edits(raw, result)))
    kept: list[Edit] = []
    for edit in found:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return tuple(kept)


def _edits(raw: RawDocument, result: FileResult) -> Iterator[Edit]:
    for rule in result.rules:
        for finding in rule.findings:
            place = finding.location
            if finding.replacement is not None and place is not None:
                start = raw.places[place.line - 1].start + place.column - 1
                end = raw.places[place.end_line - 1].start + place.end_column - 1
                yield Edit(start, end, finding.replacement, rule.id)


def apply_edits(text: str, edits: tuple[Edit, ...]) -> str:
    """Return a text with non-overlapping edits applied."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        parts += [text[done : edit.start], edit.replacement]
        done = edit.end
    return "".join([*parts, text[done:]])


def render_diff(name: str, before: str, after: str) -> str:
    """Return a unified diff of a file, without dates."""
    lines = unified_diff(before.splitlines(True), after.splitlines(True), f"{name}（原文）", f"{name}（改后）")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ 文件末尾没有换行\n" for line in lines)
