"""Kind ``concrete``: the text about the principal has a concrete deed, not only general phrases."""

from __future__ import annotations

import re

from validator.checks.context import CheckContext, Verdict
from validator.checks.part_items import part_rule
from validator.checks.principal import principal_sentences
from validator.document import Span
from validator.kinds import ConcreteCheck, Proof
from validator.nlp.pipeline import Entity
from validator.result import Candidate
from validator.rule import Rule

_WORTH_READING = re.compile(
    r"\d|[一二三四五六七八九十百千万两余][次件场份期项名人条起批轮月季家户个]|[《〔]|每[年月季周天日旬半个星两双]|[逐按][月季周]"
    r"|会议|[进署题法议委务公组工席员度场谈]会|年[初中末底]|[上下]半年|[成设组建挂揭][立建成牌]|出庭|包案|批示|督办"
)
"""A sentence without any of these holds no evidence, so the pipeline need not read it."""


def check_concrete(rule: Rule, check: ConcreteCheck, context: CheckContext) -> Verdict:
    """Pass on one sentence with a number, date, named document, named meeting or named deed of the principal."""
    part = part_rule(context, "principal")
    if part is None:
        return Verdict("not_applicable", reason="规则库中没有第一责任人部分的规则")
    candidates: list[Candidate] = []
    for sentence, presumed in principal_sentences(part[1], context, check.subjects):
        found = concrete_deed(check, context, sentence, presumed)
        if found is not None:
            return Verdict("pass", (context.evidence(found),))
        candidates.append(context.candidate(sentence, "没有次数、日期、文件、会议或具体事项"))
    finding = context.finding(rule, "fail", sought=rule.title, candidates=tuple(candidates))
    return Verdict("fail", (), (finding,))


def concrete_deed(check: ConcreteCheck, context: CheckContext, sentence: Span, presumed: bool) -> Span | None:
    """Return the sentence when it has a concrete deed of the principal.

    ``presumed``: the heading is solely about the principal, so a sentence is about them unless it names another.
    """
    text = context.text(sentence)
    subject = context.patterns.any(check.subjects, text)
    other = context.patterns.any(check.other_subjects, text)
    if other is not None and (subject is None or other.start() < subject.start()):
        return None
    if (subject is None and not presumed) or not _WORTH_READING.search(text):
        return None
    empty = [m.span() for p in check.not_enough for m in context.patterns.compile(p).finditer(text)]
    for entity in context.entities(sentence):
        start, end = entity.start - sentence.start, entity.end - sentence.start
        if any(a <= start and end <= b for a, b in empty):
            continue
        if any(_is_proof(proof, context, text, entity, start, end) for proof in check.proofs):
            return sentence
    return None


def _is_proof(proof: Proof, context: CheckContext, text: str, entity: Entity, start: int, end: int) -> bool:
    if proof.label != entity.label:
        return False
    clause = text[max(text.rfind(mark, 0, start) for mark in "，；：。") + 1 : start]
    compiled = context.patterns.compile
    if proof.before is not None and not compiled(proof.before).search(clause):
        return False
    if proof.not_before is not None and compiled(f"(?:{proof.not_before})$").search(text[:start]):
        return False
    return proof.not_after is None or not compiled(proof.not_after).match(text, end)
