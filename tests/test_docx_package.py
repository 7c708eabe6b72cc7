"""Opening a Word file: what is something else says what it is, and nothing hostile or broken is half read."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from tests.docx_files import OFFICIAL, W_SPACE, build_docx, pack, paragraph, relationships, root
from validator.errors import LoadError
from validator.loaders.word.docx import load_docx
from validator.options import DEFAULT_LIMITS, Limits

BODY = paragraph("总体情况", num=1) + paragraph("云溪镇扎实推进各项工作。" * 20)
GOOD = build_docx(BODY, OFFICIAL)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DOCUMENT = "word/document.xml"


def read(data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    return load_docx("报告.docx", data, limits).text


def parts_of(data: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"\r\n ", "空的"),
        (b"%PDF-1.7", r"PDF.*\.pdf"),
        (b"{\\rtf1\\ansi", r"RTF.*\.rtf"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", r"网页.*\.html"),
        ("<html><head><meta charset='gbk'>".encode("gbk"), r"网页.*\.html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", r"网页.*\.mht"),
        (b"\x89PNG\r\n\x1a\n\0\0", "图片"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE + "WordDocument".encode("utf-16-le"), r"旧版 Word（\.doc）.*改成 \.doc 后"),
        (OLE + "Workbook".encode("utf-16-le"), "Excel"),
        (OLE, "旧版"),
        ("云溪镇2023年度报告".encode("gb18030"), r"纯文本.*\.txt"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "XML"),
        (bytes(range(256)) * 4, "不是 .docx"),
        (GOOD[: len(GOOD) // 2], "不完整"),
        (GOOD[:-30], "不完整"),
        (b"PK\x05\x06" + bytes(18), "压缩包"),
        (pack({"xl/workbook.xml": "<x/>", "[Content_Types].xml": "<Types/>"}), "Excel"),
        (pack({"ppt/presentation.xml": "<x/>"}), "演示文稿"),
        (pack({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), r"\.odt"),
        (pack({"OFD.xml": "<x/>"}), r"\.ofd"),
        (pack({"报告.txt": "报告"}), r"压缩包.*\.zip"),
        (pack({"word/styles.xml": "<x/>"}), "不完整"),
    ],
)
def test_something_else_is_one_plain_sentence(data: bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words) as caught:
        read(data)
    assert str(caught.value).endswith("。")
    assert str(caught.value).count("。") == 1


@pytest.mark.parametrize("target", ["word/document2.xml", "/word/document2.xml", "./word/x/../Document2.xml"])
def test_the_main_part_is_found_by_its_relationship(target: str) -> None:
    parts = parts_of(build_docx(paragraph("旧")))
    parts |= {
        "word/document2.xml": root("document", f"<w:body>{BODY}</w:body>"),
        "_rels/.rels": relationships(("officeDocument", target)),
    }
    assert read(pack(parts)).startswith("总体情况")


def test_the_main_part_is_found_by_its_content_type() -> None:
    parts = parts_of(GOOD)
    del parts["_rels/.rels"]
    content = parts["[Content_Types].xml"]
    assert isinstance(content, bytes)
    parts["[Content_Types].xml"] = content.replace(b"/word/document.xml", b"/word/text.xml")
    parts["word/text.xml"] = parts.pop(DOCUMENT)
    parts["word/_rels/text.xml.rels"] = parts.pop("word/_rels/document.xml.rels")
    assert read(pack(parts)) == read(GOOD)


def test_a_list_of_parts_that_is_gone_is_not_passed_over() -> None:
    parts = parts_of(GOOD)
    del parts["word/_rels/document.xml.rels"]
    with pytest.raises(LoadError, match="不完整"):
        read(pack(parts))


def test_names_with_the_other_slash() -> None:
    parts = {n.replace("/", "\\"): c for n, c in parts_of(GOOD).items()}
    assert read(pack(parts)).startswith("一、总体情况")


def test_strict_names_are_read_like_transitional_ones() -> None:
    strict = {
        n: (c if isinstance(c, bytes) else c.encode())
        .replace(W_SPACE.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
        .replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
        )
        for n, c in parts_of(GOOD).items()
    }
    assert read(pack(strict)) == read(GOOD)


def test_utf_16_parts() -> None:
    part = root("document", f"<w:body>{BODY}</w:body>").replace("UTF-8", "UTF-16")
    assert read(build_docx(BODY, extra_parts={DOCUMENT: part.encode("utf-16")})).startswith("总体情况")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (root("document", f"<w:body>{BODY}"), "损坏"),
        (root("document", f"<w:body>{BODY}</w:body>").replace("?>", '?><!DOCTYPE w [<!ENTITY e "x">]>', 1), "损坏"),
        (
            root("document", "<w:body/>")
            .replace("UTF-8", "UTF-16")
            .replace("?>", '?><!DOCTYPE w [<!ENTITY e "x">]>', 1)
            .encode("utf-16-be"),
            "损坏",
        ),
        (
            root(
                "document", f"<w:body>{'<w:sdt><w:sdtContent>' * 150}{BODY}{'</w:sdtContent></w:sdt>' * 150}</w:body>"
            ),
            "太深",
        ),
        (root("document", f"<w:body>{'<w:x>' * 5_000}{'</w:x>' * 5_000}</w:body>"), "太深"),
        (root("hdr", BODY), "损坏"),
        (root("document", ""), "损坏"),
        (b"", "损坏"),
    ],
)
def test_a_body_that_cannot_be_read_whole(part: str | bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words):
        read(build_docx(BODY, extra_parts={DOCUMENT: part}))


def test_what_is_as_deep_as_the_limit_allows_is_read() -> None:
    part = root("document", f"<w:body>{'<w:sdt><w:sdtContent>' * 97}{BODY}{'</w:sdtContent></w:sdt>' * 97}</w:body>")
    assert read(build_docx("", extra_parts={DOCUMENT: part})).startswith("总体情况")
    with pytest.raises(LoadError, match="太深"):
        read(build_docx("", extra_parts={DOCUMENT: part}), Limits(depth=198))


@pytest.mark.parametrize("name", ["numbering", "styles", "footnotes", "header1"])
def test_a_broken_part_is_not_passed_over(name: str) -> None:
    with pytest.raises(LoadError, match="损坏"):
        read(build_docx(BODY, extra_parts={f"word/{name}.xml": "<w:broken"}))


def test_a_part_that_is_missing_is_not_passed_over() -> None:
    parts = parts_of(GOOD)
    del parts["word/numbering.xml"]
    with pytest.raises(LoadError, match="缺少自动编号"):
        read(pack(parts))


def test_entities_of_the_outside_are_not_read() -> None:
    part = root("document", f"<w:body>{paragraph(inner='<w:r><w:t>甲&amp;e;</w:t></w:r>')}</w:body>").replace(
        "&amp;e;", "&e;"
    )
    with pytest.raises(LoadError, match="损坏"):
        read(build_docx(BODY, extra_parts={DOCUMENT: part}))


def test_bombs() -> None:
    bomb = root("document", f"<w:body>{BODY}{' ' * 3_000_000}</w:body>")
    data = build_docx(BODY, extra_parts={DOCUMENT: bomb})
    with pytest.raises(LoadError, match="大得不正常"):
        read(data)
    with pytest.raises(LoadError, match="展开后超过 2 兆字节"):
        read(data, Limits(expanded_mib=2, ratio=100_000))
    assert read(data, Limits(ratio=100_000)).startswith("总体情况")


def test_a_size_that_is_declared_too_small_is_not_believed() -> None:
    data = build_docx(BODY + paragraph("甲" * 100))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(DOCUMENT).file_size
    with pytest.raises(LoadError, match="不完整"):
        read(data.replace(size.to_bytes(4, "little"), (size - 100).to_bytes(4, "little")))


def test_pictures_cost_nothing() -> None:
    assert read(build_docx(BODY, OFFICIAL, extra_parts={"word/media/a.bmp": bytes(3_000_000)})).startswith("一、")


def test_too_many_members() -> None:
    data = build_docx(BODY, extra_parts={f"word/x{i}.bin": b"" for i in range(20)})
    assert read(data)
    with pytest.raises(LoadError, match="20 个部件"):
        read(data, Limits(members=20))


def test_names_that_lead_elsewhere_are_ignored() -> None:
    extra = {"../word/document.xml": "<x", "/word/document.xml": "<x", "C:\\word\\document.xml": "<x"}
    assert read(build_docx(BODY, OFFICIAL, extra_parts=extra)) == read(GOOD)


def test_two_members_of_one_name() -> None:
    with pytest.raises(LoadError, match="同名"):
        read(build_docx(BODY, extra_parts={"Word/Document.xml": root("document", "<w:body/>")}))


def test_a_member_that_was_changed() -> None:
    with zipfile.ZipFile(io.BytesIO(stored := _stored(parts_of(GOOD)))) as archive:
        at = archive.getinfo(DOCUMENT).header_offset
    place = stored.index("总体".encode(), at)
    with pytest.raises(LoadError, match="不完整或已损坏"):
        read(stored[:place] + "大".encode() + stored[place + 3 :])


def test_a_member_with_a_password() -> None:
    data = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := GOOD.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    with pytest.raises(LoadError, match="密码"):
        read(bytes(data))


def _stored(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


@pytest.mark.parametrize("seed", range(4))
def test_damage_anywhere_is_a_plain_sentence_or_the_whole_text(seed: int) -> None:
    """Stored, not deflated, so that damage reaches the XML; the checksums are what notices it."""
    chance = random.Random(seed)
    whole = _stored(parts_of(GOOD))
    text = read(whole)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            found = read(bytes(data))
        except LoadError as exc:
            found = str(exc)
        assert found.endswith("。")
        assert found == text or "\n" not in found
