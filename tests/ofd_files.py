"""Build small OFD files by hand: lines where they are said to stand, one text object each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from tests.pdf_files import Paper, Paragraph, Print, typeset, width_of

NAMESPACE = "http://www.ofdspec.org/2016"
_MM = 25.4 / 72


def build_ofd(paragraphs: Iterable[Paragraph], **paper: float) -> bytes:
    """Return an OFD with the paragraphs on as many pages as they need."""
    return print_ofd(typeset(paragraphs, Paper(**paper)))  # type: ignore[arg-type]


def print_ofd(pages: Sequence[Sequence[Print]]) -> bytes:
    """Return an OFD with the lines where they are said to stand."""
    return pack_ofd([layer("".join(text_object(line) for line in page)) for page in pages])


def text_object(line: Print, attributes: str = "", matrix: str = "") -> str:
    """Return a text object; its boundary is the line's box."""
    size = line.size * _MM
    advances = [width_of(c) * size for c in line.text[:-1]]
    delta = f' DeltaX="{_packed(advances)}"' if advances else ""
    x, y = line.x * _MM, (line.y - line.size) * _MM
    box = f"{x:.3f} {y:.3f} {width_of(line.text) * size:.3f} {size * 1.2:.3f}"
    ctm = f' CTM="{matrix}"' if matrix else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{box}" Font="3" Size="{size:.4f}"{ctm} {attributes}>'
        f'<ofd:TextCode X="0" Y="{size:.4f}"{delta}>{escape(line.text)}</ofd:TextCode></ofd:TextObject>'
    )


def _packed(advances: Sequence[float]) -> str:
    """Return advances in the short form of the standard: g 3 5.6444 for three alike."""
    words: list[str] = []
    i = 0
    while i < len(advances):
        same = i
        while same < len(advances) and advances[same] == advances[i]:
            same += 1
        words.append(f"g {same - i} {advances[i]:.4f}" if same - i > 1 else f"{advances[i]:.4f}")
        i = same
    return " ".join(words)


def image_object(x: float, y: float, width: float, height: float) -> str:
    """Return a picture; millimetres."""
    return f'<ofd:ImageObject ID="8" Boundary="{x} {y} {width} {height}" ResourceID="7"/>'


def layer(inner: str, kind: str = "Body") -> str:
    """Return the content of a page with one layer."""
    return f'<ofd:Content><ofd:Layer ID="2" Type="{kind}">{inner}</ofd:Layer></ofd:Content>'


def pack_ofd(
    contents: Sequence[str],
    *,
    template: str = "",
    resources: str = "",
    namespace: str = NAMESPACE,
    prefix: str = "ofd",
    copies: int = 1,
    extra: str = "",
    box: str = "0 0 210 297",
) -> bytes:
    """Return the package: ``contents`` are the inside of each page, ``template`` that of a template they all use.

    ``namespace`` and ``prefix`` may be empty; ``copies`` are the document bodies that name the same document; ``extra``
    is the name of one more, empty part.
    """
    used = '<ofd:Template TemplateID="50" ZOrder="Background"/>' if template else ""
    listed = "".join(f'<ofd:Page ID="{10 + i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(contents)))
    common = f"<ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
    common += '<ofd:TemplatePage ID="50" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    common += "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>" if resources else ""
    body = "<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    parts = {
        "OFD.xml": ("OFD", body * copies),
        "Doc_0/Document.xml": (
            "Document",
            f"<ofd:CommonData>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>",
        ),
    }
    for i, content in enumerate(contents):
        parts[f"Doc_0/Pages/Page_{i}/Content.xml"] = ("Page", used + content)
    if template:
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = ("Page", template)
    if resources:
        parts["Doc_0/DocumentRes.xml"] = ("Res", resources)
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, (root, inner) in parts.items():
            declared = f' xmlns:ofd="{namespace}"' if namespace else ""
            xml = f'<?xml version="1.0" encoding="UTF-8"?><ofd:{root}{declared}>{inner}</ofd:{root}>'
            if prefix != "ofd":
                xml = xml.replace("xmlns:ofd=", "xmlns=").replace("ofd:", "")
            archive.writestr(name, xml)
        if extra:
            archive.writestr(extra, b"\x00\x01")
    return stream.getvalue()
