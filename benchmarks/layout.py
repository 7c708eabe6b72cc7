"""Report → lines: headings numbered in the style of the organ, paragraphs, and what stands around the report."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.dice import Dice
from benchmarks.report import Report, Section

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Line:
    """One line: its text, and its level as a heading (0 for plain text, 9 for the title)."""

    text: str
    level: int = 0


def numeral(number: int) -> str:
    """Return a number from 1 to 19 in characters."""
    return _NUMERALS[number - 1] if number <= 10 else "十" + _NUMERALS[number - 11]


def lay_out(report: Report, seed: int, site: bool = False) -> list[Line]:
    """Return the lines of a report.

    Args:
        report: what to lay out.
        seed: of the whole run.
        site: the file is a page of a web site, which names its day and its source.
    """
    dice = Dice(seed, 9, report.organ.index, report.year)
    lines = _title(report, dice)
    if report.published is not None or site:
        day = (report.published or report.signed).isoformat()
        lines.append(Line(f"发布日期：{day}　来源：{report.organ.words['short']}　浏览次数：{dice.between(20, 900)}"))
    if report.addressee:
        lines.append(Line(report.addressee))
    lines.append(Line(report.opening))
    number = 0
    for part in _parts(report):
        if part == "measures" and report.style.slogans:
            for section in report.sections:
                number += 1
                lines.append(Line(f"{numeral(number)}、{section.heading}", 1))
                lines += _paragraphs(section, report, dice)
            continue
        number += 1
        mark = f"第{numeral(number)}部分　" if report.style.part_marks else f"{numeral(number)}、"
        lines.append(Line(mark + report.headings[part], 1))
        lines += _body(report, part, dice)
    if report.closing:
        lines.append(Line(report.closing))
    signed = report.signed
    return [*lines, Line(report.organ.name), Line(f"{signed.year}年{signed.month}月{signed.day}日")]


def _title(report: Report, dice: Dice) -> list[Line]:
    """Set the title in one line, or the organ in a line of its own above it."""
    rest = report.title.removeprefix(report.organ.name)
    if rest[:1].isdigit() and rest != report.title and dice.chance(0.4):
        return [Line(report.organ.name, 9), Line(rest, 9)]
    return [Line(report.title, 9)]


def _parts(report: Report) -> list[str]:
    """Return the parts that the report has, in its order."""
    has = {
        "measures": bool(report.sections),
        "problems": bool(report.problems),
        "principal": bool(report.principal),
        "plan": bool(report.plan),
    }
    found = [p for p in report.style.order if has[p]]
    if report.style.merged and has["problems"] and has["plan"]:
        found = [p for p in found if p not in ("problems", "plan")] + ["merged"]
    return found


def _body(report: Report, part: str, dice: Dice) -> list[Line]:
    if part == "measures":
        lines: list[Line] = []
        for number, section in enumerate(report.sections, 1):
            mark = f"{numeral(number)}、" if report.style.part_marks else f"（{numeral(number)}）"
            paragraphs = _paragraphs(section, report, dice)
            if report.style.run_in:
                lines += [Line(f"{mark}{section.heading}。{paragraphs[0].text}"), *paragraphs[1:]]
            else:
                lines += [Line(mark + section.heading, 2), *paragraphs]
        return lines
    if part == "principal":
        cut = dice.between(1, 2)
        return [Line("".join(report.principal[:cut])), Line("".join(report.principal[cut:]))]
    if part == "merged":
        plan = _items(report.plan, "series", report)[0].text
        return [*_items(report.problems, "series", report), Line(f"{report.year + 1}年，将重点做好以下工作：{plan}")]
    return _items(report.problems if part == "problems" else report.plan, report.style.problem_marks, report)


def _items(items: list[str], marks: str, report: Report) -> list[Line]:
    if marks == "series":
        return [Line("".join(f"{numeral(n)}是{item}" for n, item in enumerate(items, 1)))]
    if marks == "paragraphs":
        return [Line(f"{numeral(n)}是{item}") for n, item in enumerate(items, 1)]
    left, right = ("", "、") if report.style.part_marks else ("（", "）")
    return [Line(f"{left}{numeral(n)}{right}{item}") for n, item in enumerate(items, 1)]


def _paragraphs(section: Section, report: Report, dice: Dice) -> list[Line]:
    """Set the sentences of a section in one paragraph or a few."""
    if report.style.listed and 3 <= len(section.sentences) <= 6:
        return [Line("".join(f"{numeral(n)}是{s}" for n, s in enumerate(section.sentences, 1)))]
    cut = len(section.sentences) if len(section.sentences) < 5 else dice.between(2, 4)
    pieces = (section.sentences[:cut], section.sentences[cut:])
    return [Line("".join(p)) for p in pieces if p]
