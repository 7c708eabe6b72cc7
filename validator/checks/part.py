"""Kind ``part``: a mandated part is there when a heading names it, or when its content is there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from validator.checks.context import MOST_CANDIDATES, CheckContext, Verdict
from validator.checks.parts import PartHeading
from validator.document import Span
from validator.kinds import PartCheck
from validator.outline import Section
from validator.result import Candidate
from validator.rule import Rule

_MIN_BODY = 6
_BLANK = re.compile("〔[^〔〕]*〕")
_MARK = re.compile(r"(?:（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}[是、]|\d{1,2}[.、])")
_SIGNED_ON = re.compile(r"(?:20\d\d|二[〇零O][〇零一二三四五六七八九]{2})?年[^，。；]{0,3}月[^，。；]{0,3}日")


def check_part(rule: Rule, check: PartCheck, context: CheckContext) -> Verdict:
    """Pass with a heading and content under it; review with content alone; fail otherwise."""
    candidates: list[Candidate] = []
    for heading in context.parts.headings.get(check.part, ()):
        found = _content_under(check, context, heading)
        if found is not None:
            head = Span(heading.section.heading.start, heading.section.heading.start + len(heading.section.label))
            return Verdict("pass", (context.evidence(head), context.evidence(found)))
        candidates.append(context.candidate(heading.section.heading, _why_empty(context, heading)))
    if check.thematic and (sections := thematic_sections(context)):
        spans = (Span(s.heading.start, s.heading.start + len(s.label)) for s in sections)
        return Verdict("pass", tuple(context.evidence(s) for s in spans))
    running, near = _running(check, context)
    if running is not None:
        finding = context.finding(rule, "review", at=running, sought=rule.title, candidates=tuple(candidates))
        return Verdict("review", (context.evidence(running),), (finding,))
    doubtful = [h for h in context.parts.headings.get(check.part, ()) if not h.weak and _has_body(context, h)]
    if doubtful:
        at = doubtful[0].section.heading
        finding = context.finding(rule, "review", at=at, sought=rule.title, candidates=tuple(candidates))
        return Verdict("review", (), (finding,))
    headings = () if candidates else other_headings(context)
    finding = context.finding(rule, "fail", sought=rule.title, candidates=(*candidates, *near, *headings))
    return Verdict("fail", (), (finding,))


def other_headings(context: CheckContext) -> tuple[Candidate, ...]:
    """Return the level-1 headings, which were read and name something else."""
    spans = (
        Span(s.heading.start, s.heading.start + len(s.label)) for s in context.outline.children(None)[:MOST_CANDIDATES]
    )
    return tuple(context.candidate(span, "标题说的是别的内容") for span in spans)


def part_text(check: PartCheck, context: CheckContext, section: Section) -> tuple[Span, ...]:
    """Return the sentences under a heading that belong to the part (sub-sections of other parts left out)."""
    body = context.outline.body(section)
    kept: list[Span] = []
    for sentence in context.document.sentences_in(body):
        region = context.parts.region_at(sentence.start)
        if (check.part == "plan" and region == "problems") or (check.part == "problems" and region == "plan"):
            continue
        if check.part in ("measures", "principal") and region in ("problems", "plan"):
            continue
        if region != "furniture" and not _under_other_part(check, context, sentence.start, section):
            kept.append(sentence)
    return tuple(kept)


def _under_other_part(check: PartCheck, context: CheckContext, offset: int, section: Section) -> bool:
    for inner in context.outline.path_at(offset)[section.level :]:
        names = context.parts.names_of(inner)
        if names and check.part not in names:
            return True
    return False


def _content_under(check: PartCheck, context: CheckContext, heading: PartHeading) -> Span | None:
    """Return the first sentence under a heading that is content of the part."""
    section = heading.section
    sentences = part_text(check, context, section)
    if not heading.alone and check.part in ("problems", "plan"):
        sentences = sentences or context.document.sentences_in(context.outline.body(section))
    if not tells(context, sentences):
        return None
    whole = heading.alone and heading.sole
    wanted = check.content if whole or not check.content_if_merged else check.content_if_merged
    wanted = check.content_if_weak if heading.weak else wanted
    if not wanted:
        return sentences[0]
    text = context.document.text
    for sentence in sentences:
        if context.patterns.any(wanted, text, sentence.start, sentence.end):
            return sentence
    title = Span(section.heading.start, section.heading.end)
    if not whole and check.content_if_merged:
        return None
    return title if section.run_in and context.patterns.any(wanted, text, *title) else None


def _has_body(context: CheckContext, heading: PartHeading) -> bool:
    return tells(context, context.document.sentences_in(context.outline.body(heading.section)))


def tells(context: CheckContext, sentences: Iterable[Span]) -> bool:
    """Tell whether sentences say anything: blanks to be filled in, headings over them and the signature do not."""
    return sum(_said(context, s) for s in sentences) >= _MIN_BODY


def _said(context: CheckContext, sentence: Span) -> int:
    """Return how many characters of a sentence say something."""
    section = context.outline.section_at(sentence.start)
    if section is not None and sentence.end <= section.heading.end and _is_unfilled(context, section):
        return 0
    words = _MARK.sub("", _BLANK.sub("", context.text(sentence)).strip(" 。；，"), count=1)
    return 0 if words == context.facts.organ or _SIGNED_ON.fullmatch(words) else len(words)


def _is_unfilled(context: CheckContext, section: Section) -> bool:
    """Tell whether nothing but blanks stands below a heading."""
    body = context.text(context.outline.body(section)).strip()
    return bool(body) and not _BLANK.sub("", body).strip()


def _why_empty(context: CheckContext, heading: PartHeading) -> str:
    if not _has_body(context, heading):
        return "标题下没有内容"
    return "标题下没有写出这一部分的具体内容"


def thematic_sections(context: CheckContext) -> tuple[Section, ...]:
    """Return the level-1 sections of own fields of work, each reporting deeds, when there are two or more."""
    deed = context.patterns.compile(context.lexicon.deed)
    later = context.patterns.compile(context.lexicon.later)
    text = context.document.text
    found = []
    for section in context.outline.children(None):
        if context.parts.names_of(section) or later.search(section.title):
            continue
        body = context.outline.body(section)
        own = [s for s in context.document.sentences_in(body) if context.parts.region_at(s.start) == "own"]
        size = sum(s.end - s.start for s in own)
        if size >= 8 and any(deed.search(text, s.start, s.end) for s in own):
            found.append(section)
    return tuple(found) if len(found) >= 2 else ()


def _running(check: PartCheck, context: CheckContext) -> tuple[Span | None, tuple[Candidate, ...]]:
    """Look for a sentence that states the matter without a heading; return it, and what came near."""
    text = context.document.text
    near: list[Candidate] = []
    for sentence in context.document.sentences:
        region = context.parts.region_at(sentence.start)
        if region in ("front", "furniture") or sentence.end - sentence.start < 8:
            continue
        section = context.outline.section_at(sentence.start)
        if section is not None and sentence.start < section.heading.end and not section.run_in:
            continue
        if region != _REGION_OF[check.part] and region in ("problems", "plan") and check.part != "problems":
            continue
        hit = context.patterns.any(check.running, text, sentence.start, sentence.end)
        if hit is None:
            continue
        cited = context.is_cited(sentence.start + hit.start())
        if cited or context.patterns.any(check.not_running, text, sentence.start, sentence.end):
            why = "只是引用文件名称" if cited else "说的不是这一部分的内容"
            near.append(context.candidate(sentence, why))
            continue
        return sentence, ()
    return None, tuple(near[:3])


_REGION_OF = {"measures": "own", "principal": "own", "problems": "problems", "plan": "plan"}
