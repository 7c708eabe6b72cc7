"""Kind ``deeds``: all deeds of a formula (四个亲自) stand in the text about the principal."""

from __future__ import annotations

import re

from validator.checks.context import CheckContext, Verdict
from validator.document import Span
from validator.kinds import DeedsCheck
from validator.rule import Rule

_WORD = 2
"""Most Chinese verbs have two characters: 亲自 + 研究 + 过问."""


def check_deeds(rule: Rule, check: DeedsCheck, context: CheckContext) -> Verdict:
    """Pass when each deed stands after the adverb, or the formula is named; fail with the deeds that lack."""
    text = context.document.text
    for term in check.terms:
        for hit in re.finditer(re.escape(term), text):
            if _counts(check, context, hit.start()):
                return Verdict("pass", (context.evidence(context.clause_at(hit.start())),))
    verbs = {verb: name for name, accepted in check.deeds.items() for verb in accepted}
    chain = re.compile("|".join(sorted(map(re.escape, verbs), key=len, reverse=True)))
    found: dict[str, Span] = {}
    for hit in re.finditer(re.escape(check.adverb), text):
        if not _counts(check, context, hit.start()):
            continue
        for verb in _verbs_after(text, hit.end(), chain):
            found.setdefault(verbs[verb.group()], Span(hit.start(), verb.end()))
    missing = [name for name in check.deeds if name not in found]
    evidence = tuple(context.evidence(span) for _, span in sorted(found.items(), key=lambda item: item[1]))
    if not missing:
        return Verdict("pass", evidence)
    message = f"{rule.message.fail}缺少：{'、'.join(missing)}。"
    candidates = tuple(context.candidate(span, "已写到") for span in sorted(found.values()))
    return Verdict(
        "fail", evidence, (context.finding(rule, "fail", message=message, sought=rule.title, candidates=candidates),)
    )


def _verbs_after(text: str, start: int, chain: re.Pattern[str]) -> list[re.Match[str]]:
    """Return the verbs right after the adverb, also as a list (亲自部署、过问、协调) or after a word (亲自研究过问)."""
    found: list[re.Match[str]] = []
    at = start if chain.match(text, start) else start + _WORD
    while (verb := chain.match(text, at)) is not None:
        found.append(verb)
        at = verb.end()
        if text[at : at + 1] in ("、", "和", "并"):
            at += 1
    return found


def _counts(check: DeedsCheck, context: CheckContext, offset: int) -> bool:
    """A deed counts outside plan, problems and cited titles, unless another actor than the principal is named."""
    if context.parts.region_at(offset) != "own" or context.is_cited(offset):
        return False
    sentence = context.document.sentence_at(offset)
    before = context.document.text[sentence.start : offset]
    clause = before[max(before.rfind(mark) for mark in "，；：") + 1 :]
    return not context.patterns.any(check.other_actors, clause)
