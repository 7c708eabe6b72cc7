"""Traits of this year's and last year's report of one organ → what the one says again, or leaves open. For a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from rapidfuzz import fuzz

from validator.audit.records import EchoKind, Figure, Item, Traits
from validator.document import describe_line
from validator.result import fingerprint

_DIGITS = re.compile(r"二[〇零][〇零一二三四五六七八九]{2}(?=年)|\d[\d,.]*")
_NOT_WORD = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")
_HEAD_END = re.compile("[。；！？]")
_CLAUSE_END = re.compile("[，；。：！？]")
_SHORT_PROBLEM = 8
"""A problem shorter than this (法治人才不足) is everybody's: alone it says nothing about where it comes from."""
_LEAST_NEAR = 12
_LEAST_HEAD = 12
_NEAR = 95
_MENTIONED = 0.5
_TOUCHED = 0.2
_LEAST_OWN = 2
_QUOTED = 7
"""So many characters of an item that stand in own work as they are, its own words among them, mention it."""
_SHOWN = 40
_BLANK = re.compile(r"[\s“”\"]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_GENERIC_VERB = re.compile(r"(?:开展|组织|举办|进行|实施|完成)+(?=..)")
_STATE = re.compile(
    r"现有|现设|现任|共有(?![^，]*[参训])|拥有|下辖|所辖|管辖|辖区?\d|持证|在编|在册|在岗|在职|(?:核定|行政|事业)编制|编制数?\d"
    r"|(?:总|常住|户籍|流动)人口|人口\d|(?:总|辖区|占地)面积|占地|配备|配有|配置|配齐|设有|设立|建有|建成|[聘选]请|聘[用任]|顾问(?:律师|团队?)?[共达]?\d"
    r"|公职律师[共达]?\d|(?<!新培育)法律明白人|示范户|网格\d|权责|(?:任务|责任|事项)清单|清单\d|目录|行政权力|赋权|列明|承接|认领|保留"
    r"|以来|历年|[三四五两]年来|十[三四五]五|截至|\d+余?[个家](?:行政村|村|社区|居委会|网格|乡镇|镇街|镇|乡|街道|部门|单位|站所|科室|处室|股室|县|区|市)"
)
"""A state and no deed of the year: it may well be the same as last year."""
_PEOPLE = re.compile("(?:人员|队员|干部|职工|民警|骨干|队伍|人数|力量)$")
_DEED = re.compile(
    "训|组织|参|教育|[测考]试|出动|投入|抓获|查|处罚|服务|[帮扶救援]助|慰问|宣[传讲]|受[理众教]|接[待受]|[走信]访|发放|下沉|选派|新增|述[职法]"
)
_LARGE = Decimal(100)
_ODD_DIGITS = 4
"""A number of so many digits before its last noughts (3812) is hardly the same by chance, whatever its name."""
_LEAST_VALUE = Decimal(10)
_LONG_NAME = 4
_SEVERAL = 3
_LEAST_SHARE = 0.2


class EchoFound(NamedTuple):
    """What was found: fields as in ``records.Echo``, without the files."""

    kind: EchoKind
    message: str
    text: str | None
    place: str | None
    earlier_text: str
    earlier_place: str
    fingerprint: str


def compare_years(now: Traits, before: Traits) -> tuple[EchoFound, ...]:
    """Return what this year's report has to do with last year's of the same organ: problems, plan, figures, in order.

    Args:
        now: the report of the year.
        before: that of the year before.
    """
    kept: dict[str, EchoFound] = {}
    for found in (*_repeated_problems(now, before), *_unmentioned_plan(now, before), *_same_figures(now, before)):
        kept.setdefault(found.fingerprint, found)
    return tuple(kept.values())


def _repeated_problems(now: Traits, before: Traits) -> Iterator[EchoFound]:
    """Yield problems that stand in both reports; a short one only where another one is repeated too."""
    known = [(item, _plain(item.words)) for item in before.problems]
    pairs: list[tuple[str, Item, Item, str]] = []
    for item in now.problems:
        words = _plain(item.words)
        best = max(((_likeness(item, words, old, other), old) for old, other in known), key=_rank, default=None)
        if best is not None and best[0]:
            pairs.append((words, item, best[1], best[0]))
    for words, item, old, how in pairs:
        if len(words) >= _SHORT_PROBLEM or len(pairs) >= 2:
            message = f"这个问题与上年{how}，请核对：是问题还在，还是照抄了上年。"
            yield EchoFound(
                "problem_repeated",
                message,
                item.text,
                describe_line(item.location),
                old.text,
                describe_line(old.location),
                fingerprint("echo", "problem_repeated", words),
            )


_SAME, _SAME_BUT_NUMBERS, _NEARLY = "写得一字不差", "除年份和数字外一字不差", "写得几乎一字不差"
_SAME_HEAD = "第一句一字不差，后面的说明不同"
_LIKENESS = ("", _SAME_HEAD, _NEARLY, _SAME_BUT_NUMBERS, _SAME)


def _rank(found: tuple[str, Item]) -> int:
    return _LIKENESS.index(found[0])


def _likeness(item: Item, words: str, old: Item, other: str) -> str:
    """Say how like two problems are; empty where they are not the same."""
    if not words or not other:
        return ""
    if words == other:
        return _SAME if _bare(item.words) == _bare(old.words) else _SAME_BUT_NUMBERS
    if min(len(words), len(other)) >= _LEAST_NEAR and fuzz.ratio(words, other, score_cutoff=_NEAR):
        return _NEARLY
    head = _plain(_head(item))
    return _SAME_HEAD if len(head) >= _LEAST_HEAD and head == _plain(_head(old)) else ""


def _unmentioned_plan(now: Traits, before: Traits) -> Iterator[EchoFound]:
    """Yield the items of last year's plan of which this year's own work says nothing."""
    if not now.said:
        return
    named = frozenset(now.matters)
    for item in before.plan:
        if _is_mentioned(item, named, now.said):
            continue
        head = _head(item)
        shown = head if len(head) <= _SHOWN else f"{head[: _SHOWN - 1]}…"
        yield EchoFound(
            "plan_unmentioned",
            f"上年安排“{shown}”，今年的举措里没有提到，请核对。",
            None,
            None,
            item.text,
            describe_line(item.location),
            fingerprint("echo", "plan_unmentioned", _plain(item.words)),
        )


def _is_mentioned(item: Item, named: frozenset[str], said: str) -> bool:
    """Tell whether own work mentions an item of a plan, or the item says nothing that it could mention."""
    if any(m in named for m in item.narrow) or _is_quoted(item, said):
        return True
    share = sum(run in said for run in item.own) / len(item.own) if item.own else 0.0
    if item.narrow:
        return share >= _MENTIONED
    if item.broad:
        return share >= _MENTIONED or any(m in named for m in item.broad)
    return len(item.own) < _LEAST_OWN or share >= _TOUCHED


def _is_quoted(item: Item, said: str) -> bool:
    """Tell whether own work has a stretch of an item as it stands, with some of its own words in it."""
    for clause in _CLAUSE_END.split(item.words):
        for start in range(len(clause) - _QUOTED + 1):
            part = clause[start : start + _QUOTED]
            if part in said and any(run in part for run in item.own):
                return True
    return False


def _same_figures(now: Traits, before: Traits) -> Iterator[EchoFound]:
    """Yield deeds with the same number in both years: large ones, and smaller ones where several are the same."""
    ours, theirs = _by_name(now.figures), _by_name(before.figures)
    shared = [key for key in ours if key in theirs]
    same: list[tuple[Figure, Figure]] = []
    for key in shared:
        known = {f.value: f for f in reversed(theirs[key])}
        pair = next(((f, known[f.value]) for f in ours[key] if f.value in known), None)
        if pair is not None and Decimal(pair[0].value) >= _LEAST_VALUE:
            same.append(pair)
    several = len(same) >= _SEVERAL and len(same) >= _LEAST_SHARE * len(shared)
    for figure, old in same:
        named = Decimal(figure.value) >= _LARGE and len(_HAN.findall(figure.name)) >= _LONG_NAME
        if named or several or len(figure.value.replace(".", "").strip("0")) >= _ODD_DIGITS:
            also = f"（两年的报告共有{len(same)}处数字相同）" if several else ""
            yield EchoFound(
                "same_figure",
                f"“{figure.name}”两年都写{_say(figure)}，请核对是否沿用了上年的数字{also}。",
                figure.text,
                describe_line(figure.location),
                old.text,
                describe_line(old.location),
                fingerprint("echo", "same_figure", figure.name, figure.value, figure.unit),
            )


def _by_name(figures: tuple[Figure, ...]) -> dict[tuple[str, str], list[Figure]]:
    """Return the figures of deeds by name and unit, states left out."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        if not _is_state(figure):
            found.setdefault((_GENERIC_VERB.sub("", figure.name, count=1), figure.unit), []).append(figure)
    return found


def _is_state(figure: Figure) -> bool:
    """Tell whether a figure says what there is (执法人员32名) rather than what was done in the year."""
    if any(_STATE.search(words) for words in (figure.name, _BLANK.sub("", figure.text))):
        return True
    return _PEOPLE.search(figure.name) is not None and not _DEED.search(figure.text)


def _say(figure: Figure) -> str:
    """Return a number with its unit as people write it: 1.2万元 rather than 12000元."""
    value = Decimal(figure.value)
    if figure.unit == "元" and value >= 10_000:
        return f"{(value / 10_000).normalize():f}万元"
    return f"{figure.value}{figure.unit}"


def _head(item: Item) -> str:
    """Return the first sentence of an item, normalised and without number mark."""
    end = _HEAD_END.search(item.words)
    return item.words[: end.start() if end else None].rstrip("，：、")


def _bare(words: str) -> str:
    """Return words without blanks and punctuation."""
    return _NOT_WORD.sub("", words)


def _plain(words: str) -> str:
    """Return words without blanks, punctuation, years and numbers, so that texts of two years can be equal."""
    return _bare(_DIGITS.sub("0", words))
