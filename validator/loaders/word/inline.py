"""What stands in one paragraph of a .docx → its words, run by run. Used by ``body``.

What a reader sees is text: insertions are taken, deletions dropped; hidden words and codes of fields are none.
Elements that are not known are looked into, so that no words are lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from validator.errors import LoadError
from validator.loaders.word.fields import Fields, is_contents_code
from validator.loaders.word.package import MC, DocxParts, M, W
from validator.loaders.word.styles import Styles, is_on

if TYPE_CHECKING:
    from lxml.etree import _Element

_VAL = f"{W}val"
_RPR = f"{W}rPr"
_TEXT = frozenset({f"{W}t", f"{M}t"})
_RUNS = frozenset({f"{W}r", f"{M}r"})
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_INSERTED_FILES = frozenset({f"{W}altChunk", f"{W}subDoc"})
_PROPERTIES = "pPr rPr tblPr tblGrid trPr tcPr tblPrEx sdtPr sdtEndPr sectPr rubyPr smartTagPr customXmlPr"
_NO_TEXT = "del moveFrom rt delText delInstrText sym fldData"
DROPPED = frozenset(f"{W}{name}" for name in f"{_PROPERTIES} {_NO_TEXT}".split())
"""Elements in which nothing is read."""
_UNDERSTOOD = ("http://schemas.microsoft.com/office/word/", "http://schemas.openxmlformats.org/")
_SYMBOLS = "/symex"
_PROMPT_LIMIT = 100


class DocxRun(NamedTuple):
    """Words of one run element (``w:r`` or ``m:r``).

    ``start`` is the 0-based offset of the first one in the text of the paragraph. ``skip`` counts the characters of the
    run before them (a run may be read in two stretches, around a ruby). A character is one of ``w:t``, or a ``w:tab``,
    ``w:br``, ``w:cr`` or ``w:noBreakHyphen``; words that stand in no ``w:t`` come after all others of their run.
    """

    element: _Element
    start: int
    text: str
    skip: int = 0


class Anchored(NamedTuple):
    """A text box or a note that belongs to a paragraph."""

    element: _Element
    is_box: bool


class InlineReader:
    """Reads paragraphs one after the other; ``fields`` are those still open from the paragraphs before."""

    def __init__(self, styles: Styles, parts: DocxParts, fields: Fields) -> None:
        self.fields = fields
        self._styles = styles
        self._notes = {
            (kind, note.get(f"{W}id", "")): note
            for kind, root in (("footnotes", parts.footnotes), ("endnotes", parts.endnotes))
            for note in (root if root is not None else ())
            if note.get(f"{W}type", "normal") == "normal"
        }
        self._runs: list[DocxRun] = []
        self._anchored: list[Anchored] = []
        self._length = 0
        self._hidden = False

    def read(self, paragraph: _Element, *, hidden: bool) -> tuple[list[DocxRun], list[Anchored]]:
        """Return the words of a paragraph without its number, and what it anchors.

        Args:
            paragraph: the ``w:p``.
            hidden: its style hides its words.
        """
        self._runs, self._anchored, self._length, self._hidden = [], [], 0, hidden
        self._read(paragraph)
        return self._runs, self._anchored

    def _read(self, children: Iterable[_Element]) -> None:
        for child in children:
            tag = child.tag
            if tag in _RUNS:
                self._run(child)
            elif not isinstance(tag, str) or tag in DROPPED:
                continue
            elif tag == f"{W}txbxContent":
                if self.fields.is_text:
                    self._anchored.append(Anchored(child, is_box=True))
            elif tag == f"{M}f":
                self._fraction(child)
            else:
                self._read(look_inside(child))

    def _fraction(self, element: _Element) -> None:
        """Read a fraction of a formula: 1/2, and not 12."""
        for child in element:
            if child.tag == f"{M}den" and self._runs:
                self._runs[-1] = self._runs[-1]._replace(text=self._runs[-1].text + "/")
                self._length += 1
            self._read([child])

    def _run(self, run: _Element) -> None:
        hidden = self._is_hidden(run.find(_RPR))
        fields = self.fields
        words: list[str] = []
        skip = 0
        for child in run:
            tag = child.tag
            if tag in _TEXT:
                if fields.is_text and not hidden:
                    words.append(read_characters(child))
                    fields.note_text()
            elif tag == f"{W}fldChar":
                shown = fields.mark(child)
                words.append("" if hidden else shown)
            elif tag == f"{W}instrText":
                fields.note_code(read_characters(child))
            elif hidden or not fields.is_text or not isinstance(tag, str) or tag in DROPPED:
                continue
            elif tag in _SIGNS:
                words.append(_SIGNS[tag])
            elif tag in _NOTES:
                note = self._notes.pop((_NOTES[tag], child.get(f"{W}id", "")), None)
                if note is not None:
                    self._anchored.append(Anchored(note, is_box=False))
            elif len(child):
                skip += self._add(run, words, skip)
                words = []
                self._inside_run(run, child)
        self._add(run, words, skip)

    def _inside_run(self, run: _Element, child: _Element) -> None:
        """Read a drawing, a ruby or a choice that stands in a run; words that stand bare in it belong to the run."""
        for inner in look_inside(child):
            if inner.tag in _TEXT:
                self._add(run, [read_characters(inner)], 0)
            else:
                self._read([inner])

    def _add(self, run: _Element, words: list[str], skip: int) -> int:
        """Add words of a run to the paragraph; return how many characters they are."""
        text = "".join(words)
        if text:
            self._runs.append(DocxRun(run, self._length, text, skip))
            self._length += len(text)
        return len(text)

    def _is_hidden(self, properties: _Element | None) -> bool:
        """Tell whether the words of a run are hidden, by themselves or by their styles (a toggle, 17.7.3)."""
        if properties is None or not len(properties):
            return self._hidden
        direct = is_on(properties.find(f"{W}vanish"))
        if direct is not None:
            return direct
        named = properties.find(f"{W}rStyle")
        return self._hidden != (named is not None and self._styles.hides_run(named.get(_VAL, "")))


def look_inside(element: _Element) -> Iterable[_Element]:
    """Return what is read of an element that only wraps others.

    Raises:
        LoadError: the words stand in a file inside this file.
    """
    tag = element.tag
    if tag == f"{W}sdt":
        properties = element.find(f"{W}sdtPr")
        if properties is not None and (is_contents_control(element) or _shows_prompt(element, properties)):
            return ()
    elif tag == f"{MC}AlternateContent":
        branch = _choose(element)
        return branch if branch is not None else ()
    elif tag == f"{W}fldSimple" and is_contents_code(element.get(f"{W}instr", "")):
        return ()
    elif tag in _INSERTED_FILES:
        raise LoadError("文件里嵌着另一份文件，正文读不完整，请用 Word 打开，另存为新的 .docx 文件后再检查。")
    return element


def is_contents_control(element: _Element) -> bool:
    """Tell whether a content control holds a table of contents made by Word."""
    properties = element.find(f"{W}sdtPr")
    galleries = properties.iter(f"{W}docPartGallery") if properties is not None else ()
    return any(g.get(_VAL, "").lower() == "table of contents" for g in galleries)


def _shows_prompt(element: _Element, properties: _Element) -> bool:
    """Tell whether a content control shows a prompt (单击此处输入文字).

    Programs that fill in templates may leave the mark of the prompt where they put a whole text.
    """
    if not is_on(properties.find(f"{W}showingPlcHdr")):
        return False
    return sum(len(t.text or "") for t in element.iter(f"{W}t")) <= _PROMPT_LIMIT


def _choose(element: _Element) -> _Element | None:
    """Return the branch of an ``mc:AlternateContent`` that is shown: the first that is understood, else the other.

    Only new symbols have their character in the other branch; everything else that we do not draw has no words.
    """
    choices = element.findall(f"{MC}Choice")
    for choice in choices:
        spaces = [choice.nsmap.get(prefix) for prefix in choice.get("Requires", "").split()]
        if all(s is None or (s.startswith(_UNDERSTOOD) and not s.endswith(_SYMBOLS)) for s in spaces):
            return choice
    fallback = element.find(f"{MC}Fallback")
    return fallback if fallback is not None or not choices else choices[0]


def read_characters(element: _Element) -> str:
    """Return the characters of a ``w:t``, one for one; line ends in it are blanks (comments may cut it)."""
    text = element.text or ""
    for child in element:
        text += child.tail or ""
    return text.replace("\n", " ").replace("\r", " ") if "\n" in text or "\r" in text else text
