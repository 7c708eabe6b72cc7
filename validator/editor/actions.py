"""Code actions: the safe replacements one by one or all at once, and model wordings for what is missing.

Every edit names the version of the document that was checked, so that an editor refuses it for any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    OptionalVersionedTextDocumentIdentifier,
    Range,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from validator.editor.diagnostics import Mark, touches
from validator.editor.reports import CheckedReport
from validator.editor.text_map import TextMap

FIX_ALL = f"{CodeActionKind.SourceFixAll.value}.fazhi"
INSERT = f"{CodeActionKind.Refactor.value}.insert"
KINDS: tuple[CodeActionKind | str, ...] = (CodeActionKind.QuickFix, INSERT, FIX_ALL)


def actions_for(
    report: CheckedReport,
    marks: Sequence[Mark],
    uri: str,
    place: Range,
    only: Sequence[str] | None = None,
    *,
    versioned: bool = True,
) -> list[CodeAction]:
    """Return what an editor can do at a place.

    Args:
        report: the version that was checked.
        marks: its diagnostics.
        uri: the document.
        place: where the user is.
        only: the kinds that are asked for; each covers the ones below it.
        versioned: the editor understands edits with a version.
    """
    found = [*_at_place(report, marks, uri, place, versioned), *_fix_all(report, uri, versioned)]
    return [a for a in found if _is_wanted(str(_name(a.kind)), only)]


def _at_place(
    report: CheckedReport, marks: Sequence[Mark], uri: str, place: Range, versioned: bool
) -> Iterator[CodeAction]:
    """Return the actions of the diagnostics at a place."""
    for mark in marks:
        finding = mark.finding
        if mark.rule is None or finding is None or not touches(mark.diagnostic.range, place):
            continue
        if finding.replacement is not None and finding.location is not None:
            title = f"改为“{finding.replacement}”" if finding.replacement else "删去这里的文字"
            edit = TextEdit(report.text.range_of(finding.location), finding.replacement)
            change = _change(report, uri, [edit], versioned)
            yield CodeAction(title, CodeActionKind.QuickFix, [mark.diagnostic], is_preferred=True, edit=change)
        elif finding.location is None and finding.insert_after is not None and finding.suggestion:
            edit = _insertion(report.text, finding.insert_after.end_line, finding.suggestion, report.result.path)
            change = _change(report, uri, [edit], versioned)
            yield CodeAction(f"插入范文（{mark.rule.id}）", INSERT, [mark.diagnostic], edit=change)


def _fix_all(report: CheckedReport, uri: str, versioned: bool) -> Iterator[CodeAction]:
    if report.edits:
        skipped = report.text.skipped
        edits = [TextEdit(report.text.span(e.start + skipped, e.end + skipped), e.replacement) for e in report.edits]
        yield CodeAction("改正全部能放心改的地方", FIX_ALL, edit=_change(report, uri, edits, versioned))


def _insertion(text: TextMap, line: int, wording: str, name: str) -> TextEdit:
    """Return the edit that puts a wording below a line (1-based); in Markdown blank lines keep it apart."""
    end = text.line_end
    paragraph = end if name.lower().endswith((".md", ".markdown")) else ""
    body = end.join(wording.splitlines())
    if line < len(text.starts):
        at = text.starts[line]
        return TextEdit(text.span(at, at), f"{paragraph}{body}{end}")
    return TextEdit(text.span(len(text.text), len(text.text)), f"{end}{paragraph}{body}{end}")


def _change(report: CheckedReport, uri: str, edits: Sequence[TextEdit], versioned: bool) -> WorkspaceEdit:
    if not versioned:
        return WorkspaceEdit(changes={uri: list(edits)})
    document = OptionalVersionedTextDocumentIdentifier(uri, report.version)
    return WorkspaceEdit(document_changes=[TextDocumentEdit(document, list(edits))])


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    return only is None or any(kind == _name(o) or kind.startswith(f"{_name(o)}.") or not o for o in only)


def _name(kind: CodeActionKind | str | None) -> str:
    return kind.value if isinstance(kind, CodeActionKind) else kind or ""
