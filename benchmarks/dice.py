"""Chance that gives the same on every Python: whole-number seeds, and nothing but ``Random.random`` drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


def mix(*numbers: int) -> int:
    """Return one seed made of several numbers (the rounds of splitmix64)."""
    state = 0x9E3779B97F4A7C15
    for number in numbers:
        state = (state ^ (number & _MASK)) * 0xBF58476D1CE4E5B9 & _MASK
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB & _MASK
        state ^= state >> 31
    return state


class Dice:
    """A stream of choices."""

    __slots__ = ("roll",)

    def __init__(self, *seed: int) -> None:
        self.roll = Random(mix(*seed)).random

    def below(self, limit: int) -> int:
        """Return a number from 0 to ``limit`` - 1."""
        return int(self.roll() * limit)

    def between(self, low: int, high: int) -> int:
        """Return a number from ``low`` to ``high``, both included."""
        return low + int(self.roll() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """Return true in that share of cases."""
        return self.roll() < share

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[int(self.roll() * len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in another order."""
        left = list(items)
        for index in range(len(left) - 1, 0, -1):
            other = int(self.roll() * (index + 1))
            left[index], left[other] = left[other], left[index]
        return left

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Return that many different items, or all of them."""
        return self.shuffled(items)[:count]
