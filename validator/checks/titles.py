"""Kind ``titles``: a cited title that is nearly, but not quite, the title of a national law or document."""

from __future__ import annotations

import re
from collections.abc import Mapping

from validator.checks.context import CheckContext, Verdict
from validator.checks.references import title_key
from validator.document import Span
from validator.kinds import TitlesCheck
from validator.rule import Rule

_TITLE = re.compile("[《〈]([^《》〈〉\n]{2,60})[》〉]")
_ENDINGS = (
    "法",
    "条例",
    "规定",
    "办法",
    "纲要",
    "规划",
    "意见",
    "准则",
    "规则",
    "细则",
    "决定",
    "通知",
    "计划",
    "方案",
    "文选",
    "指引",
)
_NATIONAL = re.compile("国务院|中共中央|中央(?!.{0,4}区)|国家|中办|国办|全国人大")
_PLACE = re.compile(r"[省市县区州旗盟镇乡局厅委办府]$|街道$|^[\u4e00-\u9fff]{2,3}$")
_SHORT, _LONG = 5, 8
_MOST_SWAPPED = 1
"""A slip changes one character or drops and adds some; two changed ones are another word (安全 → 燃放)."""


def check_titles(rule: Rule, check: TitlesCheck, context: CheckContext) -> Verdict:
    """Pass without near misses; review once for each title that is one."""
    text = context.document.text
    findings = []
    seen: set[str] = set()
    for hit in _TITLE.finditer(text):
        title = hit.group(1)
        if title in seen or context.parts.region_at(hit.start()) == "furniture":
            continue
        seen.add(title)
        national = _NATIONAL.search(text, max(0, hit.start() - 14), hit.start()) is not None
        right = _meant(check, context, title, national=national)
        if right is not None:
            now = _successor(context, right)
            message = f"“《{title}》”与文件名称不一致，应是“《{right}》”{now}，请核对。"
            span = Span(hit.start(), hit.end())
            findings.append(context.finding(rule, "review", message=message, at=span, suggestion=f"《{right}》"))
    return Verdict("review" if findings else "pass", (), tuple(findings))


def _successor(context: CheckContext, title: str) -> str:
    """Say what took the place of a title that is right but no longer current."""
    landmark = context.references.landmarks.get(title)
    if landmark is None or landmark.superseded_by is None:
        return ""
    return f"（现为《{landmark.superseded_by}》）"


def _meant(check: TitlesCheck, context: CheckContext, title: str, *, national: bool) -> str | None:
    """Return the title that was meant, or ``None`` when a title is right, local, or nobody's.

    ``national``: the words before it say that it is of the state (国务院《…》), so that its kind may be wrong too.
    """
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extract

    references = context.references
    known = references.titles
    key = context.patterns.compile(f"^(?:{check.prefix})").sub("", title_key(title))
    if key in known or len(key) < 3 or context.patterns.any(check.local, key):
        return None
    if key.endswith("法") and f"{key[:-1]}条例" in known:
        return known[f"{key[:-1]}条例"]  # no place makes a 法 of its own
    if key in references.endings or _is_local(key, known):
        return None
    turned = "".join(sorted(key))
    if turned in references.anagrams:
        return known[references.anagrams[turned]]
    ending = "" if national else next((e for e in _ENDINGS if key.endswith(e)), "")
    swappable = 2 if national or (key.endswith("法") and not key.endswith("办法")) else _MOST_SWAPPED
    allowed = 1 if len(key) < _SHORT else 2 if len(key) < _LONG else 3
    near = extract(key, known.keys(), scorer=Levenshtein.distance, score_cutoff=allowed, limit=5)
    for right, distance, _ in near:
        fits = distance * 3 <= max(len(key), len(right)) and right.endswith(ending)
        swapped = sum(1 for op in Levenshtein.editops(key, right) if op.tag == "replace")
        if fits and swapped <= swappable and not _only_years(key, right):
            return known[right]
    return None


def _is_local(key: str, known: Mapping[str, str]) -> bool:
    """Tell whether a title is a right one with the name of a place before it: a local law of the same name."""
    return any(
        key[start:] in known and _PLACE.search(key[:start]) is not None for start in range(2, max(2, len(key) - 2))
    )


def _only_years(key: str, right: str) -> bool:
    """Tell whether two titles differ in a plausible period only: another plan, not a misspelt one."""
    if re.sub(r"\d", "", key) != re.sub(r"\d", "", right):
        return False
    years = re.search(r"(20\d\d)-(20\d\d)", key)
    return years is not None and int(years.group(2)) - int(years.group(1)) in (2, 3, 4)
