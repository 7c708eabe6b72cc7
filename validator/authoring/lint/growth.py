"""Patterns that take very long on some text: they are measured on texts that are made to nearly match, and grow.

A measurement ends at the first text that takes too long. An expression cannot be stopped while it runs, so measuring is
done in a process of its own, which is ended where that does not help.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from time import process_time
from typing import Any, NamedTuple

SECONDS = 0.1
"""A text of at most ``LENGTH`` characters must not take longer."""
LENGTH = 600
"""Sentences are no longer than this."""
_WIDE = 8
"""A repetition of fewer times than this cannot grow much."""
_END = "\x01"
_MOST_TEXTS = 24
_PICKS = 6
"""How many texts are made of what is repeated: by other alternatives, with and without what may be left out."""
_DEPTH = 40


class Slow(NamedTuple):
    """How a pattern was found to be slow: the text that grew, how long it was, and what it took (seconds)."""

    repeated: str
    length: int
    seconds: float


def is_nested(pattern: re.Pattern[str]) -> bool:
    """Tell whether a repetition stands inside a repetition, where expressions explode."""
    return any(_holds_repeat(body) for body, _ in _repeats(_parse(pattern), 0))


def measure_growth(pattern: re.Pattern[str], clock: Callable[[], float] = process_time) -> Slow | None:
    """Return how a pattern is slow; ``None`` when it is not.

    Args:
        pattern: as it is used, with the words of lists filled in.
        clock: seconds of the processor.
    """
    for lead, body in _attacks(pattern):
        for count in _counts(len(body)):
            text = f"{lead}{body * count}{_END}"
            took = _time(pattern, text, clock)
            if took > SECONDS and (took > SECONDS * 10 or (took := _time(pattern, text, clock)) > SECONDS):
                return Slow(body, len(text), took)
    return None


def _time(pattern: re.Pattern[str], text: str, clock: Callable[[], float]) -> float:
    begun = clock()
    pattern.search(text)
    return clock() - begun


def _counts(size: int) -> Iterator[int]:
    """Yield how often a body is repeated: slowly more while a text is short, then by a quarter."""
    count = 2
    while count * size <= LENGTH:
        yield count
        count += max(1, count // 4) if count >= 24 else 1


def _attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield starts and bodies of texts: for every wide repetition what leads to it, and what it repeats."""
    seen: dict[tuple[str, str], None] = {}
    for body, lead in _repeats(_parse(pattern), 0):
        for pick in range(_PICKS):
            repeated = _sample(body, 0, pick)
            if repeated:
                seen.setdefault((lead, repeated))
                seen.setdefault(("", repeated))
    yield from list(seen)[:_MOST_TEXTS]


def _parse(pattern: re.Pattern[str]) -> Any:
    return import_module("re._parser").parse(pattern.pattern, pattern.flags)


def _repeats(tree: Any, depth: int, lead: str = "") -> Iterator[tuple[Any, str]]:
    """Yield the bodies of wide repetitions, outer ones first, with a text that leads to each."""
    if depth > _DEPTH:
        return
    before = lead
    for operation, value in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, body = value
            if int(most) >= _WIDE:
                yield body, before
            yield from _repeats(body, depth + 1, before)
        else:
            for inner in _inner(name, value):
                yield from _repeats(inner, depth + 1, before)
        before += _sample([(operation, value)], 0)


def _inner(name: str, value: Any) -> tuple[Any, ...]:
    """Return the expressions inside an operation that is no repetition."""
    if name == "SUBPATTERN":
        return (value[3],)
    if name == "BRANCH":
        return tuple(value[1])
    if name in ("ASSERT", "ASSERT_NOT"):
        return (value[1],)
    if name == "ATOMIC_GROUP":
        return (value,)
    return ()


def _holds_repeat(tree: Any, depth: int = 0) -> bool:
    if depth > _DEPTH:
        return True
    for operation, value in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, body = value
            if int(most) != int(least) or _holds_repeat(body, depth + 1):
                return True
        elif any(_holds_repeat(inner, depth + 1) for inner in _inner(name, value)):
            return True
    return False


def _sample(tree: Any, depth: int, pick: int = 0) -> str:
    """Return a short text that an expression matches, but for what it looks at around it.

    ``pick`` chooses among alternatives; odd ones have one more of what may be repeated.
    """
    if depth > _DEPTH:
        return ""
    said = ""
    for operation, value in tree:
        name = str(operation)
        if name == "LITERAL":
            said += chr(value)
        elif name in ("NOT_LITERAL", "ANY"):
            said += "法" if value != ord("法") else "治"
        elif name == "IN":
            said += _member(value)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = int(value[0]), int(value[1]), value[2]
            said += _sample(body, depth + 1, pick) * min(least + pick % 2 or (pick == 0), most, 4)
        elif name == "BRANCH":
            said += _sample(value[1][pick % len(value[1])], depth + 1, pick // 2)
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            said += _sample(_inner(name, value)[0], depth + 1, pick)
    return said


def _member(members: Any) -> str:
    """Return a character of a class."""
    kinds = [(str(operation), value) for operation, value in members]
    if kinds[0][0] == "NEGATE":
        left_out = {chr(value) for name, value in kinds if name == "LITERAL"}
        return next(c for c in "法治一1a，。、\n" if c not in left_out or c == "\n")
    name, value = kinds[0]
    if name == "LITERAL":
        return chr(value)
    if name == "RANGE":
        return chr(value[0])
    return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " "}.get(str(value), "法")
