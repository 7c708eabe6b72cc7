"""A regular expression as written → each alternative of it, and the expression with that alternative alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_OPENING = re.compile(r"\(\?(?:[:>=!]|<[=!]|P<\w+>|[aiLmsux-]*:)|\((?!\?)")
_COMMENT = re.compile(r"\(\?#[^)]*\)|\(\?P=\w+\)|\(\?[aiLmsux]+\)")
_NEGATIVE = {"(?!": "(?=", "(?<!": "(?<="}


class Alternative(NamedTuple):
    """One of several alternatives: its words, and the whole expression in which it stands alone.

    In a look-ahead or look-behind that must not match, it stands alone as one that must.
    """

    words: str
    alone: str


@dataclass(slots=True)
class _Group:
    """An open group: where it begins, its opening, and where its alternatives begin."""

    at: int
    opening: str
    starts: list[int] = field(default_factory=list)


def split_alternatives(pattern: str) -> Iterator[Alternative]:
    """Yield every alternative of every group that has two or more, outer groups after inner ones.

    A class ``[…]`` is one word; so is a list of the lexicon (``{name}``).
    """
    groups = [_Group(0, "", [0])]
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 2
        elif character == "[":
            at = _class_end(pattern, at)
        elif character == "(":
            other = _COMMENT.match(pattern, at)
            if other is not None:
                at = other.end()
                continue
            opening = _OPENING.match(pattern, at)
            if opening is None:
                return  # a construct that is not known here: nothing is said about it
            groups.append(_Group(at, opening.group(), [opening.end()]))
            at = opening.end()
        elif character == "|":
            at += 1
            groups[-1].starts.append(at)
        elif character == ")":
            yield from _alternatives(pattern, groups.pop(), at)
            at += 1
            if not groups:
                return
        else:
            at += 1
    if len(groups) == 1:
        yield from _alternatives(pattern, groups[0], len(pattern))


def _alternatives(pattern: str, group: _Group, end: int) -> Iterator[Alternative]:
    if len(group.starts) < 2:
        return
    opening = _NEGATIVE.get(group.opening, group.opening)
    bounds = zip(group.starts, [*(s - 1 for s in group.starts[1:]), end], strict=True)
    for start, stop in bounds:
        words = pattern[start:stop]
        yield Alternative(words, f"{pattern[: group.at]}{opening}{words}{pattern[end:]}")


def _class_end(pattern: str, at: int) -> int:
    """Return where a class ends that begins at an offset."""
    at += 1
    if pattern.startswith("^", at):
        at += 1
    if pattern.startswith("]", at):
        at += 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1
