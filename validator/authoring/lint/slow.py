"""Measures patterns in a process of its own that is ended when one takes too long: no rule file can hang lint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

from validator.authoring.lint.growth import LENGTH, Slow, measure_growth

_PATIENCE = 5.0
"""Seconds for one pattern."""
_MOST_ENDED = 20
"""After so many processes that had to be ended the rest is not measured."""


def find_slow(patterns: Sequence[str]) -> dict[str, Slow]:
    """Return the patterns that are slow, with how it was seen.

    Args:
        patterns: expressions that compile, with the words of lists filled in; each is measured once.
    """
    found: dict[str, Slow] = {}
    left = list(dict.fromkeys(patterns))
    ended = 0
    while left and ended < _MOST_ENDED:
        done = _measure_some(left, found)
        if done < len(left):
            found[left[done]] = Slow("", LENGTH, _PATIENCE)
            ended += 1
        left = left[done + 1 :]
    return found


def _measure_some(patterns: Sequence[str], found: dict[str, Slow]) -> int:
    """Measure patterns in one process; return how many were done before it had to be ended."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, tuple(patterns)), daemon=True)
    process.start()
    theirs.close()
    done = 0
    try:
        ours.recv()  # it has begun
        for pattern in patterns:
            if not ours.poll(_PATIENCE):
                break
            slow = ours.recv()
            if slow is not None:
                found[pattern] = slow
            done += 1
    except EOFError:
        pass  # the process died of the pattern
    finally:
        process.kill()
        process.join()
        ours.close()
    return done


def _work(answer: Connection, patterns: tuple[str, ...]) -> None:
    answer.send(None)
    for pattern in patterns:
        answer.send(measure_growth(re.compile(pattern)))
