"""Numbers → lengths of inline SVG: shares of a width in percent, heights in pixels. The templates draw them.

Widths are percentages, so that a chart fits any window while its words and hatching keep their size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from validator.result import Outcome

STACKED: tuple[Outcome, ...] = ("pass", "fail", "review", "error")
"""The outcomes of a report, in the order in which a bar shows them."""
TOP, BOTTOM = 14, 194
"""The pixels at which a trend shows 100 % and 0 %."""
_LEFT, _RIGHT = 3.0, 97.0
"""The percentages of the width at which the first and the last year stand."""


class Segment(NamedTuple):
    """A part of a bar, in percent of its width."""

    name: Outcome
    x: str
    width: str


class Point(NamedTuple):
    """A value of a series: ``x`` in percent, ``y`` in pixels, and what it says."""

    x: str
    y: str
    said: str


class Stroke(NamedTuple):
    """A line from a point to the next."""

    start: Point
    end: Point


class Series(NamedTuple):
    """One outcome over the years. ``label`` is the height of its name, kept clear of the other names."""

    name: Outcome
    points: tuple[Point, ...]
    strokes: tuple[Stroke, ...]
    label: str


class Trend(NamedTuple):
    """A chart over years: where each year stands, lines at every quarter, and the series."""

    years: tuple[tuple[str, int], ...]
    grid: tuple[tuple[str, str], ...]
    series: tuple[Series, ...]


def stack(counts: Mapping[Outcome, int]) -> tuple[Segment, ...]:
    """Return the parts of a bar, each as wide as its share."""
    total = sum(counts.get(o, 0) for o in STACKED)
    found, before = [], 0
    for name in STACKED:
        if count := counts.get(name, 0):
            found.append(Segment(name, percent(before, total), percent(count, total)))
        before += count
    return tuple(found)


def percent(part: int, whole: int) -> str:
    """Return a share as a length in percent."""
    return f"{_tidy(100 * part / whole)}%" if whole else "0%"


def share(part: int, whole: int) -> str:
    """Return a share as people read it: never 0% of some, never 100% unless all."""
    if not whole:
        return "–"
    value = 100 * part / whole
    if 0 < value < 0.05:
        return "不到0.1%"
    if 99.95 <= value < 100:
        return "99.9%"
    return f"{value:.1f}".removesuffix(".0") + "%"


def draw_trend(years: Sequence[tuple[int, Mapping[Outcome, int]]], names: Sequence[Outcome]) -> Trend:
    """Return the shares of outcomes over years.

    Args:
        years: the years from left to right with their counts, at least two.
        names: the outcomes to draw.
    """
    step = (_RIGHT - _LEFT) / (len(years) - 1)
    places = [f"{_tidy(_LEFT + i * step)}%" for i in range(len(years))]
    drawn: list[tuple[Outcome, tuple[Point, ...]]] = []
    for name in names:
        points = []
        for x, (_, counts) in zip(places, years, strict=True):
            total = sum(counts.get(o, 0) for o in STACKED)
            part = counts.get(name, 0)
            points.append(Point(x, _height(part / total if total else 0), share(part, total)))
        drawn.append((name, tuple(points)))
    labels = _spread([float(points[-1].y) for _, points in drawn])
    series = (
        Series(name, points, tuple(Stroke(a, b) for a, b in pairwise(points)), _tidy(label))
        for (name, points), label in zip(drawn, labels, strict=True)
    )
    grid = tuple((_height(quarter / 4), f"{25 * quarter}%") for quarter in range(5))
    return Trend(tuple((x, year) for x, (year, _) in zip(places, years, strict=True)), grid, tuple(series))


def _spread(heights: list[float], gap: float = 19.0) -> list[float]:
    """Return heights that are at least a line apart, in the order they were given."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = list(heights)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + gap)
    over = max(0.0, max(placed, default=0.0) - BOTTOM)
    if over:
        limit = float(BOTTOM)
        for i in reversed(order):
            placed[i] = min(placed[i], limit)
            limit = placed[i] - gap
    return placed


def _height(part: float) -> str:
    return _tidy(BOTTOM - part * (BOTTOM - TOP))


def _tidy(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
