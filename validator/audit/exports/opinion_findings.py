"""One rule in a letter: what is wrong, where it stands or should stand, what to write, and on what grounds."""

from __future__ import annotations

from validator.audit.exports.settled import Settled
from validator.letter import Letter
from validator.reporters.words import (
    OUTCOME_WORDS,
    describe_basis,
    describe_candidate,
    describe_expected,
    describe_place,
    describe_replacement,
)
from validator.result import Finding

MOST_FINDINGS = 10
_MOST_CANDIDATES = 2


def write_rule(letter: Letter, number: int, settled: Settled) -> None:
    """Write a rule under a heading with a number: its findings, each model wording once, and its clauses."""
    letter.subheading(number, settled.name)
    decision = settled.decision
    if decision is not None and decision.verb == "override":
        word = OUTCOME_WORDS[decision.outcome or settled.outcome]
        letter.say(f"复核人改判为{word}：{decision.reason}（{decision.reviewer}，{decision.day}）")
    shown = settled.findings[:MOST_FINDINGS]
    said: set[str] = set()
    for index, finding in enumerate(shown, 1):
        _write_finding(letter, finding, settled, f"{index}. " if len(shown) > 1 else "", said)
    if len(settled.findings) > len(shown):
        letter.say(f"还有{len(settled.findings) - len(shown)}处，见审核工作簿。")
    for basis in settled.rule.basis:
        letter.note(describe_basis(basis), "依据")


def join_messages(settled: Settled) -> str:
    """Return the messages of a rule in one line, each with its place."""
    said = [f"{f.message.rstrip('。')}{_in_brackets(describe_place(f))}" for f in settled.findings[:MOST_FINDINGS]]
    left = len(settled.findings) - len(said)
    return f"{'；'.join(said) or '复核人改判为不通过'}。{f'还有{left}处。' if left else ''}"


def _write_finding(letter: Letter, finding: Finding, settled: Settled, mark: str, said: set[str]) -> None:
    doubt = "（需复核）" if finding.outcome == "review" and settled.outcome == "fail" else ""
    place = f"{doubt}{_in_brackets(describe_place(finding))}"
    letter.say(f"{mark}{finding.message.removesuffix('。')}{place}。" if place else f"{mark}{finding.message}")
    if finding.excerpt:
        letter.say(f"“{finding.excerpt}”", "原文")
    expected = describe_expected(finding)
    if expected and expected not in said:
        said.add(expected)
        letter.say(expected, "应写在")
    for candidate in finding.candidates[:_MOST_CANDIDATES]:
        letter.note(describe_candidate(candidate), "相近的文字")
    instead = describe_replacement(finding)
    if instead:
        letter.say(instead, "改为")
    if finding.suggestion and finding.suggestion != finding.replacement and finding.suggestion not in said:
        said.add(finding.suggestion)
        letter.wording(finding.suggestion, "建议表述")


def _in_brackets(place: str) -> str:
    return f"（{place}）" if place else ""
