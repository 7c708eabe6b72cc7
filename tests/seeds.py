"""Small files of every format, from which the mutated ones are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial

from tests.conftest import SPECIMENS
from tests.docx_files import build_docx, paragraph, root, run
from tests.formats import TextLine, as_docx, as_html, as_mhtml, as_numbered_docx, as_ofd, as_pdf, read_report
from tests.html_files import STYLES, build_page
from tests.office_files import save_as

Seeds = list[tuple[str, bytes]]
_BOX = f"<w:r><w:pict><v:textbox><w:txbxContent>{paragraph('框')}</w:txbxContent></v:textbox></w:pict></w:r>"
_FIELD = '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>REF a</w:instrText><w:fldChar w:fldCharType="end"/></w:r>'


def _lines() -> list[TextLine]:
    """A short report: the first lines of a specimen."""
    path = SPECIMENS / "passes-all.txt"
    return read_report(path.name, path.read_bytes())[:24]


def _docx() -> Seeds:
    rich = build_docx(
        paragraph("云溪镇", inner=_BOX + _FIELD + f'<w:ins w:id="1">{run("甲")}</w:ins><w:del w:id="2"/>')
        + f"<w:tbl><w:tr><w:tc>{paragraph('案件')}</w:tc><w:tc>{paragraph('12件')}</w:tc></w:tr></w:tbl>"
        + paragraph("注", inner='<w:r><w:footnoteReference w:id="2"/></w:r>'),
        styles='<w:style w:type="paragraph" w:styleId="1"><w:name w:val="toc 1"/><w:basedOn w:val="1"/></w:style>',
        extra_parts={"word/footnotes.xml": root("footnotes", f'<w:footnote w:id="2">{paragraph("注里")}</w:footnote>')},
    )
    return [("a.docx", as_docx(_lines())), ("a.docx", as_numbered_docx(_lines())), ("a.docx", rich)]


def _pdf() -> Seeds:
    return [("a.pdf", as_pdf(_lines())), ("a.pdf", as_pdf(_lines()[:6]))]


def _ofd() -> Seeds:
    return [("a.ofd", as_ofd(_lines()))]


def _html() -> Seeds:
    title, *rest = (x.text for x in _lines())
    return [("a.html", build_page(title, rest, style=style)) for style in STYLES] + [("a.html", as_html(_lines()))]


def _mhtml() -> Seeds:
    return [("a.mhtml", as_mhtml(_lines()))]


def _zip() -> Seeds:
    """An archive is not read by a loader; here its members are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("云溪镇.txt", "云溪镇")
        archive.writestr("里/a.docx", as_docx(_lines()[:3]))
    return [("a.zip", out.getvalue())]


def _text() -> Seeds:
    text = "\n".join(x.text for x in _lines())
    return [("a.txt", text.encode(e)) for e in ("utf-8", "gb18030", "utf-16")]


def _office(ending: str) -> Seeds:
    """Two files as LibreOffice writes them."""
    whole = "".join(paragraph(x.text) for x in _lines())
    return [(f"a{ending}", save_as(ending, whole)), (f"a{ending}", save_as(ending, paragraph("云溪镇")))]


OFFICE_SEEDS: dict[str, Callable[[], Seeds]] = {e: partial(_office, f".{e}") for e in ("doc", "odt", "rtf")}
"""Formats that are converted first: seconds a file, so the suite does not run them."""
SEEDS: dict[str, Callable[[], Seeds]] = {
    "docx": _docx,
    "pdf": _pdf,
    "ofd": _ofd,
    "html": _html,
    "mhtml": _mhtml,
    "zip": _zip,
    "text": _text,
}
