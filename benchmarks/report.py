"""One report of one organ and year, written by the grammar: parts as sentences, and the style they are set in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from benchmarks.dice import Dice
from benchmarks.grammar import Writer, read_blocks
from benchmarks.issues import Issue, matters_of_year, write_deed, write_issue
from benchmarks.places import Organ

PARTS = ("measures", "problems", "principal", "plan")
_MUSTS: dict[str, tuple[str, ...]] = {
    "theory": ("theory.must", "theory.must2"),
    "duty": ("duty.must", "duty.must2"),
    "decision": ("decision.must", "decision.must2", "decision.must3"),
    "enforce": ("enforce.must", "enforce.must2"),
    "pufa": ("pufa.must",),
    "dispute": ("dispute.must", "dispute.must2"),
    "open": ("open.must",),
    "emergency": ("emergency.must",),
    "extra": (),
}
MISSING_THEMES = {
    "T301": ("enforce.must", "三项制度|执法公示|全过程记录|法制审核"),
    "T302": ("pufa.must", "谁执法谁普法"),
    "T303": ("theory.must", "习近平法治思想"),
}
_FOLLOWED = (
    "落实上年安排，巩固提升成效",
    "对照上年安排，抓好落地见效",
    "兑现年度承诺，推动工作提质",
    "紧盯年度任务，持续巩固成果",
)
_SPREAD = 4


@dataclass(frozen=True)
class Style:
    """How an organ sets its reports, in every year."""

    slogans: bool
    part_marks: bool
    run_in: bool
    listed: bool
    merged: bool
    problem_marks: str
    order: tuple[str, ...]
    sections: tuple[tuple[str, ...], ...]


@dataclass
class Section:
    """A section of the measures: the themes it is about, its heading and its sentences."""

    themes: tuple[str, ...]
    heading: str
    sentences: list[str]


@dataclass
class Report:
    """A report before it is laid out. ``published`` stands in a line around the report, when it does."""

    organ: Organ
    year: int
    style: Style
    title: str
    addressee: str
    opening: str
    sections: list[Section]
    issues: list[Issue]
    problems: list[str]
    principal: list[str]
    plan: list[str]
    figures: dict[str, tuple[int, str]]
    closing: str
    signed: date
    published: date | None
    headings: dict[str, str] = field(default_factory=dict)

    def measures(self) -> str:
        """Return the text of the measures."""
        return "\n".join(s for section in self.sections for s in section.sentences)


@cache
def _figure_names() -> tuple[tuple[str, str], ...]:
    pairs = (line.split("|") for line in read_blocks("words.txt")["figname"])
    return tuple((name, unit) for name, unit in pairs)


def style_of(seed: int, organ: Organ) -> Style:
    """Return the style of an organ."""
    dice = Dice(seed, 6, organ.index)
    order = dice.pick((PARTS, PARTS, PARTS, ("measures", "principal", "problems", "plan")))
    if dice.chance(0.06):
        order = ("principal", "measures", "problems", "plan")
    middle = dice.shuffled(("duty", "decision", "enforce", "pufa", "dispute", "open", "emergency"))
    themes: list[tuple[str, ...]] = [(theme,) for theme in ["theory", *middle]]
    if dice.chance(0.4):
        themes = [t for t in themes if t not in (("open",), ("emergency",))] + [("open", "emergency")]
    if dice.chance(0.5):
        themes.append(("extra",))
    slogans = dice.chance(0.22)
    return Style(
        slogans=slogans,
        part_marks=not slogans and dice.chance(0.1),
        run_in=dice.chance(0.3),
        listed=dice.chance(0.2),
        merged=not slogans and dice.chance(0.03),
        problem_marks=dice.pick(("heads", "heads", "series", "series", "paragraphs")),
        order=order,
        sections=tuple(themes),
    )


def figures_of(seed: int, organ: Organ, year: int) -> dict[str, tuple[int, str]]:
    """Return the named figures that an organ gives every year; no value is the same in two years."""
    dice = Dice(seed, 7, organ.index)
    found = {}
    for name, unit in dice.sample(_figure_names(), 5):
        base = dice.between(90, 900)
        found[name] = (base + (year - 2021) * dice.between(7, 60) + year % 3, unit)
    return found


def write_report(seed: int, organ: Organ, year: int, avoid: str = "", without: str = "") -> Report:
    """Write the report of an organ and year.

    Args:
        seed: of the whole run.
        organ: whose report it is.
        year: the reporting year.
        avoid: a pattern of words that no sentence has.
        without: a rule of ``MISSING_THEMES`` whose theme is left out.
    """
    dice = Dice(seed, 8, organ.index, year)
    words = {**organ.words, "Y": str(year), "N": str(year + 1)}
    left_out, theme_words = MISSING_THEMES.get(without, ("", ""))
    pattern = "|".join(p for p in (avoid, theme_words) if p)
    writer = Writer(dice, words, re.compile(pattern) if pattern else None)
    style = style_of(seed, organ)
    issues = [write_issue(dice, words, m) for m in matters_of_year(seed, organ.index, year)]
    sections = [_section(dice, writer, themes, left_out) for themes in style.sections]
    if year > 2021:
        sections.append(_followed(seed, dice, organ, year, words))
    figures = figures_of(seed, organ, year)
    for name, (value, unit) in figures.items():
        _insert(dice, sections, f"{dice.pick(('全年', '年内', '一年来'))}{name}{value}{unit}。")
    plan = [i.answer for i in issues] + [f"{writer.sentence('plan.standing')}。" for _ in range(2)]
    signed = date(year + 1, 1, 4) + timedelta(days=dice.below(60))
    published = date(year + 1, 3, 30) if dice.chance(0.4) else None
    if published is not None:
        published = min(published, signed + timedelta(days=dice.below(30)))
    return Report(
        organ=organ,
        year=year,
        style=style,
        title=writer.sentence("title"),
        addressee=f"{words['upper']}：" if dice.chance(0.3) else "",
        opening=writer.sentence("opening.plain" if without == "T303" else "opening"),
        sections=sections,
        issues=issues,
        problems=[i.problem for i in issues],
        principal=_principal(dice, writer),
        plan=plan,
        figures=figures,
        closing=writer.sentence("closing") if dice.chance(0.3) else "",
        signed=signed,
        published=published,
        headings={p: writer.sentence(f"head.{p}") for p in (*PARTS, "merged")},
    )


def _section(dice: Dice, writer: Writer, themes: tuple[str, ...], left_out: str) -> Section:
    sentences: list[str] = []
    for theme in themes:
        for symbol in _MUSTS[theme]:
            if symbol != left_out:
                writer.begin()
                tail = f"，{writer.sentence(f'{theme}.r')}" if dice.chance(0.4) else ""
                sentences.append(f"{writer.sentence(symbol)}{tail}。")
        sentences += [_sentence(dice, writer, theme) for _ in range(dice.between(1, _SPREAD))]
    first, rest = sentences[:1], sentences[1:]
    return Section(themes, writer.sentence(f"{themes[0]}.h"), first + dice.shuffled(rest))


def _sentence(dice: Dice, writer: Writer, theme: str) -> str:
    """Return a sentence of two or three clauses; only the whole of them is to be like no other."""
    form = dice.below(5)
    deed = writer.sentence(f"{theme}.d")
    if form == 0:
        return f"{deed}，{writer.sentence(f'{theme}.r')}。"
    lead = writer.sentence("lead.any")
    if form == 1:
        return f"{lead}，{deed}；{writer.sentence(f'{theme}.d')}。"
    return f"{lead}，{deed}，{writer.sentence(f'{theme}.r')}。"


def _followed(seed: int, dice: Dice, organ: Organ, year: int, words: dict[str, str]) -> Section:
    """Return the section that takes up every item of last year's plan."""
    before = Dice(seed, 8, organ.index, year - 1)
    old_words = {**organ.words, "Y": str(year - 1), "N": str(year)}
    issues = [write_issue(before, old_words, m) for m in matters_of_year(seed, organ.index, year - 1)]
    return Section(("followed",), dice.pick(_FOLLOWED), [write_deed(dice, words, i) for i in issues])


def _insert(dice: Dice, sections: list[Section], sentence: str) -> None:
    target = dice.pick([s for s in sections if s.themes != ("followed",)])
    target.sentences.insert(dice.between(1, len(target.sentences)), sentence)


def _principal(dice: Dice, writer: Writer) -> list[str]:
    parts = ["pr.deploy", "pr.learn", "pr.do", "pr.do", "pr.report"]
    if dice.chance(0.4):
        parts.insert(1, "pr.deploy")
    return [writer.sentence("principal.lead"), *(f"{writer.sentence(p)}。" for p in parts)]
