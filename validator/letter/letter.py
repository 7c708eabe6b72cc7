"""Words → a Word file in the dress of an official letter (GB/T 9704).

Words of reports are text and nothing else: what XML cannot hold, and what turns the direction of writing, is left out.
The same words give the same bytes: every member of the package carries one fixed day.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lxml.etree import SubElement

from validator.errors import OptionError, explain_os_error

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
TOP, BOTTOM, LEFT, RIGHT = 37.0, 35.0, 28.0, 26.0
"""A4 and its margins in millimetres, GB/T 9704-2012 section 5."""
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
_TWIPS = 1440 / 25.4
"""In a millimetre."""
_BLACK = ("rFonts", "eastAsia", "黑体")
_UNDERLINE = ("u", "val", "single")
_STYLES = Path(__file__).parent / "letter-styles.xml"
_DAY = datetime(2000, 1, 1)
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_PROGRAM = "fazhi-validator"
_DIGITS = ("", *"一二三四五六七八九")
_BLANK = re.compile("〔( +)〕")
_WIDE = "\u3000"
"""A blank as wide as a character: no line breaks between it and a bracket, as it does between narrow ones."""
_UNUSED = ("stylesWithEffects", "customXml", "thumbnail")


class Words(NamedTuple):
    """Words of a table cell; ``marks`` are half-open ranges of them that are underlined."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


