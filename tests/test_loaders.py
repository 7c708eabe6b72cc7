"""Reading text: every encoding Chinese offices use, and one plain sentence for what cannot be read."""

from __future__ import annotations

import pytest

from tests.docx_files import build_docx, paragraph
from validator.errors import LoadError
from validator.loaders.endings import READABLE, TEXT_ENDINGS, UNREADABLE
from validator.loaders.signature import ending_of
from validator.loaders.table import LOADERS, load
from validator.loaders.text import load_text

TEXT = "云溪镇人民政府2023年度法治政府建设情况报告\n2023年，云溪镇扎实推进各项工作。\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("gb18030", b""),
        ("gbk", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
def test_encodings_give_the_same_text(encoding: str, mark: bytes) -> None:
    assert load_text("报告.txt", mark + TEXT.encode(encoding)).text == TEXT


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_counted_once(end: str) -> None:
    raw = load_text("报告.txt", f"第一行{end}第二行{end}第三行".encode())
    assert raw.position(raw.text.index("第三行"))[1:3] == (3, 1)


def test_mixed_line_ends() -> None:
    raw = load_text("报告.txt", "一\r\n二\r三\n四".encode())
    assert [raw.position(raw.text.index(c)).line for c in "一二三四"] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b" \r\n\t\n", "空的"),
        ("\u3000\u200b\n".encode(), "空的"),
        (b"\xef\xbb\xbf", "空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "压缩文件"),
        (b"\xd0\xcf\x11\xe0....", "WPS"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (bytes(range(256)) * 4, "文本"),
        ("情况".encode("utf-16-le")[:3] + b"\xff\xff\xd8", "编码"),
        ("法治政府建設".encode("big5") * 9, "编码"),
        ("——。。！".encode(), "没有文字"),
    ],
)
def test_what_cannot_be_read_is_one_plain_sentence(data: bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words) as caught:
        load_text("报告.txt", data)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith("。")


def test_too_large() -> None:
    with pytest.raises(LoadError, match="兆字节"):
        load_text("报告.txt", b"a" * (4 * 1024 * 1024 + 1))


@pytest.mark.parametrize("ending", sorted(UNREADABLE))
def test_formats_that_cannot_be_read_say_what_to_do(ending: str) -> None:
    with pytest.raises(LoadError, match=r"再检查|Word 或 PDF"):
        load(f"报告{ending}", TEXT.encode())


@pytest.mark.parametrize("ending", sorted(TEXT_ENDINGS))
def test_endings_are_read_in_any_case(ending: str) -> None:
    assert load(f"报告{ending.upper()}", TEXT.encode()).text == TEXT


@pytest.mark.parametrize("ending", sorted(LOADERS))
def test_every_format_has_a_sentence_for_an_empty_file(ending: str) -> None:
    with pytest.raises(LoadError, match="空的"):
        load(f"报告{ending}", b"")


@pytest.mark.parametrize("ending", sorted(LOADERS.keys() - set(TEXT_ENDINGS)))
@pytest.mark.parametrize("other", [b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n\x1a\n" + b"0" * 99, b"MZ" + bytes(range(256))])
def test_every_format_refuses_what_it_is_not(ending: str, other: bytes) -> None:
    with pytest.raises(LoadError) as caught:
        load(f"报告{ending}", other)
    assert str(caught.value).endswith("。")
    assert "\n" not in str(caught.value)


def test_a_word_file_under_another_name_says_what_it_is() -> None:
    data = build_docx(paragraph("云溪镇"))
    for ending in sorted(LOADERS.keys() - {".docx", ".docm"}):
        with pytest.raises(LoadError, match="Word"):
            load(f"报告{ending}", data)


def test_a_name_without_an_ending_is_read_by_its_content() -> None:
    assert load("-", build_docx(paragraph("云溪镇"))).text == "云溪镇"
    assert load("-", TEXT.encode()).text == TEXT
    with pytest.raises(LoadError, match="不完整"):
        load("-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99))
    assert ending_of(b"<!DOCTYPE HTML><html>") == ".html"
    assert ending_of(b"\xef\xbb\xbf<html>") == ".html"
    assert ending_of(b"PK\x03\x04 something else") == ".txt"


def test_the_endings_of_reports_are_those_of_the_loaders() -> None:
    assert LOADERS.keys() == READABLE
