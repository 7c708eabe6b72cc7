"""Copies on purpose: passages of another organ, of last year, and whole reports with the names replaced."""

from __future__ import annotations

import re
from typing import Any

from benchmarks.dice import Dice
from benchmarks.layout import Line
from benchmarks.places import Organ
from benchmarks.report import Report, Section

_NUMBER = re.compile(r"(?<![\d年〔])(\d{1,4})(?![\d%年月号])")
_LEAST_RUN, _MOST_RUN = 3, 6
_LEAST_SHARE = 0.46
_COPIED = ("theory", "duty", "decision", "enforce", "pufa", "dispute")
"""Themes that every report has a section of their own for, and that carry most of its sentences."""


def rename(text: str, source: Organ, target: Organ) -> str:
    """Put the names of one organ in the place of another's."""
    old = [source.name, source.words["short"], *source.places, *(source.words[f"v{n}"] for n in range(1, 9))]
    new = [target.name, target.words["short"], *target.places, *(target.words[f"v{n}"] for n in range(1, 9))]
    pairs = dict(zip(old, new, strict=True))
    pattern = "|".join(sorted(map(re.escape, pairs), key=len, reverse=True))
    return re.sub(pattern, lambda m: pairs[m.group()], text)


def change_numbers(text: str, dice: Dice) -> str:
    """Change every count a little, but not in totals with parts."""
    if "其中" in text:
        return text

    def other(match: re.Match[str]) -> str:
        value = int(match.group())
        return str(max(2, value + dice.pick((-1, 1)) * dice.between(1, max(1, value // 5))))

    return _NUMBER.sub(other, text)


def duplicate_near(lines: list[Line], source: Organ, target: Organ) -> list[Line]:
    """Return the lines of a report with the names of another organ."""
    return [Line(rename(line.text, source, target), line.level) for line in lines]


def _is_figure(report: Report, sentence: str) -> bool:
    return any(f"{name}{value}{unit}" in sentence for name, (value, unit) in report.figures.items())


def _runs(report: Report, section: Section) -> list[list[str]]:
    """Return the runs of sentences that stand together and give no named figure."""
    runs: list[list[str]] = [[]]
    for sentence in section.sentences:
        if _is_figure(report, sentence):
            runs.append([])
        else:
            runs[-1].append(sentence)
    return [r for r in runs if len(r) >= _LEAST_RUN]


def copy_organ(dice: Dice, source: Report, report: Report) -> dict[str, Any]:
    """Copy a run of sentences, or a whole section, into a report; return the truth about it."""
    choices = [
        (section, run, target)
        for section in source.sections
        for target in report.sections
        if section.themes[0] in _COPIED and section.themes == target.themes
        for run in _runs(source, section)
    ]
    if not choices:
        raise ValueError(f"no run of sentences to copy from {source.organ.name}")
    section, run, target = dice.pick(choices)
    whole = dice.chance(0.5)
    copied = _without_figures(source, section.sentences) if whole else run[: dice.between(_LEAST_RUN, _MOST_RUN)]
    changed = dice.chance(0.5)
    texts = [change_numbers(rename(s, source.organ, report.organ), dice) for s in copied] if changed else copied
    if whole:
        target.sentences = [*texts, *(s for s in target.sentences if _is_figure(report, s))]
    else:
        target.sentences = [*target.sentences, *texts]
    return {"texts": list(texts), "source_texts": list(copied), "changed": changed, "whole": whole}


def _without_figures(report: Report, sentences: list[str]) -> list[str]:
    return [s for s in sentences if not _is_figure(report, s)]


def copy_year(dice: Dice, before: Report, report: Report) -> tuple[list[str], bool]:
    """Copy last year's sections into this year's report until they are nearly half of it.

    Returns: the sentences copied, as they now stand, and whether their numbers were changed.
    """
    changed = dice.chance(0.5)
    texts: list[str] = []
    pairs = [(a, b) for a in before.sections for b in report.sections if a.themes == b.themes != ("followed",)]
    for old, new in dice.shuffled(pairs):
        copied = [s.replace(f"{before.year}年", f"{report.year}年") for s in _without_figures(before, old.sentences)]
        if changed:
            copied = [change_numbers(s, dice) for s in copied]
        new.sentences = copied + [s for s in new.sentences if _is_figure(report, s)]
        texts += copied
        whole = len(report.measures()) + sum(map(len, (*report.problems, *report.principal, *report.plan))) + 400
        if sum(map(len, texts)) >= _LEAST_SHARE * whole:
            break
    return texts, changed