Cell = str | tuple[Words, ...]
"""What stands in a cell: a text, or paragraphs with marks."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is being written, from the top down.

    python-docx keeps the package; paragraphs and tables are written as elements, which is several times as fast as its
    own methods for thousands of letters.
    """

    document: WordDocument
    _end: _Element
    """The section properties, the last element of the body: everything is written before it."""

    def title(self, first: str, second: str) -> None:
        """Write the title on two lines, so that it breaks where it may; it names the file too."""
        paragraph = self._add(first, "Title")
        SubElement(SubElement(paragraph, f"{_W}r"), f"{_W}br")
        _write(paragraph, second)
        self.document.core_properties.title = clean(f"{first}{second}")[:200]

    def part(self, first: str, second: str) -> None:
        """Begin a part on a new page, under a title of its own on two lines."""
        paragraph = self._add(first, "Title")
        for properties in paragraph.iterfind(f"{_W}pPr"):
            _set(properties, "pageBreakBefore")
        SubElement(SubElement(paragraph, f"{_W}r"), f"{_W}br")
        _write(paragraph, second)

    def address(self, text: str) -> None:
        """Write the line for whom the letter is, without an indent."""
        self._add(text, "Address")

    def heading(self, text: str) -> None:
        """Write a heading 一、."""
        self._add(text, "Heading1")

    def subheading(self, number: int, text: str) -> None:
        """Write a heading （一）; from 100 on the number is （100）."""
        self._add(f"（{_chinese(number) if number < 100 else number}）{text}", "Heading2")

    def say(self, text: str, label: str = "") -> None:
        """Write a paragraph, after a label in black type (黑体)."""
        self._add(text, "BodyText", label)

    def lead(self, text: str) -> None:
        """Write a paragraph that stays on the page of what follows."""
        _keep_with_next(self._add(text, "BodyText"))

    def note(self, text: str, label: str = "") -> None:
        """Write a paragraph in smaller type, after a label in black type."""
        self._add(text, "Small", label)

    def wording(self, text: str, label: str) -> None:
        """Write a model wording under a label, each line a paragraph behind a bar."""
        _keep_with_next(self._add("", "BodyText", label))
        for line in text.splitlines():
            if clean(line).strip():
                self._add(line, "Wording")

    def sign(self, text: str) -> None:
        """Write the line for who signs, at the right, on the page of what stands before it."""
        before = self._end.getprevious()
        if before is not None and before.tag == f"{_W}p":
            _keep_with_next(before)
        self._add(text, "Signature")

    def comment(self, text: str, author: str) -> None:
        """Comment on all words of the last paragraph; a line of text is a paragraph of the comment. It has no date."""
        paragraph = next(self._end.itersiblings(f"{_W}p", preceding=True))
        runs = [r for r in paragraph.iterfind(f"{_W}r") if r.find(f"{_W}commentReference") is None]
        lines = "\n".join(clean(line) for line in text.splitlines())
        comment = self.document.comments.add_comment(lines, clean(author), clean(author)[:1])
        comment._comment_elm.attrib.pop(f"{_W}date", None)
        number = {f"{_W}id": str(comment.comment_id)}
        runs[0].addprevious(paragraph.makeelement(f"{_W}commentRangeStart", number))
        SubElement(paragraph, f"{_W}commentRangeEnd", number)
        run = SubElement(paragraph, f"{_W}r")
        _set(SubElement(run, f"{_W}rPr"), "rStyle", val="CommentReference")
        SubElement(run, f"{_W}commentReference", number)

    def table(
        self, head: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[float], *, apart: bool = False
    ) -> None:
        """Write a table over the width of the text.

        Args:
            head: the names of the columns, repeated on every page; empty: the first column names the rows.
            rows: the cells, as many as there are widths; nothing is written where there are no rows.
            widths: of the columns, in any unit; their proportions count.
            apart: without a head: a page may end in the table, though not after its first or before its last row.
        """
        lines = [head, *rows] if head else [*rows]
        if len(lines) <= bool(head):
            return  # a table without rows is not valid
        sizes = [str(round(TEXT_WIDTH * _TWIPS * w / sum(widths))) for w in widths]
        table = self._insert("tbl")
        properties = SubElement(table, f"{_W}tblPr")
        _set(properties, "tblStyle", val="TableGrid")
        _set(properties, "tblW", w=str(sum(map(int, sizes))), type="dxa")
        _set(properties, "tblLayout", type="fixed")
        grid = SubElement(table, f"{_W}tblGrid")
        for size in sizes:
            _set(grid, "gridCol", w=size)
        for number, line in enumerate(lines):
            row = SubElement(table, f"{_W}tr")
            kept = SubElement(row, f"{_W}trPr")
            SubElement(kept, f"{_W}cantSplit")
            if head and number == 0:
                SubElement(kept, f"{_W}tblHeader")
            for index, (size, words) in enumerate(zip(sizes, line, strict=True)):
                named = number == 0 if head else index == 0
                cell = _write_cell(row, words, size, "CellHead" if named else "Cell")
                if apart and named and not head and 0 < number < len(lines) - 2:
                    for paragraph in cell.iterfind(f"{_W}p/{_W}pPr"):
                        _set(paragraph, "keepNext", val="0")
        self._add("", "Cell")  # Word joins tables that touch

    def pack(self) -> bytes:
        """Return the bytes of the file."""
        packed = io.BytesIO()
        self.document.save(packed)
        return _repack(packed.getvalue(), {})

    def save(self, path: Path) -> None:
        """Write the file.

        Raises:
            OptionError: it cannot be written.
        """
        packed = self.pack()
        try:
            path.write_bytes(packed)
        except OSError as exc:
            raise OptionError(f"{path} 写不进去（{explain_os_error(exc)}）。") from exc

    def _add(self, text: str, style: str, label: str = "") -> _Element:
        paragraph = self._insert("p")
        _set(SubElement(paragraph, f"{_W}pPr"), "pStyle", val=style)
        if label:
            _write(paragraph, f"{label}：", _BLACK)
        _write(paragraph, text)
        return paragraph

    def _insert(self, name: str) -> _Element:
        element: _Element = self._end.makeelement(f"{_W}{name}")
        self._end.addprevious(element)
        return element


