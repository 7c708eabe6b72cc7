"""One page of an .ofd → fragments: text objects with their transforms, in points. The second step of ``ofd``.

GB/T 33190: lengths are millimetres, y grows downward; a text object has a boundary on the page, a transform inside it,
and text codes whose characters advance by ``DeltaX`` and ``DeltaY``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from validator.errors import LoadError
from validator.loaders.paper.lines import Fragment, em_width
from validator.loaders.paper.ofd_package import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

POINTS = 72 / 25.4
_BLANKS = " \u3000\xa0\t"
_JUMP = 0.75
_ODD_ANGLE = 6.0
_NESTED = 8
_MOST_DELTAS = 100_000
_MOST_SHAPES = 300_000
"""Composite objects may hold each other, and so stand for any number of shapes."""


class Transform(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: Transform) -> Transform:
        """Return the transform that does another one first."""
        a, b = self.a * first.a + self.c * first.b, self.b * first.a + self.d * first.b
        c, d = self.a * first.c + self.c * first.d, self.b * first.c + self.d * first.d
        return Transform(a, b, c, d, *self.point(first.e, first.f))


@dataclass(slots=True)
class Contents:
    """What the layers of a page hold; areas in square millimetres. ``slanted`` characters were left out."""

    fragments: list[Fragment] = field(default_factory=list)
    hidden: list[Fragment] = field(default_factory=list)
    pictures: float = 0.0
    drawings: int = 0
    slanted: int = 0
    shapes: int = 0


def numbers(words: str | None) -> list[float]:
    """Return the numbers of an attribute or element, those that are none left out."""
    found = []
    for word in (words or "").replace(",", " ").split():
        try:
            value = float(word)
        except ValueError:
            continue
        if math.isfinite(value) and abs(value) < 1e6:
            found.append(value)
    return found


def deltas(words: str | None) -> list[float]:
    """Return the advances of a text code; ``g 3 5.2`` stands for three times 5.2."""
    found: list[float] = []
    parts = (words or "").replace(",", " ").split()
    i = 0
    while i < len(parts) and len(found) < _MOST_DELTAS:
        if parts[i].lower() == "g":
            count, step = numbers(" ".join(parts[i + 1 : i + 2])), numbers(" ".join(parts[i + 2 : i + 3]))
            if count and step:
                found += step * min(max(int(count[0]), 0), _MOST_DELTAS)
            i += 3
        else:
            found += numbers(parts[i])
            i += 1
    return found


def read_layers(content: _Element, origin: Transform, units: Mapping[str, _Element], key: int) -> Contents:
    """Return what a page's ``Content`` holds.

    Args:
        content: the element that holds the layers.
        origin: from the page's own millimetres to those from its upper left corner.
        units: composite graphic units by id.
        key: the key of the fragments.

    Raises:
        LoadError: there are far too many shapes.
    """
    found = Contents()
    _walk(content, origin, units, key, found, 0)
    return found


def _walk(
    block: _Element, place: Transform, units: Mapping[str, _Element], key: int, found: Contents, depth: int
) -> None:
    for shape in block:
        kind = local_name(shape)
        found.shapes += 1
        if found.shapes > _MOST_SHAPES:
            raise LoadError("OFD 的一页上图形太多，不像一份报告。")
        if shape.get("Visible", "true").lower() == "false" and kind != "TextObject":
            continue
        if kind in ("Layer", "PageBlock", "Content"):
            _walk(shape, place, units, key, found, depth)
        elif kind == "TextObject":
            _read_text(shape, place.after(_own(shape)), key, found)
        elif kind == "ImageObject":
            box = numbers(shape.get("Boundary"))
            if len(box) == 4:
                found.pictures += abs(box[2] * box[3] * (place.a * place.d - place.b * place.c))
        elif kind == "PathObject":
            found.drawings += 1
        elif kind == "CompositeObject" and depth < _NESTED:
            unit = units.get(shape.get("ResourceID", ""))
            if unit is not None:
                _walk(unit, place.after(_own(shape)), units, key, found, depth + 1)


def _own(shape: _Element) -> Transform:
    """Return an object's own transform: its matrix, then its place on the page."""
    box = numbers(shape.get("Boundary"))
    place = Transform(e=box[0], f=box[1]) if len(box) == 4 else Transform()
    matrix = numbers(shape.get("CTM"))
    return place.after(Transform(*matrix)) if len(matrix) == 6 else place


def _read_text(shape: _Element, place: Transform, key: int, found: Contents) -> None:
    size = (numbers(shape.get("Size")) or [0.0])[0]
    stretch = (numbers(shape.get("HScale")) or [1.0])[0]
    x = y = 0.0
    hidden = _is_hidden(shape)
    for code in shape:
        if local_name(code) != "TextCode":
            continue
        x, y = (numbers(code.get("X")) or [x])[0], (numbers(code.get("Y")) or [y])[0]
        text = "".join(str(t) for t in code.itertext()).strip("\r\n")
        if not text.strip():
            continue
        angle = math.degrees(math.atan2(place.b, place.a))
        if abs(angle) > _ODD_ANGLE:
            found.slanted += len(text)
            continue
        steps = deltas(code.get("DeltaX")), deltas(code.get("DeltaY"))
        target = found.hidden if hidden else found.fragments
        target += _fragments(text, (x, y), steps, (size, stretch), place, key)


def _is_hidden(shape: _Element) -> bool:
    """Tell whether words are there to be searched for only: under a scan they are drawn in no colour."""
    if shape.get("Visible", "true").lower() == "false" or shape.get("Alpha") == "0":
        return True
    if shape.get("Fill", "true").lower() == "false" and shape.get("Stroke", "false").lower() != "true":
        return True
    return any(local_name(part) == "FillColor" and part.get("Alpha") == "0" for part in shape)


def _fragments(
    text: str,
    start: tuple[float, float],
    steps: tuple[list[float], list[float]],
    size: tuple[float, float],
    place: Transform,
    key: int,
) -> Iterator[Fragment]:
    """Give the characters of a text code, cut where the next one does not follow at the usual distance."""
    em, stretch = size
    across, down = steps
    x, y = start
    first, left = 0, x
    base = y
    for i, character in enumerate(text):
        usual = em_width(character) * em * stretch
        # The last character has no advance; a text code without any is set by the widths of its font.
        dx = across[i] if i < len(across) else (usual if i + 1 == len(text) or not across else across[-1])
        dy = down[i] if i < len(down) else 0.0
        last = i + 1 == len(text)
        if not last and (dy or not -0.5 * em < dx - usual < _JUMP * em or (character in _BLANKS and dx > em)):
            yield _fragment(text[first : i + 1], left, x + usual, base, em, place, key)
            first, left, base = i + 1, x + dx, y + dy
        if last:
            yield _fragment(text[first:], left, x + usual, base, em, place, key)
        x, y = x + dx, y + dy


def _fragment(text: str, left: float, right: float, base: float, em: float, place: Transform, key: int) -> Fragment:
    x0, y1 = place.point(left, base)
    x1, _ = place.point(right, base)
    size = max(em * math.hypot(place.c, place.d) * POINTS, 0.5)
    return Fragment(text, x0 * POINTS, y1 * POINTS - size, max(x0, x1) * POINTS, y1 * POINTS, size, key)
