"""Problems of one year, what the plan says to them, and what the next year did about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from benchmarks.dice import Dice
from benchmarks.grammar import Production, Writer, cut, parse, read_blocks


@dataclass(frozen=True)
class Matter:
    """What can be said of one matter; ``rare`` matches words that only this matter brings into a report."""

    name: str
    rare: re.Pattern[str] | None
    things: tuple[Production, ...]
    problems: tuple[Production, ...]
    causes: tuple[Production, ...]
    answers: tuple[Production, ...]
    deeds: tuple[Production, ...]


@dataclass(frozen=True)
class Issue:
    """A problem of a report with the item of its plan. ``thing`` is what both are about."""

    matter: Matter
    thing: str
    problem: str
    answer: str


@cache
def read_matters() -> tuple[Matter, ...]:
    """Return the matters of the grammar, in order."""
    return tuple(_matter(name, lines) for name, lines in read_blocks("issues.txt").items())


def _matter(name: str, lines: tuple[str, ...]) -> Matter:
    said = dict(line.split(": ", 1) for line in lines)
    things, problems, causes, answers, deeds = (
        tuple(parse(piece) for piece in cut(said[key])) if key in said else () for key in ("obj", "p", "c", "a", "d")
    )
    rare = re.compile(said["rare"]) if "rare" in said else None
    return Matter(name, rare, things, problems, causes, answers, deeds)


def matters_of_year(seed: int, organ: int, year: int) -> list[Matter]:
    """Return the three to five matters of an organ's year; no two years from 2021 to 2023 share one."""
    dice = Dice(seed, 5, organ)
    order = dice.shuffled(read_matters())
    sizes = [dice.between(3, 5) for _ in range(3)]
    start = sum(sizes[: year - 2021])
    return order[start : start + sizes[year - 2021]]


def write_issue(dice: Dice, words: dict[str, str], matter: Matter) -> Issue:
    """Write a problem and its answer."""
    writer = Writer(dice, words)
    thing = writer.fill(dice.pick(matter.things)) if matter.things else ""
    writer = Writer(dice, {**words, "obj": thing})
    problem = writer.fill(dice.pick(matter.problems))
    cause = writer.fill(dice.pick(matter.causes))
    writer.begin()
    return Issue(matter, thing, f"{problem}，{cause}。", writer.fill(dice.pick(matter.answers)) + "。")


def write_answer(dice: Dice, words: dict[str, str], issue: Issue) -> str:
    """Write another item of the plan for a problem."""
    writer = Writer(dice, {**words, "obj": issue.thing})
    texts = [writer.fill(answer) + "。" for answer in issue.matter.answers]
    return dice.pick([t for t in texts if t != issue.answer] or texts)


def write_deed(dice: Dice, words: dict[str, str], issue: Issue) -> str:
    """Write what was done about a problem of the year before."""
    return Writer(dice, {**words, "obj": issue.thing}).fill(dice.pick(issue.matter.deeds)) + "。"
