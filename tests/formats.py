"""One report in every format: the builders of the round-trip matrix and of the seeds that are mutated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from tests.docx_files import abstract, build_docx, level, paragraph
from tests.html_files import build_mhtml, build_page
from tests.ofd_files import build_ofd
from tests.pdf_files import Paragraph, build_pdf
from validator.loaders.text import load_text

_HEADING = re.compile(r"(#{1,6}) +")
_ITEM = re.compile(r"- +")
_MARKS = (
    re.compile(r"([一二三四五六七八九十]+)、"),
    re.compile(r"（([一二三四五六七八九十]+)）"),
    re.compile(r"(\d+)\.(?!\d) ?"),
)
_DIGITS = "一二三四五六七八九"
NUMBERING = (
    abstract(
        0,
        level(0, "%1、", "chineseCounting", '<w:suff w:val="nothing"/>'),
        level(1, "（%2）", "chineseCounting", '<w:suff w:val="nothing"/>'),
        level(2, "%3.", "decimal", '<w:suff w:val="space"/>'),
    )
    + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="H{n}"><w:name w:val="heading {n}"/>'
    f'<w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr></w:style>'
    for n in range(1, 7)
)


class TextLine(NamedTuple):
    """One line of a text report. ``number`` is its 1-based line there, ``hint`` its Markdown level (0: none)."""

    text: str
    number: int
    hint: int


def read_report(name: str, data: bytes) -> list[TextLine]:
    """Return the lines of a text report that are not blank; Markdown marks become levels."""
    found = []
    for number, line in enumerate(load_text(name, data).text.splitlines(), 1):
        mark = _HEADING.match(line)
        text = line[mark.end() :] if mark else line
        text = _ITEM.sub("", text, count=1) if name.endswith(".md") and _ITEM.match(text) else text
        if text.strip():
            found.append(TextLine(text.replace("**", ""), number, len(mark.group(1)) if mark else 0))
    return found


def as_docx(lines: Iterable[TextLine]) -> bytes:
    """A Word file with typed numbers: one paragraph a line, heading styles where the text had levels."""
    body = "".join(paragraph(x.text, style=f"H{x.hint}" if x.hint else None) for x in lines)
    return build_docx(body, styles=STYLES)


def as_numbered_docx(lines: Iterable[TextLine]) -> bytes:
    """A Word file whose numbers are automatic wherever Word would count as the writer did."""
    counters = [0, 0, 0]
    body = []
    for line in lines:
        style = f"H{line.hint}" if line.hint else None
        depth, rest = _numbered_by_word(line.text, counters)
        body.append(paragraph(line.text if depth is None else rest, None if depth is None else 1, depth or 0, style))
    return build_docx("".join(body), NUMBERING, STYLES)


def _numbered_by_word(text: str, counters: list[int]) -> tuple[int | None, str]:
    """Return the list level and the words after the number, if it is the one that Word would show."""
    for depth, mark in enumerate(_MARKS):
        hit = mark.match(text.lstrip("\u3000 "))
        if hit is None:
            continue
        value = int(hit.group(1)) if depth == 2 else _value(hit.group(1))
        if value != counters[depth] + 1 or any(c == 0 for c in counters[:depth]):
            return None, text
        counters[depth] = value
        counters[depth + 1 :] = [0] * (len(counters) - depth - 1)
        return depth, text.lstrip("\u3000 ")[hit.end() :]
    return None, text


def _value(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _DIGITS.index(numeral) + 1
    return (_DIGITS.index(tens) + 1 if tens else 1) * 10 + (_DIGITS.index(ones) + 1 if ones else 0)


def as_pdf(lines: Iterable[TextLine]) -> bytes:
    """A PDF of several pages with page numbers, set like an official document: two blanks before every paragraph."""
    return build_pdf(_set(lines))


def as_ofd(lines: Iterable[TextLine]) -> bytes:
    """An OFD, set like the PDF."""
    return build_ofd(_set(lines))


def as_html(lines: Iterable[TextLine]) -> bytes:
    """A saved page of a government site: navigation, the title as a heading, the text in a block, links below."""
    every = list(lines)
    title, rest = (every[0].text, every[1:]) if every[0].text[-1] not in "。：；" else ("", every)
    return build_page(title, [x.text for x in rest], style="trs", levels=[x.hint for x in rest])


def as_mhtml(lines: Iterable[TextLine]) -> bytes:
    """The same page as a browser saves it in one file."""
    return build_mhtml(as_html(lines))


def _set(lines: Iterable[TextLine]) -> list[Paragraph]:
    """Centre the title, set dates and signatures at the right, everything else as body text."""
    return [(x.text.strip(), "title" if x.number == 1 else "body") for x in lines]
