"""Notes → native comments in a copy of a Word file, at the runs that hold the words.

python-docx makes the comments; the package is then put together from the original's own bytes: only the main part, the
comments and what names them are new.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from validator.annotation.docx_runs import Anchor, find_anchor
from validator.annotation.notes import Note
from validator.errors import LoadError
from validator.options import Limits

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import XMLParser, _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_REFUSED = "这个 Word 文件的写法特殊，加不了批注，请用 Word 另存为 .docx 后再试。"


def annotate_docx(data: bytes, notes: tuple[Note, ...], limits: Limits) -> bytes:
    """Return a copy of a .docx file with notes as comments.

    Args:
        data: the file, as it was checked.
        notes: their paragraphs and columns are those that the loader of this format gives.
        limits: as they were when it was checked.

    Raises:
        LoadError: the file is written in a way that python-docx does not know.
    """
    import docx

    from validator.loaders.word.body import read_paragraphs
    from validator.loaders.word.package import open_docx

    _, parts = open_docx(data, limits)
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as exc:  # whatever python-docx makes of a file that we could read
        raise LoadError(_REFUSED) from exc
    paragraphs = read_paragraphs(document.element, parts)
    for note in notes:
        anchor = find_anchor(paragraphs, note.location)
        if anchor is not None:
            _add_comment(document, anchor, note)
    return _put_together(data, document)


def _add_comment(document: WordDocument, anchor: Anchor, note: Note) -> None:
    """Write one comment and mark its range. It carries no date: the same input gives the same bytes."""
    from lxml import etree

    comment = document.comments.add_comment(note.text, note.author, note.initials)
    comment._comment_elm.attrib.pop(f"{_W}date", None)
    number = {f"{_W}id": str(comment.comment_id)}
    anchor.first.addprevious(etree.Element(f"{_W}commentRangeStart", number))
    run = etree.Element(f"{_W}r")
    style = etree.SubElement(etree.SubElement(run, f"{_W}rPr"), f"{_W}rStyle")
    style.set(f"{_W}val", "CommentReference")
    etree.SubElement(run, f"{_W}commentReference", number)
    after = _after_comments(anchor.last)
    after.addnext(run)
    after.addnext(etree.Element(f"{_W}commentRangeEnd", number))


def _after_comments(element: _Element) -> _Element:
    """Return the last mark of the comments that end at an element: a later comment stands behind the earlier ones."""
    following = element.getnext()
    while following is not None and (
        following.tag == f"{_W}commentRangeEnd" or following.find(f"{_W}commentReference") is not None
    ):
        element, following = following, following.getnext()
    return element


def _put_together(data: bytes, document: WordDocument) -> bytes:
    """Return the original package with a new main part and comments; every other member keeps its bytes."""
    main = document.part
    changed = {str(main.partname).lstrip("/"): main.blob}
    related = next((r for r in main.rels.values() if r.reltype == _COMMENTS), None)
    with zipfile.ZipFile(io.BytesIO(data)) as original:
        if related is not None:
            name = str(related.target_part.partname).lstrip("/")
            changed[name] = related.target_part.blob
            relations = _relations_name(str(main.partname).lstrip("/"))
            if name not in original.namelist():
                changed[relations] = _with_relation(_read(original, relations), related.rId, related.target_ref)
                changed["[Content_Types].xml"] = _with_type(original.read("[Content_Types].xml"), f"/{name}")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as copy:
            for info in original.infolist():
                content = changed.pop(info.filename) if info.filename in changed else original.read(info)
                copy.writestr(_like(info), content)
            for name in sorted(changed):
                fresh = zipfile.ZipInfo(name)
                fresh.compress_type = zipfile.ZIP_DEFLATED
                copy.writestr(fresh, changed[name])
    return out.getvalue()


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return a member's name, day and way of packing."""
    fresh = zipfile.ZipInfo(info.filename, info.date_time)
    fresh.compress_type = info.compress_type
    fresh.external_attr = info.external_attr
    return fresh


def _relations_name(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a relationships part, an empty one where there is none."""
    if name in archive.namelist():
        return archive.read(name)
    return f'<Relationships xmlns="{_RELATIONS[1:-1]}"/>'.encode()


def _with_relation(data: bytes, identifier: str, target: str) -> bytes:
    from lxml import etree

    root = etree.fromstring(data, _parser())
    attributes = {"Id": identifier, "Type": _COMMENTS, "Target": target}
    etree.SubElement(root, f"{_RELATIONS}Relationship", attributes)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_type(data: bytes, part: str) -> bytes:
    from lxml import etree

    root = etree.fromstring(data, _parser())
    if not any(node.get("PartName") == part for node in root):
        etree.SubElement(root, f"{_TYPES}Override", {"PartName": part, "ContentType": _COMMENTS_TYPE})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _parser() -> XMLParser:
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
