"""Build small PDF files by hand: paragraphs set line by line, so that a test knows every line, page and place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal, NamedTuple

from tests.pdf_font import FONT, register

Kind = Literal["title", "heading", "body", "right"]
Paragraph = tuple[str, Kind]

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, TOP, BOTTOM = 80.0, 528.0, 110.0, 740.0
SIZES: dict[str, float] = {"title": 22.0, "heading": 16.0, "body": 16.0, "right": 16.0}
_CLOSERS = "，。、；：！？）》”"


class Print(NamedTuple):
    """A line on a page: base line ``y`` downward, points."""

    text: str
    x: float
    y: float
    size: float = 16.0


@dataclass(frozen=True)
class Paper:
    """How paragraphs are set."""

    indent: float = 2
    pitch: float = 28.0
    space: float = 0.0
    left: float = LEFT
    right: float = RIGHT
    page_numbers: bool = True
    header: str | None = None


def width_of(text: str) -> float:
    """Return the width in ems as the builder sets it."""
    return sum(0.5 if c.isascii() else 1.0 for c in text)


def break_lines(text: str, first: float, rest: float) -> list[str]:
    """Break a text into lines of so many ems; no line begins with a closing mark."""
    lines = [""]
    for i, character in enumerate(text):
        room = first if len(lines) == 1 else rest
        after = text[i + 1] if i + 1 < len(text) and text[i + 1] in _CLOSERS else ""
        if lines[-1] and character not in _CLOSERS and width_of(lines[-1] + character + after) > room:
            lines.append("")
        lines[-1] += character
    return lines


def typeset(paragraphs: Iterable[Paragraph], paper: Paper | None = None) -> list[list[Print]]:
    """Return the lines of each page, page numbers and running heads included."""
    paper = paper or Paper()
    pages: list[list[Print]] = [[]]
    y = TOP
    for text, kind in paragraphs:
        size = SIZES[kind]
        room = (paper.right - paper.left) / size
        indent = paper.indent if kind in ("body", "heading") else 0
        for i, line in enumerate(break_lines(text, room - indent, room)):
            if y > BOTTOM:
                pages.append([])
                y = TOP
            x = paper.left + (indent * size if i == 0 else 0)
            if kind == "title":
                x += (room - width_of(line)) / 2 * size
            elif kind == "right":
                x = paper.right - width_of(line) * size
            pages[-1].append(Print(line, x, y, size))
            y += paper.pitch
        y += paper.space
    for number, page in enumerate(pages, 1):
        if paper.header:
            page.insert(0, Print(paper.header, paper.left, 60.0, 10.5))
        if paper.page_numbers:
            page.append(Print(f"— {number} —", 280.0, 790.0, 14.0))
    return pages


def build_pdf(
    paragraphs: Iterable[Paragraph],
    *,
    page_numbers: bool = True,
    header: str | None = None,
    indent: float = 2,
    space: float = 0.0,
    password: Any = None,
) -> bytes:
    """Return a PDF with the paragraphs on as many pages as they need."""
    paper = Paper(indent=indent, space=space, page_numbers=page_numbers, header=header)
    return print_pdf(typeset(paragraphs, paper), password=password)


def print_pdf(
    pages: Sequence[Sequence[Print]],
    *,
    picture: tuple[float, float, float, float] | None = None,
    over: bool = False,
    invisible: bool = False,
    turned: int = 0,
    stamp: tuple[str, float] | None = None,
    password: Any = None,
    size: tuple[float, float] = (WIDTH, HEIGHT),
) -> bytes:
    """Return a PDF with the lines where they are said to stand.

    ``picture`` (x, y, width, height; y upward) lies on every page, under the text or ``over`` it; ``invisible`` text
    has render mode 3; ``turned`` is the page's /Rotate; ``stamp`` is a text and the angle at which it crosses the page.
    """
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    register()
    stream = BytesIO()
    # reportlab swaps the sides of a page that is turned.
    canvas = Canvas(stream, pagesize=size[::-1] if turned % 180 else size, invariant=1, encrypt=password)
    for page in pages:
        if turned:
            canvas.setPageRotation(turned)
        if picture and not over:
            _draw_picture(canvas, picture)
        for line in page:
            _draw_line(canvas, line, size[1], invisible=invisible)
        if stamp:
            canvas.saveState()
            canvas.translate(200, 300)
            canvas.rotate(stamp[1])
            canvas.setFont(FONT, 60)
            canvas.drawString(0, 0, stamp[0])
            canvas.restoreState()
        if picture and over:
            _draw_picture(canvas, picture)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw_line(canvas: Any, line: Print, height: float, *, invisible: bool) -> None:
    """Draw a line in one text object: Chinese and Latin alike as wide as ``width_of`` says."""
    text = canvas.beginText(line.x, height - line.y)
    if invisible:
        text.setTextRenderMode(3)
    x = line.x
    for piece in _pieces(line.text):
        is_latin = piece.isascii()
        text.setFont("Courier" if is_latin else FONT, line.size)
        text.setHorizScale(100 / 1.2 if is_latin else 100)
        text.setTextOrigin(x, height - line.y)
        text.textOut(piece)
        x += width_of(piece) * line.size
    canvas.drawText(text)


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if pieces and character.isascii() == pieces[-1][-1].isascii():
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _draw_picture(canvas: Any, box: tuple[float, float, float, float]) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]

    canvas.drawImage(ImageReader(Image.new("L", (20, 28), 230)), *box)
