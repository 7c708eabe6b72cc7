"""The grammar of the texts: files in ``grammar/`` → productions → clauses with every slot filled.

A slot is ``{name}`` (a production), ``{3-9}`` (a number), ``{a|b}`` (a choice), ``{=name}`` (a word of the organ) or
``{%40-90 件:甲|乙|丙}`` (a total with parts that add up to it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.dice import Dice

_FOLDER = Path(__file__).parent / "grammar"
_RANGE = re.compile(r"(\d+)-(\d+)")
_SPLIT = re.compile(r"%(\d+)-(\d+) ([^:]+):(.*)", re.DOTALL)
_TRIES = 24


class Number(NamedTuple):
    """A number between two bounds, both included."""

    low: int
    high: int


class Name(NamedTuple):
    """A production to be filled in."""

    symbol: str


class Word(NamedTuple):
    """A word of the organ."""

    name: str


class Choice(NamedTuple):
    """One of several texts."""

    options: tuple[Production, ...]


class Split(NamedTuple):
    """A total with parts that add up to it."""

    total: Number
    unit: str
    parts: tuple[Production, ...]


Slot = str | Number | Name | Word | Choice | Split


class Production(NamedTuple):
    """One way to write a symbol: its text, and that text cut into literals and slots."""

    text: str
    slots: tuple[Slot, ...]


def parse(text: str) -> Production:
    """Return the production that a line of a grammar file says.

    Raises:
        ValueError: a bracket is not closed.
    """
    slots: list[Slot] = []
    at = 0
    while at < len(text):
        opened = text.find("{", at)
        if opened < 0:
            slots.append(text[at:])
            break
        if opened > at:
            slots.append(text[at:opened])
        at = _closed(text, opened) + 1
        slots.append(_slot(text[opened + 1 : at - 1]))
    return Production(text, tuple(slots))


def _closed(text: str, opened: int) -> int:
    depth = 0
    for index in range(opened, len(text)):
        depth += (text[index] == "{") - (text[index] == "}")
        if depth == 0:
            return index
    raise ValueError(f"not closed: {text}")


def _slot(inner: str) -> Slot:
    if inner[0] == "=":
        return Word(inner[1:])
    if (split := _SPLIT.fullmatch(inner)) is not None:
        low, high, unit, parts = split.groups()
        return Split(Number(int(low), int(high)), unit, tuple(parse(p) for p in cut(parts)))
    if (numbers := _RANGE.fullmatch(inner)) is not None:
        return Number(int(numbers.group(1)), int(numbers.group(2)))
    return Choice(tuple(parse(o) for o in cut(inner))) if "|" in inner else Name(inner)


def cut(text: str) -> list[str]:
    """Return what stands between bars outside brackets."""
    pieces, depth = [""], 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if character == "|" and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces


@cache
def read_blocks(name: str) -> dict[str, tuple[str, ...]]:
    """Return the lines of a grammar file under each [heading]."""
    blocks: dict[str, list[str]] = {}
    for line in (_FOLDER / name).read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            blocks[line[1:-1]] = []
        elif line and not line.startswith("#"):
            blocks[list(blocks)[-1]].append(line)
    return {key: tuple(lines) for key, lines in blocks.items()}


@cache
def read_grammar() -> dict[str, tuple[Production, ...]]:
    """Return every symbol with its productions."""
    files = ("words.txt", "openings.txt", "work.txt", "work-more.txt")
    return {s: tuple(parse(line) for line in lines) for name in files for s, lines in read_blocks(name).items()}


class Writer:
    """Fills slots for one report: no sentence frame stands in it twice, and no word twice in one sentence."""

    def __init__(self, dice: Dice, words: Mapping[str, str], avoid: re.Pattern[str] | None = None) -> None:
        self._dice = dice
        self._words = words
        self._avoid = avoid
        self._grammar = read_grammar()
        self._frames: set[str] = set()
        self._said: set[str] = set()

    def sentence(self, symbol: str) -> str:
        """Return one text of a symbol; what it says of one thing it does not say twice."""
        self._said = set()
        return self._expand(symbol)

    def fill(self, production: Production) -> str:
        """Return a production with its slots filled, as part of the sentence begun last."""
        return "".join([s if type(s) is str else self._filled(s) for s in production.slots])

    def begin(self) -> None:
        """Begin another sentence."""
        self._said = set()

    def _filled(self, slot: Slot) -> str:
        if isinstance(slot, str):
            return slot
        if isinstance(slot, Name):
            return self._expand(slot.symbol)
        if isinstance(slot, Number):
            return str(self._dice.between(slot.low, slot.high))
        if isinstance(slot, Word):
            return self._words[slot.name]
        if isinstance(slot, Choice):
            return self.fill(self._dice.pick(slot.options))
        return self._split(slot)

    def _split(self, slot: Split) -> str:
        total = self._dice.between(*slot.total)
        left, texts = total, []
        for index, part in enumerate(slot.parts):
            rest = len(slot.parts) - index - 1
            count = left if not rest else self._dice.between(1, max(1, min(left - rest, left * 2 // (rest + 1))))
            left -= count
            texts.append(f"{self.fill(part)}{count}{slot.unit}")
        return f"{total}{slot.unit}，其中{'、'.join(texts)}"

    def _expand(self, symbol: str) -> str:
        options = self._grammar[symbol]
        once = self._frames if "." in symbol else self._said
        text = ""
        for _ in range(_TRIES):
            production = self._dice.pick(options)
            if production.text in once and len(options) > 1:
                continue
            text = self.fill(production)
            if text not in self._said and (self._avoid is None or self._avoid.search(text) is None):
                once.add(production.text)
                break
        self._said.add(text)
        return text
