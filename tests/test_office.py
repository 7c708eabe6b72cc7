"""Formats that an office program converts: what is refused before it is asked, and, where it is installed, real files."""

from __future__ import annotations

import socketserver
import threading
from hashlib import sha256

import pytest

from tests.docx_files import build_docx, paragraph
from tests.office_files import save_as
from validator.errors import LoadError
from validator.loaders import office
from validator.loaders.endings import OFFICE_ENDINGS
from validator.loaders.office import find_office, load_office

WORDS = ("云溪镇人民政府2023年度法治政府建设情况报告", "2023年，云溪镇扎实推进各项工作。", "一、主要举措和成效")
RTF = b"{\\rtf1\\ansi\\ansicpg936 " + "".join(f"\\u{ord(c)}?" for c in "云溪镇").encode() + b"\\par}"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("报告.doc", b"", "空的"),
        ("报告.odt", b"\0" * 9, "空的"),
        ("报告.doc", build_docx(paragraph("甲")), "改为 .docx"),
        ("报告.odt", build_docx(paragraph("甲")), "改为 .docx"),
        ("报告.wps", b"%PDF-1.7", "改为 .pdf"),
        ("报告.doc", b"<html><body>x", "改为 .html"),
        ("报告.rtf", "云溪镇".encode(), "另存为 .docx"),
        ("报告.odt", OLE, "改为 .doc"),
        ("报告.doc", OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("报告.doc", OLE[:600], "不完整"),
        ("报告.rtf", RTF[:-1], "不完整"),
    ],
)
def test_what_is_refused_at_once(name: str, data: bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words):
        load_office(name, data)


@pytest.mark.parametrize("ending", OFFICE_ENDINGS)
def test_without_an_office_program_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    monkeypatch.setattr(office, "_require_content", lambda *_: None)
    with pytest.raises(LoadError, match=f"读不了 {ending} 文件.*另存为 .docx"):
        load_office(f"报告{ending}", b"x")


needs_office = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("ending", [".doc", ".odt", ".rtf"])
def test_real_files(ending: str) -> None:
    data = save_as(ending, "".join(paragraph(w) for w in WORDS))
    raw = load_office(f"报告{ending}", data)
    assert raw.text.split("\n") == list(WORDS)
    assert raw.sha256 == sha256(data).hexdigest()
    assert [p.paragraph for p in raw.places] == [1, 2, 3]
    if ending == ".doc":
        assert load_office("报告.wps", data).text == raw.text


@needs_office
@pytest.mark.slow
def test_no_link_is_followed() -> None:
    asked: list[str] = []

    class Listener(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked.append(str(self.client_address))

    with socketserver.TCPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        field = f'{{\\field{{\\*\\fldinst INCLUDEPICTURE "{address}/a.png" \\\\d}}{{\\fldrslt x}}}}'
        text = f'{{\\field{{\\*\\fldinst INCLUDETEXT "{address}/b.txt"}}{{\\fldrslt y}}}}'
        rtf = (
            b"{\\rtf1\\ansi "
            + field.encode()
            + text.encode()
            + "".join(f"\\u{ord(c)}?" for c in "云溪镇").encode()
            + b"\\par}"
        )
        assert "云溪镇" in load_office("报告.rtf", rtf).text
        page = f'<draw:frame svg:width="1cm" svg:height="1cm"><draw:image xlink:href="{address}/c.png"/></draw:frame>'
        assert "云溪镇" in load_office("报告.odt", flat_odt(f"<text:p>云溪镇{page}</text:p>")).text
        server.shutdown()
    assert asked == []


def flat_odt(body: str) -> bytes:
    """Return an .odt package with one body."""
    import io
    import zipfile

    spaces = " ".join(
        f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for p, n in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body><office:text>'
        f"{body}</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


@needs_office
@pytest.mark.slow
def test_a_broken_file_is_one_sentence() -> None:
    whole = save_as(".doc", paragraph(WORDS[0]))
    with pytest.raises(LoadError, match="打不开"):
        load_office("报告.doc", whole[:2000] + b"\xff" * 3000)
