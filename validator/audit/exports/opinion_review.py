"""What a person has to look at in an 审核意见书: doubts of the rules, shared passages, echoes, dates, doubles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from validator.audit.exports.opinion_findings import write_rule
from validator.audit.exports.settled import Settled
from validator.audit.records import CopiedPassage, Copy, Echo, EchoKind, FileRow, Side
from validator.letter import Cell, Letter, Words, shorten
from validator.reporters.words import KIND_WORDS, LEVEL_WORDS

_MOST_COPIES = 5
_MOST_PASSAGES = 5
_MOST_ECHOES = 20
_LONGEST = 300
"""Characters of a shared passage that are shown on each side."""
_NEARLY_ALL, _FEW = 0.6, 3
"""Of reports that share such a part only so many passages are shown, the longest: more says nothing new."""
_SENTENCE_END = re.compile(r"[。！？；!?;][”’」』）)]*")
_PAUSE = re.compile("[，、：,:]")
_WORD = re.compile(r"[A-Za-z0-9.%％]")
ECHO_WORDS: dict[EchoKind, str] = {
    "problem_repeated": "问题与上年相同",
    "plan_unmentioned": "上年的安排，本年没有写到",
    "same_figure": "数字与上年相同",
}


def write_review(
    letter: Letter,
    file: FileRow,
    doubts: Sequence[Settled],
    copies: Sequence[Copy],
    echoes: Sequence[Echo],
    late: tuple[str, str] | None,
    double: tuple[tuple[str, ...], bool] | None,
) -> None:
    """Write what a person has to look at, each sort under a heading of its own; or that there is nothing.

    Args:
        letter: the letter, below its heading 四、.
        file: the row of the file.
        doubts: the rules to review after decisions.
        copies: with this file on either side, the largest first.
        echoes: of this file.
        late: (published, due).
        double: the paths of all files of the organ and year, and whether they have the same text.
    """
    between = [c for c in copies if c.kind == "organ"]
    before = [c for c in copies if c.kind == "year" and c.here.id == file.id]
    parts: list[Callable[[int], None]] = [
        *(_rule_writer(letter, settled) for settled in doubts),
        *([lambda n: _write_copies(letter, n, file, between, "与其他单位相同的文字")] if between else []),
        *([lambda n: _write_copies(letter, n, file, before, "与本单位上年报告相同的文字")] if before else []),
        *([lambda n: _write_echoes(letter, n, echoes)] if echoes else []),
    ]
    told = list(_describe_submission(file, late, double))
    for number, write in enumerate(parts, 1):
        write(number)
    if told:
        letter.subheading(len(parts) + 1, "报送和认定")
        for sentence in told:
            letter.say(sentence)
    if not parts and not told:
        letter.say("没有需要复核的事项。")


def name_report(file: FileRow) -> str:
    """Return whose report a file is, and of which year; its path where nobody knows."""
    if not file.who.organ:
        return f"“{file.path}”"
    return f"{file.who.organ}{f'{file.who.year}年' if file.who.year else ''}的报告"


def name_level(level: str) -> str:
    """Return a level in words; a roster may have words of its own."""
    return LEVEL_WORDS.get(level, KIND_WORDS.get(level, level))


def show_percent(share: float) -> str:
    """Return a share from 0 to 1 in percent; what is more than nothing is never 0 %."""
    return f"{share:.0%}" if not 0 < share < 0.005 else "不到1%"


def _rule_writer(letter: Letter, settled: Settled) -> Callable[[int], None]:
    return lambda number: write_rule(letter, number, settled)


def _write_copies(letter: Letter, number: int, file: FileRow, copies: Sequence[Copy], heading: str) -> None:
    letter.subheading(number, heading)
    letter.lead(
        "相同的文字加了下划线。“共N字”不计数字、名称、文件标题和通用表述。哪一份在先、是不是抄写，程序不判断，请人看。"
    )
    for copy in copies[:_MOST_COPIES]:
        mine = copy.here.id == file.id
        other = copy.there if mine else copy.here
        share, back = (copy.share_here, copy.share_there) if mine else (copy.share_there, copy.share_here)
        letter.lead(
            f"与{name_report(other)}有{len(copy.passages)}段相同，共{copy.characters}字，"
            f"占本报告的{show_percent(share)}，占那份报告的{show_percent(back)}。"
        )
        shown = copy.passages[:_MOST_PASSAGES]
        if max(share, back) >= _NEARLY_ALL:
            shown = tuple(sorted(copy.passages, key=lambda p: -p.characters)[:_FEW])
        letter.table(("本报告", f"{name_report(other)}"), [_face(p, mine) for p in shown], (1, 1))
        left = len(copy.passages) - len(shown)
        if left:
            most = "以上是最长的" if max(share, back) >= _NEARLY_ALL else "以上是前"
            letter.say(f"{most}{len(shown)}段，还有{left}段，见审核工作簿。")
    if len(copies) > _MOST_COPIES:
        letter.say(f"另外还与{len(copies) - _MOST_COPIES}份报告有相同的文字，见审核工作簿。")


def _face(passage: CopiedPassage, mine: bool) -> tuple[Cell, Cell]:
    here, there = (passage.here, passage.there) if mine else (passage.there, passage.here)
    return _clip(here), _clip(there)


def _clip(side: Side) -> Cell:
    """Return the place and the text of one side, cut around its first mark."""
    start, end = _choose_range(side)
    before, after = "…" if start else "", "…" if end < len(side.text) else ""
    shift = len(before) - start
    marks = tuple((max(a, start) + shift, min(b, end) + shift) for a, b in side.marks if a < end and b > start)
    return Words(side.place), Words(f"{before}{side.text[start:end]}{after}", marks)


def _choose_range(side: Side) -> tuple[int, int]:
    """Return what is shown of a long text: from the beginning of the sentence of its first mark to a sentence end."""
    text = side.text
    if len(text) <= _LONGEST:
        return 0, len(text)
    first, stop = side.marks[0] if side.marks else (0, 0)
    start = _find_start(text, first)
    return start, _find_end(text, start, max(start + _LONGEST // 3, min(stop, start + _LONGEST * 2 // 3)))


def _find_start(text: str, first: int) -> int:
    """Return where a text may begin: at a sentence shortly before a place, else after a pause, else at the place."""
    least = max(first - _LONGEST // 3, 0)
    if least == 0:
        return 0
    for mark in (_SENTENCE_END, _PAUSE):
        found = [m.end() for m in mark.finditer(text, least, first)]
        if found:
            return found[-1]
    return first


def _find_end(text: str, start: int, least: int) -> int:
    """Return where a text may end: at a sentence, else at a pause, else outside of a number or foreign word."""
    most = min(start + _LONGEST, len(text))
    if most == len(text):
        return most
    for mark in (_SENTENCE_END, _PAUSE):
        found = [m.end() for m in mark.finditer(text, least, most)]
        if found:
            return found[-1]
    end = most
    while end > least and _WORD.match(text[end]) and _WORD.match(text[end - 1]):
        end -= 1
    return end


def _write_echoes(letter: Letter, number: int, echoes: Sequence[Echo]) -> None:
    letter.subheading(number, "与上年报告对照")
    rows: list[tuple[Cell, Cell, Cell]] = [
        (e.message, _passage(e.text, e.place), _passage(e.earlier_text, e.earlier_place)) for e in echoes[:_MOST_ECHOES]
    ]
    letter.table(("事项", "本年", "上年"), rows, (1.4, 2, 2))
    if len(echoes) > len(rows):
        letter.say(f"还有{len(echoes) - len(rows)}处，见审核工作簿。")


def _passage(text: str | None, place: str | None) -> Cell:
    if text is None:
        return "没有找到"
    return (*((Words(place),) if place else ()), Words(shorten(text, _LONGEST)))


def _describe_submission(
    file: FileRow, late: tuple[str, str] | None, double: tuple[tuple[str, ...], bool] | None
) -> Iterator[str]:
    if late is not None:
        yield f"公开日期是{late[0]}，最后期限是{late[1]}（含当日）。"
    if double is not None:
        paths, identical = double
        others = "、".join(p for p in paths if p != file.path)
        same = "文字相同" if identical else "文字不同"
        yield f"这个单位同一年度报送了{len(paths)}份，{same}，请定下以哪一份为准。另外的是：{others}。"
    yield from file.who.notes