def build_template() -> bytes:
    """Return an empty letter: page, footer with page number, styles, language, and fixed days."""
    import docx
    from docx.shared import Mm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.footer_distance = Mm(25)
    section.footer.is_linked_to_previous = False
    section.footer.paragraphs[0].style = "Footer"
    _number_pages(section.footer.paragraphs[0]._p)
    for rels in (document.part.rels, document.part.package.rels):
        for name in [n for n, r in rels.items() if r.reltype.endswith(_UNUSED)]:
            rels.pop(name)
    _set_settings(document.settings.element)
    core = document.core_properties
    core.author = core.last_modified_by = _PROGRAM
    core.created = core.modified = _DAY
    core.language, core.revision, core.comments, core.keywords = "zh-CN", 1, "", ""
    packed = io.BytesIO()
    document.save(packed)
    return _repack(packed.getvalue(), {"word/styles.xml": _STYLES.read_bytes()})


def open_letter(template: bytes) -> Letter:
    """Return a new letter from the bytes of a template."""
    import docx

    document = docx.Document(io.BytesIO(template))
    return Letter(document, document.element.body.sectPr)


def clean(text: str) -> str:
    """Return a text of the same length on one line, without control characters and marks of direction."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def shorten(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return f"{ten}{_DIGITS[ones]}"


def _set(parent: _Element, name: str, **attributes: str) -> _Element:
    element: _Element = SubElement(parent, f"{_W}{name}", {f"{_W}{key}": v for key, v in attributes.items()})
    return element


def _write(paragraph: _Element, text: str, *properties: tuple[str, str, str]) -> None:
    """Write a run of text; each property is an element, its attribute and the value."""
    if not text:
        return
    run = SubElement(paragraph, f"{_W}r")
    if properties:
        own = SubElement(run, f"{_W}rPr")
        for name, key, value in properties:
            _set(own, name, **{key: value})
    written = SubElement(run, f"{_W}t", {_SPACE: "preserve"})
    written.text = _BLANK.sub(lambda m: f"〔{_WIDE * len(m[1])}〕", clean(text))


def _keep_with_next(paragraph: _Element) -> None:
    for properties in paragraph.iterfind(f"{_W}pPr"):
        _set(properties, "keepNext")


def _write_cell(row: _Element, words: Cell, size: str, style: str) -> _Element:
    cell: _Element = SubElement(row, f"{_W}tc")
    _set(SubElement(cell, f"{_W}tcPr"), "tcW", w=size, type="dxa")
    said = (Words(words),) if isinstance(words, str) else words
    for part in said or (Words(""),):
        paragraph = SubElement(cell, f"{_W}p")
        _set(SubElement(paragraph, f"{_W}pPr"), "pStyle", val=style)
        at = 0
        for start, end in part.marks:
            _write(paragraph, part.text[at:start])
            _write(paragraph, part.text[max(start, at) : end], _UNDERLINE)
            at = max(at, end)
        _write(paragraph, part.text[at:])
    return cell


def _number_pages(paragraph: _Element) -> None:
    """Write — 1 —, the number as a field."""
    _write(paragraph, "— ")
    _write(_set(paragraph, "fldSimple", instr="PAGE"), "1")
    _write(paragraph, " —")


def _set_settings(settings: _Element) -> None:
    """State the language, and a version of Word that does not open the letter in a compatibility mode."""
    for language in settings.iter(f"{_W}themeFontLang"):
        language.set(f"{_W}val", "zh-CN")
        language.set(f"{_W}eastAsia", "zh-CN")
    for setting in settings.iter(f"{_W}compatSetting"):
        if setting.get(f"{_W}name") == "compatibilityMode":
            setting.set(f"{_W}val", "15")


def _repack(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """Return a package with one fixed day on every member, and some members changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as original, zipfile.ZipFile(out, "w") as copy:
        for name in original.namelist():
            member = zipfile.ZipInfo(name, _ZIP_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # the same on every system
            copy.writestr(member, changed[name] if name in changed else original.read(name))
    return out.getvalue()
